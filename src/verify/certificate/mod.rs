//! The bound, worked out again from the multipliers of `certificate.csv`, exactly and in integers.
//!
//! Lagrangian duality (Geoffrion 1974): rules with prices λ ≥ 0 are paid for instead of kept, and a package over several
//! units is split into shares that together are worth at least the package. What is left falls apart into units, each
//! searched exactly ([`unit`]). `docs/outputs.md` states the formula. Amounts here are in 2⁻²⁰ micro-dollars.

mod prices;
mod unit;

use super::case::Case;
use super::findings::{Fault, Findings};
use super::manifest::Manifest;
use super::money::usd;
use super::objective::{Proof, Status};
use super::standing::{Chance, Standing, chance};
use super::table::{Row, Table};
use crate::diagnostics::Code;
use crate::ids::{BidIx, BidderIx, DduIx};
use prices::Prices;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(super) const FILE: &str = "certificate.csv";

const COLUMNS: [&str; 5] = ["leaf", "kind", "name", "ddu_id", "amount"];

/// Amounts of a micro-dollar, and of the 1/256 micro-dollar in which shares are written.
const MICRO: i128 = 1 << 20;
const SHARE: i128 = MICRO / 256;

/// A part of the certificate: bidders that win or lose everything in it, prices, shares.
#[derive(Debug, Default)]
struct Leaf {
    bound: Option<i128>,
    decided: BTreeMap<BidderIx, bool>,
    prices: BTreeMap<String, i128>,
    shares: BTreeMap<(BidIx, DduIx), i128>,
    charges: BTreeMap<(BidderIx, DduIx), i128>,
}

/// Recomputes the bound if there is a certificate, and tells what the bound rests on.
pub(super) fn check(
    folder: &Path,
    case: &Case<'_>,
    standings: &[Standing],
    (manifest, proof): (&Manifest, &Proof),
    findings: &mut Findings,
) {
    if proof.status == Status::Infeasible {
        return;
    }
    const KEY: [&str; 2] = ["award", "multiplier_bound_usd"];
    let proven = manifest.at(&KEY).as_str().is_some();
    let Some(table) = Table::open(folder, FILE, &COLUMNS, findings).filter(|_| proven) else {
        findings.check(!proven && !folder.join(FILE).exists(), Code::CertificateWrong, &manifest.file, || {
            Fault::whole(format!("`{}` and certificate.csv do not go together", KEY.join(".")), "one needs the other")
        });
        findings.notes.push("bound not recomputed: proven by search".to_owned());
        return;
    };
    let leaves = read(&table, case, findings);
    let Some(claimed) = manifest.usd(findings, &KEY) else { return };
    let fault = |message: String| Fault::whole(message, "docs/outputs.md: the certificate of a bound");
    let sets: Vec<&BTreeMap<BidderIx, bool>> = leaves.values().map(|leaf| &leaf.decided).collect();
    table.check(findings, cover(&sets, &BTreeSet::new()), Code::CertificateWrong, || {
        fault("some awards belong to no leaf".to_owned())
    });
    let greatest = leaves.values().filter_map(|leaf| leaf.bound).max();
    table.check(findings, greatest == Some(claimed), Code::CertificateWrong, || {
        fault(format!("the greatest bound of a leaf is not the {} USD of the manifest", usd(claimed)))
    });
    table.check(findings, proof.bound <= claimed, Code::BoundWrong, || {
        fault(format!("the manifest's bound of {} USD is weaker than its certificate", usd(proof.bound)))
    });
    let chances: Vec<Chance> = (0..case.scenario.bids.len())
        .into_par_iter()
        .map(|at| chance(case, standings, BidIx::from_index(at)))
        .collect();
    let market = unit::Market::new(case, standings, &chances);
    let mut open = 0;
    for (number, leaf) in &leaves {
        let wrong = |findings: &mut Findings, holds: bool, message: &dyn Fn() -> String| {
            table.check(findings, holds, Code::CertificateWrong, || fault(format!("leaf {number}: {}", message())));
        };
        wrong(findings, leaf.charges.values().all(|charge| *charge >= 0), &|| "a charge is negative".to_owned());
        let known = leaf.charges.keys().all(|(bidder, _)| !leaf.decided.contains_key(bidder));
        wrong(findings, known, &|| "a bidder is charged of whom the leaf says whether it wins".to_owned());
        let prices = match Prices::new(case, &leaf.prices, &leaf.decided) {
            Ok(prices) => prices,
            Err(defect) => {
                wrong(findings, false, &|| defect.clone());
                continue;
            }
        };
        for (bid, lines) in market.spread.iter().filter(|(bid, _)| !leaf.loses(case, **bid)) {
            let shares: i128 = lines.ddus.iter().filter_map(|ddu| leaf.shares.get(&(*bid, *ddu))).sum();
            let worth = lines.value * MICRO - prices.of_lines(case, &lines.volumes);
            wrong(findings, shares * SHARE >= worth, &|| {
                format!("the shares of the package of `{}` do not add up to its value", case.line(*bid).id)
            });
        }
        let charge = |bidder, ddu| leaf.charges.get(&(bidder, ddu)).copied().unwrap_or(0) * SHARE;
        let (sum, stopped) = market.best(case, &prices, &|bid| leaf.loses(case, bid), &leaf.shares, &charge);
        open += stopped;
        // A bidder that may win or lose: its charges pay for its minimum volume, and what is left over counts.
        let mut charged: BTreeMap<BidderIx, i128> = BTreeMap::new();
        leaf.charges.iter().for_each(|((bidder, _), charge)| *charged.entry(*bidder).or_default() += charge * SHARE);
        let over = |(bidder, charged): (&BidderIx, &i128)| (charged - prices.of_undecided(case, *bidder)).max(0);
        let over: i128 = charged.iter().map(over).sum();
        let bound = (sum + prices.right_sides() + over).div_euclid(MICRO);
        wrong(findings, stopped > 0 || leaf.bound.is_some_and(|told| bound <= told), &|| {
            let told = leaf.bound.map_or_else(|| "none".to_owned(), usd);
            format!("the bound that follows is {} USD, told is {told}", usd(bound))
        });
    }
    findings.notes.push(match open {
        0 if proof.bound == claimed => "bound recomputed from certificate.csv".to_owned(),
        0 => format!("bound of {} USD recomputed from certificate.csv; the rest is proven by search", usd(claimed)),
        n => format!("bound not recomputed: {n} units of certificate.csv are too large to search"),
    });
}

