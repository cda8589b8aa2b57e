//! Findings: all in one pass, shown with their place, kept in files; and going on without the rows they reject.

use crate::place::{Place, ddu};

/// Three bad rows, two bids and a unit outside the map: table, id and code. No package or XOR group needs them.
fn spoil(place: &Place) -> Vec<(&'static str, String, &'static str)> {
    let free = |bid: &&std::collections::BTreeMap<String, String>| {
        bid["package_id"].is_empty() && bid["xor_group"].is_empty() && bid["ddu_id"] != "D00005"
    };
    let bids = place.table("bids.csv");
    let ids: Vec<String> = bids.iter().filter(free).map(|b| b["bid_id"].clone()).collect();
    place.cell("bids.csv", &ids[0], "price_per_piece", "cheap");
    place.cell("bids.csv", &ids[1], "ddu_id", "D00O02");
    place.cell("ddus.csv", "D00005", "lat", "39.5");
    let mut rows = vec![
        ("bids.csv", ids[0].clone(), "E113"),
        ("bids.csv", ids[1].clone(), "E201"),
        ("ddus.csv", "D00005".to_owned(), "E304"),
    ];
    rows.sort();
    rows
}

#[test]
fn nothing_is_written_or_lost() {
    let place = Place::new();
    let spoilt = spoil(&place);
    place.fails("run scenario.toml -o out", 3).saying("3 errors; nothing was written. --lenient");
    place.fails("cost scenario.toml -o costs.csv", 3).saying("3 errors");
    place.ddu("run scenario.toml -o out --rejects rejects.csv").with(3);
    assert!(!place.path("out").exists());
    let strict = place.read("rejects.csv");
    place.set("award", "winning_levels = false");
    // Rejected rows may be replaced by rejected rows.
    place.ddu("run scenario.toml -o out --lenient --rejects rejects.csv").with(0).saying("E113").saying("D00002");
    assert_eq!(strict, place.read("rejects.csv"));
    let kept = place.table("rejects.csv");
    let expected: Vec<_> = spoilt
        .iter()
        .map(|(table, id, code)| {
            let (line, row) = place.row(table, id);
            ((*table).to_owned(), line.to_string(), (*code).to_owned(), row)
        })
        .collect();
    let kept: Vec<_> =
        kept.iter().map(|r| (r["file"].clone(), r["line"].clone(), r["codes"].clone(), r["row"].clone())).collect();
    assert_eq!(kept, expected);
    // Whatever is not set aside is answered.
    let explained = place.table("out/bids_explained.csv");
    for bid in place.table("bids.csv") {
        let gone = bid["ddu_id"] == "D00005" || spoilt.iter().any(|(_, id, _)| *id == bid["bid_id"]);
        let answered = explained.iter().any(|b| b["bid_id"] == bid["bid_id"]);
        assert!(answered || gone || !bid["package_id"].is_empty(), "{bid:?}");
        assert!(!(answered && gone), "{bid:?}");
    }
}

#[test]
fn tables_and_map_are_reported_in_one_pass() {
    let place = Place::new();
    let map = std::fs::read(place.path("region.osm.pbf")).unwrap();
    place.write("region.osm.pbf", &map[..map.len() / 2]);
    let bid = place.table("bids.csv")[0]["bid_id"].clone();
    place.cell("bids.csv", &bid, "price_per_piece", "cheap");
    place.cell("hubs.csv", "B001-H01", "release_time", "noon");
    let both = |words: &str| place.fails(words, 3).saying("E113").saying("E118").saying("cut off");
    both("run scenario.toml -o out");
    both("check scenario.toml");
    both("check scenario.toml --format json").json();
    place.fails("check scenario.toml --no-map", 3).saying("E113").silent_on("cut off");
    // Not even a whole table that cannot be used hides the map.
    let bids = place.read("bids.csv");
    place.write("bids.csv", bids.replacen("price_per_piece", "prize", 1));
    place.fails("run scenario.toml -o out", 3).saying("E101").saying("E118").saying("cut off");
}

