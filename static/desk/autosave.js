// No typing is lost. What is typed into a story's form is kept in this browser within a second, and
// on the server within ten; here it goes as soon as it is there, and when its owner signs out.

const gettext = window.gettext ?? ((words) => words)
const interpolate = (words, values) => words.replace(/%\((\w+)\)s/g, (_, name) => values[name])

const STASH = 1000 // after a key
const KEEP = 9000 // after the first key that is not kept yet: who never pauses is kept as well
const PATIENCE = 20000 // for an answer
const RETRY = [3000, 6000, 12000, 30000]
const KEEPALIVE = 60000 // bytes that a browser sends of a page that is gone
const PREFIX = "newsroom.typed."

const logout = document.getElementById("logout-form")
const user = logout?.dataset.user
const form = document.querySelector("form[data-autosave]")
const shown = document.querySelector("[data-kept]")

// The copies in this browser: one a form, {to, fields: [[name, value], ...], turn}.

const mine = `${PREFIX}${user}.`
const copies = () => {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))
  } catch {
    return []
  }
}
const read = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key))
  } catch {
    return null
  }
}
const put = (key, copy) => {
  try {
    localStorage.setItem(key, JSON.stringify(copy))
    return true
  } catch {
    return false
  }
}
const wipe = (key) => {
  try {
    localStorage.removeItem(key)
  } catch {
    // A browser that keeps nothing has nothing to wipe.
  }
}

// The way to the server.

const tokens = () => document.querySelectorAll("[name=csrfmiddlewaretoken]")

function ask(to, options) {
  const signal = options.keepalive ? undefined : AbortSignal.timeout(PATIENCE)
  return fetch(to, { credentials: "same-origin", redirect: "manual", signal, ...options })
}

// A page that is older than the session has a token that no longer holds.
async function renew(to) {
  const response = await ask(to, { method: "GET" })
  if (response.type === "opaqueredirect") return "signed out"
  if (response.status === 403 || response.status === 404) return "closed"
  if (!response.ok) return "away"
  const { token } = await response.json()
  for (const field of tokens()) field.value = token
  return ""
}

// Gives {is_kept, ...} as the server says it, or {trouble}.
// ``turn``: when it was typed, so that what comes in late overwrites nothing newer.
async function send(to, fields, turn, { keepalive = false, isAgain = false } = {}) {
  const body = new FormData()
  for (const [name, value] of fields) body.append(name, value)
  body.append("_turn", turn)
  body.append("_user", user)
  body.append("csrfmiddlewaretoken", tokens()[0]?.value ?? "")
  try {
    const response = await ask(to, { method: "POST", body, keepalive })
    if (response.type === "opaqueredirect") return { trouble: "signed out" }
    if (response.status === 403 && !isAgain && !keepalive) {
      const trouble = await renew(to)
      return trouble ? { trouble } : send(to, fields, turn, { isAgain: true })
    }
    if (response.status === 403 || response.status === 404) return { trouble: "closed" }
    if (response.status === 409) return { trouble: "another" }
    if (response.status === 400 || response.status === 413) return { trouble: "too long" }
    if (!response.ok) return { trouble: "away" }
    return await response.json()
  } catch {
    return { trouble: "away" }
  }
}

// What other pages left in this browser: up with it, and offer what belongs to this form.

async function bringUp() {
  let isForHere = false
  for (const key of copies()) {
    if (!key.startsWith(mine)) {
      wipe(key)
      continue
    }
    if (form && key === mine + form.elements.form_id?.value) continue
    const before = localStorage.getItem(key)
    const copy = read(key)
    const answer = copy ? await send(copy.to, copy.fields, copy.turn) : {}
    if (answer.trouble) continue
    if (localStorage.getItem(key) === before) wipe(key)
    if (answer.is_kept && copy.to === form?.dataset.autosave) isForHere = true
  }
  if (!isForHere) return
  const response = await fetch(location.href, { credentials: "same-origin" })
  const page = new DOMParser().parseFromString(await response.text(), "text/html")
  const offers = page.getElementById("typed")
  if (offers) document.getElementById("typed").replaceWith(offers)
}

// The form of this page.

let flush = async () => ({})

