// Who signed in again in another tab goes back into the story by one press: the token that this page
// was made with ended with the old session, so a new one is asked for first.

const form = document.querySelector("form.unsent")
let isRenewed = false

async function renew() {
  try {
    const response = await fetch(form.action, { credentials: "same-origin", redirect: "manual" })
    if (!response.ok) return
    form.elements.csrfmiddlewaretoken.value = (await response.json()).token
  } catch {
    // Without a line, or still signed out: the answer to the form says so.
  }
}

form?.addEventListener("submit", async (event) => {
  if (isRenewed) return
  event.preventDefault()
  const button = event.submitter
  await renew()
  isRenewed = true
  form.requestSubmit(button)
})
addEventListener("pageshow", () => {
  isRenewed = false
})
