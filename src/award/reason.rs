//! Why a bid lost, as words for its bidder: no other bidder's name or price appears in them.

use super::model::RuleKind;
use crate::cost::NoHaul;
use crate::ids::DduIx;
use crate::matrix::NoPath;
use crate::scenario::Scenario;
use crate::units::{ClockTime, MicroDollars, Pieces};

/// Why a bid cannot take part, whatever the others bid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ineligible {
    /// No vehicle can make the haul.
    NoHaul(NoHaul),
    /// The unit does not offer the service level.
    ServiceNotOffered,
    /// The tender time is after the critical entry time of the service.
    TenderAfterCet {
        /// Critical entry time.
        cet: ClockTime,
    },
    /// The tender time is outside the dock's opening hours.
    TenderOutsideDock,
    /// No vehicle class reaches the dock in time.
    ArrivesLate {
        /// Minutes after the earlier of tender time, critical entry time and closing of the dock.
        minutes: i32,
    },
    /// The least volume is more than the unit can take.
    ExceedsCapacity {
        /// Pieces the unit can take.
        capacity: Pieces,
    },
    /// The dock price is below the reserve at every volume.
    BelowReserve {
        /// Reserve price per piece.
        reserve: MicroDollars,
    },
    /// The net value is negative at every volume.
    NegativeValue,
    /// The planner's overrides forbid it.
    Forbidden,
}

/// Why a bid lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LostReason {
    /// It cannot take part itself.
    Ineligible(Ineligible),
    /// Another line of its package cannot take part.
    PackagePartnerIneligible {
        /// Where that line is.
        ddu: DduIx,
        /// Why.
        reason: Ineligible,
    },
    /// Another tier of the bid won.
    TierSiblingWon,
    /// Other bids of its XOR group won, as many as may.
    XorSiblingWon,
    /// Another bid of its bidder won the same service at the unit.
    OneAwardPerBidder,
    /// Its bidder's capacity is used by its other awards.
    BidderCapacity,
    /// Its bidder's budget is used by its other awards.
    Budget,
    /// Its bidder, with affiliates, would exceed the share cap.
    ShareCap,
    /// With this bid its bidder would still win less than its minimum volume.
    MinimumVolume,
    /// Pieces there are set aside for a class of bidders.
    SetAside,
    /// The policy calls for other winners in its place.
    Policy,
    /// The hub's capacity is used by other awards.
    HubCapacity,
    /// The dock window is full; no award that obeys the policy is worth more with this bid.
    DockSlotTaken,
    /// The unit's capacity is taken; no award that obeys the policy is worth more with this bid.
    CapacityTaken,
    /// There is room at this line's unit, but the package lacks room at another of its own units.
    PackagePartner {
        /// The units of the package without room.
        ddus: Vec<DduIx>,
    },
    /// It would fit, but the award is of no lower value without it: it lost by the tie-break criteria or the draw.
    TieBreak,
    /// No award obeys the policy.
    Infeasible,
    /// It would fit; the award is not proven optimal, or was stopped, before this bid was settled.
    NotSettled,
}

impl Ineligible {
    /// The reason as one word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::NoHaul(NoHaul::NotInTable) => "no_haul_known",
            Self::NoHaul(NoHaul::NoPath(_)) => "no_path",
            Self::NoHaul(NoHaul::VehicleTooLargeForDock) => "vehicle_cannot_dock",
            Self::NoHaul(NoHaul::PieceDoesNotFit) => "piece_does_not_fit",
            Self::ServiceNotOffered => "service_not_offered",
            Self::TenderAfterCet { .. } => "tender_after_cet",
            Self::TenderOutsideDock => "tender_outside_dock_window",
            Self::ArrivesLate { .. } => "arrives_late",
            Self::ExceedsCapacity { .. } => "exceeds_capacity",
            Self::BelowReserve { .. } => "below_reserve",
            Self::NegativeValue => "negative_value",
            Self::Forbidden => "forbidden",
        }
    }

    /// The reason as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::NoHaul(NoHaul::NotInTable) => "the table of costs has no haul from the hub to the unit".to_owned(),
            Self::NoHaul(NoHaul::NoPath(why)) => format!("no road path from the hub: {}", no_path(why)),
            Self::NoHaul(NoHaul::VehicleTooLargeForDock) => {
                "no vehicle class fits the dock's length and height limits".to_owned()
            }
            Self::NoHaul(NoHaul::PieceDoesNotFit) => "a piece is larger or heavier than any vehicle".to_owned(),
            Self::ServiceNotOffered => "the unit does not offer this service level".to_owned(),
            Self::TenderAfterCet { cet } => format!("tender time is after the critical entry time {cet}"),
            Self::TenderOutsideDock => "tender time is outside the dock's hours".to_owned(),
            Self::ArrivesLate { minutes } => format!("arrives {minutes} min late at the dock"),
            Self::ExceedsCapacity { capacity } => format!("the unit takes {capacity} pieces, less than volume_min"),
            Self::BelowReserve { reserve } => format!("dock price below the reserve of {reserve} at every volume"),
            Self::NegativeValue => "net value is negative at every volume".to_owned(),
            Self::Forbidden => "an override of the policy forbids the award".to_owned(),
        }
    }
}

