//! Hubs: buildings of shippers where parcels are loaded.

use crate::lonlat::LonLat;
use crate::units::{ClockTime, Pieces};
use jiff::tz::TimeZone;

/// A shipper's building where parcels are loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hub {
    /// Unique id.
    pub id: String,
    /// The shipper that runs it; equals a `bidder_id` where the shipper bids.
    pub shipper: String,
    /// Name for people.
    pub name: String,
    /// Where its gate is.
    pub at: LonLat,
    /// When vehicles may leave, local time.
    pub release: ClockTime,
    /// IANA time zone of its clock.
    pub timezone: TimeZone,
    /// Pieces it can load per operating day; `None` is unlimited.
    pub capacity: Option<Pieces>,
}
