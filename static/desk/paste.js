// What word processors and web pages put on the clipboard, said in the tags that a text knows.
// prose/pasted.py does the same where there are no scripts; what is safe is decided there, by
// prose/body.py.

import { Extension, Plugin } from "django-prose-editor/editor"

const DROPPED =
  "script, style, meta, link, title, xml, img, picture, svg, math, iframe, object, embed, video, " +
  "audio, canvas, template, noscript, button, select, input, textarea, nav, map"
const KEPT = new Set(["href", "hreflang", "lang", "colspan", "rowspan", "scope", "start"])
const BLOCK = "p, div, h1, h2, h3, h4, h5, h6, ul, ol, table, blockquote, hr"
const NUMBER = /^\(?(\d{1,3}|[a-zа-я]{1,4})[.)]/i

const unwrap = (element) => element.replaceWith(...element.childNodes)
const isBold = (weight) => /^bold(er)?$/.test(weight) || Number(weight) >= 600
const styleOf = (element) =>
  Object.fromEntries(
    (element.getAttribute("data-style") ?? "")
      .split(";")
      .filter((part) => part.includes(":"))
      .map((part) => {
        const at = part.indexOf(":")
        return [part.slice(0, at), part.slice(at + 1)].map((words) => words.trim().toLowerCase())
      }),
  )

// Word's lists are paragraphs with a bullet or a number typed before them.
function lists(page) {
  const isItem = (node) =>
    node?.tagName === "P" && /\blevel\d/.test(styleOf(node)["mso-list"] ?? "")
  for (const first of [...page.querySelectorAll("p")].filter(isItem)) {
    if (!first.isConnected || !isItem(first)) continue
    const items = []
    for (let node = first; isItem(node); node = node.nextElementSibling) items.push(node)
    const open = []
    for (const item of items) {
      const level = Number(/\blevel(\d)/.exec(styleOf(item)["mso-list"])[1])
      let marker = ""
      for (const span of item.querySelectorAll("[data-style]")) {
        if (styleOf(span)["mso-list"] !== "ignore") continue
        marker += span.textContent
        span.remove()
      }
      const number = NUMBER.exec(marker.trim())
      const kind = number ? "ol" : "ul"
      while (open.length && open.at(-1).level > level) open.pop()
      if (open.length && open.at(-1).level === level && open.at(-1).kind !== kind) open.pop()
      if (open.at(-1)?.level !== level) {
        const list = page.createElement(kind)
        if (Number(number?.[1]) > 1) list.setAttribute("start", Number(number[1]))
        const within = open.at(-1)?.list.lastElementChild
        if (within) within.append(list)
        else item.before(list)
        open.push({ level, kind, list })
      }
      const box = page.createElement("li")
      box.append(...item.childNodes)
      open.at(-1).list.append(box)
      item.remove()
    }
  }
}

function emphasis(page) {
  for (const element of page.body.querySelectorAll("b, strong, i, em, span, font, a")) {
    const style = styleOf(element)
    const weight = style["font-weight"] ?? ""
    const slope = style["font-style"] ?? ""
    const isWeight = /^(B|STRONG)$/.test(element.tagName)
    if (isWeight || /^(I|EM)$/.test(element.tagName)) {
      if (isWeight ? /^(normal|400)$/.test(weight) : slope === "normal") unwrap(element)
      continue
    }
    if ("mso-spacerun" in style) {
      element.replaceWith(" ")
      continue
    }
    const marks = [
      isBold(weight) && !element.closest("h1, h2, h3, h4, h5, h6") && "strong",
      slope === "italic" && "em",
      { super: "sup", sub: "sub" }[style["vertical-align"]],
    ]
    for (const mark of marks.filter(Boolean)) {
      const box = page.createElement(mark)
      box.append(...element.childNodes)
      element.append(box)
    }
    if (element.tagName !== "A") unwrap(element)
  }
}

// Styles and handlers are refused on this page, even in a document that nobody sees: they are read
// under other names.
const unstyled = (html) =>
  html
    .replace(/<style\b[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/gi, (tag) =>
      tag.replace(/\s(style|on[a-z]+)(?=\s*=)/gi, " data-$1"),
    )

function tidy(html) {
  // What comes from an editor of ours is as it should be.
  if (/\sdata-pm-slice=/.test(html)) return html
  const page = new DOMParser().parseFromString(unstyled(html), "text/html")
  const comments = page.createTreeWalker(page, NodeFilter.SHOW_COMMENT)
  const gone = []
  while (comments.nextNode()) gone.push(comments.currentNode)
  for (const node of [...gone, ...page.querySelectorAll(DROPPED)]) node.remove()
  for (const element of page.body.querySelectorAll("*")) {
    if (element.tagName.includes(":")) unwrap(element) // Word's o:p and its like
  }
  lists(page)
  emphasis(page)
  for (const element of page.body.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) if (!KEPT.has(name)) element.removeAttribute(name)
  }
  for (const heading of page.body.querySelectorAll("h1, h5, h6")) {
    const other = page.createElement(heading.tagName === "H1" ? "h2" : "h4")
    other.append(...heading.childNodes)
    heading.replaceWith(other)
  }
  for (const link of page.body.querySelectorAll("a")) {
    if (!/^(https?:|mailto:|\/(?!\/))/i.test(link.getAttribute("href") ?? "")) unwrap(link)
  }
  for (const list of page.body.querySelectorAll(":is(li, td, th) > p:only-child")) unwrap(list)
  for (const rule of page.body.querySelectorAll("br")) {
    const sides = [rule.previousElementSibling, rule.nextElementSibling]
    const parent = rule.parentElement
    if ((parent === page.body || parent.tagName === "DIV") && sides.some((side) => side?.matches(BLOCK))) rule.remove()
  }
  for (const block of page.body.querySelectorAll("p, h1, h2, h3, h4, h5, h6, li")) {
    if (!block.textContent.trim() && !block.querySelector("table, ul, ol")) block.remove()
  }
  return page.body.innerHTML
}

// The address of a story, pasted alone, is a link that is named by its headline where it is ours.
function nameAddress(editor, event) {
  const address = event.clipboardData?.getData("text/plain").trim() ?? ""
  if (!editor.state.selection.empty) return false
  if (!/^https?:\/\/[^\s/]+\/(?:[\w-]+\/)?(?:\d{4}\/\d{1,2}\/\d{1,2}\/[^\s/]+|a\/\d+)\/?$/.test(address)) return false
  event.preventDefault()
  const linked = (href, words) => ({
    type: "text",
    text: words,
    marks: [{ type: "link", attrs: { href } }],
  })
  editor.chain().focus().insertContent(linked(address, address)).unsetMark("link").run()
  const put = (href, headline) => {
    let range = null
    editor.state.doc.descendants((node, from) => {
      const link = node.marks.find((mark) => mark.type.name === "link")
      if (node.text === address && link?.attrs.href === address) {
        range = { from, to: from + node.nodeSize }
      }
    })
    if (range) editor.chain().insertContentAt(range, linked(href, headline)).run()
  }
  editor.options.element.dispatchEvent(
    new CustomEvent("prose:pasted", { bubbles: true, detail: { address, put } }),
  )
  return true
}

export const Pasting = Extension.create({
  name: "pasting",
  addProseMirrorPlugins() {
    const { editor } = this
    return [
      new Plugin({
        props: {
          transformPastedHTML: tidy,
          handlePaste: (_view, event) => nameAddress(editor, event),
        },
      }),
    ]
  },
})
