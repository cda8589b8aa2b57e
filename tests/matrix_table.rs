//! matrix.parquet, cell by cell.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, dead_code, unreachable_pub)]

#[path = "support/tiny_scenario.rs"]
mod tiny_scenario;

use ddu::ids::SegmentIx;
use ddu::lonlat::LonLat;
use ddu::matrix::{Matrix, NoPath};
use ddu::network::{NoSnap, Snap};
use ddu::report::{ReportError, Snaps, write_matrix};
use ddu::scenario::Scenario;
use ddu::units::Decimetres;
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::io::{Seek, Write};
use tiny_scenario::{back, ddu, matrices_but, out, plain_day, scenario};

type Snapped = Result<Snap, NoSnap>;

fn at(distance: u32) -> Snapped {
    Ok(Snap {
        segment: SegmentIx(0),
        along: Decimetres(0),
        at: LonLat::default(),
        distance: Decimetres(distance),
        starts: Vec::new(),
        ends: Vec::new(),
        passed_island: false,
    })
}

fn example() -> (Scenario, Vec<Matrix>, Vec<Snapped>, Vec<Snapped>) {
    let mut s = scenario(plain_day());
    s.ddus.push(ddu("E"));
    let cells = matrices_but(&s, Ok(out()), Ok(back()), |_, legs| {
        legs.into_iter().for_each(|way| way[1] = Err(NoPath::OutsideMap { at_hub: false }));
    });
    (s, cells, vec![at(123)], vec![at(5), Err(NoSnap::OutsideMap)])
}

fn write(s: &Scenario, cells: &[Matrix], snaps: &[Snaps<'_>]) -> Result<Vec<u8>, ReportError> {
    let mut out = Vec::new();
    write_matrix(&mut out, s, cells, snaps)?;
    Ok(out)
}

#[test]
fn rows_by_ids_with_units_in_the_names() {
    let (s, cells, hubs, ddus) = example();
    let snaps = Snaps { hubs: &hubs, ddus: &ddus };
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&write(&s, &cells, &[snaps, snaps]).unwrap()).unwrap();
    file.rewind().unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let rows: Vec<String> = reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
    assert_eq!(
        rows[0],
        "{hub_id: \"H\", ddu_id: \"D\", vehicle: \"truck\", departure: \"free_flow\", outbound_status: \"ok\", outbound_usd: 155.000000, \
         outbound_metres: 160934.4, outbound_seconds: 7200.0, outbound_tolls_usd: 8.000000, return_status: \"ok\", \
         return_usd: 77.500000, return_metres: 80467.2, return_seconds: 3600.0, return_tolls_usd: 4.000000, \
         hub_snap_metres: 12.3, ddu_snap_metres: 0.5}"
    );
    assert!(rows[1].contains("vehicle: \"van\""));
    assert_eq!(
        rows[2],
        "{hub_id: \"H\", ddu_id: \"E\", vehicle: \"truck\", departure: \"free_flow\", outbound_status: \"outside_map\", outbound_usd: null, \
         outbound_metres: null, outbound_seconds: null, outbound_tolls_usd: null, return_status: \"outside_map\", \
         return_usd: null, return_metres: null, return_seconds: null, return_tolls_usd: null, \
         hub_snap_metres: 12.3, ddu_snap_metres: null}"
    );
    assert_eq!(rows.len(), 4);
}

#[test]
fn bytes_do_not_depend_on_the_order_of_matrices() {
    let (s, cells, hubs, ddus) = example();
    let near = vec![at(1), at(2)];
    let (truck, van) = (Snaps { hubs: &hubs, ddus: &ddus }, Snaps { hubs: &hubs, ddus: &near });
    let turned: Vec<Matrix> = cells.iter().rev().cloned().collect();
    assert_eq!(write(&s, &cells, &[truck, van]).unwrap(), write(&s, &turned, &[van, truck]).unwrap());
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let (mut s, cells, hubs, ddus) = example();
    let snaps = Snaps { hubs: &hubs, ddus: &ddus };
    assert!(matches!(write(&s, &cells, &[snaps]), Err(ReportError::Mismatch(_))));
    let swapped = Snaps { hubs: &ddus, ddus: &hubs };
    assert!(matches!(write(&s, &cells, &[snaps, swapped]), Err(ReportError::Mismatch(_))));
    s.ddus.pop();
    assert!(matches!(write(&s, &cells, &[snaps, snaps]), Err(ReportError::Mismatch(_))));
    s.vehicles.pop();
    assert!(matches!(write(&s, &cells, &[snaps, snaps]), Err(ReportError::Mismatch(_))));
}
