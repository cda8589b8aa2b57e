//! `ddu award --cats`: a combinatorial auction in the text format of CATS.

use super::args::{AwardArgs, Payments};
use super::exit::Ending;
use super::target::{check_file, spare_files};
use super::terminal::{Terminal, print_out};
use crate::artefact::write_atomically;
use crate::award::{AwardError, CatsAuction, Status, award_cats};
use crate::progress::Progress;
use crate::report::{ReportError, cats_summary, write_cats_csv};
use crate::scenario::PaymentRule;
use std::fs;
use std::path::Path;

/// Defects shown of a file.
const SHOWN: usize = 20;

pub(super) fn cats(args: &AwardArgs, path: &Path, terminal: &Terminal) -> Result<Ending, Ending> {
    let output = args.folder.output.as_deref().filter(|output| output.as_os_str() != "-");
    if let Some(output) = output {
        check_file(output, args.folder.force)?;
        spare_files(std::iter::once(path.to_owned()), output)?;
    }
    let unreadable =
        |e: std::io::Error| Ending::InvalidInput(format!("{}: the file cannot be read: {e}", path.display()));
    let bytes = fs::read(path).map_err(unreadable)?;
    let text = String::from_utf8_lossy(&bytes);
    let auction = CatsAuction::parse(&text).map_err(|defects| {
        let mut lines: Vec<String> = defects.iter().take(SHOWN).map(|d| format!("{}: {d}", path.display())).collect();
        if defects.len() > SHOWN {
            lines.push(format!("{} more", defects.len() - SHOWN));
        }
        Ending::InvalidInput(lines.join("\n"))
    })?;
    let rule = match args.payments {
        None => PaymentRule::None,
        Some(Payments::Vcg) => PaymentRule::Vcg,
        Some(Payments::Core) => PaymentRule::Core,
    };
    terminal.ends_with_result();
    let award =
        award_cats(&auction, args.node_limit, args.time_limit, rule, terminal).map_err(|error| match error {
            AwardError::NothingFound => Ending::Usage(error.to_string()),
            AwardError::Interrupted => Ending::Interrupted,
            AwardError::TotalTooLarge => Ending::InvalidInput(format!("{}: {error}", path.display())),
            error => Ending::Bug(error.to_string()),
        })?;
    terminal.seal()?;
    match output {
        Some(output) => {
            let written = write_atomically(output, |out| write_cats_csv(out, &auction, &award));
            written.map_err(|e: ReportError| Ending::Usage(format!("--output {}: {e}", output.display())))?;
        }
        None => {
            let mut table = Vec::new();
            write_cats_csv(&mut table, &auction, &award).map_err(|e| Ending::Bug(e.to_string()))?;
            print_out(&table);
        }
    }
    terminal.say(&cats_summary(&auction, &award));
    Ok(match award.status {
        _ if award.interrupted => Ending::Stopped,
        Status::Optimal => Ending::Done,
        _ => Ending::LimitHit,
    })
}
