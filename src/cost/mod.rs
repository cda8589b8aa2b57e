//! From a path to money: trips, pieces, vehicle choice.
//!
//! ```text
//! pieces per trip = min(cube × fill / mean piece cube, payload / mean piece weight)
//! cost of a trip  = outbound path + return path × deadhead share
//!                   + dwell hours × time rate + stop fee + share of the vehicle-day
//! trips per day   = ceil(volume / pieces per trip)
//! injection cost  = cost of a trip × trips per day + handling per piece × volume
//! ```
//! The outbound path is that of the departure window of the hub's release time on the hub's clock. The return path is that
//! of the window in which the vehicle leaves the dock on the unit's clock: release + travel + the dwell of a full trip,
//! whatever the volume, without waiting. All trips of a day are costed like the first.
//!
//! The cheapest vehicle class depends on the volume: injection cost is a step function of it.

mod arrival;
mod error;
mod haul;
mod hauls;
mod injection;
mod synergy;
mod tabled;
mod tour;
mod trip;

pub use crate::scenario::{ClassOption, VehicleOption};
pub use arrival::{instant, reading, release};
pub use error::CostError;
pub use haul::{Haul, HaulSource, InjectionCost, NoHaul, TripCost, TripTime, VehicleTrip};
pub use hauls::{ClassTrip, Hauls, fits_dock, hauls, hub_departures, release_departures};
pub use injection::cheapest;
pub use synergy::{NoSaving, Synergy, synergies, tour_units};
pub use tabled::TabledHauls;
pub use tour::{MOST_STOPS, NoTour, Tour, TourStop, UnitLegs};
