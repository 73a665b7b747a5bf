// Keys of the list of stories: / searches, n begins a story, j and k go down and up, Enter opens.
// Single letters, so they can be switched off (WCAG 2.1.4); each browser remembers that for itself.

const gettext = window.gettext ?? ((words) => words)
const OFF = "desk.keys"
const isOn = () => {
  try {
    return localStorage.getItem(OFF) !== "off"
  } catch {
    return true
  }
}

const links = () => [...document.querySelectorAll("#result_list .story-row__headline a")]
const step = (by) => {
  const all = links()
  if (!all.length) return
  const row = document.activeElement?.closest("#result_list tr")
  const at = all.findIndex((link) => row?.contains(link))
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by
  all[Math.min(Math.max(next, 0), all.length - 1)].focus()
}
const keys = {
  "/": () => document.querySelector("#searchbar")?.select(),
  n: () => document.querySelector("a.btn--top")?.click(),
  j: () => step(1),
  k: () => step(-1),
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat && "/n".includes(event.key)) return
  if (event.ctrlKey || event.metaKey || event.altKey || !isOn()) return
  if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return
  const act = Object.hasOwn(keys, event.key) ? keys[event.key] : null
  if (!act) return
  event.preventDefault()
  act()
})

// What the keys are, with their switch, below the list.
const place = document.querySelector("#changelist")
if (place) {
  const box = document.createElement("details")
  box.className = "keys"
  const name = document.createElement("summary")
  name.textContent = gettext("Keys")
  const list = document.createElement("ul")
  for (const [key, does] of [
    ["/", gettext("search")],
    ["n", gettext("new story")],
    ["j", gettext("next story")],
    ["k", gettext("story before")],
    ["Enter", gettext("open")],
  ]) {
    const item = document.createElement("li")
    const cap = document.createElement("kbd")
    cap.textContent = key
    item.append(cap, ` ${does}`)
    list.append(item)
  }
  const label = document.createElement("label")
  const box_ = document.createElement("input")
  box_.type = "checkbox"
  box_.checked = isOn()
  box_.addEventListener("change", () => {
    try {
      localStorage.setItem(OFF, box_.checked ? "on" : "off")
    } catch {
      box_.checked = true
    }
  })
  label.append(box_, ` ${gettext("Single keys work in this browser")}`)
  box.append(name, list, label)
  place.append(box)
}
