//! Post offices of a map joined with a table of facilities, by ZIP and distance.
//!
//! Pairs are taken best first: same ZIP within the radius; within the radius where one ZIP is not known; same ZIP farther away or without a
//! coordinate; within the radius in spite of another ZIP. Of equally good ones the nearest, then the first. Every facility and every post office
//! is in one pair at most. So a pair that is not of the first kind is a question to a person, not an answer.

use crate::lonlat::{LonLat, decimetres};
use crate::osm::PostOffice;
use crate::report::{Match, MatchKind};
use crate::scenario::Facility;
use crate::units::Decimetres;
use std::collections::BTreeMap;

/// Metres of a degree of latitude, rounded down, so that the band of a radius is not too narrow.
const METRES_PER_DEGREE: f64 = 111_000.0;

/// Facilities with the post offices that match them, in the order of the facilities.
#[must_use]
pub fn match_facilities(facilities: &[Facility], offices: &[PostOffice], radius_m: u32) -> Vec<Option<Match>> {
    let mut by_zip: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut by_latitude: Vec<(i32, usize)> = Vec::with_capacity(offices.len());
    for (at, office) in offices.iter().enumerate() {
        by_latitude.push((office.at.lat_e7, at));
        if let Some(zip) = zip_of(office) {
            by_zip.entry(zip).or_default().push(at);
        }
    }
    by_latitude.sort_unstable();
    let mut pairs: Vec<(MatchKind, Option<Decimetres>, usize, usize)> = Vec::new();
    for (facility, of) in facilities.iter().enumerate().filter(|(_, facility)| facility.takes_part) {
        let same_zip = of.zip5.as_deref().and_then(|zip| by_zip.get(zip)).map_or(&[][..], Vec::as_slice);
        let near = of.at.map(|at| within(&by_latitude, offices, at, radius_m)).unwrap_or_default();
        let mut candidates: Vec<usize> = same_zip.iter().copied().chain(near).collect();
        candidates.sort_unstable();
        candidates.dedup();
        for office in candidates {
            let away = of.at.map(|at| decimetres(at.metres_to(offices[office].at)));
            let near = away.is_some_and(|away| u64::from(away.0) <= u64::from(radius_m) * 10);
            let zips = of.zip5.as_deref().zip(zip_of(&offices[office])).map(|(a, b)| a == b);
            let kind = match (zips, near) {
                (Some(true), true) => MatchKind::ZipAndDistance,
                (None, true) => MatchKind::Distance,
                (Some(true), false) => MatchKind::Zip,
                (Some(false), true) => MatchKind::DistanceOtherZip,
                _ => continue,
            };
            pairs.push((kind, away, facility, office));
        }
    }
    // A pair without a distance comes after those with one.
    pairs.sort_by_key(|(kind, away, facility, office)| (*kind, away.is_none(), *away, *facility, *office));
    let mut found = vec![None; facilities.len()];
    let mut taken = vec![false; offices.len()];
    for (kind, away, facility, office) in pairs {
        if found[facility].is_none() && !taken[office] {
            taken[office] = true;
            found[facility] = Some(Match { office, kind, away });
        }
    }
    found
}

/// The five digits of a post office's ZIP.
fn zip_of(office: &PostOffice) -> Option<&str> {
    let zip = office.postcode.get(..5)?;
    let plain = office.postcode.len() == 5 || office.postcode.as_bytes().get(5) == Some(&b'-');
    (plain && zip.bytes().all(|b| b.is_ascii_digit())).then_some(zip)
}

/// Post offices within a radius.
fn within(by_latitude: &[(i32, usize)], offices: &[PostOffice], at: LonLat, radius_m: u32) -> Vec<usize> {
    let band = f64::from(radius_m) / METRES_PER_DEGREE;
    let edge = |degrees: f64| LonLat::from_degrees(0.0, degrees.clamp(-90.0, 90.0)).map_or(0, |point| point.lat_e7);
    let (south, north) = (edge(at.lat() - band), edge(at.lat() + band));
    let first = by_latitude.partition_point(|(lat, _)| *lat < south);
    let rows = by_latitude[first..].iter().take_while(|(lat, _)| *lat <= north);
    let near = |office: &usize| offices[*office].at.metres_to(at) <= f64::from(radius_m);
    rows.map(|(_, office)| *office).filter(near).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::osm::MemberKind;

    fn office(id: i64, metres_north: f64, postcode: &str) -> PostOffice {
        let at = LonLat::from_degrees(-83.0, 40.0 + metres_north / 111_195.0).unwrap();
        let (name, operator, state, street) = Default::default();
        let amenity = "post_office".to_owned();
        PostOffice {
            id,
            kind: MemberKind::Node,
            at,
            amenity,
            name,
            operator,
            postcode: postcode.to_owned(),
            state,
            street,
        }
    }

    fn facility(id: &str, zip5: Option<&str>, metres_north: Option<f64>) -> Facility {
        let at = metres_north.map(|north| LonLat::from_degrees(-83.0, 40.0 + north / 111_195.0).unwrap());
        let zip5 = zip5.map(str::to_owned);
        Facility { id: id.to_owned(), name: id.to_owned(), zip5, state: None, at, takes_part: true }
    }

    #[test]
    fn best_pairs_first_and_each_once() {
        let offices =
            [office(1, 0.0, "43215"), office(2, 50.0, ""), office(3, 9_000.0, "43215-1234"), office(4, 300.0, "43001")];
        let facilities = [
            facility("a", Some("43215"), Some(40.0)), // nearer to office 2, but office 1 has its ZIP
            facility("b", Some("43215"), Some(60.0)), // office 1 is taken
            facility("c", Some("43215"), None),       // only the far one is left
            facility("d", Some("99999"), Some(310.0)),
            facility("e", Some("11111"), Some(50_000.0)),
        ];
        let found = match_facilities(&facilities, &offices, 500);
        let told: Vec<_> = found.iter().map(|m| m.map(|m| (offices[m.office].id, m.kind))).collect();
        let expected = [
            Some((1, MatchKind::ZipAndDistance)),
            Some((2, MatchKind::Distance)),
            Some((3, MatchKind::Zip)),
            Some((4, MatchKind::DistanceOtherZip)),
            None,
        ];
        assert_eq!(told, expected);
        assert!(found[0].unwrap().away.unwrap().0.abs_diff(400) <= 5, "{found:?}");
    }
}
