// Sources that the text names and stories near it, asked for while somebody writes. Without this
// file they are shown by a page that was asked for them.

const gettext = window.gettext ?? ((words) => words)
const interpolate = (words, values) => words.replace(/%\((\w+)\)s/g, (_, name) => values[name])
const form = document.querySelector("#article_form")
const PAUSE = 1500 // milliseconds after the last key

if (form?.elements.headline) {
  const lists = Object.fromEntries(
    [...form.querySelectorAll("[data-suggested]")].map((list) => [list.dataset.suggested, list]),
  )
  const spoken = document.createElement("p")
  spoken.className = "visually-hidden"
  spoken.setAttribute("role", "status")
  form.append(spoken)
  for (const way of form.querySelectorAll(".without-scripts")) way.hidden = true

  const linked = () =>
    [...form.querySelectorAll('[data-rows=citations] [data-row]:not([hidden]) [name$="-name"]')]
      .map((field) => field.value.trim())
      .filter(Boolean)

  const one = (words, hint, act, language) => {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "suggested__one"
    if (language) button.lang = language
    const name = document.createElement("span")
    name.textContent = words
    button.append(name)
    if (hint) {
      const more = document.createElement("span")
      more.className = "suggested__hint"
      more.textContent = hint
      button.append(" ", more)
    }
    button.addEventListener("click", () => act(button))
    const item = document.createElement("li")
    item.append(button)
    return item
  }
  // What was taken leaves the list; the next one, or what the press made, has the focus.
  const take = (button, words) => {
    const item = button.closest("li")
    const next = (item.nextElementSibling ?? item.previousElementSibling)?.querySelector("button")
    const list = item.parentElement
    item.remove()
    next?.focus()
    list.closest(".suggested").hidden = list.dataset.suggested === "sources" && !list.children.length
    spoken.textContent = words
  }

  const cite = (source) => (button) => {
    form
      .querySelector("[data-rows=citations]")
      .dispatchEvent(new CustomEvent("rows:add", { detail: { name: source.name } }))
    take(button, interpolate(gettext("%(name)s is among the sources now."), source))
  }
  const lead = (story) => (button) => {
    form
      .querySelector(".field-body .prose-editor")
      ?.dispatchEvent(new CustomEvent("prose:insert", { detail: { html: story.paragraph } }))
    take(button, interpolate(gettext("A link stands in the text now: %(headline)s"), story))
  }

  let asked = ""
  let waiting = 0
  const ask = async () => {
    const about = new FormData()
    about.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value)
    for (const name of ["headline", "standfirst", "body", "section", "regions", "tags", "language"]) {
      about.append(name, form.elements[name]?.value ?? form.dataset[name] ?? "")
    }
    about.append("story", form.dataset.story ?? "")
    for (const name of linked()) about.append("linked", name)
    const now = JSON.stringify([...about])
    if (now === asked) return
    asked = now
    const answer = await fetch(form.dataset.suggest, {
      method: "POST",
      body: about,
      credentials: "same-origin",
    }).catch(() => null)
    if (!answer?.ok || asked !== now) return
    const found = await answer.json().catch(() => null)
    if (!found) return
    const focused = document.activeElement?.closest("[data-suggested]")
    if (focused) return // nothing moves away under a finger
    lists.sources.replaceChildren(
      ...found.sources.map((source) => one(`+ ${source.name}`, "", cite(source))),
    )
    lists.sources.closest(".suggested").hidden = !found.sources.length
    const body = form.elements.body.value
    lists.stories.replaceChildren(
      ...found.stories
        .filter((story) => !body.includes(`"${story.address}"`))
        .map((story) => one(story.headline, story.when, lead(story), story.language)),
    )
    const near = lists.stories.closest(".suggested")
    near.toggleAttribute("data-empty", !lists.stories.children.length)
  }
  const soon = () => {
    clearTimeout(waiting)
    waiting = setTimeout(ask, PAUSE)
  }
  form.addEventListener("input", soon)
  form.addEventListener("change", soon)
  form.addEventListener("prose:changed", soon)
  form.addEventListener("prose:pasted", async (event) => {
    const { address, put } = event.detail
    const about = new URLSearchParams({
      csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
      address,
    })
    const answer = await fetch(form.dataset.suggest, { method: "POST", body: about }).catch(() => null)
    const found = answer?.ok ? await answer.json().catch(() => null) : null
    if (found?.story) put(found.story.address, found.story.headline)
  })
  ;(window.requestIdleCallback ?? setTimeout)(ask)
}
