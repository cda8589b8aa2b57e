"""One engine in a process of its own: a job (JSON) on standard input, a line (JSON) for each step on standard output."""

import json
import os
import random
import shutil
import sys
from pathlib import Path

import numpy

from steps import here, least, run

CAR_ROADS = {f"{road}{link}" for road in ("motorway", "trunk", "primary", "secondary", "tertiary") for link in ("", "_link")}
CAR_ROADS |= {"residential", "unclassified", "living_street"}

# A car that is paid by the hour only: the least money is the least time.
VEHICLES = """[vehicle.car]
mode = "motorcar"
cube_cuft = 100
payload_lb = 1000
length_ft = 15
height_ft = 5
width_ft = 6
gross_weight_lb = 4000
fuel_per_mile = 0
repair_per_mile = 0
tires_per_mile = 0
wages_per_hour = 60
benefits_per_hour = 0
fixed_per_day = 0
per_stop = 0
per_piece = 0
toll_per_mile = 0
dwell_fixed_min = 0
unload_per_piece_s = 0
day_hours = 10
"""

SCENARIO = """[scenario]
operating_date = 2026-11-23
[inputs]
map = "map.roads"
hubs = "hubs.csv"
ddus = "ddus.csv"
vehicles = "vehicles.toml"
[parcel]
mean_cube_cuft = 0.5
mean_weight_lb = 3.5
[map]
snap_warn_m = 1000
border_buffer_m = 0
[data]
default_timezone = "America/New_York"
"""


def folder(job, name):
    path = Path(job["cache"]) / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def answers(job, engine):
    return Path(job["cache"]) / f"{engine}.npz"


def points(job):
    """Sources and targets: random nodes of roads for cars. Also forgets the answers of an earlier run."""
    import osmium

    for old in Path(job["cache"]).glob("*.npz"):
        old.unlink()

    class Roads(osmium.SimpleHandler):
        def __init__(self):
            super().__init__()
            self.at = {}

        def way(self, way):
            if way.tags.get("highway") in CAR_ROADS:
                self.at.update((n.ref, (n.location.lon, n.location.lat)) for n in way.nodes if n.location.valid())

    roads = Roads()
    roads.apply_file(job["extract"], locations=True)
    chosen = random.Random(job["seed"]).sample(sorted(roads.at.items()), 2 * job["points"])
    text = json.dumps([at for _, at in chosen])
    (Path(job["cache"]) / "points.json").write_text(text, encoding="utf-8")
    yield {"name": "points"}


def chosen_points(job, count):
    both = json.loads((Path(job["cache"]) / "points.json").read_text(encoding="utf-8"))
    return both[:count], both[job["points"] : job["points"] + count]


