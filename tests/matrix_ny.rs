//! The matrix on a real metro: 49 hubs × 504 units against answers computed independently on the DIMACS graph.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs, dead_code, unreachable_pub)]

#[path = "support/ny.rs"]
mod ny;
#[path = "support/shared.rs"]
mod shared;

use ddu::ids::VehicleIx;
use ddu::matrix::compute;
use ddu::progress::Silent;

#[test]
fn distances_agree_with_the_known_answers() {
    let Some(ny) = ny::new_york() else { return };
    assert_eq!((ny.hubs.len(), ny.ddus.len()), (49, 504));
    for snap in ny.hubs.iter().chain(&ny.ddus) {
        assert!(snap.as_ref().unwrap().distance.0 <= 1, "points are nodes of the map");
    }
    let matrix = compute(&ny.network, &ny.profile, VehicleIx(0), &ny.hubs, &ny.ddus, &Silent).unwrap();
    let (mut worst, mut sum, mut count) = (0.0f64, 0.0, 0u32);
    for (cell, (known, legs)) in ny.distances.iter().zip(matrix.legs()).enumerate() {
        let [found, back] = legs.map(|leg| leg.unwrap().length.0);
        // Every road is two-way and turns are free, so the way back is as long.
        assert_eq!(back, found, "cell {cell}");
        // 0.1 %; below a kilometre one decimetre more, as both sides round each road to the decimetre.
        let slack = if *known < 10_000 { 1_000 } else { 0 };
        let off = u64::from(found.abs_diff(*known)) * 1_000;
        assert!(off <= u64::from(*known) + slack, "cell {cell}: {found} instead of {known}");
        assert!(*known != 0 || found == 0, "cell {cell}: hub and unit stand on one junction");
        if *known >= 10_000 {
            let deviation = f64::from(found.abs_diff(*known)) / f64::from(*known);
            worst = worst.max(deviation);
            sum += deviation;
            count += 1;
        }
    }
    println!("{count} distances of 1 km or more: deviation at most {worst:.6}, mean {:.6}", sum / f64::from(count));
}
