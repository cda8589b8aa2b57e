//! From a region to costs, an award and the files of a run.

use super::matrices::Prepared;
use super::region::Region;
use super::synergies::unit_legs;
use super::variants::{VariantHauls, variants};
use crate::artefact::Folder;
use crate::award::{self, Alternative, Award, AwardError, EngineOptions};
use crate::cost::{self, CostError, HaulSource, Hauls, Synergy, TabledHauls};
use crate::diagnostics::Diagnostics;
use crate::hierarchy::RoadHierarchyError;
use crate::matrix::{Matrix, MatrixError};
use crate::network::ProfileError;
use crate::progress::Progress;
use crate::quote::QuoteError;
use crate::report::page::{CONTEXT_FILE, PAGE_FILE, PageContext, PageData, PageGround, PageHauls, Served};
use crate::report::{self, AwardReport, AwardTable, Manifest, ReportError, Snaps};
use crate::routes::day::DayError;
use crate::scenario::{Scenario, Variant};
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
    /// Routes.
    #[error(transparent)]
    Routes(#[from] DayError),
    /// A quote.
    #[error(transparent)]
    Quote(#[from] QuoteError),
    /// A scenario that names the suggested bids cannot be written: a defect of this program.
    #[error("scenario of the bids: {0}; please report this as a bug")]
    Written(#[from] toml::ser::Error),
    /// Neither a map was read nor a table of costs.
    #[error("there is neither a map nor a table of costs; name one of them in [inputs]")]
    NoMap,
    /// The user asked to stop before an award was found, or does not want it.
    #[error("interrupted")]
    Interrupted,
    /// Files.
    #[error("cannot write: {0}; check free space and permissions of the output folder")]
    Io(#[from] io::Error),
    /// A variant cannot be answered.
    #[error("variant \"{name}\": {source}")]
    Variant {
        /// Its name.
        name: String,
        /// Why.
        source: Box<RunError>,
    },
    /// The effective settings do not read back: a defect of this program.
    #[error("effective settings: {0}; please report this as a bug")]
    Settings(#[from] toml::de::Error),
}

impl RunError {
    /// The same, of a variant; the wish to stop is that of the whole run.
    pub(super) fn of_variant(self, variant: &Variant) -> Self {
        match self {
            Self::Interrupted | Self::Matrix(MatrixError::Interrupted) => Self::Interrupted,
            other => Self::Variant { name: variant.name.clone(), source: Box::new(other) },
        }
    }
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

/// Determines the winners at the injection costs of matrices or of a table.
///
/// # Errors
/// When costs overflow or the solver fails.
pub fn determine(scenario: &Scenario, hauls: &dyn HaulSource, progress: &dyn Progress) -> Result<Award, RunError> {
    Ok(award::award(scenario, &|hub, ddu| hauls.get(hub, ddu), EngineOptions::default(), progress)?)
}

/// What the costs of a run on a map come from.
struct Mapped<'a> {
    region: &'a Region,
    matrices: &'a [Matrix],
    hauls: Hauls<'a>,
}

/// Runs everything behind the region and stages the files in the folder, which the caller commits. Without a region the
/// hauls are those of the scenario's table, and there is no matrix and no table of costs to write.
///
/// A user who stops the award gets the files of the best award found so far.
///
/// # Errors
/// [`RunError`]; the folder then holds files that must not be committed.
pub fn run(
    scenario: &Scenario,
    region: Option<&Region>,
    findings: &Diagnostics,
    files: RunFiles,
    folder: &mut Folder,
    progress: &dyn Progress,
) -> Result<Award, RunError> {
    let Some(region) = region else {
        let hauls = TabledHauls::of(scenario).ok_or(RunError::NoMap)?;
        let mut award = determined(scenario, &hauls, progress)?;
        let variants = compared(scenario, VariantHauls::Table, &mut award, progress)?;
        let synergies =
            if scenario.settings.award.synergies { cost::synergies(scenario, &hauls, None)? } else { Vec::new() };
        let findings = Found { award, variants, synergies, findings };
        return write_files(scenario, None, &hauls, findings, files, folder, progress);
    };
    let prepared = Prepared::new(scenario, region);
    let matrices = prepared.matrices(scenario, progress)?.matrices;
    let legs = unit_legs(scenario, &prepared, progress)?;
    // A hierarchy that was built for this is held only for variants that need it.
    let keep = scenario.settings.variants.iter().any(|variant| !variant.keeps_rates());
    let prepared = keep.then_some(prepared);
    let mapped = Mapped { region, matrices: &matrices, hauls: cost::hauls(scenario, &matrices)? };
    let mut award = determined(scenario, &mapped.hauls, progress)?;
    let hauls = VariantHauls::Map { matrices: &matrices, prepared: prepared.as_ref() };
    let variants = compared(scenario, hauls, &mut award, progress)?;
    drop(prepared);
    let synergies = match &legs {
        Some(legs) => cost::synergies(scenario, &mapped.hauls, Some((&mapped.hauls, legs)))?,
        None => Vec::new(),
    };
    let findings = Found { award, variants, synergies, findings };
    write_files(scenario, Some(&mapped), &mapped.hauls, findings, files, folder, progress)
}

/// What there is to tell.
struct Found<'a> {
    award: Award,
    variants: Vec<Alternative>,
    synergies: Vec<Synergy>,
    findings: &'a Diagnostics,
}

/// The award. Whoever stops it from here on gets the best one found so far.
fn determined(scenario: &Scenario, hauls: &dyn HaulSource, progress: &dyn Progress) -> Result<Award, RunError> {
    if progress.cancelled() {
        return Err(RunError::Interrupted);
    }
    progress.ends_with_result();
    let award = determine(scenario, hauls, progress)?;
    go_on(progress)?;
    Ok(award)
}

/// Unless the user wants no result either.
fn go_on(progress: &dyn Progress) -> Result<(), RunError> {
    if progress.abandoned() { Err(RunError::Interrupted) } else { Ok(()) }
}

/// The awards of the variants; none where the user stopped the run, which the award then tells.
fn compared(
    scenario: &Scenario,
    hauls: VariantHauls<'_, '_>,
    award: &mut Award,
    progress: &dyn Progress,
) -> Result<Vec<Alternative>, RunError> {
    if award.interrupted {
        return Ok(Vec::new());
    }
    let found = variants(scenario, hauls, &award.basis, progress);
    if progress.cancelled() {
        award.interrupted = true;
        return Ok(Vec::new());
    }
    found
}

fn write_files(
    scenario: &Scenario,
    mapped: Option<&Mapped<'_>>,
    hauls: &dyn HaulSource,
    Found { award, variants, synergies, findings }: Found<'_>,
    files: RunFiles,
    folder: &mut Folder,
    progress: &dyn Progress,
) -> Result<Award, RunError> {
    let go_on = || go_on(progress);
    progress.begin("report", None);
    if let Some(mapped) = mapped {
        write_costs(scenario, mapped, files, folder)?;
    }
    folder.write("hauls.csv", |out| report::write_hauls_csv(out, scenario, hauls))?;
    let region = mapped.map(|mapped| mapped.region);
    let ddu_snaps = region.and_then(|region| region.vehicles.first()).map(|v| v.ddus.as_slice());
    let tables = AwardReport { scenario, award: &award, variants: &variants, synergies: &synergies, ddu_snaps };
    for table in AwardTable::of(&tables) {
        go_on()?;
        folder.write(table.file_name(), |out| report::write_award_csv(out, table, &tables))?;
    }
    if !award.certificate.is_empty() {
        folder.write("certificate.csv", |out| report::write_certificate_csv(out, &tables))?;
    }
    go_on()?;
    write_page(&tables, mapped, hauls, folder)?;
    let manifest = Manifest {
        scenario,
        effective_settings: &toml::from_str(&scenario.settings.to_toml(&scenario.ddus))?,
        award: Some(&award),
        variants: &variants,
        synergies: &synergies,
        import_counts: &region.map(import_counts).unwrap_or_default(),
        diagnostics: findings,
        outputs: &folder.fingerprints()?,
    };
    folder.write("manifest.json", |out| report::write_manifest(out, &manifest))?;
    progress.finish(&format!("{} files", folder.names().count()));
    Ok(award)
}

/// The page, and what of it the tables do not hold.
fn write_page(
    tables: &AwardReport<'_>,
    mapped: Option<&Mapped<'_>>,
    hauls: &dyn HaulSource,
    folder: &mut Folder,
) -> Result<(), ReportError> {
    let ground = mapped.map(|mapped| PageGround::of(&mapped.region.network, &mapped.region.counts));
    let hauls = PageHauls { all: hauls, parts: mapped.map(|mapped| &mapped.hauls) };
    let context = PageContext::of(tables, ground, hauls)?;
    folder.write(CONTEXT_FILE, |out| context.write(out))?;
    let page = PageData::of(tables)?.with(context);
    folder.write(PAGE_FILE, |out| report::page::write_page(out, &page, Served::No))
}

/// Costs and matrices, as far as they are asked for.
fn write_costs(
    scenario: &Scenario,
    mapped: &Mapped<'_>,
    files: RunFiles,
    folder: &mut Folder,
) -> Result<(), ReportError> {
    let Mapped { region, matrices, hauls } = mapped;
    match files {
        RunFiles::AwardOnly => return Ok(()),
        RunFiles::Everything => folder.write("costs.csv", |out| report::write_costs_csv(out, scenario, hauls))?,
        RunFiles::EverythingParquet => {
            folder.write("costs.parquet", |out| report::write_costs_parquet(out, scenario, hauls))?;
        }
    }
    folder.write("matrix.parquet", |out| report::write_matrix(out, scenario, matrices, &snaps(region, matrices)))
}

/// What the map reader and the point check counted, by name.
#[must_use]
pub fn import_counts(region: &Region) -> BTreeMap<String, u64> {
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let points = [
        ("hubs outside the map, dropped", region.hubs.dropped_outside),
        ("hubs rejected for their point", region.hubs.rejected),
        ("units outside the map, dropped", region.ddus.dropped_outside),
        ("units rejected for their point", region.ddus.rejected),
        ("bid lines left out with their hub or unit", count(region.left_out.bids)),
        ("rules left out with their units", count(region.left_out.rules)),
        ("overrides left out with their bid or unit", count(region.left_out.overrides)),
    ];
    let points = points.into_iter().map(|(name, count)| (name.to_owned(), count));
    region.counts.rows.iter().cloned().chain(points).collect()
}
