//! OpenStreetMap's binary format, decoded by hand: <https://wiki.openstreetmap.org/wiki/PBF_Format>.
//!
//! The file is indexed, then read twice. Blobs are read in batches and decoded in parallel; while one batch is decoded
//! the next is read. Results are taken over in file order, so they do not depend on the number of threads. Memory is
//! bounded by the batch, the roads and about 50 bytes for each node that a road names.

mod block;
mod frame;
mod header;
mod offices;
mod unpack;
mod wire;

pub use offices::read_post_offices;

use super::assemble::{Roads, on_globe};
use super::node_table::NodeTable;
use super::tally::{Row, Tally};
use super::{Extract, OsmError};
use crate::lonlat::{Bounds, LonLat};
use crate::progress::Progress;
use block::Block;
use frame::{Kind, MAX_BLOB, MapFile, Place};
use header::Header;
use rayon::prelude::*;
use std::path::Path;
use unpack::{Failure, Scratch};

/// Blobs and packed bytes of a batch: enough for all threads, little beside the roads.
const BATCH_BLOBS: usize = 64;
const BATCH_BYTES: u64 = 16 * 1024 * 1024;

/// Reads the roads of an `.osm.pbf` file.
///
/// Uses the threads of the current rayon pool; the result is the same for any number of them.
///
/// # Errors
/// When the file is missing, empty, no PBF, cut off or damaged, needs a feature or compression that is not supported,
/// holds no road, or the user asked to stop.
pub fn read_extract(path: &Path, progress: &dyn Progress) -> Result<Extract, OsmError> {
    let mut file = MapFile::open(path)?;
    let places = file.index()?;
    let mut reader = Reader { path, file, progress };
    let (bounds, invented) = reader.headers(&places)?;
    let data: Vec<Place> = places.into_iter().filter(|place| place.kind == Kind::Data).collect();

    progress.begin("reading roads", Some(bytes(&data)));
    let mut pass = (Roads::default(), Vec::new());
    let decode = |_: &(Roads, Vec<Place>), contents: &[u8]| {
        let mut roads = Roads::default();
        let has_nodes = Block::parse(contents)?.roads(&mut roads)?;
        Ok((roads, has_nodes))
    };
    reader.for_each(&data, &mut pass, decode, |(roads, with_nodes), place, (part, has_nodes)| {
        roads.absorb(part);
        with_nodes.extend(has_nodes.then_some(*place));
    })?;
    let (mut roads, with_nodes) = pass;
    let name = path.display().to_string();
    let table = roads.node_table(&name)?;
    progress.finish(&format!("{} road ways, {} restrictions", roads.ways.len(), roads.turns.len()));

    progress.begin("reading nodes of roads", Some(bytes(&with_nodes)));
    let mut pass = (table, Tally::default());
    let decode = |(table, _): &(NodeTable, Tally), contents: &[u8]| {
        let mut tally = Tally::default();
        let found = Block::parse(contents)?.nodes(table, &mut tally)?;
        Ok((found, tally))
    };
    reader.for_each(&with_nodes, &mut pass, decode, |(table, tally), _, (found, counts)| {
        tally.absorb(&counts);
        let twice = found.iter().filter(|node| !table.enter(node)).count();
        tally.add_many(Row::NodesTwice, twice);
    })?;
    let (table, tally) = pass;
    progress.finish(&format!("{} nodes", table.len() - table.missing()));
    roads.tally.absorb(&tally);
    roads.tally.add_many(Row::Invented, usize::from(invented));
    roads.finish(table, bounds, &name)
}

fn bytes(places: &[Place]) -> u64 {
    places.iter().map(|place| place.size).sum()
}

/// A position in nanodegrees, rounded to OpenStreetMap's grid; `None` off the globe.
fn position(lon_nano: i64, lat_nano: i64) -> Option<LonLat> {
    let round = |nano: i64| i32::try_from(nano.checked_add(50 * nano.signum())? / 100).ok();
    let at = LonLat { lon_e7: round(lon_nano)?, lat_e7: round(lat_nano)? };
    on_globe(at).then_some(at)
}

