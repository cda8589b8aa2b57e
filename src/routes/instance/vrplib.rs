//! VRPLIB text: `KEY : value` lines and sections of numbers, of which all that this crate can solve are read: coordinates or a
//! full matrix, demands, windows, service times, and vehicles with own capacity, cost, duration and customers. Others are refused.

use super::builder::{Node, Raw, Vehicle, build, classes};
use super::text::{InstanceDefect, SCALE, Word, number, whole, words};
use super::{Instance, Rounding};
use std::collections::BTreeMap;

/// Keys that say nothing about the problem.
const IGNORED: [&str; 5] = ["COMMENT", "TYPE", "EDGE_WEIGHT_FORMAT", "NODE_COORD_TYPE", "DISPLAY_DATA_TYPE"];
/// Sections that are read.
const SECTIONS: [&str; 11] = [
    "NODE_COORD_SECTION",
    "DEMAND_SECTION",
    "DEPOT_SECTION",
    "EDGE_WEIGHT_SECTION",
    "TIME_WINDOW_SECTION",
    "SERVICE_TIME_SECTION",
    "CAPACITY_SECTION",
    "VEHICLES_FIXED_COST_SECTION",
    "VEHICLES_UNIT_DISTANCE_COST_SECTION",
    "VEHICLES_MAX_DURATION_SECTION",
    "VEHICLES_ALLOWED_CLIENTS_SECTION",
];
/// Most nodes of an instance.
const MOST_NODES: u32 = 10_001;

/// Words of the file by key and by section.
#[derive(Default)]
struct Parts<'t> {
    keys: BTreeMap<&'t str, (Word<'t>, String)>,
    sections: BTreeMap<&'t str, Vec<Vec<Word<'t>>>>,
    last: usize,
}

pub(super) fn parse(text: &str, rounding: Option<Rounding>) -> Result<Instance, Vec<InstanceDefect>> {
    let mut defects = Vec::new();
    let parts = parts(text, &mut defects);
    let raw = raw(&parts, &mut defects);
    if !defects.is_empty() {
        defects.sort_by_key(|d| (d.line, d.column));
        return Err(defects);
    }
    build(&raw, rounding, parts.last)
}

fn parts<'t>(text: &'t str, defects: &mut Vec<InstanceDefect>) -> Parts<'t> {
    let mut parts = Parts { last: 1, ..Parts::default() };
    let mut section: Option<&str> = None;
    for (line, content) in (1..).zip(text.lines()) {
        let found = words(line, content);
        let Some(first) = found.first().filter(|w| !w.text.starts_with('#')) else { continue };
        parts.last = line;
        let head = first.text.trim_end_matches(':');
        if head == "EOF" {
            break;
        }
        if head.ends_with("_SECTION") {
            if !SECTIONS.contains(&head) {
                defects
                    .push(first.defect(format!("section `{head}` is not supported; known: {}", SECTIONS.join(", "))));
            } else if parts.sections.contains_key(head) {
                defects.push(first.defect(format!("section `{head}` is there twice")));
            }
            parts.sections.entry(head).or_default();
            section = Some(head);
        } else if first.text.starts_with(|c: char| c.is_ascii_alphabetic()) {
            section = None;
            match content.split_once(':') {
                Some((_, value)) => _ = parts.keys.insert(head, (*first, value.trim().to_owned())),
                None => defects.push(first.defect(format!("`{}` is neither `KEY : value` nor a section", first.text))),
            }
        } else if let Some(rows) = section.and_then(|s| parts.sections.get_mut(s)) {
            rows.push(found);
        } else {
            defects.push(first.defect(format!("`{}` belongs to no section", first.text)));
        }
    }
    parts
}

fn raw(parts: &Parts<'_>, defects: &mut Vec<InstanceDefect>) -> Raw {
    let mut raw = Raw::default();
    let mut count = None;
    let (mut vehicles, mut capacity, mut service) = (None, None, 0);
    for (key, (word, value)) in &parts.keys {
        let value_word = Word { text: value, ..*word };
        let mut read = || whole(&value_word).map_err(|d| defects.push(d)).ok();
        match *key {
            "NAME" => raw.name.clone_from(value),
            "DIMENSION" => count = read(),
            "VEHICLES" => vehicles = read(),
            "CAPACITY" => capacity = read(),
            "SERVICE_TIME" => service = i64::from(read().unwrap_or(0)) * SCALE,
            "EDGE_WEIGHT_TYPE" if matches!(value.as_str(), "EUC_2D" | "EXPLICIT") => {}
            "EDGE_WEIGHT_TYPE" => {
                defects.push(word.defect(format!(
                    "edge weights `{value}` are not supported; known: EUC_2D, EXPLICIT with FULL_MATRIX"
                )));
            }
            key if IGNORED.contains(&key) => {}
            _ => defects
                .push(word.defect(format!("key `{key}` is not supported: the instance may mean more than is solved"))),
        }
    }
    let Some(count) = count.filter(|n| (2..=MOST_NODES).contains(n)) else {
        defects.push(missing(parts, format!("`DIMENSION : n` with n from 2 to {MOST_NODES} is missing")));
        return raw;
    };
    raw.nodes = vec![Node { service, ..Node::default() }; count as usize];
    nodes(parts, &mut raw, defects);
    let fleet = fleet(parts, vehicles, capacity, defects);
    raw.vehicles = fleet;
    raw
}

