//! `ddu merge`: the parts of a table as one file, or the runs of several regions as one table with the cheapest of all.

use super::exit::Ending;
use super::scenario::{FULL, show};
use super::target::check_file;
use super::terminal::Terminal;
use crate::artefact::{Folder, write_atomically};
use crate::batch::{self, ShardSet};
use crate::diagnostics::{Diagnostics, Severity};
use crate::progress::Progress;
use crate::report::{self, ReportError};
use clap::Args;
use std::path::{Path, PathBuf};

/// `merge`.
#[derive(Debug, Args)]
pub(super) struct MergeArgs {
    /// The folder of parts that --shard filled; or the folders of several runs, or of a batch
    #[arg(required = true)]
    pub(super) folders: Vec<PathBuf>,
    /// Of parts: the file to write (.parquet); of regions: the folder for matrix, costs and manifest
    #[arg(long, short, value_name = "PATH")]
    pub(super) output: PathBuf,
    /// Replace the file, or write into a folder that holds other files than those of an earlier merge
    #[arg(long)]
    pub(super) force: bool,
}

pub(super) fn merge(args: &MergeArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    match args.folders.as_slice() {
        [folder] if batch::holds_shards(folder) => parts(folder, args, terminal),
        [folder] if !batch::is_batch(folder) && args.output.extension().is_some_and(|e| e == "parquet") => {
            parts(folder, args, terminal)
        }
        folders => regions(folders, args, terminal),
    }
}

fn parts(folder: &Path, args: &MergeArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    if args.output.extension().is_none_or(|e| e != "parquet") {
        let why = "parts are merged into one table; name a file that ends in .parquet";
        return Err(Ending::Usage(format!("--output {}: {why}", args.output.display())));
    }
    check_file(&args.output, args.force)?;
    if args.output.starts_with(folder) {
        let why = "lies in the folder of the parts, whose readers would take it for one; name another place";
        return Err(Ending::Usage(format!("--output {}: {why}", args.output.display())));
    }
    let ShardSet { parts } = batch::shards(folder).map_err(|findings| refused(&findings, terminal))?;
    terminal.begin("merge", None);
    let mut rows = 0;
    let written = write_atomically(&args.output, |out| {
        rows = report::write_joined(out, &parts, &mut |_| !terminal.cancelled())?;
        Ok::<(), ReportError>(())
    });
    written.map_err(|error| ended(error, &args.output))?;
    terminal.finish(&format!("{rows} rows of {} parts", parts.len()));
    terminal.say(&format!("written to {}", args.output.display()));
    Ok(Ending::Done)
}

fn regions(folders: &[PathBuf], args: &MergeArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    let output = &args.output;
    let unwritable = |error: std::io::Error| Ending::Usage(format!("--output {}: {error}", output.display()));
    if !args.force && !batch::may_hold_merged(output) {
        let why = "holds files that are not of an earlier merge; name another folder or add --force";
        return Err(Ending::Usage(format!("--output {}: {why}", output.display())));
    }
    let mut runs = Vec::new();
    for folder in folders {
        if batch::is_batch(folder) {
            runs.extend(batch::runs_of(folder).map_err(|findings| refused(&findings, terminal))?);
        } else {
            runs.push(folder.clone());
        }
    }
    let set = batch::regions(&runs).map_err(|findings| refused(&findings, terminal))?;
    let mut folder = Folder::open(output).map_err(unwritable)?;
    set.merge(&mut folder, terminal).map_err(|error| ended(error, output))?;
    terminal.seal()?;
    folder.commit().map_err(unwritable)?;
    terminal.say(&format!("merged tables in {}", output.display()));
    Ok(Ending::Done)
}

fn refused(findings: &Diagnostics, terminal: &Terminal) -> Ending {
    show(findings, FULL, terminal);
    let errors = findings.count(Severity::Error);
    Ending::InvalidInput(format!("{errors} error{}; nothing was written", if errors == 1 { "" } else { "s" }))
}

fn ended(error: ReportError, output: &Path) -> Ending {
    match error {
        ReportError::Stopped => Ending::Interrupted,
        ReportError::Folder { .. } => Ending::InvalidInput(error.to_string()),
        ReportError::Io(_) | ReportError::Parquet(_) => {
            Ending::Usage(format!("--output {}: {error}", output.display()))
        }
        error => Ending::Bug(error.to_string()),
    }
}
