// Choosing a picture in a window of its own. Without this file its number is typed.

const library = "/admin/images/image/"

// The number says nothing to anybody: the picture with its words stands for it, and it is out of
// the way of the Tab key. A link to it, from what is wrong with the form, shows it again.
const boxOf = (field) => document.querySelector(`[data-picture-of="${CSS.escape(field.id)}"]`)
let asked = 0

async function show(field) {
  const box = boxOf(field)
  if (!box) return
  const number = /^\d+$/.test(field.value) ? field.value : ""
  const none = box.querySelector("[data-picture-none]")
  if (none) none.hidden = !field.value
  const chosen = box.querySelector("[data-picture-chosen]")
  const mine = ++asked
  let words = ""
  if (number) {
    const pictures = field.form?.dataset.thumbnails ?? library
    const response = await fetch(`${pictures}${number}/chosen/`, { credentials: "same-origin" }).catch(() => null)
    words = response?.ok && !response.redirected ? await response.text() : ""
  }
  if (mine !== asked) return
  const page = new DOMParser().parseFromString(words, "text/html")
  chosen.replaceChildren(...page.body.childNodes)
}

function open(field, address) {
  window.open(address, `${field.id}__1`, "width=960,height=720,resizable=yes,scrollbars=yes")
}

// Django's popups call these on the page that opened them; others than ours go where they went.
for (const name of ["dismissRelatedLookupPopup", "dismissAddRelatedObjectPopup"]) {
  const others = window[name]
  window[name] = (popup, value, ...rest) => {
    const field = document.getElementById(popup.name.replace(/__\d+$/, ""))
    if (!field?.dataset.picture) return others?.(popup, value, ...rest)
    field.value = value
    field.dispatchEvent(new Event("input", { bubbles: true }))
    field.dispatchEvent(new Event("change", { bubbles: true }))
    popup.close()
    boxOf(field)?.querySelector("[data-picture-popup]").focus()
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-picture-popup]")
  if (link) {
    event.preventDefault()
    const box = link.closest("[data-picture-of]")
    open(document.getElementById(box.dataset.pictureOf), link.href)
  }
  const none = event.target.closest("[data-picture-none]")
  if (none) {
    const field = document.getElementById(none.closest("[data-picture-of]").dataset.pictureOf)
    field.value = ""
    field.dispatchEvent(new Event("input", { bubbles: true }))
    field.dispatchEvent(new Event("change", { bubbles: true }))
    none.closest("[data-picture-of]").querySelector("[data-picture-popup]").focus()
  }
})
document.addEventListener("change", (event) => {
  if (event.target.dataset?.picture) show(event.target)
})
for (const field of document.querySelectorAll("input[data-picture]")) field.tabIndex = -1

// What a picture is about: a click on it is easier than two numbers.
for (const box of document.querySelectorAll("[data-focal]")) {
  const [x, y] = ["x", "y"].map((axis) => document.querySelector(`#id_focal_${axis}`))
  if (!x || !y) continue
  const point = document.createElement("span")
  point.className = "focal__point"
  box.append(point)
  const place = () => {
    point.style.left = `${Number(x.value || 0.5) * 100}%`
    point.style.top = `${Number(y.value || 0.5) * 100}%`
  }
  box.addEventListener("click", (event) => {
    const frame = box.querySelector("img").getBoundingClientRect()
    const share = (at, from, size) => Math.min(1, Math.max(0, (at - from) / size)).toFixed(3)
    x.value = share(event.clientX, frame.left, frame.width)
    y.value = share(event.clientY, frame.top, frame.height)
    x.dispatchEvent(new Event("input", { bubbles: true }))
    place()
  })
  for (const field of [x, y]) field.addEventListener("input", place)
  place()
}
