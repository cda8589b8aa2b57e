//! `ddu routes SCENARIO`: vehicle routes for awarded or planned volumes.

use super::args::{ReadingArgs, RoutesArgs, ScenarioArgs};
use super::exit::Ending;
use super::scenario::{BRIEF, Opened, needs_map, open, show, verdict};
use super::target::{Kind, check_folder, spare_files, spare_inputs};
use super::terminal::Terminal;
use crate::artefact::Folder;
use crate::award::Status;
use crate::pipeline::{self, RouteVolumes};
use crate::report;
use crate::scenario::Scenario;
use crate::verify;
use std::path::Path;
use std::time::Duration;

/// Where results go unless told otherwise.
const DEFAULT_FOLDER: &str = "routes";

pub(super) fn routes(args: &RoutesArgs, path: &Path, terminal: &Terminal) -> Result<Ending, Ending> {
    let RoutesArgs { day: args, output, force, .. } = args;
    let output = output.as_deref().unwrap_or_else(|| Path::new(DEFAULT_FOLDER));
    let reading: ReadingArgs = args.reading.clone();
    if !reading.print_config {
        check_folder(output, Kind::Routes, *force)?;
    }
    if let Some(folder) = args.award.as_ref().filter(|folder| !folder.is_dir()) {
        let why = "not a folder; name the folder of a finished run";
        return Err(Ending::Usage(format!("--award {}: {why}", folder.display())));
    }
    let scenario_args = ScenarioArgs { scenario: path.to_owned(), reading };
    let Opened { scenario, region, findings } = open(&scenario_args, true, BRIEF, terminal)?;
    spare_inputs(path, &scenario.inputs, output)?;
    if let Some(award) = &args.award {
        spare_files(std::iter::once(award.join("awards.csv")), output)?;
    }
    let region = region.ok_or_else(|| needs_map("routes"))?;
    let volumes = match &args.award {
        _ if args.planned => RouteVolumes::Planned,
        _ if args.route_aware => RouteVolumes::RouteAware,
        Some(folder) => read_award(folder, &scenario, terminal)?,
        None => RouteVolumes::Determine,
    };
    let unwritable = |e: std::io::Error| Ending::Usage(format!("--output {}: {e}", output.display()));
    let mut folder = Folder::open(output).map_err(unwritable)?;
    let outcome = pipeline::routes(&scenario, &region, &findings, &volumes, &mut folder, terminal)?;
    let timings = terminal.timings();
    let stages: Vec<(&str, Duration)> =
        timings.iter().map(|(name, millis)| (name.as_str(), Duration::from_millis(*millis))).collect();
    let bug = |e: &dyn std::fmt::Display| Ending::Bug(e.to_string());
    folder.write("timings.json", |out| report::write_timings(out, &stages)).map_err(|e| bug(&e))?;
    terminal.seal()?;
    folder.commit().map_err(unwritable)?;
    terminal.say(&outcome.summary);
    terminal.say(&format!("results in {}", output.display()));
    Ok(match outcome.award {
        Some((Status::GapLimit, _)) => Ending::LimitHit,
        Some((Status::Infeasible, conflicts)) => Ending::Infeasible(conflicts),
        _ => Ending::Done,
    })
}

/// The winners of a finished award, as `ddu verify` reads them.
fn read_award(folder: &Path, scenario: &Scenario, terminal: &Terminal) -> Result<RouteVolumes, Ending> {
    let read = verify::read_winners(folder, scenario);
    if read.findings.has_errors() {
        show(&read.findings, BRIEF, terminal);
        return Err(Ending::InvalidInput(verdict(&read.findings, true)));
    }
    Ok(RouteVolumes::Award { folder: folder.to_path_buf(), blake3: read.blake3, winners: read.winners })
}
