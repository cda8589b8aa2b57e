//! `bids_explained.csv`: every bid of the scenario once, and the reason of every loser.

use super::awards::fields;
use super::case::Case;
use super::findings::{Fault, Findings};
use super::losers::Verdict;
use super::money::usd;
use super::objective::{Proof, Status};
use super::standing::Standing;
use super::table::{Row, Table};
use crate::diagnostics::Code;
use crate::ids::BidIx;
use crate::units::MicroDollars;
use std::collections::BTreeMap;
use std::path::Path;

const COLUMNS: [&str; 18] = [
    "bid_id",
    "bidder_id",
    "package_id",
    "xor_group",
    "ddu_id",
    "hub_id",
    "service",
    "tender_time",
    "volume_min",
    "volume_max",
    "price_usd_per_piece",
    "price_basis",
    "outcome",
    "reason",
    "explanation",
    "blocking_rules",
    "awarded_pieces",
    "winning_level_usd_per_piece",
];

/// What the rows are held against.
pub(super) struct Expected<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) standings: &'a [Standing],
    pub(super) verdicts: &'a [Verdict],
    pub(super) viable: &'a dyn Fn(BidIx) -> Option<bool>,
    pub(super) proof: Option<&'a Proof>,
}

/// Checks the table; gives how many lines have each word as their outcome.
pub(super) fn check(folder: &Path, expected: &Expected<'_>, findings: &mut Findings) -> Option<BTreeMap<String, u64>> {
    let case = expected.case;
    let table = Table::open(folder, "bids_explained.csv", &COLUMNS, findings)?;
    let mut words: BTreeMap<String, u64> = BTreeMap::new();
    let mut seen = vec![false; case.scenario.bids.len()];
    let mut raises: BTreeMap<BidIx, i128> = BTreeMap::new();
    table.rows(findings, |row, found| {
        let bid = case.ids.bids.get(row.cell("bid_id")).copied();
        row.check(found, bid.is_some_and(|bid| !seen[bid.index()]), Code::RunRowUnknown, || {
            Fault::differs("bid_id", row.cell("bid_id"), "another bid", "each bid of the scenario has one row")
        });
        let Some(bid) = bid else { return };
        seen[bid.index()] = true;
        let line = case.line(bid);
        fields(row, case, line, found);
        let tier = line.tier.as_ref().map_or("", |tier| tier.group.as_str());
        row.expect_if_there(found, Code::AwardFieldDiffers, "tier_group", tier, "as the scenario has it");
        let cells = [
            ("xor_group", line.xor_group.clone().unwrap_or_default()),
            ("volume_min", line.volume_min.to_string()),
            ("volume_max", line.volume_max.to_string()),
        ];
        for (column, text) in cells {
            row.expect(found, Code::AwardFieldDiffers, column, &text, "as the scenario has it");
        }
        let word = if row.cell("outcome") == "won" { "won" } else { row.cell("reason") };
        *words.entry(word.to_owned()).or_default() += 1;
        outcome(row, expected, bid, found);
        level(row, expected, bid, &mut raises, found);
    });
    for (at, _) in seen.iter().enumerate().filter(|(_, seen)| !**seen) {
        table.check(findings, false, Code::RunRowMissing, || {
            let id = &case.scenario.bids[at].id;
            let rule = "every bid is answered; a bid without a row is hidden";
            Fault { found: id.clone(), ..Fault::whole(format!("the bid `{id}` has no row"), rule) }
        });
    }
    Some(words)
}

