//! From the cost of a trip to the cost of a volume, and the cheapest class for it.

use super::haul::{Haul, InjectionCost};
use crate::scenario::VehicleOption;
use crate::units::{ClockTime, Pieces};

impl VehicleOption {
    /// True when a vehicle that leaves at the hub's release time is at the dock by this reading of the unit's clock.
    #[must_use]
    pub fn feasible_by(&self, deadline: ClockTime) -> bool {
        self.arrival <= deadline
    }

    /// Cost of bringing a volume per operating day by this class.
    ///
    /// `None` for no volume, and when the sum exceeds 9.2 × 10¹² USD.
    #[must_use]
    pub fn injection_cost(&self, volume: Pieces) -> Option<InjectionCost> {
        if volume.0 == 0 || self.pieces_per_trip.0 == 0 {
            return None;
        }
        let trips = volume.0.div_ceil(self.pieces_per_trip.0);
        let handling = self.handling_per_piece.times_pieces(volume)?;
        let total = self.trip.checked_mul(i64::from(trips))?.checked_add(handling)?;
        let per_piece = total.divided_by(u64::from(volume.0))?;
        Some(InjectionCost { vehicle: self.vehicle, trips, total, handling, per_piece })
    }
}

impl Haul {
    /// Cost of bringing a volume per operating day by the cheapest class (ties: fewer trips, then lower index).
    ///
    /// `None` when no class can make the haul, for no volume, and when every sum exceeds 9.2 × 10¹² USD.
    #[must_use]
    pub fn injection_cost(&self, volume: Pieces) -> Option<InjectionCost> {
        self.cheapest(volume, |_| true)
    }

    /// As [`Haul::injection_cost`], by classes only that are at the dock by `deadline` (the unit's clock).
    #[must_use]
    pub fn injection_cost_by(&self, deadline: ClockTime, volume: Pieces) -> Option<InjectionCost> {
        self.cheapest(volume, |option| option.feasible_by(deadline))
    }

    /// The earliest arrival of any class; `None` when no class can make the haul.
    #[must_use]
    pub fn earliest_arrival(&self) -> Option<ClockTime> {
        self.options.as_ref().ok()?.iter().map(|option| option.arrival).min()
    }

    fn cheapest(&self, volume: Pieces, usable: impl Fn(&VehicleOption) -> bool) -> Option<InjectionCost> {
        cheapest(self.options.as_ref().ok()?.iter().filter(|option| usable(option)), volume)
    }
}

/// The cheapest of several options for a volume (ties: fewer trips, then lower index of the class).
///
/// `None` when there is no option, for no volume, and when every sum exceeds 9.2 × 10¹² USD.
pub fn cheapest<'o>(options: impl IntoIterator<Item = &'o VehicleOption>, volume: Pieces) -> Option<InjectionCost> {
    let costs = options.into_iter().filter_map(|option| option.injection_cost(volume));
    costs.min_by_key(|cost| (cost.total, cost.trips, cost.vehicle))
}