#[test]
fn places_are_shown_as_a_compiler_does() {
    let place = Place::new();
    spoil(&place);
    let said = place.fails("run scenario.toml -o out", 3);
    let text = place.read("bids.csv");
    let (at, row) = text.lines().enumerate().find(|(_, l)| l.contains(",cheap,")).unwrap();
    let column = row.find("cheap").unwrap() + 1;
    let head = format!(" --> bids.csv:{}:{column}\n", at + 1);
    let block = said.stderr.split(&head).nth(1).unwrap_or_else(|| panic!("{head} {}", said.stderr));
    let caret = block.lines().find(|l| l.contains('^')).unwrap();
    let shown = block.lines().find(|l| l.contains("cheap")).unwrap();
    assert_eq!(caret.find('^').unwrap(), shown.find("cheap").unwrap());
    assert_eq!(caret.matches('^').count(), 5);
    assert!(said.stderr.contains("did you mean `D00002`"), "{}", said.stderr);
    assert!(!said.stderr.contains('\u{1b}') && !said.stdout.contains('\u{1b}'));
}

#[test]
fn no_escape_codes_leave_for_a_pipe() {
    let place = Place::new();
    spoil(&place);
    for (variable, value) in [("NO_COLOR", "1"), ("NO_COLOR", ""), ("TERM", "xterm-256color"), ("CLICOLOR", "1")] {
        for words in [["check", "scenario.toml"], ["prepare", "region.osm.pbf"], ["run", "--help"]] {
            let out = ddu().current_dir(place.path("")).env(variable, value).args(words).output().unwrap();
            assert!(!out.stdout.contains(&0x1b) && !out.stderr.contains(&0x1b), "{variable} {words:?}");
        }
    }
}

#[test]
fn json_is_one_object_a_line() {
    let place = Place::new();
    spoil(&place);
    let said = place.fails("check scenario.toml --format json", 3);
    let lines = said.json();
    let findings: Vec<_> = lines.iter().filter(|l| l.get("code").is_some()).collect();
    assert!(findings.len() >= 4);
    for finding in findings {
        for key in ["code", "severity", "file", "field", "value", "message", "help"] {
            assert!(finding[key].is_string(), "{key} {finding}");
        }
        assert!(finding["line"].is_u64() && finding["column"].is_u64(), "{finding}");
    }
    for code in ["E113", "E201", "E304"] {
        assert_eq!(said.found(code).len(), 1);
    }
    place.ddu("run scenario.toml -o out --lenient --log-format json").with(0).json();
    assert_eq!(place.fails("check scenario.toml --format json --quiet", 3).found("E304").len(), 1);
}

#[test]
fn a_run_shows_few_warnings_and_a_check_more() {
    let place = Place::new();
    place.set("map", "border_buffer_m = 1000000");
    place.set("award", "winning_levels = false");
    let rows = place.table("hubs.csv").len() + place.table("ddus.csv").len();
    let shown = |words: &str| place.ddu(words).with(0).stderr;
    let brief = shown("award scenario.toml -o out");
    assert_eq!(brief.matches("warning[W305]").count(), 3);
    assert!(brief.contains(&format!("and {} more; ddu check shows more", rows - 3)), "{brief}");
    assert_eq!(brief.matches("warning[W303]").count(), 1);
    let full = shown("check scenario.toml");
    assert_eq!(full.matches("warning[W305]").count(), rows);
    assert!(!full.contains("more"));
    // Errors are shown as often as by check.
    for id in place.table("bids.csv").iter().take(5).map(|b| b["bid_id"].clone()) {
        place.cell("bids.csv", &id, "price_per_piece", "cheap");
    }
    let said = place.fails("award scenario.toml -o new", 3);
    assert_eq!(said.stderr.matches("error[E113]").count(), 5);
}
