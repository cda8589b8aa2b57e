//! Reading a scenario for a command: every finding of every file is shown before anything else happens.

use super::args::ScenarioArgs;
use super::exit::Ending;
use super::target::check_rejects;
use super::terminal::{Terminal, print_out};
use crate::diagnostics::{self, Diagnostics, Severity};
use crate::pipeline::{self, MapSource, Refusal, Region};
use crate::progress::Progress;
use crate::scenario::{self, LoadOptions, Loaded, Scenario};
use std::io::IsTerminal;

/// A scenario that may be used, with its map if that was asked for.
pub(super) struct Opened {
    pub(super) scenario: Scenario,
    pub(super) region: Option<Region>,
    /// Findings that did not forbid to go on.
    pub(super) findings: Diagnostics,
}

/// How many warnings and repairs of each code `check` shows; as many errors are always shown.
pub(super) const FULL: usize = 20;

/// How many other commands show.
pub(super) const BRIEF: usize = 3;

/// Reads the tables and, when `with_map`, the map; shows all findings; ends the command when they forbid to go on.
pub(super) fn open(
    args: &ScenarioArgs,
    with_map: bool,
    warnings: usize,
    terminal: &Terminal,
) -> Result<Opened, Ending> {
    if let Some(path) = &args.reading.rejects {
        check_rejects(path)?;
    }
    if args.reading.print_config {
        let Loaded { scenario, diagnostics, .. } = scenario::load(&args.scenario, &LoadOptions { lenient: true });
        show(&diagnostics, warnings, terminal);
        let Some(scenario) = scenario else {
            return Err(Ending::InvalidInput(verdict(&diagnostics, args.reading.lenient)));
        };
        return Err(print_out(scenario.settings.to_toml(&scenario.ddus).as_bytes()));
    }
    let map = if with_map { MapSource::File } else { MapSource::None };
    let mut opening = pipeline::open(&args.scenario, map, terminal);
    if terminal.cancelled() {
        return Err(Ending::Interrupted);
    }
    show(&opening.findings, warnings, terminal);
    if let Some(path) = &args.reading.rejects {
        opening.rejects.sort();
        diagnostics::write_rejects(path, &opening.rejects)
            .map_err(|e| Ending::Usage(format!("--rejects {}: {e}", path.display())))?;
    }
    match opening.usable(args.reading.lenient).map_err(|refused| *refused) {
        Ok((scenario, region, findings)) => Ok(Opened { scenario, region, findings }),
        Err((Refusal::Map(error), _)) => Err(error.into()),
        Err((Refusal::Findings, findings)) => Err(Ending::InvalidInput(verdict(&findings, args.reading.lenient))),
        Err((nothing, _)) => Err(Ending::InvalidInput(nothing.to_string())),
    }
}

/// The end of a command that works out hauls, for a scenario whose hauls are a table.
pub(super) fn needs_map(command: &str) -> Ending {
    Ending::InvalidInput(format!(
        "`ddu {command}` needs a map, and the scenario names a table of costs; name a map as inputs.map in its place"
    ))
}

/// How many errors there are, and what can be done about them.
pub(super) fn verdict(findings: &Diagnostics, lenient: bool) -> String {
    let errors = findings.count(Severity::Error);
    let noun = if errors == 1 { "error" } else { "errors" };
    if findings.has_fatal() {
        format!("{errors} {noun}; nothing was written")
    } else if lenient {
        format!("{errors} {noun}, and too little is left to go on; nothing was written")
    } else {
        format!("{errors} {noun}; nothing was written. --lenient sets such rows aside, --rejects FILE keeps them")
    }
}

/// Shows findings on standard error.
pub(super) fn show(findings: &Diagnostics, warnings: usize, terminal: &Terminal) {
    if findings.is_empty() {
        return;
    }
    if terminal.json() {
        eprint!("{}", diagnostics::to_json_lines(findings));
        return;
    }
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let limit = |severity| if severity == Severity::Error { FULL } else { warnings };
    eprint!("{}", diagnostics::render_limited(findings, limit, colour));
}
