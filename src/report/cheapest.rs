//! One table of those of several regions: of the rows that have one key, the cheapest, and which region it is from.
//!
//! The tables are sorted by the key, as every table of this program is, so that one pass over all of them at once is enough.

use super::ReportError;
use super::joined::{BatchSink, Source, encoding};
use super::parquet::BATCH_ROWS;
use arrow_array::types::Decimal128Type;
use arrow_array::{Array, ArrayRef, Decimal128Array, RecordBatch, StringArray, cast::AsArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use arrow_select::interleave::interleave;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// The column that is added.
const REGION: &str = "region";

/// What tables of regions hold, and what makes one of their rows the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionTable {
    /// `matrix.parquet`: a row a hub, unit, class and departure. Best are rows with both paths, then those with the
    /// outbound one; then the least outbound and return money.
    Matrix,
    /// `costs.parquet`: a row a hub, unit and class. Best are hauls that can be made; then the least money of a trip.
    Costs,
}

impl RegionTable {
    /// Columns of a row's status, in order of their weight, and of the money that is added up.
    const fn judged(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Matrix => (&["outbound_status", "return_status"], &["outbound_usd", "return_usd"]),
            Self::Costs => (&["status"], &["trip_usd"]),
        }
    }

    /// A column that holds for the region alone: the class that is cheapest there may not be the cheapest of all.
    const fn left_out(self) -> Option<&'static str> {
        match self {
            Self::Matrix => None,
            Self::Costs => Some("cheapest"),
        }
    }
}

/// A region's table.
#[derive(Clone, Copy, Debug)]
pub struct RegionRows<'a> {
    /// Name of the region.
    pub region: &'a str,
    /// Its table.
    pub path: &'a Path,
}

/// A key: hub, unit, class, and the place of the departure in the day.
type Key = (String, String, String, usize);

/// A table and the row that is next in it.
struct Cursor<'a> {
    source: Source,
    departures: &'a [String],
    table: RegionTable,
    columns: Option<Columns>,
    row: usize,
    /// Key of the row; none behind the last.
    at: Option<Key>,
    /// How good it is: the less, the better.
    rank: (u32, i128),
    /// Where the batch is among those that rows were taken of.
    slot: Option<usize>,
}

struct Columns {
    batch: RecordBatch,
    keys: [StringArray; 3],
    departure: Option<StringArray>,
    statuses: Vec<StringArray>,
    money: Vec<Decimal128Array>,
}

impl<'a> Cursor<'a> {
    fn open(path: &Path, table: RegionTable, departures: &'a [String]) -> Result<Self, ReportError> {
        let source = Source::open(path)?;
        let (columns, at, rank) = (None, None, (0, 0));
        let mut cursor = Self { source, departures, table, columns, row: 0, at, rank, slot: None };
        cursor.read()?;
        Ok(cursor)
    }

    /// Goes to the next row; keys must ascend.
    fn advance(&mut self) -> Result<(), ReportError> {
        self.row += 1;
        let before = self.at.take();
        self.read()?;
        let ascends = match (&before, &self.at) {
            (Some(before), Some(now)) => before < now,
            _ => true,
        };
        if ascends { Ok(()) } else { Err(self.source.unusable("its rows are not sorted; run the region again")) }
    }

    fn read(&mut self) -> Result<(), ReportError> {
        while self.columns.as_ref().is_none_or(|columns| self.row >= columns.batch.num_rows()) {
            let Some(batch) = self.source.next()? else {
                self.columns = None;
                return Ok(());
            };
            self.columns = Some(self.columns_of(batch)?);
            (self.row, self.slot) = (0, None);
        }
        let Some(columns) = &self.columns else { return Ok(()) };
        let [hub, ddu, vehicle] = columns.keys.each_ref().map(|column| column.value(self.row).to_owned());
        let departure = match &columns.departure {
            None => 0,
            Some(column) => {
                let name = column.value(self.row);
                let place = self.departures.iter().position(|known| known == name);
                place.ok_or_else(|| self.source.unusable(format!("names an unknown departure `{name}`")))?
            }
        };
        let bad = |status: &StringArray| u32::from(status.value(self.row) != "ok");
        // The first status weighs most.
        let class = columns.statuses.iter().fold(0, |class, status| 2 * class + bad(status));
        let usd = |money: &Decimal128Array| if money.is_null(self.row) { 0 } else { money.value(self.row) };
        self.rank = (class, columns.money.iter().map(usd).sum());
        self.at = Some((hub, ddu, vehicle, departure));
        Ok(())
    }

