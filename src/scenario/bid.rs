//! Bid lines.

use crate::ids::{BidderIx, DduIx, HubIx};
use crate::units::{ClockTime, MicroDollars, Pieces};

/// Delivery on the day of tender or on the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Delivered on the day it is tendered.
    SameDay,
    /// Delivered on the day after.
    NextDay,
}

impl Service {
    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SameDay => "same_day",
            Self::NextDay => "next_day",
        }
    }
}

/// What the price covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PriceBasis {
    /// Paid to USPS at the dock; the bidder hauls at its own cost.
    Dock,
    /// All-in from the hub; the haul comes out of it.
    Hub,
}

impl PriceBasis {
    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Dock => "dock",
            Self::Hub => "hub",
        }
    }
}

/// One line of a bid: pieces per operating day from a hub at a delivery unit, at a price.
///
/// A line without package wins any volume within its range, or nothing. Lines of one bidder with the same `package`
/// win together, each with `volume_max` (which then equals `volume_min`), or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BidLine {
    /// Id of the bid; unique per line.
    pub id: String,
    /// Who bids.
    pub bidder: BidderIx,
    /// Package it belongs to; unique per bidder.
    pub package: Option<String>,
    /// At most one bid (line or package) of a bidder's group wins.
    pub xor_group: Option<String>,
    /// Where.
    pub ddu: DduIx,
    /// From where.
    pub hub: HubIx,
    /// Service level.
    pub service: Service,
    /// When the parcels will be at the dock, local time of the unit.
    pub tender: ClockTime,
    /// Least pieces per operating day if it wins; at least 1.
    pub volume_min: Pieces,
    /// Most pieces per operating day.
    pub volume_max: Pieces,
    /// Price per piece, on its basis.
    pub price: MicroDollars,
    /// What the price covers.
    pub basis: PriceBasis,
}
