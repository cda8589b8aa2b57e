//! Rules that must be reached, and awards decided by hand, from the command line.

use crate::place::Place;

fn manifest(place: &Place) -> serde_json::Value {
    serde_json::from_str(&place.read("out/manifest.json")).unwrap()
}

/// Gives the place a table of overrides.
fn decided(place: &Place, rows: &str) {
    let text = place.read("scenario.toml");
    if !text.contains("overrides =") {
        place.edit("scenario.toml", "bids = \"bids.csv\"", "bids = \"bids.csv\"\noverrides = \"overrides.csv\"");
    }
    place.write("overrides.csv", format!("action,bid_id,bidder_id,ddu_id,who,why\n{rows}\n"));
}

#[test]
fn an_award_is_forced_and_forbidden() {
    let place = Place::new();
    place.set("award", "winning_levels = false");
    place.ddu("award scenario.toml -o out").with(0);
    let explained = place.table("out/bids_explained.csv");
    let lost = explained.iter().find(|r| r["reason"] == "xor_sibling_won" && r["package_id"].is_empty()).unwrap();
    let won = explained.iter().find(|r| r["outcome"] == "won" && r["ddu_id"] != lost["ddu_id"]).unwrap();
    let (loser, winner) = (&lost["bid_id"], &won["bid_id"]);
    decided(&place, &format!("force,{loser},,,J. Doe,contract 7\nforbid,{winner},,,J. Doe,dock works"));
    place.ddu("award scenario.toml -o out").with(0);
    let awards = place.table("out/awards.csv");
    let by_hand: Vec<_> = awards.iter().filter(|r| !r["override"].is_empty()).collect();
    assert_eq!(by_hand.len(), 1);
    assert_eq!((&by_hand[0]["bid_id"], by_hand[0]["override"].as_str()), (loser, "J. Doe: contract 7"));
    let prices = place.table("out/policy_prices.csv");
    for rule in [
        format!("overrides: force {loser} (J. Doe: contract 7)"),
        format!("overrides: forbid {winner} (J. Doe: dock works)"),
    ] {
        assert!(prices.iter().any(|r| r.values().any(|v| *v == rule)), "{rule}: {prices:?}");
    }
    let explained = place.read("out/bids_explained.csv");
    assert!(explained.contains(",forbidden,") && !explained.contains("J. Doe") && !explained.contains("dock works"));
    assert_eq!(manifest(&place)["award"]["status"], "optimal");
}

/// The bidder of a forced bid has no budget: these two rules contradict each other, and all others hold.
#[test]
fn four_when_rules_contradict_each_other() {
    let place = Place::new();
    place.set("award", "winning_levels = false");
    place.ddu("award scenario.toml -o out").with(0);
    let awards = place.table("out/awards.csv");
    let won = awards.iter().find(|r| r["package_id"].is_empty()).unwrap();
    let (bid, bidder) = (&won["bid_id"], &won["bidder_id"]);
    place.cell("bidders.csv", bidder, "budget", "0");
    decided(&place, &format!("force,{bid},,,J. Doe,contract 7"));
    let (force, budget) = (format!("overrides: force {bid}"), format!("bidders.budget of {bidder}"));
    place.ddu("award scenario.toml -o out").with(4).saying(&force).saying(&budget);
    let award = manifest(&place)["award"].clone();
    assert_eq!((&award["status"], &award["value_usd"]), (&"infeasible".into(), &"0.00".into()), "{award}");
    let mut rules: Vec<&str> = award["conflicts"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    rules.sort_unstable();
    assert_eq!(rules, [budget.as_str(), force.as_str()]);
    assert!(place.table("out/awards.csv").is_empty());
    let html = place.read("out/report.html");
    assert!(html.contains(&force) && html.contains(&budget));
    let explained = place.table("out/bids_explained.csv");
    assert_eq!(explained.len(), place.table("bids.csv").len());
    assert!(explained.iter().all(|r| r["outcome"] == "lost" && r["winning_level_usd_per_piece"].is_empty()));
    assert!(explained.iter().any(|r| r["reason"] == "policy_infeasible"));
    // The same from `run`, and without either rule there is an award.
    place.ddu("run scenario.toml -o out2").with(4).saying(&force);
    place.cell("bidders.csv", bidder, "budget", "");
    place.ddu("award scenario.toml -o out").with(0);
}

#[test]
fn four_when_a_rule_cannot_be_reached_by_any_bids() {
    let place = Place::new();
    let text = place.read("scenario.toml");
    place.write("scenario.toml", text + "\n[[award.minimum_winners]]\nat_least = 99\n");
    place.ddu("award scenario.toml -o out").with(4).saying("award.minimum_winners 99");
    assert_eq!(manifest(&place)["award"]["conflicts"], serde_json::json!(["award.minimum_winners 99"]));
    let said = place.ddu("award scenario.toml --print-config -o out").with(0);
    assert!(said.stdout.contains("[[award.minimum_winners]]\nat_least = 99\n"), "{}", said.stdout);
}
