//! From the weight of a path to what a cell says.

use super::PathTotals;
use crate::network::{PathWeight, Profile, Weight};
use crate::units::{Decimetres, Millis};

/// Money and measures of a path for a vehicle; `None` when they do not fit.
pub(super) fn totals(path: PathWeight, profile: &Profile) -> Option<PathTotals> {
    let narrow = |sum: u64| u32::try_from(sum).ok();
    // Money follows from length, time and tolls; the cost that was minimised has no part in it.
    let measures = Weight { cost: 0, length: narrow(path.length)?, time: narrow(path.time)?, toll: narrow(path.toll)? };
    Some(PathTotals {
        money: profile.money(&measures)?,
        length: Decimetres(measures.length),
        time: Millis(measures.time),
        tolls: measures.tolls(),
    })
}
