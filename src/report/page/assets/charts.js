// Charts: lists of bars that read as text, and one scatter plot.
const PARTS = ["distance", "driving_time", "tolls", "dwell", "stop", "vehicle_day", "undivided", "handling"];
const PART_NAMES = { distance: "distance driven", driving_time: "driving time", vehicle_day: "vehicle-day", undivided: "haul, undivided" };

function figure(title, note, ...content) {
  return make("figure", {}, make("figcaption", {}, make("h3", {}, title), note ? make("p", {}, note) : null), ...content);
}

// Bars with names and values; `from` lets a bar begin where the one above ends.
function bars(items, { shown = 12 } = {}) {
  const most = Math.max(...items.map((item) => (item.from ?? 0) + Math.abs(item.amount)), 1e-9);
  const list = make("ul", { className: "bars" });
  for (const item of items.slice(0, shown)) {
    const bar = make("span", { className: `bar-fill ${item.kind ?? ""}`, ariaHidden: "true" });
    bar.style.marginLeft = `${(100 * (item.from ?? 0)) / most}%`;
    bar.style.width = `${Math.max(0.4, (100 * Math.abs(item.amount)) / most)}%`;
    list.append(make("li", {}, make("span", { className: "name", title: item.name }, item.name), make("span", { className: "track" }, bar), make("span", { className: "value" }, item.text)));
  }
  if (items.length > shown) list.append(make("li", { className: "more" }, `and ${items.length - shown} more in the table`));
  return list;
}

function concentration() {
  const groups = new Map();
  for (const bidder of records("bidders")) {
    const name = bidder.affiliate_group ?? bidder.name ?? bidder.bidder_id;
    groups.set(name, (groups.get(name) ?? 0) + bidder.volume_pieces);
  }
  const all = [...groups.values()].reduce((a, b) => a + b, 0);
  if (all === 0) return null;
  const items = [...groups].filter(([, pieces]) => pieces > 0).sort((a, b) => b[1] - a[1]);
  const hhi = items.reduce((sum, [, pieces]) => sum + (100 * pieces / all) ** 2, 0);
  const note = `Herfindahl-Hirschman index ${Math.round(hhi)} of 10\u202f000 (as ${(10_000 / hhi).toFixed(1)} winners of equal size); the largest wins ${percentOf(items[0][1], all)} of the pieces. Affiliates are added up.`;
  return figure("Concentration of winners", note, bars(items.map(([name, amount]) => ({ name, amount, text: percentOf(amount, all) })), { shown: 10 }));
}

function utilisation() {
  const units = records("ddus");
  if (units.length === 0) return null;
  const bins = Array.from({ length: 6 }, () => 0);
  for (const unit of units) {
    const used = Number(unit.utilisation_percent ?? 0);
    bins[used === 0 ? 0 : Math.min(5, 1 + Math.floor(used / 25))] += 1;
  }
  const names = ["unused", "below 25 %", "25 to 50 %", "50 to 75 %", "75 to 100 %", "full"];
  const table = tableNamed("ddus");
  const capacity = units.reduce((sum, unit) => sum + unit.capacity_pieces, 0);
  const pieces = table.totals?.[columnOf(table, "awarded_pieces")] ?? 0;
  const note = table.left_out ? "Of the units that this page holds." : `${percentOf(pieces, capacity)} of the capacity of ${grouped(units.length)} units is awarded.`;
  return figure("Utilisation of units", note, bars(bins.map((amount, i) => ({ name: names[i], amount, text: grouped(amount) }))));
}

