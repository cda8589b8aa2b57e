//! One block of elements: its string table, and the ways, relations and nodes in it.

mod offices;

pub(super) use offices::Offices;

use super::wire::{Fields, Flaw, Numbers, Packed, Value};
use crate::osm::assemble::{RoadWay, Roads};
use crate::osm::node_table::{Cursor, Found, NodeTable};
use crate::osm::raw::MemberKind;
use crate::osm::tags::{self, Tags, WayFacts};
use crate::osm::tally::{Row, Tally};
use crate::osm::turn::Turn;
use rustc_hash::FxHashMap;

/// What is known of a string as a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Unseen,
    Irrelevant,
    Relevant,
    /// A way without such a key is no road.
    Road,
}

/// A decoded `PrimitiveBlock`.
pub(super) struct Block<'a> {
    strings: Vec<&'a [u8]>,
    /// Filled as keys are met: most strings are values.
    keys: Vec<Key>,
    groups: Vec<&'a [u8]>,
    /// What combinations of tags that were met say of a way, and what to count for each.
    known: FxHashMap<Pairs, (Option<WayFacts>, Tally)>,
    /// Reused from element to element.
    pairs: Pairs,
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

type TagBuffer<'a> = Vec<(&'a str, &'a str)>;
/// Tags as indices of key and value in the string table.
type Pairs = Vec<(u64, u64)>;

