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
    const several = field.dataset.picture === "several" && field.value.trim()
    field.value = several ? `${several}, ${value}` : value
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

// What a picture is about: a press on it, one of nine places, or two numbers; and what is left of it
// in the shapes of the paper.
for (const box of document.querySelectorAll("[data-focal]")) {
  const [x, y] = ["x", "y"].map((axis) => document.querySelector(`#id_focal_${axis}`))
  if (!x || !y) continue
  const image = box.querySelector("img")
  const rough = [...document.querySelectorAll("[data-focal-place]")]
  const crops = [...document.querySelectorAll("canvas[data-crop]")]
  const point = document.createElement("span")
  point.className = "focal__point"
  box.append(point)
  const at = (field) => Math.min(1, Math.max(0, field.value === "" ? 0.5 : Number(field.value) || 0))

  // As images.renditions.crop does it.
  const cut = (canvas) => {
    const { naturalWidth: width, naturalHeight: height } = image
    if (!width) return
    const [across, down] = canvas.dataset.crop.split(" ").map(Number)
    const w = Math.min(width, (height * across) / down)
    const h = Math.min(height, (width * down) / across)
    const left = Math.min(Math.max(at(x) * width - w / 2, 0), width - w)
    const top = Math.min(Math.max(at(y) * height - h / 2, 0), height - h)
    // The whole picture, moved and scaled: a part is measured differently where there is a srcset.
    const scale = canvas.width / w
    canvas.getContext("2d").drawImage(image, -left * scale, -top * scale, width * scale, height * scale)
  }
  const place = () => {
    point.style.left = `${at(x) * 100}%`
    point.style.top = `${at(y) * 100}%`
    for (const canvas of crops) cut(canvas)
    for (const radio of rough) radio.checked = radio.value === `${Number(x.value)} ${Number(y.value)}`
  }
  const set = (across, down) => {
    x.value = across
    y.value = down
    x.dispatchEvent(new Event("input", { bubbles: true }))
  }
  box.addEventListener("click", (event) => {
    const frame = image.getBoundingClientRect()
    const share = (value, from, size) => Math.min(1, Math.max(0, (value - from) / size)).toFixed(3)
    set(share(event.clientX, frame.left, frame.width), share(event.clientY, frame.top, frame.height))
  })
  for (const radio of rough) radio.addEventListener("change", () => set(...radio.value.split(" ")))
  for (const field of [x, y]) field.addEventListener("input", place)
  image.addEventListener("load", place)
  place()
}
