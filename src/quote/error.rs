//! Why a quote cannot be worked out.

use crate::cost::CostError;
use crate::solver::SolverError;

/// A quote that cannot be worked out, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// A haul cannot be worked out.
    #[error(transparent)]
    Cost(#[from] CostError),
    /// Money of the quote exceeds 9,000,000,000,000 USD.
    #[error("the quote costs more than can be counted; check the vehicles' rates and the volumes")]
    TooLarge,
    /// The solver failed; nothing of it depends on the input.
    #[error("assigning units to hubs: {0}; please report this as a bug")]
    Solver(String),
    /// None of the shipper's hubs lies on the map.
    #[error(
        "no hub of shipper `{0}` is left that lies on the map; use the map of its region, or leave quote.shipper out"
    )]
    NoHub(String),
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted,
}

impl From<SolverError> for QuoteError {
    fn from(error: SolverError) -> Self {
        Self::Solver(error.to_string())
    }
}
