//! Turn restrictions: from the members of a relation to the ways and nodes that were kept.
//!
//! A restriction counts when its members are in the map and meet: the via node lies on both ways, or the via ways form
//! a chain from one to the other. Via ways in the wrong order are put in order.

use super::raw::MemberKind;
use super::tags::{self, Rule, Shape, Tags};
use super::tally::{Row, Tally};
use super::{Extract, Restriction, Via};

/// Longest chain of via ways; longer ones in real maps are slips.
const MOST_VIA_WAYS: usize = 32;
/// Chains up to this length are put in order when they are not.
const MOST_UNORDERED: usize = 6;

/// A restriction relation before its members are looked up.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub(super) id: i64,
    rules: Vec<Rule>,
    from: Vec<i64>,
    to: Vec<i64>,
    via_nodes: Vec<i64>,
    via_ways: Vec<i64>,
}

impl Turn {
    /// Reads a relation; `None` when it is no restriction, or one that is dropped, which is counted.
    pub(super) fn read<'a>(
        id: i64,
        tags: Tags<'_>,
        members: impl Iterator<Item = (&'a str, MemberKind, i64)>,
        tally: &mut Tally,
    ) -> Option<Self> {
        if !tags::is_restriction(tags) {
            return None;
        }
        tally.add(Row::RestrictionsRead);
        match tags::rules(tags).and_then(|rules| Self::with_members(id, rules, members)) {
            Ok(turn) => Some(turn),
            Err(row) => {
                tally.add(row);
                None
            }
        }
    }

    fn with_members<'a>(
        id: i64,
        rules: Vec<Rule>,
        members: impl Iterator<Item = (&'a str, MemberKind, i64)>,
    ) -> Result<Self, Row> {
        let mut turn = Self { id, rules, from: vec![], to: vec![], via_nodes: vec![], via_ways: vec![] };
        for (role, kind, member) in members {
            let list = match (role, kind) {
                ("from", MemberKind::Way) => &mut turn.from,
                ("to", MemberKind::Way) => &mut turn.to,
                ("via", MemberKind::Node) => &mut turn.via_nodes,
                ("via", MemberKind::Way) => &mut turn.via_ways,
                _ => continue,
            };
            if !list.contains(&member) {
                list.push(member);
            }
            // Hostile relations have millions of members; `contains` must stay cheap.
            if list.len() > MOST_VIA_WAYS {
                return Err(Row::RestrictionsMany);
            }
        }
        if turn.from.is_empty() || turn.to.is_empty() || (turn.via_nodes.is_empty() && turn.via_ways.is_empty()) {
            return Err(Row::RestrictionsRole);
        }
        let (from, to) = (turn.from.len(), turn.to.len());
        turn.rules.retain(|rule| match rule.shape {
            Shape::Single => from == 1 && to == 1,
            Shape::ManyFrom => to == 1,
            Shape::ManyTo => from == 1,
        });
        let one_via = turn.via_ways.is_empty() && turn.via_nodes.len() == 1 || turn.via_nodes.is_empty();
        if turn.rules.is_empty() || !one_via { Err(Row::RestrictionsMany) } else { Ok(turn) }
    }

    /// Adds the restrictions to an extract whose nodes and ways are complete. Counts the relation as kept or dropped.
    pub(super) fn resolve(&self, extract: &mut Extract, tally: &mut Tally) {
        let mut reason = Row::RestrictionsMissing;
        let mut kept = Vec::new();
        for rule in &self.rules {
            for (from, to) in self.from.iter().flat_map(|from| self.to.iter().map(move |to| (*from, *to))) {
                match self.via(extract, from, to) {
                    Ok(via) => {
                        kept.push(Restriction { id: self.id, kind: rule.kind, from, via, to, modes: rule.modes });
                    }
                    Err(row) => reason = row,
                }
            }
        }
        tally.add(if kept.is_empty() { reason } else { Row::RestrictionsKept });
        extract.restrictions.append(&mut kept);
    }

    fn via(&self, extract: &Extract, from: i64, to: i64) -> Result<Via, Row> {
        let nodes = |way| nodes_of(extract, way).ok_or(Row::RestrictionsMissing);
        let (from, to) = (nodes(from)?, nodes(to)?);
        if let [id] = *self.via_nodes {
            let position = extract.nodes.binary_search_by_key(&id, |node| node.id);
            let position = position.ok().and_then(|p| u32::try_from(p).ok()).ok_or(Row::RestrictionsMissing)?;
            let on_both = from.binary_search(&position).is_ok() && to.binary_search(&position).is_ok();
            return if on_both { Ok(Via::Node(position)) } else { Err(Row::RestrictionsApart) };
        }
        let via = self.via_ways.iter().map(|way| Ok((*way, nodes(*way)?))).collect::<Result<Vec<_>, Row>>()?;
        chain(&from, via, &to).map(Via::Ways).ok_or(Row::RestrictionsApart)
    }
}

/// Sorted node positions of all pieces of a way; `None` when it was not kept.
fn nodes_of(extract: &Extract, way: i64) -> Option<Vec<u32>> {
    let first = extract.ways.partition_point(|w| w.id < way);
    let pieces = extract.ways.get(first..)?.iter().take_while(|w| w.id == way);
    let mut nodes: Vec<u32> = pieces.flat_map(|w| &w.nodes).copied().collect();
    nodes.sort_unstable();
    (!nodes.is_empty()).then_some(nodes)
}

/// True when two sorted lists share a node.
fn touch(a: &[u32], b: &[u32]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.iter().any(|node| long.binary_search(node).is_ok())
}

/// Orders the via ways so that each touches the next; as given if that is an order.
fn chain(from: &[u32], mut via: Vec<(i64, Vec<u32>)>, to: &[u32]) -> Option<Vec<i64>> {
    fn extend(last: &[u32], rest: &mut [(i64, Vec<u32>)], to: &[u32]) -> bool {
        if rest.is_empty() {
            return touch(last, to);
        }
        (0..rest.len()).any(|next| {
            rest.swap(0, next);
            let fits =
                rest.split_first_mut().is_some_and(|(head, tail)| touch(last, &head.1) && extend(&head.1, tail, to));
            if !fits {
                rest.swap(0, next);
            }
            fits
        })
    }
    let lists = std::iter::once(from).chain(via.iter().map(|(_, nodes)| nodes.as_slice())).chain([to]);
    let in_order = lists.clone().zip(lists.skip(1)).all(|(a, b)| touch(a, b));
    let found = in_order || via.len() <= MOST_UNORDERED && extend(from, &mut via, to);
    found.then(|| via.into_iter().map(|(way, _)| way).collect())
}
