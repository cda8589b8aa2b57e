//! The work of a job: the command of the same name on the job's folder.

use super::posted::{Kind, Posted};
use super::progress::JobProgress;
use super::state::{Done, Outcome};
use crate::artefact::{Folder, write_atomically};
use crate::award::AwardError;
use crate::cost;
use crate::diagnostics::{Diagnostics, Severity, to_json_lines};
use crate::matrix::MatrixError;
use crate::pipeline::{self, MapSource, Prepared, Refusal, Region, RegionError, RunError, RunFiles};
use crate::progress::Progress;
use crate::report;
use crate::scenario::Scenario;
use crate::serve::error::ApiError;
use crate::serve::world::World;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::fs;
use std::io;
use std::path::Path;

/// Findings that are told; all are counted.
const TOLD: usize = 1_000;

/// Why there is no result.
enum Ended {
    Refused(ApiError),
    Run(RunError),
    Io(io::Error),
    Interrupted,
}

impl From<RunError> for Ended {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Interrupted
            | RunError::Matrix(MatrixError::Interrupted)
            | RunError::Award(AwardError::Interrupted) => Self::Interrupted,
            error => Self::Run(error),
        }
    }
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Does the work.
pub(super) fn run(posted: &Posted, world: &World<'_>, progress: &JobProgress) -> Outcome {
    match worked(posted, world, progress) {
        Ok(done) => Outcome::Done(done),
        Err(_) if progress.is_abandoned() => Outcome::Cancelled,
        Err(Ended::Interrupted) if progress.is_late() => Outcome::TimedOut,
        Err(Ended::Interrupted) => Outcome::Cancelled,
        Err(Ended::Refused(error)) => Outcome::Refused(error),
        Err(Ended::Run(error)) => Outcome::Refused(refused(error.to_string())),
        Err(Ended::Io(error)) => {
            let message = format!("the server's temporary folder: {error}");
            Outcome::Failed(ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "Io", message))
        }
    }
}

fn refused(message: String) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "InvalidInput", message)
}

fn worked(posted: &Posted, world: &World<'_>, progress: &JobProgress) -> Result<Done, Ended> {
    let read_only = || Ended::Refused(refused("only the page of a finished run is served".to_owned()));
    let base = world.base.as_ref().ok_or_else(read_only)?;
    let folder = tempfile::tempdir()?;
    let (input, output) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir(&input)?;
    fs::create_dir(&output)?;
    let file = base.lay_out(posted, &input)?;
    let map = world.network().map_or(MapSource::None, |network| MapSource::Known(Box::new(network)));
    let opening = pipeline::open(&file, map, progress);
    if progress.cancelled() {
        return Err(Ended::Interrupted);
    }
    let told = |findings: &Diagnostics| values(findings, &input);
    let (mut scenario, region, findings) =
        match opening.usable(posted.lenient.unwrap_or(base.lenient)).map_err(|refused| *refused) {
            Ok(usable) => usable,
            Err((Refusal::Map(RegionError::Interrupted), _)) => return Err(Ended::Interrupted),
            Err((refusal, findings)) => {
                let message = match refusal {
                    Refusal::Findings => {
                        format!("{} errors in what was posted", findings.count(Severity::Error))
                    }
                    other => own_names(&other.to_string(), &input),
                };
                return Err(Ended::Refused(ApiError { diagnostics: told(&findings), ..refused(message) }));
            }
        };
    for file in &mut scenario.inputs {
        match file.role {
            "scenario" => file.path = "scenario.toml".into(),
            "map" if base.map.as_ref() != Some(&file.blake3) => {
                let message = "the map's file is no longer the one that is served; start the server again";
                return Err(Ended::Refused(ApiError::new(StatusCode::CONFLICT, "MapChanged", message)));
            }
            _ => {}
        }
    }
    let summary = match posted.kind {
        Kind::Matrix => matrix(&scenario, mapped(region.as_ref())?, &output, posted.parquet, world, progress)?,
        Kind::Cost => costs(&scenario, mapped(region.as_ref())?, &output, posted.parquet, progress)?,
        Kind::Award => award(&scenario, region.as_ref(), &findings, &output, progress)?,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(&output)? {
        let entry = entry?;
        files.push((entry.file_name().to_string_lossy().into_owned(), entry.metadata()?.len()));
    }
    files.sort();
    Ok(Done { findings: told(&findings), folder, files, summary })
}

fn mapped(region: Option<&Region>) -> Result<&Region, Ended> {
    let message = "this needs a map, and the scenario names a table of costs";
    region.ok_or_else(|| Ended::Refused(refused(message.to_owned())))
}

fn matrix(
    scenario: &Scenario,
    region: &Region,
    output: &Path,
    parquet: bool,
    world: &World<'_>,
    progress: &JobProgress,
) -> Result<Value, Ended> {
    let parts = region.vehicles.len() * scenario.settings.traffic.departures().count();
    let cells = [scenario.hubs.len(), scenario.ddus.len(), parts].map(|n| n as u64).iter().product::<u64>();
    if cells > world.options.cells {
        let message = format!("{cells} cells, more than {}; --max-cells raises the limit", world.options.cells);
        return Err(Ended::Refused(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "TooBig", message)));
    }
    let tiles = Prepared::new(scenario, region).tiles(scenario, progress)?;
    let written = if parquet {
        write_atomically(&output.join("matrix.parquet"), |out| tiles.write(out, progress))
    } else {
        write_atomically(&output.join("matrix.csv"), |out| tiles.write_csv(out, progress))
    };
    written?;
    Ok(json!({"hubs": scenario.hubs.len(), "ddus": scenario.ddus.len(), "cells": cells}))
}