/// Runs of blobs of bounded number and size.
struct Batches<'a>(&'a [Place]);

impl<'a> Iterator for Batches<'a> {
    type Item = &'a [Place];

    fn next(&mut self) -> Option<&'a [Place]> {
        let mut bytes = 0;
        let fits = |place: &&Place| {
            bytes += place.size;
            bytes <= BATCH_BYTES
        };
        let count = self.0.iter().take(BATCH_BLOBS).take_while(fits).count().max(1);
        let (batch, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(batch)
    }
}

/// A map file that is being read.
struct Reader<'p> {
    path: &'p Path,
    file: MapFile<'p>,
    progress: &'p dyn Progress,
}

impl Reader<'_> {
    /// Checks all headers (a file joined from several has more than one) and returns the box of the only one, and whether
    /// all of them say that the map is invented.
    fn headers(&mut self, places: &[Place]) -> Result<(Option<Bounds>, bool), OsmError> {
        let (mut headers, mut invented) = (Vec::new(), true);
        let mut scratch = Scratch::default();
        for place in places.iter().filter(|place| place.kind == Kind::Header) {
            let blob = self.file.blob(place)?;
            let contents = scratch.unpack(&blob).map_err(|failure| explain(self.path, place, failure))?;
            let header = Header::parse(contents).map_err(|flaw| explain(self.path, place, flaw.into()))?;
            if let Some(feature) = header.lacking {
                return Err(OsmError::Feature { file: self.path.to_owned(), feature });
            }
            headers.push(header.bounds);
            invented &= header.invented;
        }
        let invented = invented && !headers.is_empty();
        Ok((if let [bounds] = headers[..] { bounds } else { None }, invented))
    }

    /// Decodes blobs in parallel and folds the results into a state in file order. Of several flaws the first is
    /// reported. Decoding sees the state as earlier batches left it.
    fn for_each<S: Sync, T: Send>(
        &mut self,
        places: &[Place],
        state: &mut S,
        decode: impl Fn(&S, &[u8]) -> Result<T, wire::Flaw> + Sync,
        mut fold: impl FnMut(&mut S, &Place, T),
    ) -> Result<(), OsmError> {
        let (path, progress) = (self.path, self.progress);
        let one = |state: &S, scratch: &mut Scratch, (place, blob): &(Place, Vec<u8>)| {
            let contents = scratch.unpack(blob).map_err(|failure| explain(path, place, failure))?;
            let result = decode(state, contents).map_err(|flaw| explain(path, place, flaw.into()))?;
            progress.advance(place.size);
            Ok((*place, result))
        };
        let mut batches = Batches(places);
        let mut blobs = self.read(batches.next())?;
        while !blobs.is_empty() {
            if progress.cancelled() {
                return Err(OsmError::Interrupted { file: path.to_owned() });
            }
            let next = batches.next();
            let seen: &S = state;
            let (next, results) = rayon::join(
                || self.read(next),
                || {
                    let each = blobs.par_iter().map_init(Scratch::default, |scratch, blob| one(seen, scratch, blob));
                    each.collect::<Vec<Result<_, OsmError>>>()
                },
            );
            for result in results {
                let (place, result) = result?;
                fold(state, &place, result);
            }
            blobs = next?;
        }
        Ok(())
    }

    fn read(&mut self, places: Option<&[Place]>) -> Result<Vec<(Place, Vec<u8>)>, OsmError> {
        places.unwrap_or_default().iter().map(|place| Ok((*place, self.file.blob(place)?))).collect()
    }
}

/// A failure with the place where it happened.
fn explain(path: &Path, place: &Place, failure: Failure) -> OsmError {
    let (file, blob, offset) = (path.to_owned(), place.number, place.offset);
    match failure {
        Failure::Flaw(flaw) => OsmError::Damaged { file, blob, offset, what: flaw.0.into_owned() },
        Failure::TooLarge(size) => OsmError::TooLarge { file, blob, offset, size, limit: MAX_BLOB },
        Failure::Compression(method) => OsmError::Compression { file, blob, offset, method },
    }
}
