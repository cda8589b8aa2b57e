//! `batch.toml`: which regions there are, and what each is run on. All defects in one pass.

use super::overlay::Layer;
use super::work::REGIONS;
use crate::diagnostics::{Code, Diagnostics};
use crate::scenario::doc::{Doc, Section, text};
use crate::scenario::{Finding, read_text};
use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::de::DeValue;

/// Longest name of a region.
const LONGEST_NAME: usize = 64;

/// The regions of a batch, by name.
#[derive(Debug)]
pub struct Plan {
    /// Regions, sorted by name; no two names differ by capitals alone.
    pub regions: Vec<RegionPlan>,
    /// Whether they are merged, and what follows.
    pub merge: Option<MergePlan>,
}

/// What is done with the results of all regions.
#[derive(Debug)]
pub struct MergePlan {
    /// A run on the merged costs, which its scenario names as `inputs.costs`.
    pub award: Option<RegionPlan>,
}

/// A region and what it is run on.
#[derive(Debug)]
pub struct RegionPlan {
    /// Its name.
    pub name: String,
    /// Where its results appear, in the batch's folder.
    pub(super) folder: String,
    /// Its scenario as it is, or what a scenario is made of.
    pub(super) source: Source,
}

/// What a region is run on.
#[derive(Debug)]
pub(super) enum Source {
    /// A scenario file, as it stands.
    File(PathBuf),
    /// Settings laid over one another; later ones win.
    Layers(Vec<Layer>),
}

/// A region while names are collected: where it is written, for findings.
struct Found {
    region: RegionPlan,
    at: Range<usize>,
}

/// Reads a manifest; paths in it are relative to its folder. Scenarios are read only where something is laid over or
/// under them: their own defects are those of their regions.
///
/// # Errors
/// All findings, when there is any.
pub fn plan(path: &Path) -> Result<Plan, Diagnostics> {
    let (text, mut findings) = read_text(path);
    let Some(text) = text else { return Err(findings) };
    let doc = Doc::new(Arc::new(path.to_owned()), &text);
    let table = doc.parse();
    // Values of settings are taken as they are; where the text is broken, its findings end the batch.
    let values: toml::Table = toml::from_str(text.strip_prefix('\u{FEFF}').unwrap_or(&text)).unwrap_or_default();
    let plan = Reader { folder: path.parent().unwrap_or_else(|| Path::new("")), values: &values }
        .plan(Section::root(&doc, &table));
    findings.absorb(doc.into_findings());
    if findings.has_errors() { Err(findings) } else { Ok(plan) }
}

struct Reader<'a> {
    folder: &'a Path,
    values: &'a toml::Table,
}

