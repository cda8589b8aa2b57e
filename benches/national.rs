//! A national auction: `cargo bench --bench national -- 10 [levels] [plain SECONDS]` at a scale in hundredths, or with the
//! scenario of a sample (`ddu sample n10 --national 10`) in place of the scale. `levels` explains every loser and prices
//! the rules as well; `plain` gives the whole to HiGHS for comparison, in its compact model, and ends its runs after so many
//! seconds. Time and gap are printed and decide nothing.
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
use ddu::cost::{HaulSource, TabledHauls};
use ddu::progress::Progress;
use ddu::scenario::{LoadOptions, load};
use std::path::Path;
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
    let has = |word: &str| args.iter().any(|a| a == word);
    let seconds = args.iter().skip_while(|a| *a != "plain").nth(1).and_then(|a| a.parse().ok());
    let named = args.iter().find(|a| a.ends_with(".toml"));
    let scale = args.first().and_then(|a| a.parse().ok()).unwrap_or(1);
    let read = named.map(|path| load(Path::new(path), &LoadOptions { lenient: true }).scenario.unwrap());
    let made = auction::national(if read.is_some() { 1 } else { scale }, 7);
    let mut scenario = read.unwrap_or_else(|| made.scenario.clone());
    scenario.settings.award.winning_levels = has("levels");
    if has("plain") {
        scenario.settings.award.time_limit_s = seconds;
    }
    let defaults = EngineOptions::default();
    let dual_offers = if has("plain") { usize::MAX } else { defaults.dual_offers };
    let options = EngineOptions { dual_offers, policy_prices: has("levels"), ..defaults };
    println!("{} units, {} lines", scenario.ddus.len(), scenario.bids.len());
    let tabled = TabledHauls::of(&scenario).filter(|_| named.is_some());
    let haul = |hub, unit| match &tabled {
        Some(tabled) => tabled.get(hub, unit).map_err(|e| e.to_string()),
        None => made.haul(hub, unit),
    };
    let start = Instant::now();
    let found = award(&scenario, &haul, options, &Stages(start)).unwrap();
    println!(
        "{:9.2?}  value {}, bound {}, gap {:?} ppm; {}",
        start.elapsed(),
        found.value,
        found.bound,
        found.gap_ppm,
        found.method
    );
}
