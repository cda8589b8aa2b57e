//! The bound: what the folder holds to work it out again.

use super::findings::Findings;
use super::objective::{Proof, Status};

/// Tells what the bound rests on. Without multipliers there is nothing to recompute: the search that proved it is not run
/// again, and this says so.
pub(super) fn check(proof: Option<&Proof>, findings: &mut Findings) {
    if proof.is_some_and(|proof| proof.status != Status::Infeasible) {
        findings.notes.push("bound not recomputed: proven by search".to_owned());
    }
}
