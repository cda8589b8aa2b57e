//! Small PBF files byte by byte, with every freedom that the format gives and every way to break it.

use std::path::PathBuf;
use tempfile::TempDir;

pub fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = vec![];
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

pub fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

/// A number field.
pub fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

/// A string, message or packed field.
pub fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    [varint(field << 3 | 2), varint(value.len() as u64), value.to_vec()].concat()
}

/// A packed list.
pub fn packed(field: u64, values: &[u64]) -> Vec<u8> {
    bytes(field, &values.iter().flat_map(|v| varint(*v)).collect::<Vec<_>>())
}

/// A packed list of differences.
pub fn deltas(field: u64, values: &[i64]) -> Vec<u8> {
    let mut last = 0;
    let steps = values.iter().map(|value| {
        let step = value.wrapping_sub(last);
        last = *value;
        zigzag(step)
    });
    packed(field, &steps.collect::<Vec<_>>())
}

/// How a blob is packed.
#[derive(Clone, Copy)]
pub enum Packing {
    Raw,
    Zlib,
}

/// A blob message.
pub fn blob(contents: &[u8], packing: Packing) -> Vec<u8> {
    match packing {
        Packing::Raw => bytes(1, contents),
        Packing::Zlib => {
            let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
            let mut out = vec![0; compressor.zlib_compress_bound(contents.len())];
            let size = compressor.zlib_compress(contents, &mut out).unwrap();
            [number(2, contents.len() as u64), bytes(3, &out[..size])].concat()
        }
    }
}

/// A blob in its frame.
pub fn frame(kind: &str, blob: &[u8]) -> Vec<u8> {
    let header = [bytes(1, kind.as_bytes()), number(3, blob.len() as u64)].concat();
    [(header.len() as u32).to_be_bytes().to_vec(), header, blob.to_vec()].concat()
}

/// A header blob in its frame.
pub fn header(features: &[&str], bbox_nano: Option<[i64; 4]>) -> Vec<u8> {
    let mut block = vec![];
    if let Some(sides) = bbox_nano {
        let sides: Vec<u8> = (1..).zip(sides).flat_map(|(field, side)| number(field, zigzag(side))).collect();
        block.extend(bytes(1, &sides));
    }
    for feature in features {
        block.extend(bytes(4, feature.as_bytes()));
    }
    frame("OSMHeader", &blob(&block, Packing::Zlib))
}

/// The usual header.
pub fn usual_header() -> Vec<u8> {
    header(&["OsmSchema-V0.6", "DenseNodes"], None)
}

/// A block being filled. Strings are entered as they come.
pub struct Block {
    strings: Vec<Vec<u8>>,
    groups: Vec<Vec<u8>>,
    pub granularity: i64,
    pub lat_offset: i64,
    pub lon_offset: i64,
}

type TagList<'a> = &'a [(&'a str, &'a str)];

impl Block {
    pub fn new() -> Self {
        Self { strings: vec![vec![]], groups: vec![], granularity: 100, lat_offset: 0, lon_offset: 0 }
    }

    pub fn string(&mut self, text: &[u8]) -> u64 {
        let known = self.strings.iter().position(|s| s == text);
        known.unwrap_or_else(|| {
            self.strings.push(text.to_vec());
            self.strings.len() - 1
        }) as u64
    }

    fn keys_and_values(&mut self, tags: TagList<'_>) -> (Vec<u64>, Vec<u64>) {
        tags.iter().map(|(key, value)| (self.string(key.as_bytes()), self.string(value.as_bytes()))).unzip()
    }

