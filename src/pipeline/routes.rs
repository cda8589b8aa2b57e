//! From volumes to the routes that bring them, and their files.

use super::matrices::Prepared;
use super::region::Region;
use super::route_aware::route_aware;
use super::run::{RunError, determine, import_counts};
use super::stop_legs::WantedLine;
use crate::artefact::Folder;
use crate::award::Status;
use crate::cost::{self, HaulSource, Hauls};
use crate::diagnostics::Diagnostics;
use crate::ids::{BidIx, DduIx};
use crate::progress::{Progress, Quiet};
use crate::report::{self, AwareBound, DrawnRoutes, RouteTotals, RoutesManifest, RoutesReport, RoutesTable};
use crate::routes::day::{self, DayError, HubCase, HubDay, Order, StopCost, StopSet, StopShare, WhyNot};
use crate::scenario::Scenario;
use crate::units::Pieces;
use rayon::prelude::*;
use std::path::PathBuf;

/// Which volumes are brought.
#[derive(Clone, Debug)]
pub enum RouteVolumes {
    /// `cost.planned_volume` for every unit, from the hub that is cheapest by direct trips.
    Planned,
    /// Those of an award that is determined first.
    Determine,
    /// Those of the award that is worth most on routes, of those that alternate with them.
    RouteAware,
    /// Those of an award that was determined before.
    Award {
        /// Its folder, as the user named it.
        folder: PathBuf,
        /// BLAKE3 of its `awards.csv`.
        blake3: String,
        /// Lines that won, with their pieces a day.
        winners: Vec<(BidIx, Pieces)>,
    },
}

/// What came out.
#[derive(Clone, Debug)]
pub struct RoutesOutcome {
    /// For people.
    pub summary: String,
    /// How far the award is proven, if one was determined.
    pub award: Option<(Status, Vec<String>)>,
}

/// A day's routes with what they cost.
pub(super) struct RoutedDay<'s> {
    pub(super) hubs: Vec<HubDay<'s>>,
    pub(super) sets: Vec<StopSet>,
}

/// Hubs with the stops of some orders and the legs among them.
pub(super) fn cases_of<'s>(
    prepared: &Prepared<'_>,
    scenario: &'s Scenario,
    hauls: &dyn HaulSource,
    orders: &[Order],
    progress: &dyn Progress,
) -> Result<(Vec<HubCase<'s>>, Vec<StopSet>), RunError> {
    let hubs = day::by_hub(orders, hauls)?;
    let set = |hub: &day::HubStops| {
        let mut units: Vec<DduIx> = hub.stops.iter().map(|stop| stop.ddu).collect();
        units.dedup();
        StopSet { hub: hub.hub, units }
    };
    let sets: Vec<StopSet> = hubs.iter().map(set).collect();
    let legs = prepared.legs(scenario, &sets, progress)?;
    let cases = hubs.into_iter().zip(&sets).zip(legs);
    let cases = cases.map(|((hub, set), legs)| HubCase::new(scenario, hub, &set.units, legs));
    Ok((cases.collect::<Result<_, _>>()?, sets))
}

/// Finds the routes for some orders.
pub(super) fn route_orders<'s>(
    prepared: &Prepared<'_>,
    scenario: &'s Scenario,
    hauls: &dyn HaulSource,
    orders: &[Order],
    progress: &dyn Progress,
) -> Result<RoutedDay<'s>, RunError> {
    let (cases, sets) = cases_of(prepared, scenario, hauls, orders, progress)?;
    let hubs = day::plan_day(cases, progress)?;
    if progress.cancelled() { Err(RunError::Interrupted) } else { Ok(RoutedDay { hubs, sets }) }
}

/// What the stops of all hubs cost.
pub(super) fn costs_of(hubs: &[HubDay<'_>], progress: &dyn Progress) -> Result<Vec<Vec<StopCost>>, RunError> {
    costed(hubs, day::stop_costs, "costed three ways", progress)
}

/// What the stops of all hubs bear of their routes.
pub(super) fn shares_of(hubs: &[HubDay<'_>], progress: &dyn Progress) -> Result<Vec<Vec<StopShare>>, RunError> {
    costed(hubs, day::stop_shares, "with their shares", progress)
}

fn costed<'h, 's: 'h, T: Send>(
    hubs: &'h [HubDay<'s>],
    cost: impl Fn(&'h HubDay<'s>, &dyn Progress) -> Result<Vec<T>, DayError> + Sync,
    how: &str,
    progress: &dyn Progress,
) -> Result<Vec<Vec<T>>, RunError> {
    progress.begin("costs of stops", u64::try_from(hubs.len()).ok());
    let of = |hub| {
        let costs = cost(hub, &Quiet(progress));
        progress.advance(1);
        Ok(costs?)
    };
    let costs: Vec<Result<Vec<T>, RunError>> = hubs.par_iter().map(of).collect();
    let costs = costs.into_iter().collect::<Result<Vec<_>, _>>()?;
    if progress.cancelled() {
        return Err(RunError::Interrupted);
    }
    progress.finish(&format!("{} stops {how}", costs.iter().map(Vec::len).sum::<usize>()));
    Ok(costs)
}

