//! `ddu route`: equal to the matrix, the same bytes from any door, and a clear word where there is no route.

use crate::conditions::bent;
use crate::place::Place;
use ddu::ids::{DduIx, HubIx};
use ddu::lonlat::LonLat;
use ddu::matrix::Leg;
use ddu::pipeline::{Region, matrices};
use ddu::progress::Silent;
use ddu::scenario::{LoadOptions, Scenario, load};
use ddu::units::MicroDollars;
use serde_json::Value;

fn matrix(place: &Place) -> (Scenario, Vec<ddu::matrix::Matrix>) {
    let mut scenario = load(&place.path("scenario.toml"), &LoadOptions::default()).scenario.unwrap();
    let region = Region::open(&mut scenario, &Silent).unwrap();
    let matrices = matrices(&scenario, &region, &Silent).unwrap();
    (scenario, matrices)
}

/// Features of the kind, in order.
fn features<'a>(collection: &'a Value, kind: &str) -> Vec<&'a Value> {
    assert_eq!(collection["type"], "FeatureCollection");
    let all = collection["features"].as_array().unwrap().iter();
    all.inspect(|f| assert_eq!(f["type"], "Feature")).filter(|f| f["properties"]["kind"] == kind).collect()
}

fn integer(properties: &Value, key: &str) -> u32 {
    u32::try_from(properties[key].as_u64().unwrap_or_else(|| panic!("{key} in {properties}"))).unwrap()
}

fn usd(properties: &Value, key: &str) -> MicroDollars {
    MicroDollars::parse(properties[key].as_str().unwrap()).unwrap().amount
}

/// Money, tolls, decimetres, milliseconds, milliseconds of turns.
fn measures(properties: &Value) -> (MicroDollars, MicroDollars, u32, u32, u32) {
    let [length, time, turns] = ["length_decimetres", "time_ms", "turn_time_ms"].map(|key| integer(properties, key));
    (usd(properties, "money_usd"), usd(properties, "tolls_usd"), length, time, turns)
}

fn sum<'a>(parts: impl Iterator<Item = &'a Value>) -> (MicroDollars, MicroDollars, u32, u32, u32) {
    parts.map(measures).fold(Default::default(), |a, b| {
        let money = |a: MicroDollars, b| a.checked_add(b).unwrap();
        (money(a.0, b.0), money(a.1, b.1), a.2 + b.2, a.3 + b.3, a.4 + b.4)
    })
}

/// Positions of a line, each exactly on the map's grid.
fn line(feature: &Value) -> Vec<LonLat> {
    assert_eq!(feature["geometry"]["type"], "LineString");
    feature["geometry"]["coordinates"].as_array().unwrap().iter().map(position).collect()
}

fn position(pair: &Value) -> LonLat {
    let degrees = |at: usize| {
        let text = pair[at].to_string();
        assert!(text.split('.').nth(1).is_none_or(|decimals| decimals.len() <= 7), "{text}");
        pair[at].as_f64().unwrap()
    };
    LonLat::from_degrees(degrees(0), degrees(1)).unwrap()
}

#[test]
fn equals_the_matrix_in_both_directions() {
    compare_with_matrix(&Place::new(), 3, 20);
}

#[test]
fn equals_the_matrix_with_closed_roads_in_the_departure_window() {
    compare_with_matrix(&bent(), 2, 4);
}

