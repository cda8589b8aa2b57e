//! Reading a scenario for a command: every finding of every file is shown before anything else happens.

use super::args::{LogFormat, ScenarioArgs};
use super::exit::Ending;
use super::terminal::Terminal;
use crate::diagnostics::{self, Diagnostics, Severity};
use crate::pipeline::{Region, RegionError};
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

/// Reads the tables and, when `with_map`, the map; shows all findings; ends the command when they forbid to go on.
pub(super) fn open(
    args: &ScenarioArgs,
    with_map: bool,
    format: LogFormat,
    terminal: &Terminal,
) -> Result<Opened, Ending> {
    let Loaded { scenario, diagnostics: mut findings, mut rejects } =
        scenario::load(&args.scenario, &LoadOptions { lenient: true });
    if args.print_config {
        if let Some(scenario) = &scenario {
            print!("{}", scenario.settings.to_toml());
        }
        show(&findings, format);
        return Err(if scenario.is_some() { Ending::Done } else { Ending::InvalidInput(String::new()) });
    }
    let mut map_error = None;
    let opened = scenario.and_then(|mut scenario| {
        if !with_map {
            return Some((scenario, None));
        }
        match Region::open(&mut scenario, terminal) {
            Ok(region) => {
                findings.absorb(region.findings.clone());
                rejects.extend(region.rejects.iter().cloned());
                Some((scenario, Some(region)))
            }
            Err(error) => {
                map_error = Some(error);
                None
            }
        }
    });
    show(&findings, format);
    if let Some(path) = &args.rejects {
        rejects.sort();
        diagnostics::write_rejects(path, &rejects)
            .map_err(|e| Ending::Usage(format!("--rejects {}: {e}", path.display())))?;
    }
    match map_error {
        Some(RegionError::Interrupted) => return Err(Ending::Interrupted),
        Some(_) if terminal.cancelled() => return Err(Ending::Interrupted),
        Some(error) => return Err(Ending::InvalidInput(error.to_string())),
        None => {}
    }
    let forbidden = findings.has_errors() && !args.lenient;
    match opened {
        Some((scenario, region)) if !forbidden => Ok(Opened { scenario, region, findings }),
        _ => Err(Ending::InvalidInput(verdict(&findings, args.lenient))),
    }
}

fn verdict(findings: &Diagnostics, lenient: bool) -> String {
    let errors = findings.count(Severity::Error);
    let noun = if errors == 1 { "error" } else { "errors" };
    if lenient {
        format!("{errors} {noun}, and too little is left to go on; nothing was written")
    } else {
        format!("{errors} {noun}; nothing was written. --lenient sets such rows aside, --rejects FILE keeps them")
    }
}

fn show(findings: &Diagnostics, format: LogFormat) {
    if findings.is_empty() {
        return;
    }
    match format {
        LogFormat::Json => eprint!("{}", diagnostics::to_json_lines(findings)),
        LogFormat::Text => {
            let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
            eprint!("{}", diagnostics::render(findings, 20, colour));
        }
    }
}
