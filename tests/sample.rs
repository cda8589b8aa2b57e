//! The sample maker: its map is read back by an independent reader, its tables are checked for consistency, and the
//! committed sample must be what the code makes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs, unreachable_pub)]

mod support;

use ddu::diagnostics::Severity;
use ddu::lonlat::{Bounds, LonLat};
use ddu::network::{Components, Profile};
use ddu::progress::{Progress, Silent};
use ddu::sample::{self, ExtractSources, SampleError, SampleSettings};
use ddu::scenario::{LoadOptions, Mode, load};
use osmpbfreader::{NodeId, OsmId, OsmObj, OsmPbfReader, Relation, Way};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

const FILES: [&str; 9] = [
    "region.osm.pbf",
    "hubs.csv",
    "ddus.csv",
    "vehicles.toml",
    "bidders.csv",
    "bids.csv",
    "volumes.csv",
    "rates.csv",
    "scenario.toml",
];

/// The map as another program reads it.
#[derive(Default)]
struct Map {
    nodes: BTreeMap<NodeId, (f64, f64)>,
    node_tags: Vec<(String, String)>,
    ways: BTreeMap<i64, Way>,
    relations: Vec<Relation>,
}

fn read(path: &Path) -> Map {
    let mut map = Map::default();
    for object in OsmPbfReader::new(File::open(path).unwrap()).iter() {
        match object.unwrap() {
            OsmObj::Node(node) => {
                let known = map.nodes.insert(node.id, (node.lon(), node.lat()));
                assert!(known.is_none(), "node {:?} twice", node.id);
                map.node_tags.extend(node.tags.iter().map(|(k, v)| (k.to_string(), v.to_string())));
            }
            OsmObj::Way(way) => assert!(map.ways.insert(way.id.0, way).is_none()),
            OsmObj::Relation(relation) => map.relations.push(relation),
        }
    }
    map
}

fn make(settings: SampleSettings) -> (tempfile::TempDir, sample::SampleSummary) {
    let folder = tempfile::tempdir().unwrap();
    let summary = sample::region(&settings, folder.path(), &Silent).unwrap();
    (folder, summary)
}

