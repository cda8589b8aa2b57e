//! From a region to costs, an award and the files of a run.

use super::matrices::matrices;
use super::region::Region;
use crate::artefact::Folder;
use crate::award::{self, Award, AwardError, EngineOptions};
use crate::cost::{self, CostError, Hauls};
use crate::diagnostics::Diagnostics;
use crate::hierarchy::RoadHierarchyError;
use crate::matrix::{Matrix, MatrixError};
use crate::network::ProfileError;
use crate::progress::Progress;
use crate::report::{self, AwardReport, AwardTable, Manifest, ReportError, Snaps};
use crate::scenario::Scenario;
use std::collections::BTreeMap;
use std::io;

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Paths.
    #[error(transparent)]
    Matrix(#[from] MatrixError),
    /// A vehicle class cannot be weighed.
    #[error(transparent)]
    Vehicle(#[from] ProfileError),
    /// Hierarchy.
    #[error(transparent)]
    Hierarchy(#[from] RoadHierarchyError),
    /// Costs.
    #[error(transparent)]
    Cost(#[from] CostError),
    /// Winners.
    #[error(transparent)]
    Award(#[from] AwardError),
    /// Files.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The user asked to stop; an award may have been found, but not all that is to be told about it.
    #[error("interrupted")]
    Interrupted,
    /// Files.
    #[error("cannot write: {0}; check free space and permissions of the output folder")]
    Io(#[from] io::Error),
    /// The effective settings do not read back: a defect of this program.
    #[error("effective settings: {0}; please report this as a bug")]
    Settings(#[from] toml::de::Error),
}

/// Which files a run writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunFiles {
    /// All of them, the table of costs as CSV.
    Everything,
    /// All of them, the table of costs as Parquet.
    EverythingParquet,
    /// Those of the award.
    AwardOnly,
}

/// Where points met the roads, for each matrix.
fn snaps<'r>(region: &'r Region, matrices: &[Matrix]) -> Vec<Snaps<'r>> {
    let of = |matrix: &Matrix| region.vehicles.iter().find(|v| v.vehicle == matrix.vehicle);
    matrices.iter().filter_map(of).map(|v| Snaps { hubs: &v.hubs, ddus: &v.ddus }).collect()
}

/// Determines the winners at the injection costs of the matrices.
///
/// # Errors
/// When costs overflow or the solver fails.
pub fn determine(scenario: &Scenario, hauls: &Hauls<'_>, progress: &dyn Progress) -> Result<Award, RunError> {
    Ok(award::award(scenario, &|hub, ddu| hauls.get(hub, ddu), EngineOptions::default(), progress)?)
}

/// Runs everything behind the region and stages the files in the folder, which the caller commits.
///
/// # Errors
/// [`RunError`]; the folder then holds files that must not be committed.
pub fn run(
    scenario: &Scenario,
    region: &Region,
    findings: &Diagnostics,
    files: RunFiles,
    folder: &mut Folder,
    progress: &dyn Progress,
) -> Result<Award, RunError> {
    let matrices = matrices(scenario, region, progress)?;
    let hauls = cost::hauls(scenario, &matrices)?;
    let award = determine(scenario, &hauls, progress)?;
    // A stopped search leaves out prices of rules and winning levels too: such files would look complete.
    if award.interrupted || progress.cancelled() {
        return Err(RunError::Interrupted);
    }
    progress.begin("report", None);
    match files {
        RunFiles::AwardOnly => {}
        RunFiles::Everything => folder.write("costs.csv", |out| report::write_costs_csv(out, scenario, &hauls))?,
        RunFiles::EverythingParquet => {
            folder.write("costs.parquet", |out| report::write_costs_parquet(out, scenario, &hauls))?;
        }
    }
    if files != RunFiles::AwardOnly {
        folder
            .write("matrix.parquet", |out| report::write_matrix(out, scenario, &matrices, &snaps(region, &matrices)))?;
    }
    let ddu_snaps = region.vehicles.first().map(|v| v.ddus.as_slice());
    let tables = AwardReport { scenario, award: &award, ddu_snaps };
    for table in AwardTable::ALL {
        folder.write(table.file_name(), |out| report::write_award_csv(out, table, &tables))?;
    }
    if !award.certificate.is_empty() {
        folder.write("certificate.csv", |out| report::write_certificate_csv(out, &tables))?;
    }
    folder.write("report.html", |out| report::write_html(out, &tables))?;
    let manifest = Manifest {
        scenario,
        effective_settings: &toml::from_str(&scenario.settings.to_toml())?,
        award: Some(&award),
        import_counts: &import_counts(region),
        diagnostics: findings,
        outputs: &folder.fingerprints()?,
    };
    folder.write("manifest.json", |out| report::write_manifest(out, &manifest))?;
    progress.finish(&format!("{} files", folder.names().count()));
    Ok(award)
}

/// What the map reader and the point check counted, by name.
fn import_counts(region: &Region) -> BTreeMap<String, u64> {
    let points = [
        ("hubs outside the map, dropped", region.hubs.dropped_outside),
        ("hubs rejected for their point", region.hubs.rejected),
        ("units outside the map, dropped", region.ddus.dropped_outside),
        ("units rejected for their point", region.ddus.rejected),
        ("bid lines left out with their hub or unit", region.bids_left_out),
    ];
    let points = points.into_iter().map(|(name, count)| (name.to_owned(), count));
    region.counts.rows.iter().cloned().chain(points).collect()
}
