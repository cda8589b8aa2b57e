//! Hauls of a table that an earlier run wrote, in place of matrices.

use super::CostError;
use super::haul::HaulSource;
use crate::ids::{DduIx, HubIx};
use crate::scenario::{ClassOption, HaulTable, Scenario};

/// Rows of the scenario's table, by the classes that may be used.
#[derive(Clone, Debug)]
pub struct TabledHauls<'a> {
    table: &'a HaulTable,
    /// By class: may it be used?
    usable: Vec<bool>,
}

impl<'a> TabledHauls<'a> {
    /// The hauls of a scenario that names a table of costs; `None` when it names a map.
    #[must_use]
    pub fn of(scenario: &'a Scenario) -> Option<Self> {
        let table = scenario.hauls.table()?;
        let named = &scenario.settings.cost.vehicles;
        let usable = scenario.vehicles.iter().map(|class| named.is_empty() || named.contains(&class.name)).collect();
        Some(Self { table, usable })
    }
}

impl HaulSource for TabledHauls<'_> {
    fn options(&self, hub: HubIx, ddu: DduIx) -> Result<Vec<ClassOption>, CostError> {
        let usable = |row: &&ClassOption| self.usable.get(row.0.index()).copied().unwrap_or(false);
        Ok(self.table.rows(hub, ddu).iter().filter(usable).copied().collect())
    }
}