fn committed(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

fn has(way: &Way, key: &str, value: &str) -> bool {
    way.tags.get(key).is_some_and(|v| v == value)
}

fn is_road(way: &Way) -> bool {
    way.tags.get("highway").is_some_and(|h| h != "footway" && h != "cycleway")
}

#[test]
fn committed_sample_is_what_the_code_makes() {
    let (folder, _) = make(SampleSettings::default());
    if std::env::var_os("DDU_BLESS").is_some() {
        for name in FILES {
            fs::copy(folder.path().join(name), committed(name)).unwrap();
        }
    }
    let mut size = 0;
    for name in FILES {
        let (made, kept) = (fs::read(folder.path().join(name)).unwrap(), fs::read(committed(name)).unwrap());
        assert!(made == kept, "{name} differs: make it again with DDU_BLESS=1 cargo test --test sample");
        size += kept.len();
    }
    assert!(size < 3_000_000, "{size} bytes");
}

#[test]
fn map_holds_what_real_maps_hold() {
    let map = read(&committed("region.osm.pbf"));
    let ways = |test: &dyn Fn(&Way) -> bool| map.ways.values().filter(|w| test(w)).count();
    let highway = |class: &str| ways(&|w| has(w, "highway", class));
    // Both carriageways, one interchange with four ramps.
    assert!(highway("motorway") >= 6 && ways(&|w| has(w, "highway", "motorway") && !has(w, "oneway", "yes")) == 0);
    assert!(highway("motorway_link") >= 4);
    for class in ["trunk", "primary", "secondary", "tertiary", "unclassified", "service"] {
        assert!(highway(class) >= 5, "{class}: {}", highway(class));
    }
    assert!(highway("residential") > 500);
    assert!(ways(&|w| has(w, "oneway", "yes") && has(w, "highway", "residential")) >= 10);
    assert!(ways(&|w| has(w, "oneway", "-1")) >= 2);
    let bridges = ways(&|w| has(w, "bridge", "yes"));
    assert!((4..30).contains(&bridges), "{bridges} bridges");
    assert_eq!(ways(&|w| has(w, "maxweight", "15 st")), 1);
    assert_eq!(ways(&|w| has(w, "maxweight", "6 st")), 1);
    assert_eq!(ways(&|w| has(w, "toll", "yes")), 1);
    assert_eq!(ways(&|w| has(w, "maxheight", "11'6\"")), 1);
    assert!(ways(&|w| has(w, "hgv", "no")) >= 3);
    assert!(ways(&|w| has(w, "access", "private")) >= 1);
    assert!(ways(&|w| has(w, "route", "ferry") && has(w, "motor_vehicle", "no")) == 1);
    let (limits, roads) = (ways(&|w| w.tags.contains_key("maxspeed")), ways(&is_road));
    assert!(limits > 50 && limits * 2 < roads, "{limits} of {roads}");
    assert!(ways(&|w| w.tags.get("maxspeed").is_some_and(|v| !v.ends_with(" mph"))) == 0);
    assert!(ways(&|w| !is_road(w)) >= 10, "rivers, rails, houses");
    let node = |key: &str, value: &str| map.node_tags.iter().filter(|(k, v)| k == key && v == value).count();
    assert!(node("highway", "traffic_signals") > 30 && node("highway", "stop") > 30);
    assert!(node("highway", "turning_circle") > 10);
}

#[test]
fn turn_restrictions_of_every_kind() {
    let map = read(&committed("region.osm.pbf"));
    let count =
        |key: &str, value: &str| map.relations.iter().filter(|r| r.tags.get(key).is_some_and(|v| v == value)).count();
    for (key, value) in [
        ("restriction", "no_left_turn"),
        ("restriction", "no_right_turn"),
        ("restriction", "only_straight_on"),
        ("restriction", "no_u_turn"),
        ("except", "hgv"),
        ("except", "psv;bicycle"),
        ("restriction:hgv", "no_right_turn"),
    ] {
        assert!(count(key, value) >= 1, "{key}={value}");
    }
    assert!(map.relations.iter().any(|r| r.tags.contains_key("restriction:conditional")));
    let (mut via_ways, mut broken) = (0, 0);
    for relation in &map.relations {
        let member = |role: &str| relation.refs.iter().find(|r| r.role == role).unwrap().member;
        let way = |id: OsmId| id.way().and_then(|w| map.ways.get(&w.0));
        let (Some(from), Some(to)) = (way(member("from")), way(member("to"))) else {
            broken += 1;
            continue;
        };
        let ends = |w: &Way| [*w.nodes.first().unwrap(), *w.nodes.last().unwrap()];
        match member("via") {
            OsmId::Node(via) => {
                assert!(ends(from).contains(&via) && ends(to).contains(&via), "{:?}", relation.id);
            }
            OsmId::Way(via) => {
                via_ways += 1;
                let via = ends(&map.ways[&via.0]);
                assert!(ends(from).iter().any(|n| via.contains(n)) && ends(to).iter().any(|n| via.contains(n)));
            }
            OsmId::Relation(_) => panic!("relation as via"),
        }
    }
    assert!(via_ways >= 1);
    assert_eq!(broken, 1, "one restriction leads out of the extract");
}

#[test]
fn only_the_clipped_road_misses_nodes_and_all_lie_in_the_box() {
    let (folder, summary) = make(SampleSettings { junctions: 60_000, ..SampleSettings::default() });
    let map = read(&folder.path().join("region.osm.pbf"));
    assert_eq!(map.nodes.len() as u64, summary.nodes);
    assert_eq!(map.ways.len() as u64, summary.ways);
    assert_eq!(map.relations.len() as u64, summary.relations);
    let clipped: Vec<&Way> = map.ways.values().filter(|w| w.nodes.iter().any(|n| !map.nodes.contains_key(n))).collect();
    assert_eq!(clipped.len(), 1);
    assert!(has(clipped[0], "name", "Border Road"));
    for (lon, lat) in map.nodes.values() {
        assert!(summary.bounds.contains(LonLat::from_degrees(*lon, *lat).unwrap()), "{lon} {lat}");
    }
    assert!(map.ways.values().all(|w| w.nodes.len() >= 2));
}

/// Strongly connected parts by two searches from a seed, on nodes and one-way streets alone.
#[test]
fn one_main_part_and_one_island() {
    for junctions in [1_000, 4_000, 70_000] {
        let (folder, _) = make(SampleSettings { junctions, ..SampleSettings::default() });
        let map = read(&folder.path().join("region.osm.pbf"));
        let (mut out, mut into): (BTreeMap<NodeId, Vec<NodeId>>, BTreeMap<NodeId, Vec<NodeId>>) = Default::default();
        for way in map.ways.values().filter(|w| is_road(w)) {
            for pair in way.nodes.windows(2).filter(|p| p.iter().all(|n| map.nodes.contains_key(n))) {
                let (forth, back) = match way.tags.get("oneway").map(|v| v.as_str()) {
                    Some("yes") => (true, false),
                    Some("-1") => (false, true),
                    _ => (true, true),
                };
                for (open, a, b) in [(forth, pair[0], pair[1]), (back, pair[1], pair[0])] {
                    let (to, from) = (out.entry(a).or_default(), into.entry(b).or_default());
                    if open {
                        to.push(b);
                        from.push(a);
                    }
                }
            }
        }
        let search = |links: &BTreeMap<NodeId, Vec<NodeId>>, start: NodeId| {
            let (mut seen, mut stack) = (BTreeSet::from([start]), vec![start]);
            while let Some(at) = stack.pop() {
                for next in links.get(&at).into_iter().flatten() {
                    if seen.insert(*next) {
                        stack.push(*next);
                    }
                }
            }
            seen
        };
        let mut rest: BTreeSet<NodeId> = out.keys().chain(into.keys()).copied().collect();
        let mut parts = Vec::new();
        while let Some(start) = rest.first().copied() {
            let part: BTreeSet<NodeId> = search(&out, start).intersection(&search(&into, start)).copied().collect();
            rest.retain(|n| !part.contains(n));
            parts.push(part.len());
        }
        parts.sort_unstable();
        assert_eq!(parts.len(), 2, "{junctions}: {parts:?}");
        assert!((25..80).contains(&parts[0]), "the island has {} nodes", parts[0]);
    }
}

/// The product's own network agrees: for vans, all but the island hangs together, and trucks lose little more.
#[test]
fn network_of_the_sample_is_one_part_and_an_island() {
    let extract = ddu::osm::read_extract(&committed("region.osm.pbf"), &Silent).unwrap();
    let count = |name: &str| extract.counts.rows.iter().filter(|(n, _)| n.contains(name)).map(|(_, c)| c).sum::<u64>();
    assert_eq!(
        (count("nodes missing"), count("ways clipped"), count("restrictions dropped: member missing")),
        (3, 1, 1)
    );
    assert_eq!(count("not understood"), 0);
    let network = ddu::network::build(&extract, &Silent).unwrap();
    for (mode, least, most) in [(Mode::Motorcar, 2, 2), (Mode::Hgv, 2, 4)] {
        let profile = Profile::metres_only(&network, mode).unwrap();
        let components = Components::new(&network, &profile);
        assert!((least..=most).contains(&components.count()), "{mode:?}: {}", components.count());
        assert!(components.main_size() as usize * 100 > network.arc_count() * 97, "{mode:?}");
    }
}

#[test]
fn sizes_follow_the_settings() {
    for (junctions, ddus, bidders) in [(1_000, 1, 1), (1_000, 300, 40), (30_000, 12, 3)] {
        let (_folder, s) = make(SampleSettings { seed: 3, junctions, ddus, bidders });
        assert_eq!((s.ddus, s.bidders), (ddus as usize, bidders as usize));
        assert!((s.junctions as f64 / f64::from(junctions) - 1.0).abs() < 0.35, "{junctions}: {}", s.junctions);
    }
    let (_folder, s) = make(SampleSettings { seed: 3, junctions: 100_000, ddus: 900, bidders: 60 });
    assert!((s.junctions as f64 / 1e5 - 1.0).abs() < 0.17, "{}", s.junctions);
    assert!(s.packages == 500 && s.bids > 4_000, "{s:?}");
}

#[test]
fn the_seed_decides_and_nothing_else() {
    let settings = SampleSettings { seed: 11, junctions: 2_000, ddus: 30, bidders: 12 };
    let ((a, _), (b, _)) = (make(settings), make(settings));
    let (c, _) = make(SampleSettings { seed: 12, ..settings });
    let differs = |x: &tempfile::TempDir, y: &tempfile::TempDir, name: &str| {
        fs::read(x.path().join(name)).unwrap() != fs::read(y.path().join(name)).unwrap()
    };
    for name in FILES {
        assert!(!differs(&a, &b, name), "{name}");
        assert!(["vehicles.toml", "rates.csv"].contains(&name) || differs(&a, &c, name), "{name}");
    }
}

/// A table by its header.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn check_tables(folder: &Path, bounds: Bounds) {
    let ids = |name: &str, key: &str| {
        let rows = table(&folder.join(name));
        let ids: BTreeSet<String> = rows.iter().map(|r| r[key].clone()).collect();
        assert_eq!(ids.len(), rows.len(), "{name}: ids repeat");
        ids
    };
    let (hubs, ddus, bidders) = (ids("hubs.csv", "hub_id"), ids("ddus.csv", "ddu_id"), ids("bidders.csv", "bidder_id"));
    ids("bids.csv", "bid_id");
    for name in ["hubs.csv", "ddus.csv"] {
        for row in table(&folder.join(name)) {
            let (lon, lat) = (row["lon"].parse().unwrap(), row["lat"].parse().unwrap());
            assert!(bounds.contains(LonLat::from_degrees(lon, lat).unwrap()));
        }
    }
    let units: BTreeMap<String, BTreeMap<String, String>> =
        table(&folder.join("ddus.csv")).into_iter().map(|r| (r["ddu_id"].clone(), r)).collect();
    let owners: BTreeMap<String, String> =
        table(&folder.join("hubs.csv")).into_iter().map(|r| (r["hub_id"].clone(), r["shipper_id"].clone())).collect();
    let clock = |text: &str| ddu::units::ClockTime::parse(text).unwrap();
    let mut packages: BTreeMap<String, Vec<BTreeMap<String, String>>> = BTreeMap::new();
    let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for bid in table(&folder.join("bids.csv")) {
        assert!(hubs.contains(&bid["hub_id"]) && ddus.contains(&bid["ddu_id"]) && bidders.contains(&bid["bidder_id"]));
        assert_eq!(owners[&bid["hub_id"]], bid["bidder_id"]);
        let unit = &units[&bid["ddu_id"]];
        let tender = clock(&bid["tender_time"]);
        let cet = clock(&unit[&format!("cet_{}", bid["service"])]);
        assert!(
            tender >= clock(&unit["dock_open"]) && tender <= clock(&unit["dock_close"]) && tender <= cet,
            "{bid:?}"
        );
        let number = |key: &str| bid[key].parse::<u32>().unwrap();
        let (low, high) = (number("volume_min"), number("volume_max"));
        assert!(1 <= low && low <= high && high <= unit["capacity_pieces"].parse().unwrap(), "{bid:?}");
        let member = if bid["package_id"].is_empty() { bid["bid_id"].clone() } else { bid["package_id"].clone() };
        if !bid["xor_group"].is_empty() {
            groups.entry(bid["xor_group"].clone()).or_default().insert(member);
        }
        if !bid["package_id"].is_empty() {
            assert_eq!(low, high);
            packages.entry(bid["package_id"].clone()).or_default().push(bid);
        }
    }
    assert!(groups.values().all(|members| members.len() >= 2));
    for (id, lines) in packages {
        let distinct = |key: &str| lines.iter().map(|l| &l[key]).collect::<BTreeSet<_>>().len();
        assert!((2..=200).contains(&lines.len()), "{id}");
        assert_eq!((distinct("ddu_id"), distinct("bidder_id"), distinct("xor_group")), (lines.len(), 1, 1), "{id}");
    }
}