fn missing(parts: &Parts<'_>, problem: String) -> InstanceDefect {
    InstanceDefect { line: parts.last, column: 1, problem }
}

/// Rows `id values...` of a section by position; ids count from 1.
fn rows(
    parts: &Parts<'_>,
    name: &str,
    count: usize,
    width: usize,
    defects: &mut Vec<InstanceDefect>,
) -> Option<Vec<Vec<i64>>> {
    let rows = parts.sections.get(name)?;
    let mut values: Vec<Option<Vec<i64>>> = vec![None; count];
    for row in rows {
        let Some((id, rest)) = row.split_first() else { continue };
        if rest.len() != width {
            defects.push(id.defect(format!("{} numbers behind `{}` where {name} has {width}", rest.len(), id.text)));
            continue;
        }
        let slot = whole(id).map(|n| (n as usize).checked_sub(1).and_then(|n| values.get_mut(n)));
        match slot {
            Ok(Some(slot)) if slot.is_none() => {
                let read: Result<Vec<i64>, InstanceDefect> = rest.iter().map(number).collect();
                match read {
                    Ok(read) => *slot = Some(read),
                    Err(defect) => {
                        defects.push(defect);
                        *slot = Some(vec![0; width]);
                    }
                }
            }
            Ok(Some(_)) => defects.push(id.defect(format!("`{}` is there twice in {name}", id.text))),
            Ok(None) => defects.push(id.defect(format!("`{}` is not between 1 and {count}", id.text))),
            Err(defect) => defects.push(defect),
        }
    }
    let absent = values.iter().filter(|v| v.is_none()).count();
    if absent > 0 && defects.is_empty() {
        defects.push(missing(parts, format!("{name} lacks {absent} of {count} rows: is the file cut off?")));
    }
    Some(values.into_iter().map(|v| v.unwrap_or_else(|| vec![0; width])).collect())
}

fn nodes(parts: &Parts<'_>, raw: &mut Raw, defects: &mut Vec<InstanceDefect>) {
    let count = raw.nodes.len();
    let explicit = parts.keys.get("EDGE_WEIGHT_TYPE").is_some_and(|(_, value)| value == "EXPLICIT");
    let coordinates = rows(parts, "NODE_COORD_SECTION", count, 2, defects);
    if explicit {
        matrix(parts, raw, defects);
    } else if coordinates.is_none() {
        defects.push(missing(parts, "NODE_COORD_SECTION is missing".to_owned()));
    }
    for (node, row) in raw.nodes.iter_mut().zip(coordinates.into_iter().flatten()) {
        if let [x, y] = row[..] {
            (node.x, node.y) = (x, y);
        }
    }
    let demands = rows(parts, "DEMAND_SECTION", count, 1, defects);
    if demands.is_none() {
        defects.push(missing(parts, "DEMAND_SECTION is missing".to_owned()));
    }
    let times = rows(parts, "SERVICE_TIME_SECTION", count, 1, defects);
    let windows = rows(parts, "TIME_WINDOW_SECTION", count, 2, defects);
    let mut wrong = |section: &str, id: usize, what: String| {
        let row = parts.sections.get(section).into_iter().flatten();
        let word = row.filter_map(|r| r.first()).find(|w| whole(w).is_ok_and(|n| n as usize == id));
        defects.push(word.map_or_else(|| missing(parts, what.clone()), |w| w.defect(what.clone())));
    };
    for (id, node) in (1..).zip(&mut raw.nodes) {
        let at = |rows: &Option<Vec<Vec<i64>>>, k: usize| rows.as_ref()?.get(id - 1)?.get(k).copied();
        if let Some(demand) = at(&demands, 0) {
            match u32::try_from(demand / SCALE) {
                Ok(whole) if demand % SCALE == 0 => node.demand = whole,
                _ => wrong("DEMAND_SECTION", id, "a demand is a whole number from 0".to_owned()),
            }
        }
        if let Some(service) = at(&times, 0) {
            node.service = service;
            if service < 0 {
                wrong("SERVICE_TIME_SECTION", id, "a service time is not negative".to_owned());
            }
        }
        if let (Some(ready), Some(due)) = (at(&windows, 0), at(&windows, 1)) {
            node.window = Some((ready, due));
            if ready < 0 || due < ready {
                wrong(
                    "TIME_WINDOW_SECTION",
                    id,
                    "a window begins at 0 or later and ends no earlier than it begins".to_owned(),
                );
            }
        }
    }
    depot(parts, raw, defects);
}

