// The steps of scripts/browser_check.
import { chromium } from "playwright-core";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [run, shots, address] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const flags = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
let failed = 0;

function check(what, holds, detail = "") {
  console.log(`${holds ? "ok    " : "FAILED"}  ${what}${detail === "" ? "" : `: ${detail}`}`);
  if (!holds) failed += 1;
}

async function opened(browser, width, colorScheme) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, offline: true, acceptDownloads: true });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => /^(file|blob|data):/.test(request.url()) || wrong.push(`fetches ${request.url()}`));
  const begun = Date.now();
  await page.goto(`file://${run}/report.html`);
  await page.waitForSelector("html[data-ready]", { timeout: 60_000 });
  const ready = Date.now() - begun;
  await page.waitForSelector("html[data-map]", { timeout: 60_000 });
  return { context, page, wrong, ready, drawn: Date.now() - begun };
}

// Pixels of an element's screenshot that are near a colour of the style sheet.
async function pixelsNear(page, selector, name) {
  const png = (await page.locator(selector).screenshot()).toString("base64");
  return page.evaluate(async ([png, name]) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, image.width, image.height);
    const [r, g, b] = paint(name).match(/\d+/g).map(Number);
    let near = 0;
    for (let i = 0; i < data.length; i += 4) near += Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 60;
    return near;
  }, [png, name]);
}

async function use({ page, wrong }) {
  for (const colour of ["ground", "awarded", "hub"]) {
    const near = await pixelsNear(page, "#map", colour);
    check(`the map has pixels of "${colour}"`, near > 50, `${near}`);
  }
  // The unit with awards that lies farthest from all else, seen from near enough that nothing lies over it.
  await page.evaluate(() => {
    const places = [...page.map.units, ...page.map.hubs].map((place) => map.project(position(place)));
    const room = (i) => Math.min(...places.map((other, j) => (i === j ? Infinity : Math.hypot(other.x - places[i].x, other.y - places[i].y))));
    const won = page.marks.units.map(([, pieces], index) => ({ index, pieces })).filter(({ pieces }) => pieces > 0).slice(0, 500);
    const { index, free } = won.map(({ index }) => ({ index, free: room(index) })).sort((a, b) => b.free - a.free)[0];
    window.aim = index;
    delete document.documentElement.dataset.map;
    map.once("idle", () => (document.documentElement.dataset.map = "idle"));
    map.jumpTo({ center: position(page.map.units[index]), zoom: map.getZoom() + Math.max(0.01, Math.log2(60 / free)) });
  });
  await page.waitForSelector("html[data-map=idle]", { timeout: 60_000 });
  const target = await page.evaluate(() => {
    const { x, y } = map.project(position(page.map.units[aim]));
    return { index: aim, x, y, id: page.map.units[aim].id };
  });
  await page.locator("#map canvas").click({ position: { x: target.x, y: target.y }, force: true });
  for (let tries = 0; tries < 50 && (await page.evaluate(() => selected === null)); tries += 1) await page.waitForTimeout(100);
  const details = await page.locator("#details").innerText();
  const chosen = await page.evaluate(() => selected && (selected.kind === "unit" ? page.map.units : page.map.hubs)[selected.index].id);
  check("a click on a unit shows its details", chosen === target.id && details.includes(chosen), `${chosen} (aimed at ${target.id})`);
  await page.evaluate((index) => select({ kind: "unit", index }), target.index);
  await page.getByRole("button", { name: "Its bids and reasons" }).click();
  const ids = await page.locator("#table-bids_explained tbody .link[title]").allInnerTexts();
  check("its bids are shown in the table", ids.includes(target.id));

  const awards = page.locator("#table-awards");
  const header = awards.locator("thead th").filter({ hasText: "value USD" });
  await header.locator("button").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  const column = await header.evaluate((th) => th.cellIndex);
  const values = (await awards.locator(`tbody td:nth-child(${column + 1})`).allInnerTexts()).map((text) => Number(text.replace(/\s/g, "")));
  check("a column is sorted by keyboard, largest first", (await header.getAttribute("aria-sort")) === "descending" && values.every((v, i) => i === 0 || v <= values[i - 1]), values.slice(0, 3).join(" "));

  const bids = page.locator("#table-bids_explained");
  await bids.getByLabel("Filter outcome").fill("= won");
  await bids.getByLabel("Filter DDU id").fill("");
  const saving = page.waitForEvent("download");
  await bids.getByRole("button", { name: "Download CSV" }).click();
  const saved = readFileSync(await (await saving).path(), "utf8").trim().split("\n");
  const all = await page.evaluate(() => page.facts.lines[0]);
  const leftOut = await page.evaluate(() => tableNamed("bids_explained").left_out);
  check("filtered rows are saved as CSV", leftOut > 0 || saved.length === all + 1, `${saved.length - 1} rows`);
  await bids.getByLabel("Filter outcome").fill("");
  await bids.getByLabel(/^Search/).fill("won");
  check("a search is counted", /found in/.test(await bids.locator(".status").innerText()) || leftOut > 0);
  await bids.getByLabel(/^Search/).fill("");
  const whole = readFileSync(`${run}/bids_explained.csv`, "utf8");
  const again = await page.evaluate(() => new TableView(tableNamed("bids_explained")).csv());
  check("the saved table is that of the run's file, byte by byte", leftOut > 0 || again === whole);
  check("nothing fails and nothing is fetched", wrong.length === 0, wrong.join(" | "));
}