#[test]
fn tables_agree_with_each_other() {
    let (folder, summary) = make(SampleSettings { seed: 5, junctions: 50_000, ddus: 700, bidders: 50 });
    check_tables(folder.path(), summary.bounds);
    assert!(summary.packages > 300);
}

#[test]
fn default_sample_is_rich() {
    let (folder, summary) = make(SampleSettings::default());
    check_tables(folder.path(), summary.bounds);
    let bids = table(&folder.path().join("bids.csv"));
    assert!((300..600).contains(&bids.len()), "{} lines", bids.len());
    for (key, value) in
        [("service", "same_day"), ("service", "next_day"), ("price_basis", "dock"), ("price_basis", "hub")]
    {
        let share = bids.iter().filter(|b| b[key] == value).count() * 100 / bids.len();
        assert!((20..80).contains(&share), "{key}={value}: {share} %");
    }
    let units: BTreeMap<String, BTreeMap<String, String>> =
        table(&folder.path().join("ddus.csv")).into_iter().map(|r| (r["ddu_id"].clone(), r)).collect();
    let dollars = |text: &str| text.parse::<f64>().unwrap();
    let below = bids
        .iter()
        .filter(|b| b["price_basis"] == "dock")
        .filter(|b| dollars(&b["price_per_piece"]) < dollars(&units[&b["ddu_id"]]["reserve_price"]))
        .count();
    assert!(below >= 5, "{below} dock prices below the reserve");
    assert!(bids.iter().any(|b| b["ddu_id"] == "D00001"), "the island is bid for");
    let tiny = units.values().find(|u| u["max_vehicle_length_ft"] == "18").expect("a dock for no vehicle");
    assert!(bids.iter().any(|b| b["ddu_id"] == tiny["ddu_id"]));
    let releases: BTreeMap<String, i32> = table(&folder.path().join("hubs.csv"))
        .into_iter()
        .map(|h| (h["hub_id"].clone(), ddu::units::ClockTime::parse(&h["release_time"]).unwrap().0))
        .collect();
    let hurried = bids
        .iter()
        .filter(|b| ddu::units::ClockTime::parse(&b["tender_time"]).unwrap().0 - releases[&b["hub_id"]] < 25);
    assert!(hurried.count() >= 3, "tenders that no vehicle can keep");
    let bidders = table(&folder.path().join("bidders.csv"));
    assert!(
        bidders.iter().any(|b| !b["budget"].is_empty()) && bidders.iter().any(|b| !b["capacity_pieces"].is_empty())
    );
    assert_eq!(bidders.iter().filter(|b| !b["affiliate_group"].is_empty()).count(), 2);
}

