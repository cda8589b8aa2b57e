//! `ddu batch`: many regions, each run in a process of its own.

use super::args::TableFormat;
use super::exit::Ending;
use super::scenario::{FULL, show};
use super::terminal::Terminal;
use crate::batch::{self, BatchOptions, State};
use crate::diagnostics::Severity;
use clap::Args;
use std::path::{Path, PathBuf};

/// Where results go unless told otherwise.
const DEFAULT_FOLDER: &str = "batch";

/// `batch`.
#[derive(Debug, Args)]
pub(super) struct BatchArgs {
    /// The manifest (.toml): regions, what each is run on, shared defaults
    pub(super) manifest: PathBuf,
    /// Folder for the results, made if absent, or that of an earlier batch [default: batch]
    #[arg(long, short, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    /// Regions at once; they share --threads
    #[arg(long, short, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) jobs: u16,
    /// Most memory of all regions together: the last one started gives way and is run again alone
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) memory_mib: Option<u32>,
    /// Set rows with errors aside and go on with the rest
    #[arg(long)]
    pub(super) lenient: bool,
    /// Format of the tables of costs
    #[arg(long, value_enum, default_value = "csv")]
    pub(super) format: TableFormat,
}

pub(super) fn batch(args: &BatchArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    let plan = batch::plan(&args.manifest).map_err(|findings| {
        show(&findings, FULL, terminal);
        let errors = findings.count(Severity::Error);
        Ending::InvalidInput(format!("{errors} error{}; nothing was run", if errors == 1 { "" } else { "s" }))
    })?;
    let output: PathBuf = args.output.clone().unwrap_or_else(|| Path::new(DEFAULT_FOLDER).to_owned());
    let program = std::env::current_exe().map_err(|e| Ending::Usage(format!("the program cannot be found: {e}")))?;
    let options = BatchOptions {
        output: output.clone(),
        program,
        jobs: usize::from(args.jobs),
        threads: rayon::current_num_threads(),
        most_bytes: args.memory_mib.map(|mib| u64::from(mib) << 20),
        lenient: args.lenient,
        // Costs are merged as Parquet.
        parquet: plan.merge.is_some() || args.format == TableFormat::Parquet,
    };
    let outcome = batch::run(&plan, &options, terminal, &|line| terminal.say(line));
    let outcome = outcome.map_err(|error| Ending::Usage(error.to_string()))?;
    let status = outcome.status;
    terminal.say(&status.table());
    terminal.say(&format!("results in {}", output.join("regions").display()));
    if status.state == "interrupted" {
        return Ok(Ending::Paused);
    }
    if let Some(error) = outcome.unwritten {
        return Err(Ending::Usage(format!("{}: {error}; check free space", output.join("status.json").display())));
    }
    Ok(Ending::Batch { failed: status.count(State::Failed), regions: status.regions.len(), code: status.worst() })
}
