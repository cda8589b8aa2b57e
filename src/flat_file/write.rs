//! Writing a flat file.

use super::{ALIGN, Entry, FlatFileError, Format, HEADER, NAME};
use crate::artefact::write_atomically;
use bytemuck::Pod;
use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

/// Sections of a file to be written, in order.
#[derive(Default)]
pub struct Sections<'a> {
    sections: Vec<(Entry, Cow<'a, [u8]>)>,
}

impl<'a> Sections<'a> {
    /// Adds rows under a name of at most 32 bytes.
    pub fn add<T: Pod>(&mut self, name: &str, rows: &'a [T]) {
        self.push(name, rows, Cow::Borrowed(bytemuck::cast_slice(rows)));
    }

    /// Adds rows that are made for the file.
    pub fn add_rows<T: Pod>(&mut self, name: &str, rows: Vec<T>) {
        self.push(name, &rows, Cow::Owned(bytemuck::cast_slice(&rows).to_vec()));
    }

    fn push<T>(&mut self, name: &str, rows: &[T], bytes: Cow<'a, [u8]>) {
        let mut entry = Entry { name: [0; NAME], row: size_of::<T>() as u64, rows: rows.len() as u64 };
        entry.name.iter_mut().zip(name.bytes()).for_each(|(to, from)| *to = from);
        self.sections.push((entry, bytes));
    }

    /// Writes the file through a temporary name, and tells its length. Runs in the current rayon pool.
    ///
    /// # Errors
    /// When the file cannot be written; an older file of that name is then untouched.
    pub fn write(&self, format: &Format, path: &Path) -> Result<u64, FlatFileError> {
        if cfg!(target_endian = "big") {
            return Err(FlatFileError::BigEndian { format: *format });
        }
        let table: Vec<Entry> = self.sections.iter().map(|(entry, _)| *entry).collect();
        let table: &[u8] = bytemuck::cast_slice(&table);
        let parts = || std::iter::once(table).chain(self.sections.iter().map(|(_, bytes)| &**bytes));
        let mut hasher = blake3::Hasher::new();
        let mut length = HEADER;
        for part in parts() {
            hasher.update_rayon(part).update(gap(part));
            length += part.len() + gap(part).len();
        }
        let count = u32::try_from(self.sections.len()).unwrap_or(u32::MAX);
        write_atomically(path, |file| -> io::Result<()> {
            file.write_all(&format.magic)?;
            file.write_all(&format.version.to_le_bytes())?;
            file.write_all(&count.to_le_bytes())?;
            file.write_all(&(length as u64).to_le_bytes())?;
            file.write_all(&[0; 8])?;
            file.write_all(hasher.finalize().as_bytes())?;
            for part in parts() {
                file.write_all(part)?;
                file.write_all(gap(part))?;
            }
            Ok(())
        })
        .map_err(|source| FlatFileError::io(path, source))?;
        Ok(length as u64)
    }
}

/// Zeros up to the next section.
fn gap(part: &[u8]) -> &'static [u8] {
    &[0; ALIGN][..part.len().next_multiple_of(ALIGN) - part.len()]
}
