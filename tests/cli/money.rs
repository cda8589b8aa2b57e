//! Money of the files reconciles to the micro-dollar.

use crate::place::Place;
use std::collections::BTreeMap;

type Row = BTreeMap<String, String>;

/// Micro-dollars of an exact decimal, read digit by digit and not by the program's own reader.
fn micros(text: &str) -> i64 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    assert!(part.len() <= 6, "{text}");
    sign * (whole.parse::<i64>().unwrap() * 1_000_000 + format!("{part:0<6}").parse::<i64>().unwrap())
}

fn usd(row: &Row, column: &str) -> i64 {
    micros(&row[column])
}

fn sum(rows: &[&Row], column: &str) -> i64 {
    rows.iter().map(|row| usd(row, column)).sum()
}

fn count(rows: &[&Row], column: &str) -> i64 {
    rows.iter().map(|row| row[column].parse::<i64>().unwrap()).sum()
}

fn by<'a>(rows: &'a [Row], column: &str, id: &str) -> Vec<&'a Row> {
    rows.iter().filter(|row| row[column] == id).collect()
}

#[test]
fn rows_and_totals_agree() {
    for objective in ["contribution", "revenue", "surplus"] {
        let place = Place::new();
        place.set("award", "winning_levels = false");
        place.set("award", &format!("objective = \"{objective}\""));
        place.ddu("run scenario.toml -o out").with(0);
        let awards = place.table("out/awards.csv");
        let bids = place.table("bids.csv");
        let units = place.table("ddus.csv");
        assert!(awards.len() > 3);
        assert!(awards.iter().any(|a| a["price_basis"] == "hub") && awards.iter().any(|a| a["price_basis"] == "dock"));
        for won in &awards {
            let bid = by(&bids, "bid_id", &won["bid_id"])[0];
            let unit = by(&units, "ddu_id", &won["ddu_id"])[0];
            let pieces: i64 = won["volume_pieces"].parse().unwrap();
            let range = |column: &str| bid[column].parse::<i64>().unwrap();
            assert!((range("volume_min")..=range("volume_max")).contains(&pieces), "{won:?}");
            assert_eq!(usd(won, "price_usd_per_piece"), usd(bid, "price_per_piece"));
            assert_eq!(usd(won, "spend_usd"), pieces * usd(won, "price_usd_per_piece"));
            let hub_basis = won["price_basis"] == "hub";
            let injection = usd(won, "injection_usd");
            assert!(injection > 0);
            let revenue = usd(won, "spend_usd") - if hub_basis { injection } else { 0 };
            assert_eq!(usd(won, "revenue_usd"), revenue);
            // The dock price is the revenue a piece, rounded once.
            let rest = revenue - pieces * usd(won, "dock_price_usd_per_piece");
            assert!(2 * rest.abs() <= pieces, "{won:?}");
            assert!(hub_basis || rest == 0);
            assert!(revenue >= pieces * usd(unit, "reserve_price"), "below the reserve: {won:?}");
            assert_eq!(usd(won, "attributable_usd"), pieces * usd(unit, "attributable_cost"));
            assert_eq!(usd(won, "contribution_usd"), revenue - usd(won, "attributable_usd"));
            let value = match objective {
                "contribution" => usd(won, "contribution_usd"),
                "revenue" => revenue,
                _ => usd(won, "spend_usd") - injection - usd(won, "attributable_usd"),
            };
            assert_eq!(usd(won, "value_usd"), value);
        }
        let columns = ["injection_usd", "revenue_usd", "value_usd"];
        for row in &place.table("out/bidders.csv") {
            let of = by(&awards, "bidder_id", &row["bidder_id"]);
            columns.iter().chain(&["spend_usd"]).for_each(|c| assert_eq!(usd(row, c), sum(&of, c), "{c} {row:?}"));
            assert_eq!(count(&[row], "volume_pieces"), count(&of, "volume_pieces"));
            assert_eq!(row["awards"], of.len().to_string());
            assert_eq!(row["bids"], by(&bids, "bidder_id", &row["bidder_id"]).len().to_string());
        }
        for row in &place.table("out/ddus.csv") {
            let of = by(&awards, "ddu_id", &row["ddu_id"]);
            let more = ["attributable_usd", "contribution_usd"];
            columns.iter().chain(&more).for_each(|c| assert_eq!(usd(row, c), sum(&of, c), "{c} {row:?}"));
            assert_eq!(count(&[row], "awarded_pieces"), count(&of, "volume_pieces"));
            assert!(count(&[row], "awarded_pieces") <= count(&[row], "capacity_pieces"));
        }
        let all: Vec<&Row> = awards.iter().collect();
        let manifest: serde_json::Value = serde_json::from_str(&place.read("out/manifest.json")).unwrap();
        let total = |key: &str| micros(manifest["award"][key].as_str().unwrap());
        assert_eq!(total("value_usd"), sum(&all, "value_usd"));
        assert!(total("bound_usd") >= total("value_usd"));
        assert_eq!(manifest["award"]["bid_lines"]["won"], awards.len());
        let explained = place.table("out/bids_explained.csv");
        assert_eq!(explained.len(), bids.len());
        for row in &explained {
            let pieces = by(&awards, "bid_id", &row["bid_id"]).first().map_or("0", |a| a["volume_pieces"].as_str());
            assert_eq!(row["awarded_pieces"], pieces);
            assert_eq!(row["outcome"] == "won", pieces != "0");
            assert_eq!(row["reason"].is_empty(), row["outcome"] == "won");
        }
        costs_agree(&place, &awards);
    }
}

/// The injection cost of an award is that of its cell and vehicle in the table of costs: trips and handling apart.
fn costs_agree(place: &Place, awards: &[Row]) {
    let costs = place.table("out/costs.csv");
    for won in awards {
        let fits = |c: &&Row| ["hub_id", "ddu_id", "vehicle"].iter().all(|k| c[*k] == won[*k]);
        let cell = costs.iter().find(fits).unwrap();
        let parts = ["distance", "driving_time", "tolls", "dwell", "stop", "vehicle_day"];
        let trip: i64 = parts.iter().map(|part| usd(cell, &format!("trip_{part}_usd"))).sum();
        assert_eq!(trip, usd(cell, "trip_usd"));
        let int = |row: &Row, key: &str| row[key].parse::<i64>().unwrap();
        let (pieces, load) = (int(won, "volume_pieces"), int(cell, "pieces_per_trip"));
        assert_eq!(int(won, "trips"), (pieces + load - 1) / load);
        // Handling is a rate a piece, so it is proportional to the pieces.
        let handling =
            i128::from(usd(cell, "handling_usd")) * i128::from(pieces) / i128::from(int(cell, "volume_pieces"));
        assert_eq!(i128::from(usd(won, "injection_usd")), i128::from(trip * int(won, "trips")) + handling, "{won:?}");
    }
}
