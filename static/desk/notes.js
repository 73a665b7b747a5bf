// A note goes to the server by itself, so that the page and what is typed in it stay.

const gettext = window.gettext ?? ((words) => words)

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-note]")
  if (!button) return
  event.preventDefault()
  const card = button.closest(".notes")
  const text = card.querySelector("textarea")
  const say = (words) => {
    const line = document.createElement("p")
    line.className = "is-warning"
    line.textContent = words
    card.querySelector(".notes__said").replaceChildren(line)
  }
  button.disabled = true
  const data = new FormData()
  data.set("csrfmiddlewaretoken", button.form.elements.csrfmiddlewaretoken.value)
  data.set("_note_text", text.value)
  data.set("_part", "1")
  try {
    const response = await fetch(button.dataset.note, { method: "POST", body: data })
    if (!response.ok || response.redirected) throw new Error(response.status)
    const made = new DOMParser().parseFromString(await response.text(), "text/html")
    const fresh = made.querySelector(".notes")
    if (!fresh) throw new Error("no notes")
    // The words that are said go into the status that is there already: a new one is not read out.
    const said = fresh.querySelector(".notes__said")
    const kept = card.querySelector(".notes__said")
    for (const name of [".notes__list", ".empty"]) card.querySelector(name)?.remove()
    const list = fresh.querySelector(".notes__list, .empty")
    if (list) kept.before(list)
    kept.replaceChildren(...said.childNodes)
    text.value = fresh.querySelector("textarea").value
    text.dispatchEvent(new Event("input", { bubbles: true }))
    text.focus()
  } catch {
    say(gettext("The note is not kept: the desk did not answer. It is still here; try again."))
  } finally {
    button.disabled = false
  }
})
