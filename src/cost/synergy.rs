//! Synergies of packages: what a bidder gives for a package, against what one tour through its units saves.
//!
//! *Discount*: what the package's lines would bring at the bidder's own prices for the same parcels outside the package,
//! less what the package brings. *Saving*: injection cost of the lines by direct trips, as an award counts it, less the
//! cheapest tour of one vehicle that carries them all ([`super::tour`]). Neither changes an award.

use super::CostError;
use super::haul::HaulSource;
use super::hauls::Hauls;
use super::tour::{MOST_STOPS, NoTour, Tour, TourStop, UnitLegs};
use crate::ids::{BidIx, BidderIx, DduIx, HubIx};
use crate::scenario::{BidLine, Scenario};
use crate::units::{ClockTime, MicroDollars, Pieces};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Why a saving is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSaving {
    /// There is no tour.
    NoTour(NoTour),
    /// Costs are of a table, which knows no way from unit to unit.
    NoMap,
    /// Lines start from different hubs.
    SeveralHubs,
    /// Speeds depend on the time of departure, which differs from dock to dock.
    SpeedsByDeparture,
    /// Paths between its units were not worked out, because those of the units before are too many.
    TooManyUnits,
    /// No vehicle brings some line in time by a direct trip.
    NoDirectHaul,
}

impl NoSaving {
    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoTour(reason) => reason.word(),
            Self::NoMap => "no_map",
            Self::SeveralHubs => "several_hubs",
            Self::SpeedsByDeparture => "speeds_by_departure",
            Self::TooManyUnits => "too_many_units",
            Self::NoDirectHaul => "no_direct_haul",
        }
    }
}

/// A package with its discount and its saving, per operating day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synergy {
    /// Its lines.
    pub lines: Vec<BidIx>,
    /// What the package brings on its bids' basis.
    pub spend: MicroDollars,
    /// How many lines the bidder also bids for outside packages.
    pub priced_lines: usize,
    /// What the package brings for those lines.
    pub priced_spend: MicroDollars,
    /// What those lines would bring at the prices outside.
    pub stand_alone: MicroDollars,
    /// Injection cost of all lines by direct trips.
    pub direct: Option<MicroDollars>,
    /// The tour.
    pub tour: Result<Tour, NoSaving>,
}

impl Synergy {
    /// `exact` where the saving is known, else why it is not.
    #[must_use]
    pub fn note(&self) -> &'static str {
        self.tour.as_ref().map_or_else(|reason| reason.word(), |_| "exact")
    }
}

/// Lines of each package, by bidder and package.
fn packages(scenario: &Scenario) -> BTreeMap<(BidderIx, &str), Vec<BidIx>> {
    let mut packages: BTreeMap<(BidderIx, &str), Vec<BidIx>> = BTreeMap::new();
    for (index, line) in scenario.bids.iter().enumerate() {
        if let Some(package) = &line.package {
            packages.entry((line.bidder, package)).or_default().push(BidIx::from_index(index));
        }
    }
    packages
}

fn lines<'s>(scenario: &'s Scenario, bids: &[BidIx]) -> Vec<&'s BidLine> {
    bids.iter().filter_map(|bid| scenario.bids.get(bid.index())).collect()
}

/// Hub and units of a package whose tour may be sought.
fn stops(scenario: &Scenario, lines: &[&BidLine]) -> Result<(HubIx, Vec<TourStop>), NoSaving> {
    if !scenario.settings.traffic.windows.is_empty() {
        return Err(NoSaving::SpeedsByDeparture);
    }
    let hubs: BTreeSet<HubIx> = lines.iter().map(|line| line.hub).collect();
    let Some(hub) = hubs.first().copied().filter(|_| hubs.len() == 1) else { return Err(NoSaving::SeveralHubs) };
    let mut stops: BTreeMap<DduIx, (u32, ClockTime)> = BTreeMap::new();
    for line in lines {
        let by = deadline(scenario, line).ok_or(NoSaving::NoDirectHaul)?;
        let stop = stops.entry(line.ddu).or_insert((0, by));
        *stop = (stop.0.saturating_add(line.volume_max.0), stop.1.min(by));
    }
    if stops.len() > MOST_STOPS {
        return Err(NoSaving::NoTour(NoTour::TooManyStops));
    }
    let stop = |(ddu, (pieces, by))| TourStop { ddu, pieces: Pieces(pieces), by };
    Ok((hub, stops.into_iter().map(stop).collect()))
}

/// Latest arrival of a line; `None` where its service is not offered.
fn deadline(scenario: &Scenario, line: &BidLine) -> Option<ClockTime> {
    let unit = scenario.ddus.get(line.ddu.index())?;
    Some(line.tender.min(unit.critical_entry_time(line.service)?).min(unit.dock_close))
}

