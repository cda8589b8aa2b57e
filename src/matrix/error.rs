//! Why a matrix cannot be computed.

/// A matrix that cannot be computed, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MatrixError {
    /// The user asked to stop.
    #[error("interrupted while searching paths; nothing was written, start the command again")]
    Interrupted,
    /// Profile or snapped points belong to another network.
    #[error("{0} of another road network; profile, points and network must come from the same map")]
    Mismatch(&'static str),
    /// The totals of a path do not fit (429,000 km, 49 days, 4,294 USD of tolls or 9 × 10¹² USD in all).
    #[error("the path between hub {hub} and unit {ddu} is too long or too expensive; check speeds, tolls and rates")]
    TooLarge {
        /// Position of the hub.
        hub: u32,
        /// Position of the unit.
        ddu: u32,
    },
    /// The totals of a single route do not fit, or those of its parts.
    #[error("the route is too long or too expensive; check speeds, tolls and rates")]
    RouteTooLarge,
}
