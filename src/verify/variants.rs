//! `scenario_awards.csv` and `scenarios.csv`: the award of each variant, held against the policy it names, and its sums.
//!
//! Each variant makes a scenario of its own; its winners are checked like those of the award. Under other prices of fuel
//! and wages the hauls are others than those of `hauls.csv`: their cost is taken as given, everything else follows.

use super::awards::{Winners, allowed, amounts, fields, together};
use super::case::{Case, Ids};
use super::findings::{Fault, Findings};
use super::money::{Money, hauled, usd};
use super::objective::Proof;
use super::rules::{Used, group};
use super::standing::standings;
use super::table::{Row, Table};
use crate::diagnostics::Code;
use crate::ids::{BidIx, BidderIx, DduIx};
use crate::scenario::{Scenario, Variant};
use crate::units::{MicroDollars, Ppm, round_div};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

const AWARD_COLUMNS: [&str; 15] = [
    "variant",
    "bid_id",
    "bidder_id",
    "package_id",
    "ddu_id",
    "hub_id",
    "volume_pieces",
    "vehicle",
    "trips",
    "spend_usd",
    "injection_usd",
    "revenue_usd",
    "attributable_usd",
    "contribution_usd",
    "value_usd",
];

const COLUMNS: [&str; 21] = [
    "variant",
    "objective",
    "status",
    "value_usd",
    "bound_usd",
    "gap_ppm",
    "difference_usd",
    "awards",
    "winners",
    "units_without_award",
    "awarded_pieces",
    "spend_usd",
    "injection_usd",
    "revenue_usd",
    "attributable_usd",
    "contribution_usd",
    "largest_group",
    "largest_group_share_percent",
    "not_viable",
    "pieces_gained",
    "pieces_lost",
];

/// Pieces by bidder and unit.
pub(super) type Brought = BTreeMap<(BidderIx, DduIx), u64>;

/// What winners bring.
pub(super) fn brought(case: &Case<'_>, winners: &Winners) -> Brought {
    let mut brought = Brought::new();
    for (bid, volume) in &winners.volumes {
        let line = case.line(*bid);
        *brought.entry((line.bidder, line.ddu)).or_default() += u64::from(*volume);
    }
    brought
}

/// An amount of money as a table shows it.
pub(super) fn micros(text: &str) -> Option<i128> {
    MicroDollars::parse(text).ok().map(|money| i128::from(money.amount.0))
}

/// Checks both tables.
pub(super) fn check(folder: &Path, case: &Case<'_>, winners: &Winners, proof: &Proof, findings: &mut Findings) {
    let variants = &case.scenario.settings.variants;
    if variants.is_empty() {
        return;
    }
    let names: Vec<&str> = std::iter::once(Variant::BASE).chain(variants.iter().map(|v| v.name.as_str())).collect();
    let Some(awards) = expected(folder, "scenario_awards.csv", &AWARD_COLUMNS, findings) else { return };
    let Some(scenarios) = expected(folder, "scenarios.csv", &COLUMNS, findings) else { return };
    awards.rows(findings, |row, found| {
        row.check(found, names.contains(&row.cell("variant")), Code::RunRowUnknown, || {
            Fault::differs("variant", row.cell("variant"), "base or a variant", "rows are of variants of the scenario")
        });
    });
    let infeasible = infeasible(&scenarios);
    let base = of_variant(&awards, case, Variant::BASE, true, &infeasible, findings);
    awards.check(findings, base.volumes == winners.volumes, Code::AwardFieldDiffers, || {
        Fault::whole("the rows of base are not those of awards.csv".to_owned(), "base is the award itself")
    });
    let mut sums = vec![Sums::of(case, &base, &base)];
    let mut given = 0;
    for variant in variants {
        let changed: Scenario = case.scenario.under(variant);
        let own = Case::new(&changed, Ids::new(&changed), Arc::clone(&case.hauls));
        let won = of_variant(&awards, &own, &variant.name, variant.keeps_rates(), &infeasible, findings);
        sums.push(Sums::of(&own, &won, &base));
        given += usize::from(!variant.keeps_rates());
    }
    if given > 0 {
        findings.notes.push(format!(
            "injection costs of {given} variants not recomputed: their prices of fuel or wages are not those of hauls.csv"
        ));
    }
    let mut at = 0;
    scenarios.rows(findings, |row, found| {
        let name = names.get(at).copied();
        row.check(found, name == Some(row.cell("variant")), Code::RunRowUnknown, || {
            let rule = "one row a variant in the order of the scenario, the base first";
            Fault::differs("variant", row.cell("variant"), name.unwrap_or("no row"), rule)
        });
        if let (Some(_), Some(sums)) = (name, sums.get(at)) {
            let of =
                at.checked_sub(1).and_then(|at| variants.get(at)).map_or(&case.scenario.settings.award, |v| &v.award);
            let same_money = of.objective == case.scenario.settings.award.objective;
            row.expect(found, Code::SumDiffers, "objective", of.objective.word(), "the variant's objective");
            sums.check(row, found);
            let tolerance = of.gap_tolerance;
            proven(row, sums.value, tolerance, found);
            let difference = if same_money { usd(sums.value - proof.value) } else { String::new() };
            row.expect(found, Code::SumDiffers, "difference_usd", &difference, "value less that of the base");
            if at == 0 {
                row.expect(found, Code::ObjectiveDiffers, "value_usd", &usd(proof.value), "the objective of the award");
            }
        }
        at += 1;
    });
    scenarios.check(findings, at == names.len(), Code::RunRowMissing, || {
        let rule = "one row a variant, and one of the base";
        Fault::differs("variant", &format!("{at} rows"), &format!("{} rows", names.len()), rule)
    });
}

