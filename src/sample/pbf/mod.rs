//! Writes OpenStreetMap's PBF format: dense nodes, ways, relations, zlib blobs of at most 8,000 entities.
//!
//! Format: the OpenStreetMap wiki's "PBF Format" (`fileformat.proto`, `osmformat.proto`). A file holds all nodes, then
//! all ways, then all relations, each by rising id. The maker of a map adds them region part by region part: nodes go
//! straight to the file, ways and relations to a spool that follows them, so memory stays bounded.

mod block;
mod wire;

use crate::lonlat::{Bounds, LonLat};
use libdeflater::{CompressionLvl, Compressor};
use std::borrow::Cow;
use std::io::{self, Seek, SeekFrom, Write};
use tempfile::SpooledTempFile;
use wire::Message;

/// Keys and values, in the order they are written.
pub(super) type Tags = Vec<(&'static str, Cow<'static, str>)>;

/// A point of the map.
#[derive(Clone, Debug)]
pub(super) struct MapNode {
    pub(super) id: i64,
    pub(super) at: LonLat,
    pub(super) tags: Tags,
}

/// A line of the map.
#[derive(Clone, Debug)]
pub(super) struct MapWay {
    pub(super) id: i64,
    pub(super) refs: Vec<i64>,
    pub(super) tags: Tags,
}

/// What a relation refers to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Member {
    Node(i64),
    Way(i64),
}

/// A relation: members with roles.
#[derive(Clone, Debug)]
pub(super) struct MapRelation {
    pub(super) id: i64,
    pub(super) members: Vec<(&'static str, Member)>,
    pub(super) tags: Tags,
}

/// Most entities in one block, as the format recommends.
const BLOCK: usize = 8_000;
/// Ways and relations waiting for their place move to disk above this many bytes.
const SPOOL_IN_MEMORY: usize = 32 << 20;
const COMPRESSION_LEVEL: i32 = 9;

/// A file under construction.
pub(super) struct PbfWriter<W: Write> {
    out: W,
    packer: Packer,
    nodes: Vec<MapNode>,
    ways: Vec<MapWay>,
    relations: Vec<MapRelation>,
    way_blobs: SpooledTempFile,
    relation_blobs: SpooledTempFile,
}

impl<W: Write> PbfWriter<W> {
    /// Writes the header.
    pub(super) fn new(mut out: W, bounds: Bounds) -> io::Result<Self> {
        let mut packer = Packer::new()?;
        packer.put(&mut out, "OSMHeader", &header_block(bounds))?;
        Ok(Self {
            out,
            packer,
            nodes: Vec::new(),
            ways: Vec::new(),
            relations: Vec::new(),
            way_blobs: SpooledTempFile::new(SPOOL_IN_MEMORY),
            relation_blobs: SpooledTempFile::new(SPOOL_IN_MEMORY),
        })
    }

    /// Adds a part of the map; ids must rise within each kind from call to call.
    pub(super) fn add(
        &mut self,
        nodes: Vec<MapNode>,
        ways: Vec<MapWay>,
        relations: Vec<MapRelation>,
    ) -> io::Result<()> {
        self.nodes.extend(nodes);
        self.ways.extend(ways);
        self.relations.extend(relations);
        self.flush(BLOCK)
    }

    /// Writes all blocks that hold at least `least` entities.
    fn flush(&mut self, least: usize) -> io::Result<()> {
        for chunk in full_chunks(&mut self.nodes, least) {
            self.packer.put(&mut self.out, "OSMData", &block::dense_nodes(&chunk))?;
        }
        for chunk in full_chunks(&mut self.ways, least) {
            self.packer.put(&mut self.way_blobs, "OSMData", &block::ways(&chunk))?;
        }
        for chunk in full_chunks(&mut self.relations, least) {
            self.packer.put(&mut self.relation_blobs, "OSMData", &block::relations(&chunk))?;
        }
        Ok(())
    }

    /// Writes what is left and gives the destination back.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.flush(1)?;
        for mut spool in [self.way_blobs, self.relation_blobs] {
            spool.seek(SeekFrom::Start(0))?;
            io::copy(&mut spool, &mut self.out)?;
        }
        self.out.flush()?;
        Ok(self.out)
    }
}

fn full_chunks<T>(items: &mut Vec<T>, least: usize) -> Vec<Vec<T>> {
    let mut chunks = Vec::new();
    while items.len() >= least.max(1) {
        let rest = items.split_off(items.len().min(BLOCK));
        chunks.push(std::mem::replace(items, rest));
    }
    chunks
}

fn header_block(bounds: Bounds) -> Vec<u8> {
    let nano = |e7: i32| i64::from(e7) * 100;
    let mut bbox = Message::default();
    bbox.signed(1, nano(bounds.min.lon_e7));
    bbox.signed(2, nano(bounds.max.lon_e7));
    bbox.signed(3, nano(bounds.max.lat_e7));
    bbox.signed(4, nano(bounds.min.lat_e7));
    let mut header = Message::default();
    header.bytes(1, &bbox.into_bytes());
    header.bytes(4, b"OsmSchema-V0.6");
    header.bytes(4, b"DenseNodes");
    header.bytes(5, b"Sort.Type_then_ID");
    header.bytes(16, b"ddu sample (invented map)");
    header.into_bytes()
}

/// Compresses blocks and frames them as blobs.
struct Packer {
    compressor: Compressor,
    buffer: Vec<u8>,
}

impl Packer {
    fn new() -> io::Result<Self> {
        let level =
            CompressionLvl::new(COMPRESSION_LEVEL).map_err(|_| io::Error::other("compression level out of range"))?;
        Ok(Self { compressor: Compressor::new(level), buffer: Vec::new() })
    }

    fn put(&mut self, out: &mut impl Write, kind: &str, block: &[u8]) -> io::Result<()> {
        self.buffer.resize(self.compressor.zlib_compress_bound(block.len()), 0);
        let size = self.compressor.zlib_compress(block, &mut self.buffer).map_err(io::Error::other)?;
        let mut blob = Message::default();
        blob.varint(2, block.len() as u64);
        blob.bytes(3, self.buffer.get(..size).unwrap_or_default());
        let blob = blob.into_bytes();
        let mut head = Message::default();
        head.bytes(1, kind.as_bytes());
        head.varint(3, blob.len() as u64);
        let head = head.into_bytes();
        let length = u32::try_from(head.len()).map_err(io::Error::other)?;
        out.write_all(&length.to_be_bytes())?;
        out.write_all(&head)?;
        out.write_all(&blob)
    }
}
