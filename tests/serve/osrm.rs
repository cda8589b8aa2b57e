//! OSRM's services: equal to matrix and route, and its codes.

use crate::server::Server;
use ddu::ids::{DduIx, HubIx, VehicleIx};
use ddu::lonlat::LonLat;
use ddu::matrix::Matrix;
use ddu::pipeline::{Region, matrices};
use ddu::progress::Silent;
use ddu::scenario::{LoadOptions, Scenario, load};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;

fn matrix(folder: &Path) -> (Scenario, Vec<Matrix>) {
    let mut scenario = load(&folder.join("scenario.toml"), &LoadOptions::default()).scenario.unwrap();
    let region = Region::open(&mut scenario, &Silent).unwrap();
    let matrices = matrices(&scenario, &region, &Silent).unwrap();
    (scenario, matrices)
}

fn at(point: LonLat) -> String {
    format!("{},{}", point.lon(), point.lat())
}

fn coordinates(scenario: &Scenario) -> String {
    let all = scenario.hubs.iter().map(|h| h.at).chain(scenario.ddus.iter().map(|d| d.at));
    all.map(at).collect::<Vec<_>>().join(";")
}

fn positions(range: std::ops::Range<usize>) -> String {
    range.map(|n| n.to_string()).collect::<Vec<_>>().join(";")
}

#[test]
fn a_table_is_the_matrix() {
    let (dir, server) = Server::of_scenario(&[]);
    let (scenario, matrices) = matrix(dir.path());
    let (hubs, ddus) = (scenario.hubs.len(), scenario.ddus.len());
    let (sources, targets) = (positions(0..hubs), positions(hubs..hubs + ddus));
    let mut missing = 0;
    for (class, matrix) in scenario.vehicles.iter().zip(&matrices) {
        let url = format!(
            "/table/v1/{}/{}?sources={sources}&destinations={targets}&annotations=duration,distance,cost",
            class.name,
            coordinates(&scenario)
        );
        let table = server.get(&url).with(200);
        assert_eq!(table["code"], "Ok");
        assert_eq!(table["sources"].as_array().unwrap().len(), hubs);
        for (h, d) in (0..hubs).flat_map(|h| (0..ddus).map(move |d| (h, d))) {
            let cell = |name: &str| &table[name][h][d];
            match matrix.outbound(HubIx::from_index(h), DduIx::from_index(d)) {
                Ok(path) => {
                    assert_eq!(cell("durations").as_f64(), Some(f64::from(path.time.0) / 1_000.0));
                    assert_eq!(cell("distances").as_f64(), Some(f64::from(path.length.0) / 10.0));
                    assert_eq!(cell("costs").as_str(), Some(path.money.to_string().as_str()));
                }
                Err(_) => {
                    missing += 1;
                    assert!(["durations", "distances", "costs"].iter().all(|name| cell(name).is_null()));
                }
            }
        }
    }
    assert!(missing > 0, "a unit on an island is reached by nobody");
}

