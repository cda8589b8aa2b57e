//! What the user wrote: `scenario.toml` and the tables it names, as validated types.
//!
//! Tables are sorted by id when they are read, so every index ([`crate::ids`]) and every later result is independent of
//! row order. Values that break a rule of `docs/errors.md` become diagnostics; what is in these types obeys them all.

mod bid;
mod bidder;
mod closed_road;
mod convert;
mod ddu;
pub(crate) mod doc;
mod facility;
mod haul_table;
mod hub;
mod load;
mod origins;
mod policy;
mod print;
mod quote;
mod read;
mod retain;
mod routes;
mod rules;
mod settings;
mod table;
mod traffic;
mod variant;
mod vehicle;

pub use bid::{BidLine, PriceBasis, Service, Tier, TierKind};
pub use bidder::Bidder;
pub use closed_road::{ClosedDirection, ClosedRoad};
pub use ddu::{Ddu, DduStatus, FacilityType};
pub use facility::{Facility, load_facilities};
pub use haul_table::{ClassOption, HaulInput, HaulTable, VehicleOption};
pub use hub::Hub;
pub(crate) use load::read_text;
pub use load::{LoadOptions, Loaded, load, load_vehicles};
pub use origins::{Origins, RowOrigin};
pub use policy::{MinimumWinners, Override, OverrideAction, OverrideTarget, Scope, SetAside};
pub use quote::{EntryRate, FleetLimit, QuoteSettings, QuoteTables, QuoteVolume, QuoteVolumes, WithoutUnit};
pub use retain::Dropped;
pub use routes::{RouteCost, RouteSettings};
pub(crate) use rules::{Finding, typed_point};
pub use settings::{
    AwardSettings, CostSettings, Criterion, DataSettings, Duplicates, MapSettings, Objective, OutsideMap, Parcel,
    PaymentRule, Settings, ShareBase, TurnCosts,
};
pub use traffic::{SpeedFactors, Traffic, TrafficWindow};
pub use variant::Variant;
pub use vehicle::{Mode, Rates, VehicleClass};

use std::path::PathBuf;

/// Everything one run starts from. Vectors are sorted by text id and indexed by [`crate::ids`].
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Settings with defaults filled in.
    pub settings: Settings,
    /// Where hauls come from.
    pub hauls: HaulInput,
    /// Hubs, by `hub_id`.
    pub hubs: Vec<Hub>,
    /// Delivery units that take part, by `ddu_id`.
    pub ddus: Vec<Ddu>,
    /// Vehicle classes, by name.
    pub vehicles: Vec<VehicleClass>,
    /// Bidders, by `bidder_id`.
    pub bidders: Vec<Bidder>,
    /// Bid lines, by (`bid_id`, `ddu_id`, `hub_id`).
    pub bids: Vec<BidLine>,
    /// Awards forced or forbidden by hand, sorted.
    pub overrides: Vec<Override>,
    /// Roads closed beyond what the map says, sorted.
    pub closed_roads: Vec<ClosedRoad>,
    /// What only a quote reads.
    pub quote: QuoteTables,
    /// The files that were read, for the manifest, in the order they were read.
    pub inputs: Vec<InputFile>,
    /// Rows that hubs, units and closed roads come from.
    pub origins: Origins,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// Which input it is: `scenario`, `map`, `costs`, `hubs`, …
    pub role: &'static str,
    /// The path as the user wrote it.
    pub path: PathBuf,
    /// BLAKE3 in hexadecimal.
    pub blake3: String,
    /// Data rows read (0 for files that are not tables).
    pub rows: u64,
    /// Data rows accepted.
    pub accepted: u64,
}
