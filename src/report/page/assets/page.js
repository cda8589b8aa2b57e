// The page as a whole: summary, details of what is chosen, colours, and the start.
function drawSummary() {
  const { facts } = page;
  const proofs = { optimal: "proven optimal", gap_limit: "best found, with a gap", infeasible: "no award obeys the policy" };
  const counts = {};
  page.marks.units.forEach((_, index) => {
    const { state } = unitAt(index);
    counts[state] = (counts[state] ?? 0) + 1;
  });
  const served = (counts.awarded ?? 0) + (counts.contested ?? 0);
  const cards = [
    [`Value (${facts.objective}), USD a day`, money(facts.value_usd), facts.proof ?? proofs[facts.status] ?? facts.status],
    ["Bidders' spend, USD a day", money(facts.spend_usd), ""],
    ["Pieces awarded a day", grouped(facts.pieces), ""],
    ["Bid lines won", grouped(facts.lines[0]), `of ${grouped(facts.lines[1])}`],
    ["Units with an award", grouped(served), `of ${grouped(page.marks.units.length)}`],
  ];
  byId("cards").replaceChildren(...cards.map(([title, value, note]) => make("div", { className: "card" }, make("span", {}, title), make("strong", {}, value), make("small", {}, note))));
  byId("facts").replaceChildren(...facts.list.flatMap(([term, text]) => [make("dt", {}, term), make("dd", {}, text)]));
  if (!page.map) return;
  const count = (state) => grouped(counts[state] ?? 0);
  byId("legend").replaceChildren(
    ...Object.entries(STATES).map(([state, text]) => make("li", {}, make("span", { className: `swatch ${state}`, ariaHidden: "true" }), `${text} (${count(state)})`)),
    make("li", {}, make("span", { className: "swatch diamond", ariaHidden: "true" }), `hub (${page.map.hubs.length})`),
    make("li", {}, "Area of a circle: pieces awarded"),
  );
}

function list(pairs) {
  return make("dl", {}, ...pairs.filter(([, text]) => text !== null && text !== undefined).flatMap(([term, text]) => [make("dt", {}, term), make("dd", {}, String(text))]));
}

function showRows(name, column, id, text) {
  return views.has(name) ? make("button", { type: "button", onclick: () => views.get(name).only(column, id) }, text) : null;
}

function unitDetails(index) {
  const { state, pieces, bids, place } = unitAt(index);
  const facts = records("ddus").find((row) => row.ddu_id === place.id);
  const winners = records("awards").filter((row) => row.ddu_id === place.id);
  const best = place.hub === null ? null : page.map.hubs[place.hub];
  const parts = waterfall(place.id);
  return [
    make("h3", {}, place.name), make("p", {}, place.id, " ", make("span", { className: `badge ${state}` }, STATES[state])),
    list([
      ["pieces awarded", `${grouped(pieces)} of ${grouped(place.capacity)}${facts?.utilisation_percent ? ` (${facts.utilisation_percent} %)` : ""}`],
      ["bids", grouped(bids)],
      ["winners", winners.length ? [...new Set(winners.map((row) => row.bidder_id))].join(", ") : "none"],
      ["value", facts?.value_usd ? `${money(facts.value_usd)} USD a day` : null],
      ["one more piece is worth", facts?.one_more_piece_usd ? `${facts.one_more_piece_usd} USD` : null],
      ["cheapest hub", best ? `${best.name} (${best.id}), ${place.usd_per_piece} USD a piece at ${grouped(page.map.planned_pieces)} pieces` : "none reaches it"],
    ]),
    parts ? make("h4", {}, "What the haul costs") : null, parts ? make("p", {}, parts.note) : null, parts?.list,
    make("div", { className: "actions" }, showRows("awards", "ddu_id", place.id, "Its awards"), showRows("bids_explained", "ddu_id", place.id, "Its bids and reasons"), showRows("waterfall", "ddu_id", place.id, "Its costs")),
  ];
}

function hubDetails(index) {
  const hub = page.map.hubs[index];
  const flows = page.marks.flows.filter(([from]) => from === index);
  const catchment = page.map.units.filter((unit) => unit.hub === index).length;
  return [
    make("h3", {}, hub.name), make("p", {}, `${hub.id}, hub of ${hub.shipper}`),
    list([
      ["brings", `${grouped(flows.reduce((sum, flow) => sum + flow[2], 0))} pieces a day to ${flows.length} units`],
      ["is the cheapest for", `${catchment} units at ${grouped(page.map.planned_pieces)} pieces a day`],
    ]),
    make("div", { className: "actions" }, showRows("awards", "hub_id", hub.id, "Its awards"), showRows("bids_explained", "hub_id", hub.id, "Its bids and reasons")),
  ];
}

function drawDetails(what) {
  const content = !what ? [make("p", { className: "hint" }, "Choose a unit or a hub on the map, in a table, or by name above: its award, bids and costs appear here.")]
    : what.kind === "hub" ? hubDetails(what.index) : unitDetails(what.index);
  byId("details").replaceChildren(...content.filter(Boolean));
}

listeners.push(drawDetails);

function chooseColours() {
  const root = document.documentElement;
  const next = { system: "light", light: "dark", dark: "system" };
  byId("theme").addEventListener("click", () => {
    const now = next[root.dataset.colours ?? "system"];
    root.dataset.colours = now;
    byId("theme").textContent = `Colours: ${now}`;
    restyle();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
}

function findPlaces() {
  const all = page.map ? [...page.map.units.map((place, index) => ({ place, index, kind: "unit" })), ...page.map.hubs.map((place, index) => ({ place, index, kind: "hub" }))] : [];
  const title = ({ place }) => `${place.name} (${place.id})`;
  const named = new Map(all.map((entry) => [title(entry), entry]));
  byId("find").addEventListener("input", (event) => {
    const text = event.target.value.trim();
    const entry = named.get(text) ?? all.find(({ place }) => place.id === text);
    if (entry) select({ kind: entry.kind, index: entry.index });
    const part = text.toLowerCase();
    const near = part.length < 1 ? [] : all.filter((one) => title(one).toLowerCase().includes(part)).slice(0, 30);
    byId("places").replaceChildren(...near.map((one) => make("option", { value: title(one) })));
  });
}

// Everything that depends on the award.
function drawAward() {
  drawSummary();
  drawTables();
  drawCharts();
}

async function start() {
  try {
    page = JSON.parse(await unpacked("data"));
    byId("licence").textContent = byId("map-licence").textContent.trim();
    drawAward();
    drawDetails(null);
    chooseColours();
    findPlaces();
    byId("print").addEventListener("click", () => print());
    if (page.map) {
      shown.flows = page.map.routes.length === 0;
      byId("layers").replaceChildren(...layerSwitches());
      byId("attribution").textContent = page.map.attribution;
    } else {
      byId("place").hidden = true;
    }
    if (document.documentElement.dataset.served) drawWhatIf();
    document.documentElement.dataset.ready = "1";
    if (page.map) await drawMap();
  } catch (error) {
    byId("failure").hidden = false;
    byId("failure").textContent = `Something of this page does not work in this browser: ${error.message}`;
    if (page?.map) {
      document.documentElement.dataset.map = "drawing";
      drawOverview();
    }
  }
}
