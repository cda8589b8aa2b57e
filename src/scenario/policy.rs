//! Rules of the policy beyond capacities and caps: what must be reached, and what is decided by hand.

use crate::ids::{BidIx, BidderIx, DduIx};
use crate::units::Ppm;

/// Where a rule holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// All units together.
    All,
    /// The units of a region together.
    Region(String),
    /// One unit.
    Ddu(DduIx),
}

/// At least so many different bidders win.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinimumWinners {
    /// Where.
    pub scope: Scope,
    /// How many; at least 1.
    pub at_least: u32,
}

/// A share of the pieces awarded is set aside for a class of bidders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// All units, or a region.
    pub scope: Scope,
    /// Class of bidders, as in their table.
    pub class: String,
    /// Least share of the pieces awarded there.
    pub share: Ppm,
}

/// What an override does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OverrideAction {
    /// The bid wins, whatever it is worth; a package as a whole. It must still be able to: reserve, dock and room hold.
    Force,
    /// The bids do not win.
    Forbid,
}

impl OverrideAction {
    /// Both actions.
    pub const ALL: [Self; 2] = [Self::Force, Self::Forbid];

    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Force => "force",
            Self::Forbid => "forbid",
        }
    }
}

/// Which bids an override concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OverrideTarget {
    /// One bid, with its package.
    Bid(BidIx),
    /// All bids of a bidder.
    Bidder(BidderIx),
    /// All bids of a bidder at a unit, with their packages.
    BidderAt(BidderIx, DduIx),
}

/// An award that is forced or forbidden by hand, with who decided it and why. The derived order is that of a
/// scenario's list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Override {
    /// What it does.
    pub action: OverrideAction,
    /// To which bids; [`OverrideAction::Force`] names one bid.
    pub target: OverrideTarget,
    /// Who decided it.
    pub who: String,
    /// Why.
    pub why: String,
}
