//! The comparison as markdown.

use crate::engines::Engine;
use crate::measure::Outcome;
use crate::problem::POINTS;

/// One line: what an engine did and how its cells compare with ours.
pub struct Row {
    engine: Engine,
    outcome: Result<Outcome, String>,
    /// Rows compared and cells that differ.
    compared: (usize, usize),
}

impl Row {
    /// Compares with the first row, if there is one yet.
    pub fn new(engine: Engine, outcome: Result<Outcome, String>, reference: Option<&Self>) -> Self {
        let mut compared = (0, 0);
        if let (Ok(theirs), Some(Self { outcome: Ok(ours), .. })) = (&outcome, reference) {
            for (source, cells) in &theirs.rows {
                let differ = cells.iter().zip(&ours.rows[*source].1).filter(|(a, b)| !theirs.sums.agree(**a, **b));
                compared = (compared.0 + 1, compared.1 + differ.count());
            }
        }
        Self { engine, outcome, compared }
    }

    pub fn outcome(&self) -> Result<&Outcome, &String> {
        self.outcome.as_ref()
    }

    pub fn is_wrong(&self) -> bool {
        self.compared.1 > 0
    }

    fn print(&self, petgraph: Option<f64>) {
        let name = self.engine.name();
        let outcome = match &self.outcome {
            Ok(outcome) => outcome,
            Err(reason) => return println!("| {name} | {reason} | | | | | |"),
        };
        if self.is_wrong() {
            return println!("| {name} | **{} cells differ** | | | | | |", self.compared.1);
        }
        let steps = |steps: &[(String, f64)]| {
            let step = |(name, ms): &(String, f64)| format!("{name} {}", time(*ms));
            if steps.is_empty() { "-".to_owned() } else { steps.iter().map(step).collect::<Vec<_>>().join(" + ") }
        };
        let about = if outcome.extrapolated { "≈ " } else { "" };
        let table = match outcome.table.as_slice() {
            [(_, ms)] => format!("{about}{}", time(*ms)),
            several => format!("{} = {}", steps(several), time(outcome.table_ms())),
        };
        let ratio = petgraph.map_or_else(String::new, |ms| figures(ms / outcome.table_ms()));
        let customization = outcome.customization.map_or_else(|| "-".to_owned(), time);
        let checked = match self.compared {
            (0, _) => "the reference".to_owned(),
            (POINTS, _) => "all equal".to_owned(),
            (rows, _) => format!("{} equal", thousands(rows * POINTS)),
        };
        println!(
            "| {name} | {} | {customization} | {table} | {ratio} | {} ({}) | {checked} |",
            steps(&outcome.preparation),
            thousands(outcome.peak_mb.round() as usize),
            thousands(outcome.graph_mb.round() as usize),
        );
    }
}

/// The table; ratios are to petgraph's Dijkstra with all four sums.
pub fn print(rows: &[Row]) {
    let petgraph = rows.iter().find(|row| row.engine == Engine::Petgraph);
    let petgraph = petgraph.and_then(|row| row.outcome.as_ref().ok()).map(Outcome::table_ms);
    println!(
        "| engine | preparation | new weights | 1,000 × 1,000 | times as fast as petgraph | peak MB (graph) | cells |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    rows.iter().for_each(|row| row.print(petgraph));
}

/// Three figures.
fn figures(value: f64) -> String {
    match value {
        v if v >= 100.0 => thousands(v.round() as usize),
        v if v >= 10.0 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    }
}

fn time(ms: f64) -> String {
    if ms >= 10_000.0 { format!("{} s", figures(ms / 1e3)) } else { format!("{} ms", figures(ms)) }
}

/// With commas.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = {
        let first = digits.len() % 3;
        let (head, tail) = digits.split_at(first);
        let tail = (0..tail.len() / 3).map(|i| &tail[3 * i..3 * i + 3]);
        std::iter::once(head).filter(|h| !h.is_empty()).chain(tail).collect()
    };
    groups.join(",")
}
