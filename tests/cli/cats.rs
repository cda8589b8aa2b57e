//! `ddu award --cats`.

use super::place::Place;

#[test]
fn a_cats_file_is_awarded_or_its_defects_are_named() {
    let place = Place::new();
    place.write("good.txt", "% two compete for good 0\ngoods 2\nbids 3\ndummy 0\n0 10.5 0 #\n1 4 1 #\n2 13 0 1 #\n");
    let ended = place.ddu("award --cats good.txt").with(0);
    assert_eq!(ended.stdout, "bid_id,value,goods\n0,10.5,0\n1,4.0,1\n");
    ended.saying("2 of 3 bids win; value 14.5, bound 14.5, status optimal");
    place.ddu("award --cats good.txt -o w.csv").with(0);
    assert_eq!(place.read("w.csv"), "bid_id,value,goods\n0,10.5,0\n1,4.0,1\n");
    let paid = place.ddu("award --cats good.txt --payments core").with(0);
    let header = "bid_id,value,goods,bidder,vcg_payment,vcg_uncertainty,core_payment\n";
    assert_eq!(paid.stdout, format!("{header}0,10.5,0,0,9.0,0.0,9.75\n1,4.0,1,1,2.5,0.0,3.25\n"));
    place.fails("award --cats good.txt --payments best", 2).saying("vcg");
    place.write("bad.txt", "goods 2\nbids 2\n0 x 0 #\n1 4 9 #\n");
    place.fails("award --cats bad.txt -o v.csv", 3).saying("line 3").saying("line 4");
    place.fails("award --cats good.txt -o good.txt --force", 2);
    place.fails("award --cats good.txt scenario.toml", 2);
    place.fails("award", 2).saying("--cats");
}

/// Payments are diagnostics: they change nothing else, and a run without them leaves none behind.
#[test]
fn payments_are_written_only_when_asked_for() {
    let place = Place::new();
    place.ddu("award scenario.toml -o plain").with(0);
    place.set("award", "payments = \"core\"");
    place.ddu("award scenario.toml -o paid").with(0);
    let manifest: serde_json::Value = serde_json::from_str(&place.read("paid/manifest.json")).unwrap();
    let winners = place.table("paid/payments.csv");
    assert!(!winners.is_empty());
    assert_eq!(manifest["award"]["payments"]["winners"], winners.len());
    assert_eq!(manifest["award"]["payments"]["charged"], "pay-as-bid");
    for row in &winners {
        let spend = place.table("paid/bidders.csv").into_iter().find(|b| b["bidder_id"] == row["bidder_id"]).unwrap();
        assert_eq!(spend["spend_usd"], row["spend_usd"]);
    }
    assert_eq!(place.read("plain/awards.csv"), place.read("paid/awards.csv"));
    place.set("award", "payments = \"none\"");
    place.ddu("award scenario.toml -o paid").with(0);
    assert!(!place.path("paid/payments.csv").exists());
}
