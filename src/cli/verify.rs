//! `ddu verify`: a finished run, checked from its files.

use super::args::VerifyArgs;
use super::exit::Ending;
use super::terminal::Terminal;
use crate::diagnostics::{self, KEPT_PER_CODE, Severity};
use crate::verify;
use std::io::IsTerminal;

pub(super) fn verify(args: &VerifyArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    if !args.folder.is_dir() {
        let why = "not a folder; name the folder of a run";
        return Err(Ending::Usage(format!("{}: {why}", args.folder.display())));
    }
    if let Some(scenario) = args.scenario.as_ref().filter(|path| !path.is_file()) {
        return Err(Ending::Usage(format!("--scenario {}: there is no such file", scenario.display())));
    }
    let verified = verify::verify(&args.folder, args.scenario.as_deref());
    let wrong = verified.findings.count(Severity::Error);
    if wrong > 0 && terminal.json() {
        eprint!("{}", diagnostics::to_json_lines(&verified.findings));
    } else if wrong > 0 {
        let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
        eprint!("{}", diagnostics::render(&verified.findings, KEPT_PER_CODE, colour));
    }
    for note in &verified.notes {
        terminal.say(note);
    }
    if wrong > 0 {
        return Err(Ending::InvalidInput(format!("{wrong} of {} checks do not hold", verified.checks)));
    }
    terminal.say(&format!("{} checks hold: {} is verified", verified.checks, args.folder.display()));
    Ok(Ending::Done)
}
