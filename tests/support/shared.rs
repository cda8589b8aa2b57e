//! Real data that is too large for the repository: tests that need it are skipped where it is absent.

use std::path::{Path, PathBuf};

/// A file of the shared data: in `$DDU_SHARED_DATA`, else in `shared/data` beside the checkout.
pub fn shared(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("DDU_SHARED_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let file = folder.join(name);
    if file.exists() {
        return Some(file);
    }
    println!("skipped: no shared data");
    None
}
