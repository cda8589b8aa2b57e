//! How a PBF file is cut into blobs: a length, a header that names type and size, the blob, and so on to the end.
//!
//! The whole file is indexed before any blob is opened: a file that is cut off is refused at once, and the second pass
//! reads only the blobs that it needs. Limits are those of <https://wiki.openstreetmap.org/wiki/PBF_Format>.

use super::wire::{Fields, Flaw};
use crate::osm::OsmError;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Largest header of a blob, in bytes.
const MAX_HEADER: u64 = 64 * 1024;
/// Largest blob, packed or unpacked, in bytes.
pub(super) const MAX_BLOB: u64 = 32 * 1024 * 1024;

/// What a blob holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Bounds and required features.
    Header,
    /// Elements.
    Data,
}

/// Where a blob stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Position among the blobs of the file, from 0.
    pub(super) number: u64,
    /// First byte of its frame.
    pub(super) offset: u64,
    /// First byte of its data.
    data: u64,
    /// Bytes of its data.
    pub(super) size: u64,
    /// What it holds.
    pub(super) kind: Kind,
}

/// An open map file.
pub(super) struct MapFile<'p> {
    path: &'p Path,
    file: File,
    length: u64,
}

impl<'p> MapFile<'p> {
    /// Opens the file.
    pub(super) fn open(path: &'p Path) -> Result<Self, OsmError> {
        let owned = || path.to_owned();
        let fail = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => OsmError::Missing { file: owned() },
            _ => OsmError::Io { file: owned(), offset: 0, source },
        };
        let about = fs::metadata(path).map_err(fail)?;
        if !about.is_file() {
            return Err(OsmError::NotAFile { file: owned() });
        }
        if about.len() == 0 {
            return Err(OsmError::Empty { file: owned() });
        }
        Ok(Self { path, file: File::open(path).map_err(fail)?, length: about.len() })
    }

    /// All blobs, in file order. Types other than `OSMHeader` and `OSMData` are passed over, as the format asks.
    pub(super) fn index(&mut self) -> Result<Vec<Place>, OsmError> {
        let (mut places, mut offset) = (Vec::new(), 0);
        for number in 0.. {
            if offset >= self.length {
                break;
            }
            let (place, kind) = self.frame(number, offset)?;
            offset = place.data + place.size;
            places.extend(kind.map(|kind| Place { kind, ..place }));
        }
        Ok(places)
    }

    fn frame(&mut self, number: u64, offset: u64) -> Result<(Place, Option<Kind>), OsmError> {
        let mut length = [0; 4];
        self.read(number, offset, &mut length)?;
        let size = u64::from(u32::from_be_bytes(length));
        if size == 0 || size > MAX_HEADER {
            return Err(match number {
                0 => self.not_pbf(describe(length)),
                _ => self.too_large(number, offset, size, MAX_HEADER),
            });
        }
        let mut header = vec![0; usize::try_from(size).unwrap_or(0)];
        self.read(number, offset + 4, &mut header)?;
        let parsed = parse_header(&header);
        let (name, data_size) = match parsed {
            Ok(parsed) => parsed,
            Err(_) if number == 0 => return Err(self.not_pbf("its first blob has no readable header".to_owned())),
            Err(Flaw(what)) => {
                return Err(OsmError::Damaged { file: self.path.to_owned(), blob: number, offset, what: what.into() });
            }
        };
        let kind = match name {
            b"OSMHeader" => Some(Kind::Header),
            b"OSMData" => Some(Kind::Data),
            _ => None,
        };
        if number == 0 && kind != Some(Kind::Header) {
            return Err(self.not_pbf("its first blob is no OSMHeader".to_owned()));
        }
        if data_size > MAX_BLOB {
            return Err(self.too_large(number, offset, data_size, MAX_BLOB));
        }
        let data = offset + 4 + size;
        self.check_room(number, data, data_size)?;
        Ok((Place { number, offset, data, size: data_size, kind: kind.unwrap_or(Kind::Data) }, kind))
    }

    /// The bytes of a blob.
    pub(super) fn blob(&mut self, place: &Place) -> Result<Vec<u8>, OsmError> {
        let mut bytes = vec![0; usize::try_from(place.size).unwrap_or(0)];
        self.read(place.number, place.data, &mut bytes)?;
        Ok(bytes)
    }

    fn read(&mut self, blob: u64, offset: u64, bytes: &mut [u8]) -> Result<(), OsmError> {
        self.check_room(blob, offset, bytes.len() as u64)?;
        let read = self.file.seek(SeekFrom::Start(offset)).and_then(|_| self.file.read_exact(bytes));
        read.map_err(|source| OsmError::Io { file: self.path.to_owned(), offset, source })
    }

    fn check_room(&self, blob: u64, offset: u64, needed: u64) -> Result<(), OsmError> {
        let left = self.length.saturating_sub(offset);
        if needed > left {
            return Err(OsmError::Truncated { file: self.path.to_owned(), blob, offset, needed, left });
        }
        Ok(())
    }

    fn not_pbf(&self, found: String) -> OsmError {
        OsmError::NotPbf { file: self.path.to_owned(), found }
    }

    fn too_large(&self, blob: u64, offset: u64, size: u64, limit: u64) -> OsmError {
        OsmError::TooLarge { file: self.path.to_owned(), blob, offset, size, limit }
    }
}

/// Type and data size of a `BlobHeader`.
fn parse_header(header: &[u8]) -> Result<(&[u8], u64), Flaw> {
    let (mut fields, mut name, mut size) = (Fields(header), None, None);
    while let Some((field, value)) = fields.next()? {
        match field {
            1 => name = Some(value.bytes()?),
            3 => size = Some(value.number()?),
            _ => {}
        }
    }
    Ok((name.ok_or("the blob has no type")?, size.ok_or("the blob has no size")?))
}

/// The first bytes of a file that is no PBF, in words.
fn describe(start: [u8; 4]) -> String {
    match start {
        [b'<', ..] => "it looks like XML".to_owned(),
        [0x1f, 0x8b, ..] => "it is gzip-compressed".to_owned(),
        [b'B', b'Z', b'h', _] => "it is bzip2-compressed".to_owned(),
        [b'P', b'K', ..] => "it is a ZIP archive".to_owned(),
        _ => format!("it begins with the bytes {:02x} {:02x} {:02x} {:02x}", start[0], start[1], start[2], start[3]),
    }
}