fn compare_with_matrix(place: &Place, step: usize, least: usize) {
    let (scenario, matrices) = matrix(place);
    let mut compared = 0;
    let mut compare = |leg: Leg, from: &str, to: &str, vehicle: &str| {
        let words = format!("route scenario.toml --from {from} --to {to} --vehicle {vehicle} -o -");
        let Ok(path) = leg else {
            // The island of the sample.
            let said = place.fails(&words, 3).saying("isolated_component(").saying("error: no route");
            assert!(said.stdout.is_empty());
            return;
        };
        let said = place.fails(&words, 0);
        let collection: Value = serde_json::from_str(&said.stdout).unwrap_or_else(|e| panic!("{e}"));
        let [whole] = features(&collection, "route")[..] else { panic!("one route") };
        let told = &whole["properties"];
        let (money, tolls, length, time, _) = measures(told);
        assert_eq!((money, tolls, length, time), (path.money, path.tolls, path.length.0, path.time.0), "{words}");
        let legs = features(&collection, "leg");
        assert_eq!(legs.len(), usize::try_from(integer(told, "legs")).unwrap());
        assert_eq!(sum(legs.iter().map(|leg| &leg["properties"])), measures(told));
        assert_eq!(sum(told["by_road_class"].as_array().unwrap().iter()), measures(told));
        let mut joined: Vec<LonLat> = legs.iter().flat_map(|leg| line(leg)).collect();
        joined.dedup();
        assert_eq!(joined, line(whole));
        for (kind, end, id) in [("from", joined.first(), from), ("to", joined.last(), to)] {
            let [point] = features(&collection, kind)[..] else { panic!("one {kind}") };
            assert_eq!(point["properties"]["name"], id);
            assert_eq!(Some(&position(&point["geometry"]["coordinates"])), end);
        }
        assert!(said.stderr.contains(&format!("{} metres, {} seconds", path.length, path.time)), "{}", said.stderr);
        assert!(said.stderr.contains(&format!("{} USD", path.money)), "{}", said.stderr);
        compared += 1;
    };
    for (v, table) in matrices.iter().enumerate() {
        for (h, hub) in scenario.hubs.iter().enumerate().skip(v).step_by(step) {
            for (d, ddu) in scenario.ddus.iter().enumerate().step_by(step) {
                let cell = (HubIx::from_index(h), DduIx::from_index(d));
                let (hub, ddu) = (format!("hub:{}", hub.id), format!("ddu:{}", ddu.id));
                let class = &scenario.vehicles[table.vehicle.index()].name;
                let class = format!("{class} --departure {}", scenario.settings.traffic.name(table.departure));
                compare(table.outbound(cell.0, cell.1), &hub, &ddu, &class);
                compare(table.inbound(cell.0, cell.1), &ddu, &hub, &class);
            }
        }
    }
    assert!(compared > least, "{compared}");
}

/// Arguments for two units by their coordinates.
fn ends(place: &Place) -> String {
    let rows = place.table("ddus.csv");
    let at = |id: &str| {
        let row = rows.iter().find(|row| row["ddu_id"] == id).unwrap();
        format!("{},{}", row["lat"], row["lon"])
    };
    format!("--from {} --to {}", at("D00003"), at("D00007"))
}

#[test]
fn the_same_bytes_for_any_threads_and_from_any_map() {
    let place = Place::new();
    let ends = ends(&place);
    let said = place.ddu(&format!("route scenario.toml {ends} --vehicle cargo_van -o one.geojson --threads 1")).with(0);
    assert!(said.stdout.is_empty());
    let one = place.read("one.geojson");
    place.ddu("prepare region.osm.pbf -o region.roads").with(0);
    for (input, flags) in [
        ("scenario.toml", "--threads 2"),
        ("region.osm.pbf", "--vehicles vehicles.toml --threads 1"),
        ("region.roads", "--vehicles vehicles.toml --threads 2"),
    ] {
        let said = place.fails(&format!("route {input} {ends} --vehicle cargo_van -o - {flags}"), 0);
        assert!(said.stdout == one, "{input} {flags}");
    }
    let words = format!("route scenario.toml {ends} --vehicle cargo_van");
    let said = place.fails(&words, 0).saying("road class").saying("total");
    assert!(said.stdout.is_empty(), "without --output there is the summary alone");
    place.fails(&format!("{words} -q"), 0).silent_on("total");
    assert!(place.fails(&format!("{words} --log-format json"), 0).json().len() > 2);
    place.fails(&format!("{words} -o one.geojson"), 2).saying("exists");
    place.ddu(&format!("{words} -o one.geojson --force")).with(0).saying("written to one.geojson");
    assert!(place.read("one.geojson") == one);
}

#[test]
fn the_same_point_twice_is_a_route_of_nothing() {
    let place = Place::new();
    let said = place.fails("route scenario.toml --from ddu:D00003 --to ddu:D00003 --vehicle cargo_van -o -", 0);
    let collection: Value = serde_json::from_str(&said.stdout).unwrap();
    let [whole] = features(&collection, "route")[..] else { panic!("one route") };
    assert_eq!(measures(&whole["properties"]), Default::default());
    let line = line(whole);
    assert_eq!((line.len(), line[0]), (2, line[1]), "two positions make a line");
}

