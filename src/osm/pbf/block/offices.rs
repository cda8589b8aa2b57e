//! Post offices in a block.

use super::{Block, Element, Flaw, TagBuffer};
use crate::osm::pbf::wire::{Fields, Numbers, Packed, zigzag};
use crate::osm::post_office::PostOffice;
use crate::osm::raw::MemberKind;

/// A way that is a post office, still without a place.
pub(in crate::osm::pbf) struct OfficeWay {
    pub(in crate::osm::pbf) office: PostOffice,
    pub(in crate::osm::pbf) refs: Vec<i64>,
}

/// What a block holds.
#[derive(Default)]
pub(in crate::osm::pbf) struct Offices {
    pub(in crate::osm::pbf) nodes: Vec<PostOffice>,
    pub(in crate::osm::pbf) ways: Vec<OfficeWay>,
    pub(in crate::osm::pbf) relations: u64,
    pub(in crate::osm::pbf) has_nodes: bool,
}

impl<'a> Block<'a> {
    /// Nodes, ways and relations that are post offices. Tags that are not UTF-8 are passed over.
    pub(in crate::osm::pbf) fn offices(&self) -> Result<Offices, Flaw> {
        let mut found = Offices::default();
        let key = self.strings.iter().position(|string| *string == b"amenity");
        let key = key.and_then(|key| u64::try_from(key).ok());
        for group in &self.groups {
            let mut fields = Fields(group);
            while let Some((field, value)) = fields.next()? {
                found.has_nodes |= matches!(field, 1 | 2);
                let Some(key) = key else { continue };
                match field {
                    1 => self.office_node(value.bytes()?, key, &mut found)?,
                    2 => self.dense_offices(value.bytes()?, key, &mut found)?,
                    3 => self.office_way(value.bytes()?, key, &mut found)?,
                    4 if self.office_tags(&Element::parse(value.bytes()?)?, key)?.is_some() => found.relations += 1,
                    _ => {}
                }
            }
        }
        Ok(found)
    }

    fn office_node(&self, bytes: &'a [u8], key: u64, found: &mut Offices) -> Result<(), Flaw> {
        let element = Element::parse(bytes)?;
        let Some(tags) = self.office_tags(&element, key)? else { return Ok(()) };
        let (mut lat, mut lon) = (element.eight.numbers(), element.nine.numbers());
        let at = (zigzag(lat.next()?), zigzag(lon.next()?));
        self.enter_office(zigzag(element.raw_id()?), at, &tags, found);
        Ok(())
    }

    fn office_way(&self, bytes: &'a [u8], key: u64, found: &mut Offices) -> Result<(), Flaw> {
        let element = Element::parse(bytes)?;
        let Some(tags) = self.office_tags(&element, key)? else { return Ok(()) };
        let (mut refs, mut numbers, mut id) = (Vec::new(), element.eight.numbers(), 0);
        while !numbers.is_empty() {
            numbers.add_delta(&mut id)?;
            refs.push(id);
        }
        let office = PostOffice::of(MemberKind::Way, element.id()?, crate::lonlat::LonLat::default(), &tags);
        found.ways.extend(office.map(|office| OfficeWay { office, refs }));
        Ok(())
    }

    fn dense_offices(&self, bytes: &'a [u8], key: u64, found: &mut Offices) -> Result<(), Flaw> {
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
        let (mut id, mut lat, mut lon) = (0, 0, 0);
        let mut pairs = Vec::new();
        while !ids.is_empty() {
            ids.add_delta(&mut id)?;
            lats.add_delta(&mut lat)?;
            lons.add_delta(&mut lon)?;
            dense_pairs(&mut texts, &mut pairs)?;
            if let Some(tags) = self.texts_if(&pairs, key)? {
                self.enter_office(id, (lat, lon), &tags, found);
            }
        }
        Ok(())
    }

    fn enter_office(&self, id: i64, (lat, lon): (i64, i64), tags: &[(&str, &str)], found: &mut Offices) {
        let nano = |offset: i64, value: i64| self.granularity.checked_mul(value)?.checked_add(offset);
        let at = nano(self.lon_offset, lon).zip(nano(self.lat_offset, lat));
        let at = at.and_then(|(lon, lat)| crate::osm::pbf::position(lon, lat));
        found.nodes.extend(at.and_then(|at| PostOffice::of(MemberKind::Node, id, at, tags)));
    }

    /// All tags of an element that has the key and is a post office.
    fn office_tags(&self, element: &Element<'_>, key: u64) -> Result<Option<TagBuffer<'a>>, Flaw> {
        let (mut keys, mut values, mut pairs) = (element.keys.numbers(), element.values.numbers(), Vec::new());
        while !keys.is_empty() {
            pairs.push((keys.next()?, values.next()?));
        }
        let tags = self.texts_if(&pairs, key)?;
        let office = |tags: &TagBuffer<'_>| PostOffice::of(MemberKind::Relation, 0, Default::default(), tags).is_some();
        Ok(tags.filter(office))
    }

    /// The texts of tags that hold the key.
    fn texts_if(&self, pairs: &[(u64, u64)], key: u64) -> Result<Option<TagBuffer<'a>>, Flaw> {
        if pairs.iter().all(|(k, _)| *k != key) {
            return Ok(None);
        }
        let mut tags = TagBuffer::new();
        for (key, value) in pairs {
            if let (Ok(key), Ok(value)) =
                (std::str::from_utf8(self.string(*key)?), std::str::from_utf8(self.string(*value)?))
            {
                tags.push((key, value));
            }
        }
        Ok(Some(tags))
    }
}

/// Tags of the next dense node, as in [`Block::dense_tags`].
fn dense_pairs(texts: &mut Numbers<'_>, pairs: &mut Vec<(u64, u64)>) -> Result<(), Flaw> {
    pairs.clear();
    while !texts.is_empty() {
        let key = texts.next()?;
        if key == 0 {
            break;
        }
        pairs.push((key, texts.next()?));
    }
    Ok(())
}
