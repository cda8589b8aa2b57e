//! `route_costs.csv` and the sums of the manifest: every order that is brought has its costs, and allocated costs sum to
//! those of the routes.

use super::orders::Orders;
use super::stops::Route;
use super::together::Place;
use crate::diagnostics::Code;
use crate::ids::{BidIx, HubIx};
use crate::scenario::Scenario;
use crate::units::{ClockTime, MicroDollars, round_div};
use crate::verify::case::Ids;
use crate::verify::findings::{Fault, Findings};
use crate::verify::manifest::Manifest;
use crate::verify::money::usd;
use crate::verify::table::{Row, Table};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

const COLUMNS: [&str; 16] = [
    "hub_id",
    "ddu_id",
    "by_local",
    "bid_id",
    "bidder_id",
    "pieces",
    "direct_usd",
    "direct_usd_per_piece",
    "marginal_usd",
    "marginal_usd_per_piece",
    "marginal_uncertainty_usd",
    "shapley_usd",
    "shapley_usd_per_piece",
    "shapley_error_usd",
    "proportional_usd",
    "proportional_usd_per_piece",
];

const CODE: Code = Code::RouteCostDiffers;

/// Amounts of a place in micro-dollars: direct, Shapley, proportional; and its orders' direct costs with their pieces.
#[derive(Default)]
struct Sums {
    direct: i128,
    shapley: i128,
    proportional: i128,
    rows: Vec<(i128, u32)>,
}

pub(super) fn check(
    folder: &Path,
    manifest: &Manifest,
    s: &Scenario,
    ids: &Ids<'_>,
    orders: &Orders,
    (routes, total): (&[Route], i128),
    findings: &mut Findings,
) {
    let mut places: BTreeMap<Place, Sums> = BTreeMap::new();
    let mut left: BTreeMap<(Place, Option<BidIx>), u32> =
        orders.rows.iter().filter(|o| o.brought > 0).map(|o| ((o.place, o.bid), o.brought)).collect();
    let Some(table) = Table::open(folder, "route_costs.csv", &COLUMNS, findings) else { return };
    table.rows(findings, |row, found| {
        let Some((place, bid)) = order(row, ids, found) else { return };
        let brought = left.remove(&(place, bid));
        row.check(found, brought.is_some(), Code::RunRowUnknown, || {
            Fault::differs(
                "bid_id",
                row.cell("bid_id"),
                "an order that is brought, once",
                "orders.csv tells what is brought",
            )
        });
        let Some(pieces) = brought else { return };
        row.expect(found, Code::PiecesDiffer, "pieces", &pieces.to_string(), "as orders.csv tells");
        let bidder = bid.map_or("", |bid| &s.bidders[s.bids[bid.index()].bidder.index()].id);
        row.expect(found, Code::OrderDiffers, "bidder_id", bidder, "as the scenario has it");
        let mut amount = |column: &str, per_piece: &str| {
            let amount = row.usd(found, column)?;
            let each = round_div(amount, i128::from(pieces.max(1)));
            row.expect(found, CODE, per_piece, &usd(each), "the amount / pieces, rounded once");
            Some(amount)
        };
        let direct = amount("direct_usd", "direct_usd_per_piece");
        amount("marginal_usd", "marginal_usd_per_piece");
        let shapley = amount("shapley_usd", "shapley_usd_per_piece");
        let proportional = amount("proportional_usd", "proportional_usd_per_piece");
        let (Some(direct), Some(shapley), Some(proportional)) = (direct, shapley, proportional) else { return };
        let sums = places.entry(place).or_default();
        sums.direct += direct;
        sums.shapley += shapley;
        sums.proportional += proportional;
        sums.rows.push((proportional, pieces));
    });
    for ((place, bid), pieces) in left {
        table.check(findings, false, Code::RunRowMissing, || {
            let (hub, unit) = (&s.hubs[place.0.index()].id, &s.ddus[place.1.index()].id);
            let of = bid.map_or_else(String::new, |bid| format!(" of `{}`", s.bids[bid.index()].id));
            Fault::whole(
                format!("the {pieces} pieces{of} from `{hub}` to `{unit}` have no row"),
                "what is brought has costs",
            )
        });
    }
    let mut hubs: BTreeMap<HubIx, i128> = BTreeMap::new();
    for route in routes {
        let cost = MicroDollars::parse(route.first.text("route_usd")).map_or(0, |money| i128::from(money.amount.0));
        *hubs.entry(route.hub).or_default() += cost;
    }
    for (hub, cost) in hubs {
        let of: Vec<&Sums> = places
            .range((hub, crate::ids::DduIx(0), ClockTime(i32::MIN))..)
            .take_while(|p| p.0.0 == hub)
            .map(|p| p.1)
            .collect();
        for (what, sum) in [
            ("shapley_usd", of.iter().map(|sums| sums.shapley).sum::<i128>()),
            ("proportional_usd", of.iter().map(|sums| sums.proportional).sum()),
        ] {
            table.check(findings, sum == cost, CODE, || {
                let id = &s.hubs[hub.index()].id;
                let message = format!("`{what}` of `{id}` sums to {}, its routes cost {}", usd(sum), usd(cost));
                Fault::whole(message, "allocated costs sum to the cost of the hub's routes")
            });
        }
        let shares = largest_remainder(cost, &of.iter().map(|sums| sums.direct).collect::<Vec<_>>());
        for (sums, share) in of.iter().zip(shares) {
            let pieces: Vec<i128> = sums.rows.iter().map(|row| i128::from(row.1)).collect();
            let rows = largest_remainder(share, &pieces);
            let same = sums.rows.iter().zip(&rows).all(|(row, share)| row.0 == *share);
            table.check(findings, same, CODE, || {
                let told: Vec<String> = sums.rows.iter().map(|row| usd(row.0)).collect();
                let expected: Vec<String> = rows.iter().map(|share| usd(*share)).collect();
                let message = format!("`proportional_usd` is {}, expected {}", told.join(", "), expected.join(", "));
                Fault::whole(
                    message,
                    "in proportion to direct trips, within a stop to pieces, by the largest remainder",
                )
            });
        }
    }
    totals(manifest, &places, total, findings);
}

