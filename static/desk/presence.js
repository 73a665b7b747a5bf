// Who else has this story open: a hint in its bar, asked for every fifteen seconds. Also while the
// page is hidden, where browsers let it ask once a minute.

const BEAT = 15000
const form = document.querySelector("form[data-presence]")
const here = document.querySelector("[data-here]")

if (form && here) {
  let isTyping = false
  form.addEventListener("input", () => {
    isTyping = true
  })
  const beat = async () => {
    const body = new FormData()
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value)
    if (isTyping) body.append("typing", "1")
    isTyping = false
    try {
      const response = await fetch(form.dataset.presence, {
        method: "POST",
        body,
        credentials: "same-origin",
        redirect: "manual",
      })
      if (!response.ok) return
      const answer = await response.json()
      if (here.textContent !== answer.here) here.textContent = answer.here
    } catch {
      // A hint: without a line there is none.
    }
  }
  beat()
  setInterval(beat, BEAT)
}
