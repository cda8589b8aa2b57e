//! `.roads` files: preparing a map, stage by stage, and opening it again with all its checks.
//!
//! The files lie in the page cache; a disk adds the time to read them once. New York is left out without shared data.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, missing_docs, unreachable_pub)]

#[path = "../tests/support/shared.rs"]
mod shared;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ddu::hierarchy::order::{edge_based, planar};
use ddu::hierarchy::{Cch, RoadHierarchy};
use ddu::network::{Components, Locator, Profile, RoadNetwork, build};
use ddu::osm::{ImportCounts, read_extract};
use ddu::pipeline::PreparedMap;
use ddu::progress::Silent;
use ddu::scenario::Mode;
use std::hint::black_box;
use std::path::Path;

/// Rows of the routing graph and the rank of its nodes, as the hierarchy is made of them.
fn ordered(network: &RoadNetwork) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
    let roads: Vec<(u32, u32)> = network.segments().iter().map(|s| (s.from.0, s.to.0)).collect();
    let arcs: Vec<u32> = network.arcs().map(|a| a.0).collect();
    let mut first_arc = vec![0; roads.len() + 1];
    arcs.iter().for_each(|a| first_arc[network.arc(ddu::ids::ArcIx(*a)).segment.index() + 1] += 1);
    (0..roads.len()).for_each(|s| first_arc[s + 1] += first_arc[s]);
    let (mut first_out, mut head) = (vec![0], Vec::new());
    for arc in network.arcs() {
        head.extend(network.turns_from(arc).map(|(_, to)| to.0));
        first_out.push(u32::try_from(head.len()).unwrap());
    }
    let order = edge_based(&planar(network.junctions()), &roads, &first_arc, &arcs).unwrap();
    (first_out, head, order.rank)
}

fn roads_file(c: &mut Criterion) {
    let sample = Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/region.osm.pbf"));
    let folder = tempfile::tempdir().unwrap();
    for (name, path) in [("sample", sample), ("new_york", shared::shared("ny-metro.osm.pbf"))] {
        let Some(path) = path else { continue };
        let network = build(&read_extract(&path, &Silent).unwrap(), &Silent).unwrap();
        let (first_out, head, rank) = ordered(&network);
        let mut group = c.benchmark_group(format!("roads_file/{name}"));
        group.sample_size(10);
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            group.bench_function(format!("order, {threads} threads"), |b| {
                b.iter(|| pool.install(|| ordered(black_box(&network))));
            });
            group.bench_function(format!("contract, {threads} threads"), |b| {
                b.iter(|| pool.install(|| Cch::new(&first_out, &head, &rank).unwrap()));
            });
        }
        let hierarchy = RoadHierarchy::new(&network).unwrap();
        let map =
            PreparedMap { network, hierarchy, source_fingerprint: String::new(), counts: ImportCounts::default() };
        let file = folder.path().join("map.roads");
        let length = map.save(&file).unwrap();
        eprintln!("{name}: {length} bytes");
        group.throughput(Throughput::Bytes(length));
        group.bench_function("save", |b| b.iter(|| map.save(&file).unwrap()));
        group.bench_function("open", |b| b.iter(|| PreparedMap::load(&file).unwrap()));
        let opened = PreparedMap::load(&file).unwrap();
        group.bench_function("open to the first query", |b| {
            b.iter(|| {
                let map = PreparedMap::load(&file).unwrap();
                let profile = Profile::metres_only(&map.network, Mode::Hgv).unwrap();
                let components = Components::new(&map.network, &profile);
                drop(black_box(Locator::new(&map.network)));
                components.count()
            });
        });
        assert!(opened.is_mapped());
        group.finish();
    }
}

criterion_group!(benches, roads_file);
criterion_main!(benches);
