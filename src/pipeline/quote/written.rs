//! What the user wrote of a scenario: which values of a quote were given and which were assumed, and the same scenario with the
//! suggested bids in it.

use super::QuotePaths;
use crate::pipeline::RunError;
use crate::report::Assumption;
use crate::scenario::Scenario;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Sections whose settings a quote depends on.
const SECTIONS: [&str; 5] = ["cost", "routes", "quote", "data", "turns"];
/// Settings of them that it does not.
const WITHOUT_EFFECT: [&str; 4] = ["quote.assumed", "routes.award_cost", "routes.award_rounds", "data.duplicates"];
/// Rules among several bidders, which bids of one could only break.
const RULES: [&str; 6] = ["share_cap", "minimum_winners", "set_aside", "drop_outs", "payments", "synergies"];

/// A scenario's file.
pub(super) struct Written {
    /// Where it stays.
    folder: PathBuf,
    table: Table,
}

impl Written {
    /// Reads the file once more, as it stands.
    pub(super) fn read(paths: QuotePaths<'_>) -> Result<Self, RunError> {
        let text = fs::read_to_string(paths.read)?;
        let folder = paths.stays.parent().unwrap_or_else(|| Path::new("")).to_owned();
        Ok(Self { folder, table: text.trim_start_matches('\u{FEFF}').parse()? })
    }

    fn get(&self, section: &str, key: &str) -> Option<&Value> {
        self.table.get(section)?.get(key)
    }

    /// Every value that the quote rests on and the user did not give, or did not confirm, by name.
    pub(super) fn assumptions(&self, scenario: &Scenario) -> Result<Vec<Assumption>, RunError> {
        let effective: Table = scenario.settings.to_toml(&scenario.ddus).parse()?;
        let mut all = Vec::new();
        for section in SECTIONS {
            for (key, value) in effective.get(section).and_then(Value::as_table).into_iter().flatten() {
                let name = format!("{section}.{key}");
                if self.get(section, key).is_none() && !WITHOUT_EFFECT.contains(&name.as_str()) {
                    let note = if section == "data" { "default, where a table gives nothing" } else { "default" };
                    all.push(Assumption { name, value: shown(value), note });
                }
            }
        }
        let mut add = |name: &str, value: String, note| all.push(Assumption { name: name.to_owned(), value, note });
        for name in &scenario.settings.quote.assumed {
            let value = name.split_once('.').and_then(|(section, key)| self.get(section, key)).map(shown);
            add(name, value.unwrap_or_default(), "made up with the scenario, not confirmed");
        }
        match &scenario.quote.volumes {
            None => {
                add("inputs.volumes", "cost.planned_volume at every unit".to_owned(), "no table of volumes is given")
            }
            Some(_) => add("volume_unit", "pieces_per_day".to_owned(), "where the table of volumes has no unit"),
        }
        if scenario.quote.rates.is_empty() {
            let rate = scenario.settings.award.alternative_rate;
            let value =
                rate.map_or_else(|| "none: no prices".to_owned(), |rate| format!("award.alternative_rate {rate}"));
            add("inputs.rates", value, "no table of rates is given");
        }
        if scenario.settings.quote.fleet.is_empty() {
            add("quote.fleet", "any number of vehicles".to_owned(), "no fleet is given");
        }
        let open = scenario.hubs.iter().filter(|hub| hub.capacity.is_none()).count();
        if open > 0 {
            add("capacity_pieces", format!("any number of pieces at {open} hubs"), "their rows give none");
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// The scenario with the suggested bids, to be written into a folder: files of other folders by their absolute paths,
    /// rules among several bidders left out.
    pub(super) fn award_scenario(&self, folder: &Path) -> Result<String, RunError> {
        let mut table = self.table.clone();
        if let Some(Value::Table(inputs)) = table.get_mut("inputs") {
            inputs.retain(|key, _| !["bids", "bidders", "overrides", "volumes", "rates"].contains(&key));
            for (_, value) in inputs.iter_mut().filter(|(key, _)| *key != "outside_map") {
                self.move_path(value, folder)?;
            }
            inputs.insert("bids".to_owned(), "bids.csv".into());
            inputs.insert("bidders".to_owned(), "bidders.csv".into());
        }
        if let Some(Value::Table(award)) = table.get_mut("award") {
            award.retain(|key, _| !RULES.contains(&key));
        }
        table.remove("variant");
        let head =
            "# The scenario of the quote with the bids that it suggests. Rules among several bidders are left out.\n";
        Ok(format!("{head}{}", toml::to_string(&table)?))
    }

    /// A path, or that of a table with its columns, as seen from another folder.
    fn move_path(&self, value: &mut Value, folder: &Path) -> io::Result<()> {
        match value {
            Value::Table(table) => match table.get_mut("path") {
                Some(path) => self.move_path(path, folder),
                None => Ok(()),
            },
            Value::String(text) => {
                let absolute = std::path::absolute(self.folder.join(&*text))?;
                let inside = absolute.strip_prefix(std::path::absolute(folder)?).ok();
                *text = inside.unwrap_or(&absolute).to_string_lossy().into_owned();
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
