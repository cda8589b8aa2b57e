//! Times, memory and rows of one engine, and how they travel from its process.

use cpu_time::ProcessTime;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Instant;

/// What stands in a cell that has no path.
pub const NO_PATH: [u32; 3] = [u32::MAX; 3];

/// Sums that an engine tells for each pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sums {
    Cost,
    /// Cost, metres, seconds and tolls of one path.
    Four,
    /// As four, but the money is already rounded to what a table shows.
    LengthAndTime,
}

impl Sums {
    pub fn agree(self, a: [u32; 3], b: [u32; 3]) -> bool {
        match self {
            Self::Cost => a[0] == b[0],
            Self::Four => a == b,
            Self::LengthAndTime => a[1..] == b[1..],
        }
    }
}

/// One engine on one graph. Milliseconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    pub sums: Sums,
    /// What depends on the graph alone, or on graph and weights together: named steps.
    pub preparation: Vec<(String, f64)>,
    /// What a change of weights costs; `None` where everything is prepared again.
    pub customization: Option<f64>,
    /// Named steps of one table.
    pub table: Vec<(String, f64)>,
    /// True when the table's time is that of fewer rows, multiplied.
    pub extrapolated: bool,
    pub graph_mb: f64,
    pub peak_mb: f64,
    /// Source, and cost, length, time to each target.
    #[serde(skip)]
    pub rows: Vec<(usize, Vec<[u32; 3]>)>,
}

impl Outcome {
    pub fn table_ms(&self) -> f64 {
        self.table.iter().map(|(_, ms)| ms).sum()
    }

    /// Costs of all rows, one after the other.
    pub fn costs(&self) -> Vec<u32> {
        self.rows.iter().flat_map(|(_, row)| row.iter().map(|cell| cell[0])).collect()
    }

    pub fn write_rows(&self, path: &Path) {
        let cells = |(source, row): &(usize, Vec<[u32; 3]>)| [vec![*source as u32], row.concat()].concat();
        let words: Vec<u32> = self.rows.iter().flat_map(cells).collect();
        std::fs::write(path, bytemuck::cast_slice(&words)).unwrap();
    }

    pub fn read_rows(&mut self, path: &Path) {
        let bytes = std::fs::read(path).unwrap();
        let words: Vec<u32> = bytes.chunks_exact(4).map(|b| u32::from_le_bytes(b.try_into().unwrap())).collect();
        let row = |r: &[u32]| (r[0] as usize, r[1..].chunks_exact(3).map(|c| [c[0], c[1], c[2]]).collect());
        self.rows = words.chunks_exact(1 + 3 * crate::problem::POINTS).map(row).collect();
    }
}

/// What a time is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Processor time of all threads: the same on a busy machine, nearly.
    Processor,
    Wall,
}

impl Clock {
    /// Milliseconds that some work takes, and its result.
    pub fn time<T>(self, work: impl FnOnce() -> T) -> (f64, T) {
        let (wall, processor) = (Instant::now(), ProcessTime::now());
        let result = work();
        let time = match self {
            Self::Processor => processor.elapsed(),
            Self::Wall => wall.elapsed(),
        };
        (time.as_secs_f64() * 1e3, result)
    }

    /// Median milliseconds of some runs, and the last result; only one result is in memory at a time.
    pub fn median<T>(self, runs: usize, mut work: impl FnMut() -> T) -> (f64, T) {
        let (first, mut result) = self.time(&mut work);
        let mut times = vec![first];
        while times.len() < runs {
            drop(result);
            let (time, next) = self.time(&mut work);
            times.push(time);
            result = next;
        }
        (middle(times), result)
    }

    /// Median over items of the milliseconds of each, and the results.
    pub fn each<I, T>(self, items: impl IntoIterator<Item = I>, mut work: impl FnMut(I) -> T) -> (f64, Vec<T>) {
        let (times, results) = items.into_iter().map(|item| self.time(|| work(item))).unzip();
        (middle(times), results)
    }
}

fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Forgets the peak so far, so that reading the map does not count, and gives the memory in use, in MB (Linux; else 0).
pub fn forget_peak() -> f64 {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    memory("VmRSS:")
}

/// Most memory in use since [`forget_peak`], in MB (Linux; else 0).
pub fn peak() -> f64 {
    memory("VmHWM:")
}

fn memory(field: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
