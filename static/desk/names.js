// Suggestions for fields in which things are typed by name. Without this file the name is typed out.

const gettext = window.gettext ?? ((words) => words)
const interpolate = (words, values) => words.replace(/%\((\w+)\)s/g, (_, name) => values[name])
const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  node.append(...children)
  return node
}
const plain = (words) => words.trim().replace(/\s+/g, " ").toLowerCase()
let number = 0

async function suggest(addresses, term) {
  const answers = await Promise.all(
    addresses.map((address) =>
      fetch(`${address}&term=${encodeURIComponent(term)}`, { credentials: "same-origin" })
        .then((response) => (response.ok ? response.json() : { results: [] }))
        .catch(() => ({ results: [] })),
    ),
  )
  return answers.flatMap((answer) => answer.results).slice(0, 12)
}

// A list of choices below a field. ``choices(term)`` gives [{label, hint, act}], ``act`` is called.
function withChoices(field, choices) {
  const list = make("ul", { role: "listbox", class: "choices", id: `choices-${++number}`, hidden: "" })
  const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`)
  list.setAttribute("aria-label", label?.textContent.trim() || gettext("Suggestions"))
  const box = make("span", { class: "with-choices" })
  field.before(box)
  box.append(field, list)
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
    autocomplete: "off",
  })) {
    field.setAttribute(name, value)
  }
  let shown = []
  let at = -1
  let waiting = 0
  let asked = 0
  let isQuiet = false

  const close = () => {
    clearTimeout(waiting)
    asked++
    list.hidden = true
    shown = []
    at = -1
    field.setAttribute("aria-expanded", "false")
    field.removeAttribute("aria-activedescendant")
  }
  const mark = (index) => {
    at = index
    for (const [i, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(i === at))
      if (i === at) {
        option.scrollIntoView({ block: "nearest" })
        field.setAttribute("aria-activedescendant", option.id)
      }
    }
  }
  const take = (index) => {
    const choice = shown[index]
    close()
    choice.act()
  }
  const ask = async () => {
    const mine = ++asked
    const found = await choices(field.value)
    if (mine !== asked || document.activeElement !== field) return
    shown = found
    list.replaceChildren(
      ...found.map((choice, index) => {
        const option = make("li", { role: "option", id: `${list.id}-${index}`, "aria-selected": "false" })
        option.append(make("span", {}, choice.label))
        if (choice.hint) option.append(make("span", { class: "choices__hint" }, choice.hint))
        if (choice.isNew) option.classList.add("is-new")
        option.addEventListener("mousedown", (event) => {
          event.preventDefault()
          take(index)
        })
        return option
      }),
    )
    list.hidden = !found.length
    field.setAttribute("aria-expanded", String(Boolean(found.length)))
    if (found.length && !found[0].isNew) mark(0)
    else at = -1
  }
  field.addEventListener("input", () => {
    if (isQuiet) return
    clearTimeout(waiting)
    if (!field.value.trim()) close()
    else {
      waiting = setTimeout(ask, 120)
    }
  })
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault()
      if (!shown.length) ask()
      else mark((at + (event.key === "ArrowDown" ? 1 : -1) + shown.length) % shown.length)
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault()
      event.stopPropagation()
      take(at)
    } else if (event.key === "Escape" && shown.length) {
      event.preventDefault()
      event.stopPropagation()
      close()
    }
  })
  field.addEventListener("blur", close)
  return {
    close,
    // Tell the form that the field has changed, without asking for suggestions.
    tell() {
      isQuiet = true
      field.dispatchEvent(new Event("input", { bubbles: true }))
      isQuiet = false
    },
    isQuiet: () => isQuiet,
  }
}

// One thing. A name that is new here may be added; the box or menu for it stands beside the field.
function single(field) {
  const addresses = field.dataset.names.split(" ")
  const maker = () =>
    document
      .querySelector(`[data-make-for="${CSS.escape(field.id)}"]`)
      ?.querySelector("select, input")
  const setMade = (value) => {
    const control = maker()
    if (!control) return
    if (control.type === "checkbox") control.checked = Boolean(value)
    else control.value = value
    control.closest(".make").classList.toggle("is-shown", Boolean(value))
  }
  const choices = withChoices(field, async (typed) => {
    const found = await suggest(addresses, typed.trim())
    const options = found.map((thing) => ({
      label: thing.name,
      hint: thing.hint,
      act: () => chosen(thing.name),
    }))
    const name = typed.trim().replace(/\s+/g, " ")
    const isKnown = found.some((thing) => thing.is_it)
    const control = maker()
    if (name && !isKnown && control) {
      const ways =
        control.tagName === "SELECT"
          ? [
              ["person", gettext("Add “%(name)s” as a person")],
              ["organisation", gettext("Add “%(name)s” as an organisation")],
            ]
          : [["1", gettext("Add “%(name)s”")]]
      for (const [value, words] of ways) {
        options.push({
          label: interpolate(words, { name }),
          isNew: true,
          act: () => chosen(name, value),
        })
      }
    }
    return options
  })
  const chosen = (name, made = "") => {
    field.value = name
    choices.tell()
    setMade(made)
    choices.close()
  }
  field.addEventListener("input", () => {
    if (!choices.isQuiet()) setMade("")
  })
}

// Several things, as chips. The field that is sent holds their names with commas between.
function several(sent) {
  const addresses = sent.dataset.names.split(" ")
  const isFree = sent.dataset.free === "true"
  const field = make("input", { type: "text", id: sent.id, class: "chips__field" })
  if (sent.getAttribute("aria-describedby")) {
    field.setAttribute("aria-describedby", sent.getAttribute("aria-describedby"))
  }
  sent.id = `${sent.id}_sent`
  sent.type = "hidden"
  const chips = make("span", { class: "chips" })
  sent.after(chips)
  chips.append(field)
  let names = parse(sent.value)
  const isThere = (name) => names.some((other) => plain(other) === plain(name))

  const words = () => field.value.trim().replace(/\s+/g, " ")
  const tell = () => {
    // What is half typed is part of what is kept: nobody may come back to the field.
    const all = words() && !isThere(words()) ? [...names, words()] : names
    sent.value = all.map((name) => (name.includes(",") ? `"${name}"` : name)).join(", ")
    sent.dispatchEvent(new Event("input", { bubbles: true }))
  }
  const draw = () => {
    for (const chip of chips.querySelectorAll(".chips__one")) chip.remove()
    const box = field.closest(".with-choices") ?? field
    for (const name of names) {
      const drop = make("button", { type: "button" }, "×")
      drop.setAttribute("aria-label", interpolate(gettext("Remove %(name)s"), { name }))
      drop.addEventListener("click", () => {
        names = names.filter((other) => other !== name)
        draw()
        tell()
        field.focus()
      })
      box.before(make("span", { class: "chips__one" }, name, drop))
    }
  }
  const add = (name) => {
    field.value = ""
    const added = name.trim().replace(/\s+/g, " ")
    if (added && !isThere(added)) {
      names.push(added)
      draw()
    }
    tell()
  }
  const choices = withChoices(field, async (typed) => {
    const found = await suggest(addresses, typed.trim())
    const options = found
      .filter((thing) => !names.some((name) => plain(name) === plain(thing.name)))
      .map((thing) => ({ label: thing.name, hint: thing.hint, act: () => add(thing.name) }))
    const name = typed.trim().replace(/\s+/g, " ")
    if (isFree && name && !found.some((thing) => thing.is_it)) {
      options.push({
        label: interpolate(gettext("New tag: “%(name)s”"), { name }),
        isNew: true,
        act: () => add(name),
      })
    }
    return options
  })
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return
    if (event.key === "," || event.key === "Enter") {
      event.preventDefault()
      if (field.value.trim()) {
        choices.close()
        add(field.value)
      }
    } else if (event.key === "Backspace" && !field.value && names.length) {
      names.pop()
      draw()
      tell()
    }
  })
  field.addEventListener("paste", () => setTimeout(() => {
    if (!field.value.includes(",")) return
    for (const name of parse(field.value)) add(name)
  }))
  // What was typed and not chosen counts too; the answer says if it is not known.
  field.addEventListener("input", tell)
  field.addEventListener("blur", () => field.value && add(field.value))
  chips.addEventListener("click", (event) => {
    if (event.target === chips) field.focus()
  })
  draw()
}

function parse(line) {
  return [...line.matchAll(/\s*(?:"([^"]*)"|([^,]+))\s*(?:,|$)/g)]
    .map((match) => (match[1] ?? match[2]).trim())
    .filter(Boolean)
}

function begin(root) {
  for (const field of root.querySelectorAll("input[data-names]")) {
    if (field.dataset.begun) continue
    field.dataset.begun = "true"
    if (field.dataset.several) several(field)
    else single(field)
  }
}

begin(document)
document.addEventListener("rows:added", (event) => begin(event.target))