impl<'a> Block<'a> {
    /// Splits a block into its parts.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, Flaw> {
        let mut fields = Fields(bytes);
        let mut block = Self {
            strings: Vec::new(),
            keys: Vec::new(),
            groups: Vec::new(),
            known: FxHashMap::default(),
            pairs: Vec::new(),
            granularity: 100,
            lat_offset: 0,
            lon_offset: 0,
        };
        while let Some((field, value)) = fields.next()? {
            match field {
                1 => {
                    let mut table = Fields(value.bytes()?);
                    while let Some((field, string)) = table.next()? {
                        if field == 1 {
                            block.strings.push(string.bytes()?);
                        }
                    }
                }
                2 => block.groups.push(value.bytes()?),
                17 => block.granularity = value.signed()?,
                19 => block.lat_offset = value.signed()?,
                20 => block.lon_offset = value.signed()?,
                _ => {}
            }
        }
        if block.granularity <= 0 {
            return Err("its granularity is not positive".into());
        }
        block.keys = vec![Key::Unseen; block.strings.len()];
        Ok(block)
    }

    /// First pass: roads and restrictions; true when the block holds nodes too.
    pub(super) fn roads(&mut self, roads: &mut Roads) -> Result<bool, Flaw> {
        let (mut has_nodes, mut tags) = (false, TagBuffer::new());
        for group in self.groups.clone() {
            let mut fields = Fields(group);
            while let Some((field, value)) = fields.next()? {
                match field {
                    1 | 2 => has_nodes = true,
                    3 => self.way(value.bytes()?, &mut tags, roads)?,
                    4 => self.relation(value.bytes()?, &mut tags, roads)?,
                    _ => {}
                }
            }
        }
        Ok(has_nodes)
    }

    fn way(&mut self, bytes: &'a [u8], tags: &mut TagBuffer<'a>, roads: &mut Roads) -> Result<(), Flaw> {
        let element = Element::parse(bytes)?;
        roads.tally.add(Row::WaysRead);
        let Some(facts) = self.way_facts(&element, tags, &mut roads.tally)? else { return Ok(()) };
        let mut refs = Vec::with_capacity(element.eight.count());
        let (mut numbers, mut id) = (element.eight.numbers(), 0);
        while !numbers.is_empty() {
            numbers.add_delta(&mut id)?;
            refs.push(id);
        }
        roads.ways.push(RoadWay { id: element.id()?, refs, facts });
        Ok(())
    }

    /// What the tags of a way say. Few combinations of tags that matter occur in a block, so each is read once.
    fn way_facts(
        &mut self,
        element: &Element<'_>,
        tags: &mut TagBuffer<'a>,
        tally: &mut Tally,
    ) -> Result<Option<WayFacts>, Flaw> {
        let mut pairs = std::mem::take(&mut self.pairs);
        let road = self.relevant_pairs(element, &mut pairs)?;
        let facts = if !road {
            tally.add(Row::WaysNoRoad);
            None
        } else if let Some((facts, counts)) = self.known.get(&pairs) {
            tally.absorb(counts);
            *facts
        } else {
            let mut counts = Tally::default();
            self.texts(&pairs, tags, &mut counts)?;
            let facts = tags::way(Tags(tags), &mut counts);
            tally.absorb(&counts);
            self.known.insert(pairs.clone(), (facts, counts));
            facts
        };
        self.pairs = pairs;
        Ok(facts)
    }

    fn relation(&mut self, bytes: &'a [u8], tags: &mut TagBuffer<'a>, roads: &mut Roads) -> Result<(), Flaw> {
        let element = Element::parse(bytes)?;
        roads.tally.add(Row::RelationsRead);
        self.read_tags(&element, tags, &mut roads.tally)?;
        if !tags::is_restriction(Tags(tags)) {
            return Ok(());
        }
        let (mut roles, mut ids, mut kinds) = (element.eight.numbers(), element.nine.numbers(), element.ten.numbers());
        let (mut id, mut members) = (0, Vec::new());
        while !ids.is_empty() {
            ids.add_delta(&mut id)?;
            let kind = match kinds.next()? {
                0 => MemberKind::Node,
                1 => MemberKind::Way,
                2 => MemberKind::Relation,
                _ => return Err("a member of a relation is of no known kind".into()),
            };
            // A role that is not UTF-8 is none that we know.
            members.push((std::str::from_utf8(self.string(roles.next()?)?).unwrap_or(""), kind, id));
        }
        let turn = Turn::read(element.id()?, Tags(tags), members.into_iter(), &mut roads.tally);
        roads.turns.extend(turn);
        Ok(())
    }

    /// Second pass: the nodes that the table asks for, in the order of the block.
    pub(super) fn nodes(&mut self, table: &NodeTable, tally: &mut Tally) -> Result<Vec<Found>, Flaw> {
        let (mut found, mut cursor) = (Vec::new(), Cursor::default());
        for group in self.groups.clone() {
            let mut fields = Fields(group);
            while let Some((field, value)) = fields.next()? {
                match field {
                    1 => self.plain_node(value.bytes()?, table, &mut cursor, &mut found, tally)?,
                    2 => self.dense_nodes(value.bytes()?, table, &mut cursor, &mut found, tally)?,
                    _ => {}
                }
            }
        }
        Ok(found)
    }

    fn plain_node(
        &mut self,
        bytes: &'a [u8],
        table: &NodeTable,
        cursor: &mut Cursor,
        found: &mut Vec<Found>,
        tally: &mut Tally,
    ) -> Result<(), Flaw> {
        let element = Element::parse(bytes)?;
        tally.add(Row::NodesRead);
        let id = super::wire::zigzag(element.raw_id()?);
        let Some(position) = table.find(id, cursor) else { return Ok(()) };
        let (mut lat, mut lon) = (element.eight.numbers(), element.nine.numbers());
        let (lat, lon) = (super::wire::zigzag(lat.next()?), super::wire::zigzag(lon.next()?));
        let mut tags = TagBuffer::new();
        self.read_tags(&element, &mut tags, tally)?;
        self.enter(position, (lat, lon), &tags, found, tally);
        Ok(())
    }

    fn dense_nodes(
        &mut self,
        bytes: &'a [u8],
        table: &NodeTable,
        cursor: &mut Cursor,
        found: &mut Vec<Found>,
        tally: &mut Tally,
    ) -> Result<(), Flaw> {
        let mut fields = Fields(bytes);
        let (mut ids, mut lats, mut lons, mut texts) =
            (Packed::default(), Packed::default(), Packed::default(), Packed::default());
        while let Some((field, value)) = fields.next()? {
            match field {
                1 => ids.push(value)?,
                8 => lats.push(value)?,
                9 => lons.push(value)?,
                10 => texts.push(value)?,
                _ => {}
            }
        }
        let (mut ids, mut lats, mut lons, mut texts) = (ids.numbers(), lats.numbers(), lons.numbers(), texts.numbers());
        let (mut id, mut lat, mut lon, mut count) = (0, 0, 0, 0);
        let mut tags = TagBuffer::new();
        while !ids.is_empty() {
            ids.add_delta(&mut id)?;
            lats.add_delta(&mut lat)?;
            lons.add_delta(&mut lon)?;
            count += 1;
            let position = table.find(id, cursor);
            self.dense_tags(&mut texts, position.is_some(), &mut tags, tally)?;
            if let Some(position) = position {
                self.enter(position, (lat, lon), &tags, found, tally);
            }
        }
        tally.add_many(Row::NodesRead, count);
        if lats.is_empty() && lons.is_empty() { Ok(()) } else { Err("its nodes have more coordinates than ids".into()) }
    }

    /// Tags of the next dense node: pairs of strings, ended by a 0. An empty list means that no node has any.
    fn dense_tags(
        &mut self,
        texts: &mut Numbers<'_>,
        wanted: bool,
        tags: &mut TagBuffer<'a>,
        tally: &mut Tally,
    ) -> Result<(), Flaw> {
        tags.clear();
        while !texts.is_empty() {
            let key = texts.next()?;
            if key == 0 {
                break;
            }
            let value = texts.next()?;
            if wanted && self.key(key)? != Key::Irrelevant {
                self.push_tag(key, value, tags, tally)?;
            }
        }
        Ok(())
    }

    fn enter(
        &self,
        position: usize,
        (lat, lon): (i64, i64),
        tags: &TagBuffer<'a>,
        found: &mut Vec<Found>,
        tally: &mut Tally,
    ) {
        let nano = |offset: i64, value: i64| self.granularity.checked_mul(value)?.checked_add(offset);
        let at = nano(self.lon_offset, lon).zip(nano(self.lat_offset, lat));
        match at.and_then(|(lon, lat)| super::position(lon, lat)) {
            None => tally.add(Row::NodesOffGlobe),
            Some(at) => {
                let facts = (!tags.is_empty()).then(|| Box::new(tags::node(Tags(tags), tally)));
                found.push(Found { position, at, facts });
            }
        }
    }

    /// Reads the relevant tags of a relation or plain node.
    fn read_tags(&mut self, element: &Element<'_>, tags: &mut TagBuffer<'a>, tally: &mut Tally) -> Result<(), Flaw> {
        let mut pairs = std::mem::take(&mut self.pairs);
        self.relevant_pairs(element, &mut pairs)?;
        self.texts(&pairs, tags, tally)?;
        self.pairs = pairs;
        Ok(())
    }

    /// Indices of the tags that matter, key and value; true when one of the keys may make a way a road.
    fn relevant_pairs(&mut self, element: &Element<'_>, pairs: &mut Pairs) -> Result<bool, Flaw> {
        pairs.clear();
        let (mut keys, mut values, mut road) = (element.keys.numbers(), element.values.numbers(), false);
        while !keys.is_empty() {
            let pair = (keys.next()?, values.next()?);
            let kind = self.key(pair.0)?;
            road |= kind == Key::Road;
            if kind != Key::Irrelevant {
                pairs.push(pair);
            }
        }
        Ok(road)
    }

    fn texts(&self, pairs: &[(u64, u64)], tags: &mut TagBuffer<'a>, tally: &mut Tally) -> Result<(), Flaw> {
        tags.clear();
        pairs.iter().try_for_each(|(key, value)| self.push_tag(*key, *value, tags, tally))
    }

    fn push_tag(&self, key: u64, value: u64, tags: &mut TagBuffer<'a>, tally: &mut Tally) -> Result<(), Flaw> {
        match (std::str::from_utf8(self.string(key)?), std::str::from_utf8(self.string(value)?)) {
            (Ok(key), Ok(value)) => tags.push((key, value)),
            _ => tally.add(Row::NotUtf8),
        }
        Ok(())
    }

    fn string(&self, index: u64) -> Result<&'a [u8], Flaw> {
        let string = usize::try_from(index).ok().and_then(|index| self.strings.get(index));
        string
            .copied()
            .ok_or_else(|| Flaw(format!("string {index} is used, its table has {}", self.strings.len()).into()))
    }

    /// What a string is as a key.
    fn key(&mut self, index: u64) -> Result<Key, Flaw> {
        let text = self.string(index)?;
        let known = usize::try_from(index).ok().and_then(|index| self.keys.get_mut(index));
        let Some(known) = known else { return Ok(Key::Irrelevant) };
        if *known == Key::Unseen {
            *known = match std::str::from_utf8(text) {
                Ok(text) if tags::may_be_road(text) => Key::Road,
                Ok(text) if tags::is_relevant(text) => Key::Relevant,
                _ => Key::Irrelevant,
            };
        }
        Ok(*known)
    }
}

/// A way, relation or plain node: they share the numbers of the fields that matter.
#[derive(Default)]
struct Element<'a> {
    id: Option<u64>,
    keys: Packed<'a>,
    values: Packed<'a>,
    /// `refs` of a way, `roles_sid` of a relation, `lat` of a node.
    eight: Packed<'a>,
    /// `memids` of a relation, `lon` of a node.
    nine: Packed<'a>,
    /// `types` of a relation.
    ten: Packed<'a>,
}

impl<'a> Element<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, Flaw> {
        let (mut fields, mut element) = (Fields(bytes), Self::default());
        while let Some((field, value)) = fields.next()? {
            match field {
                1 => element.id = Some(value.number()?),
                2 => element.keys.push(value)?,
                3 => element.values.push(value)?,
                8 => element.eight.push(value)?,
                9 => element.nine.push(value)?,
                10 => element.ten.push(value)?,
                _ => {}
            }
        }
        Ok(element)
    }

    fn raw_id(&self) -> Result<u64, Flaw> {
        self.id.ok_or_else(|| "an element has no id".into())
    }

    fn id(&self) -> Result<i64, Flaw> {
        Value::Varint(&[], self.raw_id()?).signed()
    }
}
