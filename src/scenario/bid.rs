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

/// How the prices of a bid's tiers add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TierKind {
    /// The price of the tier that holds the volume is paid for all pieces.
    AllUnits,
    /// Each tier's price is paid for the pieces within it.
    Incremental,
}

impl TierKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::AllUnits, Self::Incremental];

    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::AllUnits => "all_units",
            Self::Incremental => "incremental",
        }
    }
}

/// A line that is one tier of a bid with prices by volume: at most one line of the group wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Lines of one bidder with the same group are tiers of one bid.
    pub group: String,
    /// How prices add up.
    pub kind: TierKind,
    /// What a volume of this tier costs beside `price × volume`: zero for all units, else what the tiers below cost more
    /// (or less) than at this tier's price.
    pub offset: MicroDollars,
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
    /// At most `group_at_most` bids (lines or packages) of a bidder's group win.
    pub xor_group: Option<String>,
    /// How many bids of the group may win; the same in all its lines.
    pub group_at_most: u32,
    /// The tier it is of a bid with prices by volume; never in packages.
    pub tier: Option<Tier>,
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

impl BidLine {
    /// What the bidder pays for a volume on the bid's basis, micro-dollars: price × pieces, and the offset of its tier.
    #[must_use]
    pub fn spend(&self, volume: Pieces) -> Option<MicroDollars> {
        self.price.times_pieces(volume)?.checked_add(self.offset())
    }

    /// The part of the spend that does not depend on the volume.
    #[must_use]
    pub fn offset(&self) -> MicroDollars {
        self.tier.as_ref().map_or(MicroDollars::ZERO, |tier| tier.offset)
    }
}
