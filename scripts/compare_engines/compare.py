#!/usr/bin/env python3
"""Tables of OSRM, Valhalla and RoutingKit beside those of ddu: time, memory, and how far the answers differ.

    cargo build --release
    python3.12 scripts/compare_engines/compare.py --extract MAP.osm.pbf [--points 1000] [--limit 900]

    cargo bench --bench compare -- --export GRAPHS       # once more, with the graphs of that bench:
    python3.12 scripts/compare_engines/compare.py --extract MAP.osm.pbf --graphs GRAPHS

OSRM, Valhalla and ddu read the same map and the same random points (nodes of roads). Their profiles differ (speeds,
turn costs, snapping), so answers are compared by the distribution of the ratio theirs / ours. ddu drives a car class that
is paid by the hour only, so that all three minimise time. RoutingKit gets the very graphs of `cargo bench --bench compare`,
and every cell must be equal.

Everything runs on one thread, each step in a process of its own: processor seconds and peak memory are those of the
process. Packages are installed by pip into a virtual environment in --cache, never into this folder; a
package that cannot be installed, or an engine that fails or exceeds --limit seconds a step, is reported and left out.
Needs Python 3.12 or newer (OSRM ships wheels from there on) and Linux.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = ["numpy", "pyarrow", "osmium", "osrm-bindings", "pyvalhalla", "pyroutingkit"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extract", type=Path, required=True, help="OpenStreetMap extract, .osm.pbf")
    parser.add_argument("--ddu", type=Path, default=HERE.parents[1] / "target/release/ddu", help="the program")
    parser.add_argument("--graphs", type=Path, help="folder written by `cargo bench --bench compare -- --export`")
    parser.add_argument("--points", type=int, default=1000, help="sources, and targets")
    parser.add_argument("--valhalla-points", type=int, default=50, help="the same for Valhalla, which is slower")
    parser.add_argument("--limit", type=int, default=900, help="seconds that one step of an engine may take")
    parser.add_argument("--seed", type=int, default=1, help="of the points")
    parser.add_argument("--engines", default="ddu,osrm-mld,osrm-ch,valhalla,routingkit", help="which, by commas")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "ddu-compare-engines")
    return parser.parse_args()


def install(cache):
    """A virtual environment with whatever packages can be had; returns its Python and the versions."""
    folder = cache / "venv"
    if not folder.exists():
        venv.create(folder, with_pip=True)
    python = folder / "bin/python"
    versions = {}
    for package in PACKAGES:
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", package]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            ask = f"import importlib.metadata as m; print(m.version({package!r}))"
            versions[package] = subprocess.check_output([python, "-c", ask], text=True).strip()
        else:
            print(f"{package} is left out: {(done.stderr.strip().splitlines() or ['pip failed'])[-1]}", file=sys.stderr)
    return python, versions


def worker(python, name, job):
    """The lines that a job of worker.py says; the last one tells it when the job failed."""
    command = [python, HERE / "worker.py", name]
    said, failed = "", []
    try:
        # An engine has a few steps; those that are programs keep to the limit by themselves.
        done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, timeout=4 * job["limit"])
        said = done.stdout
        if done.returncode != 0:
            failed = [{"failed": (done.stderr.strip().splitlines() or ["no message"])[-1]}]
    except subprocess.TimeoutExpired as late:
        said = (late.stdout or b"").decode()
        failed = [{"failed": f"stopped after {4 * job['limit']} s"}]
    return [json.loads(line) for line in said.splitlines()] + failed


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def figure(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def show(engine, steps):
    for step in steps:
        cells = [figure(step.get(field)) for field in ("cpu", "wall", "mb")]
        print(f"| {engine} | {step.get('name') or step['failed']} | {' | '.join(cells)} |", flush=True)


def main():
    options = arguments()
    options.cache.mkdir(parents=True, exist_ok=True)
    python, versions = install(options.cache)
    print(f"{processor()}, Python {platform.python_version()}, " + ", ".join(f"{p} {v}" for p, v in versions.items()), flush=True)
    job = {
        "extract": str(options.extract.resolve()),
        "ddu": str(options.ddu.resolve()),
        "graphs": str(options.graphs.resolve()) if options.graphs else None,
        "cache": str(options.cache.resolve()),
        "points": options.points,
        "valhalla_points": options.valhalla_points,
        "limit": options.limit,
        "seed": options.seed,
    }
    points = worker(python, "points", job)
    if "failed" in points[-1]:
        sys.exit(f"no points: {points[-1]['failed']}")
    engines = [name for name in options.engines.split(",") if name != "routingkit" or options.graphs]
    print(f"\n{options.points:,} × {options.points:,} points\n")
    print("| engine | step | processor s | wall s | peak MB |\n| --- | --- | --- | --- | --- |", flush=True)
    for engine in engines:
        show(engine, worker(python, engine, job))
    print("\n" + worker(python, "ratios", job)[-1].get("markdown", "no answers to compare"))


if __name__ == "__main__":
    main()