/// The depot must be the first node: then customers have the numbers that solution files give them.
fn depot(parts: &Parts<'_>, raw: &mut Raw, defects: &mut Vec<InstanceDefect>) {
    let listed = parts.sections.get("DEPOT_SECTION").into_iter().flatten().flatten().filter(|w| w.text != "-1");
    for word in listed {
        if word.text != "1" {
            defects.push(
                word.defect(format!("depot `{}`: only instances with node 1 as their one depot are solved", word.text)),
            );
        }
    }
    if let Some(depot) = raw.nodes.first_mut() {
        depot.service = 0;
        if depot.demand > 0 {
            defects.push(missing(parts, format!("the depot (node 1) has a demand of {}", depot.demand)));
        }
    }
}

fn matrix(parts: &Parts<'_>, raw: &mut Raw, defects: &mut Vec<InstanceDefect>) {
    let format = parts.keys.get("EDGE_WEIGHT_FORMAT");
    if let Some((word, value)) = format.filter(|(_, value)| value != "FULL_MATRIX") {
        defects.push(word.defect(format!("edge weights as `{value}` are not supported; write FULL_MATRIX")));
        return;
    }
    let mut table = Vec::new();
    for word in parts.sections.get("EDGE_WEIGHT_SECTION").into_iter().flatten().flatten() {
        match number(word) {
            Ok(value) if value >= 0 => table.push(value),
            Ok(_) => defects.push(word.defect(format!("distance `{}` is negative", word.text))),
            Err(defect) => defects.push(defect),
        }
    }
    let expected = raw.nodes.len() * raw.nodes.len();
    if table.len() != expected && defects.is_empty() {
        defects.push(missing(
            parts,
            format!("EDGE_WEIGHT_SECTION has {} numbers where a full matrix has {expected}", table.len()),
        ));
    }
    raw.distances = Some(table);
}

fn fleet(
    parts: &Parts<'_>,
    count: Option<u32>,
    capacity: Option<u32>,
    defects: &mut Vec<InstanceDefect>,
) -> Vec<(Vehicle, Option<u32>)> {
    let special = [
        "CAPACITY_SECTION",
        "VEHICLES_FIXED_COST_SECTION",
        "VEHICLES_UNIT_DISTANCE_COST_SECTION",
        "VEHICLES_MAX_DURATION_SECTION",
    ];
    let own = special.iter().chain(&["VEHICLES_ALLOWED_CLIENTS_SECTION"]).any(|s| parts.sections.contains_key(s));
    if !own {
        let Some(capacity) = capacity else {
            defects.push(missing(parts, "`CAPACITY : q` is missing".to_owned()));
            return Vec::new();
        };
        return vec![(Vehicle { capacity, per_distance: 1, ..Vehicle::default() }, count)];
    }
    let Some(count) = count.filter(|n| (1..=MOST_NODES).contains(n)) else {
        defects.push(missing(parts, "vehicles with sections of their own need `VEHICLES : n`".to_owned()));
        return Vec::new();
    };
    let [capacities, fixed, distance, duration] = special.map(|s| rows(parts, s, count as usize, 1, defects));
    let allowed = allowed(parts, count as usize, defects);
    let mut vehicles = Vec::with_capacity(count as usize);
    for v in 0..count as usize {
        let at = |rows: &Option<Vec<Vec<i64>>>| rows.as_ref()?.get(v)?.first().copied();
        let own = at(&capacities).map(|c| u32::try_from(c / SCALE).unwrap_or(0)).or(capacity);
        let per_distance = at(&distance).unwrap_or(SCALE);
        if per_distance % SCALE != 0 || per_distance < 0 || at(&fixed).is_some_and(|f| f < 0) || own.is_none() {
            defects.push(missing(
                parts,
                format!("vehicle {}: capacity, fixed cost and a whole cost per distance from 0 are needed", v + 1),
            ));
        }
        vehicles.push(Vehicle {
            capacity: own.unwrap_or(0),
            fixed: at(&fixed).unwrap_or(0),
            per_distance: per_distance / SCALE,
            duration: at(&duration),
            allowed: allowed.as_ref().and_then(|a| a.get(v).cloned()),
        });
    }
    classes(vehicles)
}

/// For each vehicle its customers, as positions among the nodes.
fn allowed(parts: &Parts<'_>, count: usize, defects: &mut Vec<InstanceDefect>) -> Option<Vec<Vec<usize>>> {
    let rows = parts.sections.get("VEHICLES_ALLOWED_CLIENTS_SECTION")?;
    let mut lists = vec![Vec::new(); count];
    for row in rows {
        let Some((id, rest)) = row.split_first() else { continue };
        let slot = whole(id).ok().and_then(|n| (n as usize).checked_sub(1)).and_then(|n| lists.get_mut(n));
        let Some(list) = slot else {
            defects.push(id.defect(format!("vehicle `{}` is not between 1 and {count}", id.text)));
            continue;
        };
        for word in rest {
            match whole(word) {
                Ok(node) => list.push((node as usize).saturating_sub(1)),
                Err(defect) => defects.push(defect),
            }
        }
        list.sort_unstable();
    }
    Some(lists)
}
