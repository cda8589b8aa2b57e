//! Files that are read are fingerprinted; files that are written appear whole or not at all.
//!
//! A run collects its outputs in a [`Folder`]: each file is written to a temporary name beside its place, and only
//! [`Folder::commit`] renames them. A run that fails or is interrupted leaves nothing behind.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Bytes that are read, then hashed by all threads.
const PART: usize = 4 << 20;

/// BLAKE3 fingerprint of a file, in hexadecimal. Runs in the current rayon pool.
///
/// # Errors
/// When the file cannot be read.
pub fn fingerprint(path: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut file = File::open(path)?;
    let mut part = Vec::with_capacity(PART);
    while (&mut file).take(PART as u64).read_to_end(&mut part)? > 0 {
        hasher.update_rayon(&part);
        part.clear();
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// Writes one file through a temporary name and renames it into place.
///
/// # Errors
/// When writing fails; the destination is then untouched.
pub fn write_atomically<E: From<io::Error>>(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), E>,
) -> Result<(), E> {
    let staged = stage(path, fill)?;
    staged.persist(path).map_err(|e| e.error)?;
    Ok(())
}

fn stage<E: From<io::Error>>(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), E>,
) -> Result<NamedTempFile, E> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".ddu-").suffix(".tmp").tempfile_in(folder)?;
    make_readable(file.as_file())?;
    let mut writer = BufWriter::new(file.as_file_mut());
    fill(&mut writer)?;
    writer.flush()?;
    drop(writer);
    file.as_file().sync_all()?;
    Ok(file)
}

/// Temporary files are private by default; outputs are for colleagues too.
#[cfg(unix)]
fn make_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_file: &File) -> io::Result<()> {
    Ok(())
}

/// The output folder of one run: files are staged, then all renamed together.
pub struct Folder {
    root: PathBuf,
    /// Folders that did not exist before, the innermost first.
    created: Vec<PathBuf>,
    staged: Vec<(NamedTempFile, PathBuf)>,
}

impl Folder {
    /// Makes sure that the folder is there or can be made, before any work is done, so that a wrong path fails at once.
    /// A new folder appears with the first file.
    ///
    /// # Errors
    /// When the path is a file or cannot be created.
    pub fn open(root: &Path) -> io::Result<Self> {
        let absent = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
        let created = root.ancestors().take_while(absent).map(Path::to_owned).collect();
        let folder = Self { root: root.to_owned(), created, staged: Vec::new() };
        fs::create_dir_all(root)?;
        // A new folder appears with the first file.
        folder.created.iter().try_for_each(fs::remove_dir)?;
        Ok(folder)
    }

    /// Writes a file under a temporary name; it appears as `name` on [`Folder::commit`].
    ///
    /// # Errors
    /// When writing fails.
    pub fn write<E: From<io::Error>>(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), E>,
    ) -> Result<(), E> {
        let path = self.root.join(name);
        fs::create_dir_all(&self.root)?;
        let staged = stage(&path, fill)?;
        self.staged.push((staged, path));
        Ok(())
    }

    /// Names staged so far, in order.
    pub fn names(&self) -> impl Iterator<Item = &Path> {
        self.staged.iter().filter_map(|(_, path)| path.file_name().map(Path::new))
    }

    /// BLAKE3 of the files staged so far, by name.
    ///
    /// # Errors
    /// When a staged file cannot be read back.
    pub fn fingerprints(&self) -> io::Result<BTreeMap<String, String>> {
        let named = self.staged.iter().filter_map(|(file, path)| Some((file.path(), path.file_name()?)));
        named.map(|(file, name)| Ok((name.to_string_lossy().into_owned(), fingerprint(file)?))).collect()
    }

    /// Where the files will be.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Renames all staged files into place.
    ///
    /// # Errors
    /// When a rename fails; files not yet renamed are removed.
    pub fn commit(mut self) -> io::Result<()> {
        for (file, path) in std::mem::take(&mut self.staged) {
            file.persist(path).map_err(|e| e.error)?;
        }
        self.created.clear();
        Ok(())
    }
}

impl Drop for Folder {
    /// An abandoned run removes its temporary files, and the folders it made that are still empty.
    fn drop(&mut self) {
        self.staged.clear();
        for folder in &self.created {
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abandoned_folder_leaves_nothing() {
        let base = tempfile::tempdir().unwrap();
        let root = base.path().join("deep").join("out");
        let mut folder = Folder::open(&root).unwrap();
        folder.write("a.csv", |w| w.write_all(b"x")).unwrap();
        drop(folder);
        assert!(base.path().exists() && !base.path().join("deep").exists());
    }

    #[test]
    fn commit_shows_all_files() {
        let base = tempfile::tempdir().unwrap();
        let mut folder = Folder::open(base.path()).unwrap();
        folder.write("a.csv", |w| w.write_all(b"x")).unwrap();
        assert!(!base.path().join("a.csv").exists());
        folder.commit().unwrap();
        assert_eq!(fs::read(base.path().join("a.csv")).unwrap(), b"x");
    }

    #[test]
    fn a_failed_write_keeps_the_old_file() {
        let base = tempfile::tempdir().unwrap();
        let path = base.path().join("a.csv");
        fs::write(&path, b"old").unwrap();
        let result = write_atomically(&path, |_| Err::<(), _>(io::Error::other("full disk")));
        assert!(result.is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }
}
