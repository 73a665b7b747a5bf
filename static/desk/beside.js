// Beside a translation: the paragraph of the original that belongs to the one being written.
const list = document.querySelector(".beside__list")
const words = document.querySelector(".beside__words")

const blockOf = (node, root) => {
  let block = node
  while (block && block.parentNode !== root) block = block.parentNode
  return block
}

const follow = () => {
  const root = document.querySelector(".ProseMirror")
  const node = document.getSelection()?.focusNode
  if (!root || !node || !root.contains(node)) return
  const block = blockOf(node, root)
  if (!block) return
  const number = [...root.children].indexOf(block)
  // What went from the original has no counterpart; the rest is counted in its order.
  const paragraphs = [...list.children].filter((one) => !one.querySelector(".diff__part--removed"))
  const match = paragraphs[Math.min(number, paragraphs.length - 1)]
  if (!match || match.classList.contains("is-here")) return
  list.querySelector(".is-here")?.classList.remove("is-here")
  match.classList.add("is-here")
  const room = words.getBoundingClientRect()
  const place = match.getBoundingClientRect()
  words.scrollTop += place.top - room.top - room.height / 3
}

if (list) document.addEventListener("selectionchange", follow)