/// Routes the volumes and stages the files in the folder, which the caller commits.
///
/// # Errors
/// [`RunError`]; the folder then holds files that must not be committed.
pub fn routes(
    scenario: &Scenario,
    region: &Region,
    findings: &Diagnostics,
    volumes: &RouteVolumes,
    folder: &mut Folder,
    progress: &dyn Progress,
) -> Result<RoutesOutcome, RunError> {
    let prepared = Prepared::new(scenario, region);
    let matrices = prepared.matrices(scenario, progress)?.matrices;
    let hauls: Hauls<'_> = cost::hauls(scenario, &matrices)?;
    let mut no_hub: Vec<(DduIx, WhyNot)> = Vec::new();
    let mut award = None;
    if matches!(volumes, RouteVolumes::RouteAware) {
        let aware = route_aware(&prepared, scenario, &hauls, progress)?;
        folder.write("route_aware.csv", |out| report::write_aware_rounds(out, &aware.rounds))?;
        folder.write("route_aware_bidders.csv", |out| report::write_aware_bidders(out, scenario, &aware.bidders))?;
        let report = RoutesReport { scenario, hubs: &aware.routed.hubs, costs: &aware.costs, no_hub: &no_hub };
        write(&prepared, region, findings, volumes, &aware.routed, &report, Some(aware.bound), folder, progress)?;
        let summary =
            format!("{}\n{}", report::routes_summary(&report)?, report::aware_summary(&aware.rounds, &aware.bound));
        return Ok(RoutesOutcome { summary, award: Some((aware.status, aware.conflicts)) });
    }
    let orders = match volumes {
        RouteVolumes::Planned => {
            let (orders, unreached) = day::planned(scenario, &hauls)?;
            no_hub = unreached;
            orders
        }
        RouteVolumes::Award { winners, .. } => day::awarded(scenario, winners),
        RouteVolumes::Determine | RouteVolumes::RouteAware => {
            let determined = determine(scenario, &hauls, progress)?;
            if determined.interrupted {
                return Err(RunError::Interrupted);
            }
            let winners: Vec<_> = determined.winners().map(|(bid, won)| (bid, won.volume)).collect();
            award = Some((determined.status, determined.conflicts.clone()));
            day::awarded(scenario, &winners)
        }
    };
    let routed = route_orders(&prepared, scenario, &hauls, &orders, progress)?;
    let costs = costs_of(&routed.hubs, progress)?;
    let report = RoutesReport { scenario, hubs: &routed.hubs, costs: &costs, no_hub: &no_hub };
    write(&prepared, region, findings, volumes, &routed, &report, None, folder, progress)?;
    Ok(RoutesOutcome { summary: report::routes_summary(&report)?, award })
}

#[allow(clippy::too_many_arguments)]
fn write(
    prepared: &Prepared<'_>,
    region: &Region,
    findings: &Diagnostics,
    volumes: &RouteVolumes,
    routed: &RoutedDay<'_>,
    report: &RoutesReport<'_>,
    aware: Option<AwareBound>,
    folder: &mut Folder,
    progress: &dyn Progress,
) -> Result<(), RunError> {
    let scenario = report.scenario;
    let lines = drawn(prepared, scenario, routed, progress)?;
    progress.begin("report", None);
    for table in RoutesTable::ALL {
        folder.write(table.file_name(), |out| report::write_routes_csv(out, table, report))?;
    }
    folder.write("routes.geojson", |out| report::write_routes_geojson(out, report, &lines))?;
    folder.write("route_sheets.txt", |out| report::write_route_sheets(out, report))?;
    let manifest = RoutesManifest {
        scenario,
        effective_settings: &toml::from_str(&scenario.settings.to_toml(&scenario.ddus))?,
        import_counts: &import_counts(region),
        diagnostics: findings,
        outputs: &folder.fingerprints()?,
        volumes: match volumes {
            RouteVolumes::Planned => "planned",
            RouteVolumes::Determine => "determined",
            RouteVolumes::RouteAware => "route_aware",
            RouteVolumes::Award { .. } => "award",
        },
        award: match volumes {
            RouteVolumes::Award { folder, blake3, .. } => Some((folder, blake3)),
            _ => None,
        },
        totals: RouteTotals::of(report).ok_or(RunError::Routes(day::DayError::TooLarge))?,
        aware,
    };
    folder.write("manifest.json", |out| report::write_routes_manifest(out, &manifest))?;
    progress.finish(&format!("{} files", folder.names().count()));
    Ok(())
}

/// The roads of all routes.
fn drawn(
    prepared: &Prepared<'_>,
    scenario: &Scenario,
    routed: &RoutedDay<'_>,
    progress: &dyn Progress,
) -> Result<DrawnRoutes, RunError> {
    // Legs of all routes in order; a leg that several drive is drawn once.
    let mut legs: Vec<Vec<Vec<WantedLine>>> = Vec::with_capacity(routed.hubs.len());
    for (set, hub) in routed.hubs.iter().enumerate() {
        let of_route = |route: &day::TimedRoute| {
            let vehicle = hub.case.classes.get(route.class).map(|class| class.vehicle).unwrap_or_default();
            let stops = route.visits.iter().map(|visit| hub.case.point(visit.stop));
            let points: Vec<usize> = std::iter::once(0).chain(stops).chain([0]).collect();
            let moves = points.windows(2).filter(|pair| pair[0] != pair[1]);
            moves.map(|pair| WantedLine { set, vehicle, from: pair[0], to: pair[1] }).collect()
        };
        legs.push(hub.routes.iter().map(of_route).collect());
    }
    let mut wanted: Vec<WantedLine> = legs.iter().flatten().flatten().copied().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let lines = prepared.lines(scenario, &routed.sets, &wanted, progress)?;
    let joined = |route: &Vec<WantedLine>| {
        let lines = route.iter().filter_map(|leg| lines.get(wanted.binary_search(leg).ok()?));
        let mut line: Vec<_> = lines.flatten().copied().collect();
        line.dedup();
        if let [only] = line[..] {
            line.push(only);
        }
        line
    };
    Ok(DrawnRoutes(legs.iter().map(|hub| hub.iter().map(joined).collect()).collect()))
}
