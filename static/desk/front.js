// Pinned stories of a front are moved by their handles too. What is moved gets the number of its new
// place and is saved by the same button as everything else.

document.documentElement.classList.add("has-scripts")
let dragged = null

for (const pin of document.querySelectorAll("[data-pin]")) {
  const handle = pin.querySelector("[data-handle]")
  handle.addEventListener("pointerdown", () => { pin.draggable = true })
  handle.addEventListener("pointerup", () => { pin.draggable = false })
  pin.addEventListener("dragstart", (event) => {
    dragged = pin
    event.dataTransfer.effectAllowed = "move"
    pin.classList.add("is-dragged")
  })
  pin.addEventListener("dragend", () => {
    pin.draggable = false
    pin.classList.remove("is-dragged")
    dragged = null
  })
}

for (const list of document.querySelectorAll("[data-slot]")) {
  list.addEventListener("dragover", (event) => {
    if (!dragged) return
    event.preventDefault()
    const over = event.target.closest("[data-pin]")
    if (over === dragged) return
    if (!over) list.append(dragged)
    else {
      const box = over.getBoundingClientRect()
      if (event.clientY < box.top + box.height / 2) over.before(dragged)
      else over.after(dragged)
    }
  })
  list.addEventListener("drop", (event) => {
    if (!dragged) return
    event.preventDefault()
    dragged.querySelector('[name$="-slot"]').value = list.dataset.slot
    for (const [index, pin] of [...list.querySelectorAll("[data-pin]")].entries()) {
      pin.querySelector('[name$="-place"]').value = index + 1
    }
  })
}
