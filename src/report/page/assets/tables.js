// Tables: sorted, filtered, searched, a page of rows at a time.
const ROWS_SHOWN = 20;
const ROWS_PRINTED = 200;
const views = new Map();
// What a person looks for first, where a file has it far to the right. Files that are saved keep their own order.
const SHOWN_FIRST = { bids_explained: ["bid_id", "bidder_id", "ddu_id", "outcome", "reason", "volume_min", "volume_max", "price_usd_per_piece", "winning_level_usd_per_piece", "explanation"] };
const isNumber = (column) => ["usd", "count", "metres", "seconds"].includes(column.kind) || /_percent$/.test(column.name);
const heading = (column) => column.name.replaceAll("_", " ").replace(/\busd\b/, "USD").replace(/\bddu\b/, "DDU");

// A filter of a column: `> 5`, `<= 2`, `= won`, or a part of the text.
function matcher(text, column) {
  const rule = /^\s*(<=|>=|<|>|=)\s*(.+)$/.exec(text);
  if (rule && rule[1] === "=") return (cell) => String(cell ?? "").toLowerCase() === rule[2].trim().toLowerCase();
  if (rule && isNumber(column) && Number.isFinite(Number(rule[2]))) {
    const limit = Number(rule[2]);
    const compare = { "<": (a) => a < limit, "<=": (a) => a <= limit, ">": (a) => a > limit, ">=": (a) => a >= limit }[rule[1]];
    return (cell) => cell !== null && compare(Number(cell));
  }
  const part = text.trim().toLowerCase();
  return (cell) => String(cell ?? "").toLowerCase().includes(part);
}