// The page as a server shows it: questions, and awards that change with them.
async function whatIf(browser, address) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, colorScheme: "light" });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.message));
  await page.goto(address);
  await page.waitForSelector("html[data-map=idle]", { timeout: 60_000 });
  const cards = () => page.locator("#cards").innerText();
  const first = await cards();
  const bidder = await page.evaluate(() => records("awards")[0].bidder_id);
  const drop = page.getByLabel("Without");
  for (const [what, set] of [
    ["dearer fuel", () => page.getByLabel("Price of fuel, times").fill("1.5")],
    ["higher wages", () => page.getByLabel("Wages, times").fill("1.2")],
    ["a share cap", () => page.getByLabel("Share cap, per cent").fill("25")],
    ["a bidder that drops out", () => drop.selectOption(bidder)],
  ]) {
    const before = await cards();
    await set();
    const begun = Date.now();
    await page.getByRole("button", { name: "Work it out" }).click();
    await page.getByText(/The page now shows the award under these changes/).waitFor({ timeout: 60_000 });
    await page.waitForFunction(() => ![...document.querySelectorAll("#what-if button")].some((button) => button.textContent === "Work it out" && button.disabled));
    const spent = Date.now() - begun;
    check(`what if: ${what} changes the award within 2 s`, (await cards()) !== before && spent < 2000, `${spent} ms`);
    if (what === "dearer fuel") await page.screenshot({ path: `${shots}/what-if.png` });
    await page.evaluate(() => document.querySelector(".result").replaceChildren());
  }
  const winners = await page.evaluate(() => records("awards").map((row) => row.bidder_id));
  check("what if: who drops out wins nothing", winners.length > 0 && !winners.includes(bidder), `${winners.length} awards`);
  await page.getByRole("button", { name: "Back to the award" }).click();
  check("what if: the way back", (await cards()) === first);
  check("what if: no error in the console", wrong.length === 0, wrong.join(" | "));
  await context.close();
}

async function accessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document, { exclude: [[".maplibregl-ctrl"]] }));
  const text = violations.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 90)}`).join(" | ");
  check("axe finds nothing", violations.length === 0, text);
  await page.evaluate(() => scrollTo(0, 0));
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: flags });
for (const [name, width, colours] of [["wide-light", 1400, "light"], ["wide-dark", 1400, "dark"], ["narrow-light", 420, "light"], ["narrow-dark", 420, "dark"]]) {
  const seen = await opened(browser, width, colours);
  check(`${name}: the page answers in less than 3 s`, seen.ready < 3000, `${seen.ready} ms, map drawn after ${seen.drawn} ms`);
  check(`${name}: the map is drawn`, (await seen.page.getAttribute("html", "data-map")) === "idle");
  const sideways = await seen.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check(`${name}: nothing sticks out sideways`, sideways <= 0, `${sideways} px`);
  await accessible(seen.page);
  await seen.page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
  if (name === "wide-light") await use(seen);
  check(`${name}: no error in the console`, seen.wrong.length === 0, seen.wrong.join(" | "));
  if (name === "wide-light") await seen.page.pdf({ path: `${shots}/print.pdf`, format: "A4", landscape: true });
  await seen.context.close();
}
if (address) await whatIf(browser, address);
await browser.close();

const plain = await chromium.launch({ executablePath: process.env.CHROMIUM, args: [...flags, "--disable-3d-apis"] });
const seen = await opened(plain, 1400, "light");
check("without WebGL there is a drawing of all units", (await seen.page.locator("#overview circle").count()) === (await seen.page.evaluate(() => page.map.units.length)));
check("without WebGL nothing fails", seen.wrong.length === 0, seen.wrong.join(" | "));
await seen.page.screenshot({ path: `${shots}/no-webgl.png` });
await plain.close();
console.log(`${failed === 0 ? "all holds" : `${failed} do not hold`}; screenshots in ${shots}`);
process.exit(failed === 0 ? 0 : 1);
