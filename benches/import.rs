//! Map import: whole files to extracts, beside another reader's plain pass over the same elements.
//!
//! Real extracts are looked for in `$DDU_SHARED_DATA`, else in `../shared/data`, and left out where absent.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, unreachable_pub)]

#[path = "../tests/support/shared.rs"]
mod shared;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use ddu::osm::read_extract;
use ddu::progress::Silent;
use osmpbfreader::{OsmObj, OsmPbfReader};
use std::fs::{self, File};
use std::hint::black_box;
use std::path::Path;

/// Counts nodes and references: the least that makes the other reader decode everything once.
fn plain_read(path: &Path) -> usize {
    let count = |object: OsmObj| match object {
        OsmObj::Node(_) => 1,
        OsmObj::Way(way) => way.nodes.len(),
        OsmObj::Relation(relation) => relation.refs.len(),
    };
    OsmPbfReader::new(File::open(path).unwrap()).iter().map(|object| count(object.unwrap())).sum()
}

fn import(c: &mut Criterion) {
    let sample = Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/region.osm.pbf"));
    let real = ["columbus-oh.osm.pbf", "ny-metro.osm.pbf"].map(|name| (name, shared::shared(name)));
    for (name, path) in std::iter::once(("sample", sample)).chain(real) {
        let Some(path) = path else { continue };
        let mut group = c.benchmark_group(format!("import/{name}"));
        group.sample_size(10).throughput(Throughput::Bytes(fs::metadata(&path).unwrap().len()));
        for threads in [1, 2] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            group.bench_with_input(BenchmarkId::new("read_extract", threads), &path, |b, path| {
                b.iter(|| pool.install(|| black_box(read_extract(path, &Silent).unwrap().ways.len())));
            });
        }
        group.bench_with_input(BenchmarkId::new("osmpbfreader, one plain pass", 1), &path, |b, path| {
            b.iter(|| black_box(plain_read(path)));
        });
        group.finish();
    }
}

criterion_group!(benches, import);
criterion_main!(benches);
