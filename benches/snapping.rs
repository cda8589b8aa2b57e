//! Building a network and putting points on it, on the sample, and on the real extracts where they are present.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, unreachable_pub, clippy::print_stdout)]

#[path = "../tests/support/mod.rs"]
mod support;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ddu::lonlat::LonLat;
use ddu::network::{Components, Locator, Profile, build};
use ddu::osm::read_extract;
use ddu::progress::Silent;
use ddu::scenario::{MapSettings, Mode};
use std::hint::black_box;
use std::path::Path;
use support::shared::shared;

const POINTS: usize = 1_000;

/// Points spread over the map, each some 70 m from a junction.
fn points(junctions: &[LonLat]) -> Vec<LonLat> {
    let aside = |p: &LonLat| LonLat { lon_e7: p.lon_e7 + 6_000, lat_e7: p.lat_e7 + 5_000 };
    junctions.iter().step_by(junctions.len() / POINTS + 1).map(aside).collect()
}

fn snapping(c: &mut Criterion) {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/region.osm.pbf");
    let mut maps = vec![("sample", read_extract(&sample, &Silent).unwrap())];
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
