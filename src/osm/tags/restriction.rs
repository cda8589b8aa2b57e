//! Turn restrictions: relations with `type=restriction`.
//!
//! For each mode the most specific key decides: `restriction:hgv`, then `restriction:motor_vehicle`, then `restriction`;
//! modes named in `except` are free. Values that begin with `no_` forbid, values that begin with `only_` command; the
//! word behind (left, right, straight, u-turn) follows from the members and is not read. Conditional restrictions, and
//! old ones with `day_on` or `hour_on`, are left out.

use super::{Tags, parts};
use crate::osm::RestrictionKind;
use crate::osm::tally::Row;
use crate::scenario::Mode;

/// How many `from` and `to` members a restriction may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::osm) enum Shape {
    /// One of each.
    Single,
    /// `no_entry`: several `from`.
    ManyFrom,
    /// `no_exit`: several `to`.
    ManyTo,
}

/// One rule of a restriction relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::osm) struct Rule {
    pub(in crate::osm) kind: RestrictionKind,
    pub(in crate::osm) shape: Shape,
    pub(in crate::osm) modes: u8,
}

/// True for relations that are turn restrictions.
pub(in crate::osm) fn is_restriction(tags: Tags<'_>) -> bool {
    tags.is("type", "restriction")
}

fn value(text: &str) -> Option<(RestrictionKind, Shape)> {
    let one = |part: &str| match part {
        "no_left_turn" | "no_right_turn" | "no_straight_on" | "no_u_turn" => Some((RestrictionKind::No, Shape::Single)),
        "no_entry" => Some((RestrictionKind::No, Shape::ManyFrom)),
        "no_exit" => Some((RestrictionKind::No, Shape::ManyTo)),
        "only_left_turn" | "only_right_turn" | "only_straight_on" | "only_u_turn" => {
            Some((RestrictionKind::Only, Shape::Single))
        }
        _ => None,
    };
    // A list such as `no_left_turn;no_u_turn` speaks of one pair of roads, so its parts must agree.
    let mut read = parts(text).map(one);
    let first = read.next()??;
    read.all(|next| next == Some(first)).then_some(first)
}

const fn own_key(mode: Mode) -> &'static str {
    match mode {
        Mode::Motorcar => "restriction:motorcar",
        Mode::Goods => "restriction:goods",
        Mode::Hgv => "restriction:hgv",
    }
}

fn excepted(tags: Tags<'_>, mode: Mode) -> bool {
    let all = |part: &str| matches!(part, "motor_vehicle" | "vehicle") || part == mode.word();
    tags.get("except").is_some_and(|list| list.split([';', ',']).map(str::trim).any(all))
}

/// The rules of a restriction, at most one for each value, or why there is none.
pub(in crate::osm) fn rules(tags: Tags<'_>) -> Result<Vec<Rule>, Row> {
    if ["day_on", "day_off", "hour_on", "hour_off"].iter().any(|key| tags.get(key).is_some()) {
        return Err(Row::RestrictionsConditional);
    }
    let keys = |mode| [own_key(mode), "restriction:motor_vehicle", "restriction:vehicle", "restriction"];
    let mut rules: Vec<Rule> = Vec::new();
    let mut unknown = false;
    for mode in Mode::ALL {
        let Some(text) = keys(mode).into_iter().find_map(|key| tags.get(key)) else { continue };
        let Some((kind, shape)) = value(text) else {
            // An exemption of one mode (`restriction:hgv=none`) is a value like another.
            unknown |= !matches!(text, "none" | "no");
            continue;
        };
        if excepted(tags, mode) {
            continue;
        }
        match rules.iter_mut().find(|rule| (rule.kind, rule.shape) == (kind, shape)) {
            Some(rule) => rule.modes |= mode.bit(),
            None => rules.push(Rule { kind, shape, modes: mode.bit() }),
        }
    }
    let conditional = tags.0.iter().any(|(key, _)| key.starts_with("restriction") && key.ends_with(":conditional"));
    match (rules.is_empty(), unknown, conditional) {
        (false, ..) => Ok(rules),
        (true, true, _) => Err(Row::RestrictionsValue),
        (true, false, true) => Err(Row::RestrictionsConditional),
        (true, false, false) => Err(Row::RestrictionsMode),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RestrictionKind::{No, Only};

    fn rule(kind: RestrictionKind, shape: Shape, modes: u8) -> Rule {
        Rule { kind, shape, modes }
    }

    #[test]
    fn rules_by_mode() {
        type Case = (&'static [(&'static str, &'static str)], Result<Vec<Rule>, Row>);
        let cases: &[Case] = &[
            (&[("restriction", "no_left_turn")], Ok(vec![rule(No, Shape::Single, 7)])),
            (&[("restriction", "no_right_turn")], Ok(vec![rule(No, Shape::Single, 7)])),
            (&[("restriction", "no_straight_on")], Ok(vec![rule(No, Shape::Single, 7)])),
            (&[("restriction", "no_u_turn")], Ok(vec![rule(No, Shape::Single, 7)])),
            (&[("restriction", "no_left_turn;no_u_turn")], Ok(vec![rule(No, Shape::Single, 7)])),
            (&[("restriction", "no_entry")], Ok(vec![rule(No, Shape::ManyFrom, 7)])),
            (&[("restriction", "no_exit")], Ok(vec![rule(No, Shape::ManyTo, 7)])),
            (&[("restriction", "only_straight_on")], Ok(vec![rule(Only, Shape::Single, 7)])),
            (&[("restriction", "only_left_turn")], Ok(vec![rule(Only, Shape::Single, 7)])),
            (&[("restriction:hgv", "no_left_turn")], Ok(vec![rule(No, Shape::Single, 4)])),
            (&[("restriction:goods", "no_left_turn")], Ok(vec![rule(No, Shape::Single, 2)])),
            (&[("restriction:motorcar", "no_left_turn")], Ok(vec![rule(No, Shape::Single, 1)])),
            (&[("restriction:motor_vehicle", "no_left_turn")], Ok(vec![rule(No, Shape::Single, 7)])),
            (
                &[("restriction", "no_left_turn"), ("restriction:hgv", "only_straight_on")],
                Ok(vec![rule(No, Shape::Single, 3), rule(Only, Shape::Single, 4)]),
            ),
            (&[("restriction", "no_left_turn"), ("restriction:hgv", "none")], Ok(vec![rule(No, Shape::Single, 3)])),
            (&[("restriction", "no_left_turn"), ("except", "psv;hgv")], Ok(vec![rule(No, Shape::Single, 3)])),
            (&[("restriction", "no_left_turn"), ("except", "bicycle")], Ok(vec![rule(No, Shape::Single, 7)])),
            (&[("restriction", "no_left_turn"), ("except", "motor_vehicle")], Err(Row::RestrictionsMode)),
            (&[("restriction:bus", "no_left_turn")], Err(Row::RestrictionsMode)),
            (&[("restriction", "no_turn_at_all")], Err(Row::RestrictionsValue)),
            (&[("restriction", "no_left_turn;only_straight_on")], Err(Row::RestrictionsValue)),
            (&[("restriction", "")], Err(Row::RestrictionsValue)),
            (&[("restriction:conditional", "no_left_turn @ (07:00-09:00)")], Err(Row::RestrictionsConditional)),
            (&[("restriction", "no_left_turn"), ("hour_on", "07:00")], Err(Row::RestrictionsConditional)),
        ];
        for (tags, expected) in cases {
            assert_eq!(rules(Tags(tags)), *expected, "{tags:?}");
        }
    }
}
