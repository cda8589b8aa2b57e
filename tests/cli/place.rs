//! A small invented region in a folder of its own, and the program run on it.

use assert_cmd::Command;
use ddu::progress::Silent;
use ddu::sample::{SampleSettings, region};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

/// Six hubs, ten units (the first on an island), three bidders; a run takes less than a second.
fn made() -> &'static TempDir {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    MADE.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let settings = SampleSettings { seed: 7, junctions: 1_000, ddus: 10, bidders: 3 };
        region(&settings, dir.path(), &Silent).unwrap();
        dir
    })
}

/// The program.
pub fn ddu() -> Command {
    let mut command = Command::cargo_bin("ddu").unwrap();
    command.env_remove("DDU_THREADS").env_remove("DDU_LOG_FORMAT").env_remove("NO_COLOR");
    command
}

/// How a command ended.
pub struct Ended {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ended {
    /// Asserts the exit code.
    #[track_caller]
    pub fn with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Asserts that standard error holds a text.
    #[track_caller]
    pub fn saying(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "`{text}` is not in:\n{}", self.stderr);
        self
    }

    /// Asserts that standard error does not hold a text.
    #[track_caller]
    pub fn silent_on(self, text: &str) -> Self {
        assert!(!self.stderr.contains(text), "`{text}` is in:\n{}", self.stderr);
        self
    }

    /// The lines of standard error, each of which must be a JSON object.
    #[track_caller]
    pub fn json(&self) -> Vec<serde_json::Value> {
        let object = |line: &str| {
            let value: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
            assert!(value.is_object(), "{line}");
            value
        };
        self.stderr.lines().map(object).collect()
    }

    /// Findings of a code among JSON lines: file, line, message.
    #[track_caller]
    pub fn found(&self, code: &str) -> Vec<(String, u64, String)> {
        let all = self.json();
        let of_code = all.iter().filter(|f| f["code"] == code);
        let text = |f: &serde_json::Value, key: &str| f[key].as_str().unwrap().to_owned();
        of_code.map(|f| (text(f, "file"), f["line"].as_u64().unwrap(), text(f, "message"))).collect()
    }
}

/// A copy of the region, to be bent.
pub struct Place {
    dir: TempDir,
}

