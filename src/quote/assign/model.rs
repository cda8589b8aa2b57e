//! Units with their choices, and what limits them.

use crate::ids::{HubIx, VehicleIx};
use crate::quote::{Plan, Served};
use crate::scenario::Scenario;
use crate::units::{MicroDollars, Pieces};
use std::collections::{BTreeMap, BTreeSet};

/// A hub and class that could bring a unit's pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The hub.
    pub hub: HubIx,
    /// The class.
    pub vehicle: VehicleIx,
    /// Trips a day.
    pub trips: u32,
    /// Cost a day.
    pub cost: MicroDollars,
    /// Whether a vehicle that leaves at the release time comes too late.
    pub late: bool,
}

/// A unit to be served as a whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignUnit {
    /// Pieces a day.
    pub pieces: Pieces,
    /// Who could bring them, each hub and class once.
    pub choices: Vec<Choice>,
}

/// What limits choices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Pieces that a hub loads; hubs that are not named load any number.
    pub hub_pieces: BTreeMap<HubIx, u64>,
    /// Trips that the vehicles of a class make from a hub; what is not named is not limited.
    pub trips: BTreeMap<(HubIx, VehicleIx), u64>,
    /// Hubs whose release time is not held against them: late choices count.
    pub released: BTreeSet<HubIx>,
}

impl Limits {
    /// Whether a choice may be taken at all.
    #[must_use]
    pub fn allow(&self, choice: &Choice) -> bool {
        !choice.late || self.released.contains(&choice.hub)
    }

    /// Whether a choice uses nothing that is limited.
    #[must_use]
    pub fn leave_free(&self, choice: &Choice) -> bool {
        !self.hub_pieces.contains_key(&choice.hub) && !self.trips.contains_key(&(choice.hub, choice.vehicle))
    }

    /// Whether choices keep within all limits.
    #[must_use]
    pub fn hold(&self, units: &[AssignUnit], chosen: &[Option<usize>]) -> bool {
        let mut pieces: BTreeMap<HubIx, u64> = BTreeMap::new();
        let mut trips: BTreeMap<(HubIx, VehicleIx), u64> = BTreeMap::new();
        for (unit, choice) in taken(units, chosen) {
            if !self.allow(choice) {
                return false;
            }
            *pieces.entry(choice.hub).or_default() += u64::from(unit.pieces.0);
            *trips.entry((choice.hub, choice.vehicle)).or_default() += u64::from(choice.trips);
        }
        let within = |used: Option<&u64>, most: &u64| used.is_none_or(|used| used <= most);
        self.hub_pieces.iter().all(|(hub, most)| within(pieces.get(hub), most))
            && self.trips.iter().all(|(fleet, most)| within(trips.get(fleet), most))
    }
}

/// Units with the choice that was made.
pub(super) fn taken<'u>(
    units: &'u [AssignUnit],
    chosen: &[Option<usize>],
) -> impl Iterator<Item = (&'u AssignUnit, &'u Choice)> {
    let pairs: Vec<_> =
        units.iter().zip(chosen).filter_map(|(unit, at)| Some((unit, unit.choices.get((*at)?)?))).collect();
    pairs.into_iter()
}

/// An assignment that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignProblem {
    /// Units in the order of the plan.
    pub units: Vec<AssignUnit>,
    /// What limits them.
    pub limits: Limits,
}

impl AssignProblem {
    /// The problem of a plan: planned volumes from the shipper's hubs, within their capacities and fleets.
    #[must_use]
    pub fn of(scenario: &Scenario, plan: &Plan, served: &[Served]) -> Self {
        let unit = |(unit, served): (&crate::quote::UnitPlan, &Served)| {
            let pieces = unit.volume.planned;
            let choices = served.reach.iter().flat_map(|reach| reach.options.iter().map(|option| (reach.hub, option)));
            let choices = choices.filter_map(|(hub, option)| {
                let cost = option.injection_cost(pieces)?;
                let late = !option.feasible_by(unit.by?);
                Some(Choice { hub, vehicle: option.vehicle, trips: cost.trips, cost: cost.total, late })
            });
            AssignUnit { pieces, choices: choices.collect() }
        };
        let hub_pieces = plan.hubs.iter().filter_map(|&hub| {
            let capacity = scenario.hubs.get(hub.index())?.capacity?;
            Some((hub, u64::from(capacity.0)))
        });
        let quote = &scenario.settings.quote;
        let mut trips = BTreeMap::new();
        // Entries without a hub come first, so that a hub's own take their place.
        for limit in &quote.fleet {
            let Some(vehicle) = scenario.vehicles.iter().position(|class| class.name == limit.vehicle) else {
                continue;
            };
            let most = u64::from(limit.count) * u64::from(quote.trips_per_vehicle);
            let named = |hub: &HubIx| {
                let id = scenario.hubs.get(hub.index()).map(|hub| hub.id.as_str());
                limit.hub.is_none() || limit.hub.as_deref() == id
            };
            for &hub in plan.hubs.iter().filter(|hub| named(hub)) {
                trips.insert((hub, VehicleIx::from_index(vehicle)), most);
            }
        }
        let limits = Limits { hub_pieces: hub_pieces.collect(), trips, released: BTreeSet::new() };
        Self { units: plan.units.iter().zip(served).map(unit).collect(), limits }
    }
}
