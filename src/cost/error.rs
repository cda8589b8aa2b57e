//! Why costing cannot start or go on.

/// A cost that cannot be computed, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CostError {
    /// `cost.vehicles` names a class that does not exist.
    #[error("cost.vehicles names `{name}`, which is no vehicle class; use names of the vehicle file")]
    UnknownVehicle {
        /// The name as written.
        name: String,
    },
    /// There is no class to choose from.
    #[error("no vehicle class to cost; define at least one in the vehicle file")]
    NoVehicle,
    /// A class that may be used has no matrix for a departure that its hauls need.
    #[error(
        "no matrix for vehicle class `{vehicle}` departing in `{departure}`; compute the matrix for every class of \
         cost.vehicles and every departure"
    )]
    NoMatrix {
        /// Class.
        vehicle: String,
        /// Departure window.
        departure: String,
    },
    /// A matrix was computed for other tables.
    #[error(
        "the matrix of vehicle class `{vehicle}` does not have {hubs} hubs x {ddus} units; compute it again from the \
         same tables"
    )]
    MatrixShape {
        /// Class.
        vehicle: String,
        /// Hubs of the scenario.
        hubs: usize,
        /// Units of the scenario.
        ddus: usize,
    },
    /// A rate, a dwell or a vehicle-day of a class is out of range.
    #[error("vehicle class `{vehicle}`: {what}; correct it in the vehicle file")]
    Vehicle {
        /// Class.
        vehicle: String,
        /// What is out of range.
        what: &'static str,
    },
    /// A release or arrival lies outside the calendar (years −9999 to 9999).
    #[error("a vehicle from hub `{hub}` would leave or arrive outside the calendar; check operating_date")]
    Calendar {
        /// Hub.
        hub: String,
    },
    /// The money of a trip exceeds 9,000,000,000,000 USD.
    #[error("a trip from `{hub}` to `{ddu}` by `{vehicle}` costs more than can be counted; check the vehicle's rates")]
    TooLarge {
        /// Hub.
        hub: String,
        /// Unit.
        ddu: String,
        /// Class.
        vehicle: String,
    },
    /// An index that the scenario does not have.
    #[error("hub {hub} or unit {ddu} is not in the scenario; use indices of the scenario that was costed")]
    UnknownPair {
        /// Hub index.
        hub: u32,
        /// Unit index.
        ddu: u32,
    },
}
