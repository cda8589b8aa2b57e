// What the page knows: the data, and questions that charts, map and tables ask of it.
let page = null;
const listeners = [];
let selected = null; // { kind: "unit" | "hub", index }

const STATES = {
  awarded: "awarded",
  contested: "awarded, contested",
  unserved: "without award",
  unreachable: "out of reach",
};

const tableNamed = (name) => page.tables.find((table) => table.name === name);
const columnOf = (table, name) => table.columns.findIndex((column) => column.name === name);

// The rows of a table as objects by column name.
function records(name) {
  const table = tableNamed(name);
  if (!table) return [];
  const names = table.columns.map((column) => column.name);
  return table.rows.map((row) => Object.fromEntries(row.map((cell, i) => [names[i], cell])));
}

function unitAt(index) {
  const [state, pieces, bids] = page.marks.units[index] ?? ["unserved", 0, 0];
  const place = page.map?.units[index];
  const cutOff = state === "unserved" && place && place.hub === null && page.map.hubs.length > 0;
  return { state: cutOff ? "unreachable" : state, pieces, bids, place };
}

// Exact amounts are text; groups of three digits make them readable.
function grouped(text) {
  const [whole, part] = String(text).split(".");
  const shown = whole.replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
  return part === undefined ? shown : `${shown}.${part}`;
}

const money = (amount, digits = 2) => grouped(Number(amount).toFixed(digits));
const percentOf = (part, whole) => (whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : "–");

function select(what) {
  selected = what;
  for (const listener of listeners) listener(what);
}

// Selects what an id of a table cell names.
function selectId(kind, id) {
  const list = kind === "hub" ? page.map?.hubs : page.map?.units;
  const index = list ? list.findIndex((place) => place.id === id) : -1;
  if (index >= 0) select({ kind, index });
}
