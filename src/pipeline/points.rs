//! Do hubs and units meet the map? One finding a point, and which rows can be used.
//!
//! A point outside the map or off every road cannot be used. A point on an isolated road can: its cells say so.

use crate::diagnostics::{Code, Diagnostics, RejectedRow};
use crate::lonlat::{Bounds, LonLat};
use crate::network::{NoSnap, Snap};
use crate::scenario::{MapSettings, OutsideMap, RowOrigin, Settings};

/// Where one table's points landed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct PointCounts {
    /// Rows left out because their point is outside the map (`outside_map = "drop"`).
    pub dropped_outside: u64,
    /// Rows with a point finding that forbids their use.
    pub rejected: u64,
}

/// Everything needed to judge one point.
pub(super) struct Point<'a> {
    /// Position.
    pub(super) at: LonLat,
    /// What snapping said for each vehicle class.
    pub(super) snaps: Vec<&'a Result<Snap, NoSnap>>,
}

/// What becomes of a point.
pub(super) enum Verdict {
    /// Used.
    Keep,
    /// Left out by policy; counted, no finding.
    Drop,
    /// Cannot be used: an error.
    Reject(Code),
}

/// All points of one table.
#[derive(Default)]
pub(super) struct Judged {
    /// Which rows can be used.
    pub(super) keep: Vec<bool>,
    /// What was found.
    pub(super) findings: Diagnostics,
    /// Rows that cannot be used, as they stand in the table.
    pub(super) rejects: Vec<RejectedRow>,
    /// How many.
    pub(super) counts: PointCounts,
}

impl Judged {
    /// Judges every point of a table.
    pub(super) fn new<'a>(
        points: impl Iterator<Item = (Point<'a>, RowOrigin<'a>)>,
        bounds: Option<Bounds>,
        settings: &Settings,
    ) -> Self {
        let mut judged = Self::default();
        for (point, origin) in points {
            let mut say = |code, message: String, help: &str| {
                judged.findings.push(origin.diagnostic(code, "lat", message, help.to_owned()));
            };
            let verdict = judge(&point, bounds, &settings.map, settings.data.outside_map, &mut say);
            match verdict {
                Verdict::Keep => {}
                Verdict::Drop => judged.counts.dropped_outside += 1,
                Verdict::Reject(code) => {
                    judged.counts.rejected += 1;
                    judged.rejects.extend(origin.rejected(code));
                }
            }
            judged.keep.push(matches!(verdict, Verdict::Keep));
        }
        judged
    }
}

pub(super) type Say<'a> = &'a mut dyn FnMut(Code, String, &str);

/// Says what is wrong with a point.
pub(super) fn judge(
    point: &Point<'_>,
    bounds: Option<Bounds>,
    settings: &MapSettings,
    outside: OutsideMap,
    say: Say<'_>,
) -> Verdict {
    let Some(bounds) = bounds else { return judge_road(point, settings, say) };
    if !bounds.contains(point.at) {
        if outside == OutsideMap::Drop {
            return Verdict::Drop;
        }
        say(
            Code::OutsideMap,
            format!("{} is outside the map, which covers {}", show(point.at), show_box(bounds)),
            "use a larger extract, remove the row, or set inputs.outside_map = \"drop\"",
        );
        return Verdict::Reject(Code::OutsideMap);
    }
    let verdict = judge_road(point, settings, say);
    let border = bounds.metres_to_border(point.at);
    if matches!(verdict, Verdict::Keep) && border < f64::from(settings.border_buffer_m) {
        say(
            Code::NearBorder,
            format!("{border:.0} m from the edge of the map: routes may be cut there"),
            "use an extract with a wider margin, or lower map.border_buffer_m",
        );
    }
    verdict
}

/// The best any vehicle class found decides about the row; classes that found less show it in their cells.
fn judge_road(point: &Point<'_>, settings: &MapSettings, say: Say<'_>) -> Verdict {
    let best = point.snaps.iter().filter_map(|s| s.as_ref().ok()).min_by_key(|s| s.distance);
    if let Some(snap) = best {
        if snap.passed_island {
            say(
                Code::MovedOffIsland,
                format!("the nearest road is isolated; snapped to the main network {} m away", snap.distance),
                "check the point, or lower map.island_tolerance_m to keep it on the isolated road",
            );
        }
        if snap.distance.0 > settings.snap_warn_m.saturating_mul(10) {
            say(
                Code::PointFarFromRoad,
                format!("{} m from the nearest usable road", snap.distance),
                "move the point to the gate, or raise map.snap_warn_m",
            );
        }
        return Verdict::Keep;
    }
    let isolated = point.snaps.iter().find_map(|s| match s {
        Err(NoSnap::Isolated { arcs, distance }) => Some((*arcs, *distance)),
        _ => None,
    });
    if let Some((arcs, distance)) = isolated {
        say(
            Code::IsolatedPoint,
            format!("the nearest road, {distance} m away, is a component of {arcs} road arcs without link to the rest"),
            "its cells carry the reason isolated_component; use a larger extract if the map is cut here",
        );
        return Verdict::Keep;
    }
    let nearest = point.snaps.iter().find_map(|s| match s {
        Err(NoSnap::NoRoadWithinLimit { nearest }) => *nearest,
        Err(NoSnap::VehicleNotAllowed { nearest }) => Some(*nearest),
        _ => None,
    });
    let what =
        nearest.map_or_else(|| "there is no road at all".to_owned(), |d| format!("the nearest road is {d} m away"));
    say(
        Code::PointOffRoad,
        format!("no road that a vehicle may use within {} m; {what}", settings.snap_limit_m),
        "correct the coordinate, or raise map.snap_limit_m",
    );
    Verdict::Reject(Code::PointOffRoad)
}

fn show(p: LonLat) -> String {
    format!("{:.5}, {:.5}", p.lat(), p.lon())
}

fn show_box(b: Bounds) -> String {
    format!("latitude {:.5} to {:.5}, longitude {:.5} to {:.5}", b.min.lat(), b.max.lat(), b.min.lon(), b.max.lon())
}