    /// Nodes as (id, lon, lat) in units of the granularity.
    pub fn dense(&mut self, nodes: &[(i64, i64, i64, TagList<'_>)]) -> &mut Self {
        let mut texts = vec![];
        for (.., tags) in nodes {
            for (key, value) in *tags {
                texts.extend([self.string(key.as_bytes()), self.string(value.as_bytes())]);
            }
            texts.push(0);
        }
        let list = |f: fn(&(i64, i64, i64, TagList<'_>)) -> i64| nodes.iter().map(f).collect::<Vec<_>>();
        let mut dense = [deltas(1, &list(|n| n.0)), deltas(8, &list(|n| n.2)), deltas(9, &list(|n| n.1))].concat();
        if texts.iter().any(|t| *t != 0) {
            dense.extend(packed(10, &texts));
        }
        self.group(&bytes(2, &dense))
    }

    pub fn plain(&mut self, (id, lon, lat, tags): (i64, i64, i64, TagList<'_>)) -> &mut Self {
        let (keys, values) = self.keys_and_values(tags);
        let place = [number(8, zigzag(lat)), number(9, zigzag(lon))].concat();
        let node = [number(1, zigzag(id)), packed(2, &keys), packed(3, &values), place].concat();
        self.group(&bytes(1, &node))
    }

    pub fn way(&mut self, id: i64, refs: &[i64], tags: TagList<'_>) -> &mut Self {
        let (keys, values) = self.keys_and_values(tags);
        let way = [number(1, id as u64), packed(2, &keys), packed(3, &values), deltas(8, refs)].concat();
        self.group(&bytes(3, &way))
    }

    /// Members as (role, kind, id); kinds 0 node, 1 way, 2 relation.
    pub fn relation(&mut self, id: i64, members: &[(&str, u64, i64)], tags: TagList<'_>) -> &mut Self {
        let (keys, values) = self.keys_and_values(tags);
        let roles: Vec<u64> = members.iter().map(|m| self.string(m.0.as_bytes())).collect();
        let ids: Vec<i64> = members.iter().map(|m| m.2).collect();
        let kinds: Vec<u64> = members.iter().map(|m| m.1).collect();
        let lists = [packed(8, &roles), deltas(9, &ids), packed(10, &kinds)].concat();
        let relation = [number(1, id as u64), packed(2, &keys), packed(3, &values), lists].concat();
        self.group(&bytes(4, &relation))
    }

    /// A group with these bytes.
    pub fn group(&mut self, group: &[u8]) -> &mut Self {
        self.groups.push(group.to_vec());
        self
    }

    /// The block's message.
    pub fn message(&self) -> Vec<u8> {
        let strings: Vec<u8> = self.strings.iter().flat_map(|s| bytes(1, s)).collect();
        let mut message = bytes(1, &strings);
        self.groups.iter().for_each(|group| message.extend(bytes(2, group)));
        message.extend(number(17, self.granularity as u64));
        message.extend(number(19, self.lat_offset as u64));
        message.extend(number(20, self.lon_offset as u64));
        message
    }

    /// The block as a blob in its frame.
    pub fn data(&self, packing: Packing) -> Vec<u8> {
        frame("OSMData", &blob(&self.message(), packing))
    }
}

/// A file on disk for the length of a test.
pub struct TempFile {
    _folder: TempDir,
    pub path: PathBuf,
}

pub fn file(parts: &[Vec<u8>]) -> TempFile {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.osm.pbf");
    std::fs::write(&path, parts.concat()).unwrap();
    TempFile { _folder: folder, path }
}

/// A crossing of two streets with a ban, a signal and a gate, in all kinds of elements.
pub fn crossing(packing: Packing) -> Vec<Vec<u8>> {
    let mut block = Block::new();
    let street: TagList<'_> = &[("highway", "residential"), ("name", "Main St"), ("maxspeed", "25 mph")];
    block
        .dense(&[
            (1, 0, 0, &[]),
            (2, 10_000, 0, &[("highway", "traffic_signals")]),
            (3, 20_000, 0, &[]),
            (9, 90_000, 9, &[("amenity", "cafe")]),
        ])
        .plain((4, 10_000, 10_000, &[("barrier", "gate"), ("access", "private")]))
        .way(10, &[1, 2], street)
        .way(11, &[2, 3], street)
        .way(12, &[2, 4], &[("highway", "service"), ("oneway", "yes")])
        .way(13, &[1, 9], &[("highway", "footway")])
        .relation(
            20,
            &[("from", 1, 10), ("via", 0, 2), ("to", 1, 12)],
            &[("type", "restriction"), ("restriction", "no_left_turn")],
        );
    vec![usual_header(), block.data(packing)]
}