/// A table that the settings ask for.
pub(super) fn expected(folder: &Path, name: &str, columns: &[&str], findings: &mut Findings) -> Option<Table> {
    let file = Arc::new(folder.join(name));
    findings.check(file.is_file(), Code::RunFileMissing, &file, || {
        Fault::whole(format!("`{name}` is missing"), "the scenario asks for it")
    });
    Table::open(folder, name, columns, findings)
}

/// Variants that no award obeys, as their rows say.
fn infeasible(scenarios: &Table) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    scenarios.rows(&mut Findings::default(), |row, _| {
        if row.cell("status") == "infeasible" {
            names.insert(row.cell("variant").to_owned());
        }
    });
    names
}

/// The winners of a variant, each checked by itself and all together.
fn of_variant(
    table: &Table,
    case: &Case<'_>,
    name: &str,
    hauls_known: bool,
    infeasible: &BTreeSet<String>,
    findings: &mut Findings,
) -> Winners {
    let mut winners = Winners::default();
    let standings = standings(case);
    table.rows(&mut Findings::default(), |row, _| {
        if row.cell("variant") != name {
            return;
        }
        let found = &mut *findings;
        let bid = case.ids.bids.get(row.cell("bid_id")).copied().filter(|bid| !winners.volumes.contains_key(bid));
        row.check(found, bid.is_some(), Code::RunRowUnknown, || {
            Fault::differs("bid_id", row.cell("bid_id"), "another bid", "a bid of the scenario wins once a variant")
        });
        let Some(bid) = bid else { return };
        fields(row, case, case.line(bid), found);
        let Some(volume) = row.count::<u32>(found, "volume_pieces").filter(|volume| *volume > 0) else { return };
        winners.volumes.insert(bid, volume);
        let money = if hauls_known {
            allowed(row, case, &standings, bid, volume, found)
        } else {
            as_given(row, case, bid, volume, found)
        };
        if let Some(money) = money {
            amounts(row, case, &money, found);
            winners.money.insert(bid, money);
        }
    });
    let used = Used::by(case, &winners.volumes);
    together(&table.file, case, &winners, &used, infeasible.contains(name), findings);
    winners
}

/// Money of a line whose haul is taken from its row.
fn as_given(row: &Row<'_>, case: &Case<'_>, bid: BidIx, volume: u32, found: &mut Findings) -> Option<Money> {
    let vehicle = row.read(found, "vehicle", |name| case.ids.vehicles.get(name).copied())?;
    let trips = row.count::<u32>(found, "trips")?;
    let injection = row.read(found, "injection_usd", |text| micros(text).filter(|cost| *cost >= 0))?;
    let money = Money { trips, ..hauled(case, bid, volume, vehicle, injection) };
    row.check(found, money.over_reserve, Code::AwardNotAllowed, || {
        let rule = "the dock price is at least the unit's reserve";
        Fault::differs("revenue_usd", &usd(money.revenue), "at least the reserve", rule)
    });
    Some(money)
}

