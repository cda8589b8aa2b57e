//! What a manifest may say, and every defect of one.

use super::{are, regions, states};
use crate::place::assert_same;

#[test]
fn all_defects_are_found_in_one_pass_and_nothing_is_run() {
    let place = regions(&["a", "b"]);
    place.write(
        "bad.toml",
        "[[region]]
name = \"a\"
scenario = \"a/scenario.toml\"

[[region]]
name = \"A\"
scenario = \"b/scenario.toml\"

[[region]]
name = \"../up\"
scenario = \"a/scenario.toml\"

[[region]]
scenario = \"none/*.toml\"

[[region]]
name = \"empty\"

[[region]]
name = \"typo\"
scenarios = \"a/scenario.toml\"
settings = { award = { share_cap = 0.5 } }

[default]
x = 1
",
    );
    let said = place.fails("batch bad.toml -o out --log-format json", 3);
    let lines = |code: &str| said.found(code).into_iter().map(|found| found.1).collect::<Vec<_>>();
    assert_eq!(lines("E471"), [6], "{}", said.stderr);
    assert!(said.found("E471")[0].2.contains("on line 2"), "{}", said.stderr);
    assert_eq!(lines("E470"), [10]);
    assert_eq!(lines("E472"), [14]);
    assert_eq!(lines("E473"), [17]);
    assert_eq!(lines("E003"), [21, 24]);
    for (text, code) in [("", "E004"), ("region = 1", "E005"), ("[[region]\n", "E002")] {
        place.write("bad.toml", text);
        let said = place.fails("batch bad.toml -o out --log-format json", 3);
        assert_eq!(said.found(code).len(), 1, "{text}: {}", said.stderr);
    }
    place.fails("batch none.toml", 3).saying("E001");
}

#[test]
fn two_patterns_or_a_name_for_many_are_refused() {
    let place = regions(&["a", "b"]);
    place.write("bad.toml", "[[region]]\nscenario = \"*/scenario.toml\"\nmap = \"*/region.osm.pbf\"\nname = \"x\"\n");
    let said = place.fails("batch bad.toml --log-format json", 3);
    assert_eq!(said.found("E006").len(), 2, "{}", said.stderr);
}

/// Defaults below, a scenario over them, a region's own on top: the run is that of the whole scenario written by hand.
#[test]
fn settings_are_laid_over_one_another() {
    let place = regions(&["a"]);
    place.write("a/by_hand.toml", place.read("a/scenario.toml").replace("share_cap = 0.35", "share_cap = 0.5"));
    assert_ne!(place.read("a/by_hand.toml"), place.read("a/scenario.toml"));
    let without_parcel = place.read("a/scenario.toml").replace("mean_cube_cuft", "# mean_cube_cuft");
    let cube = place.read("a/scenario.toml");
    let cube = cube.lines().find(|l| l.starts_with("mean_cube_cuft")).unwrap();
    place.write("a/scenario.toml", without_parcel);
    place.write(
        "batch.toml",
        format!(
            "[defaults.settings.parcel]\n{cube}\n[defaults.settings.award]\nshare_cap = 0.1\n\
             [[region]]\nname = \"whole\"\nscenario = \"a/scenario.toml\"\nsettings.award.share_cap = 0.5\n\
             [[region]]\nmap = \"a/*.pbf\"\n[region.settings]\n{}",
            place
                .read("a/by_hand.toml")
                .replace("\n[", "\n[region.settings.")
                .replace("map = \"region.osm.pbf\"", "")
                .replace("= \"hubs", "= \"a/hubs")
                .replace("= \"ddus", "= \"a/ddus")
                .replace("= \"vehicles.toml", "= \"a/vehicles.toml")
                .replace("= \"bid", "= \"a/bid")
                .replace("= \"volumes", "= \"a/volumes")
                .replace("= \"rates", "= \"a/rates")
        ),
    );
    place.ddu("run a/by_hand.toml -o by_hand -q").with(0);
    place.ddu("batch batch.toml -o out -q").with(0);
    assert_eq!(states(&place, "out"), are(&[("region", "done"), ("whole", "done")]));
    for name in ["region", "whole"] {
        let results = place.results(&format!("out/regions/{name}"));
        assert_same(&place.results("by_hand"), &results, &["inputs"]);
    }
}

/// The example of the page is a manifest that can be read.
#[test]
fn the_example_of_the_page_is_read() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md");
    let page = std::fs::read_to_string(page).unwrap();
    let example = page.split("## batch.toml").nth(1).unwrap().split("```toml\n").nth(1).unwrap();
    let dir = tempfile::tempdir().unwrap();
    for file in ["columbus/scenario.toml", "west/reno/scenario.toml", "west/yuma/scenario.toml", "extracts/tx.osm.pbf"]
    {
        let path = dir.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
    }
    let manifest = dir.path().join("batch.toml");
    std::fs::write(&manifest, example.split("```").next().unwrap()).unwrap();
    let plan = ddu::batch::plan(&manifest).unwrap();
    assert_eq!(plan.regions.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["columbus", "reno", "tx", "yuma"]);
    assert!(plan.merge.unwrap().award.is_some());
}
