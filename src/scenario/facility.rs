//! Facilities of a table of another maker, for joining with the map.

use super::read::{self, Intake};
use super::table::TableSpec;
use crate::diagnostics::Diagnostics;
use crate::lonlat::LonLat;
use std::path::Path;

/// A facility.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facility {
    /// Unique id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Five-digit ZIP, if known.
    pub zip5: Option<String>,
    /// Two-letter state, if known.
    pub state: Option<String>,
    /// Where it is, if known.
    pub at: Option<LonLat>,
    /// False when it is closed, phantom or finance-only.
    pub takes_part: bool,
}

/// Reads a table of facilities: `ddu_id`, and where there are such columns `name` or `locale_name`, `zip5` or `zip`, `state`,
/// `lat`, `lon`, `loc_src`, `status`, `facility_type`, `successor_id`, `comment` or `notes`; others are ignored. `None` where the file is
/// no table. With everything that was found; rows with errors are left out.
#[must_use]
pub fn load_facilities(path: &Path) -> (Option<Vec<Facility>>, Diagnostics) {
    let mut intake = Intake::default();
    let spec = TableSpec { shown: path.to_owned(), path: path.to_owned(), other_columns: true, ..TableSpec::default() };
    let facilities = read::facilities(&spec, &mut intake);
    (facilities, intake.diagnostics)
}
