//! `status.json`: where a batch stands, written anew at every change; and the same as a table at the end.

use super::fresh::Facts;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What has become of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its turn has not come.
    Waiting,
    /// It runs.
    Running,
    /// Its results are written.
    Done,
    /// Its results are those of the present inputs: nothing to do.
    UpToDate,
    /// It has no results, or those of earlier inputs; the error says why.
    Failed,
    /// The user stopped the batch before it ended.
    Interrupted,
}

impl State {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::UpToDate => "up to date",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

/// What a region's manifest counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Hubs, units, vehicle classes, bidders and bid lines that took part.
    pub rows: BTreeMap<String, u64>,
    /// Findings by code; `W305` counts hubs and units near the edge of the map, whose routes may be cut.
    pub findings: BTreeMap<String, u64>,
}

impl Counts {
    pub(super) fn of(facts: &Facts) -> Self {
        Self { rows: facts.counts("rows"), findings: facts.counts("findings") }
    }
}

/// A region in `status.json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RegionStatus {
    /// Its name.
    pub name: String,
    /// What has become of it.
    pub state: State,
    /// Exit code of its run, where it ran to its end.
    pub exit_code: Option<i32>,
    /// Seconds that it has run, in this batch.
    pub seconds: Option<f64>,
    /// Most bytes of memory that were seen; none where the system does not tell.
    pub peak_memory_bytes: Option<u64>,
    /// What its results count.
    pub counts: Option<Counts>,
    /// Why it failed.
    pub error: Option<String>,
    /// Where its run's messages are, in the batch's folder.
    pub log: Option<String>,
}

impl RegionStatus {
    pub(super) fn waiting(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            state: State::Waiting,
            exit_code: None,
            seconds: None,
            peak_memory_bytes: None,
            counts: None,
            error: None,
            log: None,
        }
    }
}

/// `status.json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BatchStatus {
    /// `ddu`: by this a folder is known to be a batch's.
    pub program: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// What the file is: `batch`.
    pub kind: &'static str,
    /// `running`, `done` (some may have failed) or `interrupted`. After a kill it still says `running`: the lock tells.
    pub state: &'static str,
    /// Regions by name.
    pub regions: Vec<RegionStatus>,
    /// The merged tables, where the manifest asks for them.
    pub merged: Option<RegionStatus>,
    /// The award on them, where the manifest asks for it.
    pub award: Option<RegionStatus>,
}

impl BatchStatus {
    pub(super) fn new<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        Self {
            program: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            kind: "batch",
            state: "running",
            regions: names.map(RegionStatus::waiting).collect(),
            merged: None,
            award: None,
        }
    }

    /// Everything that the batch has to make.
    fn all(&self) -> impl Iterator<Item = &RegionStatus> {
        self.regions.iter().chain(&self.merged).chain(&self.award)
    }

    /// What stands at a position: behind the regions the award.
    pub(super) fn at(&mut self, position: usize) -> Option<&mut RegionStatus> {
        if position < self.regions.len() { self.regions.get_mut(position) } else { self.award.as_mut() }
    }

    /// How many regions are in a state, merged tables and their award included.
    #[must_use]
    pub fn count(&self, state: State) -> usize {
        self.all().filter(|region| region.state == state).count()
    }

    /// Regions without results.
    pub(super) fn without_results(&self) -> usize {
        self.regions.iter().filter(|region| !matches!(region.state, State::Done | State::UpToDate)).count()
    }

    /// The worst exit code: a bug (70), then what has no results (3, 2), then results with an infeasible policy (4) or a
    /// gap (5).
    #[must_use]
    pub fn worst(&self) -> i32 {
        const GRAVEST_FIRST: [i32; 5] = [70, 3, 2, 4, 5];
        let codes: Vec<i32> = self.all().filter_map(|region| region.exit_code).collect();
        GRAVEST_FIRST.into_iter().find(|code| codes.contains(code)).unwrap_or(0)
    }

    /// A line a region: state, seconds, peak memory, counts, points near the border, error.
    #[must_use]
    pub fn table(&self) -> String {
        let head = ["region", "state", "exit", "seconds", "peak MB", "hubs", "units", "bids", "near border"];
        let mut rows: Vec<Vec<String>> = vec![head.map(str::to_owned).to_vec()];
        for region in self.all() {
            let counts = region.counts.as_ref();
            let count = |name: &str| counts.and_then(|c| c.rows.get(name)).map_or_else(String::new, u64::to_string);
            let border = counts.map(|c| c.findings.get("W305").copied().unwrap_or(0));
            rows.push(vec![
                region.name.clone(),
                region.state.word().to_owned(),
                region.exit_code.map_or_else(String::new, |code| code.to_string()),
                region.seconds.map_or_else(String::new, |seconds| format!("{seconds:.1}")),
                region.peak_memory_bytes.map_or_else(String::new, |bytes| bytes.div_ceil(1_000_000).to_string()),
                count("hubs"),
                count("ddus"),
                count("bids"),
                border.map_or_else(String::new, |points| points.to_string()),
            ]);
        }
        let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(String::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..head.len()).map(width).collect();
        let mut out = String::new();
        for (row, line) in rows.iter().enumerate() {
            for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
                let gap = if column == 0 { "" } else { "  " };
                let _ =
                    if column < 2 { write!(out, "{gap}{cell:<width$}") } else { write!(out, "{gap}{cell:>width$}") };
            }
            out.truncate(out.trim_end().len());
            let error = row.checked_sub(1).and_then(|region| self.all().nth(region)?.error.as_deref());
            if let Some(first) = error.and_then(|error| error.lines().next()) {
                let _ = write!(out, "  {first}");
            }
            out.push('\n');
        }
        out.truncate(out.trim_end().len());
        out
    }
}
