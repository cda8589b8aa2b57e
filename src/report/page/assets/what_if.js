// Questions to the server that shows the page: another price of fuel, other wages, a share cap, a bidder that drops out.
let first = null; // the award that the page came with

function drawWhatIf() {
  const number = (name, text, min, max, step) => make("label", {}, text, " ", make("input", { type: "number", name, min, max, step }));
  const bidders = records("bidders").map((row) => make("option", { value: row.bidder_id }, `${row.name ?? row.bidder_id} (${row.bidder_id})`));
  const result = make("div", { className: "result", role: "status" });
  const reset = make("button", { type: "button", disabled: true, onclick: () => showAward(first, result, reset, null) }, "Back to the award");
  const ask = make("button", { type: "submit" }, "Work it out");
  const form = make("form", {},
    number("fuel", "Price of fuel, times", 0, 10, 0.01), number("wage", "Wages, times", 0, 10, 0.01), number("cap", "Share cap, per cent", 0.01, 100, 0.01),
    make("label", {}, "Without ", make("select", { name: "drop" }, make("option", { value: "" }, "nobody"), ...bidders)), ask, reset);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    ask.disabled = true;
    result.textContent = "Working it out…";
    try {
      const answer = await fetch("/v1/what-if", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(question(form)) });
      const body = await answer.json();
      if (!answer.ok) throw new Error(body.error?.message ?? `the server answers ${answer.status}`);
      first ??= { facts: page.facts, tables: page.tables, marks: page.marks };
      showAward(body, result, reset, body.compared);
    } catch (error) {
      result.textContent = `No answer: ${error.message}`;
    } finally {
      ask.disabled = false;
    }
  });
  byId("what-if").append(form, result);
  byId("what-if").hidden = false;
}

function question(form) {
  const asked = {};
  const { fuel, wage, cap, drop } = form.elements;
  if (fuel.value) asked.fuel_ppm = Math.round(fuel.value * 1e6);
  if (wage.value) asked.wage_ppm = Math.round(wage.value * 1e6);
  if (cap.value) asked.share_cap_ppm = Math.round(cap.value * 1e4);
  if (drop.value) asked.drop_bidders = [drop.value];
  return asked;
}

function showAward(award, result, reset, compared) {
  const facts = compared === null ? award.facts : { ...award.facts, proof: proof(compared) };
  Object.assign(page, { facts, tables: award.tables, marks: award.marks ?? page.marks });
  drawAward();
  recolour();
  drawDetails(selected);
  reset.disabled = compared === null;
  if (compared === null) return result.replaceChildren("The award as it was determined.");
  result.replaceChildren(make("p", {}, `The page now shows the award under these changes, ${proof(compared)}.`), comparison(compared));
}

function proof({ gap_ppm, interrupted, status }) {
  if (status === "infeasible") return "which no award can obey";
  const gap = gap_ppm === null ? "without a bound" : `proven within ${(gap_ppm / 1e4).toFixed(2)} % of the best`;
  return interrupted ? `the best found in the time given, ${gap}` : gap;
}

// Both awards side by side.
function comparison(compared) {
  const rows = [["Value", "value"], ["Bidders' spend", "spend"], ["Revenue at the dock", "revenue"], ["Contribution", "contribution"], ["Injection cost", "injection"], ["Pieces", "pieces"], ["Bid lines won", "awards"]];
  const number = (amount, kind) => (["pieces", "awards"].includes(kind) ? grouped(amount) : money(amount));
  const signed = (amount, kind) => (amount > 0 ? "+" : "") + number(amount, kind);
  const cell = (text) => make("td", { className: "n" }, text);
  const body = rows.filter(([, kind]) => compared[kind] !== undefined).map(([title, kind]) => {
    const [before, after] = [compared[`baseline_${kind}`], compared[kind]];
    return make("tr", {}, make("th", { scope: "row" }, title), cell(number(before, kind)), cell(number(after, kind)), cell(signed(after - before, kind)));
  });
  const head = ["USD or pieces a day", "as awarded", "now", "change"].map((text, i) => make("th", { scope: "col", className: i ? "n" : "" }, text));
  return make("div", { className: "scroll" }, make("table", { className: "compared" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body)));
}
