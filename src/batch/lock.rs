//! One batch a folder: a lock that the system takes back when its holder ends, however it ends.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// Name of the file that is locked; it stays, empty.
pub(super) const FILE: &str = ".lock";

/// Held as long as a batch runs.
pub(super) struct Lock {
    _file: File,
}

/// Takes the lock of a folder; `None` when another batch holds it.
///
/// # Errors
/// When the file cannot be made or the system has no locks there.
pub(super) fn take(folder: &Path) -> io::Result<Option<Lock>> {
    let file = File::options().create(true).truncate(false).write(true).open(folder.join(FILE))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