function begin() {
  const to = form.dataset.autosave
  const key = mine + form.elements.form_id.value
  const typed = () =>
    [...new FormData(form)].filter(
      ([name, value]) =>
        typeof value === "string" && name !== "csrfmiddlewaretoken" && !name.startsWith("_"),
    )
  let clock = Number(form.dataset.turn ?? 0)
  const tick = () => {
    clock = Math.max(clock + 1, Date.now())
    return clock
  }
  const first = JSON.stringify(typed())
  // What the server has: the story, or what was taken back from there.
  const isKept = !("unsaved" in form.dataset) || "turn" in form.dataset
  let last = isKept ? first : ""
  const turn = document.createElement("input")
  turn.type = "hidden"
  turn.name = "_turn"
  form.append(turn)
  let isSent = false
  let isBusy = false
  let failures = 0
  let stashing = 0
  let keeping = 0
  let trouble = ""

  const say = (words, link) => {
    if (shown.textContent === words + (link?.textContent ?? "")) return
    shown.replaceChildren(words, ...(link ? [link] : []))
  }
  const tell = (isHere) => {
    shown.classList.toggle("is-trouble", Boolean(trouble))
    if (!isHere) return say(gettext("This browser has no room: copy your text before you leave"))
    if (trouble === "signed out" || trouble === "another") {
      const link = document.createElement("a")
      link.href = `/admin/login/?next=${encodeURIComponent(location.pathname)}`
      link.target = "_blank"
      link.textContent = gettext("Sign in")
      return say(`${gettext("Signed out: kept in this browser.")} `, link)
    }
    if (trouble === "closed") {
      return say(gettext("No longer open to you: kept in this browser"))
    }
    if (trouble === "too long") return say(gettext("Too long: kept in this browser"))
    say(gettext("Not connected: kept in this browser"))
  }

  const stash = () => {
    clearTimeout(stashing)
    stashing = 0
    const fields = typed()
    return JSON.stringify(fields) === last || put(key, { to, fields, turn: tick() })
  }
  const later = (wait) => {
    clearTimeout(keeping)
    keeping = setTimeout(keep, wait)
  }
  async function keep(options) {
    clearTimeout(keeping)
    keeping = 0
    if (isBusy) return later(1000)
    const fields = typed()
    const now = JSON.stringify(fields)
    if (now === last) {
      wipe(key)
      return {}
    }
    const isHere = stash()
    isBusy = true
    const answer = await send(to, fields, tick(), options)
    isBusy = false
    if (answer.trouble) {
      trouble = answer.trouble
      tell(isHere)
      later(RETRY[Math.min(failures++, RETRY.length - 1)])
      return answer
    }
    trouble = ""
    failures = 0
    last = now
    if (JSON.stringify(typed()) === now) wipe(key)
    else if (!keeping) later(KEEP)
    shown.classList.remove("is-trouble")
    if (answer.time) say(interpolate(gettext("Draft kept %(time)s"), { time: answer.time }))
    return answer
  }
  flush = () => keep()

  const note = () => {
    if (!stashing) stashing = setTimeout(() => {
      const isHere = stash()
      if (trouble || !navigator.onLine) tell(isHere)
    }, STASH)
    if (!keeping) later(KEEP)
  }
  form.addEventListener("input", note)
  form.addEventListener("change", note)

  // On leaving: the page may never come back.
  const leave = () => {
    if (isSent) return
    stash()
    const fields = typed()
    if (JSON.stringify(fields) === last) return
    const size = fields.reduce((sum, [name, value]) => sum + name.length + 3 * value.length + 120, 0)
    if (!isBusy) keep({ keepalive: size < KEEPALIVE })
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave()
    else if (trouble) keep()
  })
  addEventListener("pagehide", leave)
  addEventListener("pageshow", () => {
    isSent = false
  })
  addEventListener("focus", () => {
    if (trouble) keep()
  })
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return
    // Here until the next page hears from the server that it is saved.
    isSent = true
    const fields = typed()
    const now = tick()
    turn.value = now
    if (JSON.stringify(fields) !== first || "unsaved" in form.dataset) {
      put(key, { to, fields, turn: now })
    }
  })
  addEventListener("online", () => {
    if (trouble || JSON.stringify(typed()) !== last) keep()
  })
  addEventListener("offline", () => {
    trouble = "away"
    tell(stash())
  })
  if (!isKept) note()
}

if (user) {
  if (form?.elements.form_id?.value) begin()
  bringUp()
  addEventListener("online", bringUp)
  logout.addEventListener("submit", async (event) => {
    event.preventDefault()
    const answer = (await flush()) ?? {}
    await bringUp()
    const left = copies()
    if (answer.trouble !== "away" && left.length) {
      const words = gettext("What you typed last is in this browser only. Log out and lose it?")
      if (!confirm(words)) return
    }
    if (answer.trouble !== "away") left.forEach(wipe)
    logout.submit()
  })
}
