//! A national auction at a scale in hundredths: `cargo bench --bench national -- 10 [levels] [plain]`. `levels` explains
//! every loser as well; `plain` gives the whole to HiGHS for comparison. Time and gap are printed and decide nothing.
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
use ddu::progress::Progress;
use std::time::Instant;

struct Stages(Instant);

impl Progress for Stages {
    fn begin(&self, stage: &str, _: Option<u64>) {
        println!("{:9.2?}  {stage}", self.0.elapsed());
    }
    fn advance(&self, _: u64) {}
    fn finish(&self, summary: &str) {
        println!("{:9.2?}    {summary}", self.0.elapsed());
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let scale = args.iter().find_map(|a| a.parse().ok()).unwrap_or(1);
    let has = |word: &str| args.iter().any(|a| a == word);
    let mut a = auction::national(scale, 7);
    a.scenario.settings.award.winning_levels = has("levels");
    let defaults = EngineOptions::default();
    let dual_offers = if has("plain") { usize::MAX } else { defaults.dual_offers };
    let options = EngineOptions { dual_offers, policy_prices: has("levels"), ..defaults };
    println!("{} units, {} lines", a.scenario.ddus.len(), a.scenario.bids.len());
    let start = Instant::now();
    let found = award(&a.scenario, &|h, d| a.haul(h, d), options, &Stages(start)).unwrap();
    println!(
        "{:9.2?}  value {}, bound {}, gap {:?} ppm; {}",
        start.elapsed(),
        found.value,
        found.bound,
        found.gap_ppm,
        found.method
    );
}
