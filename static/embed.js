// What stands elsewhere, in a frame of ours: not before the reader asks for it.
for (const button of document.querySelectorAll("button[data-frame]")) {
  button.parentElement.hidden = false
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe")
    frame.title = button.dataset.title
    frame.referrerPolicy = "strict-origin-when-cross-origin"
    frame.sandbox = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-presentation"
    frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture"
    frame.src = button.dataset.frame
    button.parentElement.replaceWith(frame)
    frame.focus()
  })
}
