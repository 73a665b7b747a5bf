// Rows of credits and sources: added, moved (also by their handles) and removed by buttons. Without this file each row has
// a number for its place and a box to remove it, and a new one is offered after every save.

const gettext = window.gettext ?? ((words) => words)

for (const rows of document.querySelectorAll("[data-rows]")) {
  const prefix = rows.dataset.rows
  const list = rows.querySelector("ol")
  const template = rows.querySelector("template")
  const total = rows.querySelector(`[name="${prefix}-TOTAL_FORMS"]`)
  const spoken = document.createElement("p")
  spoken.className = "visually-hidden"
  spoken.setAttribute("role", "status")
  rows.append(spoken)

  const all = () => [...list.querySelectorAll("[data-row]")]
  const shown = () => all().filter((row) => !row.hidden)
  const field = (row, name) => row.querySelector(`[name^="${prefix}-"][name$="-${name}"]`)
  const nameOf = (row) => field(row, "name").value || gettext("empty row")

  const number = () => {
    for (const [index, row] of shown().entries()) {
      field(row, "position").value = field(row, "name").value ? index + 1 : ""
      row.querySelector("[data-up]").disabled = index === 0
      row.querySelector("[data-down]").disabled = index === shown().length - 1
    }
  }
  const button = (sign, words, kind, act) => {
    const one = document.createElement("button")
    one.type = "button"
    one.className = "row__button"
    one.textContent = sign
    one.title = words
    one.setAttribute("aria-label", words)
    one.dataset[kind] = ""
    one.addEventListener("click", act)
    return one
  }
  const move = (row, by) => {
    const others = shown()
    const other = others[others.indexOf(row) + by]
    if (!other) return
    if (by < 0) other.before(row)
    else other.after(row)
    number()
    row.closest("form").dispatchEvent(new Event("input", { bubbles: true }))
    const same = row.querySelector(by < 0 ? "[data-up]" : "[data-down]")
    const another = row.querySelector(by < 0 ? "[data-down]" : "[data-up]")
    ;(same.disabled ? another : same).focus()
    spoken.textContent = `${nameOf(row)}: ${shown().indexOf(row) + 1}`
  }
  const remove = (row) => {
    const gone = field(row, "DELETE")
    if (gone) gone.checked = true
    spoken.textContent = `${gettext("Removed:")} ${nameOf(row)}`
    const next = shown()[shown().indexOf(row) + 1] ?? shown()[shown().indexOf(row) - 1]
    row.hidden = true
    row.dataset.gone = "true"
    row.closest("form").dispatchEvent(new Event("input", { bubbles: true }))
    if (!shown().length) add()
    else {
      number()
      field(next, "name").focus()
    }
  }
  // Dragged by its handle a row goes where the pointer is; Escape puts it back.
  const drag = (row, event) => {
    if (event.button !== 0) return
    event.preventDefault()
    const after = row.nextElementSibling
    row.classList.add("row--dragged")
    const follow = ({ clientY }) => {
      const others = shown().filter((other) => other !== row)
      const next = others.find((other) => {
        const { top, height } = other.getBoundingClientRect()
        return clientY < top + height / 2
      })
      if (next) next.before(row)
      else others.at(-1)?.after(row)
    }
    const end = () => {
      row.classList.remove("row--dragged")
      listening.abort()
      number()
      row.closest("form").dispatchEvent(new Event("input", { bubbles: true }))
      spoken.textContent = `${nameOf(row)}: ${shown().indexOf(row) + 1}`
    }
    const back = () => {
      list.insertBefore(row, after)
      end()
    }
    const listening = new AbortController()
    const { signal } = listening
    document.addEventListener("pointermove", follow, { signal })
    document.addEventListener("pointerup", end, { signal })
    document.addEventListener("pointercancel", back, { signal })
    document.addEventListener(
      "keydown",
      (key) => {
        if (key.key !== "Escape") return
        key.preventDefault()
        key.stopPropagation()
        back()
      },
      { signal, capture: true },
    )
  }
  const prepare = (row) => {
    const order = row.querySelector(".row__order")
    const buttons = document.createElement("span")
    buttons.className = "row__buttons"
    buttons.append(
      button("▲", gettext("Move up"), "up", () => move(row, -1)),
      button("▼", gettext("Move down"), "down", () => move(row, 1)),
      button("×", gettext("Remove"), "remove", () => remove(row)),
    )
    order.after(buttons)
    order.hidden = true
    const handle = document.createElement("span")
    handle.className = "row__handle"
    handle.textContent = "⠿"
    handle.title = gettext("Drag to its place")
    handle.setAttribute("aria-hidden", "true") // the buttons are there for everybody
    handle.addEventListener("pointerdown", (event) => drag(row, event))
    buttons.prepend(handle)
    row.addEventListener("input", number)
  }
  const add = (given = "") => {
    const row = fresh()
    if (given) {
      field(row, "name").value = given
      row.closest("form").dispatchEvent(new Event("input", { bubbles: true }))
    } else field(row, "name").focus()
    number()
  }
  const fresh = () => {
    const empty = shown().at(-1)
    if (empty && !field(empty, "name").value && !field(empty, "url")?.value) return empty
    const spare = all().find((row) => row.hidden && !row.dataset.gone)
    if (spare) {
      spare.hidden = false
      list.append(spare)
      return spare
    }
    const index = Number(total.value)
    total.value = index + 1
    const holder = document.createElement("div")
    holder.append(template.content.cloneNode(true))
    for (const node of holder.querySelectorAll("*")) {
      for (const attribute of node.attributes) {
        attribute.value = attribute.value.replaceAll("__prefix__", index)
      }
    }
    const row = holder.querySelector("[data-row]")
    list.append(row)
    prepare(row)
    row.dispatchEvent(new CustomEvent("rows:added", { bubbles: true }))
    return row
  }

  all().forEach(prepare)
  for (const row of all()) if (field(row, "DELETE")?.checked) {
    row.hidden = true
    row.dataset.gone = "true"
  }
  // The empty row that is there for those without scripts stays out of the way.
  const last = all().at(-1)
  if (shown().length > 1 && !field(last, "name").value && !last.classList.contains("row--wrong")) {
    last.hidden = true
  }
  const more = rows.querySelector("[data-add-row]")
  more.addEventListener("click", () => add())
  rows.addEventListener("rows:add", ({ detail }) => add(detail.name))
  more.closest(".rows__add").hidden = false
  // Enter in a row goes on to the next one, it does not send the story.
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.target.tagName === "BUTTON") return
    event.preventDefault()
    const next = shown()[shown().indexOf(event.target.closest("[data-row]")) + 1]
    if (next) field(next, "name").focus()
    else if (nameOf(event.target.closest("[data-row]")) !== gettext("empty row")) add()
  })
  number()
}
