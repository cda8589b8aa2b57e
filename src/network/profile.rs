//! The weights of one vehicle class over a network.
//!
//! Building a profile is the only place where rates, speeds, access and limits become numbers of the search; a new
//! fuel price is a new profile, never a new network. All arithmetic is on integers: an arc's time is rounded once to
//! the millisecond, its toll once to the micro-dollar, its cost once to [`super::CostUnits`].
//!
//! Convention of all searches: a label stands at the **entry** of an arc, so the edge (a → b) of the routing graph
//! weighs `arc(a) + turn(a, b)`.

use super::weight::MICROS_PER_COST_UNIT;
use super::{ArcRole, PathRates, RoadNetwork, Segment, TurnByte, Weight};
use crate::ids::{ArcIx, SegmentIx, TurnIx};
use crate::osm::{Access, WayLimits};
use crate::road_class::RoadClass;
use crate::scenario::{Mode, SpeedFactors, Traffic, TurnCosts, VehicleClass};
use crate::units::{Decimetres, MicroDollars, Millis, Ppm, round_div};

const MILLIS_PER_HOUR: i128 = 3_600_000;
/// Decimetres in a mile times 100 (1 mile = 1,609.344 m).
const MILE: i128 = 1_609_344;
/// 1 mph = 0.44704 m/s, so `milliseconds = decimetres × 10²² / (44,704 × millimph × both speed factors in ppm)`.
const MPH: i128 = 44_704;

/// Why a vehicle class has no weights on a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// A rate below zero would make paths that pay for driving in circles.
    #[error("vehicle class {vehicle}: the rate {rate} is negative; give a rate of 0 or more")]
    NegativeRate {
        /// The class.
        vehicle: String,
        /// Which rate.
        rate: &'static str,
    },
    /// The sum of the rates is not an amount of money.
    #[error("vehicle class {vehicle}: its rates per mile or per hour add up to too much; lower them")]
    RatesTooLarge {
        /// The class.
        vehicle: String,
    },
    /// A speed cap or the speed factor is zero.
    #[error("vehicle class {vehicle}: its speed on {class} roads is 0; raise the speed cap or the speed factor")]
    NoSpeed {
        /// The class.
        vehicle: String,
        /// Road class.
        class: &'static str,
    },
    /// One road weighs more than 42,949 USD, 49 days or 4,294 USD of toll.
    #[error(
        "vehicle class {vehicle}: one pass of way {way} takes over 49 days, 42,949 USD, or 4,294 USD of toll; lower the rates or raise the speeds"
    )]
    ArcTooHeavy {
        /// The class.
        vehicle: String,
        /// Way of the map.
        way: i64,
    },
    /// One turn weighs too much.
    #[error(
        "vehicle class {vehicle}: one turn takes over 49 days or 42,949 USD; lower the turn costs or the hourly rates"
    )]
    TurnTooHeavy {
        /// The class.
        vehicle: String,
    },
}

/// Weights of one vehicle class. `None` is forbidden.
#[derive(Clone, Debug)]
pub struct Profile {
    pub(crate) mode: Mode,
    /// Weight of travelling the whole arc; [`Profile::FORBIDDEN`] where it may not be used.
    pub(crate) arc: Vec<Weight>,
    /// Weight of a turn by its byte; `None` where banned for this mode. Always 256 entries.
    pub(crate) turn: Vec<Option<Weight>>,
    rates: PathRates,
}

/// What decides weights, taken apart from the vehicle class.
struct Terms<'a> {
    vehicle: &'a str,
    mode: Mode,
    size: WayLimits,
    caps: [Option<u32>; RoadClass::ALL.len()],
    /// The vehicle's speed relative to free flow, and that of the hour by road class.
    factor: Ppm,
    traffic: SpeedFactors,
    rates: Option<MoneyRates>,
}

#[derive(Clone, Copy)]
struct MoneyRates {
    per_mile: i128,
    per_hour: i128,
    toll_per_mile: i128,
}

impl Profile {
    /// Cost of an arc that may not be used.
    pub(crate) const FORBIDDEN: Weight = Weight { cost: u32::MAX, length: u32::MAX, time: u32::MAX, toll: u32::MAX };

