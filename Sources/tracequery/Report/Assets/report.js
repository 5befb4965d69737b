// Sorts, searches and pages the tables of a report. Without this script they are there as they are.
"use strict";
(() => {
  const collapse = (text) => text.replace(/\s+/g, " ").trim();

  // The value by which a cell is sorted: its number, the share of 3/5, or its text.
  const keyOf = (cell) => {
    const given = cell.dataset.key;
    if (given !== undefined) return Number(given);
    const text = collapse(cell.textContent);
    if (!cell.classList.contains("n")) return text.toLowerCase();
    const number = Number.parseFloat(text.replace(/,/g, ""));
    return Number.isNaN(number) ? -Infinity : number;
  };

  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  const enhance = (table) => {
    const body = table.tBodies[0];
    if (!body.rows.length) return;
    const rows = Array.from(body.rows, (row, place) => ({ row, place, text: null, keys: [] }));
    const controls = document.querySelector(`[data-controls="${table.id}"]`);
    let shown = rows;
    let order = { column: -1, direction: 1 };
    let page = 0;
    let size = controls ? 100 : Infinity;

    const find = (name) => controls && controls.querySelector(`[data-part="${name}"]`);
    const search = find("search");
    const members = find("members");
    const sizes = find("size");
    const previous = find("previous");
    const next = find("next");
    const count = find("count");

    const key = (item, column) => {
      if (item.keys[column] === undefined) item.keys[column] = keyOf(item.row.cells[column]);
      return item.keys[column];
    };
    const searched = Array.from(rows[0].row.cells, (cell, column) => (
      cell.hasAttribute("data-search") ? column : -1)).filter((column) => column >= 0);
    const textOf = (item) => {
      if (item.text === null) {
        const cells = item.row.children;
        let text = "";
        for (const column of searched) text += `${cells[column].textContent}\n`;
        item.text = text.toLowerCase();
      }
      return item.text;
    };
    // Texts are read while the browser has nothing else to do, so that the first search finds them.
    const prepare = (from) => {
      const end = Math.min(from + 500, rows.length);
      for (let place = from; place < end; place += 1) textOf(rows[place]);
      if (end < rows.length) setTimeout(prepare, 0, end);
    };

    const isMember = (item, choice) => {
      if (!choice) return true;
      const bits = Number(item.row.dataset.members);
      if (choice === "syscalls") return item.row.dataset.syscall === "1";
      const [kind, mask] = choice.split(":");
      return kind === "only" ? bits === Number(mask) : (bits & Number(mask)) === 0;
    };

    const draw = () => {
      const pages = Math.max(Math.ceil(shown.length / size), 1);
      page = Math.min(Math.max(page, 0), pages - 1);
      const first = size === Infinity ? 0 : page * size;
      const part = size === Infinity ? shown : shown.slice(first, first + size);
      body.replaceChildren(...part.map((item) => item.row));
      if (!controls) return;
      previous.disabled = page === 0;
      next.disabled = page === pages - 1;
      const of = shown.length === rows.length ? "" : ` (of ${rows.length})`;
      count.textContent = shown.length === 0
        ? `No row matches${of}`
        : `Rows ${first + 1} to ${first + part.length} of ${shown.length}${of}`;
    };

    const filter = () => {
      const words = search ? search.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
      const choice = members ? members.value : "";
      shown = rows.filter((item) =>
        isMember(item, choice) && words.every((word) => textOf(item).includes(word)));
      page = 0;
      draw();
    };

    const sort = (column) => {
      const isText = typeof key(rows[0], column) === "string";
      // Numbers are wanted largest first; a second press turns the order.
      const direction = order.column === column ? -order.direction : isText ? 1 : -1;
      order = { column, direction };
      const sorted = (a, b) =>
        direction * compare(key(a, column), key(b, column)) || a.place - b.place;
      rows.sort(sorted);
      Array.from(table.tHead.rows[0].cells).forEach((cell, index) => {
        if (!cell.hasAttribute("aria-sort")) return;
        const name = direction > 0 ? "ascending" : "descending";
        cell.setAttribute("aria-sort", index === column ? name : "none");
      });
      filter();
    };

    Array.from(table.tHead.rows[0].cells).forEach((cell, column) => {
      if (rows.length < 2 || cell.hasAttribute("data-fixed")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...cell.childNodes);
      cell.append(button);
      cell.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => sort(column));
    });
    if (!controls) return;
    controls.hidden = false;
    search.addEventListener("input", filter);
    if (members) members.addEventListener("change", filter);
    sizes.addEventListener("change", () => {
      size = sizes.value === "all" ? Infinity : Number(sizes.value);
      page = 0;
      draw();
    });
    previous.addEventListener("click", () => { page -= 1; draw(); });
    next.addEventListener("click", () => { page += 1; draw(); });
    // On paper are all rows that match, not one page of them.
    let kept = size;
    window.addEventListener("beforeprint", () => { kept = size; size = Infinity; draw(); });
    window.addEventListener("afterprint", () => { size = kept; draw(); });
    draw();
    setTimeout(prepare, 0, 0);
  };

  document.querySelectorAll("table.sortable").forEach(enhance);
})();
