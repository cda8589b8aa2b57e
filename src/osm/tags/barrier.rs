//! `barrier` nodes: what they let through.
//!
//! The node's access tags decide where there are any. Else a barrier that a vehicle can be let through (gate, lift
//! gate, toll booth, border control, cattle grid, height restrictor …) is open, since a closed gate is tagged
//! `access=private` or `no`; one that stops every motor vehicle (bollard, block, chain, fence …) is closed. A value that
//! is not in either list is counted and open: a wrong block cuts a network, a wrong passage only shortens a route.

use super::{Tags, access, parts};
use crate::osm::Access;
use crate::osm::tally::{Row, Tally};
use crate::scenario::Mode;

/// What the barrier does without access tags; `None` when the value is not understood.
fn usual(barrier: &str) -> Option<Access> {
    match barrier {
        "gate" | "lift_gate" | "swing_gate" | "sliding_gate" | "sliding_beam" | "hampshire_gate" | "bump_gate"
        | "toll_booth" | "border_control" | "cattle_grid" | "height_restrictor" | "width_restrictor" | "entrance"
        | "sally_port" | "checkpoint" | "kerb" | "rumble_strip" | "arch" | "yes" | "no" | "open" => Some(Access::Yes),
        "bollard"
        | "block"
        | "jersey_barrier"
        | "concrete_barrier"
        | "chain"
        | "rope"
        | "debris"
        | "log"
        | "planter"
        | "cycle_barrier"
        | "motorcycle_barrier"
        | "stile"
        | "turnstile"
        | "full-height_turnstile"
        | "kissing_gate"
        | "wicket_gate"
        | "horse_stile"
        | "fence"
        | "wall"
        | "retaining_wall"
        | "city_wall"
        | "hedge"
        | "guard_rail"
        | "ditch"
        | "tank_trap"
        | "bus_trap"
        | "sump_buster"
        | "barrier_board"
        | "delineators"
        | "delineator" => Some(Access::No),
        _ => None,
    }
}

/// Access through a node, by mode.
pub(super) fn passage(tags: Tags<'_>, tally: &mut Tally) -> [Access; Mode::ALL.len()] {
    let Some(barrier) = tags.get("barrier") else { return [Access::Yes; Mode::ALL.len()] };
    access::count_unknown(tags, tally);
    let usual = parts(barrier).find_map(usual).unwrap_or_else(|| {
        tally.add(Row::BarrierUnknown);
        Access::Yes
    });
    Mode::ALL.map(|mode| access::decide(tags, mode, None).unwrap_or(usual))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Access::{Destination, No, Yes};

    #[test]
    fn passages() {
        type Case = (&'static [(&'static str, &'static str)], [Access; 3]);
        let cases: &[Case] = &[
            (&[], [Yes; 3]),
            (&[("access", "no")], [Yes; 3]), // no barrier, no rule
            (&[("barrier", "gate")], [Yes; 3]),
            (&[("barrier", "gate"), ("access", "private")], [Destination; 3]),
            (&[("barrier", "gate"), ("access", "no")], [No; 3]),
            (&[("barrier", "lift_gate"), ("hgv", "no")], [Yes, Yes, No]),
            (&[("barrier", "toll_booth")], [Yes; 3]),
            (&[("barrier", "bollard")], [No; 3]),
            (&[("barrier", "bollard"), ("motor_vehicle", "yes")], [Yes; 3]),
            (&[("barrier", "block"), ("motorcar", "permit")], [Destination, No, No]),
            (&[("barrier", "height_restrictor")], [Yes; 3]),
        ];
        for (tags, expected) in cases {
            let mut tally = Tally::default();
            assert_eq!(passage(Tags(tags), &mut tally), *expected, "{tags:?}");
            assert_eq!(tally.get(Row::BarrierUnknown), 0, "{tags:?}");
        }
        let mut tally = Tally::default();
        assert_eq!(passage(Tags(&[("barrier", "dragon")]), &mut tally), [Yes; 3]);
        assert_eq!(tally.get(Row::BarrierUnknown), 1);
    }
}
