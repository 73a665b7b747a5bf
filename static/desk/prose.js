// What the editor of texts knows beyond its package, and what it does otherwise, so that all that
// may stand in a text (prose/body.py) passes through it and comes out as it went in.

import {
  Blockquote as PlainBlockquote,
  Extension,
  Link as PlainLink,
  Mark,
  Node,
  Paragraph as PlainParagraph,
  Plugin,
  Table as PlainTable,
  TableHeader as PlainTableHeader,
  TableRow as PlainTableRow,
  gettext,
  mergeAttributes,
  updateAttrsDialog,
} from "django-prose-editor/editor"

const library = "/admin/images/image/"
const kept = (name, attribute = `data-${name}`) => ({
  default: null,
  parseHTML: (element) => element.getAttribute(attribute),
  renderHTML: (attributes) => (attributes[name] == null ? {} : { [attribute]: attributes[name] }),
})
const inside = (editor, name) => {
  const { $from } = editor.state.selection
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type.name === name) {
      return { node: $from.node(depth), from: $from.before(depth), to: $from.after(depth) }
    }
  }
  return null
}

// Paragraphs: in lists and tables a text needs none; where there was one, it stays.

export const Paragraph = PlainParagraph.extend({
  addAttributes() {
    return {
      ...this.parent?.(),
      written: {
        default: null,
        keepOnSplit: true,
        parseHTML: () => "p",
        renderHTML: ({ written }) => (written ? { "data-written": written } : {}),
      },
    }
  },
})

export const Languages = Extension.create({
  name: "languages",
  addGlobalAttributes() {
    return [{ types: ["paragraph", "blockquote"], attributes: { lang: kept("lang", "lang") } }]
  },
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "language",
      groups: "utility",
      button: buttons.material("translate", gettext("Language of this paragraph")),
      active: (editor) => Boolean(editor.getAttributes("paragraph").lang),
      enabled: (editor) => editor.isActive("paragraph"),
      command(editor) {
        const ask = updateAttrsDialog(
          { lang: { title: gettext("Language code, such as ky; empty for that of the story") } },
          { title: gettext("Language of this paragraph") },
        )
        ask(editor, { lang: editor.getAttributes("paragraph").lang || "" }).then((given) => {
          if (!given) return
          const lang = /^[a-z]{2,3}(-[A-Za-z]{2,8})?$/.test(given.lang.trim()) ? given.lang.trim() : null
          editor.chain().focus().updateAttributes("paragraph", { lang }).run()
        })
      },
    })
  },
})

// Links lead somewhere; a name with a full stop in it (24.kg) is no link until somebody makes it one.

export const Link = PlainLink.extend({
  addOptions() {
    return { ...this.parent?.(), autolink: false, shouldAutoLink: () => false }
  },
  addAttributes() {
    return {
      href: { default: null },
      hreflang: kept("hreflang", "hreflang"),
    }
  },
  addCommands() {
    return {
      ...this.parent?.(),
      addLink:
        () =>
        ({ editor }) => {
          const ask = updateAttrsDialog(
            { href: { title: gettext("Address"), format: "url", required: true } },
            { title: gettext("Link"), submitText: gettext("Link") },
          )
          ask(editor, editor.getAttributes("link")).then((given) => {
            const href = given?.href.trim()
            if (!href) return
            editor.chain().focus().extendMarkRange("link").setLink({ href }).run()
          })
          return true
        },
    }
  },
})

// Quotes, with who says it.

export const Speaker = Node.create({
  name: "speaker",
  content: "inline*",
  defining: true,
  parseHTML: () => [{ tag: "footer" }],
  renderHTML: ({ HTMLAttributes }) => ["footer", HTMLAttributes, 0],
  addKeyboardShortcuts() {
    return { Enter: ({ editor }) => leave(editor, "speaker", "blockquote") }
  },
})

// Enter at the end of what belongs to something goes on below that thing.
function leave(editor, name, containerName) {
  const container = inside(editor, name) && inside(editor, containerName)
  if (!container) return false
  return editor
    .chain()
    .insertContentAt(container.to, { type: "paragraph" })
    .setTextSelection(container.to + 1)
    .scrollIntoView()
    .run()
}

function addSpeaker(editor) {
  const quote = inside(editor, "blockquote")
  if (!quote) return
  const last = quote.node.lastChild
  if (last.type.name === "speaker") {
    editor.chain().focus().setTextSelection(quote.to - 2).run()
    return
  }
  editor
    .chain()
    .focus()
    .insertContentAt(quote.to - 1, { type: "speaker" })
    .setTextSelection(quote.to)
    .run()
}

