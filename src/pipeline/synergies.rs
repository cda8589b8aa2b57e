//! The audit of packages on a map: paths from unit to unit, from the hierarchy that is there.

use super::matrices::Prepared;
use super::run::RunError;
use crate::cost::{self, UnitLegs};
use crate::ids::DduIx;
use crate::progress::{Progress, Quiet};
use crate::scenario::{Ddu, Hub, QuoteTables, Scenario};

/// More units than these would make more paths than an audit is worth: the square of them, for each class.
const MOST_UNITS: usize = 4_000;

/// Paths between all units to which tours of packages may go, where the scenario asks for the audit; with more than a few
/// thousand such units those of the first ones.
///
/// # Errors
/// As [`Prepared::matrices`].
pub(super) fn unit_legs(
    scenario: &Scenario,
    prepared: &Prepared<'_>,
    progress: &dyn Progress,
) -> Result<Option<UnitLegs>, RunError> {
    if !scenario.settings.award.synergies {
        return Ok(None);
    }
    let mut units = cost::tour_units(scenario);
    units.truncate(MOST_UNITS);
    let at: Vec<&Ddu> = units.iter().filter_map(|unit: &DduIx| scenario.ddus.get(unit.index())).collect();
    if at.is_empty() {
        return Ok(Some(UnitLegs::new(Vec::new(), Vec::new())));
    }
    progress.begin("paths between units", None);
    let between = Scenario {
        settings: scenario.settings.clone(),
        hauls: scenario.hauls.clone(),
        hubs: at.iter().map(|unit| dock_as_hub(unit)).collect(),
        ddus: at.into_iter().cloned().collect(),
        vehicles: scenario.vehicles.clone(),
        bidders: Vec::new(),
        bids: Vec::new(),
        overrides: Vec::new(),
        closed_roads: scenario.closed_roads.clone(),
        quote: QuoteTables::default(),
        inputs: Vec::new(),
        origins: scenario.origins.clone(),
    };
    let matrices = prepared.matrices(&between, &Quiet(progress))?.matrices;
    progress.finish(&format!("{} units", units.len()));
    Ok(Some(UnitLegs::new(units, matrices)))
}

/// A place that vehicles leave.
fn dock_as_hub(unit: &Ddu) -> Hub {
    Hub {
        id: unit.id.clone(),
        shipper: String::new(),
        name: unit.name.clone(),
        at: unit.at,
        release: unit.dock_open,
        timezone: unit.timezone.clone(),
        capacity: None,
    }
}
