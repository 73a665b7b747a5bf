// What makes a form of the desk pleasant. Every form works without this file.

const gettext = window.gettext ?? ((words) => words)
const interpolate = (words, values) => words.replace(/%\((\w+)\)s/g, (_, name) => values[name])

document.documentElement.classList.add("has-scripts")

// What is wrong may stand far below the word that something is.
if (document.querySelector(".errornote")) document.querySelector("[aria-invalid=true]")?.focus()

// Fields that grow with their text, where the browser does not do it by itself.
if (!CSS.supports("field-sizing", "content")) {
  for (const area of document.querySelectorAll("textarea[data-count]")) {
    const grow = () => {
      area.style.height = "auto"
      area.style.height = `${area.scrollHeight}px`
    }
    area.addEventListener("input", grow)
    grow()
  }
}

// Counts of characters.
for (const area of document.querySelectorAll("[data-count]")) {
  const most = Number(area.dataset.count)
  const count = document.createElement("p")
  count.className = "count"
  area.after(count)
  const tell = () => {
    const length = [...area.value].length
    count.textContent = interpolate(gettext("%(length)s of %(most)s characters"), { length, most })
    count.classList.toggle("count--over", length > most)
  }
  area.addEventListener("input", tell)
  tell()
}

// Words of the text, which its editor tells of: prose.js.
const text = document.querySelector("#article_form .field-body textarea")
if (text) {
  const count = document.createElement("p")
  count.className = "count"
  text.closest(".field").append(count)
  const tell = () => {
    const page = new DOMParser().parseFromString(text.value.replaceAll("<", " <"), "text/html")
    const words = page.body.textContent.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’.-]*/gu) ?? []
    count.textContent = interpolate(gettext("Words: %(count)s"), { count: words.length })
  }
  let waiting = 0
  text.form.addEventListener("prose:changed", () => {
    clearTimeout(waiting)
    waiting = setTimeout(tell, 300)
  })
  tell()
}

// A recent dateline that is picked has its agency with it: "Bishkek (TCA)".
const place = document.querySelector("#id_dateline_place")
place?.addEventListener("input", () => {
  const agency = place.form.elements.dateline_organisation
  const isPicked = [...(place.list?.options ?? [])].some((option) => option.value === place.value)
  const parts = /^(.+) \(([^()]+)\)$/.exec(place.value)
  if (!isPicked || !parts || !agency) return
  place.value = parts[1]
  agency.value = parts[2]
})

// A headline is one line, however it is shown.
document.querySelector("#id_headline")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing) event.preventDefault()
})

// On a phone the filters of the list wait to be asked for, unless one is in use.
const filters = document.querySelector(".narrow__more")
if (filters && matchMedia("(max-width: 48rem)").matches) {
  filters.open = [...filters.querySelectorAll("input, select")].some((field) => field.value)
}

// Menus and sheets close like menus; one that stays is worked with together with its form.
const open = () => document.querySelectorAll("details.menu[open]")
document.addEventListener("click", (event) => {
  for (const menu of open()) {
    const stays = "stays" in menu.dataset && menu.closest("form").contains(event.target)
    if (!menu.contains(event.target) && !stays) menu.open = false
  }
})
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return
  for (const menu of open()) {
    menu.open = false
    menu.querySelector("summary").focus()
  }
})

// A link to a field opens what hides it, and goes into it.
const goTo = (id) => {
  const field = document.getElementById(id)
  if (!field) return false
  for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) {
    box.open = true
  }
  const editor = field.closest(".prose-editor")?.querySelector("[contenteditable=true]")
  const target = editor ?? field
  target.scrollIntoView({ block: "center" })
  target.focus({ preventScroll: true })
  return true
}
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#id_"]')
  if (link && goTo(link.hash.slice(1))) event.preventDefault()
})

const form = document.querySelector("form[data-guard], #content-main form")
if (form && form.id !== "changelist-search" && form.id !== "changelist-form") {
  let isChanged = false
  let isSent = false
  const initial = new FormData(form)
  const before = JSON.stringify([...initial].filter(([, value]) => typeof value === "string"))
  form.addEventListener("input", () => {
    isChanged = true
  })
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget === "_blank") return // a preview in another tab saves nothing
    // A double click is one save.
    if (isSent) event.preventDefault()
    isSent = true
  })
  addEventListener("pageshow", () => {
    isSent = false
  })
  addEventListener("beforeunload", (event) => {
    if (!isChanged || isSent) return
    const now = JSON.stringify([...new FormData(form)].filter(([, v]) => typeof v === "string"))
    if (now !== before) event.preventDefault()
  })
  document.addEventListener("keydown", (event) => {
    // The story has keys of its own: keys.js.
    if (!(event.ctrlKey || event.metaKey) || event.key !== "s" || form.id === "article_form") return
    const save = form.querySelector("[name=_save], [name=_continue]")
    if (!save) return
    event.preventDefault()
    form.requestSubmit(save)
  })
}

document.querySelector("#summary")?.focus()
if (!document.querySelector("#summary") && location.pathname.endsWith("/add/")) {
  document.querySelector("#id_headline")?.focus()
}
