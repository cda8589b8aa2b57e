//! Parts of a table make the table, byte by byte.

use crate::place::{Place, files};
use std::fs;

const TRAFFIC: &str = "\n[[traffic]]\nname = \"am\"\nfrom = \"06:00\"\nto = \"09:00\"\nspeed_factor = 0.7\n";

#[test]
fn parts_joined_are_the_table() {
    let place = Place::new();
    place.write("scenario.toml", place.read("scenario.toml") + TRAFFIC);
    fs::create_dir(place.path("whole")).unwrap();
    for command in ["matrix", "cost"] {
        place.ddu(&format!("{command} scenario.toml -o whole/{command}.parquet -q")).with(0);
        for of in [1, 4, 6] {
            let folder = format!("{command}_{of}");
            for index in (1..=of).rev() {
                let threads = 1 + index % 3;
                let words = format!("{command} scenario.toml --shard {index}/{of} -o {folder} -q --threads {threads}");
                place.ddu(&words).with(0);
            }
            place.ddu(&format!("merge {folder} -o {folder}.parquet")).with(0);
            let (whole, joined) = (format!("whole/{command}.parquet"), format!("{folder}.parquet"));
            assert!(fs::read(place.path(&whole)).unwrap() == fs::read(place.path(&joined)).unwrap(), "{joined}");
        }
    }
    // Once more changes nothing, whether it is made or found.
    let before = files(&place.path("matrix_4"));
    place.ddu("matrix scenario.toml --shard 2/4 -o matrix_4").with(0).saying("up to date");
    fs::remove_dir_all(place.path("matrix_4/shard=3")).unwrap();
    place.ddu("matrix scenario.toml --shard 3/4 -o matrix_4").with(0).saying("part 3 of 4");
    assert!(before == files(&place.path("matrix_4")));
}

#[test]
fn parts_that_do_not_belong_together_are_refused_all_at_once() {
    let place = Place::new();
    for index in [1, 2, 4] {
        place.ddu(&format!("matrix scenario.toml --shard {index}/5 -o parts -q")).with(0);
    }
    place.edit("scenario.toml", "deadhead_share = 1.0", "deadhead_share = 0.5");
    place.ddu("matrix scenario.toml --shard 3/5 -o parts -q").with(0);
    let mut bytes = fs::read(place.path("parts/shard=2/part.parquet")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(place.path("parts/shard=2/part.parquet"), bytes).unwrap();
    let said = place.fails("merge parts -o all.parquet --log-format json", 3);
    let messages = |code: &str| {
        let all = said.json();
        let of_code: Vec<String> =
            all.iter().filter(|f| f["code"] == code).map(|f| format!("{} {}", f["file"], f["message"])).collect();
        of_code
    };
    assert!(messages("E474")[0].contains("of 5 parts there is no 5"), "{}", said.stderr);
    assert!(messages("E475").len() == 1 && messages("E475")[0].contains("shard=2"), "{}", said.stderr);
    let differs = messages("E476");
    assert!(differs.iter().all(|m| m.contains("shard=3")) && differs.len() == 2, "{}", said.stderr);
    place.fails("merge nowhere -o all.parquet", 3).saying("E474");
    place.fails("merge parts -o all.csv", 2).saying(".parquet");
    place.fails("merge parts -o parts/all.parquet", 2).saying("folder of the parts");
}

#[test]
fn parts_are_typed_rightly_and_lie_by_themselves() {
    let place = Place::new();
    for (words, text) in [
        ("matrix scenario.toml --shard 0/4 -o parts", "I/N"),
        ("matrix scenario.toml --shard 5/4 -o parts", "I/N"),
        ("matrix scenario.toml --shard 1/7 -o parts", "there are 6 hubs"),
        ("matrix scenario.toml --shard 1/4 -o .", "not parts of a table"),
        ("matrix scenario.toml --shard 1/4 -o hubs.csv", "not a folder"),
        ("cost scenario.toml --shard 1/4 -o . --force", "the input"),
    ] {
        place.fails(words, 2).saying(text);
    }
    place.cell("hubs.csv", &place.table("hubs.csv")[0]["hub_id"], "lat", "north");
    place.fails("cost scenario.toml --shard 1/4 -o parts", 3).saying("E129");
}