/// What `scenarios.csv` says of a variant.
struct Sums {
    cells: Vec<(&'static str, String)>,
    value: i128,
}

impl Sums {
    fn of(case: &Case<'_>, winners: &Winners, base: &Winners) -> Self {
        let (here, before) = (brought(case, winners), brought(case, base));
        let sum = |of: fn(&Money) -> i128| winners.money.values().map(of).sum::<i128>();
        let pieces: u64 = here.values().sum();
        let mut groups: BTreeMap<String, u64> = BTreeMap::new();
        for ((bidder, _), pieces) in &here {
            *groups.entry(group(case.bidder(*bidder))).or_default() += pieces;
        }
        let largest = groups.iter().min_by_key(|(name, pieces)| (Reverse(**pieces), *name));
        let share = |part: u64| {
            let parts = round_div(i128::from(part) * i128::from(Ppm::ONE.0), i128::from(pieces));
            Ppm(u32::try_from(parts).unwrap_or(u32::MAX)).to_string()
        };
        let units: BTreeSet<DduIx> = here.keys().map(|(_, ddu)| *ddu).collect();
        let bidders: BTreeSet<BidderIx> = here.keys().map(|(bidder, _)| *bidder).collect();
        let beyond = |more: &Brought, less: &Brought| -> u64 {
            more.iter().map(|(key, pieces)| pieces.saturating_sub(less.get(key).copied().unwrap_or(0))).sum()
        };
        let not_viable = winners.money.values().filter(|money| money.viable == Some(false)).count();
        let rated = case.scenario.settings.award.alternative_rate.is_some();
        let cells = vec![
            ("awards", winners.volumes.len().to_string()),
            ("winners", bidders.len().to_string()),
            ("units_without_award", (case.scenario.ddus.len() - units.len()).to_string()),
            ("awarded_pieces", pieces.to_string()),
            ("spend_usd", usd(sum(|money| money.spend))),
            ("injection_usd", usd(sum(|money| money.injection))),
            ("revenue_usd", usd(sum(|money| money.revenue))),
            ("attributable_usd", usd(sum(|money| money.attributable))),
            ("contribution_usd", usd(sum(|money| money.contribution))),
            ("largest_group", largest.map_or_else(String::new, |(name, _)| name.clone())),
            ("largest_group_share_percent", largest.map_or_else(String::new, |(_, part)| share(*part))),
            ("not_viable", if rated { not_viable.to_string() } else { String::new() }),
            ("pieces_gained", beyond(&here, &before).to_string()),
            ("pieces_lost", beyond(&before, &here).to_string()),
        ];
        Self { cells, value: sum(|money| money.value) }
    }

    fn check(&self, row: &Row<'_>, found: &mut Findings) {
        let rule = "over the rows of scenario_awards.csv";
        row.expect(found, Code::ObjectiveDiffers, "value_usd", &usd(self.value), rule);
        for (column, expected) in &self.cells {
            row.expect(found, Code::SumDiffers, column, expected, rule);
        }
    }
}

/// Bound, gap and status of a row follow from each other.
fn proven(row: &Row<'_>, value: i128, accepted: Ppm, found: &mut Findings) {
    let code = Code::ObjectiveDiffers;
    let known = matches!(row.cell("status"), "optimal" | "gap_limit");
    if !known {
        let none = matches!(row.cell("status"), "infeasible" | "not_settled");
        row.check(found, none, code, || {
            let words = "optimal, gap_limit, infeasible or not_settled";
            Fault::differs("status", row.cell("status"), words, "how far the award is proven")
        });
        row.expect(found, code, "bound_usd", "", "without an award there is no bound");
        return row.expect(found, code, "gap_ppm", "", "without an award there is no gap");
    }
    let Some(bound) = row.read(found, "bound_usd", micros) else { return };
    row.check(found, value <= bound, Code::BoundWrong, || {
        let rule = "no award is worth more than the bound";
        Fault::differs("bound_usd", &usd(bound), &format!("{} or more", usd(value)), rule)
    });
    let gap = match (bound - value, value) {
        (0, _) => "0".to_owned(),
        (_, ..=0) => String::new(),
        (gap, value) => ((gap * 1_000_000 + value - 1) / value).to_string(),
    };
    row.expect(found, code, "gap_ppm", &gap, "(bound − value) / value, rounded up");
    // What a solver's numbers may be wrong by, as for the award.
    let most = 1_000_000 + bound.max(0) / 1_000_000 + bound.max(0) * i128::from(accepted.0) / 1_000_000;
    row.check(found, row.cell("status") != "optimal" || bound - value <= most, code, || {
        Fault::differs("status", "optimal", "gap_limit", "optimal is said within award.gap_tolerance")
    });
}
