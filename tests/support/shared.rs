//! Where the shared data lies, which is no part of the repository.

use std::path::PathBuf;

/// A file or folder of the shared data: below `DDU_SHARED_DATA`, else below `../shared/data` beside the repository.
/// Prints a line and gives `None` when it is absent.
pub fn shared(name: &str) -> Option<PathBuf> {
    let base = std::env::var_os("DDU_SHARED_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let path = base.join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no shared data");
    None
}
