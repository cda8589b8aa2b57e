//! The committed sample shows every way to lose.

use ddu::award::{Award, EngineOptions, Ineligible, LostReason, Outcome, Status, award};
use ddu::cost::{HaulSource, hauls};
use ddu::pipeline::{Region, matrices};
use ddu::progress::Silent;
use ddu::scenario::{LoadOptions, Scenario, load};
use std::collections::BTreeMap;
use std::path::Path;

fn sample_award() -> (Scenario, Award) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/scenario.toml");
    let mut scenario = load(&file, &LoadOptions::default()).scenario.unwrap();
    scenario.settings.award.winning_levels = false;
    let region = Region::open(&mut scenario, &Silent).unwrap();
    let matrices = matrices(&scenario, &region, &Silent).unwrap();
    let award = {
        let hauls = hauls(&scenario, &matrices).unwrap();
        let options = EngineOptions { policy_prices: false, ..EngineOptions::default() };
        award(&scenario, &|hub, ddu| hauls.get(hub, ddu), options, &Silent).unwrap()
    };
    (scenario, award)
}

#[test]
fn every_reason_occurs() {
    let (scenario, award) = sample_award();
    assert_eq!(award.status, Status::Optimal);
    assert_eq!(award.lines.len(), scenario.bids.len());
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut late = 0;
    for line in &award.lines {
        match &line.outcome {
            Outcome::Won(_) => *seen.entry("won").or_default() += 1,
            Outcome::Lost(lost) => {
                *seen.entry(lost.reason.word()).or_default() += 1;
                if let LostReason::Ineligible(Ineligible::ArrivesLate { minutes }) = lost.reason {
                    assert!(minutes > 0);
                    late += 1;
                }
            }
        }
    }
    let wanted = [
        "below_reserve",
        "arrives_late",
        "no_path",
        "vehicle_cannot_dock",
        "capacity_taken",
        "dock_slot_taken",
        "xor_sibling_won",
        "package_partner",
        "share_cap",
        "bidder_capacity",
        "budget",
        "one_award_per_bidder",
        "won",
    ];
    let missing: Vec<&str> = wanted.into_iter().filter(|word| !seen.contains_key(word)).collect();
    assert!(missing.is_empty() && late > 0, "missing {missing:?} in {seen:?}");
    let won: i64 = award.winners().map(|(_, won)| won.value.0).sum();
    assert_eq!(won, award.value.0);
    assert!(!seen.contains_key("not_settled"), "{seen:?}");
}
