//! What a way says: whether it is a road, for whom, in which direction, how fast, under which limits.
//!
//! Roads are the `highway` values of [`RoadClass`] and ferries (`route=ferry`). A road without access tags is open to
//! all modes, with two exceptions: `service=emergency_access` is closed, and so is a ferry, since most untagged
//! ferries carry people only. Driveways, parking aisles and drive-throughs are open as tagged (yards and docks lie
//! behind them); where they are `private` or `customers`, only the ends of a route may use them.

use super::oneway::Oneway;
use super::{Tags, access, ferry, limits, oneway, speed, toll};
use crate::osm::tally::{Row, Tally};
use crate::osm::{Access, Direction, WayDirection, WayLimits};
use crate::road_class::RoadClass;
use crate::scenario::Mode;

/// Everything that a way's tags say about traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::osm) struct WayFacts {
    pub(in crate::osm) class: RoadClass,
    pub(in crate::osm) forward: WayDirection,
    pub(in crate::osm) backward: WayDirection,
    pub(in crate::osm) limits: WayLimits,
    pub(in crate::osm) toll: u8,
    pub(in crate::osm) duration_ms: u32,
}

/// True for keys without one of which a way is never a road.
pub(in crate::osm) fn may_be_road(key: &str) -> bool {
    matches!(key, "highway" | "route")
}

fn class(tags: Tags<'_>) -> Result<RoadClass, Row> {
    if tags.is("route", "ferry") {
        return Ok(RoadClass::Ferry);
    }
    match tags.get("highway") {
        Some("construction" | "proposed" | "planned") => Err(Row::WaysPlanned),
        Some(value) => RoadClass::from_highway(value).ok_or(Row::WaysNoRoad),
        None => Err(Row::WaysNoRoad),
    }
}

fn default_access(tags: Tags<'_>, class: RoadClass) -> Access {
    if class == RoadClass::Ferry || tags.is("service", "emergency_access") { Access::No } else { Access::Yes }
}

/// Reads a way; `None`, and counted why, when no motor vehicle may use it.
pub(in crate::osm) fn way(tags: Tags<'_>, tally: &mut Tally) -> Option<WayFacts> {
    let class = match class(tags) {
        Ok(class) => class,
        Err(row) => return drop_way(row, tally),
    };
    if tags.is("area", "yes") {
        return drop_way(Row::WaysArea, tally);
    }
    let runs = oneway::directions(tags, class, tally);
    if runs == [Oneway::Reversible; Mode::ALL.len()] {
        return drop_way(Row::WaysReversible, tally);
    }
    access::count_unknown(tags, tally);
    let default = default_access(tags, class);
    let access = |direction, closed| {
        Mode::ALL.map(|mode| {
            let run = runs.get(mode as usize).copied().unwrap_or(Oneway::Both);
            let shut = run == closed || run == Oneway::Reversible;
            if shut { Access::No } else { access::decide(tags, mode, Some(direction)).unwrap_or(default) }
        })
    };
    let forward = access(Direction::Forward, Oneway::Backward);
    let backward = access(Direction::Backward, Oneway::Forward);
    if forward.iter().chain(&backward).all(|access| *access == Access::No) {
        return drop_way(Row::WaysClosed, tally);
    }
    let conditional = tags.0.iter().filter(|(key, _)| key.ends_with(":conditional")).count();
    tally.add_many(Row::Conditional, conditional);
    let [speed_forward, speed_backward] = speed::limits(tags, tally);
    let duration_ms = if class == RoadClass::Ferry { duration(tags, tally) } else { 0 };
    Some(WayFacts {
        class,
        forward: WayDirection { access: forward, speed_centimph: speed_forward },
        backward: WayDirection { access: backward, speed_centimph: speed_backward },
        limits: limits::limits(tags, tally),
        toll: toll::mask(tags, tally),
        duration_ms,
    })
}

fn duration(tags: Tags<'_>, tally: &mut Tally) -> u32 {
    tags.get("duration").map_or(0, |text| {
        ferry::duration_ms(text).unwrap_or_else(|| {
            tally.add(Row::DurationUnknown);
            0
        })
    })
}

