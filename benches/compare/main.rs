//! Matrices of 1,000 × 1,000 by several engines on the same graph and points, as two markdown tables.
//!
//! Graphs: DIMACS New York (nodes are junctions, weights are lengths) and the New York extract as the product routes on
//! it (nodes are directed roads, turns cost time). Each engine runs in a process of its own, so that its peak memory can
//! be told; its table is compared with ours, cell by cell, before its times are printed. Engines that have no table of
//! their own compute some rows, and the time of 1,000 is extrapolated (≈).
//!
//! `cargo bench --bench compare -- [--graph junctions|turns] [--engine WORDS] [--limit SECONDS] [--export FOLDER]`
//!
//! `--export` writes graphs, points and our costs as raw numbers, for engines in other languages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr, missing_docs)]
#![allow(dead_code, unreachable_pub, clippy::cast_possible_truncation)]

#[path = "../../tests/support/dimacs_ny.rs"]
mod dimacs_ny;
mod engines;
#[path = "../../tests/support/graphs.rs"]
mod graphs;
mod measure;
mod ours;
mod problem;
#[path = "../../tests/support/mod.rs"]
mod support;
mod table;

use engines::Engine;
use measure::Outcome;
use problem::{GraphKind, Problem};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use table::Row;

/// Seconds an engine may take on one graph, unless told otherwise.
const LIMIT: u64 = 900;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let value = |flag: &str| arguments.iter().position(|a| a == flag).and_then(|at| arguments.get(at + 1)).cloned();
    if let [child, kind, engine, rows] = arguments.as_slice()
        && child == "child"
    {
        let outcome = engines::run(Engine::named(engine), &Problem::read(GraphKind::named(kind)).unwrap());
        outcome.write_rows(Path::new(rows));
        println!("{}", serde_json::to_string(&outcome).unwrap());
        return ExitCode::SUCCESS;
    }
    let limit = Duration::from_secs(value("--limit").map_or(LIMIT, |s| s.parse().expect("--limit takes seconds")));
    let (only, words) = (value("--graph"), value("--engine").unwrap_or_default());
    let export = value("--export").map(PathBuf::from);
    let mut wrong = false;
    for kind in GraphKind::ALL.into_iter().filter(|kind| only.as_ref().is_none_or(|name| name == kind.name())) {
        let Some(problem) = Problem::read(kind) else { return ExitCode::SUCCESS };
        println!("\n{}\n", problem.title());
        if let Some(folder) = &export {
            problem.export(&folder.join(kind.name()));
        }
        drop(problem);
        let mut rows: Vec<Row> = Vec::new();
        for engine in Engine::ALL {
            // Ours comes first and is needed as the reference.
            if engine != Engine::ALL[0] && !engine.name().contains(&words) {
                continue;
            }
            eprintln!("{} on {} ...", engine.name(), kind.name());
            let outcome = in_process_of_its_own(engine, kind, limit);
            let row = Row::new(engine, outcome, rows.first());
            wrong |= row.is_wrong();
            rows.push(row);
        }
        table::print(&rows);
        if let (Some(folder), Some(Ok(ours))) = (&export, rows.first().map(Row::outcome)) {
            problem::write(&folder.join(kind.name()).join("cost"), &ours.costs());
        }
    }
    if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The outcome, or why there is none.
fn in_process_of_its_own(engine: Engine, kind: GraphKind, limit: Duration) -> Result<Outcome, String> {
    let rows = tempfile::NamedTempFile::new().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["child", kind.name(), engine.name()])
        .arg(rows.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > limit {
            child.kill().unwrap();
            child.wait().unwrap();
            return Err(format!("stopped after {} s", limit.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let output = child.wait_with_output().unwrap();
    if !output.status.success() {
        return Err("failed".to_owned());
    }
    let mut outcome: Outcome = serde_json::from_slice(&output.stdout).unwrap();
    outcome.read_rows(rows.path());
    Ok(outcome)
}
