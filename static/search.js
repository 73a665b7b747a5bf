// Suggestions: a combobox
const field = document.querySelector("[data-suggest]");
const make = (name) => document.createElement(name), list = make("ul");
let chosen = -1, timer = 0;

const set = (on, values) => {
  for (const name in values) on.setAttribute(name, values[name]);
};
set(list, { id: "hints", class: "hints", role: "listbox", "aria-label": field.labels[0].textContent });
set(field, { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id });
field.after(list);
show(false);

function show(is) {
  list.hidden = !is;
  set(field, { "aria-expanded": is });
  choose(-1);
}

function choose(number) {
  chosen = number;
  [...list.children].forEach((option, n) => set(option, { "aria-selected": n === chosen }));
  set(field, { "aria-activedescendant": list.children[chosen]?.id ?? "" });
}

function hide() {
  clearTimeout(timer);
  timer = 0;
  show(false);
}

async function ask() {
  const turn = timer;
  const got = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(field.value)}`);
  const { suggestions } = got.ok ? await got.json() : {};
  if (!suggestions || turn !== timer) return;
  list.replaceChildren(...suggestions.map((one, n) => {
    const option = make("li"), kind = make("span");
    set(option, { id: `hint${n}`, role: "option", lang: one.language });
    option.onclick = () => location.assign(one.address);
    kind.lang = document.documentElement.lang;
    kind.textContent = one.kind;
    option.append(one.text, " ", kind);
    return option;
  }));
  show(suggestions.length > 0);
}

field.oninput = () => {
  choose(-1);
  clearTimeout(timer);
  timer = setTimeout(ask, 150);
};
field.onblur = hide;
field.onkeydown = (e) => {
  const all = list.children, size = all.length + 1, step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (list.hidden && step && size > 1) show(true);
  if (list.hidden) return;
  if (step) choose((chosen + 1 + step + size) % size - 1);
  else if (e.key === "Escape") hide();
  else if (e.key === "Enter" && chosen >= 0) all[chosen].click();
  else return;
  e.preventDefault();
};
// The field keeps its focus
list.onmousedown = (e) => e.preventDefault();
