// Sending picture files: by dropping or choosing them, many at once, each with its progress.
// Without this file the form sends them.

const gettext = window.gettext ?? ((words) => words)
const interpolate = (words, values) => words.replace(/%\((\w+)\)s/g, (_, name) => values[name])

document.documentElement.classList.add("has-scripts")

// What is typed on the page to which a single file is sent goes along to the picture's own page.
const WORDS = "textarea, input[type=text], input:not([type])"
const kept = (address) => `newsroom.words ${new URL(address, location).pathname}`

function lock(form, isLocked) {
  for (const field of form.querySelectorAll(WORDS)) field.readOnly = isLocked
}

function carry(form, address) {
  const words = [...form.querySelectorAll(WORDS)].filter((field) => field.name && field.value.trim())
  sessionStorage.setItem(kept(address), JSON.stringify(words.map(({ name, value }) => [name, value])))
}

for (const [name, value] of JSON.parse(sessionStorage.getItem(kept(location.href)) ?? "[]")) {
  const field = document.querySelector(`#image_form [name="${CSS.escape(name)}"]`)
  if (field) field.value = value
}
sessionStorage.removeItem(kept(location.href))

function send(file, address, token, tell) {
  return new Promise((done) => {
    const request = new XMLHttpRequest()
    const data = new FormData()
    data.append("files", file)
    request.open("POST", address)
    request.setRequestHeader("X-CSRFToken", token)
    request.setRequestHeader("X-Requested-With", "fetch")
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) tell(event.loaded / event.total)
    })
    request.addEventListener("load", () => {
      const isPiece = request.status === 200 && !request.responseText.includes("<html")
      done(isPiece ? request.responseText : "")
    })
    request.addEventListener("error", () => done(""))
    request.send(data)
  })
}

for (const drop of document.querySelectorAll("[data-drop]")) {
  const form = drop.closest("form")
  const input = form.querySelector("input[type=file]")
  const list = drop.querySelector("[data-drop-files]")
  const isOne = "one" in drop.dataset
  // Two at a time: more would only share the line.
  const waiting = []
  let sending = 0

  const begin = async ({ file, row, bar }) => {
    sending += 1
    // Whoever would type on now would type into a page that is about to go.
    if (isOne) lock(form, true)
    const token = form.elements.csrfmiddlewaretoken.value
    const piece = await send(file, drop.dataset.drop, token, (part) => { bar.value = part })
    sending -= 1
    if (piece) {
      const page = new DOMParser().parseFromString(piece, "text/html")
      const number = page.querySelector("[data-picture-number]")?.dataset.pictureNumber
      row.replaceChildren(...page.body.childNodes)
      if (isOne && number) {
        // Its own page: words read from the file, the picture to press on.
        const address = drop.dataset.picturePage.replace("/0/", `/${number}/`)
        carry(form, address)
        location.assign(address + location.search)
        return
      }
    } else {
      row.className = "drop__refused"
      row.textContent = interpolate(gettext("%(name)s was not sent. Try again."), { name: file.name })
    }
    if (isOne) lock(form, false)
    next()
  }

  const next = () => {
    while (sending < 2 && waiting.length) begin(waiting.shift())
  }

  const take = (files) => {
    for (const file of isOne ? [...files].slice(0, 1) : files) {
      const row = document.createElement("li")
      const name = document.createElement("span")
      const bar = document.createElement("progress")
      name.textContent = file.name
      bar.max = 1
      bar.value = 0
      bar.setAttribute("aria-label", interpolate(gettext("%(name)s is being sent"), { name: file.name }))
      row.append(name, bar)
      list.append(row)
      waiting.push({ file, row, bar })
    }
    next()
  }

  input.addEventListener("change", () => {
    const files = [...input.files]
    input.value = ""
    take(files)
  })
  // Anywhere on the page: a file beside the frame would else open in the place of the form.
  document.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return
    event.preventDefault()
    drop.classList.add("is-over")
  })
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) drop.classList.remove("is-over")
  })
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return
    event.preventDefault()
    drop.classList.remove("is-over")
    take([...event.dataTransfer.files])
  })
}
