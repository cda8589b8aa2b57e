//! Building a network and putting points on it, on the real extracts where they are present, else on a drawn grid.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, unreachable_pub, clippy::print_stdout)]

#[path = "../tests/support/mod.rs"]
mod support;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ddu::lonlat::LonLat;
use ddu::network::{Components, Locator, Profile, build};
use ddu::osm::{Extract, RawMap, RawNode, RawWay, assemble, read_extract};
use ddu::progress::Silent;
use ddu::scenario::{MapSettings, Mode};
use std::hint::black_box;
use support::shared::shared;

const POINTS: usize = 1_000;

/// A square of residential streets, 100 m apart.
fn grid(side: i64) -> Extract {
    let node = |row: i64, column: i64| row * side + column;
    let at = |row: i64, column: i64| LonLat {
        lon_e7: -830_000_000 + i32::try_from(column).unwrap() * 11_740,
        lat_e7: 400_000_000 + i32::try_from(row).unwrap() * 8_993,
    };
    let places = || (0..side).flat_map(move |row| (0..side).map(move |column| (row, column)));
    let nodes = places().map(|(r, c)| RawNode { id: node(r, c), at: at(r, c), tags: vec![] }).collect();
    let street = |id, refs| RawWay { id, refs, tags: vec![("highway".to_owned(), "residential".to_owned())] };
    let rows = (0..side).map(|r| street(r, (0..side).map(|c| node(r, c)).collect()));
    let columns = (0..side).map(|c| street(side + c, (0..side).map(|r| node(r, c)).collect()));
    assemble(&RawMap { nodes, ways: rows.chain(columns).collect(), ..RawMap::default() }).unwrap()
}

/// Points spread over the map, each some 70 m from a junction.
fn points(junctions: &[LonLat]) -> Vec<LonLat> {
    let aside = |p: &LonLat| LonLat { lon_e7: p.lon_e7 + 6_000, lat_e7: p.lat_e7 + 5_000 };
    junctions.iter().step_by(junctions.len() / POINTS + 1).map(aside).collect()
}

fn snapping(c: &mut Criterion) {
    let mut maps = vec![("grid", grid(100))];
    for (name, file) in [("columbus", "columbus-oh.osm.pbf"), ("new_york", "ny-metro.osm.pbf")] {
        if let Some(path) = shared(file) {
            maps.push((name, read_extract(&path, &Silent).unwrap()));
        }
    }
    for (name, extract) in &maps {
        let mut group = c.benchmark_group(*name);
        group.sample_size(10);
        group.bench_function("build", |b| b.iter(|| build(black_box(extract), &Silent).unwrap()));
        let network = build(extract, &Silent).unwrap();
        let profile = Profile::metres_only(&network, Mode::Hgv).unwrap();
        group.bench_function("components", |b| b.iter(|| Components::new(&network, black_box(&profile))));
        let components = Components::new(&network, &profile);
        group.bench_function("r_tree", |b| b.iter(|| Locator::new(black_box(&network))));
        let locator = Locator::new(&network);
        let (points, settings) = (points(network.junctions()), MapSettings::default());
        group.throughput(Throughput::Elements(points.len() as u64));
        group.bench_function("snap", |b| {
            b.iter(|| points.iter().filter(|p| locator.snap(**p, &profile, &components, &settings).is_ok()).count());
        });
        group.finish();
    }
}

criterion_group!(benches, snapping);
criterion_main!(benches);
