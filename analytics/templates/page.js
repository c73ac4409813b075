"use strict";
/* Comfort only: sorts, filters and turns over tables that are whole without it, and searches what stands in articles. */
const words = document.body.dataset;
const fill = (text, ...values) => values.reduceRight((told, value, n) => told.replace("#".repeat(n + 1), value), text);
const wordsOf = text => text.toLowerCase().split(/\s+/).filter(Boolean);

function make(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

/* A search box above `before` that hides those of `items` without every word; `done` hears what is left. */
function search(before, items, label, name, done) {
  const input = make("input", {type: "search"}), shown = make("output", {});
  input.setAttribute("aria-label", name);
  const texts = new Map(items.map(item => [item, item.textContent.toLowerCase()]));
  input.addEventListener("input", () => {
    const wanted = wordsOf(input.value);
    const left = items.filter(item => !(item.hidden = !wanted.every(word => texts.get(item).includes(word))));
    shown.textContent = wanted.length ? fill(words.shown, left.length, items.length) : "";
    done?.();
  });
  const line = make("p", {className: "tools"}, make("label", {}, label + " ", input), shown);
  before.before(line);
}

/* Pages of `size` rows: rows of other pages are kept from the screen alone, print has them all. */
function turning(table, size) {
  let first = 0;
  const back = make("button", {type: "button"}, words.back), on = make("button", {type: "button"}, words.on);
  const where = make("output", {});
  const show = (to = 0) => {
    const rows = Array.from(table.tBodies[0].rows).filter(row => !row.hidden);
    first = Math.max(0, Math.min(to, Math.floor((rows.length - 1) / size) * size));
    rows.forEach((row, n) => row.classList.toggle("off", n < first || n >= first + size));
    where.textContent = rows.length ? fill(words.rows, first + 1, Math.min(first + size, rows.length), rows.length) : "";
    back.disabled = first === 0;
    on.disabled = first + size >= rows.length;
  };
  back.addEventListener("click", () => show(first - size));
  on.addEventListener("click", () => show(first + size));
  table.closest(".box").after(make("p", {className: "tools turn"}, back, on, where));
  show();
  return show;
}

function sorting(table, done) {
  const body = table.tBodies[0];
  const value = (row, index) => {
    const cell = row.cells[index];
    return cell ? (cell.dataset.sort ?? cell.textContent).trim() : "";
  };
  const number = text => text === "" ? NaN : Number(text.replace(/,/g, ""));
  const words = new Intl.Collator(document.documentElement.lang);
  const order = (a, b) => {
    const x = number(a), y = number(b), isX = !isNaN(x), isY = !isNaN(y);
    if (isX && isY) return x - y;
    if (isX !== isY) return isX ? -1 : 1;
    return words.compare(a, b);
  };
  if (Array.from(table.tHead.rows).some(row => Array.from(row.cells).some(cell => cell.colSpan > 1 || cell.rowSpan > 1))) return;
  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach((head, index) => {
    const button = make("button", {type: "button"}, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keyed = Array.from(body.rows, row => [value(row, index), row]);
      keyed.sort(([a], [b]) => (down ? -1 : 1) * order(a, b));
      body.append(...keyed.map(([, row]) => row));
      done?.();
    });
  });
}

for (const table of document.querySelectorAll("table[data-tools]")) {
  const rows = Array.from(table.tBodies[0].rows), size = Number(table.dataset.page);
  if (rows.length < 2) continue;
  const show = rows.length > size ? turning(table, size) : undefined;
  sorting(table, show);
  const caption = table.caption.textContent.trim();
  if (rows.length >= 15) search(table.closest(".box"), rows, words.filter, words.filterOf + " " + caption, show);
}
for (const part of document.querySelectorAll("[data-search]")) {
  const items = Array.from(part.querySelectorAll(part.dataset.search));
  if (items.length > 5) search(part, items, words.searchAll, words.searchAll);
}
