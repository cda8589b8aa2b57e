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
    place.write("bad.txt", "goods 2\nbids 2\n0 x 0 #\n1 4 9 #\n");
    place.fails("award --cats bad.txt -o v.csv", 3).saying("line 3").saying("line 4");
    place.fails("award --cats good.txt -o good.txt --force", 2);
    place.fails("award --cats good.txt scenario.toml", 2);
    place.fails("award", 2).saying("--cats");
}
