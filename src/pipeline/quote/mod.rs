//! From a scenario to a carrier's quote and its files.

mod written;

use super::matrices::Prepared;
use super::region::Region;
use super::routes::{RoutedDay, costs_of, route_orders};
use super::run::{RunError, import_counts};
use crate::artefact::Folder;
use crate::cost::{self, HaulSource, Hauls};
use crate::diagnostics::Diagnostics;
use crate::ids::DduIx;
use crate::matrix::Matrix;
use crate::progress::{Progress, Quiet};
use crate::quote::assign::{AssignProblem, AssignStatus, Assignment, assign, limit_prices};
use crate::quote::{
    self, Bundler, OnRoutes, Plan, QuoteError, Served, ServedCase, alternative, bids, bundles, neighbours, offers,
    serve, tornado,
};
use crate::report::{self, QuoteManifest, QuoteReport, QuoteTable};
use crate::routes::day::{Order, StopCost};
use crate::scenario::{Scenario, Variant};
use crate::units::Ppm;
use std::io::Write as _;
use std::path::Path;
use written::Written;

/// Nodes of the solver's search for an assignment unless the scenario limits them.
const NODES: u32 = 200_000;

/// What came out.
#[derive(Clone, Debug)]
pub struct QuoteOutcome {
    /// For people.
    pub summary: String,
    /// How far the assignment of units to hubs is proven.
    pub status: AssignStatus,
}

/// The scenario's file, of which a copy that names the suggested bids is written.
#[derive(Clone, Copy, Debug)]
pub struct QuotePaths<'a> {
    /// Where it is read.
    pub read: &'a Path,
    /// Where it stays.
    pub stays: &'a Path,
}

/// Works a quote out and stages its files in the folder, which the caller commits.
///
/// # Errors
/// [`RunError`]; the folder then holds files that must not be committed.
pub fn quote(
    paths: QuotePaths<'_>,
    scenario: &Scenario,
    region: &Region,
    findings: &Diagnostics,
    folder: &mut Folder,
    progress: &dyn Progress,
) -> Result<QuoteOutcome, RunError> {
    let written = Written::read(paths)?;
    let prepared = Prepared::new(scenario, region);
    let matrices = prepared.matrices(scenario, progress)?.matrices;
    let hauls = cost::hauls(scenario, &matrices)?;
    let plan = Plan::of(scenario)?;
    let served = serve(&plan, &hauls)?;

    progress.begin("assignment", None);
    let problem = AssignProblem::of(scenario, &plan, &served);
    let nodes = scenario.settings.award.node_limit.unwrap_or(NODES);
    let assignment = assign(&problem.units, &problem.limits, Some(nodes), progress)?;
    progress.finish(&format!("{} pieces, {} USD a day", assignment.pieces, assignment.cost));
    let limits = limit_prices(&problem, &assignment, Some(nodes), progress)?;
    let assigned = assigned(&problem, &assignment, &plan, &served);

    let routed = route_orders(&prepared, scenario, &hauls, &orders(&plan, &assigned), progress)?;
    let costs = costs_of(&routed.hubs, progress)?;
    let on_routes = on_routes(scenario, &routed, &costs);
    let offers = offers(scenario, &plan, &served, &assigned, &on_routes)?;
    let alternative = alternative(scenario);
    let bundles = match &alternative {
        Some(alternative) => {
            let bundler = Bundler { scenario, plan: &plan, served: &served, budget: alternative.budget };
            bundles(&bundler, &routed.hubs)?
        }
        None => Vec::new(),
    };
    let bids = bids(&plan, &offers, &bundles);
    let swings = swings(scenario, &prepared, &plan, &assigned, &hauls, progress)?;
    let assumptions = written.assumptions(scenario)?;
    let report = QuoteReport {
        scenario,
        plan: &plan,
        served: &served,
        hauls: &hauls,
        problem: &problem,
        assignment: &assignment,
        limits: &limits,
        days: &routed.hubs,
        alternative: alternative.as_ref(),
        offers: &offers,
        bundles: &bundles,
        bids: &bids,
        swings: &swings,
        assumptions: &assumptions,
    };
    write(&report, &written, region, findings, folder, progress)?;
    let gaps = limits.iter().map(|price| price.without.status).chain([assignment.status]);
    let proven = gaps.into_iter().all(|status| status == AssignStatus::Optimal);
    let status = if proven { AssignStatus::Optimal } else { AssignStatus::GapLimit };
    Ok(QuoteOutcome { summary: report::quote_summary(&report)?, status })
}

