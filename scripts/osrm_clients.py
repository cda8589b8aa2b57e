"""Compares what OSRM's clients get from a server with `ddu matrix` and `ddu route`; see scripts/osrm_clients."""

import csv
import json
import pathlib
import subprocess
import sys
import tomllib

import numpy
import pyarrow.parquet
import routingpy
import vroom

address, ddu, scenario, matrix = sys.argv[1:]
folder = pathlib.Path(scenario).parent
inputs = tomllib.loads(pathlib.Path(scenario).read_text())["inputs"]


def places(table, column):
    path = folder / (inputs[table] if isinstance(inputs[table], str) else inputs[table]["path"])
    with open(path, newline="") as rows:
        return {row[column]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(rows)}


rows = [row for row in pyarrow.parquet.read_table(matrix).to_pylist() if row["departure"] == "free_flow"]
cells = {(row["vehicle"], row["hub_id"], row["ddu_id"]): row for row in rows}
classes = sorted({row["vehicle"] for row in rows})
hubs, ddus = sorted({row["hub_id"] for row in rows}), sorted({row["ddu_id"] for row in rows})
at = places("hubs", "hub_id") | places("ddus", "ddu_id")
points = [list(at[name]) for name in hubs + ddus]
sources, targets = list(range(len(hubs))), list(range(len(hubs), len(points)))
wrong = 0


def same(what, ours, theirs, within):
    global wrong
    if (ours is None) != (theirs is None) or (ours is not None and abs(float(ours) - float(theirs)) > within):
        wrong += 1
        if wrong <= 20:
            print(f"differs: {what}: {ours} and {theirs}")


def way_back(cell, name):
    return None if cell["return_status"] != "ok" else cell[f"return_{name}"]


def way_out(cell, name):
    return None if cell["outbound_status"] != "ok" else cell[f"outbound_{name}"]


# routingpy: all pairs of hubs and units, both ways, for every class.
compared = 0
for vehicle in classes:
    client = routingpy.OSRM(base_url=address)
    table = client.matrix(points, profile=vehicle, annotations=["duration", "distance"])
    for h, hub in enumerate(hubs):
        for d, ddu_id in enumerate(ddus, len(hubs)):
            cell = cells[vehicle, hub, ddu_id]
            for found, name in ((table.durations, "seconds"), (table.distances, "metres")):
                same(f"{vehicle} {hub} to {ddu_id} {name}", found[h][d], way_out(cell, name), 1e-6)
                same(f"{vehicle} {ddu_id} to {hub} {name}", found[d][h], way_back(cell, name), 1e-6)
                compared += 2
print(f"routingpy matrix: {compared} numbers of {len(classes)} classes compared with ddu matrix")

# routingpy: routes, against ddu route with its line.
routes = 0
for number, ddu_id in enumerate(ddus[:20]):
    vehicle, hub = classes[number % len(classes)], hubs[number % len(hubs)]
    if cells[vehicle, hub, ddu_id]["outbound_status"] != "ok":
        continue
    words = [ddu, "route", scenario, "--from", f"hub:{hub}", "--to", f"ddu:{ddu_id}", "--vehicle", vehicle, "-o", "-", "-q"]
    told = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)["features"][0]
    client = routingpy.OSRM(base_url=address)
    found = client.directions([at[hub], at[ddu_id]], profile=vehicle, geometries="geojson", overview="full", steps=True)
    # routingpy gives whole seconds and metres; its raw answer has them all.
    raw = found.raw["routes"][0]
    same(f"{hub} to {ddu_id} seconds", raw["duration"], told["properties"]["time_ms"] / 1000, 1e-6)
    same(f"{hub} to {ddu_id} metres", raw["distance"], told["properties"]["length_decimetres"] / 10, 1e-6)
    if raw["cost_usd"] != told["properties"]["money_usd"] or raw["geometry"] != told["geometry"]:
        wrong += 1
        print(f"differs: money or line of {hub} to {ddu_id}")
    if found.geometry != told["geometry"]["coordinates"]:
        wrong += 1
        print(f"differs: routingpy's line of {hub} to {ddu_id}")
    routes += 1
print(f"routingpy directions: {routes} routes with lines compared with ddu route")

# VROOM on the server's table: the durations it reports are those of the legs it chose.
vehicle = classes[0]
table = routingpy.OSRM(base_url=address).matrix(points, profile=vehicle, annotations=["duration"])
reached = [d for d in targets if table.durations[0][d] is not None and table.durations[d][0] is not None][:15]
chosen = [0] + reached
durations = numpy.array([[round(table.durations[a][b]) for b in chosen] for a in chosen], dtype=numpy.uint32)
problem = vroom.Input()
problem.set_durations_matrix(profile="car", matrix_input=durations)
problem.add_vehicle([vroom.Vehicle(1, start=0, end=0, profile="car")])
problem.add_job([vroom.Job(id=number, location=number) for number in range(1, len(chosen))])
solution = problem.solve(exploration_level=5, nb_threads=2)
order = [int(stop) for stop in solution.routes["location_index"]]
legs = sum(int(durations[a][b]) for a, b in zip(order, order[1:]))
same("duration of VROOM's route", solution.summary.duration, legs, 0)
whole = routingpy.OSRM(base_url=address).directions([points[chosen[stop]] for stop in order], profile=vehicle, overview="full")
same("VROOM's route driven over the server's roads", whole.raw["routes"][0]["duration"], legs, 0.5 * len(order) + 1e-6)
if sorted(order[1:-1]) != list(range(1, len(chosen))):
    wrong += 1
    print("differs: VROOM's route does not visit every unit once")
print(f"VROOM: {len(reached)} stops in {legs} s; the same route over /route takes {whole.raw['routes'][0]['duration']} s")

if wrong:
    sys.exit(f"{wrong} differences")
print("no difference")