fn no_path(why: &NoPath) -> String {
    match why.at_hub() {
        Some(at_hub) => format!("{} at the {}", why.word(), if at_hub { "hub" } else { "unit" }),
        None => why.word(),
    }
}

impl LostReason {
    /// The reason as one word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Ineligible(reason) => reason.word(),
            Self::PackagePartnerIneligible { .. } | Self::PackagePartner { .. } => "package_partner",
            Self::TierSiblingWon => "tier_sibling_won",
            Self::XorSiblingWon => "xor_sibling_won",
            Self::MinimumVolume => "minimum_volume",
            Self::SetAside => "set_aside",
            Self::Policy => "policy",
            Self::OneAwardPerBidder => "one_award_per_bidder",
            Self::BidderCapacity => "bidder_capacity",
            Self::Budget => "budget",
            Self::ShareCap => "share_cap",
            Self::HubCapacity => "hub_capacity",
            Self::DockSlotTaken => "dock_slot_taken",
            Self::CapacityTaken => "capacity_taken",
            Self::TieBreak => "tie_break",
            Self::Infeasible => "policy_infeasible",
            Self::NotSettled => "not_settled",
        }
    }

    /// The reason as a sentence; units are named by their ids.
    #[must_use]
    pub fn sentence(&self, scenario: &Scenario) -> String {
        let id = |d: &DduIx| scenario.ddus.get(d.index()).map_or("?", |x| x.id.as_str());
        match self {
            Self::Ineligible(reason) => reason.sentence(),
            Self::PackagePartnerIneligible { ddu, reason } => {
                format!("its package also needs {}: {}", id(ddu), reason.sentence())
            }
            Self::TierSiblingWon => "another tier of the bid won".to_owned(),
            Self::XorSiblingWon => "other bids of its XOR group won, as many as may".to_owned(),
            Self::MinimumVolume => "the bidder would win less in all than its minimum volume".to_owned(),
            Self::SetAside => "the pieces are set aside for another class of bidders".to_owned(),
            Self::Policy => "the policy calls for other winners in its place".to_owned(),
            Self::OneAwardPerBidder => "another bid of its bidder won this service at the unit".to_owned(),
            Self::BidderCapacity => "the bidder's capacity is used by its other awards".to_owned(),
            Self::Budget => "the bidder's budget is used by its other awards".to_owned(),
            Self::ShareCap => "the bidder with its affiliates would exceed the share cap".to_owned(),
            Self::HubCapacity => "the hub's capacity is used by other awards".to_owned(),
            Self::DockSlotTaken => {
                "the dock window is taken; no award that obeys the policy is worth more with this bid".to_owned()
            }
            Self::CapacityTaken => {
                "the unit's capacity is taken; no award that obeys the policy is worth more with this bid".to_owned()
            }
            Self::PackagePartner { ddus } => {
                let names: Vec<&str> = ddus.iter().map(id).collect();
                format!("its package also needs {}, where it finds no room", names.join(", "))
            }
            Self::TieBreak => "of equal value with the award; lost by the tie-break criteria or the draw".to_owned(),
            Self::Infeasible => "no award obeys the policy".to_owned(),
            Self::NotSettled => "the search ended before this bid was settled".to_owned(),
        }
    }

    /// The reason that a broken rule stands for.
    pub(crate) const fn of_rule(kind: &RuleKind) -> Self {
        match kind {
            RuleKind::Tiers(..) => Self::TierSiblingWon,
            RuleKind::Xor(..) => Self::XorSiblingWon,
            RuleKind::MinimumVolume(_) => Self::MinimumVolume,
            RuleKind::SetAside(..) => Self::SetAside,
            RuleKind::Forced(_) | RuleKind::MinimumWinners(..) => Self::Policy,
            RuleKind::OneAward(..) => Self::OneAwardPerBidder,
            RuleKind::BidderCapacity(_) => Self::BidderCapacity,
            RuleKind::Budget(_) => Self::Budget,
            RuleKind::ShareCap(_) => Self::ShareCap,
            RuleKind::HubCapacity(_) => Self::HubCapacity,
            RuleKind::DockSlots(..) => Self::DockSlotTaken,
            RuleKind::Capacity(_) => Self::CapacityTaken,
        }
    }
}
