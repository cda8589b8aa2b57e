//! The award as it is reported: exact money, one outcome per bid line.

use super::payments::Payments;
use super::reason::LostReason;
use super::what_if::{Basis, DropOut};
use crate::ids::{BidIx, BidderIx, DduIx, VehicleIx};
use crate::units::{Decimetres, MicroDollars, Pieces};

/// How far the award is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// No award is worth more than the bound, and the bound exceeds the value by no more than the stated tolerance.
    Optimal,
    /// A limit or the user ended the search; bound and gap say how much may be missing.
    GapLimit,
    /// No award obeys the policy; [`Award::conflicts`] says why.
    Infeasible,
}

impl Status {
    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Optimal => "optimal",
            Self::GapLimit => "gap_limit",
            Self::Infeasible => "infeasible",
        }
    }
}

/// A bid line that won.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Won {
    /// Pieces per operating day.
    pub volume: Pieces,
    /// Vehicle class of the haul.
    pub vehicle: VehicleIx,
    /// Trips per operating day.
    pub trips: u32,
    /// Loaded length of all trips per day.
    pub miles: Decimetres,
    /// Injection cost per operating day.
    pub injection: MicroDollars,
    /// What the bidder pays per operating day: price × pieces, on the bid's basis.
    pub spend: MicroDollars,
    /// What USPS receives at the dock per operating day: the spend, less the injection cost on hub basis.
    pub revenue: MicroDollars,
    /// `revenue / volume`, rounded once; for display.
    pub dock_price: MicroDollars,
    /// Attributable cost × pieces.
    pub attributable: MicroDollars,
    /// `revenue − attributable`.
    pub contribution: MicroDollars,
    /// Value under the objective of the scenario.
    pub value: MicroDollars,
    /// Dock basis with an alternative rate: whether price + injection cost per piece is at most that rate.
    pub viable: Option<bool>,
}

/// A bid line that lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The cheapest truthful reason.
    pub reason: LostReason,
    /// Every rule its least volume would break beside the award, as the user wrote it.
    pub rules: Vec<String>,
    /// A price per piece, on the bid's basis and rounded up, at which it would have won, all other bids as they are.
    /// For a line of a package, all prices of the package rise by the same amount; for an incremental tier, so do the
    /// prices of the tiers below. `None` when no price alone is known to suffice.
    pub winning_level: Option<MicroDollars>,
}

/// Whether a bid line won.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It won.
    Won(Won),
    /// It lost.
    Lost(Lost),
}

/// A bid line with its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineOutcome {
    /// The line.
    pub bid: BidIx,
    /// What became of it.
    pub outcome: Outcome,
}

impl LineOutcome {
    /// The award, if it won.
    #[must_use]
    pub const fn won(&self) -> Option<&Won> {
        match &self.outcome {
            Outcome::Won(won) => Some(won),
            Outcome::Lost(_) => None,
        }
    }
}

/// What a rule costs: the objective without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyPrice {
    /// The rule, as the user wrote it.
    pub rule: String,
    /// Objective of the award without the rule; 0 where no award obeys the others without it.
    pub value_without: MicroDollars,
    /// What no award without the rule exceeds.
    pub bound_without: MicroDollars,
    /// `value_without` less the objective with the rule.
    pub difference: MicroDollars,
    /// How far the award without the rule is proven.
    pub status: Status,
}

/// Worth of room at a unit while the awards elsewhere stay as they are: an exact difference, not a dual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DduPrice {
    /// The unit.
    pub ddu: DduIx,
    /// Gain from one more piece of capacity.
    pub piece: MicroDollars,
    /// Gain from one more dock slot, in the window where it is greatest.
    pub slot: MicroDollars,
}

/// A part of the certificate of a bound; `docs/outputs.md` says how the bound follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateLeaf {
    /// No award of the leaf is worth more.
    pub bound: MicroDollars,
    /// Bidders with a minimum volume of whom the leaf says whether they win.
    pub decided: Vec<(BidderIx, bool)>,
    /// Rules as the user wrote them, with prices in 2^-20 micro-dollars per unit of the left side.
    pub prices: Vec<(String, i64)>,
    /// First line of a package, a unit, and the package's share there in 1/256 micro-dollars.
    pub shares: Vec<(BidIx, DduIx, i64)>,
    /// Bidder of whom the leaf leaves open whether its minimum volume is met or it loses all, a unit, and what the unit pays
    /// once when the bidder wins anything there, in 1/256 micro-dollars.
    pub charges: Vec<(BidderIx, DduIx, i64)>,
}

/// The award of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Award {
    /// How far it is proven.
    pub status: Status,
    /// The user stopped the run: the award is the best found so far, and what was not worked out by then is left out
    /// (winning levels, prices of rules, payments; each wholly).
    pub interrupted: bool,
    /// True when a time limit was set.
    pub time_limited: bool,
    /// Exact objective.
    pub value: MicroDollars,
    /// No award is worth more; rounded outward.
    pub bound: MicroDollars,
    /// What the certificate proves by itself; the solver may have proven less. `None` without a certificate.
    pub multiplier_bound: Option<MicroDollars>,
    /// Leaves of the certificate of [`Award::multiplier_bound`]; empty where the award was small enough for other proofs.
    pub certificate: Vec<CertificateLeaf>,
    /// Part of `bound − value` that may stem from the solver's numerical tolerance alone.
    pub tolerance: MicroDollars,
    /// `(bound − value) / value` in parts per million, rounded up; `None` when the value is 0 and the bound is not.
    pub gap_ppm: Option<u64>,
    /// Rules that contradict each other, as the user wrote them: leaving out any one of them leaves rules that some award
    /// obeys. Empty unless the policy is infeasible.
    pub conflicts: Vec<String>,
    /// Which method proved what, in words.
    pub method: String,
    /// One per bid line, in order of the scenario's bids.
    pub lines: Vec<LineOutcome>,
    /// What each rule in use costs.
    pub policy_prices: Vec<PolicyPrice>,
    /// Worth of room at each unit, in order of the scenario's units.
    pub ddu_prices: Vec<DduPrice>,
    /// What winners would pay under other rules, where the scenario asks for it: diagnostics, they pay what they bid.
    pub payments: Option<Payments>,
    /// Awards without each of the largest winners, by falling volume, where the scenario asks for it.
    pub drop_outs: Vec<DropOut>,
    /// What searches for awards of variants start from.
    pub basis: Basis,
}

impl Award {
    /// False when a clock or the user may have decided where the search ended: then the result may differ between runs.
    #[must_use]
    pub const fn reproducible(&self) -> bool {
        !self.interrupted && !self.time_limited
    }

    /// Lines that won, in order.
    pub fn winners(&self) -> impl Iterator<Item = (BidIx, &Won)> {
        self.lines.iter().filter_map(|l| l.won().map(|won| (l.bid, won)))
    }
}
