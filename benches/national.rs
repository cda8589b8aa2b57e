//! National auctions.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    missing_docs,
    clippy::cast_possible_truncation,
    dead_code,
    unreachable_pub
)]
#[path = "../tests/support/auction.rs"]
mod auction;
use ddu::award::{EngineOptions, award};
struct Say(std::time::Instant);
impl ddu::progress::Progress for Say {
    fn begin(&self, stage: &str, _: Option<u64>) {
        println!("{:?} {stage}", self.0.elapsed());
    }
    fn advance(&self, _: u64) {}
    fn finish(&self, s: &str) {
        println!("{:?}   {s}", self.0.elapsed());
    }
}
fn main() {
    let h: u32 = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(1);
    let a = auction::national(h, 7);
    println!("{} units {} lines", a.scenario.ddus.len(), a.scenario.bids.len());
    let t = std::time::Instant::now();
    let r = award(
        &a.scenario,
        &|h, d| a.haul(h, d),
        EngineOptions { exact_offers: 14, dual_offers: 1500, policy_prices: false },
        &Say(t),
    )
    .unwrap();
    println!("{:?} value {} bound {} gap {:?} {}", t.elapsed(), r.value, r.bound, r.gap_ppm, r.method);
}
