//! The streamed matrix: the same bytes for any tile and any number of threads as when it is held in memory.

use crate::towns::{plain, traffic, window};
use ddu::ids::HubIx;
use ddu::matrix::{Matrix, MatrixError};
use ddu::pipeline::{Prepared, Region, RunError};
use ddu::progress::{Progress, Silent};
use ddu::report::{Snaps, write_matrix};
use ddu::sample::{SampleSettings, region};
use ddu::scenario::{ClosedDirection, ClosedRoad, LoadOptions, Scenario, load};
use std::sync::atomic::{AtomicUsize, Ordering};

/// An invented region of six hubs, ten units (one on an island) and three classes, with two windows and closed roads.
pub fn invented() -> (Scenario, Region) {
    let dir = tempfile::tempdir().unwrap();
    region(&SampleSettings { seed: 7, junctions: 1_000, ddus: 10, bidders: 3 }, dir.path(), &Silent).unwrap();
    let mut scenario = load(&dir.path().join("scenario.toml"), &LoadOptions::default()).scenario.unwrap();
    scenario.settings.traffic = traffic([window("am", 3, 6, 600_000), window("pm", 16, 19, 800_000)]);
    let network = ddu::pipeline::read_network(scenario.hauls.map().unwrap(), &Silent).unwrap().network;
    let mut ways: Vec<i64> = network.segments().iter().map(|s| s.way).collect();
    ways.sort_unstable();
    ways.dedup();
    let close = |way| ClosedRoad { way, direction: ClosedDirection::Both, vehicle: None, note: String::new() };
    scenario.closed_roads = ways.into_iter().step_by(29).map(close).collect();
    let region = Region::open(&mut scenario, &Silent).unwrap();
    (scenario, region)
}

/// The table from plain searches, held in memory.
fn in_memory(scenario: &Scenario, region: &Region) -> (Vec<u8>, Vec<Matrix>) {
    let (mut matrices, mut snaps) = (Vec::new(), Vec::new());
    for v in &region.vehicles {
        for departure in scenario.settings.traffic.departures() {
            let (matrix, points) = plain(&region.network, scenario, v.vehicle, departure);
            matrices.push(matrix);
            snaps.push(points);
        }
    }
    let snaps: Vec<Snaps<'_>> = snaps.iter().map(|[hubs, ddus]| Snaps { hubs, ddus }).collect();
    let mut file = Vec::new();
    write_matrix(&mut file, scenario, &matrices, &snaps).unwrap();
    (file, matrices)
}

#[test]
fn any_tile_and_any_threads_give_the_bytes_of_the_table_in_memory() {
    let (scenario, region) = invented();
    let (expected, matrices) = in_memory(&scenario, &region);
    assert_eq!(matrices.len(), 9);
    assert!(matrices.iter().all(|m| m.missing() > 0 && m.missing() < m.cells()));
    let prepared = Prepared::new(&scenario, &region);
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for hubs in [0, 1, 2, 4, 1_000] {
            let mut file = Vec::new();
            pool.install(|| {
                let tiles = prepared.tiles(&scenario, &Silent).unwrap().with_hubs_at_once(hubs);
                tiles.write(&mut file, &Silent).unwrap();
            });
            assert!(file == expected, "{threads} threads, {hubs} hubs at once");
        }
    }
    // Few plain searches where there is no hierarchy: the same file again.
    let mut few = scenario.clone();
    few.settings.traffic.windows.clear();
    few.settings.cost.vehicles = vec![few.vehicles[0].name.clone()];
    few.hubs.truncate(1);
    let file = |prepared: &Prepared<'_>| {
        let mut file = Vec::new();
        prepared.tiles(&few, &Silent).unwrap().write(&mut file, &Silent).unwrap();
        file
    };
    let one = Region::place(read(&region), &mut few.clone(), &Silent).unwrap();
    let hierarchy = ddu::hierarchy::RoadHierarchy::new(&region.network).unwrap();
    let map = ddu::pipeline::ReadNetwork { hierarchy: Some(hierarchy), ..read(&region) };
    let prepared = Region::place(map, &mut few.clone(), &Silent).unwrap();
    assert!(file(&Prepared::new(&few, &one)) == file(&Prepared::new(&few, &prepared)));
}

fn read(region: &Region) -> ddu::pipeline::ReadNetwork {
    ddu::pipeline::ReadNetwork { network: region.network.clone(), hierarchy: None, counts: region.counts.clone() }
}

#[test]
fn free_flow_is_as_if_there_were_no_windows() {
    let (scenario, region) = invented();
    let mut plain = scenario.clone();
    plain.settings.traffic.windows.clear();
    let prepared = Prepared::new(&plain, &region);
    let without = prepared.matrices(&plain, &Silent).unwrap().matrices;
    assert_eq!(without.len(), 3);
    let (_, all) = in_memory(&scenario, &region);
    assert!(without.iter().eq(all.iter().filter(|m| m.departure.0 == 0)));
    let hub = HubIx(0);
    let slower = all.iter().filter(|m| m.departure.0 == 1).zip(&without).any(|(am, free)| {
        let time = |m: &Matrix| m.outbound(hub, ddu::ids::DduIx(5)).map(|p| p.time.0).unwrap_or(0);
        time(am) > time(free)
    });
    assert!(slower);
}

/// Stops at the n-th look.
struct Impatient(AtomicUsize);

impl Progress for Impatient {
    fn begin(&self, _: &str, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
    fn finish(&self, _: &str) {}
    fn cancelled(&self) -> bool {
        self.0.fetch_sub(1, Ordering::SeqCst) <= 1
    }
}

#[test]
fn the_wish_to_stop_is_honoured_between_tiles() {
    let (scenario, region) = invented();
    let prepared = Prepared::new(&scenario, &region);
    let tiles = prepared.tiles(&scenario, &Silent).unwrap().with_hubs_at_once(1);
    // Six hubs × nine lanes × two directions of looks, one more at the end.
    for look in [1, 2, 30, 100, 109] {
        let stopped = tiles.write(&mut Vec::new(), &Impatient(AtomicUsize::new(look))).unwrap_err();
        let interrupted = matches!(stopped, RunError::Interrupted | RunError::Matrix(MatrixError::Interrupted));
        assert!(interrupted, "{stopped}");
    }
    tiles.write(&mut Vec::new(), &Impatient(AtomicUsize::new(110))).unwrap();
}
