// The map as a drawing: where there is no WebGL, and in print. Also the geometry that both maps share.
const degrees = (value) => value / 1e5;

// A line of steps as positions in degrees.
function positions(steps) {
  const line = [];
  let [lon, lat] = [0, 0];
  for (let i = 0; i + 1 < steps.length; i += 2) {
    lon += steps[i];
    lat += steps[i + 1];
    line.push([degrees(lon), degrees(lat)]);
  }
  return line;
}

const position = (place) => place.at.map(degrees);

// The box of all places, with a margin.
function extent() {
  const points = [...page.map.hubs, ...page.map.units].map(position);
  if (points.length === 0) return [[-125, 24], [-66, 50]];
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const [lon, lat] of points) {
    [west, east] = [Math.min(west, lon), Math.max(east, lon)];
    [south, north] = [Math.min(south, lat), Math.max(north, lat)];
  }
  const margin = Math.max(0.01, 0.04 * Math.max(east - west, north - south));
  return [[west - margin, south - margin], [east + margin, north + margin]];
}

function mostPieces() {
  return page.marks.units.reduce((most, [, pieces]) => Math.max(most, pieces), 1);
}

// Radius of a unit in pixels: area by volume.
const radius = (pieces, most) => Math.max(3.5, 13 * Math.sqrt(pieces / most));

let overviewDrawn = false;

function drawOverview() {
  if (!page.map || overviewDrawn) return;
  overviewDrawn = true;
  const [[west, south], [east, north]] = extent();
  const stretch = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const width = 1000;
  const scale = width / ((east - west) * stretch);
  const height = Math.round((north - south) * scale);
  const at = ([lon, lat]) => [((lon - west) * stretch * scale).toFixed(1), ((north - lat) * scale).toFixed(1)];
  const path = (lines) => lines.map((line) => `M${line.map((point) => at(point).join(" ")).join("L")}`).join("");
  const svg = makeSvg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Overview of ${page.map.hubs.length} hubs and ${page.map.units.length} delivery units; the tables hold the same` });
  for (const layer of page.map.roads) svg.append(makeSvg("path", { d: path(layer.lines.map(positions)), class: `road ${layer.class}` }));
  if (page.map.routes.length > 0) svg.append(makeSvg("path", { d: path(page.map.routes.map((route) => positions(route.line))), class: "route" }));
  else svg.append(makeSvg("path", { d: path(page.marks.flows.map(([hub, unit]) => [position(page.map.hubs[hub]), position(page.map.units[unit])])), class: "flow" }));
  const most = mostPieces();
  page.map.units.forEach((place, index) => {
    const unit = unitAt(index);
    const [cx, cy] = at(position(place));
    const dot = makeSvg("circle", { cx, cy, r: radius(unit.pieces, most), class: `unit ${unit.state}` }, makeSvg("title", {}, `${place.id} ${place.name}: ${STATES[unit.state]}, ${unit.pieces} pieces a day`));
    dot.addEventListener("click", () => select({ kind: "unit", index }));
    svg.append(dot);
  });
  page.map.hubs.forEach((hub, index) => {
    const [x, y] = at(position(hub)).map(Number);
    const mark = makeSvg("path", { d: `M${x} ${y - 9}L${x + 9} ${y}L${x} ${y + 9}L${x - 9} ${y}Z`, class: "hub" }, makeSvg("title", {}, `${hub.id} ${hub.name}`));
    mark.addEventListener("click", () => select({ kind: "hub", index }));
    svg.append(mark);
  });
  byId("overview").replaceChildren(svg);
}

function redrawOverview() {
  const wasDrawn = overviewDrawn;
  overviewDrawn = false;
  if (wasDrawn) drawOverview();
}

addEventListener("beforeprint", drawOverview);