function reasons() {
  const counts = new Map();
  for (const bid of records("bids_explained")) {
    const word = (bid.reason ?? bid.outcome).replaceAll("_", " ");
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const items = [...counts].sort((a, b) => (b[0] === "won") - (a[0] === "won") || b[1] - a[1]);
  const note = tableNamed("bids_explained").left_out ? "Of the bid lines that this page holds." : null;
  return figure("What became of the bids", note, bars(items.map(([name, amount]) => ({ name, amount, text: grouped(amount), kind: name === "won" ? "good" : "" }))));
}

function policy() {
  const rows = records("policy_prices").filter((row) => row.change === "without").sort((a, b) => b.difference_usd - a.difference_usd);
  if (rows.length === 0) return null;
  return figure("Price of policy", "What the objective would gain without each rule, USD a day.", bars(rows.map((row) => ({ name: row.rule, amount: Number(row.difference_usd), text: row.status === "infeasible" ? "needed" : money(row.difference_usd) })), { shown: 8 }));
}

function variants() {
  const rows = records("scenarios");
  if (rows.length === 0) return null;
  return figure("Scenarios compared", "Value under each scenario's own objective, USD a day, and units without award.", bars(rows.map((row) => ({ name: row.variant, amount: Number(row.value_usd), text: `${money(row.value_usd)} · ${row.units_without_award} without` })), { shown: 15 }));
}

// The waterfall of one unit's hauls, or of all awards.
function waterfall(unit) {
  const rows = records("waterfall").filter((row) => (unit === null ? row.basis === "awarded" : row.ddu_id === unit));
  if (rows.length === 0) return null;
  const sums = Object.fromEntries(PARTS.map((part) => [part, rows.reduce((sum, row) => sum + Number(row[`${part}_usd`] ?? 0), 0)]));
  const total = rows.reduce((sum, row) => sum + Number(row.injection_usd), 0);
  const pieces = rows.reduce((sum, row) => sum + row.volume_pieces, 0);
  let from = 0;
  const items = PARTS.filter((part) => sums[part] !== 0).map((part) => {
    const item = { name: PART_NAMES[part] ?? part, amount: sums[part], from, text: money(sums[part]) };
    from += sums[part];
    return item;
  });
  items.push({ name: "injection cost", amount: total, text: money(total), kind: "sum" });
  const planned = rows[0].basis === "planned";
  const whose = unit === null ? "All awards" : planned ? `No award: from ${rows[0].hub_id} at the planned volume` : `${rows.length} ${rows.length === 1 ? "award" : "awards"}`;
  return { note: `${whose}, ${grouped(pieces)} pieces a day, USD a day; ${money(total / Math.max(1, pieces), 4)} USD a piece.`, list: bars(items) };
}

function scatter() {
  const points = records("awards").filter((row) => row.volume_pieces > 0).map((row) => ({ ...row, x: Number(row.injection_usd) / row.volume_pieces, y: Number(row.price_usd_per_piece) }));
  if (points.length === 0) return null;
  const [width, height, left, bottom] = [460, 300, 46, 38];
  const top = (values) => {
    const most = Math.max(...values, 0.01);
    const power = 10 ** Math.floor(Math.log10(most));
    return [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10].map((step) => step * power).find((step) => step >= most);
  };
  const [mostX, mostY] = [top(points.map((p) => p.x)), top(points.map((p) => p.y))];
  const x = (value) => left + ((width - left - 22) * value) / mostX;
  const y = (value) => height - bottom - ((height - bottom - 10) * value) / mostY;
  const svg = makeSvg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "scatter", "aria-label": `Scatter of ${points.length} awards: price a piece against injection cost a piece; the table of awards holds the numbers` });
  for (let i = 0; i <= 4; i += 1) {
    const [vx, vy] = [(mostX * i) / 4, (mostY * i) / 4];
    svg.append(makeSvg("line", { x1: left, x2: width - 22, y1: y(vy), y2: y(vy), class: "grid" }));
    svg.append(makeSvg("text", { x: left - 6, y: y(vy) + 4, "text-anchor": "end" }, vy.toFixed(2)));
    svg.append(makeSvg("text", { x: x(vx), y: height - bottom + 16, "text-anchor": "middle" }, vx.toFixed(2)));
  }
  svg.append(makeSvg("text", { x: (left + width) / 2, y: height - 4, "text-anchor": "middle" }, "injection cost, USD a piece"));
  svg.append(makeSvg("text", { x: -(height - bottom) / 2, y: 11, "text-anchor": "middle", transform: "rotate(-90)" }, "price, USD a piece"));
  for (const p of points.slice(0, 4000)) {
    const dot = makeSvg("circle", { cx: x(p.x), cy: y(p.y), r: 3.2, class: `dot ${p.price_basis}` }, makeSvg("title", {}, `${p.bid_id}: ${p.bidder_id} to ${p.ddu_id}, price ${p.y} USD, injection ${p.x.toFixed(4)} USD a piece`));
    dot.addEventListener("click", () => selectId("unit", p.ddu_id));
    svg.append(dot);
  }
  const key = make("p", { className: "key" }, make("span", { className: "swatch hub" }), "price at the hub (the haul is paid out of it) ", make("span", { className: "swatch dock" }), "price at the dock");
  return figure("Price against injection cost", null, svg, key);
}

function drawCharts() {
  const all = waterfall(null);
  const first = all ? figure("What injection costs are made of", all.note, all.list) : null;
  byId("charts").replaceChildren(...[reasons(), first, scatter(), concentration(), utilisation(), policy(), variants()].filter(Boolean));
}
