// A button beside a text that is there to be copied; without it people select the text themselves.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) break
  button.hidden = false
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy)
    text.select()
    await navigator.clipboard.writeText(text.value)
    button.previousElementSibling.textContent = button.dataset.done
  })
}
