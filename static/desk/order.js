// The order of sections on their list: buttons and a handle for what the numbers say. Without this file
// the numbers are typed.

const gettext = window.gettext ?? ((words) => words)
const body = document.querySelector("#result_list tbody")
const fields = () => [...body.querySelectorAll('input[name$="-position"]')]

if (body && fields().length > 1) {
  const spoken = document.createElement("p")
  spoken.className = "visually-hidden"
  spoken.setAttribute("role", "status")
  body.closest("form").append(spoken)
  const rowOf = (element) => element.closest("tr")
  const nameOf = (row) => row.querySelector("th")?.textContent.trim() ?? ""

  const number = () => {
    const all = fields()
    for (const [index, field] of all.entries()) {
      field.value = (index + 1) * 10
      const [up, down] = rowOf(field).querySelectorAll("[data-step]")
      up.disabled = index === 0
      down.disabled = index === all.length - 1
    }
  }
  const told = (row) => {
    const place = [...body.rows].indexOf(row) + 1
    spoken.textContent = `${nameOf(row)}: ${place}`
  }
  const step = (row, by) => {
    const other = by < 0 ? row.previousElementSibling : row.nextElementSibling
    if (!other) return
    if (by < 0) other.before(row)
    else other.after(row)
    number()
    told(row)
  }

  for (const field of fields()) {
    const row = rowOf(field)
    for (const [sign, words, by] of [["▲", gettext("Up"), -1], ["▼", gettext("Down"), 1]]) {
      const button = document.createElement("button")
      button.type = "button"
      button.className = "btn btn--small"
      button.dataset.step = by
      button.textContent = sign
      button.setAttribute("aria-label", `${words}: ${nameOf(row)}`)
      button.addEventListener("click", () => {
        step(row, by)
        const there = button.disabled ? row.querySelector("[data-step]:not(:disabled)") : button
        there?.focus()
      })
      field.parentElement.append(button)
    }
    const handle = document.createElement("span")
    handle.className = "order__handle"
    handle.setAttribute("aria-hidden", "true")
    handle.textContent = "⠿"
    handle.draggable = true
    handle.addEventListener("dragstart", (event) => {
      event.dataTransfer.effectAllowed = "move"
      event.dataTransfer.setDragImage(row, 0, 0)
      row.dataset.dragged = ""
    })
    handle.addEventListener("dragend", () => {
      delete row.dataset.dragged
      number()
      told(row)
    })
    field.before(handle)
    row.addEventListener("dragover", (event) => {
      const dragged = body.querySelector("[data-dragged]")
      if (!dragged || dragged === row) return
      event.preventDefault()
      const { top, height } = row.getBoundingClientRect()
      if (event.clientY < top + height / 2) row.before(dragged)
      else row.after(dragged)
    })
  }
  for (const [index, field] of fields().entries()) {
    const [up, down] = rowOf(field).querySelectorAll("[data-step]")
    up.disabled = index === 0
    down.disabled = index === fields().length - 1
  }
}