/// Units between which tours of packages may go, ascending: what [`UnitLegs`] are needed for.
#[must_use]
pub fn tour_units(scenario: &Scenario) -> Vec<DduIx> {
    let mut units = BTreeSet::new();
    for bids in packages(scenario).values() {
        if let Ok((_, stops)) = stops(scenario, &lines(scenario, bids)) {
            units.extend(stops.iter().map(|stop| stop.ddu));
        }
    }
    units.into_iter().collect()
}

/// All packages by bidder and id. Tours need hauls of a map and the legs between [`tour_units`].
///
/// # Errors
/// [`CostError`] when money or calendar overflow.
pub fn synergies(
    scenario: &Scenario,
    hauls: &dyn HaulSource,
    map: Option<(&Hauls<'_>, &UnitLegs)>,
) -> Result<Vec<Synergy>, CostError> {
    let packages: Vec<Vec<BidIx>> = packages(scenario).into_values().collect();
    let mut outside: BTreeMap<(BidderIx, DduIx, HubIx), Vec<&BidLine>> = BTreeMap::new();
    for line in scenario.bids.iter().filter(|line| line.package.is_none()) {
        outside.entry((line.bidder, line.ddu, line.hub)).or_default().push(line);
    }
    let of = |bids: Vec<BidIx>| {
        let lines = lines(scenario, &bids);
        let (mut priced_lines, [mut spend, mut priced_spend, mut stand_alone]) = (0, [MicroDollars::ZERO; 3]);
        for line in &lines {
            let too_large = || overflow(scenario, line);
            let own = line.spend(line.volume_max).ok_or_else(too_large)?;
            spend = spend.checked_add(own).ok_or_else(too_large)?;
            let others = outside.get(&(line.bidder, line.ddu, line.hub));
            if let Some(alone) = others.and_then(|others| outside_price(line, others)) {
                let alone = alone.ok_or_else(too_large)?;
                priced_lines += 1;
                priced_spend = priced_spend.checked_add(own).ok_or_else(too_large)?;
                stand_alone = stand_alone.checked_add(alone).ok_or_else(too_large)?;
            }
        }
        let direct = direct(scenario, hauls, &lines)?;
        let tour = match (direct, map, stops(scenario, &lines)) {
            (_, None, _) => Err(NoSaving::NoMap),
            (None, ..) => Err(NoSaving::NoDirectHaul),
            (_, _, Err(reason)) => Err(reason),
            (_, Some((_, legs)), Ok((_, stops))) if !stops.iter().all(|stop| legs.hold(stop.ddu)) => {
                Err(NoSaving::TooManyUnits)
            }
            (_, Some((map, legs)), Ok((hub, stops))) => map.tour(hub, &stops, legs)?.map_err(NoSaving::NoTour),
        };
        Ok(Synergy { lines: bids, spend, priced_lines, priced_spend, stand_alone, direct, tour })
    };
    packages.into_par_iter().map(of).collect()
}

/// What a package's line would bring as the bidder bids for the same parcels outside the package: by the line whose range
/// holds the volume, or is nearest to it; of several by the dearest. `Some(None)` when it is no amount of money.
fn outside_price(line: &BidLine, others: &[&BidLine]) -> Option<Option<MicroDollars>> {
    let volume = line.volume_max;
    let distance =
        |other: &BidLine| other.volume_min.0.saturating_sub(volume.0).max(volume.0.saturating_sub(other.volume_max.0));
    let same = others.iter().filter(|other| (other.service, other.basis) == (line.service, line.basis));
    let nearest = same.clone().map(|other| distance(other)).min()?;
    let prices = same.filter(|other| distance(other) == nearest).map(|other| {
        // What a tier costs beside its price holds within its range.
        if nearest == 0 { other.spend(volume) } else { other.price.times_pieces(volume) }
    });
    let all: Option<Vec<MicroDollars>> = prices.collect();
    Some(all.and_then(|all| all.into_iter().max()))
}

/// Injection cost of all lines by direct trips of the cheapest classes that are in time; `None` where one has none.
fn direct(scenario: &Scenario, hauls: &dyn HaulSource, lines: &[&BidLine]) -> Result<Option<MicroDollars>, CostError> {
    let mut sum = MicroDollars::ZERO;
    for line in lines {
        let haul = hauls.get(line.hub, line.ddu)?;
        let cost = deadline(scenario, line).and_then(|by| haul.injection_cost_by(by, line.volume_max));
        let Some(cost) = cost else { return Ok(None) };
        sum = sum.checked_add(cost.total).ok_or_else(|| overflow(scenario, line))?;
    }
    Ok(Some(sum))
}

fn overflow(scenario: &Scenario, line: &BidLine) -> CostError {
    CostError::TooLarge {
        hub: scenario.hubs.get(line.hub.index()).map(|hub| hub.id.clone()).unwrap_or_default(),
        ddu: scenario.ddus.get(line.ddu.index()).map(|ddu| ddu.id.clone()).unwrap_or_default(),
        vehicle: format!("package {}", line.package.as_deref().unwrap_or_default()),
    }
}
