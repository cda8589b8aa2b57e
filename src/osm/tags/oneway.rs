//! `oneway`: in which direction traffic runs.
//!
//! The key of a mode (`oneway:hgv`) goes before `oneway:motor_vehicle`, `oneway:vehicle` and `oneway`. Without a tag,
//! motorways and roundabouts (`junction=roundabout|circular`) run along the way. `alternating` (one lane, by turns)
//! is open both ways; `reversible` changes with the hour, so such a way is not routable. `motorroad=yes` concerns
//! slow vehicles only and implies nothing here.

use super::Tags;
use crate::osm::tally::{Row, Tally};
use crate::road_class::RoadClass;
use crate::scenario::Mode;

/// Direction of traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Oneway {
    /// Both directions.
    Both,
    /// Along the nodes only.
    Forward,
    /// Against them only.
    Backward,
    /// Changes with the hour.
    Reversible,
}

fn value(text: &str) -> Option<Oneway> {
    match text {
        "yes" | "true" | "1" => Some(Oneway::Forward),
        "-1" | "reverse" => Some(Oneway::Backward),
        "no" | "false" | "0" | "alternating" => Some(Oneway::Both),
        "reversible" => Some(Oneway::Reversible),
        _ => None,
    }
}

const fn own_key(mode: Mode) -> &'static str {
    match mode {
        Mode::Motorcar => "oneway:motorcar",
        Mode::Goods => "oneway:goods",
        Mode::Hgv => "oneway:hgv",
    }
}

/// Direction of traffic for each mode.
pub(super) fn directions(tags: Tags<'_>, class: RoadClass, tally: &mut Tally) -> [Oneway; Mode::ALL.len()] {
    for &(key, text) in tags.0 {
        let ours = matches!(key, "oneway" | "oneway:vehicle" | "oneway:motor_vehicle")
            || Mode::ALL.iter().any(|mode| own_key(*mode) == key);
        if ours && value(text).is_none() {
            tally.add(Row::OnewayUnknown);
        }
    }
    let round = matches!(tags.get("junction"), Some("roundabout" | "circular"));
    let implied = if round || class == RoadClass::Motorway { Oneway::Forward } else { Oneway::Both };
    Mode::ALL.map(|mode| {
        [own_key(mode), "oneway:motor_vehicle", "oneway:vehicle", "oneway"]
            .into_iter()
            .find_map(|key| tags.get(key).and_then(value))
            .unwrap_or(implied)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Oneway::{Backward, Both, Forward, Reversible};

    #[test]
    fn directions_of_traffic() {
        type Case = (&'static [(&'static str, &'static str)], RoadClass, [Oneway; 3]);
        let cases: &[Case] = &[
            (&[], RoadClass::Residential, [Both; 3]),
            (&[("oneway", "yes")], RoadClass::Residential, [Forward; 3]),
            (&[("oneway", "1")], RoadClass::Residential, [Forward; 3]),
            (&[("oneway", "true")], RoadClass::Residential, [Forward; 3]),
            (&[("oneway", "-1")], RoadClass::Residential, [Backward; 3]),
            (&[("oneway", "alternating")], RoadClass::Residential, [Both; 3]),
            (&[("oneway", "reversible")], RoadClass::Motorway, [Reversible; 3]),
            (&[], RoadClass::Motorway, [Forward; 3]),
            (&[], RoadClass::MotorwayLink, [Both; 3]),
            (&[("oneway", "no")], RoadClass::Motorway, [Both; 3]),
            (&[("oneway", "perhaps")], RoadClass::Motorway, [Forward; 3]),
            (&[("junction", "roundabout")], RoadClass::Tertiary, [Forward; 3]),
            (&[("junction", "circular")], RoadClass::Tertiary, [Forward; 3]),
            (&[("junction", "yes")], RoadClass::Tertiary, [Both; 3]),
            (&[("oneway:hgv", "yes")], RoadClass::Primary, [Both, Both, Forward]),
            (&[("oneway", "yes"), ("oneway:hgv", "no")], RoadClass::Primary, [Forward, Forward, Both]),
            (&[("oneway", "yes"), ("oneway:bicycle", "no")], RoadClass::Primary, [Forward; 3]),
        ];
        for (tags, class, expected) in cases {
            assert_eq!(directions(Tags(tags), *class, &mut Tally::default()), *expected, "{tags:?}");
        }
        let mut tally = Tally::default();
        directions(Tags(&[("oneway", "perhaps")]), RoadClass::Primary, &mut tally);
        assert_eq!(tally.get(Row::OnewayUnknown), 1);
    }
}