    fn columns_of(&self, batch: RecordBatch) -> Result<Columns, ReportError> {
        let text = |name: &str| -> Result<StringArray, ReportError> {
            let column = batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
            let column = column.filter(|column| column.null_count() == 0);
            column.cloned().ok_or_else(|| self.source.unusable(format!("has no usable column `{name}`")))
        };
        let money = |name: &&str| -> Result<Decimal128Array, ReportError> {
            let column = batch.column_by_name(name).and_then(|column| column.as_primitive_opt::<Decimal128Type>());
            column.cloned().ok_or_else(|| self.source.unusable(format!("has no usable column `{name}`")))
        };
        let (statuses, usd) = self.table.judged();
        Ok(Columns {
            keys: [text("hub_id")?, text("ddu_id")?, text("vehicle")?],
            departure: (self.table == RegionTable::Matrix).then(|| text("departure")).transpose()?,
            statuses: statuses.iter().map(|name| text(name)).collect::<Result<_, _>>()?,
            money: usd.iter().map(money).collect::<Result<_, _>>()?,
            batch,
        })
    }
}

/// Rows that were chosen and not written yet.
#[derive(Default)]
struct Chosen {
    batches: Vec<RecordBatch>,
    rows: Vec<(usize, usize)>,
    regions: Vec<usize>,
}

/// Writes the table of all regions, given in the order in which ties are broken. `departures` are in the order of the day.
/// Gives the rows taken from each region, by name; `go_on` is asked now and then, with the rows written since.
///
/// # Errors
/// When a table cannot be read, is not sorted or has other columns than the first, when writing fails, or
/// [`ReportError::Stopped`].
pub fn write_cheapest(
    out: &mut (impl Write + Send),
    table: RegionTable,
    regions: &[RegionRows<'_>],
    departures: &[String],
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<BTreeMap<String, u64>, ReportError> {
    let open = |rows: &RegionRows<'_>| Cursor::open(rows.path, table, departures);
    let mut cursors = regions.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let Some(first) = cursors.first() else { return Err(ReportError::Mismatch("there is no region to merge")) };
    let schema = first.source.schema().clone();
    if let Some(other) = cursors.iter().find(|cursor| *cursor.source.schema() != schema) {
        return Err(other
            .source
            .unusable("has other columns than that of the first region; run both with one version"));
    }
    let kept: Vec<usize> =
        (0..schema.fields().len()).filter(|i| Some(schema.field(*i).name().as_str()) != table.left_out()).collect();
    let mut fields: Vec<Field> = kept.iter().map(|i| schema.field(*i).clone()).collect();
    fields.push(Field::new(REGION, DataType::Utf8, true));
    let merged: SchemaRef = Arc::new(Schema::new(fields));
    let mut sink = BatchSink::new(out, &merged)?;
    let mut taken = vec![0_u64; regions.len()];
    let mut chosen = Chosen::default();
    while let Some(least) = cursors.iter().filter_map(|cursor| cursor.at.as_ref()).min().cloned() {
        let holds = |cursor: &usize| cursors[*cursor].at.as_ref() == Some(&least);
        let mut candidates: Vec<usize> = (0..cursors.len()).filter(holds).collect();
        candidates.sort_by_key(|candidate| (cursors[*candidate].rank, *candidate));
        if let Some(&best) = candidates.first() {
            chosen.take(&mut cursors[best], best);
            taken[best] += 1;
        }
        for candidate in candidates {
            cursors[candidate].advance()?;
        }
        if chosen.rows.len() == BATCH_ROWS {
            chosen.write(&mut sink, &merged, &kept, regions, &mut cursors)?;
            if !go_on(BATCH_ROWS as u64) {
                return Err(ReportError::Stopped);
            }
        }
    }
    chosen.write(&mut sink, &merged, &kept, regions, &mut cursors)?;
    sink.finish()?;
    Ok(regions.iter().zip(taken).map(|(rows, taken)| (rows.region.to_owned(), taken)).collect())
}

impl Chosen {
    fn take(&mut self, cursor: &mut Cursor<'_>, region: usize) {
        let Some(columns) = &cursor.columns else { return };
        let slot = *cursor.slot.get_or_insert_with(|| {
            self.batches.push(columns.batch.clone());
            self.batches.len() - 1
        });
        self.rows.push((slot, cursor.row));
        self.regions.push(region);
    }

    fn write<W: Write + Send>(
        &mut self,
        sink: &mut BatchSink<W>,
        schema: &SchemaRef,
        kept: &[usize],
        regions: &[RegionRows<'_>],
        cursors: &mut [Cursor<'_>],
    ) -> Result<(), ReportError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let column = |i: &usize| -> Result<ArrayRef, ReportError> {
            let of_batches: Vec<&dyn Array> = self.batches.iter().map(|batch| batch.column(*i).as_ref()).collect();
            interleave(&of_batches, &self.rows).map_err(encoding)
        };
        let mut columns = kept.iter().map(column).collect::<Result<Vec<_>, _>>()?;
        let names = self.regions.iter().map(|region| regions.get(*region).map(|rows| rows.region));
        columns.push(Arc::new(names.collect::<StringArray>()));
        sink.push(RecordBatch::try_new(schema.clone(), columns).map_err(encoding)?)?;
        *self = Self::default();
        cursors.iter_mut().for_each(|cursor| cursor.slot = None);
        Ok(())
    }
}