/// The strict reader finds nothing at all to say about a sample, not even a warning.
#[test]
fn samples_load_without_findings() {
    let (folder, summary) = make(SampleSettings { seed: 5, junctions: 40_000, ddus: 500, bidders: 40 });
    for (root, sizes) in
        [(committed(""), [Some(60), Some(8)]), (folder.path().to_owned(), [Some(summary.ddus), Some(summary.bidders)])]
    {
        let loaded = load(&root.join("scenario.toml"), &LoadOptions::default());
        let findings: Vec<String> = loaded.diagnostics.sorted().iter().map(|d| format!("{d:?}")).collect();
        assert!(findings.is_empty(), "{}", findings[..findings.len().min(10)].join("\n"));
        let scenario = loaded.scenario.unwrap();
        assert_eq!([Some(scenario.ddus.len()), Some(scenario.bidders.len())], sizes);
        assert_eq!(scenario.vehicles.len(), 3);
        assert!(scenario.hauls.map().unwrap().exists());
    }
}

#[test]
fn wrong_sizes_and_interruption_leave_nothing() {
    struct Impatient;
    impl Progress for Impatient {
        fn begin(&self, _: &str, _: Option<u64>) {}
        fn advance(&self, _: u64) {}
        fn finish(&self, _: &str) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let base = tempfile::tempdir().unwrap();
    let out = base.path().join("new");
    let settings = SampleSettings { junctions: 10, ..SampleSettings::default() };
    assert!(matches!(sample::region(&settings, &out, &Silent), Err(SampleError::Size { what: "junctions", .. })));
    let stopped = sample::region(&SampleSettings::default(), &out, &Impatient);
    assert!(matches!(stopped, Err(SampleError::Cancelled)));
    assert!(!out.exists());
}

#[test]
fn tables_for_the_new_york_map() {
    let (Some(map), Some(hubs), Some(ddus)) = (
        support::shared::shared("ny-metro.osm.pbf"),
        support::shared::shared("shipper_hubs.csv"),
        support::shared::shared("usps_ddus.csv"),
    ) else {
        return;
    };
    let mut reader = OsmPbfReader::new(File::open(&map).unwrap());
    let nodes = reader.par_iter().filter_map(|o| match o.unwrap() {
        OsmObj::Node(n) => LonLat::from_degrees(n.lon(), n.lat()),
        _ => None,
    });
    let bounds = Bounds::around(nodes.collect::<Vec<_>>()).unwrap();
    let sources = ExtractSources {
        map: &map,
        bounds,
        hubs: &hubs,
        ddus: &ddus,
        timezone: "America/New_York",
        seed: 1,
        bidders: 8,
    };
    let out = tempfile::tempdir().unwrap();
    let summary = sample::tables_for_extract(&sources, out.path(), &Silent).unwrap();
    assert_eq!((summary.hubs, summary.ddus), (49, 504));
    assert!((1_500..3_000).contains(&summary.bids), "{summary:?}");
    check_tables(out.path(), bounds);
    let loaded = load(&out.path().join("scenario.toml"), &LoadOptions::default());
    let errors: Vec<_> =
        loaded.diagnostics.sorted().into_iter().filter(|d| d.code.severity() == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let scenario = loaded.scenario.unwrap();
    assert_eq!(scenario.hauls.map(), Some(map.as_path()));
    assert_eq!((scenario.hubs.len(), scenario.ddus.len(), scenario.bids.len()), (49, 504, summary.bids));
}

#[test]
fn wrong_tables_are_named() {
    let base = tempfile::tempdir().unwrap();
    let hubs = base.path().join("hubs.csv");
    let everywhere =
        Bounds { min: LonLat::from_degrees(-180.0, -90.0).unwrap(), max: LonLat::from_degrees(180.0, 90.0).unwrap() };
    let out = base.path().join("out");
    let attempt = |content: &str| {
        fs::write(&hubs, content).unwrap();
        let sources = ExtractSources {
            map: Path::new("m.osm.pbf"),
            bounds: everywhere,
            hubs: &hubs,
            ddus: &hubs,
            timezone: "America/Chicago",
            seed: 1,
            bidders: 8,
        };
        sample::tables_for_extract(&sources, &out, &Silent).unwrap_err().to_string()
    };
    assert!(attempt("hub_id,shipper,name,lat\n").contains("column `lon` is missing"));
    assert!(attempt("hub_id,shipper,name,lat,lon\nh,s,n,91,0\n").contains("line 2"));
    assert!(attempt("hub_id,shipper,name,lat,lon\nh,s,n,,\n").contains("no row lies inside"));
    assert!(!out.exists());
}