    /// Weights of a vehicle class in free flow: generalised cost = rate per mile × length + rate per hour × time + tolls.
    ///
    /// # Errors
    /// [`ProfileError`] when a rate is negative, a speed is 0 or a weight does not fit.
    pub fn new(network: &RoadNetwork, vehicle: &VehicleClass, turns: &TurnCosts) -> Result<Self, ProfileError> {
        Self::in_traffic(network, vehicle, turns, &Traffic::FREE)
    }

    /// The same where traffic changes speeds: `min(free flow, cap) × the vehicle's factor × the road class's factor`.
    /// Ferries with a timetable keep their times, and so do turns.
    ///
    /// # Errors
    /// As [`Profile::new`].
    pub fn in_traffic(
        network: &RoadNetwork,
        vehicle: &VehicleClass,
        turns: &TurnCosts,
        traffic: &SpeedFactors,
    ) -> Result<Self, ProfileError> {
        let rates = &vehicle.rates;
        for (rate, amount) in [
            ("fuel_per_mile", rates.fuel_per_mile),
            ("repair_per_mile", rates.repair_per_mile),
            ("tires_per_mile", rates.tires_per_mile),
            ("wages_per_hour", rates.wages_per_hour),
            ("benefits_per_hour", rates.benefits_per_hour),
            ("toll_per_mile", rates.toll_per_mile),
        ] {
            if amount < MicroDollars::ZERO {
                return Err(ProfileError::NegativeRate { vehicle: vehicle.name.clone(), rate });
            }
        }
        let too_large = || ProfileError::RatesTooLarge { vehicle: vehicle.name.clone() };
        let per_mile = rates.per_mile().ok_or_else(too_large)?;
        let per_hour = rates.per_hour().ok_or_else(too_large)?;
        let terms = Terms {
            vehicle: &vehicle.name,
            mode: vehicle.mode,
            size: WayLimits {
                height_mm: vehicle.height_mm,
                width_mm: vehicle.width_mm,
                length_mm: vehicle.length_mm,
                weight_kg: vehicle.weight_kg,
            },
            caps: vehicle.speed_caps_millimph,
            factor: vehicle.speed_factor,
            traffic: *traffic,
            rates: Some(MoneyRates {
                per_mile: per_mile.0.into(),
                per_hour: per_hour.0.into(),
                toll_per_mile: rates.toll_per_mile.0.into(),
            }),
        };
        Self::from_terms(network, &terms, turns, PathRates { per_mile, per_hour })
    }

    /// Shortest paths: cost is length in decimetres, turns are free (banned ones stay banned), sizes do not matter.
    /// Times are those of free flow; money is zero.
    ///
    /// # Errors
    /// [`ProfileError::ArcTooHeavy`] on a road of more than 49 days.
    pub fn metres_only(network: &RoadNetwork, mode: Mode) -> Result<Self, ProfileError> {
        let terms = Terms {
            vehicle: "metres only",
            mode,
            size: WayLimits { height_mm: 0, width_mm: 0, length_mm: 0, weight_kg: 0 },
            caps: [None; RoadClass::ALL.len()],
            factor: Ppm::ONE,
            traffic: Traffic::FREE,
            rates: None,
        };
        Self::from_terms(network, &terms, &TurnCosts::FREE, PathRates::default())
    }

    fn from_terms(
        network: &RoadNetwork,
        terms: &Terms<'_>,
        turns: &TurnCosts,
        rates: PathRates,
    ) -> Result<Self, ProfileError> {
        let mut arc = Vec::with_capacity(network.arc_count());
        for a in network.arcs() {
            arc.push(terms.arc(network, a)?.unwrap_or(Self::FORBIDDEN));
        }
        let turn = (0..=u8::MAX).map(|byte| terms.turn(TurnByte(byte), turns)).collect::<Result<_, _>>()?;
        Ok(Self { mode: terms.mode, arc, turn, rates })
    }

    /// Forbids arcs; those that do not exist are left out.
    pub fn close(&mut self, arcs: impl IntoIterator<Item = ArcIx>) {
        for arc in arcs {
            if let Some(weight) = self.arc.get_mut(arc.index()) {
                *weight = Self::FORBIDDEN;
            }
        }
    }

