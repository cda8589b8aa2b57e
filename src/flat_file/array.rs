//! Rows in memory or in a mapped file, used alike.
//!
//! The only module of this crate that maps files. Reading a row costs what it costs in a `Vec`: where the rows lie is
//! decided once, when the array is made.
#![allow(unsafe_code)]

use bytemuck::Pod;
use memmap2::Mmap;
use std::fmt;
use std::fs::File;
use std::io;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// Rows that are never changed. Cloning shares them.
pub struct Array<T> {
    rows: *const [T],
    owner: Owner<T>,
}

/// What keeps the rows alive, and in place.
enum Owner<T> {
    Memory(Arc<Vec<T>>),
    File(Arc<Mmap>),
}

// SAFETY: an array is a shared owner (`Arc`) and a pointer to rows that this owner holds and nobody changes, so it may
// go where `Arc<Vec<T>>` may go.
unsafe impl<T: Send + Sync> Send for Array<T> {}
// SAFETY: as above; all access through `&Array` is reading.
unsafe impl<T: Send + Sync> Sync for Array<T> {}

impl<T> Deref for Array<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: `rows` was made from a slice of `owner`, which is never handed out, changed or replaced: a `Vec`
        // behind an `Arc` keeps its buffer, a mapping its place. So the slice is valid as long as `self` is.
        unsafe { &*self.rows }
    }
}

impl<T> Array<T> {
    /// True when the rows lie in a mapped file.
    #[must_use]
    pub const fn is_mapped(&self) -> bool {
        matches!(self.owner, Owner::File(_))
    }
}

impl<T: Pod> Array<T> {
    /// Rows in a part of a mapped file; `None` when the part is not inside, not aligned, or no whole number of rows.
    pub(super) fn mapped(file: &Arc<Mmap>, part: Range<usize>) -> Option<Self> {
        let rows: *const [T] = bytemuck::try_cast_slice(file.get(part)?).ok()?;
        Some(Self { rows, owner: Owner::File(Arc::clone(file)) })
    }
}

/// Maps a file for reading.
pub(super) fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the bytes may not change while they are borrowed. This program never writes into such a file, it replaces
    // it by a new one; the documentation tells users the same. All values of the rows' types are valid (`Pod`).
    unsafe { Mmap::map(file) }
}

impl<T> From<Vec<T>> for Array<T> {
    fn from(rows: Vec<T>) -> Self {
        let owner = Arc::new(rows);
        Self { rows: owner.as_slice(), owner: Owner::Memory(owner) }
    }
}

impl<T> FromIterator<T> for Array<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        Vec::from_iter(rows).into()
    }
}

impl<T> Default for Array<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T> Clone for Array<T> {
    fn clone(&self) -> Self {
        let owner = match &self.owner {
            Owner::Memory(rows) => Owner::Memory(Arc::clone(rows)),
            Owner::File(file) => Owner::File(Arc::clone(file)),
        };
        Self { rows: self.rows, owner }
    }
}

impl<T: fmt::Debug> fmt::Debug for Array<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.deref().fmt(f)
    }
}

impl<T: PartialEq> PartialEq for Array<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Array<T> {}

impl<'a, T> IntoIterator for &'a Array<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
