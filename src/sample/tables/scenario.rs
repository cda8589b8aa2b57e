//! The sample's `scenario.toml` and `vehicles.toml`.

/// Three vehicle classes with the source of every default.
pub(in crate::sample) const VEHICLES: &str = include_str!("vehicles.toml");

/// What differs between scenarios.
pub(in crate::sample) struct ScenarioText<'a> {
    pub(in crate::sample) title: &'a str,
    pub(in crate::sample) seed: u64,
    /// As written in the file: relative to it, or absolute.
    pub(in crate::sample) map: &'a str,
    /// Largest distance to a road in metres.
    pub(in crate::sample) snap_limit_m: u32,
}

impl ScenarioText<'_> {
    pub(in crate::sample) fn render(&self) -> String {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let (title, map) = (quoted(self.title), quoted(self.map));
        let (seed, snap_limit) = (self.seed >> 1, self.snap_limit_m);
        format!(
            r#"# Everything that changes the answer. Paths are relative to this file.

[scenario]
name = {title}
operating_date = 2026-11-24
seed = {seed}                     # decides what is still equal after all criteria

[inputs]
map = {map}
hubs = "hubs.csv"
ddus = "ddus.csv"
vehicles = "vehicles.toml"
bidders = "bidders.csv"
bids = "bids.csv"

[parcel]                     # assumption: the mean parcel; put in your own
mean_cube_cuft = 0.5
mean_weight_lb = 3.5

[map]
snap_limit_m = {snap_limit}

[cost]
deadhead_share = 1.0         # a direct trip returns empty; the industry average of 16.7 % holds for whole networks
planned_volume = 500

[award]
objective = "contribution"
share_cap = 0.35
share_base = "awarded"
alternative_rate = 4.25      # assumption: what a parcel costs by another carrier
criteria = ["more_bidders", "fewer_miles"]
"#
        )
    }
}