export const Blockquote = PlainBlockquote.extend({
  content: "block+ speaker?",
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "quote",
      groups: "quotes",
      button: buttons.material("format_quote", gettext("Quote")),
      active: (editor) => editor.isActive("blockquote"),
      command: (editor) => editor.chain().focus().toggleBlockquote().run(),
    })
    menu.defineItem({
      name: "speaker",
      groups: "quotes",
      priority: 80,
      button: buttons.material("record_voice_over", gettext("Who says it")),
      hidden: (editor) => !inside(editor, "blockquote"),
      active: (editor) => editor.isActive("speaker"),
      command: addSpeaker,
    })
  },
})

export const PullQuote = Node.create({
  name: "pullQuote",
  group: "block",
  content: "block+",
  defining: true,
  parseHTML: () => [{ tag: "aside.pullquote" }],
  renderHTML: ({ HTMLAttributes }) => [
    "aside",
    mergeAttributes(HTMLAttributes, { class: "pullquote" }),
    0,
  ],
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "pullQuote",
      groups: "quotes",
      priority: 90,
      button: buttons.material("format_size", gettext("Pull quote")),
      active: (editor) => editor.isActive("pullQuote"),
      command: (editor) => editor.chain().focus().toggleWrap("pullQuote").run(),
    })
  },
})

export const Cite = Mark.create({
  name: "cite",
  parseHTML: () => [{ tag: "cite" }],
  renderHTML: ({ HTMLAttributes }) => ["cite", HTMLAttributes, 0],
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "cite",
      groups: "marks",
      button: buttons.material("copyright", gettext("Credit of the picture")),
      hidden: (editor) => !inside(editor, "caption"),
      active: (editor) => editor.isActive("cite"),
      command: (editor) => editor.chain().focus().toggleMark("cite").run(),
    })
  },
})

// Pictures of the library and things elsewhere, as references.

export const Caption = Node.create({
  name: "caption",
  content: "inline*",
  defining: true,
  isolating: true,
  parseHTML: () => [{ tag: "figcaption" }],
  renderHTML: ({ HTMLAttributes }) => ["figcaption", HTMLAttributes, 0],
  addKeyboardShortcuts() {
    return { Enter: ({ editor }) => leave(editor, "caption", "figure") }
  },
})

