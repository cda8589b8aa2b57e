//! Money of one trip of one vehicle class, part by part.
//!
//! Each part is a rate × a quantity, rounded once. The return leg is rounded as in the matrix and then charged at the
//! deadhead share, so that at 100 % the driving parts equal the money of both matrix cells to the micro-dollar.

use super::haul::TripCost;
use super::{CostError, TripTime};
use crate::matrix::PathTotals;
use crate::scenario::VehicleClass;
use crate::units::{MicroDollars, Millis, Pieces, Ppm, round_div};

/// What a class costs, with everything that does not depend on the path worked out.
#[derive(Clone, Copy, Debug)]
pub(super) struct TripRates {
    per_mile: MicroDollars,
    per_hour: MicroDollars,
    dwell: Millis,
    dwell_fixed: Millis,
    dwell_money: MicroDollars,
    stop: MicroDollars,
    fixed_per_day: MicroDollars,
    day: Millis,
    deadhead: Ppm,
}

impl TripRates {
    /// Rates of a class whose full vehicle carries `load`.
    pub(super) fn of(class: &VehicleClass, load: Pieces, deadhead: Ppm) -> Result<Self, CostError> {
        let wrong = |what| CostError::Vehicle { vehicle: class.name.clone(), what };
        let per_mile = class.rates.per_mile().ok_or_else(|| wrong("distance-driven rates are too large"))?;
        let per_hour = class.rates.per_hour().ok_or_else(|| wrong("time-driven rates are too large"))?;
        let dwell = class
            .unload_per_piece
            .0
            .checked_mul(load.0)
            .and_then(|unload| class.dwell_fixed.checked_add(Millis(unload)))
            .ok_or_else(|| wrong("unloading a full vehicle takes more than 49 days"))?;
        if class.day.0 == 0 {
            return Err(wrong("the vehicle-day has no length"));
        }
        Ok(Self {
            per_mile,
            per_hour,
            dwell,
            dwell_fixed: class.dwell_fixed,
            dwell_money: per_hour.per_hour_over(dwell).ok_or_else(|| wrong("time-driven rates are too large"))?,
            stop: class.rates.per_stop,
            fixed_per_day: class.rates.fixed_per_day,
            day: class.day,
            deadhead,
        })
    }

    /// Time at the dock of a full vehicle.
    pub(super) fn dwell(&self) -> Millis {
        self.dwell
    }

    /// Money and charged duration of a trip; `None` when a sum does not fit.
    pub(super) fn trip(&self, outbound: &PathTotals, inbound: &PathTotals) -> Option<(TripCost, TripTime)> {
        let both = |out: MicroDollars, back: MicroDollars| out.checked_add(back.share(self.deadhead)?);
        let time = self.charged_time(outbound.time, inbound.time)?;
        let mut trip = TripCost {
            distance: both(
                self.per_mile.per_mile_over(outbound.length)?,
                self.per_mile.per_mile_over(inbound.length)?,
            )?,
            driving_time: both(
                self.per_hour.per_hour_over(outbound.time)?,
                self.per_hour.per_hour_over(inbound.time)?,
            )?,
            tolls: both(outbound.tolls, inbound.tolls)?,
            dwell: self.dwell_money,
            stop: self.stop,
            vehicle_day: self.day_share(time)?,
            total: MicroDollars::ZERO,
        };
        trip.total = trip.sum_of_parts()?;
        Some((trip, time))
    }

    /// Money of a tour through several docks, at each of which the vehicle stops and which together unload a full one:
    /// `loaded` is the money and the driving time up to the last dock. `None` when a sum does not fit.
    pub(super) fn tour(&self, loaded: (i64, u64), back: &PathTotals, stops: usize) -> Option<MicroDollars> {
        let further = u32::try_from(stops.checked_sub(1)?).ok()?;
        let dwell = self.dwell.checked_add(Millis(self.dwell_fixed.0.checked_mul(further)?))?;
        let returned = [self.per_mile.per_mile_over(back.length)?, self.per_hour.per_hour_over(back.time)?, back.tolls];
        let home = round_div(i128::from(back.time.0) * i128::from(self.deadhead.0), 1_000_000);
        let time = u128::from(loaded.1) + u128::try_from(home).ok()? + u128::from(dwell.0);
        let mut money = MicroDollars(loaded.0);
        for part in returned {
            money = money.checked_add(part.share(self.deadhead)?)?;
        }
        money = money.checked_add(self.per_hour.per_hour_over(dwell)?)?;
        money = money.checked_add(self.stop.checked_mul(i64::try_from(stops).ok()?)?)?;
        money.checked_add(self.day_share(TripTime(u64::try_from(time).ok()?))?)
    }

    /// Outbound + charged share of the return + dwell.
    fn charged_time(&self, outbound: Millis, inbound: Millis) -> Option<TripTime> {
        let back = round_div(i128::from(inbound.0) * i128::from(self.deadhead.0), 1_000_000);
        let total = u128::from(outbound.0) + u128::try_from(back).ok()? + u128::from(self.dwell.0);
        u64::try_from(total).ok().map(TripTime)
    }

    /// Fixed cost per day × duration / day. Not capped at one day: a trip that lasts longer than the vehicle is in use
    /// per day keeps the next trips of that vehicle waiting too.
    fn day_share(&self, time: TripTime) -> Option<MicroDollars> {
        let money = i128::from(self.fixed_per_day.0).checked_mul(i128::from(time.0))?;
        i64::try_from(round_div(money, i128::from(self.day.0))).ok().map(MicroDollars)
    }
}

impl TripCost {
    /// Sum of all parts; equals `total`.
    #[must_use]
    pub fn sum_of_parts(&self) -> Option<MicroDollars> {
        MicroDollars::sum([self.distance, self.driving_time, self.tolls, self.dwell, self.stop, self.vehicle_day])
    }
}