fn costs(
    scenario: &Scenario,
    region: &Region,
    output: &Path,
    parquet: bool,
    progress: &JobProgress,
) -> Result<Value, Ended> {
    let matrices = pipeline::matrices(scenario, region, progress)?;
    let hauls = cost::hauls(scenario, &matrices).map_err(RunError::from)?;
    let written = if parquet {
        write_atomically(&output.join("costs.parquet"), |out| report::write_costs_parquet(out, scenario, &hauls))
    } else {
        write_atomically(&output.join("costs.csv"), |out| report::write_costs_csv(out, scenario, &hauls))
    };
    written.map_err(RunError::from)?;
    Ok(json!({"hubs": scenario.hubs.len(), "ddus": scenario.ddus.len()}))
}

fn award(
    scenario: &Scenario,
    region: Option<&Region>,
    findings: &Diagnostics,
    output: &Path,
    progress: &JobProgress,
) -> Result<Value, Ended> {
    let mut folder = Folder::open(output)?;
    pipeline::run(scenario, region, findings, RunFiles::AwardOnly, &mut folder, progress)?;
    folder.commit()?;
    let manifest: Value = serde_json::from_slice(&fs::read(output.join("manifest.json"))?).map_err(io::Error::from)?;
    Ok(manifest["award"].clone())
}

/// Findings as the command line tells them in JSON. The scenario is put together from what is served and posted, so that
/// its lines mean nothing: a setting is known by its name.
fn values(findings: &Diagnostics, folder: &Path) -> Vec<Value> {
    let lines = to_json_lines(findings);
    let all = lines.lines().filter_map(|line| serde_json::from_str::<Value>(&own_names(line, folder)).ok());
    let mut all: Vec<Value> = all.take(TOLD).collect();
    for finding in all.iter_mut().filter(|finding| finding["file"] == "scenario.toml") {
        if let Some(members) = finding.as_object_mut() {
            members.remove("line");
            members.remove("column");
        }
    }
    all
}

/// A text without the folder of the job.
fn own_names(text: &str, folder: &Path) -> String {
    text.replace(&format!("{}/", folder.display()), "")
}
