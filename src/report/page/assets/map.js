// The map that can be moved: MapLibre GL JS, unpacked from the page itself. Nothing is fetched.
let map = null;
const HUES = ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#997700", "#44aa99", "#882255", "#332288"];
const LAYERS = [
  ["roads", "Main roads", true, []],
  ["flows", "Award lines", true, ["flows"]],
  ["routes", "Routes", true, ["routes"]],
  ["catchments", "Catchments: each unit's cheapest hub", false, ["catchment-areas", "catchment-lines"]],
  ["hubs", "Hubs", true, ["hubs"]],
];
const shown = Object.fromEntries(LAYERS.map(([name, , on]) => [name, on]));

// A colour of the style sheet as the map's library understands it.
function paint(name) {
  const probe = make("span", { hidden: true });
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const collection = (features) => ({ type: "FeatureCollection", features });
const feature = (type, coordinates, properties = {}) => ({ type: "Feature", geometry: { type, coordinates }, properties });

// The convex hull of points.
function hull(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turn = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (list) => list.reduce((chain, point) => {
    while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
    return [...chain, point];
  }, []).slice(0, -1);
  return [...half(sorted), ...half(sorted.reverse())];
}

function catchments() {
  const byHub = new Map();
  page.map.units.forEach((unit) => {
    if (unit.hub !== null) byHub.set(unit.hub, [...(byHub.get(unit.hub) ?? []), position(unit)]);
  });
  const [areas, lines] = [[], []];
  for (const [hub, points] of byHub) {
    const [at, colour] = [position(page.map.hubs[hub]), HUES[hub % HUES.length]];
    lines.push(feature("MultiLineString", points.map((point) => [at, point]), { colour }));
    const ring = hull([at, ...points]);
    if (ring.length > 2) areas.push(feature("Polygon", [[...ring, ring[0]]], { colour }));
  }
  return { areas: collection(areas), lines: collection(lines) };
}

function unitFeatures() {
  const most = mostPieces();
  return collection(page.map.units.map((place, index) => {
    const { state, pieces } = unitAt(index);
    const chosen = selected?.kind === "unit" && selected.index === index;
    return feature("Point", position(place), { index, state, radius: radius(pieces, most), chosen });
  }));
}

function flowFeatures() {
  const most = page.marks.flows.reduce((sum, flow) => Math.max(sum, flow[2]), 1);
  return collection(page.marks.flows.map(([hub, unit, pieces]) => {
    const chosen = selected && (selected.kind === "unit" ? selected.index === unit : selected.index === hub);
    return feature("LineString", [position(page.map.hubs[hub]), position(page.map.units[unit])], { width: 0.8 + (2.2 * pieces) / most, chosen: Boolean(chosen), faint: selected !== null && !chosen });
  }));
}

function sources() {
  const { areas, lines } = catchments();
  const roads = page.map.roads.map((layer) => feature("MultiLineString", layer.lines.map(positions), { class: layer.class }));
  const data = {
    roads: collection(roads),
    flows: flowFeatures(),
    routes: collection(page.map.routes.map((route, index) => feature("LineString", positions(route.line), { index }))),
    areas,
    lines,
    hubs: collection(page.map.hubs.map((hub, index) => feature("Point", position(hub), { index }))),
    units: unitFeatures(),
  };
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, { type: "geojson", data: value }]));
}

// A diamond for hubs, drawn here because there are no sprites to fetch.
function diamond() {
  const size = 40;
  const canvas = make("canvas", { width: size, height: size });
  const pen = canvas.getContext("2d");
  pen.translate(size / 2, size / 2);
  pen.rotate(Math.PI / 4);
  pen.fillStyle = paint("hub");
  pen.strokeStyle = paint("ring");
  pen.lineWidth = 3;
  pen.fillRect(-10, -10, 20, 20);
  pen.strokeRect(-10, -10, 20, 20);
  return pen.getImageData(0, 0, size, size);
}

