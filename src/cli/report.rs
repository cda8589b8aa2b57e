//! `ddu report`: the page of a finished run, made again from its folder.

use super::args::ReportArgs;
use super::exit::Ending;
use super::target::{check_file, spare_files};
use super::terminal::Terminal;
use crate::artefact::write_atomically;
use crate::report::ReportError;
use crate::report::page::{PAGE_FILE, Served, read_page, read_routes, write_page};

pub(super) fn report(args: &ReportArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    let ReportArgs { folder, routes, output, force } = args;
    let output = match (output, routes) {
        (Some(output), _) => output.clone(),
        (None, None) => folder.join(PAGE_FILE),
        (None, Some(_)) => {
            let why = "--routes makes another page than the run's own; name its file with --output";
            return Err(Ending::Usage(why.to_owned()));
        }
    };
    // The run's own page comes out the same, so it may be replaced.
    check_file(&output, *force || args.output.is_none())?;
    let read = |error: ReportError| Ending::InvalidInput(error.to_string());
    let mut page = read_page(folder).map_err(read)?;
    if let (Some(routes), Some(map)) = (routes, &mut page.map) {
        map.routes = read_routes(routes).map_err(read)?;
        spare_files(std::iter::once(routes.join("manifest.json")), &output)?;
    }
    let written = write_atomically(&output, |out| write_page(out, &page, Served::No));
    written.map_err(|error| Ending::Usage(format!("--output {}: {error}", output.display())))?;
    terminal.say(&format!("written to {}", output.display()));
    Ok(Ending::Done)
}
