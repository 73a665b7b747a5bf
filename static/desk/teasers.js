// The teasers of a story, kept up while somebody types. Without this file they show what is saved.

const box = document.querySelector("[data-teasers]")
const form = document.querySelector("#article_form")
// The heading of an agency's text, which stands in no teaser: articles/datelines.py.
const HEADING = /^\s*[\p{Lu}][\p{Lu}\d .,'’/-]{1,88}(?:\([^()]{1,60}\)\s*[—–-]|[—–])\s*/u

const one = (words) => words.trim().replace(/\s+/g, " ")
// As articles/teasers.py cuts.
function cut(words, most) {
  const letters = [...one(words)]
  if (letters.length <= most) return letters.join("")
  let head = letters.slice(0, most - 1).join("")
  if (letters[most - 1] !== " " && head.includes(" ")) head = head.slice(0, head.lastIndexOf(" "))
  return `${head.replace(/[ ,;:–—-]+$/, "")} …`
}

function textOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html")
  for (const block of page.querySelectorAll("p, li, h2, h3, h4, td, th, br, figcaption, footer")) {
    block.append(" ")
  }
  return one(page.body.textContent)
}

if (box && form.elements.headline) {
  const most = box.dataset.teasers.split(" ").map(Number)
  const value = (name) => form.elements[name]?.value?.trim() ?? ""
  const put = (name, words) => {
    const place = box.querySelector(`[data-teaser=${name}]`)
    if (place.textContent !== words) place.textContent = words
  }
  const draw = () => {
    const headline = one(value("headline"))
    const standfirst = one(value("standfirst"))
    const description =
      one(value("seo_description")) || standfirst || textOf(value("body").slice(0, 20000)).replace(HEADING, "")
    put("headline", headline)
    put("standfirst", standfirst)
    if (!value("paid_by")) {
      const section = form.elements.section?.selectedOptions[0]
      put("kicker", one(value("kicker")) || (section?.value ? one(section.textContent) : ""))
    }
    put("search_title", cut(value("seo_title") || headline, most[0]))
    put("search_description", cut(description, most[1]))
    put("social_title", cut(headline, most[2]))
    put("social_description", cut(description, most[3]))
    const number = value("lead_image")
    for (const picture of box.querySelectorAll("[data-teaser=picture]")) {
      const address = /^\d+$/.test(number) ? `${form.dataset.thumbnails}${number}/thumbnail/` : ""
      picture.hidden = !address
      if (address && picture.getAttribute("src") !== address) picture.src = address
    }
  }
  let waiting = 0
  const soon = () => {
    clearTimeout(waiting)
    waiting = setTimeout(draw, 150)
  }
  form.addEventListener("input", soon)
  form.addEventListener("change", soon)
  // The text's editor tells of itself: prose.js.
  form.addEventListener("prose:changed", soon)
}
