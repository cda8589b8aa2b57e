//! Post offices of a map: `amenity=post_office` and `post_depot`, as nodes or as the outlines of buildings.

use super::raw::MemberKind;
use crate::lonlat::LonLat;

/// A post office as it is tagged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PostOffice {
    /// OpenStreetMap id.
    pub id: i64,
    /// Whether that is of a node or of a way.
    pub kind: MemberKind,
    /// The node, or the middle of the way's corners.
    pub at: LonLat,
    /// `post_office` or `post_depot`.
    pub amenity: String,
    /// `name`; empty where absent, as all that follow.
    pub name: String,
    /// `operator`, else `brand`.
    pub operator: String,
    /// `addr:postcode`.
    pub postcode: String,
    /// `addr:state`.
    pub state: String,
    /// `addr:housenumber` and `addr:street`.
    pub street: String,
}

/// All post offices of a map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostOffices {
    /// By kind and id.
    pub offices: Vec<PostOffice>,
    /// Relations that are post offices: their outlines are not put together.
    pub relations_left_out: u64,
    /// Ways of which the map holds no node.
    pub ways_left_out: u64,
}

impl PostOffice {
    /// A post office of these tags; `None` for anything else.
    pub(super) fn of(kind: MemberKind, id: i64, at: LonLat, tags: &[(&str, &str)]) -> Option<Self> {
        let get = |key: &str| tags.iter().find(|(k, _)| *k == key).map(|(_, value)| (*value).trim());
        let text = |key: &str| get(key).unwrap_or_default().to_owned();
        let amenity = get("amenity").filter(|amenity| ["post_office", "post_depot"].contains(amenity))?;
        let operator = get("operator").or_else(|| get("brand")).unwrap_or_default().to_owned();
        let street = format!("{} {}", text("addr:housenumber"), text("addr:street")).trim().to_owned();
        let (name, postcode, state) = (text("name"), text("addr:postcode"), text("addr:state"));
        Some(Self { id, kind, at, amenity: amenity.to_owned(), name, operator, postcode, state, street })
    }
}

/// The middle of some points: the mean of each coordinate, rounded to the grid; of a closed line without its last point.
#[must_use]
pub(super) fn middle(points: &[LonLat]) -> Option<LonLat> {
    let corners = match points {
        [first, rest @ .., last] if first == last && !rest.is_empty() => &points[..points.len() - 1],
        _ => points,
    };
    let count = i64::try_from(corners.len()).ok().filter(|count| *count > 0)?;
    let mean = |of: fn(&LonLat) -> i32| {
        let sum: i64 = corners.iter().map(|point| i64::from(of(point))).sum();
        i32::try_from(crate::units::round_div(sum.into(), count.into())).ok()
    };
    Some(LonLat { lon_e7: mean(|p| p.lon_e7)?, lat_e7: mean(|p| p.lat_e7)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_a_square_counts_its_corners_once() {
        let at = |lon_e7, lat_e7| LonLat { lon_e7, lat_e7 };
        let square = [at(0, 0), at(10, 0), at(10, 20), at(0, 20), at(0, 0)];
        assert_eq!(middle(&square), Some(at(5, 10)));
        assert_eq!(middle(&square[..1]), Some(at(0, 0)));
        assert_eq!(middle(&[]), None);
    }
}