impl Leaf {
    fn loses(&self, case: &Case<'_>, bid: BidIx) -> bool {
        self.decided.get(&case.line(bid).bidder) == Some(&false)
    }
}

fn read(table: &Table, case: &Case<'_>, findings: &mut Findings) -> BTreeMap<u64, Leaf> {
    let mut leaves: BTreeMap<u64, Leaf> = BTreeMap::new();
    table.rows(findings, |row, found| {
        let Some(number) = row.count::<u64>(found, "leaf") else { return };
        let fits = add(row, case, leaves.entry(number).or_default());
        row.check(found, fits.is_some(), Code::CertificateWrong, || {
            Fault::whole(
                "the row cannot be used, or is given twice".to_owned(),
                "docs/outputs.md lists the kinds of rows",
            )
        });
    });
    leaves
}

fn add(row: &Row<'_>, case: &Case<'_>, leaf: &mut Leaf) -> Option<()> {
    let (name, amount) = (row.cell("name"), || row.cell("amount").parse::<i64>().ok().map(i128::from));
    let once = match row.cell("kind") {
        "bound" => leaf.bound.replace(amount()?).is_none(),
        wins @ ("wins" | "loses") => leaf.decided.insert(*case.ids.bidders.get(name)?, wins == "wins").is_none(),
        "price" => leaf.prices.insert(name.to_owned(), amount()?).is_none(),
        "share" => {
            let at = (*case.ids.bids.get(name)?, *case.ids.ddus.get(row.cell("ddu_id"))?);
            leaf.shares.insert(at, amount()?).is_none()
        }
        "charge" => {
            let at = (*case.ids.bidders.get(name)?, *case.ids.ddus.get(row.cell("ddu_id"))?);
            leaf.charges.insert(at, amount()?).is_none()
        }
        _ => false,
    };
    once.then_some(())
}

/// True when each way to decide belongs to one of the sets: some bidder is decided in all of them, and both of its
/// halves are covered again.
fn cover(sets: &[&BTreeMap<BidderIx, bool>], done: &BTreeSet<BidderIx>) -> bool {
    if sets.iter().any(|set| set.keys().all(|bidder| done.contains(bidder))) {
        return true;
    }
    let Some(first) = sets.first() else { return false };
    let split = first.keys().find(|b| !done.contains(b) && sets.iter().all(|set| set.contains_key(b)));
    split.is_some_and(|bidder| {
        let done = done.iter().chain([bidder]).copied().collect();
        [true, false].into_iter().all(|wins| {
            let half: Vec<_> = sets.iter().copied().filter(|set| set.get(bidder) == Some(&wins)).collect();
            cover(&half, &done)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_must_cover_all_decisions() {
        let covers = |leaves: &[&[(u32, bool)]]| {
            let sets: Vec<BTreeMap<BidderIx, bool>> =
                leaves.iter().map(|leaf| leaf.iter().map(|(b, wins)| (BidderIx(*b), *wins)).collect()).collect();
            cover(&sets.iter().collect::<Vec<_>>(), &BTreeSet::new())
        };
        assert!(covers(&[&[]]));
        assert!(covers(&[&[(1, true)], &[(1, false), (2, true)], &[(1, false), (2, false)]]));
        assert!(!covers(&[]));
        assert!(!covers(&[&[(1, true)]]));
        assert!(!covers(&[&[(1, true)], &[(1, false), (2, true)]]));
        assert!(!covers(&[&[(1, true)], &[(2, false)]]));
    }
}