#[test]
fn a_route_is_that_of_the_command_line() {
    let (dir, server) = Server::of_scenario(&[]);
    let (scenario, matrices) = matrix(dir.path());
    let (hub, ddu) = (&scenario.hubs[1], &scenario.ddus[4]);
    let class = &scenario.vehicles[0].name;
    let path = matrices[0].outbound(HubIx(1), DduIx(4)).unwrap();
    let ends = format!("{};{}", at(hub.at), at(ddu.at));
    let answer = server.get(&format!("/route/v1/{class}/{ends}?geometries=geojson&overview=full&steps=true")).with(200);
    let route = &answer["routes"][0];
    assert_eq!(route["cost_usd"].as_str(), Some(path.money.to_string().as_str()));
    assert_eq!(route["duration"].as_f64(), Some(f64::from(path.time.0) / 1_000.0));
    assert_eq!(route["distance"].as_f64(), Some(f64::from(path.length.0) / 10.0));
    let told = crate::server::ddu()
        .current_dir(dir.path())
        .args(["route", "scenario.toml", "--from", &format!("hub:{}", hub.id), "--to", &format!("ddu:{}", ddu.id)])
        .args(["--vehicle", class, "-o", "-", "-q"])
        .stderr(Stdio::null())
        .output()
        .unwrap();
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(route["geometry"]["coordinates"], told["features"][0]["geometry"]["coordinates"]);
    // `driving` is the first class; steps sum to the whole, and the last has no length.
    let driving = server.get(&format!("/route/v1/driving/{ends}")).with(200);
    assert_eq!(driving["routes"][0]["cost_usd"], route["cost_usd"]);
    let steps = route["legs"][0]["steps"].as_array().unwrap();
    let sum: f64 = steps.iter().map(|step| step["distance"].as_f64().unwrap()).sum();
    assert!((sum - route["distance"].as_f64().unwrap()).abs() < 0.01);
    assert_eq!((&steps[0]["maneuver"]["type"], steps.len()), (&"depart".into(), route_ways(&told) + 1));
    assert_eq!(
        (&steps[steps.len() - 1]["maneuver"]["type"], steps[steps.len() - 1]["distance"].as_f64()),
        (&"arrive".into(), Some(0.0))
    );
    // Over three coordinates: the sum of both legs.
    let third = at(scenario.ddus[5].at);
    let long = server.get(&format!("/route/v1/{class}/{ends};{third}?overview=false")).with(200);
    let legs = long["routes"][0]["legs"].as_array().unwrap();
    assert_eq!((legs.len(), &legs[0]["cost_usd"]), (2, &route["cost_usd"]));
    assert!(long["routes"][0].get("geometry").is_none());
}

fn route_ways(told: &Value) -> usize {
    told["features"].as_array().unwrap().iter().filter(|f| f["properties"]["kind"] == "leg").count()
}

#[test]
fn lines_in_three_forms_are_one_line() {
    let (dir, server) = Server::of_scenario(&[]);
    let (scenario, _) = matrix(dir.path());
    let ends = format!("{};{}", at(scenario.hubs[1].at), at(scenario.ddus[4].at));
    let line = |form: &str, overview: &str| {
        let url = format!("/route/v1/driving/{ends}?geometries={form}&overview={overview}");
        server.get(&url).with(200)["routes"][0]["geometry"].clone()
    };
    let whole = line("geojson", "full");
    let whole = whole["coordinates"].as_array().unwrap();
    for (form, precision, strays) in [("polyline", 5, 6e-6), ("polyline6", 6, 6e-7)] {
        let decoded = polyline::decode_polyline(line(form, "full").as_str().unwrap(), precision).unwrap();
        assert_eq!(decoded.0.len(), whole.len());
        for (point, pair) in decoded.0.iter().zip(whole) {
            assert!((point.x - pair[0].as_f64().unwrap()).abs() < strays);
            assert!((point.y - pair[1].as_f64().unwrap()).abs() < strays);
        }
    }
    let simple = line("geojson", "simplified");
    let simple = simple["coordinates"].as_array().unwrap();
    assert!(simple.len() < whole.len() && simple.first() == whole.first() && simple.last() == whole.last());
    // The same request as a polyline of its coordinates.
    let points = [scenario.hubs[1].at, scenario.ddus[4].at].map(|at| geo::Coord { x: at.lon(), y: at.lat() });
    let encoded = polyline::encode_coordinates(points, 6).unwrap();
    let escaped: String = encoded.bytes().map(|b| format!("%{b:02X}")).collect();
    let again = server.get(&format!("/route/v1/driving/polyline6({escaped})?overview=false")).with(200);
    assert_eq!(again["waypoints"].as_array().unwrap().len(), 2);
}

#[test]
fn nearest_meets_the_road() {
    let (dir, server) = Server::of_scenario(&[]);
    let mut scenario = load(&dir.path().join("scenario.toml"), &LoadOptions::default()).scenario.unwrap();
    let region = Region::open(&mut scenario, &Silent).unwrap();
    let vehicle = region.vehicles.iter().find(|v| v.vehicle == VehicleIx(0)).unwrap();
    let snap = vehicle.hubs[0].as_ref().unwrap();
    let answer = server.get(&format!("/nearest/v1/driving/{}?number=1", at(scenario.hubs[0].at))).with(200);
    let waypoint = &answer["waypoints"][0];
    assert_eq!(waypoint["location"], serde_json::json!([snap.at.lon(), snap.at.lat()]));
    assert_eq!(waypoint["distance"].as_f64(), Some(f64::from(snap.distance.0) / 10.0));
}

