//! Tables of facilities: what the linter finds, and how they are joined with a map that has post offices or none.

use crate::place::Place;

const FACILITIES: &str = "\
ddu_id,locale_name,zip,state,lat,lon,loc_src,status,facility_type,successor_id,comment,other
F1,One,1505,MA,42.358123,-71.060456,osm,open,delivery_unit,,,x
F2,Two,43215,OH,39.96,-82.99,geonames_zip,open,delivery_unit,,,x
F3,Three,43216,OH,39.961234,-82.998765,osm,closed,delivery_unit,F4,,x
F4,Four,43217,OH,39.971234,-82.998765,osm,open,phantom,F9,,x
F5,Five,43218,OH,39.971234,-82.998765,osm,open,finance_only,,,x
F6,Six,43219,OH,39.981234,-82.998765,osm,open,delivery_unit,,carriers moved to F1,x
F7,Seven,43220,OH,,,osm,open,delivery_unit,,,x
";

#[test]
fn the_linter_knows_what_real_tables_hold() {
    let place = Place::new();
    place.write("facilities.csv", FACILITIES);
    let ended = place.ddu("ddus --lint facilities.csv --log-format json").with(0);
    let lines = |code: &str| ended.found(code).into_iter().map(|(_, line, _)| line).collect::<Vec<_>>();
    for (code, at) in [
        ("R124", vec![2]), // a leading zero
        ("W462", vec![3]), // the coordinate of a ZIP
        ("W463", vec![3]), // to a kilometre
        ("W133", vec![4]), // closed
        ("W464", vec![4]), // its successor is a phantom
        ("W134", vec![5]), // phantom
        ("W142", vec![5]), // its successor is not listed
        ("W135", vec![6]), // finance only
        ("W128", vec![5]), // shares a coordinate with the next row
        ("W136", vec![7]), // a redirect in a comment
        ("W465", vec![8]), // no coordinate
        ("W102", vec![]),  // other columns are no finding
    ] {
        assert_eq!(lines(code), at, "{code}: {}", ended.stderr);
    }
}

#[test]
fn hostile_tables_are_refused() {
    let place = Place::new();
    place.write(
        "bad.csv",
        "ddu_id,zip5,state,lat,lon,status\nA,abc,OH,1,2,open\nB,43215,XX,-82.9,39.9,shut\nA,1,OH,0,0,open\n,,,,,\n",
    );
    let ended = place.fails("ddus --lint bad.csv --log-format json", 3);
    for code in ["E123", "E127", "E117", "E130", "E131", "E108"] {
        assert!(!ended.found(code).is_empty(), "{code}: {}", ended.stderr);
    }
    place.write("none.csv", "a,b\n1,2\n");
    place.fails("ddus --lint none.csv", 3).saying("E101");
    place.fails("ddus --lint missing.csv", 3).saying("E001");
    place.fails("ddus", 2);
    place.fails("ddus --from-osm missing.osm.pbf", 3);
    place.fails("ddus --from-osm hubs.csv", 3);
    place.fails("ddus --from-osm region.osm.pbf --join bad.csv -o out", 3);
    place.fails("ddus --from-osm region.osm.pbf -o .", 2).saying("beside the input");
}

/// The invented region has no post office: nothing is made up.
#[test]
fn a_map_without_post_offices_gives_no_candidates() {
    let place = Place::new();
    place.write("facilities.csv", FACILITIES);
    place.ddu("ddus --from-osm region.osm.pbf --join facilities.csv -o found").with(0).saying("0 post offices");
    assert!(place.table("found/candidates.csv").is_empty());
    assert!(place.table("found/match_report.csv").is_empty());
    place.fails("ddus --from-osm region.osm.pbf -o found", 2).saying("exists");
    place.ddu("ddus --from-osm region.osm.pbf -o found --force").with(0);
}
