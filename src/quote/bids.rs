//! Bids that a quote suggests: a package for each bundle, then a line for each other unit that is worth one.

use super::{Bundle, Offer, Plan, Verdict};
use crate::ids::{DduIx, HubIx};
use crate::units::{ClockTime, MicroDollars, Pieces};

/// A line of the bids' table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BidRow {
    /// Number of its package, from 1.
    pub package: Option<usize>,
    /// The unit.
    pub ddu: DduIx,
    /// The hub.
    pub hub: HubIx,
    /// When it promises its parcels, on the unit's clock.
    pub tender: ClockTime,
    /// Least pieces a day.
    pub least: Pieces,
    /// Most pieces a day.
    pub most: Pieces,
    /// Price at the dock, a piece.
    pub price: MicroDollars,
}

/// Units worth a bid of their own by their room, most first; of equal ones the first.
#[must_use]
pub fn ranked(offers: &[Offer]) -> Vec<&Offer> {
    let mut worth: Vec<&Offer> = offers.iter().filter(|offer| offer.verdict == Verdict::Bid).collect();
    worth.sort_by_key(|offer| (std::cmp::Reverse(offer.room), offer.ddu));
    worth
}

/// The suggested bids. A unit of a bundle has no line of its own: both together would win its pieces twice.
#[must_use]
pub fn bids(plan: &Plan, offers: &[Offer], bundles: &[Bundle]) -> Vec<BidRow> {
    let mut rows = Vec::new();
    for (number, bundle) in (1..).zip(bundles) {
        rows.extend(bundle.lines.iter().map(|line| BidRow {
            package: Some(number),
            ddu: line.ddu,
            hub: bundle.hub,
            tender: line.tender,
            least: line.pieces,
            most: line.pieces,
            price: line.price,
        }));
    }
    let bundled = |ddu: DduIx| bundles.iter().any(|bundle| bundle.lines.iter().any(|line| line.ddu == ddu));
    for offer in ranked(offers).into_iter().filter(|offer| !bundled(offer.ddu)) {
        let most = plan.units.get(offer.ddu.index()).map(|unit| unit.volume.planned);
        let (Some(haul), Some(most), Some(price), Some(tender)) = (offer.haul, most, offer.price, offer.tender) else {
            continue;
        };
        let least = offer.volume_from.unwrap_or(most);
        rows.push(BidRow { package: None, ddu: offer.ddu, hub: haul.hub, tender, least, most, price });
    }
    rows
}