#[test]
fn every_refusal_has_its_code() {
    let (dir, server) = Server::of_scenario(&["--max-coordinates", "3"]);
    let (scenario, _) = matrix(dir.path());
    let (a, b) = (at(scenario.hubs[0].at), at(scenario.ddus[4].at));
    let island = at(scenario.ddus[0].at);
    let cases = [
        ("/match/v1/driving/1,1;2,2".to_owned(), "NotImplemented"),
        ("/fly/v1/driving/1,1;2,2".to_owned(), "InvalidService"),
        ("/route/v1/driving".to_owned(), "InvalidUrl"),
        (format!("/route/v2/driving/{a};{b}"), "InvalidVersion"),
        (format!("/route/v1/driving/{a}"), "InvalidOptions"),
        (format!("/route/v1/driving/{a};{b}?radiuses=1"), "InvalidOptions"),
        (format!("/route/v1/driving/{a};{b}?radiuses=0;0"), "NoSegment"),
        (format!("/route/v1/driving/{a};{b}?no=1"), "InvalidQuery"),
        (format!("/route/v1/driving/{a};{b}?steps=perhaps"), "InvalidQuery"),
        (format!("/route/v1/driving/{a};{b}?steps=true&steps=true"), "InvalidQuery"),
        (format!("/route/v1/driving/{a};{b}?annotations=true"), "NotImplemented"),
        (format!("/route/v1/driving/{a};{b}?bearings=10,20;"), "NotImplemented"),
        ("/route/v1/driving/here;there".to_owned(), "InvalidQuery"),
        ("/route/v1/driving/1,NaN;2,2".to_owned(), "InvalidQuery"),
        ("/route/v1/driving/polyline(%00)".to_owned(), "InvalidQuery"),
        ("/route/v1/driving/200,1;2,2".to_owned(), "InvalidValue"),
        (format!("/route/v1/zeppelin/{a};{b}"), "InvalidValue"),
        (format!("/route/v1/driving@rush/{a};{b}"), "InvalidValue"),
        ("/route/v1/driving/1,1;2,2".to_owned(), "NoSegment"),
        (format!("/route/v1/driving/{a};{island}"), "NoRoute"),
        (format!("/table/v1/driving/{a};{b};{a};{b}"), "TooBig"),
        (format!("/table/v1/driving/{a};{b}?sources=2"), "InvalidOptions"),
        (format!("/table/v1/driving/{a};{b}?sources=x"), "InvalidQuery"),
        (format!("/table/v1/driving/{a};{b}?annotations=colour"), "InvalidQuery"),
        (format!("/table/v1/driving/{a};{b}?fallback_speed=10"), "NotImplemented"),
        (format!("/nearest/v1/driving/{a};{b}"), "InvalidOptions"),
        (format!("/nearest/v1/driving/{a}?number=0"), "InvalidQuery"),
    ];
    for (url, code) in cases {
        let answer = server.get(&url).with(400);
        assert_eq!(answer["code"], code, "{url}: {answer}");
        assert!(!answer["message"].as_str().unwrap().is_empty());
    }
}

#[test]
fn a_map_alone_needs_vehicles_and_then_answers_as_the_scenario() {
    let (dir, server) = Server::of_scenario(&[]);
    crate::server::run(dir.path(), &["prepare", "region.osm.pbf", "-o", "region.roads", "-q"]);
    let alone = Server::start(dir.path(), &["region.roads", "--vehicles", "vehicles.toml"]);
    let (scenario, _) = matrix(dir.path());
    let url = format!("/table/v1/driving/{}?annotations=cost,duration", coordinates(&scenario));
    let [one, other] = [&server, &alone].map(|server| server.get(&url).with(200));
    assert_eq!(one, other);
    assert_eq!(alone.get("/").status, 404);
    assert_eq!(alone.post_json("/v1/what-if", &serde_json::json!({})).with(409)["error"]["code"], "NoAuction");
    let ended = crate::server::ddu().current_dir(dir.path()).args(["serve", "region.roads"]).output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
}