fn order(row: &Row<'_>, ids: &Ids<'_>, found: &mut Findings) -> Option<(Place, Option<BidIx>)> {
    let (hub, ddu) = (ids.hubs.get(row.cell("hub_id")), ids.ddus.get(row.cell("ddu_id")));
    let bid = ids.bids.get(row.cell("bid_id")).copied();
    let known = hub.is_some() && ddu.is_some() && bid.is_some() != row.cell("bid_id").is_empty();
    row.check(found, known, Code::RunRowUnknown, || {
        Fault::whole("no such hub, unit or bid".to_owned(), "hubs, units and bids are those of the scenario")
    });
    let by = row.read(found, "by_local", ClockTime::parse_any_day)?;
    Some(((*hub?, *ddu?, by), bid)).filter(|_| known)
}

/// Whole shares of a total by weights that are not negative: floors, then one more for the largest remainders.
fn largest_remainder(total: i128, weights: &[i128]) -> Vec<i128> {
    let sum: i128 = weights.iter().sum();
    let weights = if sum == 0 { vec![1; weights.len()] } else { weights.to_vec() };
    let sum = weights.iter().sum::<i128>().max(1);
    let mut shares: Vec<i128> = weights.iter().map(|weight| (total * weight).div_euclid(sum)).collect();
    let mut missing = total - shares.iter().sum::<i128>();
    while missing > 0 {
        let rest = |at: &usize| {
            (total * weights[*at]).rem_euclid(sum) - sum * (shares[*at] - (total * weights[*at]).div_euclid(sum))
        };
        let Some(at) = (0..shares.len()).rev().max_by_key(rest) else { break };
        shares[at] += 1;
        missing -= 1;
    }
    shares
}

fn totals(manifest: &Manifest, places: &BTreeMap<Place, Sums>, total: i128, findings: &mut Findings) {
    let direct: i128 = places.values().map(|sums| sums.direct).sum();
    manifest.expect(findings, CODE, &["routes", "cost_usd"], &Value::from(usd(total)), "all routes together");
    manifest.expect(findings, CODE, &["routes", "direct_usd"], &Value::from(usd(direct)), "direct trips together");
    if manifest.at(&["routes", "bound_usd"]).is_null() {
        return;
    }
    let Some(bound) = manifest.usd(findings, &["routes", "bound_usd"]) else { return };
    findings.check(bound <= total, Code::BoundWrong, &manifest.file, || {
        Fault::differs(
            "routes.bound_usd",
            &usd(bound),
            &format!("at most {}", usd(total)),
            "routes of this cost are at hand",
        )
    });
    if bound > 0 {
        let gap = ((total - bound).max(0) * 1_000_000 + bound - 1) / bound;
        let gap = u64::try_from(gap).map_or(Value::Null, Value::from);
        manifest.expect(
            findings,
            CODE,
            &["routes", "gap_ppm"],
            &gap,
            "cost above the bound, in millionths of it, rounded up",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::largest_remainder;

    #[test]
    fn remainders_go_to_the_largest_and_then_to_the_first() {
        assert_eq!(largest_remainder(10, &[1, 1, 1]), [4, 3, 3]);
        assert_eq!(largest_remainder(11, &[1, 1, 1]), [4, 4, 3]);
        assert_eq!(largest_remainder(100, &[1, 3]), [25, 75]);
        assert_eq!(largest_remainder(5, &[3, 5, 2]), [2, 2, 1]);
        assert_eq!(largest_remainder(7, &[0, 0]), [4, 3]);
    }
}
