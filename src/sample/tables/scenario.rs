//! The sample's `scenario.toml` and `vehicles.toml`.

/// Three vehicle classes with the source of every default.
pub(in crate::sample) const VEHICLES: &str = include_str!("vehicles.toml");

/// Rates of alternatives, invented: said so in each row.
pub(in crate::sample) const RATES: &str = include_str!("rates.csv");

/// Tie-break criteria of the small samples.
pub(in crate::sample) const CRITERIA: &str = r#""more_bidders", "fewer_miles""#;

/// What differs between scenarios.
pub(in crate::sample) struct ScenarioText<'a> {
    pub(in crate::sample) title: &'a str,
    pub(in crate::sample) seed: u64,
    pub(in crate::sample) hauls: HaulsText<'a>,
    /// Proven gap at which an award is called optimal, where it is not the default.
    pub(in crate::sample) gap_tolerance: Option<&'a str>,
    pub(in crate::sample) criteria: &'a str,
}

/// Where hauls come from; files as written: relative to the scenario, or absolute.
pub(in crate::sample) enum HaulsText<'a> {
    Map {
        file: &'a str,
        /// Largest distance to a road in metres.
        snap_limit_m: u32,
    },
    Costs {
        file: &'a str,
    },
}

impl ScenarioText<'_> {
    pub(in crate::sample) fn render(&self) -> String {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let (title, seed, criteria) = (quoted(self.title), self.seed >> 1, self.criteria);
        let (hauls, snapping) = match self.hauls {
            HaulsText::Map { file, snap_limit_m } => {
                let quote = "\nvolumes = \"volumes.csv\"      # read by `ddu quote` alone, as are the rates; both are invented\nrates = \"rates.csv\"";
                (format!("map = {}{quote}", quoted(file)), format!("\n[map]\nsnap_limit_m = {snap_limit_m}\n"))
            }
            HaulsText::Costs { file } => (format!("costs = {}", quoted(file)), String::new()),
        };
        let gap = self.gap_tolerance.map_or(String::new(), |gap| format!("gap_tolerance = {gap}\n"));
        format!(
            r#"# Everything that changes the answer. Paths are relative to this file.

[scenario]
name = {title}
operating_date = 2026-11-24
seed = {seed}                     # decides what is still equal after all criteria

[inputs]
{hauls}
hubs = "hubs.csv"
ddus = "ddus.csv"
vehicles = "vehicles.toml"
bidders = "bidders.csv"
bids = "bids.csv"

[parcel]                     # assumption: the mean parcel; put in your own
mean_cube_cuft = 0.5
mean_weight_lb = 3.5
{snapping}
[cost]
deadhead_share = 1.0         # a direct trip returns empty; the industry average of 16.7 % holds for whole networks
planned_volume = 500

[award]
objective = "contribution"
share_cap = 0.35
share_base = "awarded"
alternative_rate = 4.25      # assumption: what a parcel costs by another carrier
criteria = [{criteria}]
{gap}"#
        )
    }
}
