//! Customization of the DIMACS New York graph for sixteen profiles equals that of each (skipped without the shared data).
#![allow(missing_docs, clippy::unwrap_used, clippy::cast_possible_truncation, clippy::print_stdout)]

#[path = "support/dimacs_ny.rs"]
mod dimacs_ny;
#[path = "support/graphs.rs"]
mod graphs;
#[path = "support/mod.rs"]
mod support;

use ddu::hierarchy::{Cch, Customized, Packed, Sixteen};
use ddu::network::Weight;

#[test]
fn sixteen_profiles_on_any_number_of_threads() {
    let Some(ny) = dimacs_ny::read() else { return };
    let cch = Cch::new(&ny.first_out, &ny.head, &ny.rank()).unwrap();
    // Coarse costs, so that many paths tie and their lengths, times and tolls decide.
    let weight = |input: u32, lane: u32| {
        let w = ny.weight[input as usize];
        let cost = (w.length / 8 + w.time * lane) / 512;
        Packed::new(Weight { cost, toll: u32::from(input.is_multiple_of(97)), ..w })
    };
    let lanes = |input: u32| Sixteen::new(&std::array::from_fn(|lane| weight(input, lane as u32)));
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let all = pool(1).install(|| Customized::new(&cch, lanes));
    assert!(all == pool(3).install(|| Customized::new(&cch, lanes)), "threads change the weights");
    for lane in [0, 7, 15] {
        let weight = |input| weight(input, lane);
        assert!(all.one(&cch, weight) == Customized::new(&cch, weight), "lane {lane}");
    }
}