impl Place {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(made().path()).unwrap() {
            let from = entry.unwrap().path();
            fs::copy(&from, dir.path().join(from.file_name().unwrap())).unwrap();
        }
        Self { dir }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Replaces a text that occurs exactly once.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {name}");
        self.write(name, text.replace(from, to));
    }

    /// Adds a setting to a section of the scenario, instead of one of that name.
    pub fn set(&self, section: &str, setting: &str) {
        let name = format!("{} =", setting.split(' ').next().unwrap());
        let text = self.read("scenario.toml");
        let kept: Vec<&str> = text.lines().filter(|l| !l.starts_with(&name)).collect();
        let head = format!("[{section}]");
        assert_eq!(kept.iter().filter(|l| l.starts_with(&head)).count(), 1, "{head}");
        let lines = kept.iter().flat_map(|l| if l.starts_with(&head) { vec![*l, setting] } else { vec![*l] });
        self.write("scenario.toml", lines.collect::<Vec<_>>().join("\n"));
    }

    /// Changes one cell of the row that begins with an id.
    pub fn cell(&self, table: &str, id: &str, column: &str, value: &str) {
        let text = self.read(table);
        let at = text.lines().next().unwrap().split(',').position(|c| c == column).unwrap();
        let bend = |line: &str| {
            let mut cells: Vec<&str> = line.split(',').collect();
            assert!(!line.contains('"'));
            cells[at] = value;
            cells.join(",")
        };
        let mine = format!("{id},");
        assert_eq!(text.lines().filter(|l| l.starts_with(&mine)).count(), 1, "{id} in {table}");
        let lines = text.lines().map(|l| if l.starts_with(&mine) { bend(l) } else { l.to_owned() });
        self.write(table, lines.map(|l| l + "\n").collect::<String>());
    }

    /// Line number, counted from 1, of the row that begins with an id, and the row.
    pub fn row(&self, table: &str, id: &str) -> (u64, String) {
        let mine = format!("{id},");
        let text = self.read(table);
        let found = text.lines().enumerate().find(|(_, l)| l.starts_with(&mine)).unwrap();
        (u64::try_from(found.0).unwrap() + 1, found.1.to_owned())
    }

    /// Runs the program in the folder with these words as arguments.
    pub fn ddu(&self, words: &str) -> Ended {
        let out = ddu().current_dir(self.dir.path()).args(words.split_whitespace()).output().unwrap();
        Ended {
            code: out.status.code().unwrap(),
            stdout: String::from_utf8(out.stdout).unwrap(),
            stderr: String::from_utf8(out.stderr).unwrap(),
        }
    }

    /// The same, asserting that it fails with this code and changes no file.
    #[track_caller]
    pub fn fails(&self, words: &str, code: i32) -> Ended {
        let before = files(self.dir.path());
        let ended = self.ddu(words);
        let after = files(self.dir.path());
        assert!(before.keys().eq(after.keys()), "{words}: {:?}", after.keys());
        assert!(before == after, "{words}: a file was changed");
        ended.with(code)
    }

    /// A copy of a place's scenario and of folders of results.
    pub fn with_results(of: &Self, folders: &[&str]) -> Self {
        let place = Self::new();
        place.write("scenario.toml", of.read("scenario.toml"));
        for folder in folders {
            fs::create_dir(place.path(folder)).unwrap();
            for entry in fs::read_dir(of.path(folder)).unwrap() {
                let name = format!("{folder}/{}", entry.unwrap().file_name().to_str().unwrap());
                fs::copy(of.path(&name), place.path(&name)).unwrap();
            }
        }
        place
    }

    /// Edits the manifest of a folder of results.
    pub fn manifest(&self, folder: &str, edit: impl FnOnce(&mut serde_json::Value)) {
        let name = format!("{folder}/manifest.json");
        let mut value = serde_json::from_str(&self.read(&name)).unwrap();
        edit(&mut value);
        self.write(&name, serde_json::to_string_pretty(&value).unwrap());
    }

    /// Makes the manifest name the file as it is now, so that only what it holds is wrong.
    pub fn sign(&self, folder: &str, name: &str) {
        let bytes = fs::read(self.path(&format!("{folder}/{name}"))).unwrap();
        self.manifest(folder, |m| m["outputs"][name] = blake3::hash(&bytes).to_hex().to_string().into());
    }

    /// Codes with their fields, of a verification that must fail.
    #[track_caller]
    pub fn refused(&self, folder: &str) -> (Vec<(String, String)>, Ended) {
        let ended = self.fails(&format!("verify {folder} --log-format json"), 3);
        let findings = ended.json().into_iter().filter(|line| line.get("code").is_some());
        let text = |f: &serde_json::Value, key: &str| f[key].as_str().unwrap().to_owned();
        (findings.map(|f| (text(&f, "code"), text(&f, "field"))).collect(), ended)
    }

    /// Asserts that a verification fails with these codes and fields among others.
    #[track_caller]
    pub fn must_find(&self, folder: &str, expected: &[(&str, &str)]) {
        let (found, ended) = self.refused(folder);
        for (code, field) in expected {
            let has = found.iter().any(|(c, f)| c == code && f == field);
            assert!(has, "{code} {field} is not among {found:?}\n{}", ended.stderr);
        }
    }

    /// The contents of a folder of results, without the times.
    pub fn results(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut all = files(&self.path(folder));
        assert!(all.remove(Path::new("timings.json")).is_some());
        all
    }

    /// Rows of a CSV file: cells by column.
    pub fn table(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        table(&self.read(name))
    }
}

/// Rows of a CSV text: cells by column.
pub fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

/// Every file and folder below a folder; folders have no bytes.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_owned();
            if path.is_dir() {
                found.insert(name, Vec::new());
                open.push(path);
            } else {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Two folders of results hold the same, except keys of the manifest.
#[track_caller]
pub fn assert_same(a: &BTreeMap<PathBuf, Vec<u8>>, b: &BTreeMap<PathBuf, Vec<u8>>, except: &[&str]) {
    assert!(a.len() >= 8 && a.keys().eq(b.keys()), "{:?} {:?}", a.keys(), b.keys());
    for (name, bytes) in a {
        if name == Path::new("manifest.json") {
            let manifest = |bytes: &[u8]| {
                let mut value: serde_json::Value = serde_json::from_slice(bytes).unwrap();
                except.iter().for_each(|key| assert!(value.as_object_mut().unwrap().remove(*key).is_some()));
                value
            };
            assert_eq!(manifest(bytes), manifest(&b[name]));
        }
        if name != Path::new("manifest.json") || except.is_empty() {
            assert!(*bytes == b[name], "{} differs", name.display());
        }
    }
}
