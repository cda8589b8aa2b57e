//! Destination Delivery Units: local post offices that make the last-mile delivery.

use crate::lonlat::LonLat;
use crate::scenario::bid::Service;
use crate::units::{ClockTime, MicroDollars, Pieces};
use jiff::tz::TimeZone;

/// Whether a unit takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DduStatus {
    /// Accepts injection.
    Open,
    /// Exists in the table but accepts nothing; bids for it are rejected.
    Closed,
}

/// What kind of building it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FacilityType {
    /// Post office or carrier annex with carriers and a dock.
    DeliveryUnit,
    /// Sorting and delivery center.
    SortingAndDelivery,
    /// No building: a ZIP without carriers of its own.
    Phantom,
    /// Window service or finance number only; no carriers.
    FinanceOnly,
}

impl FacilityType {
    /// All types.
    pub const ALL: [Self; 4] = [Self::DeliveryUnit, Self::SortingAndDelivery, Self::Phantom, Self::FinanceOnly];

    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::DeliveryUnit => "delivery_unit",
            Self::SortingAndDelivery => "sorting_and_delivery",
            Self::Phantom => "phantom",
            Self::FinanceOnly => "finance_only",
        }
    }
}

/// A delivery unit with its dock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ddu {
    /// Unique id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Five-digit ZIP, if known.
    pub zip5: Option<String>,
    /// Two-letter state, if known.
    pub state: Option<String>,
    /// Region of regional rules; the state unless the table says otherwise, empty if neither is known.
    pub region: String,
    /// Where its dock is.
    pub at: LonLat,
    /// IANA time zone of its clock.
    pub timezone: TimeZone,
    /// Dock opens, local time.
    pub dock_open: ClockTime,
    /// Dock closes, local time; a vehicle may begin to unload until then.
    pub dock_close: ClockTime,
    /// Critical entry time for same-day delivery; `None` when the service is not offered.
    pub cet_same_day: Option<ClockTime>,
    /// Critical entry time for next-day delivery; `None` when the service is not offered.
    pub cet_next_day: Option<ClockTime>,
    /// Awards the dock takes per dock window; `None` is unlimited.
    pub dock_slots: Option<u32>,
    /// Pieces it can deliver per operating day beyond its own mail.
    pub capacity: Pieces,
    /// Longest vehicle that can dock, in millimetres; `None` is unlimited.
    pub max_length_mm: Option<u32>,
    /// Highest vehicle that can dock, in millimetres; `None` is unlimited.
    pub max_height_mm: Option<u32>,
    /// Cost of delivering one piece that is caused by it (the floor of every price), per piece.
    pub attributable_cost: MicroDollars,
    /// Lowest acceptable dock price, per piece; never below the attributable cost.
    pub reserve_price: MicroDollars,
}

impl Ddu {
    /// The latest arrival for a service level: the critical entry time, if the service is offered.
    #[must_use]
    pub const fn critical_entry_time(&self, service: Service) -> Option<ClockTime> {
        match service {
            Service::SameDay => self.cet_same_day,
            Service::NextDay => self.cet_next_day,
        }
    }
}
