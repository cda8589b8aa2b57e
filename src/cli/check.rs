//! `ddu check`: findings only.

use super::args::CheckArgs;
use super::exit::Ending;
use super::scenario::{FULL, open};
use super::terminal::Terminal;
use crate::diagnostics::Severity;

pub(super) fn check(args: &CheckArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    let opened = open(&args.scenario, !args.no_map, FULL, terminal)?;
    let s = &opened.scenario;
    let count = |severity| opened.findings.count(severity);
    terminal.say(&format!(
        "{} hubs, {} units, {} vehicle classes, {} bidders, {} bid lines: {} errors, {} warnings, {} repairs",
        s.hubs.len(),
        s.ddus.len(),
        s.vehicles.len(),
        s.bidders.len(),
        s.bids.len(),
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Repair),
    ));
    Ok(Ending::Done)
}
