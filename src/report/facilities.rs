//! `candidates.csv`: post offices of a map as candidates for delivery units. `match_report.csv`: facilities of a table with the candidates that
//! match them, then candidates that match none.

use super::ReportError;
use super::award_report::MISMATCH;
use super::csv::CsvSink;
use super::table::{Cell, Column, Kind, Sink};
use crate::lonlat::LonLat;
use crate::osm::{MemberKind, PostOffice};
use crate::scenario::Facility;
use crate::units::Decimetres;
use std::io::Write;

/// How a post office matches a facility, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchKind {
    /// Same ZIP, within the radius.
    ZipAndDistance,
    /// Within the radius; one of both ZIPs is not known.
    Distance,
    /// Same ZIP, farther away or without a coordinate.
    Zip,
    /// Within the radius, in another ZIP.
    DistanceOtherZip,
}

impl MatchKind {
    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ZipAndDistance => "zip_and_distance",
            Self::Distance => "distance",
            Self::Zip => "zip",
            Self::DistanceOtherZip => "distance_other_zip",
        }
    }
}

/// A post office that matches a facility.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// Position of the post office among the candidates.
    pub office: usize,
    /// How.
    pub kind: MatchKind,
    /// How far apart both are, where the facility has a coordinate.
    pub away: Option<Decimetres>,
}

const COLUMNS: [Column; 10] = [
    Column::new("ddu_id", Kind::Text),
    Column::new("name", Kind::Text),
    Column::new("zip5", Kind::Text),
    Column::new("state", Kind::Text),
    Column::new("lat", Kind::Text),
    Column::new("lon", Kind::Text),
    Column::new("operator", Kind::Text),
    Column::new("street", Kind::Text),
    Column::new("amenity", Kind::Text),
    Column::new("osm", Kind::Text),
];

const MATCH_COLUMNS: [Column; 9] = [
    Column::new("facility_id", Kind::Text),
    Column::new("facility_name", Kind::Text),
    Column::new("facility_zip5", Kind::Text),
    Column::new("match", Kind::Text),
    Column::new("candidate_id", Kind::Text),
    Column::new("candidate_name", Kind::Text),
    Column::new("candidate_zip5", Kind::Text),
    Column::new("metres", Kind::Metres),
    Column::new("operator", Kind::Text),
];

/// Id of a candidate: `N` or `W` for node or way, and its number.
fn candidate(office: &PostOffice) -> String {
    format!("{}{}", if office.kind == MemberKind::Node { 'N' } else { 'W' }, office.id)
}

/// Writes `candidates.csv`.
///
/// # Errors
/// When writing fails.
pub fn write_candidates(out: &mut impl Write, offices: &[PostOffice]) -> Result<(), ReportError> {
    let mut sink = CsvSink::new(out, &COLUMNS)?;
    for office in offices {
        let LonLat { lon_e7, lat_e7 } = office.at;
        let kind = if office.kind == MemberKind::Node { "node" } else { "way" };
        sink.row(&[
            Cell::Owned(candidate(office)),
            Cell::Text(&office.name),
            Cell::Text(&office.postcode),
            Cell::Text(&office.state),
            Cell::Degrees(lat_e7),
            Cell::Degrees(lon_e7),
            Cell::Text(&office.operator),
            Cell::Text(&office.street),
            Cell::Text(&office.amenity),
            Cell::Owned(format!("{kind}/{}", office.id)),
        ])?;
    }
    sink.finish()
}

/// Writes `match_report.csv`; `matches` are in the order of the facilities.
///
/// # Errors
/// When writing fails, or a match is none of the post offices.
pub fn write_match_report(
    out: &mut impl Write,
    facilities: &[Facility],
    matches: &[Option<Match>],
    offices: &[PostOffice],
) -> Result<(), ReportError> {
    let mut sink = CsvSink::new(out, &MATCH_COLUMNS)?;
    let mut matched = vec![false; offices.len()];
    for (facility, found) in facilities.iter().zip(matches) {
        let mut row = vec![Cell::Text(&facility.id), Cell::Text(&facility.name)];
        row.push(facility.zip5.as_deref().map_or(Cell::Empty, Cell::Text));
        match found {
            Some(found) => {
                let office = offices.get(found.office).ok_or(MISMATCH)?;
                matched[found.office] = true;
                row.push(Cell::Text(found.kind.word()));
                row.extend([Cell::Owned(candidate(office)), Cell::Text(&office.name), Cell::Text(&office.postcode)]);
                row.extend([found.away.into(), Cell::Text(&office.operator)]);
            }
            None => row.push(Cell::Text(if facility.takes_part { "none" } else { "takes_no_part" })),
        }
        row.resize(MATCH_COLUMNS.len(), Cell::Empty);
        sink.row(&row)?;
    }
    for (office, _) in offices.iter().zip(matched).filter(|(_, matched)| !matched) {
        sink.row(&[
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Text("no_facility"),
            Cell::Owned(candidate(office)),
            Cell::Text(&office.name),
            Cell::Text(&office.postcode),
            Cell::Empty,
            Cell::Text(&office.operator),
        ])?;
    }
    sink.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A western longitude is a number, not a formula.
    #[test]
    fn coordinates_are_numbers() {
        let office = PostOffice {
            id: 7,
            kind: MemberKind::Way,
            at: LonLat { lon_e7: -830_265_961, lat_e7: 399_686_659 },
            amenity: "post_office".to_owned(),
            name: "=1+1".to_owned(),
            operator: String::new(),
            postcode: "43215".to_owned(),
            state: String::new(),
            street: String::new(),
        };
        let mut out = Vec::new();
        write_candidates(&mut out, &[office]).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().nth(1), Some("W7,'=1+1,43215,,39.9686659,-83.0265961,,,post_office,way/7"));
    }
}
