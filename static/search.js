// Suggestions below the search field: ARIA's combobox with a list.
const field = document.querySelector("[data-suggest]");
const list = document.createElement("ul");
let chosen = -1, timer, last = 0;

const set = (element, values) => {
  for (const name in values) element.setAttribute(name, values[name]);
};
set(list, { id: "suggestions", class: "suggestions", role: "listbox", "aria-label": field.labels[0].textContent });
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

async function ask() {
  const turn = ++last;
  const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(field.value)}`);
  if (!answer.ok || turn !== last) return;
  const { suggestions } = await answer.json();
  list.replaceChildren(...suggestions.map((one, n) => {
    const option = document.createElement("li"), kind = document.createElement("span");
    set(option, { id: `suggestion-${n}`, role: "option", lang: one.language, "data-to": one.address });
    kind.lang = document.documentElement.lang;
    kind.textContent = one.kind;
    option.append(one.text, " ", kind);
    return option;
  }));
  show(suggestions.length > 0);
}

field.oninput = () => {
  clearTimeout(timer);
  timer = setTimeout(ask, 150);
};
field.onblur = () => show(false);
field.onkeydown = (event) => {
  const size = list.children.length + 1, step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (list.hidden) return;
  if (step) choose((chosen + 1 + step + size) % size - 1);
  else if (event.key === "Escape") show(false);
  else if (event.key === "Enter" && chosen >= 0) location = list.children[chosen].dataset.to;
  else return;
  event.preventDefault();
};
list.onmousedown = (event) => {
  event.preventDefault();
  const option = event.target.closest("li");
  if (option) location = option.dataset.to;
};
