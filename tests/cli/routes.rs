//! `ddu routes`.

use super::place::Place;

const INSTANCE: &str = "NAME : t\nTYPE : CVRP\nDIMENSION : 4\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 10\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n\
    3 0 5\n4 -3 4\nDEMAND_SECTION\n1 0\n2 5\n3 5\n4 5\nDEPOT_SECTION\n1\n-1\nEOF\n";

#[test]
fn an_instance_is_solved_or_its_defects_are_named() {
    let place = Place::new();
    place.write("t.vrp", INSTANCE);
    let ended = place.ddu("routes --instance t.vrp --iterations 100 --prove").with(0);
    assert!(ended.stdout.ends_with("Cost 23\n"), "{}", ended.stdout);
    ended.saying("t: 2 routes, cost 23, 3 of 3 stops served; optimal, proven in integers");
    place.write("t.sol", "Route #1: 1\nCost 20\n");
    place.ddu("routes --instance t.vrp --iterations 100 -o r.sol").with(0).saying("15.00 % from the best known 20");
    assert!(place.read("r.sol").starts_with("Route #1: "));
    place
        .ddu("routes --instance t.vrp --iterations 100 --best-known 23")
        .with(0)
        .saying("0.00 % from the best known 23");
    place.fails("routes --instance t.vrp --best-known 23.5", 2).saying("--best-known 23.5");
    place.fails("routes --instance t.vrp -o t.vrp --force", 2);
    place.fails("routes --instance none.vrp", 3).saying("none.vrp");
    place.write("bad.vrp", INSTANCE.replace("2 3 4", "2 x 4"));
    place.fails("routes --instance bad.vrp -o v.sol", 3).saying("bad.vrp: line 8, column 3: `x` is no number");
}
