//! Trucks go where trucks may: limits of the sample's roads cost them money, never save any.

use ddu::ids::{DduIx, HubIx, VehicleIx};
use ddu::matrix::Matrix;
use ddu::pipeline::{Region, matrices};
use ddu::progress::Silent;
use ddu::scenario::{LoadOptions, Mode, Scenario, VehicleClass, load};
use std::path::Path;

fn sample() -> Scenario {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/scenario.toml");
    load(&file, &LoadOptions::default()).scenario.unwrap()
}

fn class(scenario: &Scenario, name: &str) -> VehicleIx {
    VehicleIx::from_index(scenario.vehicles.iter().position(|v| v.name == name).unwrap())
}

fn computed(mut scenario: Scenario) -> (Scenario, Vec<Matrix>) {
    let region = Region::open(&mut scenario, &Silent).unwrap();
    let matrices = matrices(&scenario, &region, &Silent).unwrap();
    (scenario, matrices)
}

/// Money and decimetres from every hub to every unit, where there is a path.
fn outbound(scenario: &Scenario, matrices: &[Matrix], vehicle: VehicleIx) -> Vec<Option<(i64, u32)>> {
    let matrix = matrices.iter().find(|m| m.vehicle == vehicle).unwrap();
    let cells = (0..scenario.hubs.len()).flat_map(|h| (0..scenario.ddus.len()).map(move |d| (h, d)));
    cells
        .map(|(h, d)| matrix.outbound(HubIx::from_index(h), DduIx::from_index(d)).ok())
        .map(|path| path.map(|p| (p.money.0, p.length.0)))
        .collect()
}

#[test]
fn a_van_and_a_truck_drive_different_roads() {
    let (scenario, matrices) = computed(sample());
    let of = |name| outbound(&scenario, &matrices, class(&scenario, name));
    let (van, truck) = (of("cargo_van"), of("box_truck_26ft"));
    let differ = van.iter().zip(&truck).filter(|(a, b)| a.zip(**b).is_some_and(|(a, b)| a.1 != b.1)).count();
    assert!(differ > 10, "{differ} of {} cells", van.len());
}

#[test]
fn limits_only_ever_cost() {
    let mut scenario = sample();
    let truck = class(&scenario, "box_truck_26ft");
    let real = scenario.vehicles[truck.index()].clone();
    // The same rates and speeds without length, height or weight worth mentioning, and not counted as a truck.
    let ghost = VehicleClass {
        name: "zz_ghost".to_owned(),
        mode: Mode::Motorcar,
        length_mm: 1_000,
        height_mm: 1_000,
        width_mm: 1_000,
        weight_kg: 1_000,
        ..real
    };
    scenario.vehicles.push(ghost);
    let (scenario, matrices) = computed(scenario);
    let limited = outbound(&scenario, &matrices, truck);
    let free = outbound(&scenario, &matrices, class(&scenario, "zz_ghost"));
    let mut dearer = 0;
    for (limited, free) in limited.iter().zip(&free) {
        let Some((money, _)) = limited else { continue };
        let (least, _) = free.expect("a truck's path is open to all");
        assert!(least <= *money, "{least} {money}");
        dearer += usize::from(least < *money);
    }
    assert!(dearer > 10, "{dearer} of {} cells", free.len());
}
