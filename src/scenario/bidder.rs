//! Bidders.

use crate::units::{MicroDollars, Pieces};

/// A shipper that bids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bidder {
    /// Unique id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Class for set-asides and reports (`national`, `regional`, `local`, …); empty if none.
    pub class: String,
    /// Bidders with the same non-empty group are one bidder for the share cap.
    pub affiliate_group: String,
    /// Pieces it can supply per operating day in all; `None` is unlimited.
    pub capacity: Option<Pieces>,
    /// Pieces per operating day that it must win in all if it wins at all.
    pub min_volume: Option<Pieces>,
    /// Most it will pay per operating day in all, at its bid prices; `None` is unlimited.
    pub budget: Option<MicroDollars>,
}

impl Bidder {
    /// Who counts as one for the share cap: `bidder B`, or `affiliate group G`.
    #[must_use]
    pub fn share_group(&self) -> String {
        match self.affiliate_group.as_str() {
            "" => format!("bidder {}", self.id),
            group => format!("affiliate group {group}"),
        }
    }
}
