//! `ddu ddus`: candidates for delivery units from a map's post offices, joined with a table of facilities; and its linter.

use super::carrier_args::DdusArgs;
use super::exit::Ending;
use super::scenario::{FULL, show, verdict};
use super::target::{check_file, spare_files};
use super::terminal::Terminal;
use crate::artefact::Folder;
use crate::osm::{self, OsmError, PostOffice};
use crate::pipeline::match_facilities;
use crate::report::{self, MatchKind};
use crate::scenario::{Facility, load_facilities};
use std::path::Path;

/// Where results go unless told otherwise.
const DEFAULT_FOLDER: &str = "ddus";
const CANDIDATES: &str = "candidates.csv";
const MATCHES: &str = "match_report.csv";

pub(super) fn ddus(args: &DdusArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    match (&args.from_osm, &args.lint) {
        (Some(map), _) => candidates(args, map, terminal),
        (None, Some(table)) => {
            let facilities = facilities(table, terminal)?;
            terminal.say(&format!("{} facilities can be read", facilities.len()));
            Ok(Ending::Done)
        }
        (None, None) => Err(Ending::Usage("name a map with --from-osm, or a table with --lint".to_owned())),
    }
}

/// Reads a table and shows all that was found; errors end the command.
fn facilities(table: &Path, terminal: &Terminal) -> Result<Vec<Facility>, Ending> {
    let (facilities, findings) = load_facilities(table);
    show(&findings, FULL, terminal);
    facilities.filter(|_| !findings.has_errors()).ok_or_else(|| Ending::InvalidInput(verdict(&findings, true)))
}

fn candidates(args: &DdusArgs, map: &Path, terminal: &Terminal) -> Result<Ending, Ending> {
    let output = args.output.as_deref().unwrap_or_else(|| Path::new(DEFAULT_FOLDER));
    for path in [output.join(CANDIDATES), output.join(MATCHES)].iter().filter(|path| path.exists()) {
        check_file(path, args.force)?;
    }
    spare_files(args.join.iter().cloned().chain([map.to_owned()]), output)?;
    let table = args.join.as_deref().map(|table| facilities(table, terminal)).transpose()?;
    let found = osm::read_post_offices(map, terminal).map_err(|error| match error {
        OsmError::Interrupted { .. } => Ending::Interrupted,
        error => Ending::InvalidInput(error.to_string()),
    })?;
    let unwritable = |e: std::io::Error| Ending::Usage(format!("--output {}: {e}", output.display()));
    let bug = |e: report::ReportError| Ending::Usage(e.to_string());
    let mut folder = Folder::open(output).map_err(unwritable)?;
    folder.write(CANDIDATES, |out| report::write_candidates(out, &found.offices)).map_err(bug)?;
    let mut summary = format!("{} post offices on the map", found.offices.len());
    for (count, what) in [
        (found.relations_left_out, "relations left out: their outlines are not put together"),
        (found.ways_left_out, "ways left out: the map holds none of their nodes"),
    ] {
        if count > 0 {
            summary.push_str(&format!("; {count} {what}"));
        }
    }
    if let Some(facilities) = table {
        let inside = inside(facilities, &found.offices);
        let matches = match_facilities(&inside, &found.offices, args.radius);
        folder.write(MATCHES, |out| report::write_match_report(out, &inside, &matches, &found.offices)).map_err(bug)?;
        let count = |kind| matches.iter().flatten().filter(|found| found.kind == kind).count();
        summary.push_str(&format!(
            "; of {} facilities in their box {} match by ZIP and distance, {} by distance, {} by ZIP, {} by distance in another ZIP",
            inside.len(),
            count(MatchKind::ZipAndDistance),
            count(MatchKind::Distance),
            count(MatchKind::Zip),
            count(MatchKind::DistanceOtherZip),
        ));
    }
    terminal.seal()?;
    folder.commit().map_err(unwritable)?;
    terminal.say(&summary);
    terminal.say(&format!("results in {}", output.display()));
    Ok(Ending::Done)
}

/// Facilities within the box of the post offices, and those without a coordinate that share a ZIP with one.
fn inside(facilities: Vec<Facility>, offices: &[PostOffice]) -> Vec<Facility> {
    let bounds = crate::lonlat::Bounds::around(offices.iter().map(|office| office.at));
    let zip = |facility: &Facility| {
        let zip = facility.zip5.as_deref();
        zip.is_some_and(|zip| offices.iter().any(|office| office.postcode.starts_with(zip)))
    };
    let here = |facility: &Facility| match facility.at {
        Some(at) => bounds.is_some_and(|bounds| bounds.contains(at)),
        None => zip(facility),
    };
    facilities.into_iter().filter(here).collect()
}
