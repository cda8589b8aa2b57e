//! What the manifest says of the award: objective, bound, gap, status.

use super::awards::Winners;
use super::case::Case;
use super::findings::{Fault, Findings};
use super::manifest::Manifest;
use super::money::usd;
use crate::diagnostics::Code;
use serde_json::Value;

/// How far the award is said to be proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Optimal,
    GapLimit,
    Infeasible,
}

/// The proof as the manifest tells it, micro-dollars.
#[derive(Clone, Copy, Debug)]
pub(super) struct Proof {
    pub(super) status: Status,
    pub(super) value: i128,
    pub(super) bound: i128,
}

/// Reads the proof.
pub(super) fn read(manifest: &Manifest, findings: &mut Findings) -> Option<Proof> {
    let status = match manifest.text(&["award", "status"]) {
        "optimal" => Some(Status::Optimal),
        "gap_limit" => Some(Status::GapLimit),
        "infeasible" => Some(Status::Infeasible),
        _ => None,
    };
    findings.check(status.is_some(), Code::ManifestMalformed, &manifest.file, || {
        let found = manifest.at(&["award", "status"]).to_string();
        Fault::differs("award.status", &found, "optimal, gap_limit or infeasible", "how far the award is proven")
    });
    let value = manifest.usd(findings, &["award", "value_usd"]);
    let bound = manifest.usd(findings, &["award", "bound_usd"]);
    Some(Proof { status: status?, value: value?, bound: bound? })
}

/// Holds the proof against the winners and the settings.
pub(super) fn check(manifest: &Manifest, case: &Case<'_>, winners: &Winners, proof: &Proof, findings: &mut Findings) {
    let code = Code::ObjectiveDiffers;
    let award = &case.scenario.settings.award;
    let sum: i128 = winners.money.values().map(|money| money.value).sum();
    let rule = "the sum over all lines of awards.csv";
    manifest.expect(findings, code, &["award", "value_usd"], &Value::from(usd(sum)), rule);
    let (value, bound) = (proof.value, proof.bound);
    let fault = |field: &str, found: String, expected: &str, rule: &str| Fault::differs(field, &found, expected, rule);
    findings.check(value <= bound, Code::BoundWrong, &manifest.file, || {
        let rule = "no award is worth more than the bound";
        fault("award.bound_usd", usd(bound), &format!("{} or more", usd(value)), rule)
    });
    let gap = bound - value;
    manifest.expect(findings, code, &["award", "gap_usd"], &Value::from(usd(gap)), "bound − value");
    let ppm = match (gap, value) {
        (0, _) => Value::from(0),
        (_, ..=0) => Value::Null,
        (gap, value) => Value::from(u64::try_from((gap * 1_000_000 + value - 1) / value).unwrap_or(u64::MAX)),
    };
    manifest.expect(findings, code, &["award", "gap_ppm"], &ppm, "(bound − value) / value, rounded up");
    // What a solver's numbers may be wrong by is a few millionths; more would hide a gap.
    let tolerance = manifest.usd(findings, &["award", "tolerance_usd"]).unwrap_or(0);
    findings.check((0..=1_000_000 + bound.max(0) / 1_000_000).contains(&tolerance), code, &manifest.file, || {
        let rule = "a numerical tolerance is at most a millionth of the bound and a dollar";
        fault("award.tolerance_usd", usd(tolerance), "a smaller amount", rule)
    });
    let accepted = tolerance + bound.max(0) * i128::from(award.gap_tolerance.0) / 1_000_000;
    findings.check(proof.status != Status::Optimal || gap <= accepted, code, &manifest.file, || {
        let rule = "optimal is said within award.gap_tolerance and the numerical tolerance";
        fault("award.status", "optimal".to_owned(), "gap_limit", rule)
    });
    let interrupted = manifest.at(&["award", "interrupted"]).as_bool();
    let method = manifest.text(&["award", "method"]);
    let stopped = method.contains("limit reached") || (interrupted == Some(true) && method.contains("interrupted"));
    findings.check(proof.status != Status::GapLimit || gap > 0 || stopped, code, &manifest.file, || {
        fault("award.status", "gap_limit".to_owned(), "optimal", "there is no gap, and no limit was reached")
    });
    findings.check(interrupted.is_some(), Code::ManifestMalformed, &manifest.file, || {
        let found = manifest.at(&["award", "interrupted"]).to_string();
        fault("award.interrupted", found, "true or false", "whether the user stopped the run")
    });
    if interrupted == Some(true) {
        findings.notes.push("interrupted: what was not worked out by then is left out".to_owned());
    }
    let limited = award.time_limit_s.is_some();
    manifest.expect(findings, code, &["award", "time_limited"], &limited.into(), "award.time_limit_s");
    let reproducible = Value::from(!limited && interrupted != Some(true));
    let rule = "neither a clock nor the user ended the search";
    manifest.expect(findings, code, &["award", "reproducible"], &reproducible, rule);
    let conflicts = manifest.at(&["award", "conflicts"]).as_array().map_or(0, Vec::len);
    findings.check((conflicts > 0) == (proof.status == Status::Infeasible), code, &manifest.file, || {
        let rule = "rules contradict each other exactly where the policy is infeasible";
        fault("award.conflicts", format!("{conflicts} rules"), "", rule)
    });
}
