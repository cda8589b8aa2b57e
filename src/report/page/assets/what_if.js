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
  Object.assign(page, { facts: award.facts, tables: award.tables, marks: award.marks ?? page.marks });
  drawAward();
  recolour();
  drawDetails(selected);
  reset.disabled = compared === null;
  if (compared === null) return result.replaceChildren("The award as it was determined.");
  const words = (name) => name.replaceAll("_", " ");
  result.replaceChildren(make("p", {}, "The page now shows the award under these changes."), list(Object.entries(compared).filter(([, value]) => typeof value !== "object").map(([name, value]) => [words(name), typeof value === "boolean" ? String(value) : grouped(value)])));
}
