//! What can go wrong in winner determination.

use crate::solver::SolverError;

/// Why no award could be made. A bad bid is never an error here: it loses with a reason.
#[derive(Debug, thiserror::Error)]
pub enum AwardError {
    /// Money outside the range in which solver and integers agree.
    #[error("amounts of bid `{bid}` exceed what is kept exactly; check its price, volume and the vehicle rates")]
    TooLarge {
        /// The bid.
        bid: String,
    },
    /// All bids together exceed the range in which sums are exact.
    #[error("the bids add up to more than 9,000,000,000 dollars a day; split the auction or check prices and volumes")]
    TotalTooLarge,
    /// The step function of the injection cost has too many steps.
    #[error(
        "bid `{bid}` may need more than {limit} trips a day; lower volume_max, or check the parcel size and the vehicles"
    )]
    TooManyTrips {
        /// The bid.
        bid: String,
        /// The limit.
        limit: usize,
    },
    /// A haul could not be worked out.
    #[error("{detail}")]
    Cost {
        /// What the cost stage says, with its advice.
        detail: String,
    },
    /// The mixed-integer solver refused the model or failed.
    #[error("the mixed-integer solver failed ({detail}); set award.node_limit, or report it with the scenario")]
    Solver {
        /// Its status.
        detail: String,
    },
    /// A limit ended the search before any award was found that reaches what the policy asks.
    #[error(
        "the search ended before any award was found that obeys the policy; raise award.node_limit or award.time_limit_s"
    )]
    NothingFound,
    /// The user stopped the search before any award was found that reaches what the policy asks.
    #[error("interrupted before any award was found that obeys the policy")]
    Interrupted,
    /// A solution of the solver failed the exact check and could not be repaired.
    #[error("an award by the solver breaks the rule `{rule}` in exact numbers and is refused; please report it")]
    Unverified {
        /// The rule.
        rule: String,
    },
}

impl From<SolverError> for AwardError {
    fn from(error: SolverError) -> Self {
        Self::Solver { detail: error.to_string() }
    }
}