fn outcome(row: &Row<'_>, expected: &Expected<'_>, bid: BidIx, found: &mut Findings) {
    let code = Code::OutcomeDiffers;
    let (case, verdict) = (expected.case, &expected.verdicts[bid.index()]);
    let (won, pieces) = match verdict {
        Verdict::Won(volume) => ("won", *volume),
        _ => ("lost", 0),
    };
    row.expect(found, code, "outcome", won, "who won is in awards.csv");
    row.expect(found, code, "awarded_pieces", &pieces.to_string(), "who won is in awards.csv");
    let status = expected.proof.map(|proof| proof.status);
    let (reason, blocking) = (row.cell("reason"), row.cell("blocking_rules"));
    let rules = |names: &str, found: &mut Findings| {
        row.expect(found, Code::ReasonDiffers, "blocking_rules", names, "rules without room for its least volume");
    };
    let one_of = |words: &[&str], rule: &str, found: &mut Findings| {
        row.check(found, words.contains(&reason), Code::ReasonDiffers, || {
            Fault::differs("reason", reason, &words.join(" or "), rule)
        });
    };
    match verdict {
        Verdict::Won(_) => {
            row.expect(found, code, "reason", "", "winners need none");
            rules("", found);
            let unviable = (expected.viable)(bid) == Some(false);
            let told = !row.cell("explanation").is_empty();
            row.check(found, told == unviable, code, || {
                let expected = if unviable { "a warning that the award may be handed back" } else { "" };
                Fault::differs("explanation", row.cell("explanation"), expected, "told where `viable` is false")
            });
        }
        Verdict::Never(words) => {
            let words: Vec<&str> = words.iter().copied().collect();
            one_of(&words, "what the bid fails by itself, or another line of its package", found);
            rules("", found);
            if let (Standing::Out(_, Some(late)), "arrives_late") = (&expected.standings[bid.index()], reason) {
                let told = row.cell("explanation");
                row.check(found, told.contains(&format!(" {late} min ")), Code::ReasonDiffers, || {
                    Fault::differs(
                        "explanation",
                        told,
                        &format!("{late} min late"),
                        "the earliest arrival in hauls.csv",
                    )
                });
            }
        }
        _ if status == Some(Status::Infeasible) && blocking.is_empty() => {
            one_of(&["policy_infeasible"], "nobody wins, because no award obeys the policy", found);
        }
        Verdict::Blocked(broken) => {
            let own = case.line(bid).ddu;
            let elsewhere = broken.iter().any(|rule| rule.at.is_some_and(|at| at != own));
            let partner = case.line(bid).package.is_some() && elsewhere;
            let mut words: Vec<&str> = broken.iter().map(|rule| rule.word).collect();
            words.extend(partner.then_some("package_partner"));
            words.sort_unstable();
            words.dedup();
            one_of(&words, "a rule without room for its least volume beside the award", found);
            let names: Vec<&str> = broken.iter().map(|rule| rule.name.as_str()).collect();
            rules(&names.join("; "), found);
        }
        Verdict::Fits(gain) => {
            let word = match status {
                Some(Status::Optimal) => "tie_break",
                Some(Status::GapLimit) => "not_settled",
                Some(Status::Infeasible) => "policy_infeasible",
                None => reason,
            };
            one_of(&[word], "its least volume fits beside the award", found);
            rules("", found);
            if let Some(proof) = expected.proof.filter(|proof| proof.status != Status::Infeasible) {
                row.check(found, proof.value + gain <= proof.bound, Code::BoundWrong, || {
                    let message = format!(
                        "its least volume fits beside the award and adds {} USD: more than the bound of {} USD allows",
                        usd(*gain),
                        usd(proof.bound)
                    );
                    Fault::whole(message, "no award is worth more than the bound")
                });
            }
        }
    }
}

/// A winning level lies above the price, by whole steps; lines of a package rise together.
fn level(row: &Row<'_>, expected: &Expected<'_>, bid: BidIx, raises: &mut BTreeMap<BidIx, i128>, found: &mut Findings) {
    const COLUMN: &str = "winning_level_usd_per_piece";
    let text = row.cell(COLUMN);
    if text.is_empty() {
        return;
    }
    let (case, award) = (expected.case, &expected.case.scenario.settings.award);
    let line = case.line(bid);
    let told = award.winning_levels && !matches!(expected.verdicts[bid.index()], Verdict::Won(_));
    row.check(found, told, Code::OutcomeDiffers, || {
        Fault::differs(COLUMN, text, "", "losers are told, where award.winning_levels is set")
    });
    let parse = |text: &str| MicroDollars::parse(text).ok().map(|money| i128::from(money.amount.0));
    let Some(level) = row.read(found, COLUMN, parse) else { return };
    let (raise, step) = (level - i128::from(line.price.0), i128::from(award.winning_level_step.0.max(1)));
    let whole = if line.package.is_some() { raise } else { level };
    row.check(found, raise > 0 && whole % step == 0, Code::OutcomeDiffers, || {
        let rule = "rounded up to award.winning_level_step";
        Fault::differs(COLUMN, text, &format!("above {} by whole steps", line.price), rule)
    });
    let first = case.offer(bid).into_iter().min().unwrap_or(bid);
    let together = *raises.entry(first).or_insert(raise);
    row.check(found, together == raise, Code::OutcomeDiffers, || {
        let expected = usd(i128::from(line.price.0) + together);
        Fault::differs(COLUMN, text, &expected, "prices of a package rise by the same amount")
    });
}
