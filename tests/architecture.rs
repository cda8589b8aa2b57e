//! Stages import only stages before them, and the documents name the folders as they are.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The flow, from the ground floor to the doors. Entries of one row do not know each other, except on the first.
const FLOW: &[&[&str]] = &[
    &[
        "units",
        "ids",
        "lonlat",
        "road_class",
        "no_haul",
        "progress",
        "csv_out",
        "artefact",
        "rng",
        "flat_file",
        "solver",
        "diagnostics",
    ],
    &["scenario"],
    &["verify", "osm"],
    &["network"],
    &["hierarchy"],
    &["matrix"],
    &["cost"],
    &["routes"],
    &["award"],
    &["quote"],
    &["report"],
    &["sample", "pipeline"],
    &["batch", "serve"],
    &["cli"],
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rank(stage: &str) -> Option<usize> {
    FLOW.iter().position(|row| row.contains(&stage))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The top-level module a file belongs to: its first folder below `src`, or its own name.
fn stage_of(path: &Path) -> String {
    let relative = path.strip_prefix(root().join("src")).unwrap();
    let first = relative.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// Stages named behind `crate::` in a text, braces of a grouped import included.
fn imports(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut word = String::new();
            let mut first = true;
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 1 => first = true,
                    c if depth == 1 && first && (c.is_alphanumeric() || c == '_') => word.push(c),
                    _ => {
                        if !word.is_empty() {
                            first = false;
                        }
                    }
                }
                if !first || depth == 0 || c == ',' {
                    if !word.is_empty() {
                        names.insert(std::mem::take(&mut word));
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
        } else {
            names.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    names
}

#[test]
fn no_stage_imports_a_later_one() {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    let mut wrong = Vec::new();
    for path in files {
        let stage = stage_of(&path);
        if stage == "lib" || stage == "main" {
            continue;
        }
        let own = rank(&stage).unwrap_or_else(|| panic!("{stage} has no place in the flow"));
        for import in imports(&fs::read_to_string(&path).unwrap()) {
            let Some(other) = rank(&import) else { continue };
            let neighbours = own == other && own > 0 && import != stage;
            if other > own || neighbours {
                wrong.push(format!("{}: {stage} imports {import}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows against the flow:\n{}", wrong.join("\n"));
}

/// What checks a run may not know what wrote it.
#[test]
fn verify_knows_and_is_known_by_no_stage() {
    let allowed = ["units", "ids", "lonlat", "no_haul", "csv_out", "artefact", "diagnostics", "scenario", "verify"];
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    for path in files {
        let (stage, imports) = (stage_of(&path), imports(&fs::read_to_string(&path).unwrap()));
        if stage == "verify" {
            let others: Vec<_> = imports.iter().filter(|import| !allowed.contains(&import.as_str())).collect();
            assert!(others.is_empty(), "{}: {others:?}", path.display());
        } else if stage != "cli" {
            assert!(!imports.contains("verify"), "{}", path.display());
        }
    }
}

#[test]
fn grouped_imports_are_seen() {
    let text = "use crate::{units::{Pieces, Ppm}, award}; fn f(x: crate::report::Csv) {}";
    let names: Vec<_> = imports(text).into_iter().collect();
    assert_eq!(names, ["award", "report", "units"]);
}

#[test]
fn every_stage_is_in_lib_and_in_the_architecture_document() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let document = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for stage in FLOW.iter().flat_map(|row| row.iter()) {
        assert!(lib.contains(&format!("mod {stage};")), "lib.rs lacks {stage}");
        assert!(document.contains(&format!("src/{stage}")), "ARCHITECTURE.md lacks src/{stage}");
    }
}

#[test]
fn files_stay_small() {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    rust_files(&root().join("tests"), &mut files);
    let long: Vec<_> = files
        .iter()
        .map(|path| (fs::read_to_string(path).unwrap().lines().count(), path))
        .filter(|(lines, _)| *lines > 600)
        .collect();
    assert!(long.is_empty(), "files over 600 lines: {long:?}");
}
