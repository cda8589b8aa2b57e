//! Attributes of the sample's delivery units.

use super::rows::DduRow;
use crate::lonlat::LonLat;
use crate::sample::plan::Rank;
use crate::sample::rng::{Rng, Stream};
use crate::units::{ClockTime, MicroDollars};

/// A unit as the map or another table gives it.
pub(in crate::sample) struct UnitSeed {
    pub(in crate::sample) id: String,
    pub(in crate::sample) name: String,
    pub(in crate::sample) zip5: String,
    pub(in crate::sample) state: String,
    pub(in crate::sample) at: LonLat,
    pub(in crate::sample) rank: Rank,
    /// Delivery points it serves, where known.
    pub(in crate::sample) points: Option<u32>,
    /// On the island: keeps a dock that vehicles could use.
    pub(in crate::sample) island: bool,
}

/// A position of every so many units gets a dock that no vehicle class fits, one that takes only vans, one slot only.
const TINY_DOCK: (usize, usize) = (41, 7);
const ONE_SLOT: (usize, usize) = (9, 4);

fn is(index: usize, (every, at): (usize, usize)) -> bool {
    index % every == at
}

/// Small whole numbers as a time.
fn clock(rng: &mut Rng, from: i64, to: i64, step: i64) -> ClockTime {
    ClockTime(i32::try_from(rng.between(from / step, to / step) * step).unwrap_or(0))
}

/// Fills in what a seed lacks. `index` is its position in the table.
pub(in crate::sample) fn unit(seed: u64, index: usize, unit: UnitSeed) -> DduRow {
    let mut rng = Rng::new(seed, Stream::Ddus, index as u64);
    let (capacity, slots, cost_cents) = match unit.rank {
        Rank::City => (rng.between(120, 480), rng.between(3, 6), rng.between(105, 145)),
        Rank::Town => (rng.between(60, 190), rng.between(2, 4), rng.between(115, 165)),
        Rank::Village => (rng.between(24, 70), rng.between(1, 3), rng.between(135, 195)),
    };
    // A tenth of the delivery points get a parcel that is still free to be bid for (assumption).
    let capacity = match unit.points {
        Some(points) => (points / 100).clamp(10, 400) * 10,
        None => u32::try_from(capacity).unwrap_or(10) * 10,
    };
    let open = clock(&mut rng, 240, 330, 30);
    let close = clock(&mut rng, 1_020, 1_200, 60);
    let cet_same_day = clock(&mut rng, 450, 540, 30);
    let cet_next_day = clock(&mut rng, 840, 1_020, 60);
    let no_same_day = unit.rank == Rank::Village && rng.percent(20);
    let (max_length_ft, max_height_ft) = if is(index, TINY_DOCK) && !unit.island {
        (Some(18), Some("8"))
    } else if unit.rank == Rank::Village && rng.percent(35) {
        (Some(24), Some("10.5"))
    } else if unit.rank == Rank::City && rng.percent(30) {
        (Some(75), Some("13.6"))
    } else {
        (Some(40), Some("13.6"))
    };
    let attributable = MicroDollars(cost_cents * 10_000);
    let reserve = MicroDollars((cost_cents + rng.between(4, 18)) * 10_000);
    let center = unit.rank == Rank::City && rng.percent(10);
    DduRow {
        id: unit.id,
        name: unit.name,
        zip5: unit.zip5,
        state: unit.state,
        at: unit.at,
        facility: if center { "sorting_and_delivery" } else { "delivery_unit" },
        open,
        close,
        cet_same_day: (!no_same_day).then_some(cet_same_day),
        cet_next_day: Some(cet_next_day),
        slots: if is(index, ONE_SLOT) { 1 } else { u32::try_from(slots).unwrap_or(1) },
        capacity,
        max_length_ft,
        max_height_ft,
        attributable,
        reserve,
    }
}
