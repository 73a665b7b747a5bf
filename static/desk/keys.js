// Keys of the story form, and the question before publishing. Without this file every button does
// what it says. No key is a single letter within a field, and all of them can be switched off.

const form = document.querySelector("#article_form")
const STORED = "desk-keys"
const isOn = () => localStorage.getItem(STORED) !== "off"

// A dialog with its buttons; gives what asks. ``yes`` is done when that is the answer.
function asking(dialog) {
  let before = null
  let yes = () => {}
  const close = () => {
    dialog.close()
    before?.focus()
  }
  dialog.querySelector("[data-yes]")?.addEventListener("click", () => {
    close()
    yes()
  })
  dialog.querySelector("[data-no]").addEventListener("click", close)
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault()
    close()
  })
  return (act) => {
    if (dialog.open) return
    before = document.activeElement
    yes = act ?? yes
    dialog.showModal()
  }
}

if (form && document.querySelector("#keys")) {
  // What an open sheet is for comes before what the story is waiting for.
  const primary = () =>
    form.querySelector("details[open] [data-sheet-primary]") ?? form.querySelector("[data-primary]")
  const askToPublish = asking(document.querySelector("#ask-publish"))
  let isAnswered = false

  // Publishing asks first, whether by a press or by a key.
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-primary^=publish]")
    if (!button || isAnswered) return
    event.preventDefault()
    const checks = document.querySelector("#ask-publish [data-checks]")
    checks.replaceChildren()
    const known = form.querySelector(".module.ready ul")
    if (known) {
      const list = known.cloneNode(true)
      for (const link of list.querySelectorAll("a")) link.replaceWith(...link.childNodes)
      for (const part of list.querySelectorAll("input, button, label")) part.remove()
      checks.append(list)
    }
    askToPublish(() => {
      isAnswered = true
      form.requestSubmit(button)
      isAnswered = false
    })
  })

  const listKeys = asking(document.querySelector("#keys"))
  const box = document.querySelector("[data-keys-on]")
  box.checked = isOn()
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(STORED)
    else localStorage.setItem(STORED, "off")
  })
  for (const opener of document.querySelectorAll("[data-keys]")) {
    opener.hidden = false
    opener.addEventListener("click", () => {
      const menu = opener.closest("details")
      if (menu) menu.open = false
      listKeys()
    })
  }

  // What a sheet asks for first is where one types when it opens.
  form.addEventListener("toggle", (event) => {
    if (event.target.open) event.target.querySelector("[data-first]")?.focus()
  }, true)

  const isField = (target) =>
    target.isContentEditable || target.closest("input, select, textarea, [role=textbox]") !== null

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || !isOn()) return
    if (document.querySelector("dialog[open]")) return
    const isCommand = event.ctrlKey || event.metaKey
    if (event.key === "?" && !isCommand && !event.altKey && !isField(event.target)) {
      event.preventDefault()
      listKeys()
    } else if (isCommand && event.key === "Enter") {
      const button = primary()
      if (!button) return
      event.preventDefault()
      event.stopPropagation()
      button.click()
    } else if (isCommand && event.shiftKey && event.key.toLowerCase() === "p") {
      const preview = form.querySelector(".bar__preview")
      if (!preview) return
      event.preventDefault()
      preview.click()
    } else if (isCommand && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s") {
      const save = form.querySelector(".bar__save")
      if (!save) return
      event.preventDefault()
      form.requestSubmit(save)
    }
  }, true)

  // How high the bar is: what scrolls into view stops below it, and the buttons of the text too.
  const bar = document.querySelector("#bar")
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--bar", `${bar.offsetHeight}px`)
  }).observe(bar)
}
