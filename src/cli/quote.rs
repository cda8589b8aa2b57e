//! `ddu quote`: a carrier's quote, of a scenario or of a map and tables.

use super::args::ScenarioArgs;
use super::carrier_args::QuoteArgs;
use super::exit::Ending;
use super::scenario::{BRIEF, Opened, needs_map, open};
use super::target::{Kind, check_folder, spare_files, spare_inputs};
use super::terminal::Terminal;
use crate::artefact::Folder;
use crate::pipeline::{self, QuotePaths};
use crate::quote::assign::AssignStatus;
use crate::report;
use crate::sample::{self, QUOTE_SCENARIO, QuoteSources, SampleError};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// Where results go unless told otherwise.
const DEFAULT_FOLDER: &str = "quote";
/// Folder of the scenario that is written for a map and tables, within that of the results.
const SCENARIO_FOLDER: &str = "scenario";

/// A scenario made for a map and tables: it is read from a folder of its own, and kept only with the results.
struct Made {
    folder: TempDir,
    files: Vec<(&'static str, Vec<u8>)>,
}

pub(super) fn quote(args: &QuoteArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    let output = args.output.as_deref().unwrap_or_else(|| Path::new(DEFAULT_FOLDER));
    if !args.reading.print_config {
        check_folder(output, Kind::Quote, args.force)?;
    }
    let made = match (&args.scenario, &args.extract) {
        (Some(_), _) => None,
        (None, Some(map)) => Some(make_scenario(args, map, output, terminal)?),
        (None, None) => return Err(Ending::Usage("name a scenario, or a map with --extract".to_owned())),
    };
    let kept = output.join(SCENARIO_FOLDER);
    let (read, stays) = match (&made, &args.scenario) {
        (Some(made), _) => (made.folder.path().join(QUOTE_SCENARIO), kept.join(QUOTE_SCENARIO)),
        (None, scenario) => (scenario.clone().unwrap_or_default(), scenario.clone().unwrap_or_default()),
    };
    let scenario_args = ScenarioArgs { scenario: read.clone(), reading: args.reading.clone() };
    let Opened { mut scenario, region, findings } = open(&scenario_args, true, BRIEF, terminal)?;
    spare_inputs(&read, &scenario.inputs, output)?;
    for input in scenario.inputs.iter_mut().filter(|input| input.role == "scenario") {
        input.path.clone_from(&stays);
    }
    let region = region.ok_or_else(|| needs_map("quote"))?;
    let unwritable = |e: io::Error| Ending::Usage(format!("--output {}: {e}", output.display()));
    let mut folder = Folder::open(output).map_err(unwritable)?;
    let paths = QuotePaths { read: &read, stays: &stays };
    let outcome = pipeline::quote(paths, &scenario, &region, &findings, &mut folder, terminal)?;
    let timings = terminal.timings();
    let stages: Vec<(&str, Duration)> =
        timings.iter().map(|(name, millis)| (name.as_str(), Duration::from_millis(*millis))).collect();
    let bug = |e: &dyn std::fmt::Display| Ending::Bug(e.to_string());
    folder.write("timings.json", |out| report::write_timings(out, &stages)).map_err(|e| bug(&e))?;
    let mut beside = Folder::open(&kept).map_err(unwritable)?;
    for (name, bytes) in made.iter().flat_map(|made| &made.files) {
        beside.write(name, |out| out.write_all(bytes)).map_err(unwritable)?;
    }
    terminal.seal()?;
    beside.commit().map_err(unwritable)?;
    folder.commit().map_err(unwritable)?;
    terminal.say(&outcome.summary);
    let award = output.join("award.toml");
    terminal.say(&format!("results in {}; next: ddu award {}", output.display(), award.display()));
    Ok(if outcome.status == AssignStatus::Optimal { Ending::Done } else { Ending::LimitHit })
}

/// Makes a scenario for a map and tables.
fn make_scenario(args: &QuoteArgs, map: &Path, output: &Path, terminal: &Terminal) -> Result<Made, Ending> {
    let (Some(hubs), Some(ddus), Some(timezone)) = (&args.hubs, &args.ddus, &args.timezone) else {
        return Err(Ending::Usage("--extract needs --hubs, --ddus and --timezone".to_owned()));
    };
    let given = [Some(map), Some(hubs), Some(ddus)].into_iter().flatten();
    let given = given.chain([&args.volumes, &args.rates, &args.vehicles].into_iter().flatten().map(PathBuf::as_path));
    spare_files(given.map(Path::to_owned), output)?;
    let bounds = pipeline::read_network(map, terminal)?.network.bounds();
    let bounds = bounds.ok_or_else(|| Ending::InvalidInput(format!("{}: no roads", map.display())))?;
    let sources = QuoteSources {
        map,
        bounds,
        hubs,
        ddus,
        volumes: args.volumes.as_deref(),
        rates: args.rates.as_deref(),
        vehicles: args.vehicles.as_deref(),
        shipper: args.shipper.as_deref(),
        timezone,
    };
    let files = sample::quote_scenario(&sources).map_err(|error| match error {
        SampleError::Table { .. } | SampleError::NothingInside { .. } => Ending::InvalidInput(error.to_string()),
        error => Ending::Usage(error.to_string()),
    })?;
    let written = TempDir::new().and_then(|folder| {
        files.iter().try_for_each(|(name, bytes)| fs::write(folder.path().join(name), bytes))?;
        Ok(folder)
    });
    let folder = written.map_err(|e| Ending::Usage(format!("temporary folder: {e}")))?;
    Ok(Made { folder, files })
}
