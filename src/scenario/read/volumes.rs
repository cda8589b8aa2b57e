//! `volumes.csv`: pieces by ZIP or by unit, as carriers have them: leading zeros lost, Excel's separators, thousands.

use super::ddus::Units;
use super::shared::Intake;
use crate::diagnostics::Code;
use crate::scenario::rules::{Finding, Rule, as_is, grouped_count, id, plausible_zip5, state, word, zip5};
use crate::scenario::table::{Column, Place, RowReader, Table, TableSpec, columns};
use crate::scenario::{DataSettings, QuoteSettings, QuoteVolume, QuoteVolumes, WithoutUnit};
use crate::units::Pieces;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

columns! {
    Zip5 = "zip5" optional;
    DduId = "ddu_id" optional;
    State = "state" optional;
    Pieces = "pieces" required;
    PiecesLow = "pieces_low" optional;
    PiecesHigh = "pieces_high" optional;
    VolumeUnit = "volume_unit" optional;
}

/// Most pieces of a row, as of a planned volume.
const MOST: u32 = 10_000_000;

/// Columns of the table.
pub(crate) fn columns() -> &'static [Column] {
    COLUMNS
}

/// A row: where its pieces go, and how many.
#[derive(Debug)]
struct VolumeRow {
    place: Target,
    volume: QuoteVolume,
}

#[derive(Debug)]
enum Target {
    Unit(String),
    Zip(String),
}

