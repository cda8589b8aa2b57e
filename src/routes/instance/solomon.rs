//! Solomon's text format: a name, `VEHICLE` with number and capacity, `CUSTOMER` with a row for depot and customers each: number,
//! x, y, demand, ready time, due date, service time. All defects are found in one pass.

use super::builder::{Node, Raw, Vehicle, build};
use super::text::{InstanceDefect, SCALE, Word, number, whole, words};
use super::{Instance, Rounding};

/// Columns of a customer.
const COLUMNS: [&str; 7] = ["number", "x", "y", "demand", "ready time", "due date", "service time"];

pub(super) fn parse(text: &str, rounding: Option<Rounding>) -> Result<Instance, Vec<InstanceDefect>> {
    let mut defects = Vec::new();
    let mut raw = Raw::default();
    let mut fleet: Option<(u32, u32)> = None;
    let mut section = "";
    let mut last = 1;
    for (line, content) in (1..).zip(text.lines()) {
        let found = words(line, content);
        let Some(first) = found.first() else { continue };
        last = line;
        if raw.name.is_empty() && section.is_empty() {
            raw.name = first.text.to_owned();
            continue;
        }
        match first.text.to_ascii_uppercase().as_str() {
            "VEHICLE" => section = "VEHICLE",
            "CUSTOMER" => section = "CUSTOMER",
            "NUMBER" | "CUST" => {}
            _ if section == "VEHICLE" => match vehicles(&found) {
                Ok(numbers) if fleet.is_none() => fleet = Some(numbers),
                Ok(_) => defects.push(first.defect("a second line of vehicles; leave one".to_owned())),
                Err(defect) => defects.push(defect),
            },
            _ if section == "CUSTOMER" => customer(&found, &mut raw.nodes, &mut defects),
            other => defects.push(first.defect(format!(
                "`{other}` where VEHICLE or CUSTOMER should begin: is this an instance in Solomon's or VRPLIB's format?"
            ))),
        }
    }
    let mut missing =
        |problem: &str| defects.push(InstanceDefect { line: last, column: 1, problem: problem.to_owned() });
    if raw.nodes.len() < 2 {
        missing("the section CUSTOMER needs a row for the depot and one for each customer: is the file cut off?");
    }
    match fleet {
        None => missing("the section VEHICLE with number and capacity is missing"),
        Some((count, capacity)) => {
            let vehicle = Vehicle { capacity, per_distance: 1, ..Vehicle::default() };
            raw.vehicles.push((vehicle, Some(count)));
        }
    }
    if defects.is_empty() { build(&raw, rounding, last) } else { Err(defects) }
}

fn vehicles(found: &[Word<'_>]) -> Result<(u32, u32), InstanceDefect> {
    match found {
        [count, capacity] => Ok((whole(count)?, whole(capacity)?)),
        [first, ..] => Err(first.defect("a line of vehicles has two numbers: how many, and their capacity".to_owned())),
        [] => Ok((0, 0)),
    }
}

fn customer(found: &[Word<'_>], nodes: &mut Vec<Node>, defects: &mut Vec<InstanceDefect>) {
    let [id, x, y, demand, ready, due, service] = found else {
        if let Some(first) = found.first() {
            defects.push(first.defect(format!(
                "{} words where a customer has {}: {}",
                found.len(),
                COLUMNS.len(),
                COLUMNS.join(", ")
            )));
        }
        return;
    };
    let before = defects.len();
    let mut keep = |result: Result<i64, InstanceDefect>| result.map_err(|d| defects.push(d)).unwrap_or(0);
    let numbers = [number(x), number(y), number(ready), number(due), number(service)].map(&mut keep);
    let [x, y, opens, closes, lasts] = numbers;
    let (number_of, wants) = (keep(whole(id).map(i64::from)), keep(whole(demand).map(i64::from)));
    if defects.len() > before {
        nodes.push(Node::default());
        return;
    }
    if usize::try_from(number_of) != Ok(nodes.len()) {
        defects.push(
            id.defect(format!("number {number_of} where {} comes next; number customers 0, 1, 2, ...", nodes.len())),
        );
    }
    if closes < opens {
        defects.push(due.defect(format!("due date {} is before ready time {}", due.text, ready.text)));
    }
    for (word, value) in [(ready, opens), (service, lasts)] {
        if !(0..=100_000_000 * SCALE).contains(&value) {
            defects.push(word.defect(format!("time `{}` is not between 0 and 100,000,000", word.text)));
        }
    }
    let demand = u32::try_from(wants).unwrap_or(0);
    nodes.push(Node { x, y, demand, window: Some((opens, closes)), service: lasts });
}