fn drop_way(row: Row, tally: &mut Tally) -> Option<WayFacts> {
    tally.add(row);
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use Access::{Destination, No, Yes};

    type TagList = &'static [(&'static str, &'static str)];

    fn read(tags: TagList) -> (Option<WayFacts>, Tally) {
        let mut tally = Tally::default();
        let facts = way(Tags(tags), &mut tally);
        (facts, tally)
    }

    #[test]
    fn dropped_with_a_reason() {
        let cases: &[(TagList, Row)] = &[
            (&[], Row::WaysNoRoad),
            (&[("highway", "footway")], Row::WaysNoRoad),
            (&[("highway", "ferry")], Row::WaysNoRoad),
            (&[("route", "bus")], Row::WaysNoRoad),
            (&[("highway", "construction")], Row::WaysPlanned),
            (&[("highway", "proposed")], Row::WaysPlanned),
            (&[("highway", "service"), ("area", "yes")], Row::WaysArea),
            (&[("highway", "primary"), ("oneway", "reversible")], Row::WaysReversible),
            (&[("highway", "primary"), ("access", "no")], Row::WaysClosed),
            (&[("highway", "service"), ("access", "no"), ("bus", "yes")], Row::WaysClosed),
            (&[("highway", "service"), ("service", "emergency_access")], Row::WaysClosed),
            (&[("route", "ferry")], Row::WaysClosed),
        ];
        for (tags, row) in cases {
            let (facts, tally) = read(tags);
            assert_eq!((facts, tally.get(*row)), (None, 1), "{tags:?}");
        }
    }

    #[test]
    fn access_by_direction() {
        let cases: &[(TagList, [Access; 3], [Access; 3])] = &[
            (&[("highway", "primary")], [Yes; 3], [Yes; 3]),
            (&[("highway", "motorway")], [Yes; 3], [No; 3]),
            (&[("highway", "primary"), ("oneway", "-1")], [No; 3], [Yes; 3]),
            (&[("highway", "primary"), ("hgv", "no")], [Yes, Yes, No], [Yes, Yes, No]),
            (&[("highway", "primary"), ("hgv:backward", "no")], [Yes; 3], [Yes, Yes, No]),
            (&[("highway", "primary"), ("oneway:hgv", "yes")], [Yes; 3], [Yes, Yes, No]),
            (&[("highway", "primary"), ("oneway:hgv", "reversible")], [Yes, Yes, No], [Yes, Yes, No]),
            (&[("highway", "service"), ("access", "private")], [Destination; 3], [Destination; 3]),
            (&[("highway", "service"), ("service", "driveway")], [Yes; 3], [Yes; 3]),
            (&[("highway", "service"), ("service", "parking_aisle")], [Yes; 3], [Yes; 3]),
            (
                &[("highway", "service"), ("service", "emergency_access"), ("motor_vehicle", "private")],
                [Destination; 3],
                [Destination; 3],
            ),
            (&[("route", "ferry"), ("motor_vehicle", "yes")], [Yes; 3], [Yes; 3]),
            (&[("route", "ferry"), ("motorcar", "yes"), ("hgv", "no")], [Yes, No, No], [Yes, No, No]),
        ];
        for (tags, forward, backward) in cases {
            let facts = read(tags).0.unwrap();
            assert_eq!((facts.forward.access, facts.backward.access), (*forward, *backward), "{tags:?}");
        }
    }

    #[test]
    fn a_ferry_with_its_duration() {
        let (facts, _) = read(&[("route", "ferry"), ("vehicle", "yes"), ("duration", "00:20"), ("toll", "yes")]);
        let facts = facts.unwrap();
        assert_eq!((facts.class, facts.duration_ms, facts.toll), (RoadClass::Ferry, 1_200_000, 7));
        let (facts, tally) = read(&[("route", "ferry"), ("vehicle", "yes"), ("duration", "soon")]);
        assert_eq!((facts.unwrap().duration_ms, tally.get(Row::DurationUnknown)), (0, 1));
        // On a road the tag is someone's walking time.
        assert_eq!(read(&[("highway", "primary"), ("duration", "00:20")]).0.unwrap().duration_ms, 0);
    }

    #[test]
    fn conditional_tags_are_counted_and_left_out() {
        let (facts, tally) = read(&[("highway", "primary"), ("hgv:conditional", "no @ (22:00-06:00)")]);
        assert_eq!(facts.unwrap().forward.access, [Yes; 3]);
        assert_eq!(tally.get(Row::Conditional), 1);
    }
}