export const LibraryFigure = Node.create({
  name: "figure",
  group: "block",
  content: "caption",
  isolating: true,
  draggable: true,
  addOptions: () => ({ providers: [], shows: ["picture", "embed"] }),
  addAttributes: () => ({
    image: kept("image"),
    embed: kept("embed"),
    reference: kept("reference", "data-id"),
  }),
  parseHTML: () => [{ tag: "figure[data-image]" }, { tag: "figure[data-embed]" }],
  renderHTML: ({ HTMLAttributes }) => ["figure", HTMLAttributes, 0],
  addNodeView() {
    const names = Object.fromEntries(this.options.providers.map(([key, name]) => [key, name]))
    return ({ node, editor, getPos }) => {
      const dom = document.createElement("figure")
      const seen = document.createElement("div")
      seen.className = "figure__seen"
      seen.contentEditable = "false"
      if (node.attrs.image) {
        const picture = document.createElement("img")
        const form = editor.options.element.closest("form")
        picture.src = `${form?.dataset.thumbnails ?? library}${node.attrs.image}/thumbnail/`
        picture.alt = `${gettext("Picture")} ${node.attrs.image}`
        seen.append(picture)
      } else {
        seen.textContent = `${names[node.attrs.embed] ?? node.attrs.embed}: ${node.attrs.reference}`
      }
      seen.append(moves(editor, getPos))
      const contentDOM = document.createElement("div")
      contentDOM.className = "figure__caption"
      contentDOM.dataset.hint = gettext("Caption")
      dom.append(seen, contentDOM)
      return {
        dom,
        contentDOM,
        stopEvent: (event) => Boolean(event.target.closest?.(".figure__moves")),
        ignoreMutation: (change) =>
          change.type !== "selection" && !contentDOM.contains(change.target),
      }
    }
  },
  addMenuItems({ menu, buttons }) {
    const { providers, shows } = this.options
    const figure = (attributes) => ({
      type: "figure",
      attrs: attributes,
      content: [{ type: "caption" }],
    })
    const put = (editor, all) => {
      const figures = all.map(figure)
      const gallery = inside(editor, "gallery")
      if (gallery && all.every(({ image }) => image)) {
        const at = inside(editor, "figure")?.to ?? gallery.to - 1
        editor.chain().focus().insertContentAt(at, figures).run()
        return
      }
      const content = all.length > 1 ? [{ type: "gallery", content: figures }] : figures
      editor.chain().focus().insertContent([...content, { type: "paragraph" }]).run()
    }
    const offer = (item) => shows.includes(item.name) && menu.defineItem(item)
    offer({
      name: "picture",
      groups: "insert",
      button: buttons.material("image", gettext("Picture")),
      command(editor) {
        const ask = updateAttrsDialog(
          {
            images: {
              title: gettext("Numbers of pictures in the library; several are a gallery"),
              required: true,
              picker: {
                label: gettext("Choose…"),
                handler({ input }) {
                  input.dataset.picture = "several"
                  window.open(
                    `${library}?_popup=1&_to_field=id`,
                    `${input.id}__1`,
                    "width=960,height=720,resizable=yes,scrollbars=yes",
                  )
                },
              },
            },
          },
          { title: gettext("Picture"), submitText: gettext("Insert") },
        )
        ask(editor, {}).then((given) => {
          const numbers = given?.images.match(/\d{1,9}/g) ?? []
          if (numbers.length) put(editor, numbers.map((image) => ({ image })))
        })
      },
    })
    offer({
      name: "embed",
      groups: "insert",
      priority: 90,
      button: buttons.material("play_circle", gettext("Video or post from elsewhere")),
      command(editor) {
        const ask = (title, href = "") =>
          updateAttrsDialog(
            { href: { title: `${gettext("Address")} (${providers.map(([, name]) => name).join(", ")})`, required: true } },
            { title, submitText: gettext("Insert") },
          )(editor, { href }).then((given) => {
            if (!given) return
            for (const [embed, , patterns] of providers) {
              const found = patterns.map((one) => given.href.match(one)).find(Boolean)
              if (found) return put(editor, [{ embed, reference: found[1] }])
            }
            ask(gettext("This address cannot be shown in a story"), given.href)
          })
        ask(gettext("Video or post from elsewhere"))
      },
    })
    menu.defineItem({
      name: "rule",
      groups: "insert",
      priority: 80,
      button: buttons.material("horizontal_rule", gettext("Rule")),
      command: (editor) => editor.chain().focus().setHorizontalRule().run(),
    })
  },
})

// Several pictures that belong together.

export const Gallery = Node.create({
  name: "gallery",
  group: "block",
  content: "figure+",
  isolating: true,
  draggable: true,
  parseHTML: () => [{ tag: "aside.gallery" }],
  renderHTML: ({ HTMLAttributes }) => ["aside", mergeAttributes(HTMLAttributes, { class: "gallery" }), 0],
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "gallery",
      groups: "insert",
      priority: 95,
      button: buttons.material("photo_library", gettext("Gallery")),
      hidden: (editor) => !inside(editor, "gallery") && !inside(editor, "figure")?.node.attrs.image,
      active: (editor) => Boolean(inside(editor, "gallery")),
      command: gather,
    })
  },
})

// The pictures that stand one below the other become a gallery, and a gallery becomes pictures.
function gather(editor) {
  const gallery = inside(editor, "gallery")
  const { state } = editor
  if (gallery) {
    editor.view.dispatch(state.tr.replaceWith(gallery.from, gallery.to, gallery.node.content))
    editor.commands.focus()
    return
  }
  const first = state.selection.$from.index(0)
  const isPicture = (at) => state.doc.maybeChild(at)?.attrs.image
  let from = first
  let to = first
  while (from > 0 && isPicture(from - 1)) from--
  while (isPicture(to + 1)) to++
  let start = 0
  for (let at = 0; at < from; at++) start += state.doc.child(at).nodeSize
  const pictures = []
  for (let at = from; at <= to; at++) pictures.push(state.doc.child(at))
  const end = pictures.reduce((sum, one) => sum + one.nodeSize, start)
  const made = editor.schema.nodes.gallery.create(null, pictures)
  editor.view.dispatch(state.tr.replaceWith(start, end, made))
  editor.commands.focus()
}