impl Reader<'_> {
    fn plan(&self, root: Section<'_, '_>) -> Plan {
        const KEY: &str = "region";
        let defaults = root.section("defaults");
        defaults.section("settings");
        defaults.finish();
        let mut found = Vec::new();
        match root.value(KEY) {
            Some((DeValue::Array(items), _)) => {
                for (position, item) in items.iter().enumerate() {
                    if let Some(section) = root.as_section(KEY, item.get_ref(), item.span()) {
                        self.region(section, position, item.span(), &mut found);
                    }
                }
            }
            Some((_, at)) => {
                let help = "write [[region]] in two brackets, once a region";
                root.report(KEY, at, Finding::new(Code::WrongType, "`region` is not a list of tables", help));
            }
            None => {
                let finding = Finding::new(Code::MissingSetting, "there is no region", "add a table [[region]]");
                root.report_missing(KEY, finding);
            }
        }
        let regions = distinct(&root, found);
        let merge = self.merge(&root);
        root.finish();
        Plan { regions, merge }
    }

    fn merge(&self, root: &Section<'_, '_>) -> Option<MergePlan> {
        root.value("merge")?;
        let section = root.section("merge");
        let award = section.optional("award", text).map(|path| RegionPlan {
            name: "award".to_owned(),
            folder: "award".to_owned(),
            source: Source::File(self.folder.join(path)),
        });
        section.finish();
        Some(MergePlan { award })
    }

    /// One table `[[region]]`: one region, or as many as its pattern matches.
    fn region(&self, section: Section<'_, '_>, position: usize, whole: Range<usize>, found: &mut Vec<Found>) {
        section.section("settings");
        let name = section.optional("name", text);
        let scenarios = self.files(&section, "scenario");
        let maps = self.files(&section, "map");
        let at = ["name", "scenario", "map"].into_iter().find_map(|key| section.value(key)).map_or(whole, |(_, at)| at);
        let (scenarios, maps) = match (scenarios, maps) {
            (Some(scenarios), Some(maps)) => (scenarios, maps),
            // Reported.
            _ => return section.finish(),
        };
        if scenarios.is_pattern && maps.is_pattern {
            let message = "`scenario` and `map` are both patterns";
            let finding = Finding::new(Code::SettingOutOfRange, message, "use one pattern in a region");
            section.report("map", at.clone(), finding);
        }
        let own = self.settings(position);
        let patterned = scenarios.is_pattern || maps.is_pattern;
        if let (true, Some((_, at))) = (patterned, section.value("name")) {
            let message = "a pattern names its regions after what it matches";
            section.report("name", at, Finding::new(Code::SettingOutOfRange, message, "remove `name`"));
        }
        if scenarios.paths.is_empty() && maps.paths.is_empty() && own.is_none() {
            let finding = Finding::plain(Code::RegionWithoutInput, "the region names nothing to run on");
            section.report("", at.clone(), finding);
            return section.finish();
        }
        for (scenario, map) in pairs(&scenarios.paths, &maps.paths) {
            let named = match (&name, scenario, map) {
                (Some(name), ..) if !patterned => Some(name.clone()),
                (_, _, Some(map)) if maps.is_pattern || scenario.is_none() => stem(map),
                (_, Some(scenario), _) => folder_name(&self.folder.join(scenario)),
                _ => None,
            };
            match named.ok_or_else(|| "the region has no name".to_owned()).and_then(usable_name) {
                Ok(name) => {
                    let source = self.source(scenario, map, own.clone());
                    let folder = format!("{REGIONS}/{name}");
                    found.push(Found { region: RegionPlan { name, folder, source }, at: at.clone() });
                }
                Err(message) => section.report("name", at.clone(), Finding::plain(Code::RegionName, message)),
            }
        }
        section.finish();
    }

    /// Files under a key, relative to the manifest's folder; `None` when the key is wrong, which is reported.
    fn files(&self, section: &Section<'_, '_>, key: &'static str) -> Option<Files> {
        let Some((_, at)) = section.value(key) else { return Some(Files::default()) };
        let written = section.optional(key, text)?;
        if !written.contains(['*', '?', '[']) {
            return Some(Files { paths: vec![PathBuf::from(written)], is_pattern: false });
        }
        let base = glob::Pattern::escape(&self.folder.to_string_lossy());
        let pattern = Path::new(&base).join(&written);
        let report = |message: String| section.report(key, at.clone(), Finding::plain(Code::PatternEmpty, message));
        let matches = match glob::glob(&pattern.to_string_lossy()) {
            Ok(matches) => matches,
            Err(error) => {
                report(format!("the pattern cannot be read: {error}"));
                return None;
            }
        };
        let mut paths = Vec::new();
        for matched in matches {
            match matched {
                Ok(path) if path.is_file() => {
                    paths.push(path.strip_prefix(self.folder).map_or(path.clone(), Path::to_owned));
                }
                Ok(_) => {}
                Err(error) => report(format!("a folder cannot be searched: {error}")),
            }
        }
        if paths.is_empty() {
            report(format!("no file matches `{written}`"));
            return None;
        }
        paths.sort();
        Some(Files { paths, is_pattern: true })
    }

    /// `settings` of a region by its position.
    fn settings(&self, position: usize) -> Option<toml::Table> {
        self.values.get("region")?.get(position)?.get("settings")?.as_table().cloned()
    }

    fn source(&self, scenario: Option<&Path>, map: Option<&Path>, own: Option<toml::Table>) -> Source {
        let defaults = self.values.get("defaults").and_then(|d| d.get("settings")).and_then(toml::Value::as_table);
        let file = scenario.map(|scenario| self.folder.join(scenario));
        if let (Some(file), None, None, None) = (&file, map, &own, defaults) {
            return Source::File(file.clone());
        }
        let here = |settings: toml::Table| Layer { folder: self.folder.to_owned(), settings };
        let mut layers: Vec<Layer> = defaults.cloned().map(here).into_iter().collect();
        if let Some(file) = file {
            // What is wrong with the file is told by the region's own run.
            let read = fs::read_to_string(&file).ok().and_then(|text| text.parse::<toml::Table>().ok());
            let Some(settings) = read else { return Source::File(file) };
            layers.push(Layer { folder: file.parent().unwrap_or_else(|| Path::new("")).to_owned(), settings });
        }
        layers.extend(map.map(|map| here(Layer::of_map(map))));
        layers.extend(own.map(here));
        Source::Layers(layers)
    }
}

