"use strict";
/* Comfort only: sorts and filters tables that are whole without it. */
for (const table of document.querySelectorAll("table[data-tools]")) {
  const words = document.body.dataset, body = table.tBodies[0], rows = Array.from(body.rows);
  if (rows.length < 2) continue;
  const value = (row, index) => {
    const cell = row.cells[index];
    return cell ? (cell.dataset.sort ?? cell.textContent).trim() : "";
  };
  const number = text => text === "" ? NaN : Number(text.replace(/,/g, ""));
  const order = (a, b) => {
    const x = number(a), y = number(b), isX = !isNaN(x), isY = !isNaN(y);
    if (isX && isY) return x - y;
    if (isX !== isY) return isX ? -1 : 1;
    return a.localeCompare(b, document.documentElement.lang);
  };
  const heads = Array.from(table.tHead.rows[table.tHead.rows.length - 1].cells);
  const spans = Array.from(table.tHead.rows).some(row => Array.from(row.cells).some(cell => cell.colSpan > 1 || cell.rowSpan > 1));
  if (!spans) heads.forEach((head, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows.sort((a, b) => (down ? -1 : 1) * order(value(a, index), value(b, index)));
      body.append(...rows);
    });
  });
  if (rows.length < 15) continue;
  const tools = document.createElement("p"), label = document.createElement("label");
  const input = document.createElement("input"), shown = document.createElement("output");
  tools.className = "tools";
  input.type = "search";
  input.setAttribute("aria-label", words.filterOf + " " + table.caption.textContent.trim());
  label.append(words.filter + " ", input);
  tools.append(label, shown);
  table.closest(".box").before(tools);
  const texts = new Map(rows.map(row => [row, row.textContent.toLowerCase()]));
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const row of rows) {
      row.hidden = !wanted.every(word => texts.get(row).includes(word));
      found += row.hidden ? 0 : 1;
    }
    shown.textContent = wanted.length ? words.shown.replace("##", rows.length).replace("#", found) : "";
  });
}
