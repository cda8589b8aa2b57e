//! Readers: one file of the scenario each, from its text to the types of the domain.

mod bid_rules;
mod bidders;
mod bids;
mod closed_roads;
mod costs;
mod ddus;
mod group_rules;
mod hubs;
mod overrides;
mod policy;
mod quote;
mod rates;
mod routes;
mod settings;
mod shared;
mod tier_rules;
mod traffic;
mod variants;
mod vehicles;
mod volumes;

pub(crate) use bidders::bidders;
pub(crate) use bids::{Refers, bids};
pub(crate) use closed_roads::closed_roads;
pub(crate) use costs::{Ends, costs};
pub(crate) use ddus::{Units, ddus};
pub(crate) use hubs::hubs;
pub(crate) use overrides::{Named, overrides};
pub(crate) use policy::resolve;
pub(crate) use quote::check_names;
pub(crate) use rates::rates;
pub(crate) use settings::{Inputs, scenario_file};
pub(crate) use shared::Intake;
pub(crate) use tier_rules::tier_offsets;
pub(crate) use vehicles::{unknown_vehicle, vehicles};
pub(crate) use volumes::volumes;
