//! The result of a matrix run for one vehicle class and one time of departure.

use crate::ids::{DduIx, DepartureIx, HubIx, VehicleIx};
use crate::network::{PathRates, PathWeight, Weight};
use crate::no_haul::NoPath;
use crate::units::{Decimetres, MicroDollars, Millis};

/// Totals along the best path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PathTotals {
    /// Rate per mile × length + rate per hour × time (each rounded once) + tolls.
    pub money: MicroDollars,
    /// Length.
    pub length: Decimetres,
    /// Travel time, turns included.
    pub time: Millis,
    /// Tolls, contained in `money`.
    pub tolls: MicroDollars,
}

impl PathTotals {
    /// Totals of a path; `None` when they or its money do not fit a cell.
    pub(super) fn of(path: PathWeight, rates: &PathRates) -> Option<Self> {
        PackedLeg::path(path, rates)?.unpacked(rates).ok()
    }
}

/// A path or the reason why there is none.
pub type Leg = Result<PathTotals, NoPath>;

/// A leg in 12 bytes: length, time and toll (the money follows from them), or [`u32::MAX`], the reason and its arcs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PackedLeg([u32; 3]);

impl PackedLeg {
    /// A path; `None` when it or its money does not fit.
    pub(super) fn path(total: PathWeight, rates: &PathRates) -> Option<Self> {
        let [length, time, toll] = [total.length, total.time, total.toll].map(|sum| u32::try_from(sum).ok());
        let packed = Self([length?, time?, toll?]);
        (packed.0[0] != u32::MAX && rates.money(&packed.measures()).is_some()).then_some(packed)
    }

    /// No path.
    pub(super) const fn none(reason: NoPath) -> Self {
        let (word, arcs) = match reason {
            NoPath::Unreachable => (0, 0),
            NoPath::OutsideMap { at_hub } => (2 | at_hub as u32, 0),
            NoPath::NoRoadWithinLimit { at_hub } => (4 | at_hub as u32, 0),
            NoPath::VehicleNotAllowed { at_hub } => (6 | at_hub as u32, 0),
            NoPath::IsolatedComponent { at_hub, arcs } => (8 | at_hub as u32, arcs),
        };
        Self([u32::MAX, word, arcs])
    }

    fn measures(self) -> Weight {
        let [length, time, toll] = self.0;
        Weight { cost: 0, length, time, toll }
    }

    fn unpacked(self, rates: &PathRates) -> Leg {
        let [length, time, arcs] = self.0;
        if length == u32::MAX {
            let at_hub = time % 2 == 1;
            return Err(match time / 2 {
                0 => NoPath::Unreachable,
                1 => NoPath::OutsideMap { at_hub },
                2 => NoPath::NoRoadWithinLimit { at_hub },
                3 => NoPath::VehicleNotAllowed { at_hub },
                _ => NoPath::IsolatedComponent { at_hub, arcs },
            });
        }
        let total = self.measures();
        // The money was found to fit when the leg was packed.
        let money = rates.money(&total).unwrap_or(MicroDollars(i64::MAX));
        Ok(PathTotals { money, length: Decimetres(length), time: Millis(time), tolls: total.tolls() })
    }
}

/// All pairs of one vehicle class at one time of departure, row-major: hub × number of DDUs + DDU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// Vehicle class.
    pub vehicle: VehicleIx,
    /// When it departs, from the hub and from the unit alike.
    pub departure: DepartureIx,
    /// Number of DDUs: length of a row.
    pub columns: usize,
    pub(super) rates: PathRates,
    /// Hub to unit, loaded.
    pub(super) outbound: Vec<PackedLeg>,
    /// Unit to hub, empty.
    pub(super) inbound: Vec<PackedLeg>,
}

impl Matrix {
    /// From legs hub by hub, in free flow; `None` when there are not as many of both, when they are no whole rows, or
    /// when their money is not that of the rates.
    #[must_use]
    pub fn from_legs(
        vehicle: VehicleIx,
        rates: PathRates,
        columns: usize,
        outbound: &[Leg],
        inbound: &[Leg],
    ) -> Option<Self> {
        let pack = |leg: &Leg| match leg {
            Err(reason) => Some(PackedLeg::none(*reason)),
            Ok(path) => {
                let toll = u64::try_from(path.tolls.0).ok()?;
                let total = PathWeight { cost: 0, length: path.length.0.into(), time: path.time.0.into(), toll };
                let packed = PackedLeg::path(total, &rates)?;
                (packed.unpacked(&rates) == *leg).then_some(packed)
            }
        };
        let all = |legs: &[Leg]| legs.iter().map(pack).collect::<Option<Vec<_>>>();
        let (outbound, inbound) = (all(outbound)?, all(inbound)?);
        let departure = DepartureIx::default();
        let whole = outbound.len() == inbound.len() && outbound.len().is_multiple_of(columns.max(1));
        whole.then_some(Self { vehicle, departure, columns, rates, outbound, inbound })
    }

    /// Number of cells: hubs × DDUs.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.outbound.len()
    }

    /// The outbound leg.
    pub fn outbound(&self, hub: HubIx, ddu: DduIx) -> Leg {
        self.outbound[hub.index() * self.columns + ddu.index()].unpacked(&self.rates)
    }

    /// The return leg.
    pub fn inbound(&self, hub: HubIx, ddu: DduIx) -> Leg {
        self.inbound[hub.index() * self.columns + ddu.index()].unpacked(&self.rates)
    }

    /// Outbound and return legs, hub by hub.
    pub fn legs(&self) -> impl Iterator<Item = [Leg; 2]> + '_ {
        let both = self.outbound.iter().zip(&self.inbound);
        both.map(|(out, back)| [out.unpacked(&self.rates), back.unpacked(&self.rates)])
    }

    /// Legs without a path, both directions together.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.outbound.iter().chain(&self.inbound).filter(|leg| leg.0[0] == u32::MAX).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legs_are_packed_without_loss() {
        let rates = PathRates { per_mile: MicroDollars(750_000), per_hour: MicroDollars(36_000_000) };
        let total = Weight { cost: 0, length: 160_934, time: 7_200_000, toll: u32::MAX };
        let money = rates.money(&total).unwrap();
        let path = PathTotals {
            money,
            length: Decimetres(160_934),
            time: Millis(7_200_000),
            tolls: MicroDollars(4_294_967_295),
        };
        let mut legs: Vec<Leg> = vec![Ok(path), Ok(PathTotals::default()), Err(NoPath::Unreachable)];
        for at_hub in [true, false] {
            legs.extend([
                Err(NoPath::OutsideMap { at_hub }),
                Err(NoPath::NoRoadWithinLimit { at_hub }),
                Err(NoPath::VehicleNotAllowed { at_hub }),
                Err(NoPath::IsolatedComponent { at_hub, arcs: u32::MAX }),
            ]);
        }
        let back: Vec<Leg> = legs.iter().rev().copied().collect();
        let matrix = Matrix::from_legs(VehicleIx(1), rates, legs.len(), &legs, &back).unwrap();
        assert!(matrix.legs().eq(legs.iter().zip(&back).map(|(out, back)| [*out, *back])));
        assert_eq!((matrix.missing(), matrix.cells()), (18, 11));
        let wrong = [Ok(PathTotals { money: MicroDollars(1), ..path })];
        assert_eq!(Matrix::from_legs(VehicleIx(1), rates, 1, &wrong, &wrong), None);
        assert_eq!(std::mem::size_of::<PackedLeg>(), 12);
    }
}