def ddu(job):
    import pyarrow.parquet

    at = folder(job, "ddu")
    count = job["points"]
    for name, head, rows in zip(("hubs", "ddus"), ("hub_id,shipper_id", "ddu_id,name"), chosen_points(job, count)):
        lines = [f"{i:06},{i:06},{lat:.7f},{lon:.7f}" for i, (lon, lat) in enumerate(rows)]
        (at / f"{name}.csv").write_text("\n".join([f"{head},lat,lon", *lines, ""]), encoding="utf-8")
    (at / "vehicles.toml").write_text(VEHICLES, encoding="utf-8")
    (at / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    program = [job["ddu"], "--threads", "1", "--log-format", "json"]
    yield run("prepare", [*program, "prepare", job["extract"], "-o", "map.roads"], job["limit"], at)[0]
    command = [*program, "matrix", "scenario.toml", "-o", "matrix.parquet"]
    matrix, log = run("whole `ddu matrix`, outbound and return, to Parquet", command, job["limit"], at)
    yield matrix
    events = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    stages = [event["fields"] for event in events if "millis" in event.get("fields", {})]
    stages = [{"name": f"of it: {s['stage']}", "wall": s["millis"] / 1e3} for s in stages]
    rows = pyarrow.parquet.read_table(at / "matrix.parquet").to_pydict()
    grid = numpy.full((2, count, count), numpy.nan)
    where = (numpy.array(rows["hub_id"], int), numpy.array(rows["ddu_id"], int))
    for layer, column in enumerate(("outbound_seconds", "outbound_metres")):
        grid[layer][where] = numpy.array([numpy.nan if v is None else float(v) for v in rows[column]])
    numpy.savez(answers(job, "ddu"), seconds=grid[0], metres=grid[1])
    yield from stages


def osrm(job, algorithm):
    import osrm as package

    name = f"osrm-{algorithm.lower()}"
    at = folder(job, name)
    home = Path(package.__file__).parent
    (at / "map.osm.pbf").symlink_to(job["extract"])
    tool = lambda tool, *rest: run(tool, [home / "bin" / f"osrm-{tool}", "-t", "1", *rest], job["limit"], at)[0]
    yield tool("extract", "-p", home / "share/profiles/car.lua", "map.osm.pbf")
    for step in ["contract"] if algorithm == "CH" else ["partition", "customize"]:
        yield tool(step, "map.osrm")
    count = job["points"]
    sources, targets = chosen_points(job, count)
    engine = package.OSRM(
        storage_config=str(at / "map.osrm"), algorithm=algorithm, use_shared_memory=False, max_locations_distance_table=10**6
    )

    def ask(wanted):
        return engine.Table(
            package.TableParameters(
                coordinates=[tuple(at) for at in sources + targets],
                sources=list(range(count)),
                destinations=list(range(count, 2 * count)),
                annotations=wanted,
            )
        )

    yield least("table, seconds", 3, lambda: ask(["duration"]))[0]
    both, found = here("table, seconds and metres", lambda: ask(["duration", "distance"]))
    yield both
    number = lambda value: numpy.nan if value is None else float(value)
    grid = lambda rows: numpy.array([[number(rows[i][j]) for j in range(count)] for i in range(count)])
    numpy.savez(answers(job, name), seconds=grid(found["durations"]), metres=grid(found["distances"]))


def valhalla(job):
    import valhalla as package

    at = folder(job, "valhalla")
    (at / "tiles").mkdir()
    (at / "none.tar").touch()
    config = package.get_config(tile_extract=str(at / "none.tar"), tile_dir=str(at / "tiles"))
    del config["mjolnir"]["tile_extract"]
    config["mjolnir"]["concurrency"] = 1
    config["service_limits"]["auto"].update(max_matrix_location_pairs=10**9, max_matrix_distance=1e8, max_distance=1e8)
    (at / "config.json").write_text(json.dumps(config), encoding="utf-8")
    build = Path(package.__file__).parent / "bin/valhalla_build_tiles"
    yield run("tiles", [build, "-c", "config.json", "-j", "1", job["extract"]], job["limit"], at)[0]
    actor = package.Actor(str(at / "config.json"))
    count = min(job["points"], job["valhalla_points"])
    places = [[{"lon": lon, "lat": lat} for lon, lat in side] for side in chosen_points(job, count)]
    request = {"sources": places[0], "targets": places[1], "costing": "auto", "verbose": False, "units": "kilometers"}
    table, found = here(f"table {count} × {count}, seconds and metres", lambda: actor.matrix(request))
    yield table
    cells = found["sources_to_targets"]
    grid = lambda rows, unit: numpy.array([[numpy.nan if v is None else v * unit for v in row] for row in rows], float)
    seconds, metres = grid(cells["durations"], 1), grid(cells["distances"], 1000)
    numpy.savez(answers(job, "valhalla"), seconds=seconds, metres=metres)


def routingkit(job):
    import pyroutingkit

    for kind in ("junctions", "turns"):
        at = Path(job["graphs"]) / kind
        read = lambda name, kind_of=numpy.uint32: numpy.fromfile(at / name, kind_of)
        first_out, head, weight = read("first_out"), read("head"), read("weight")
        tail = numpy.repeat(numpy.arange(len(first_out) - 1, dtype=numpy.uint32), numpy.diff(first_out))
        x, y, sources, targets = read("x", numpy.float32), read("y", numpy.float32), read("sources"), read("targets")
        topology = pyroutingkit.CCHTopology()
        build = lambda: topology.build(tail, head, y, x, len(first_out) - 1)
        yield here(f"{kind}: order and contraction", build)[0]
        metric = pyroutingkit.CCHMetric(topology)
        yield least(f"{kind}: customization", 5, lambda: metric.customize(weight, thread_count=1))[0]
        step, found = least(f"{kind}: table, cost alone", 5, lambda: metric.distances_many_to_many(sources, targets))
        differ = int(numpy.count_nonzero(numpy.asarray(found).reshape(-1) != read("cost")))
        step["name"] += f" ({differ:,} of {found.size:,} cells differ from ours)"
        yield step


def ratios(job):
    """Quantiles of theirs / ours over the cells that both have."""
    ours = numpy.load(answers(job, "ddu"))
    quantiles = [1, 5, 25, 50, 75, 95, 99]
    lines = ["| theirs / ours | cells | without path theirs, ours | " + " | ".join(f"{q} %" for q in quantiles) + " |"]
    lines.append("| --- " * (len(quantiles) + 3) + "|")
    for file in sorted(Path(job["cache"]).glob("*.npz")):
        if file.stem == "ddu":
            continue
        theirs = numpy.load(file)
        for what in ("seconds", "metres"):
            a = theirs[what]
            b = ours[what][: a.shape[0], : a.shape[1]]
            both = ~numpy.isnan(a) & ~numpy.isnan(b) & (b > 0)
            at = numpy.percentile(a[both] / b[both], quantiles)
            missing = f"{int(numpy.isnan(a).sum()):,}, {int(numpy.isnan(b).sum()):,}"
            cells = " | ".join(f"{value:.3f}" for value in at)
            lines.append(f"| {file.stem}, {what} | {int(both.sum()):,} | {missing} | {cells} |")
    yield {"markdown": "\n".join(lines)}


JOBS = {
    "points": points,
    "ddu": ddu,
    "osrm-mld": lambda job: osrm(job, "MLD"),
    "osrm-ch": lambda job: osrm(job, "CH"),
    "valhalla": valhalla,
    "routingkit": routingkit,
    "ratios": ratios,
}


def main():
    job = json.load(sys.stdin)
    # Engines print to standard output, which is for the steps alone.
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    say = lambda line: print(json.dumps(line), file=output, flush=True)
    try:
        for step in JOBS[sys.argv[1]](job):
            say(step)
    except Exception as why:  # whatever an engine does, the others go on
        say({"failed": f"{type(why).__name__}: {why}"})


if __name__ == "__main__":
    main()
