//! Large public files that are not part of the repository.

use std::path::{Path, PathBuf};

/// Path of a shared data file; prints a line and gives `None` when there is none.
///
/// Looks in `$DDU_SHARED_DATA`, then in `../shared/data` beside the repository.
pub fn shared(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = std::env::var_os("DDU_SHARED_DATA").map_or(beside, PathBuf::from);
    let path = folder.join(name);
    if path.exists() {
        Some(path)
    } else {
        println!("skipped: no shared data");
        None
    }
}
