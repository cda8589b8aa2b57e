//! `ddu sample`: an invented region, or invented bids for a real map.

use super::args::SampleArgs;
use super::exit::Ending;
use super::terminal::Terminal;
use crate::osm::{self, OsmError};
use crate::sample::{self, ExtractSources, NationalSettings, SampleError, SampleSettings, SampleSummary};
use std::fs;

pub(super) fn sample(args: &SampleArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    let occupied = fs::read_dir(&args.folder).is_ok_and(|mut entries| entries.next().is_some());
    if occupied && !args.force {
        let shown = args.folder.display();
        return Err(Ending::Usage(format!("{shown}: is not empty; name another folder or add --force")));
    }
    if let Some(percent) = args.national {
        let made = sample::national(&NationalSettings { seed: args.seed, percent }, &args.folder, terminal);
        return finish(args, made, terminal);
    }
    let summary = match (&args.extract, &args.hubs, &args.ddus_from, &args.timezone) {
        (Some(map), Some(hubs), Some(ddus), Some(timezone)) => {
            let extract = osm::read_extract(map, terminal).map_err(|error| match error {
                OsmError::Interrupted { .. } => Ending::Interrupted,
                error => Ending::InvalidInput(error.to_string()),
            })?;
            let bounds = extract.bounds.ok_or_else(|| Ending::InvalidInput(format!("{}: no roads", map.display())))?;
            let sources =
                ExtractSources { map, bounds, hubs, ddus, timezone, seed: args.seed, bidders: args.bidders as usize };
            sample::tables_for_extract(&sources, &args.folder, terminal)
        }
        _ => {
            let settings =
                SampleSettings { seed: args.seed, junctions: args.junctions, ddus: args.ddus, bidders: args.bidders };
            sample::region(&settings, &args.folder, terminal)
        }
    };
    finish(args, summary, terminal)
}

fn finish(args: &SampleArgs, made: Result<SampleSummary, SampleError>, terminal: &Terminal) -> Result<Ending, Ending> {
    let summary = made.map_err(|error| match error {
        SampleError::Cancelled => Ending::Interrupted,
        SampleError::Table { .. } | SampleError::NothingInside { .. } => Ending::InvalidInput(error.to_string()),
        error => Ending::Usage(error.to_string()),
    })?;
    terminal.say(&format!(
        "{} hubs, {} units, {} bidders, {} bid lines, {} packages in {}; next: ddu run {}",
        summary.hubs,
        summary.ddus,
        summary.bidders,
        summary.bids,
        summary.packages,
        args.folder.display(),
        args.folder.join("scenario.toml").display()
    ));
    Ok(Ending::Done)
}