/// What a key names.
#[derive(Default)]
struct Files {
    paths: Vec<PathBuf>,
    is_pattern: bool,
}

/// Each scenario with each map; of both at most one is a list.
fn pairs<'f>(
    scenarios: &'f [PathBuf],
    maps: &'f [PathBuf],
) -> impl Iterator<Item = (Option<&'f Path>, Option<&'f Path>)> {
    let or_none = |paths: &'f [PathBuf]| {
        let each: Vec<Option<&Path>> = paths.iter().map(|path| Some(path.as_path())).collect();
        if each.is_empty() { vec![None] } else { each }
    };
    let maps = or_none(maps);
    or_none(scenarios).into_iter().flat_map(move |s| maps.clone().into_iter().map(move |m| (s, m)))
}

/// Regions by name; a name that another has, capitals aside, is reported: some file systems hold them for one.
fn distinct(root: &Section<'_, '_>, found: Vec<Found>) -> Vec<RegionPlan> {
    let mut first: BTreeMap<String, u64> = BTreeMap::new();
    let mut regions = Vec::new();
    for Found { region, at } in found {
        let line = root.line(at.start);
        if let Some(other) = first.get(&region.name.to_lowercase()) {
            let message = format!("`{}` is the name of the region on line {other}, capitals aside", region.name);
            root.report("region.name", at, Finding::plain(Code::RegionTwice, message));
            continue;
        }
        first.insert(region.name.to_lowercase(), line);
        regions.push(region);
    }
    regions.sort_by(|a, b| a.name.cmp(&b.name));
    regions
}

/// A name that can be a folder's on every system.
fn usable_name(name: String) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || name.len() > LONGEST_NAME || name.starts_with('.') || !name.chars().all(fits) {
        return Err(format!("`{name}` cannot name a folder"));
    }
    Ok(name)
}

/// The name of a map's file without its endings.
fn stem(map: &Path) -> Option<String> {
    let name = map.file_name()?.to_string_lossy().into_owned();
    let bare = [".osm.pbf", ".pbf", ".roads"].into_iter().find_map(|ending| name.strip_suffix(ending));
    Some(bare.map_or_else(|| name.clone(), str::to_owned))
}

/// The name of the folder that a scenario lies in.
fn folder_name(scenario: &Path) -> Option<String> {
    let folder = scenario.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let whole = if folder.file_name().is_some() { folder.to_owned() } else { folder.canonicalize().ok()? };
    Some(whole.file_name()?.to_string_lossy().into_owned())
}