    /// True when both vehicles may use the same arcs and make the same turns of the network, so that they have the same
    /// [`Components`](super::Components).
    #[must_use]
    pub fn same_roads(&self, other: &Self, network: &RoadNetwork) -> bool {
        let mut occurs = [false; 256];
        network.turn.iter().for_each(|turn| occurs[usize::from(turn.0)] = true);
        let mut turns = self.turn.iter().zip(&other.turn).zip(occurs);
        let arcs = || self.arc.iter().zip(&other.arc).all(|(a, b)| (*a == Self::FORBIDDEN) == (*b == Self::FORBIDDEN));
        turns.all(|((a, b), occurs)| !occurs || a.is_some() == b.is_some()) && arcs()
    }

    /// Access tags that govern the vehicle.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Weight of a whole arc; `None` when the vehicle may not use it.
    #[must_use]
    pub fn arc(&self, arc: ArcIx) -> Option<Weight> {
        let weight = self.arc[arc.index()];
        (weight != Self::FORBIDDEN).then_some(weight)
    }

    /// Weight of a turn; `None` when the vehicle may not make it.
    #[must_use]
    pub fn turn(&self, network: &RoadNetwork, turn: TurnIx) -> Option<Weight> {
        self.turn[usize::from(network.turn(turn).0)]
    }

    /// Turns the vehicle may make out of an arc, with the arcs they enter (which it may use) and their weights.
    pub fn turns_from<'a>(
        &'a self,
        network: &'a RoadNetwork,
        arc: ArcIx,
    ) -> impl Iterator<Item = (TurnIx, ArcIx, Weight)> + 'a {
        network.turns_from(arc).filter_map(move |(turn, head)| {
            let weight = self.turn(network, turn)?;
            self.arc(head).map(|_| (turn, head, weight))
        })
    }

    /// Weight of the stretch of an arc between two offsets in decimetres from its entry, in the direction of travel;
    /// `None` when the vehicle may not use the arc or `from` lies behind `to`.
    ///
    /// Each component up to offset `x` is `whole × x / length`, rounded to nearest; the stretch is the difference of
    /// both. So stretches that meet add up exactly, and the stretch from 0 to the arc's length is the whole arc.
    #[must_use]
    pub fn partial(&self, network: &RoadNetwork, arc: ArcIx, from: Decimetres, to: Decimetres) -> Option<Weight> {
        let whole = self.arc(arc)?;
        let length = network.segment(network.arc(arc).segment).length;
        let (from, to) = (from.min(length), to.min(length));
        if length.0 == 0 {
            return Some(whole);
        }
        if from > to {
            return None;
        }
        // value × offset fits 64 bits, and the quotient is at most `value`.
        #[allow(clippy::cast_possible_truncation)]
        let up_to = |value: u32, offset: Decimetres| {
            let product = u128::from(value) * u128::from(offset.0);
            ((product + u128::from(length.0 / 2)) / u128::from(length.0)) as u32
        };
        let stretch = |value| up_to(value, to) - up_to(value, from);
        Some(Weight {
            cost: stretch(whole.cost),
            length: stretch(whole.length),
            time: stretch(whole.time),
            toll: stretch(whole.toll),
        })
    }

    /// Money of a path from its totals, see [`PathRates::money`].
    #[must_use]
    pub fn money(&self, total: &Weight) -> Option<MicroDollars> {
        self.rates.money(total)
    }

    /// What the vehicle class pays per mile and hour.
    #[must_use]
    pub fn rates(&self) -> PathRates {
        self.rates
    }
}