#[test]
fn two_for_what_is_mistyped() {
    let place = Place::new();
    let good = ends(&place);
    let point = good.split(' ').nth(1).unwrap();
    let (lat, lon) = point.split_once(',').unwrap();
    for (words, text) in [
        (format!("scenario.toml {good} --vehicle cargo_can"), "did you mean `cargo_van`?"),
        (format!("scenario.toml {good} --vehicle x"), "it holds"),
        (format!("scenario.toml --from {lon},{lat} --to {point} --vehicle cargo_van"), "exchanged"),
        (format!("scenario.toml --from {point} --to 95.5,200 --vehicle cargo_van"), "--to: latitude 95.5 is outside"),
        (format!("scenario.toml --from here --to {point} --vehicle cargo_van"), "LAT,LON"),
        (format!("scenario.toml --from {lat} --to {point} --vehicle cargo_van"), "LAT,LON"),
        (format!("scenario.toml --from {point},1 --to {point} --vehicle cargo_van"), "not a number of degrees"),
        (format!("scenario.toml --from nan,inf --to {point} --vehicle cargo_van"), "not a number of degrees"),
        (format!("scenario.toml --from hub:D00003 --to {point} --vehicle cargo_van"), "--from hub:D00003: not in"),
        (format!("scenario.toml --from {point} --to ddu:D0003 --vehicle cargo_van"), "did you mean `D000"),
        (format!("region.osm.pbf {good} --vehicle cargo_van"), "--vehicles FILE"),
        (format!("region.osm.pbf {good} --vehicle x --vehicles vehicles.toml"), "it holds"),
        (format!("scenario.toml {good} --vehicle cargo_van --vehicles vehicles.toml"), "--vehicles goes with a map"),
        (
            format!("region.osm.pbf --from hub:H1 --to {point} --vehicle cargo_van --vehicles vehicles.toml"),
            "a map alone knows no hub",
        ),
        (format!("scenario.toml {good} --vehicle cargo_van -o nowhere/r.geojson"), "no folder nowhere"),
        (format!("scenario.toml {good} --vehicle cargo_van -o ddus.csv"), "exists"),
        (format!("scenario.toml {good} --vehicle cargo_van -o ./ddus.csv --force"), "the input"),
        (
            format!("region.osm.pbf {good} --vehicle cargo_van --vehicles vehicles.toml -o region.osm.pbf --force"),
            "the input",
        ),
    ] {
        let said = place.fails(&format!("route {words}"), 2).saying(text);
        assert!(said.stdout.is_empty());
    }
    // Both ends are looked at before the user is told.
    let said = place.fails("route scenario.toml --from here --to there --vehicle cargo_van", 2);
    assert!(said.stderr.contains("--from: `here`") && said.stderr.contains("--to: `there`"), "{}", said.stderr);
}

#[test]
fn three_where_there_is_no_route_or_a_file_is_wrong() {
    let place = Place::new();
    let good = ends(&place);
    let point = good.split(' ').nth(1).unwrap();
    let none = |words: &str, texts: [&str; 2]| {
        place.fails(&format!("route {words} --vehicle cargo_van -o r.geojson"), 3).saying(texts[0]).saying(texts[1]);
    };
    none(&format!("scenario.toml --from {point} --to 40.7,-74"), ["outside_map, --to", "error[E304] --to"]);
    none(&format!("scenario.toml --from ddu:D00001 --to {point}"), ["isolated_component(", "warning[W303] --from"]);
    place.set("map", "snap_warn_m = 1");
    place.set("map", "snap_limit_m = 1");
    place
        .fails(&format!("route scenario.toml {good} --vehicle cargo_van -o r.geojson"), 3)
        .saying("no_road_within_limit");
    place
        .fails(&format!("route gone.osm.pbf {good} --vehicle cargo_van --vehicles vehicles.toml"), 3)
        .saying("gone.osm.pbf");
    place.fails(&format!("route region.osm.pbf {good} --vehicle cargo_van --vehicles gone.toml"), 3).saying("E001");
    place.fails(&format!("route gone.toml {good} --vehicle cargo_van"), 3).saying("E001");
    place.edit("vehicles.toml", "[vehicle.cargo_van]", "[vehicle.cargo_van]\nwings = 2");
    place.fails(&format!("route region.osm.pbf {good} --vehicle cargo_van --vehicles vehicles.toml"), 3).saying("E003");
    place.fails(&format!("route scenario.toml {good} --vehicle cargo_van"), 3).saying("E003");
}