// A picture goes before or behind its neighbour, or out, by buttons beside it.
function moves(editor, getPos) {
  const move = (by, place) => {
    const { doc, tr } = editor.state
    const from = getPos()
    const picture = doc.nodeAt(from)
    if (!by) {
      editor.view.dispatch(tr.deleteRange(from, from + picture.nodeSize))
      editor.commands.focus()
      return
    }
    const at = doc.resolve(from)
    const neighbour = at.parent.maybeChild(at.index() + by)
    if (!neighbour) return
    const to = from + by * neighbour.nodeSize
    editor.view.dispatch(tr.delete(from, from + picture.nodeSize).insert(to, picture))
    editor.view.nodeDOM(to).querySelectorAll(".figure__moves button")[place].focus()
  }
  const box = document.createElement("span")
  box.className = "figure__moves"
  const buttons = [
    [gettext("Earlier"), "↑", -1],
    [gettext("Later"), "↓", 1],
    [gettext("Take out"), "×", 0],
  ].map(([words, sign, by], place) => {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = sign
    button.title = words
    button.setAttribute("aria-label", words)
    button.addEventListener("click", () => move(by, place))
    return button
  })
  box.append(...buttons)
  return box
}

// Tables, with their caption, their head and the scope of their headings.

export const TableHeader = PlainTableHeader.extend({
  addAttributes() {
    return { ...this.parent?.(), scope: kept("scope", "scope") }
  },
})

export const TableRow = PlainTableRow.extend({
  addAttributes() {
    return {
      ...this.parent?.(),
      head: {
        default: null,
        parseHTML: (row) => (row.closest("table") ? String(Boolean(row.closest("thead"))) : null),
        renderHTML: ({ head }) => (head === null ? {} : { "data-head": head }),
      },
    }
  },
})

export const Table = PlainTable.extend({
  addAttributes() {
    return {
      ...this.parent?.(),
      caption: {
        default: null,
        parseHTML: (table) => table.querySelector(":scope > caption")?.innerHTML ?? null,
        renderHTML: ({ caption }) => (caption === null ? {} : { "data-caption": caption }),
      },
    }
  },
  parseHTML: () => [{ tag: "table" }, { tag: "caption", ignore: true }],
  addNodeView() {
    const make = this.parent?.()
    const show = (view, node) => {
      view.table.caption?.remove()
      if (node.attrs.caption === null) return
      const caption = document.createElement("caption")
      caption.contentEditable = "false"
      caption.textContent = words(node.attrs.caption)
      view.table.prepend(caption)
    }
    return (given) => {
      const view = make(given)
      const update = view.update.bind(view)
      show(view, given.node)
      view.update = (node) => {
        if (!update(node)) return false
        show(view, node)
        return true
      }
      return view
    }
  },
  addMenuItems(storage) {
    this.parent?.(storage)
    storage.menu.defineItem({
      name: "table:caption",
      groups: "table",
      button: storage.buttons.material("subtitles", gettext("Caption of the table")),
      hidden: (editor) => !editor.isActive("table"),
      command(editor) {
        const before = words(editor.getAttributes("table").caption ?? "")
        const ask = updateAttrsDialog(
          { caption: { title: gettext("Caption") } },
          { title: gettext("Caption of the table") },
        )
        ask(editor, { caption: before }).then((given) => {
          if (!given || given.caption === before) return
          const box = document.createElement("b")
          box.textContent = given.caption.trim()
          editor.chain().focus().updateAttributes("table", { caption: box.innerHTML || null }).run()
        })
      },
    })
  },
})

const words = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent

// The text as it is sent: without the marks by which the above remembers what was there.
function written(html) {
  const page = new DOMParser().parseFromString(html, "text/html").body
  for (const table of page.querySelectorAll("table")) {
    const rows = [...table.rows]
    const isHead = (row) =>
      row.dataset.head ? row.dataset.head === "true" : [...row.cells].every((c) => c.tagName === "TH")
    const first = rows.findIndex((row) => !isHead(row))
    if (first > 0) {
      const head = table.createTHead()
      head.append(...rows.slice(0, first))
    }
    for (const row of rows) row.removeAttribute("data-head")
    if (table.dataset.caption !== undefined) {
      const caption = page.ownerDocument.createElement("caption")
      caption.innerHTML = table.dataset.caption
      table.prepend(caption)
      table.removeAttribute("data-caption")
    }
    table.removeAttribute("style")
  }
  for (const box of page.querySelectorAll("li, td, th")) {
    const first = box.firstElementChild
    const isBare = first?.tagName === "P" && !first.attributes.length
    if (isBare && (box.children.length === 1 || /^[UO]L$/.test(first.nextElementSibling.tagName))) {
      first.replaceWith(...first.childNodes)
    }
  }
  for (const caption of page.querySelectorAll("figcaption:empty, footer:empty")) caption.remove()
  for (const element of page.querySelectorAll("[data-written], ol[data-type]")) {
    for (const name of ["data-written", "data-type", "type"]) element.removeAttribute(name)
  }
  return page.innerHTML
}