/// The haul of each unit from the hub it is assigned to.
fn assigned(
    problem: &AssignProblem,
    assignment: &Assignment,
    plan: &Plan,
    served: &[Served],
) -> Vec<Option<ServedCase>> {
    let chosen = problem.units.iter().zip(&assignment.chosen).zip(plan.units.iter().zip(served));
    let haul = |((unit, chosen), (plan, served)): ((&quote::assign::AssignUnit, &Option<usize>), (&_, &Served))| {
        let plan: &quote::UnitPlan = plan;
        let choice = unit.choices.get((*chosen)?)?;
        let reach = served.reach.iter().find(|reach| reach.hub == choice.hub)?;
        let option = *reach.options.iter().find(|option| option.vehicle == choice.vehicle)?;
        Some(ServedCase { hub: choice.hub, option, cost: option.injection_cost(plan.volume.planned)? })
    };
    chosen.map(haul).collect()
}

fn orders(plan: &Plan, assigned: &[Option<ServedCase>]) -> Vec<Order> {
    let order = |(unit, haul): (&quote::UnitPlan, &Option<ServedCase>)| {
        let (hub, by) = (haul.as_ref()?.hub, unit.by?);
        Some(Order { hub, ddu: unit.ddu, by, bid: None, pieces: unit.volume.planned })
    };
    plan.units.iter().zip(assigned).filter_map(order).collect()
}

/// What each unit costs on the routes, by its index.
fn on_routes(scenario: &Scenario, routed: &RoutedDay<'_>, costs: &[Vec<StopCost>]) -> Vec<Option<OnRoutes>> {
    let mut found: Vec<Option<OnRoutes>> = vec![None; scenario.ddus.len()];
    for (day, costs) in routed.hubs.iter().zip(costs) {
        let beside = neighbours(day);
        let unit = |stop: usize| -> Option<DduIx> { day.case.stops.get(stop).map(|stop| stop.ddu) };
        for cost in costs {
            let best = beside.get(cost.share.stop).copied().flatten();
            let neighbour = best.and_then(|best| Some((unit(best.stop)?, best)));
            if let Some(place) = unit(cost.share.stop).and_then(|ddu| found.get_mut(ddu.index())) {
                *place = Some(OnRoutes { cost: *cost, neighbour });
            }
        }
    }
    found
}

/// Sensitivity; prices of fuel and wages are laid over the region anew, so that paths may change.
fn swings(
    scenario: &Scenario,
    prepared: &Prepared<'_>,
    plan: &Plan,
    assigned: &[Option<ServedCase>],
    hauls: &Hauls<'_>,
    progress: &dyn Progress,
) -> Result<Vec<Option<[quote::Swing; 3]>>, RunError> {
    let settings = &scenario.settings.quote;
    let rates = [
        (settings.fuel[0], Ppm::ONE),
        (settings.fuel[1], Ppm::ONE),
        (Ppm::ONE, settings.wage[0]),
        (Ppm::ONE, settings.wage[1]),
    ];
    progress.begin("sensitivity", u64::try_from(rates.len()).ok());
    let mut bent: Vec<Option<(Scenario, Vec<Matrix>)>> = Vec::with_capacity(rates.len());
    for (fuel_factor, wage_factor) in rates {
        let variant = Variant {
            name: String::new(),
            award: scenario.settings.award.clone(),
            with_overrides: true,
            volume_factor: Ppm::ONE,
            fuel_factor,
            wage_factor,
        };
        bent.push(if variant.keeps_rates() {
            None
        } else {
            let changed = scenario.under(&variant);
            let matrices = prepared.matrices(&changed, &Quiet(progress))?.matrices;
            Some((changed, matrices))
        });
        progress.advance(1);
    }
    let bent =
        bent.iter().map(|bent| bent.as_ref().map(|(changed, matrices)| cost::hauls(changed, matrices)).transpose());
    let bent = bent.collect::<Result<Vec<Option<Hauls<'_>>>, _>>()?;
    let source = |at: usize| -> &dyn HaulSource { bent[at].as_ref().unwrap_or(hauls) };
    let swings = tornado(plan, assigned, hauls, [source(0), source(1)], [source(2), source(3)])?;
    progress.finish("volume, fuel and wages");
    Ok(swings)
}

fn write(
    report: &QuoteReport<'_>,
    written: &Written,
    region: &Region,
    findings: &Diagnostics,
    folder: &mut Folder,
    progress: &dyn Progress,
) -> Result<(), RunError> {
    if progress.cancelled() {
        return Err(QuoteError::Interrupted.into());
    }
    progress.begin("report", None);
    for table in QuoteTable::ALL {
        folder.write(table.file_name(), |out| report::write_quote_csv(out, table, report))?;
    }
    folder.write("quote_sheet.txt", |out| report::write_quote_sheet(out, report))?;
    let award = written.award_scenario(folder.root())?;
    folder.write("award.toml", |out| out.write_all(award.as_bytes()))?;
    let settings = &report.scenario.settings;
    let manifest = QuoteManifest {
        report,
        effective_settings: &toml::from_str(&settings.to_toml(&report.scenario.ddus))?,
        import_counts: &import_counts(region),
        diagnostics: findings,
        outputs: &folder.fingerprints()?,
    };
    folder.write("manifest.json", |out| report::write_quote_manifest(out, &manifest))?;
    progress.finish(&format!("{} files", folder.names().count()));
    Ok(())
}