/// Reads the volumes and adds them up by unit. Units that could not be read (`None`) end it after the rows' own errors.
pub(crate) fn volumes(
    spec: &TableSpec,
    data: &DataSettings,
    quote: &QuoteSettings,
    units: Option<&Units>,
    intake: &mut Intake,
) -> Option<QuoteVolumes> {
    const ROLE: &str = "volumes";
    let days = data.operating_days_per_week.max(1);
    let mut spec = spec.clone();
    spec.spreadsheet = true;
    let read = intake.table(ROLE, &spec, COLUMNS, Col::Zip5.into(), |row| volume_row(row, days, quote, units))?;
    let units = units?;
    let by_zip = units_by_zip(units);
    let mut found = QuoteVolumes::default();
    let mut without: BTreeMap<(String, &'static str), u32> = BTreeMap::new();
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut rows = 0;
    for (row, place) in read.rows {
        let unit = match &row.place {
            Target::Unit(unit) if units.no_part.contains_key(unit) || units.rejected.contains(unit) => {
                leave_out(&read.table, place, Col::DduId, unit, intake);
                Err((unit.clone(), "takes_no_part"))
            }
            Target::Unit(unit) => Ok(unit.clone()),
            Target::Zip(zip) => of_zip(zip, &by_zip, &read.table, place, &mut told, intake),
        };
        match unit {
            Ok(unit) => {
                rows += 1;
                add(found.units.entry(unit).or_default(), row.volume);
            }
            Err(key) => {
                let sum = without.entry(key).or_default();
                *sum = sum.saturating_add(row.volume.planned.0);
            }
        }
    }
    let missing =
        |((place, why), pieces): ((String, &'static str), u32)| WithoutUnit { place, why, pieces: Pieces(pieces) };
    found.without_unit = without.into_iter().map(missing).collect();
    intake.accepted(ROLE, rows);
    Some(found)
}

fn add(sum: &mut QuoteVolume, more: QuoteVolume) {
    let plus = |a: &mut Pieces, b: Pieces| a.0 = a.0.saturating_add(b.0).min(MOST);
    plus(&mut sum.low, more.low);
    plus(&mut sum.planned, more.planned);
    plus(&mut sum.high, more.high);
}

/// Ids of units by ZIP: those whose own ZIP it is, and those that list it.
type ByZip<'u> = BTreeMap<&'u str, [Vec<&'u str>; 2]>;

fn units_by_zip(units: &Units) -> ByZip<'_> {
    let mut by_zip: ByZip<'_> = BTreeMap::new();
    for (unit, _) in &units.open {
        if let Some(zip) = &unit.zip5 {
            by_zip.entry(zip).or_default()[0].push(&unit.id);
        }
    }
    for (zip, unit) in &units.zips {
        by_zip.entry(zip).or_default()[1].push(unit);
    }
    by_zip
}

/// The unit of a ZIP: of those that list it, else of those at it, the first by id.
fn of_zip(
    zip: &str,
    by_zip: &ByZip<'_>,
    table: &Arc<Table>,
    place: Place,
    told: &mut BTreeSet<String>,
    intake: &mut Intake,
) -> Result<String, (String, &'static str)> {
    let [own, listed] = by_zip.get(zip).map_or([&[][..], &[][..]], |[own, listed]| [own, listed]);
    let candidates = if listed.is_empty() { own } else { listed };
    let first_time = told.insert(zip.to_owned());
    match candidates {
        [] => {
            if first_time {
                let message = format!("no unit that takes part serves ZIP {zip}");
                intake.report(table, place, Col::Zip5, Finding::plain(Code::ZipWithoutUnit, message));
            }
            Err((zip.to_owned(), "no_unit"))
        }
        [first, others @ ..] => {
            if let ([other, ..], true) = (others, first_time) {
                let message = format!(
                    "ZIP {zip} is of `{first}`, `{other}` and {} more; all of it goes to `{first}`",
                    others.len() - 1
                );
                intake.report(table, place, Col::Zip5, Finding::plain(Code::ZipOfSeveralUnits, message));
            }
            Ok((*first).to_owned())
        }
    }
}

fn leave_out(table: &Arc<Table>, place: Place, column: Col, unit: &str, intake: &mut Intake) {
    let message = format!("unit `{unit}` takes no part; its pieces are left out");
    intake.report(table, place, column, Finding::plain(Code::VolumeOfNoPart, message));
}

fn volume_row(
    row: &mut RowReader<'_, '_>,
    days: u32,
    quote: &QuoteSettings,
    units: Option<&Units>,
) -> Option<VolumeRow> {
    let known_state = row.optional(Col::State, state);
    let zip = row.optional(Col::Zip5, |t| match known_state {
        Some(state) => zip5(t, Some(state)),
        None => plausible_zip5(t),
    });
    let named = row.optional(Col::DduId, |t| known(t, units));
    let place = match (named, zip) {
        (Some(unit), _) => Some(Target::Unit(unit)),
        (None, Some(zip)) => Some(Target::Zip(zip)),
        (None, None) if row.failed() => None,
        (None, None) => {
            row.report(Col::Zip5, Finding::plain(Code::MissingValue, "neither `zip5` nor `ddu_id` is given"));
            None
        }
    };
    let planned = row.required(Col::Pieces, |t| grouped_count(t, 0..=MOST));
    let low = row.optional(Col::PiecesLow, |t| grouped_count(t, 0..=MOST));
    let high = row.optional(Col::PiecesHigh, |t| grouped_count(t, 0..=MOST));
    let per = [("pieces_per_day", 1), ("pieces_per_week", days)];
    let per = row.optional(Col::VolumeUnit, |t| word(t, &per)).unwrap_or(1);
    let planned = planned?;
    let usual = QuoteVolume::around(planned, quote.volume);
    let low = low.unwrap_or(usual.low.0);
    let high = high.unwrap_or(usual.high.0.min(MOST).max(planned));
    row.apply(Col::PiecesLow, in_order(low, planned, high));
    let daily = |pieces: u32| Pieces(pieces.div_ceil(per));
    if per > 1 {
        let message = format!("{planned} pieces a week over {per} operating days read as {} a day", daily(planned));
        row.report(Col::VolumeUnit, Finding::plain(Code::WeeklyVolume, message));
    }
    let volume = QuoteVolume { low: daily(low), planned: daily(planned), high: daily(high) };
    Some(VolumeRow { place: place?, volume })
}

fn known(text: &str, units: Option<&Units>) -> Rule<String> {
    let name = id(text)?;
    let Some(units) = units else { return Ok(name) };
    let known = units.open.binary_search_by(|(unit, _)| unit.id.as_str().cmp(text)).is_ok()
        || units.no_part.contains_key(text)
        || units.rejected.contains(text);
    if known {
        return Ok(name);
    }
    let ids = units.open.iter().map(|(unit, _)| unit.id.as_str());
    let near = crate::diagnostics::did_you_mean(text, ids);
    let code = Code::VolumeForUnknownDdu;
    let help = near.map_or_else(|| code.action().to_owned(), |near| format!("did you mean `{near}`?"));
    Err(Finding::new(code, format!("unit `{text}` is not known"), help))
}

fn in_order(low: u32, planned: u32, high: u32) -> Rule<()> {
    if low <= planned && planned <= high {
        return as_is(());
    }
    let message = format!("low {low}, planned {planned} and high {high} are not in order");
    Err(Finding::plain(Code::VolumesNotInOrder, message))
}