// The buttons of the text are one stop on the way by Tab; arrows go from one to the next.
function oneStop(editor, box) {
  const bar = box.querySelector(".prose-menubar")
  if (!bar) return
  bar.setAttribute("role", "toolbar")
  bar.setAttribute("aria-label", gettext("Format of the text"))
  const shown = () => [...bar.querySelectorAll("button")].filter((one) => one.offsetParent)
  const rove = (to) => {
    for (const one of bar.querySelectorAll("button")) one.tabIndex = one === to ? 0 : -1
  }
  const mend = () => {
    const buttons = shown()
    if (!buttons.some((one) => one.tabIndex === 0)) rove(buttons[0])
    // What is pale for the eye is said to be so.
    for (const one of bar.querySelectorAll("button")) {
      one.setAttribute("aria-disabled", one.classList.contains("disabled"))
    }
  }
  rove(shown()[0])
  mend()
  editor.on("transaction", mend)
  bar.addEventListener("focusin", (event) => {
    if (event.target.matches("button")) rove(event.target)
  })
  bar.addEventListener("keydown", (event) => {
    const buttons = shown()
    const at = buttons.indexOf(document.activeElement)
    const to = {
      ArrowRight: buttons[(at + 1) % buttons.length],
      ArrowLeft: buttons[(at - 1 + buttons.length) % buttons.length],
      Home: buttons[0],
      End: buttons.at(-1),
    }[event.key]
    if (to) {
      event.preventDefault()
      to.focus()
    } else if (event.key === "Escape") {
      event.preventDefault()
      editor.commands.focus()
    }
  })
  editor.view.dom.addEventListener("keydown", (event) => {
    if (!event.altKey || event.key !== "F10") return
    event.preventDefault()
    bar.querySelector("button[tabindex='0']")?.focus()
  })
}

// How the editor behaves among the other fields of a form.
export const Manners = Extension.create({
  name: "manners",
  onBeforeCreate({ editor }) {
    // Its style sheet would be refused; desk.css has what it needs.
    editor.options.injectCSS = false
    const getHTML = editor.getHTML.bind(editor)
    editor.getHTML = () => written(getHTML())
  },
  onCreate({ editor }) {
    const area = editor.options.element.querySelector("textarea")
    const label = area && document.querySelector(`label[for="${CSS.escape(area.id)}"]`)
    label?.addEventListener("click", (event) => {
      event.preventDefault()
      editor.commands.focus()
    })
    // Others put something at the cursor, at the end where there never was one.
    const box = editor.options.element
    let wasThere = false
    editor.on("selectionUpdate", () => {
      wasThere = true
    })
    box.addEventListener("prose:insert", ({ detail }) => {
      const { $to } = editor.state.selection
      const at = wasThere && $to.depth ? $to.after(1) : editor.state.doc.content.size
      editor.chain().insertContentAt(at, detail.html).run()
    })
    oneStop(editor, box)
  },
  onUpdate({ editor }) {
    editor.options.element.dispatchEvent(new CustomEvent("prose:changed", { bubbles: true }))
  },
  addProseMirrorPlugins() {
    const { editor } = this
    return [
      new Plugin({
        props: {
          attributes: () => {
            const area = editor.options.element.querySelector("textarea")
            const label = area && document.querySelector(`label[for="${CSS.escape(area.id)}"]`)
            const language = area?.lang || area?.form?.querySelector("[name=language]")?.value
            return {
              role: "textbox",
              "aria-multiline": "true",
              "aria-label": label?.textContent.trim() || gettext("Text"),
              spellcheck: "true",
              ...(language ? { lang: language } : {}),
            }
          },
          // What is typed stays clear of the bars above and below.
          scrollMargin: { top: 130, bottom: 90, left: 5, right: 5 },
          scrollThreshold: { top: 120, bottom: 80, left: 0, right: 0 },
        },
      }),
    ]
  },
})
