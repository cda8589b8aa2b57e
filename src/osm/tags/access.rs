//! `access` and its more specific keys.
//!
//! The most specific key with a value that is understood decides: `hgv:forward`, then `hgv`, then `motor_vehicle`, then
//! `vehicle`, then `access`. `goods` (light goods vehicles) says nothing about `hgv`, nor `motorcar` about `goods`. Of
//! a list of values, such as `agricultural;destination`, each admits someone, so the most open one holds.

use super::{Tags, parts};
use crate::osm::tally::{Row, Tally};
use crate::osm::{Access, Direction};
use crate::scenario::Mode;

/// Each key plain, `:forward` and `:backward`, from the most to the least specific.
type Chain = [[&'static str; 3]; 4];

macro_rules! chain {
    ($own:literal) => {
        [
            [$own, concat!($own, ":forward"), concat!($own, ":backward")],
            ["motor_vehicle", "motor_vehicle:forward", "motor_vehicle:backward"],
            ["vehicle", "vehicle:forward", "vehicle:backward"],
            ["access", "access:forward", "access:backward"],
        ]
    };
}

const fn chain(mode: Mode) -> &'static Chain {
    const MOTORCAR: Chain = chain!("motorcar");
    const GOODS: Chain = chain!("goods");
    const HGV: Chain = chain!("hgv");
    match mode {
        Mode::Motorcar => &MOTORCAR,
        Mode::Goods => &GOODS,
        Mode::Hgv => &HGV,
    }
}

/// What one value says; `None` when it is not understood.
fn value(text: &str) -> Option<Access> {
    let one = |part: &str| match part {
        "yes" | "designated" | "permissive" | "official" | "public" | "unknown" | "discouraged" => Some(Access::Yes),
        "destination" | "private" | "delivery" | "customers" | "permit" | "residents" | "employees" | "visitors"
        | "local" | "unloading" => Some(Access::Destination),
        "no" | "agricultural" | "forestry" | "emergency" | "military" | "bus" | "psv" => Some(Access::No),
        _ => None,
    };
    parts(text).filter_map(one).max_by_key(|access| *access as u8)
}

/// What the tags say to a mode in one direction; `None` when they are silent.
///
/// A node has no direction: pass `None`.
pub(super) fn decide(tags: Tags<'_>, mode: Mode, direction: Option<Direction>) -> Option<Access> {
    chain(mode).iter().find_map(|[plain, forward, backward]| {
        let directed = match direction {
            None => None,
            Some(Direction::Forward) => tags.get(forward),
            Some(Direction::Backward) => tags.get(backward),
        };
        directed.and_then(value).or_else(|| tags.get(plain).and_then(value))
    })
}

/// Counts values that [`decide`] passes over.
pub(super) fn count_unknown(tags: Tags<'_>, tally: &mut Tally) {
    for &(key, text) in tags.0 {
        let ours = Mode::ALL.iter().any(|mode| chain(*mode).iter().flatten().any(|known| *known == key));
        if ours && value(text).is_none() {
            tally.add(Row::AccessUnknown);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Access::{Destination, No, Yes};

    fn all(tags: &[(&str, &str)], direction: Option<Direction>) -> [Option<Access>; 3] {
        Mode::ALL.map(|mode| decide(Tags(tags), mode, direction))
    }

    #[test]
    fn most_specific_key_wins() {
        type Case = (&'static [(&'static str, &'static str)], [Option<Access>; 3]);
        let cases: &[Case] = &[
            (&[], [None; 3]),
            (&[("access", "no")], [Some(No); 3]),
            (&[("access", "no"), ("bus", "yes")], [Some(No); 3]),
            (&[("access", "no"), ("vehicle", "yes")], [Some(Yes); 3]),
            (&[("access", "no"), ("motor_vehicle", "permit")], [Some(Destination); 3]),
            (&[("motor_vehicle", "no"), ("motorcar", "yes")], [Some(Yes), Some(No), Some(No)]),
            (&[("motor_vehicle", "no"), ("goods", "delivery")], [Some(No), Some(Destination), Some(No)]),
            (&[("hgv", "no")], [None, None, Some(No)]),
            (&[("access", "private"), ("hgv", "designated")], [Some(Destination), Some(Destination), Some(Yes)]),
            (&[("access", "private")], [Some(Destination); 3]),
            (&[("hgv", "destination"), ("access", "yes")], [Some(Yes), Some(Yes), Some(Destination)]),
            (&[("access", "customers")], [Some(Destination); 3]),
            (&[("motor_vehicle", "agricultural;forestry")], [Some(No); 3]),
            (&[("motor_vehicle", "agricultural; destination")], [Some(Destination); 3]),
            (&[("access", "military")], [Some(No); 3]),
            (&[("access", "emergency")], [Some(No); 3]),
            (&[("access", "permissive")], [Some(Yes); 3]),
            (&[("hgv", "nonsense"), ("access", "no")], [Some(No); 3]),
        ];
        for (tags, expected) in cases {
            assert_eq!(all(tags, None), *expected, "{tags:?}");
        }
    }

    #[test]
    fn one_direction_only() {
        let tags: &[(&str, &str)] = &[("hgv:forward", "no"), ("hgv", "yes"), ("motor_vehicle:backward", "private")];
        assert_eq!(all(tags, Some(Direction::Forward)), [None, None, Some(No)]);
        assert_eq!(all(tags, Some(Direction::Backward)), [Some(Destination), Some(Destination), Some(Yes)]);
    }

    #[test]
    fn unknown_values_are_counted() {
        let mut tally = Tally::default();
        count_unknown(
            Tags(&[("hgv", "maybe"), ("access", "yes;maybe"), ("vehicle:forward", ""), ("bus", "?")]),
            &mut tally,
        );
        assert_eq!(tally.get(Row::AccessUnknown), 2);
    }
}
