//! Parquet tables: plain columns of any simple type, each cell read as the text a CSV table would hold.

use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Rows of a Parquet file in memory.
#[derive(Debug)]
pub(super) struct Batches {
    batches: Vec<RecordBatch>,
    /// First row of each batch.
    starts: Vec<usize>,
    rows: usize,
}

impl Batches {
    /// Reads a whole file and the names of its columns.
    ///
    /// The reader of damaged files is not ours: should it panic, that is a damaged file too.
    pub(super) fn read(path: &Path) -> Result<(Self, Vec<String>), String> {
        catch_unwind(AssertUnwindSafe(|| Self::read_unguarded(path)))
            .unwrap_or_else(|_| Err("the file is damaged: its reader gave up".into()))
    }

    fn read_unguarded(path: &Path) -> Result<(Self, Vec<String>), String> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path).map_err(|e| e.to_string())?)
            .map_err(|e| e.to_string())?;
        let schema = builder.schema().clone();
        for field in schema.fields() {
            if !is_readable(field.data_type()) {
                return Err(format!("column `{}` has the type {}", field.name(), field.data_type()));
            }
        }
        let reader = builder.build().map_err(|e| e.to_string())?;
        let batches: Vec<RecordBatch> = reader.collect::<Result<_, _>>().map_err(|e| e.to_string())?;
        let mut rows = 0;
        let starts = batches
            .iter()
            .map(|b| {
                rows += b.num_rows();
                rows - b.num_rows()
            })
            .collect();
        let names = schema.fields().iter().map(|f| f.name().clone()).collect();
        Ok((Self { batches, starts, rows }, names))
    }

    /// Number of rows.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// A cell as text; null is empty.
    pub(super) fn cell(&self, row: usize, column: usize) -> String {
        let after = self.starts.partition_point(|start| *start <= row);
        let Some((batch, start)) = after.checked_sub(1).and_then(|i| Some((self.batches.get(i)?, self.starts.get(i)?)))
        else {
            return String::new();
        };
        let within = row - start;
        if column < batch.num_columns() && within < batch.num_rows() {
            cell_text(batch.column(column).as_ref(), within)
        } else {
            String::new()
        }
    }
}

/// Types whose cells are one plain value.
fn is_readable(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, value) => is_readable(value) && !matches!(**value, DataType::Dictionary(..)),
        DataType::Decimal128(_, scale) => (0..=38).contains(scale),
        DataType::Time32(TimeUnit::Second | TimeUnit::Millisecond)
        | DataType::Time64(TimeUnit::Microsecond | TimeUnit::Nanosecond)
        | DataType::Null
        | DataType::Boolean
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Date32
        | DataType::Float32
        | DataType::Float64 => true,
        other => other.is_integer(),
    }
}

/// The cell as a CSV table would hold it. `row` is within the array.
fn cell_text(array: &dyn Array, row: usize) -> String {
    if array.is_null(row) {
        return String::new();
    }
    macro_rules! number {
        ($kind:ty) => {
            array.as_primitive::<$kind>().value(row).to_string()
        };
    }
    macro_rules! clock {
        ($kind:ty, $per_second:literal) => {
            clock(array.as_primitive::<$kind>().value(row).into(), $per_second)
        };
    }
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).to_owned(),
        DataType::Utf8View => array.as_string_view().value(row).to_owned(),
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Float32 => number!(Float32Type),
        DataType::Float64 => number!(Float64Type),
        DataType::Decimal128(_, scale) => decimal(array.as_primitive::<Decimal128Type>().value(row), *scale),
        DataType::Date32 => date(array.as_primitive::<Date32Type>().value(row)),
        DataType::Time32(TimeUnit::Second) => clock!(Time32SecondType, 1),
        DataType::Time32(_) => clock!(Time32MillisecondType, 1_000),
        DataType::Time64(TimeUnit::Microsecond) => clock!(Time64MicrosecondType, 1_000_000),
        DataType::Time64(_) => clock!(Time64NanosecondType, 1_000_000_000),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let key = dictionary.normalized_keys().get(row).copied();
            key.filter(|k| *k < dictionary.values().len())
                .map_or(String::new(), |k| cell_text(dictionary.values().as_ref(), k))
        }
        _ => String::new(),
    }
}

/// A scaled integer as a decimal number.
fn decimal(value: i128, scale: i8) -> String {
    let places = usize::try_from(scale).unwrap_or(0);
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let sign = if value < 0 { "-" } else { "" };
    if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// Days since 1970-01-01 as `YYYY-MM-DD`; the number itself when outside the calendar.
fn date(days: i32) -> String {
    jiff::Span::new()
        .try_days(days)
        .and_then(|span| jiff::civil::date(1970, 1, 1).checked_add(span))
        .map_or_else(|_| days.to_string(), |date| date.to_string())
}

/// A time of day as `HH:MM`, with seconds and the rest only when there are any (which the time rule then refuses).
fn clock(value: i64, per_second: i64) -> String {
    let (seconds, rest) = (value.div_euclid(per_second), value.rem_euclid(per_second));
    let hm = format!("{:02}:{:02}", seconds.div_euclid(3_600), seconds.div_euclid(60).rem_euclid(60));
    if seconds % 60 == 0 && rest == 0 { hm } else { format!("{hm}:{:02}.{rest}", seconds.rem_euclid(60)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_typed_cells() {
        assert_eq!(decimal(-5, 2), "-0.05");
        assert_eq!(decimal(12_345, 3), "12.345");
        assert_eq!(decimal(7, 0), "7");
        assert_eq!(decimal(i128::MIN, 38), "-1.70141183460469231731687303715884105728");
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(20_000), "2024-10-04");
        assert_eq!(date(i32::MAX), i32::MAX.to_string());
        assert_eq!(clock(19_800, 1), "05:30");
        assert_eq!(clock(19_801_000, 1_000), "05:30:01.0");
    }
}
