//! Blocks of nodes, ways or relations, each with its own table of strings.

use super::wire::{Deltas, Message, push_varint};
use super::{MapNode, MapRelation, MapWay, Member};
use std::collections::BTreeMap;

/// Strings of one block in order of first use; entry 0 is empty, as the format asks.
#[derive(Default)]
struct Strings<'a> {
    known: BTreeMap<&'a str, u64>,
    list: Vec<&'a str>,
}

impl<'a> Strings<'a> {
    fn index(&mut self, text: &'a str) -> u64 {
        if let Some(index) = self.known.get(text) {
            return *index;
        }
        self.list.push(text);
        let index = self.list.len() as u64;
        self.known.insert(text, index);
        index
    }

    fn message(&self) -> Vec<u8> {
        let mut table = Message::default();
        table.bytes(1, b"");
        for text in &self.list {
            table.bytes(1, text.as_bytes());
        }
        table.into_bytes()
    }
}

/// A `PrimitiveBlock` with one group. Granularity and offsets keep their defaults: units of 100 nanodegrees.
fn primitive_block(strings: &Strings<'_>, group: Message) -> Vec<u8> {
    let mut block = Message::default();
    block.bytes(1, &strings.message());
    block.bytes(2, &group.into_bytes());
    block.into_bytes()
}

/// Nodes in the dense form.
pub(super) fn dense_nodes(nodes: &[MapNode]) -> Vec<u8> {
    let mut strings = Strings::default();
    let (mut ids, mut lats, mut lons) = (Deltas::default(), Deltas::default(), Deltas::default());
    let mut tags = Vec::new();
    let any_tags = nodes.iter().any(|n| !n.tags.is_empty());
    for node in nodes {
        ids.push(node.id);
        lats.push(i64::from(node.at.lat_e7));
        lons.push(i64::from(node.at.lon_e7));
        for (key, value) in &node.tags {
            push_varint(&mut tags, strings.index(key));
            push_varint(&mut tags, strings.index(value));
        }
        if any_tags {
            push_varint(&mut tags, 0);
        }
    }
    let mut dense = Message::default();
    dense.bytes(1, ids.bytes());
    dense.bytes(8, lats.bytes());
    dense.bytes(9, lons.bytes());
    if any_tags {
        dense.bytes(10, &tags);
    }
    let mut group = Message::default();
    group.bytes(2, &dense.into_bytes());
    primitive_block(&strings, group)
}

fn put_tags<'a>(message: &mut Message, strings: &mut Strings<'a>, tags: &'a super::Tags) {
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    for (key, value) in tags {
        push_varint(&mut keys, strings.index(key));
        push_varint(&mut values, strings.index(value));
    }
    if !keys.is_empty() {
        message.bytes(2, &keys);
        message.bytes(3, &values);
    }
}

/// Ways.
pub(super) fn ways(ways: &[MapWay]) -> Vec<u8> {
    let mut strings = Strings::default();
    let mut group = Message::default();
    for way in ways {
        let mut message = Message::default();
        message.varint(1, way.id as u64);
        put_tags(&mut message, &mut strings, &way.tags);
        let mut refs = Deltas::default();
        way.refs.iter().for_each(|r| refs.push(*r));
        message.bytes(8, refs.bytes());
        group.bytes(3, &message.into_bytes());
    }
    primitive_block(&strings, group)
}

/// Relations.
pub(super) fn relations(relations: &[MapRelation]) -> Vec<u8> {
    let mut strings = Strings::default();
    let mut group = Message::default();
    for relation in relations {
        let mut message = Message::default();
        message.varint(1, relation.id as u64);
        put_tags(&mut message, &mut strings, &relation.tags);
        let (mut roles, mut ids, mut types) = (Vec::new(), Deltas::default(), Vec::new());
        for (role, member) in &relation.members {
            push_varint(&mut roles, strings.index(role));
            let (id, kind) = match member {
                Member::Node(id) => (*id, 0),
                Member::Way(id) => (*id, 1),
            };
            ids.push(id);
            push_varint(&mut types, kind);
        }
        message.bytes(8, &roles);
        message.bytes(9, ids.bytes());
        message.bytes(10, &types);
        group.bytes(4, &message.into_bytes());
    }
    primitive_block(&strings, group)
}