function layers() {
  const hidden = (name) => ({ visibility: shown[name] ? "visible" : "none" });
  const road = (name, width) => ({ id: `road-${name}`, type: "line", source: "roads", filter: ["==", ["get", "class"], name], layout: { "line-join": "round", ...hidden("roads") }, paint: { "line-color": paint(`road-${name}`), "line-width": ["interpolate", ["linear"], ["zoom"], 6, width / 2, 13, width * 2.5] } });
  const state = ["match", ["get", "state"], ...Object.keys(STATES).flatMap((name) => [name, paint(name)]), paint("unserved")];
  return [
    { id: "ground", type: "background", paint: { "background-color": paint("ground") } },
    { id: "catchment-areas", type: "fill", source: "areas", layout: hidden("catchments"), paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.14 } },
    road("secondary", 0.8), road("primary", 1.2), road("trunk", 1.6), road("motorway", 2),
    { id: "catchment-lines", type: "line", source: "lines", layout: hidden("catchments"), paint: { "line-color": ["get", "colour"], "line-width": 1.2, "line-opacity": 0.8 } },
    { id: "flows", type: "line", source: "flows", layout: { "line-cap": "round", ...hidden("flows") }, paint: { "line-color": ["case", ["get", "chosen"], paint("accent"), paint("flow")], "line-width": ["case", ["get", "chosen"], ["+", 1.5, ["get", "width"]], ["get", "width"]], "line-opacity": ["case", ["get", "chosen"], 1, ["get", "faint"], 0.15, 0.5] } },
    { id: "routes", type: "line", source: "routes", layout: { "line-join": "round", ...hidden("routes") }, paint: { "line-color": paint("accent"), "line-width": 2, "line-opacity": 0.8 } },
    { id: "units", type: "circle", source: "units", paint: { "circle-radius": ["get", "radius"], "circle-color": state, "circle-opacity": 0.9, "circle-stroke-width": ["case", ["get", "chosen"], 4, 1.2], "circle-stroke-color": ["case", ["get", "chosen"], paint("accent"), paint("ring")] } },
    { id: "hubs", type: "symbol", source: "hubs", layout: { "icon-image": "hub", "icon-size": 0.5, "icon-allow-overlap": true, ...hidden("hubs") } },
  ];
}

const style = () => ({ version: 8, sources: sources(), layers: layers() });

function hasWebGl() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

async function loadLibrary() {
  document.head.append(make("style", {}, await unpacked("map-style")));
  const address = URL.createObjectURL(new Blob([await unpacked("map-script")], { type: "text/javascript" }));
  await new Promise((done, failed) => document.head.append(make("script", { src: address, onload: done, onerror: () => failed(new Error("the map's script does not load")) })));
  URL.revokeObjectURL(address);
}

async function drawMap() {
  if (!hasWebGl()) {
    document.documentElement.dataset.map = "drawing";
    drawOverview();
    return;
  }
  await loadLibrary();
  map = new maplibregl.Map({ container: "map", style: style(), bounds: extent(), attributionControl: false, dragRotate: false, pitchWithRotate: false, maxZoom: 17 });
  map.on("styleimagemissing", ({ id }) => id === "hub" && !map.hasImage("hub") && map.addImage("hub", diamond()));
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
  map.addControl(new maplibregl.ScaleControl({ unit: "imperial" }));
  map.touchZoomRotate.disableRotation();
  const label = new maplibregl.Popup({ closeButton: false, closeOnClick: false, offset: 10 });
  for (const [layer, kind] of [["units", "unit"], ["hubs", "hub"]]) {
    map.on("click", layer, (event) => select({ kind, index: event.features[0].properties.index }));
    map.on("mousemove", layer, (event) => {
      const { index } = event.features[0].properties;
      const place = (kind === "hub" ? page.map.hubs : page.map.units)[index];
      map.getCanvas().style.cursor = "pointer";
      label.setLngLat(position(place)).setText(`${place.name} (${place.id})`).addTo(map);
    });
    map.on("mouseleave", layer, () => {
      map.getCanvas().style.cursor = "";
      label.remove();
    });
  }
  map.once("idle", () => (document.documentElement.dataset.map = "idle"));
}

// After another award, another choice or other colours.
function recolour() {
  if (!map) return redrawOverview();
  map.getSource("units")?.setData(unitFeatures());
  map.getSource("flows")?.setData(flowFeatures());
  redrawOverview();
}

function restyle() {
  if (!map) return;
  if (map.hasImage("hub")) map.removeImage("hub");
  map.setStyle(style(), { diff: false });
}

function layerSwitches() {
  const used = LAYERS.filter(([name]) => (name !== "routes" || page.map.routes.length > 0) && (name !== "roads" || page.map.roads.length > 0));
  return used.map(([name, title, , own]) => {
    const box = make("input", { type: "checkbox", checked: shown[name] });
    box.addEventListener("change", () => {
      shown[name] = box.checked;
      const ids = name === "roads" ? layers().map((layer) => layer.id).filter((id) => id.startsWith("road-")) : own;
      ids.forEach((id) => map?.setLayoutProperty(id, "visibility", box.checked ? "visible" : "none"));
    });
    return make("label", {}, box, ` ${title}`);
  });
}

// Brings what is chosen into view.
listeners.push((what) => {
  if (!page.map) return;
  recolour();
  const place = what && (what.kind === "hub" ? page.map.hubs : page.map.units)[what.index];
  if (map && place && !map.getBounds().contains(position(place))) map.panTo(position(place));
});