impl Terms<'_> {
    /// The vehicle may use a road when its tags admit the mode and no limit is exceeded. Copies for starts serve only
    /// modes that the road is open to as a destination.
    fn admits(&self, network: &RoadNetwork, arc: ArcIx) -> bool {
        let road = network.arc(arc);
        let access = network.direction(arc).access[self.mode as usize];
        let served = match road.role {
            ArcRole::Main | ArcRole::Restricted => access != Access::No,
            ArcRole::Start | ArcRole::RestrictedStart => access == Access::Destination,
        };
        let limits = network.limits(road.segment);
        served
            && self.size.height_mm <= limits.height_mm
            && self.size.width_mm <= limits.width_mm
            && self.size.length_mm <= limits.length_mm
            && self.size.weight_kg <= limits.weight_kg
    }

    fn arc(&self, network: &RoadNetwork, arc: ArcIx) -> Result<Option<Weight>, ProfileError> {
        if !self.admits(network, arc) {
            return Ok(None);
        }
        let segment = network.segment(network.arc(arc).segment);
        let time = self.time(segment, network.direction(arc).speed_centimph)?;
        let too_heavy = || ProfileError::ArcTooHeavy { vehicle: self.vehicle.to_owned(), way: segment.way };
        let length = i128::from(segment.length.0);
        let (cost, toll) = match self.rates {
            None => (length, 0),
            Some(rates) => {
                let tolled = if segment.toll & self.mode.bit() == 0 { 0 } else { rates.toll_per_mile };
                let toll = tolled.checked_mul(length * 100).map(|micros| round_div(micros, MILE));
                let cost = rates.cost(tolled, length, time);
                (cost.ok_or_else(too_heavy)?, toll.ok_or_else(too_heavy)?)
            }
        };
        let fits = |v: i128| u32::try_from(v).ok().filter(|v| *v < u32::MAX).ok_or_else(too_heavy);
        Ok(Some(Weight { cost: fits(cost)?, length: fits(length)?, time: fits(time)?, toll: fits(toll)? }))
    }

    /// Milliseconds for a whole segment.
    fn time(&self, segment: &Segment, posted_centimph: u16) -> Result<i128, ProfileError> {
        if segment.duration_ms != 0 {
            return Ok(segment.duration_ms.into());
        }
        let class = segment.class;
        let free_flow = if posted_centimph == 0 { class.default_mph() * 1000 } else { u32::from(posted_centimph) * 10 };
        let speed = free_flow.min(self.caps[class as usize].unwrap_or(u32::MAX));
        let traffic = self.traffic[class as usize];
        let divisor = MPH * i128::from(speed) * i128::from(self.factor.0) * i128::from(traffic.0);
        if divisor == 0 {
            return Err(ProfileError::NoSpeed { vehicle: self.vehicle.to_owned(), class: class.name() });
        }
        Ok(round_div(i128::from(segment.length.0) * 10_i128.pow(22), divisor))
    }

    fn turn(&self, turn: TurnByte, costs: &TurnCosts) -> Result<Option<Weight>, ProfileError> {
        if turn.bans(self.mode) {
            return Ok(None);
        }
        let kind = match turn.kind() {
            super::TurnKind::Straight => Millis(0),
            super::TurnKind::Right => costs.right,
            super::TurnKind::Left => costs.left,
            super::TurnKind::UTurn => costs.u_turn,
        };
        let signal = if turn.signal() { costs.signal } else { Millis(0) };
        let stop = if turn.stop() { costs.stop } else { Millis(0) };
        let too_heavy = || ProfileError::TurnTooHeavy { vehicle: self.vehicle.to_owned() };
        let time = kind.checked_add(signal).and_then(|t| t.checked_add(stop)).ok_or_else(too_heavy)?;
        let cost = match self.rates {
            None => 0,
            Some(rates) => rates.cost(0, 0, time.0.into()).ok_or_else(too_heavy)?,
        };
        let cost = u32::try_from(cost).map_err(|_| too_heavy())?;
        Ok(Some(Weight { cost, length: 0, time: time.0, toll: 0 }))
    }
}

impl MoneyRates {
    /// `(per mile × length + per hour × time) / 10 micro-dollars`, rounded once; `None` on overflow.
    fn cost(self, toll_per_mile: i128, length: i128, time: i128) -> Option<i128> {
        let per_mile = self.per_mile.checked_add(toll_per_mile)?;
        let distance = per_mile.checked_mul(length)?.checked_mul(100 * MILLIS_PER_HOUR)?;
        let duration = self.per_hour.checked_mul(time)?.checked_mul(MILE)?;
        let unit = MILE * MILLIS_PER_HOUR * i128::from(MICROS_PER_COST_UNIT);
        let sum = distance.checked_add(duration)?;
        sum.checked_add(unit)?; // room for the rounding
        Some(round_div(sum, unit))
    }
}

/// True when the vehicle of a profile may use some arc of a segment.
pub(super) fn usable(network: &RoadNetwork, profile: &Profile, segment: SegmentIx) -> bool {
    network.arcs_of(segment).any(|arc| profile.arc(arc).is_some())
}
