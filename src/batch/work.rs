//! The folders of a batch. Results are made in `.work` and appear in `regions` whole, by a rename.

use super::fresh::Facts;
use super::lock;
use crate::artefact::write_atomically;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Folder of the regions' results.
pub(super) const REGIONS: &str = "regions";
/// Folder of the merged tables.
pub(super) const MERGED: &str = "merged";
/// Folder of what is half made.
const WORK: &str = ".work";
/// How often it is tried to clear that folder.
const PATIENCE: u32 = 100;
/// Name of the status file.
pub(super) const STATUS: &str = "status.json";

/// True when a folder is that of a batch.
#[must_use]
pub fn is_batch(folder: &Path) -> bool {
    Facts::read(&folder.join(STATUS)).is_some_and(|facts| facts.json()["kind"] == "batch")
}

/// A batch's folder.
pub(super) struct Work {
    root: PathBuf,
}

impl Work {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// True when the folder is absent, empty, or a batch's: nothing of anybody else can be lost in it.
    pub(super) fn is_ours(&self) -> io::Result<bool> {
        let entries = match fs::read_dir(&self.root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
            entries => entries?,
        };
        if is_batch(&self.root) {
            return Ok(true);
        }
        // A batch that was killed before its first status leaves these.
        let begun = |name: &str| name == lock::FILE || name.starts_with(".ddu-");
        for entry in entries {
            if !begun(&entry?.file_name().to_string_lossy()) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Makes the folders, and clears what a batch that was killed left half made. The lock is held.
    pub(super) fn begin(&self) -> io::Result<()> {
        self.clear()?;
        for folder in [self.regions(), self.scenarios(), self.root.join("logs"), self.making()] {
            fs::create_dir_all(folder)?;
        }
        for entry in fs::read_dir(&self.root)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(".ddu-") && name.ends_with(".tmp") {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Removes what is half made. Runs whose batch was killed end at once, but may write a moment longer.
    pub(super) fn clear(&self) -> io::Result<()> {
        let mut patience = PATIENCE;
        loop {
            match fs::remove_dir_all(self.root.join(WORK)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                Err(error) if patience == 0 => return Err(error),
                Err(_) => patience -= 1,
                Ok(()) => return Ok(()),
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// A folder of this process alone, so that runs of a batch that was killed cannot write into it.
    fn making(&self) -> PathBuf {
        self.root.join(WORK).join(std::process::id().to_string())
    }

    /// Folder of the regions' results.
    pub(super) fn regions(&self) -> PathBuf {
        self.root.join(REGIONS)
    }

    /// Folder of the scenarios that are made.
    pub(super) fn scenarios(&self) -> PathBuf {
        self.root.join("scenarios")
    }

    /// Where the results that will appear in a folder are made.
    pub(super) fn making_of(&self, folder: &str) -> PathBuf {
        self.making().join(folder)
    }

    /// Messages of a region's run, relative to the batch's folder.
    pub(super) fn log(name: &str) -> String {
        format!("logs/{name}.log")
    }

    pub(super) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    pub(super) fn status(&self) -> PathBuf {
        self.root.join(STATUS)
    }

    /// Writes the scenario that was made for a region, unless it stands there already.
    pub(super) fn keep_scenario(&self, name: &str, text: &str) -> io::Result<PathBuf> {
        let path = self.scenarios().join(format!("{name}.toml"));
        if fs::read(&path).ok().as_deref() != Some(text.as_bytes()) {
            write_atomically(&path, |out| out.write_all(text.as_bytes()))?;
        }
        Ok(path)
    }

    /// Lets what was made for a folder appear there; an earlier result makes way for it.
    pub(super) fn publish(&self, folder: &str) -> io::Result<()> {
        let (place, old) = (self.path(folder), self.making().join("old").join(folder));
        if let Some(above) = old.parent() {
            fs::create_dir_all(above)?;
        }
        let replaced = place.exists();
        if replaced {
            fs::rename(&place, &old)?;
        }
        let shown = fs::rename(self.making_of(folder), &place);
        if shown.is_err() && replaced {
            fs::rename(&old, &place)?;
        }
        shown
    }
}
