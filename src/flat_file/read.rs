//! Opening a flat file.

use super::{ALIGN, Array, Entry, Fault, FlatFileError, Format, HEADER, array};
use bytemuck::Pod;
use memmap2::Mmap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// An open file whose length, version and checksum are right. Its sections are taken in order.
#[derive(Clone, Debug)]
pub struct FlatFile {
    mapping: Arc<Mmap>,
    /// Sections not yet taken, the next one last.
    sections: Vec<(Entry, Range<usize>)>,
}

impl FlatFile {
    /// Opens a file and checks all that can be checked without knowing what the rows mean. Runs in the current rayon
    /// pool.
    ///
    /// # Errors
    /// [`FlatFileError`] says what is wrong with the file, and names the command that makes it anew.
    pub fn open(format: &Format, path: &Path) -> Result<Self, FlatFileError> {
        if cfg!(target_endian = "big") {
            return Err(FlatFileError::BigEndian { format: *format });
        }
        let (file, length) = regular(path).map_err(|source| FlatFileError::io(path, source))?;
        // The header is read, not mapped: nothing is mapped before its length is known to be right.
        let mut header = Vec::with_capacity(HEADER);
        (&file).take(HEADER as u64).read_to_end(&mut header).map_err(|source| FlatFileError::io(path, source))?;
        if !header.starts_with(&format.magic) {
            return Err(FlatFileError::Foreign { path: path.to_owned(), format: *format });
        }
        let wrong_length =
            |expected| FlatFileError::Length { path: path.to_owned(), found: length, expected, format: *format };
        let Ok(header) = <[u8; HEADER]>::try_from(header) else { return Err(wrong_length(HEADER as u64)) };
        let version = u32_at(&header, 8);
        if version != format.version {
            return Err(FlatFileError::Version { path: path.to_owned(), found: version, format: *format });
        }
        let expected = u64_at(&header, 16);
        if length != expected || expected < HEADER as u64 {
            return Err(wrong_length(expected));
        }
        let mapping = array::map(&file).map_err(|source| FlatFileError::io(path, source))?;
        let body = mapping.get(HEADER..).unwrap_or_default();
        let mut hasher = blake3::Hasher::new();
        hasher.update_rayon(body);
        if mapping.len() as u64 != length || hasher.finalize().as_bytes() != &header[32..] || u64_at(&header, 24) != 0 {
            return Err(FlatFileError::Checksum { path: path.to_owned(), format: *format });
        }
        let mut file = Self { mapping: Arc::new(mapping), sections: Vec::new() };
        let invalid = |what| FlatFileError::Invalid { path: path.to_owned(), what, format: *format };
        file.sections = file.table(u32_at(&header, 12)).map_err(invalid)?;
        Ok(file)
    }

    /// Sections with their places, the last one first. Together with the gaps they fill the file.
    fn table(&self, count: u32) -> Result<Vec<(Entry, Range<usize>)>, Fault> {
        const FAULT: Fault = "section table";
        let mut end = HEADER;
        let mut place = |row: u64, rows: u64| -> Option<Range<usize>> {
            let start = end;
            let stop = start.checked_add(usize::try_from(row.checked_mul(rows)?).ok()?)?;
            end = stop.checked_next_multiple_of(ALIGN)?;
            let gap = self.mapping.get(stop..end)?;
            gap.iter().all(|byte| *byte == 0).then_some(start..stop)
        };
        let table = place(size_of::<Entry>() as u64, count.into()).ok_or(FAULT)?;
        let entries: Array<Entry> = Array::mapped(&self.mapping, table).ok_or(FAULT)?;
        let mut sections = Vec::with_capacity(entries.len());
        for entry in &entries {
            sections.push((*entry, place(entry.row, entry.rows).ok_or(FAULT)?));
        }
        sections.reverse();
        if end == self.mapping.len() { Ok(sections) } else { Err(FAULT) }
    }

    /// Rows of the next section, which must have this name.
    ///
    /// # Errors
    /// When the next section is another one or has rows of another size; it is then not taken.
    pub fn take<T: Pod>(&mut self, name: &str) -> Result<Array<T>, Fault> {
        let fits = |entry: &Entry| {
            let (own, zeros) = entry.name.split_at(name.len().min(entry.name.len()));
            own == name.as_bytes() && zeros.iter().all(|byte| *byte == 0) && entry.row == size_of::<T>() as u64
        };
        let part = self.sections.pop_if(|(entry, _)| fits(entry)).ok_or("section table")?.1;
        Array::mapped(&self.mapping, part).ok_or("section table")
    }

    /// To be called when all sections have been taken.
    ///
    /// # Errors
    /// When one is left.
    pub fn finish(self) -> Result<(), Fault> {
        if self.sections.is_empty() { Ok(()) } else { Err("section table") }
    }
}

/// The file and its length. Pipes and folders have none; they are refused before they can block.
fn regular(path: &Path) -> io::Result<(File, u64)> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

/// Little-endian number at an offset.
fn u32_at(header: &[u8; HEADER], at: usize) -> u32 {
    header[at..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// Little-endian number at an offset.
fn u64_at(header: &[u8; HEADER], at: usize) -> u64 {
    header[at..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