// A cell that a spreadsheet will not run, quoted where needed.
function csvCell(cell, column) {
  let text = cell === null ? "" : String(cell);
  if (column.kind === "text" && /^'*[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

class TableView {
  constructor(table) {
    this.table = table;
    const first = (SHOWN_FIRST[table.name] ?? []).map((name) => columnOf(table, name)).filter((i) => i >= 0);
    this.order = [...first, ...table.columns.keys().filter((i) => !first.includes(i))];
    this.sort = null;
    this.search = "";
    this.filters = table.columns.map(() => "");
    this.first = 0;
    this.size = ROWS_SHOWN;
    this.element = make("div", { className: "table", id: `table-${table.name}` });
    this.draw();
  }

  rows() {
    let rows = this.table.rows;
    const search = this.search.trim().toLowerCase();
    if (search) rows = rows.filter((row) => row.some((cell) => cell !== null && String(cell).toLowerCase().includes(search)));
    this.filters.forEach((text, i) => {
      if (!text.trim()) return;
      const matches = matcher(text, this.table.columns[i]);
      rows = rows.filter((row) => matches(row[i]));
    });
    if (this.sort) {
      const { column, down } = this.sort;
      const number = isNumber(this.table.columns[column]);
      const compare = (a, b) => {
        if (a[column] === null || b[column] === null) return (a[column] === null) - (b[column] === null);
        const order = number ? a[column] - b[column] : String(a[column]).localeCompare(String(b[column]), "en", { numeric: true });
        return down ? -order : order;
      };
      rows = [...rows].sort(compare);
    }
    return rows;
  }

  draw() {
    const { table } = this;
    const search = make("input", { type: "search", value: this.search, ariaLabel: `Search ${table.title}`, placeholder: "Search" });
    search.addEventListener("input", () => this.change({ search: search.value }));
    const filter = make("button", { type: "button", onclick: () => this.toggleFilters() }, "Filter columns");
    filter.setAttribute("aria-expanded", "false");
    const save = make("button", { type: "button", className: "save", onclick: () => this.download() }, "Download CSV");
    this.filterButton = filter;
    this.searchBox = search;
    this.status = make("p", { className: "status", role: "status" });
    this.pager = make("div", { className: "pager" });
    const head = make("tr");
    this.order.forEach((i) => {
      const column = table.columns[i];
      const button = make("button", { type: "button", onclick: () => this.sortBy(i) }, heading(column));
      head.append(make("th", { scope: "col", className: isNumber(column) ? "n" : "" }, button));
    });
    this.head = head;
    this.filterRow = make("tr", { className: "filters", hidden: true });
    this.filterInputs = [];
    this.order.forEach((i) => {
      const column = table.columns[i];
      const input = make("input", { type: "text", ariaLabel: `Filter ${heading(column)}`, size: 8, placeholder: isNumber(column) ? "> 0" : "" });
      input.addEventListener("input", () => {
        this.filters[i] = input.value;
        this.change({});
      });
      this.filterInputs[i] = input;
      this.filterRow.append(make("td", {}, input));
    });
    this.body = make("tbody");
    const grid = make("table", {}, make("caption", { className: "unseen" }, table.title), make("thead", {}, head, this.filterRow), this.body);
    if (table.totals) {
      const text = (i, place) => (place === 0 ? "total" : table.totals[i] === null ? "" : grouped(table.totals[i]));
      const cell = (i, place) => make("td", { className: isNumber(table.columns[i]) ? "n" : "" }, text(i, place));
      grid.append(make("tfoot", {}, make("tr", {}, ...this.order.map(cell))));
    }
    const scroll = make("div", { className: "scroll", tabIndex: 0, role: "region" }, grid);
    scroll.setAttribute("aria-label", table.title);
    const title = make("h3", { id: `title-${table.name}` }, table.title);
    this.element.replaceChildren(make("div", { className: "bar" }, title, search, filter, save), scroll, make("div", { className: "bar" }, this.status, this.pager));
    this.fill();
  }

  toggleFilters() {
    this.filterRow.hidden = !this.filterRow.hidden;
    this.filterButton.setAttribute("aria-expanded", String(!this.filterRow.hidden));
    if (!this.filterRow.hidden) this.filterRow.querySelector("input").focus();
  }

  change(what) {
    Object.assign(this, what);
    this.first = 0;
    this.fill();
  }

  sortBy(column) {
    const down = this.sort?.column === column && !this.sort.down;
    [...this.head.children].forEach((th, place) => {
      if (this.order[place] === column) th.setAttribute("aria-sort", down ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
    });
    this.change({ sort: { column, down } });
  }

  // Shows the rows of one unit or hub.
  only(column, id) {
    const index = columnOf(this.table, column);
    this.filters = this.filters.map((_, i) => (i === index ? `= ${id}` : ""));
    this.filterInputs.forEach((input, i) => (input.value = this.filters[i]));
    this.filterRow.hidden = false;
    this.filterButton.setAttribute("aria-expanded", "true");
    this.searchBox.value = "";
    this.change({ search: "" });
    this.element.scrollIntoView({ block: "start" });
    this.element.querySelector(".scroll").focus({ preventScroll: true });
  }

  cell(value, column) {
    if (value === null) return make("td");
    const kind = { ddu_id: "unit", hub_id: "hub" }[column.name];
    if (kind && page.map) {
      const show = () => {
        selectId(kind, value);
        byId("place").scrollIntoView({ block: "start", behavior: "smooth" });
      };
      return make("td", {}, make("button", { type: "button", className: "link", title: "Show on the map", onclick: show }, value));
    }
    if (isNumber(column)) return make("td", { className: "n" }, grouped(value));
    return make("td", { className: String(value).length > 40 ? "long" : "" }, String(value));
  }

  fill() {
    const rows = this.rows();
    this.found = rows;
    const { columns } = this.table;
    const unit = columnOf(this.table, "ddu_id");
    const chosen = selected?.kind === "unit" ? page.map?.units[selected.index].id : null;
    const shown = rows.slice(this.first, this.first + this.size);
    this.body.replaceChildren(...shown.map((row) => {
      const mark = chosen !== null && unit >= 0 && row[unit] === chosen;
      return make("tr", { className: mark ? "chosen" : "" }, ...this.order.map((i) => this.cell(row[i], columns[i])));
    }));
    const all = this.table.rows.length + this.table.left_out;
    const last = Math.min(this.first + this.size, rows.length);
    let text = rows.length === 0 ? "No rows" : `Rows ${this.first + 1} to ${last} of ${grouped(rows.length)}`;
    if (rows.length < this.table.rows.length) text += ` found in ${grouped(this.table.rows.length)}`;
    if (this.table.left_out > 0) text += `; this page holds the first ${grouped(this.table.rows.length)} of ${grouped(all)} rows, ${this.table.name}.csv in the run's folder has all`;
    this.status.textContent = text;
    const turn = (label, first, enabled) => make("button", { type: "button", disabled: !enabled, onclick: () => this.turn(first) }, label);
    const end = Math.max(0, Math.floor((rows.length - 1) / this.size) * this.size);
    this.pager.replaceChildren(
      turn("First", 0, this.first > 0),
      turn("Previous", Math.max(0, this.first - this.size), this.first > 0),
      turn("Next", this.first + this.size, last < rows.length),
      turn("Last", end, last < rows.length),
    );
    this.pager.hidden = rows.length <= this.size;
  }

  turn(first) {
    this.first = first;
    this.fill();
  }

  csv() {
    const { columns } = this.table;
    const lines = [columns.map((column) => column.name).join(",")];
    for (const row of this.rows()) lines.push(row.map((cell, i) => csvCell(cell, columns[i])).join(","));
    return lines.join("\n") + "\n";
  }

  download() {
    const address = URL.createObjectURL(new Blob([this.csv()], { type: "text/csv" }));
    const link = make("a", { href: address, download: `${this.table.name}.csv` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
}

function drawTables() {
  views.clear();
  for (const table of page.tables) views.set(table.name, new TableView(table));
  byId("tables").replaceChildren(...[...views.values()].map((view) => view.element));
  byId("contents").replaceChildren(...page.tables.map((table) => make("a", { href: `#table-${table.name}` }, table.title.replace(/ \(.*/, ""))));
}

listeners.push(() => views.forEach((view) => columnOf(view.table, "ddu_id") >= 0 && view.fill()));
addEventListener("beforeprint", () => views.forEach((view) => { view.size = ROWS_PRINTED; view.first = 0; view.fill(); }));
addEventListener("afterprint", () => views.forEach((view) => { view.size = ROWS_SHOWN; view.fill(); }));
