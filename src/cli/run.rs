//! `ddu run` and `ddu award`: everything up to the award's files.

use super::args::{FolderArgs, RunArgs, TableFormat};
use super::exit::Ending;
use super::scenario::{BRIEF, Opened, open};
use super::target::{Kind, check_folder, left_over, spare_inputs};
use super::terminal::Terminal;
use crate::artefact::Folder;
use crate::award::Status;
use crate::pipeline::{self, RunFiles};
use crate::report;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Where results go unless told otherwise.
const DEFAULT_FOLDER: &str = "out";

/// Which of the two commands it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Everything,
    AwardOnly,
}

pub(super) fn run(args: &RunArgs, terminal: &Terminal, scope: Scope) -> Result<Ending, Ending> {
    let FolderArgs { output, format, force } = &args.folder;
    let output = output.as_deref().unwrap_or_else(|| Path::new(DEFAULT_FOLDER));
    if !args.scenario.reading.print_config {
        check_folder(output, Kind::Award, *force)?;
    }
    let Opened { scenario, region, findings } = open(&args.scenario, true, BRIEF, terminal)?;
    spare_inputs(&args.scenario.scenario, &scenario.inputs, output)?;
    let unwritable = |e: std::io::Error| Ending::Usage(format!("--output {}: {e}", output.display()));
    let mut folder = Folder::open(output).map_err(unwritable)?;
    let files = match (scope, *format) {
        (Scope::AwardOnly, _) => RunFiles::AwardOnly,
        (Scope::Everything, TableFormat::Csv) => RunFiles::Everything,
        (Scope::Everything, TableFormat::Parquet) => RunFiles::EverythingParquet,
    };
    let award = pipeline::run(&scenario, region.as_ref(), &findings, files, &mut folder, terminal)?;
    let timings = terminal.timings();
    let stages: Vec<(&str, Duration)> =
        timings.iter().map(|(name, millis)| (name.as_str(), Duration::from_millis(*millis))).collect();
    let bug = |e: &dyn std::fmt::Display| Ending::Bug(e.to_string());
    folder.write("timings.json", |out| report::write_timings(out, &stages)).map_err(|e| bug(&e))?;
    let table = report::award_table(&scenario, &award).map_err(|e| bug(&e))?;
    terminal.seal()?;
    let stale = left_over(output, folder.names());
    folder.commit().map_err(unwritable)?;
    for path in stale.iter().filter(|path| path.is_file()) {
        fs::remove_file(path).map_err(unwritable)?;
    }
    terminal.say(&table);
    terminal.say(&format!("results in {}", output.display()));
    Ok(match award.status {
        Status::Optimal | Status::GapLimit if award.interrupted => Ending::Stopped,
        Status::Optimal => Ending::Done,
        Status::GapLimit => Ending::LimitHit,
        Status::Infeasible => Ending::Infeasible(award.conflicts),
    })
}
