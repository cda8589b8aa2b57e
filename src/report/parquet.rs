//! Parquet: Snappy, row groups of bounded size, the same bytes for the same rows.
//!
//! Money is `DECIMAL(18, 6)`, counts are `INT64`, metres and seconds are `DOUBLE` (exact to their last decimal: the
//! integers behind them have 32 bits), flags are `BOOLEAN`. No time stamp is written.

use super::ReportError;
use super::table::{Cell, Column, Kind, Sink};
use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::Compression;
use ::parquet::file::properties::WriterProperties;
use arrow_array::builder::{BooleanBuilder, Decimal128Builder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use std::io::Write;
use std::sync::Arc;

/// Rows collected before they are handed to the encoder.
pub(super) const BATCH_ROWS: usize = 8_192;
/// Rows of a row group.
const GROUP_ROWS: usize = 16 * BATCH_ROWS;
const DIGITS: u8 = 18;
const DECIMALS: i8 = 6;
const LARGEST: u64 = 999_999_999_999_999_999;

enum Builder {
    Text(StringBuilder),
    Usd(Decimal128Builder),
    Count(Int64Builder),
    Double(Float64Builder),
    Flag(BooleanBuilder),
}

impl Builder {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(StringBuilder::new()),
            Kind::Usd => Self::Usd(Decimal128Builder::new().with_data_type(data_type(kind))),
            Kind::Count => Self::Count(Int64Builder::new()),
            Kind::Metres | Kind::Seconds => Self::Double(Float64Builder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
        }
    }

    /// Appends a cell; `false` when it is of another kind.
    #[allow(clippy::cast_precision_loss)]
    fn append(&mut self, cell: &Cell<'_>) -> bool {
        match (self, cell) {
            (Self::Text(b), Cell::Empty) => b.append_null(),
            (Self::Text(b), Cell::Text(text)) => b.append_value(text),
            (Self::Text(b), Cell::Owned(text)) => b.append_value(text),
            (Self::Usd(b), Cell::Empty) => b.append_null(),
            (Self::Usd(b), Cell::Usd(amount)) => b.append_value(i128::from(amount.0)),
            (Self::Count(b), Cell::Empty) => b.append_null(),
            (Self::Count(b), Cell::Count(count)) => b.append_value(*count),
            (Self::Double(b), Cell::Empty) => b.append_null(),
            (Self::Double(b), Cell::Metres(length)) => b.append_value(length.as_metres_f64()),
            (Self::Double(b), Cell::Seconds(ms)) => b.append_value(*ms as f64 / 1000.0),
            (Self::Flag(b), Cell::Empty) => b.append_null(),
            (Self::Flag(b), Cell::Flag(flag)) => b.append_value(*flag),
            _ => return false,
        }
        true
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(b) => Arc::new(b.finish()),
            Self::Usd(b) => Arc::new(b.finish()),
            Self::Count(b) => Arc::new(b.finish()),
            Self::Double(b) => Arc::new(b.finish()),
            Self::Flag(b) => Arc::new(b.finish()),
        }
    }
}

const fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Usd => DataType::Decimal128(DIGITS, DECIMALS),
        Kind::Count => DataType::Int64,
        Kind::Metres | Kind::Seconds => DataType::Float64,
        Kind::Flag => DataType::Boolean,
    }
}

/// The encoder of every table; its bytes depend on the rows alone if it is given [`BATCH_ROWS`] at a time.
pub(super) fn writer<W: Write + Send>(out: W, schema: &Arc<Schema>) -> Result<ArrowWriter<W>, ReportError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("ddu version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .build();
    Ok(ArrowWriter::try_new(out, Arc::clone(schema), Some(properties))?)
}

/// Writes the rows of one table as Parquet.
pub(crate) struct ParquetSink<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: Arc<Schema>,
    names: Vec<&'static str>,
    builders: Vec<Builder>,
    rows: usize,
}

impl<W: Write + Send> ParquetSink<W> {
    /// Writes the head of the file.
    pub(crate) fn new(out: W, columns: &[Column]) -> Result<Self, ReportError> {
        let fields: Vec<Field> = columns.iter().map(|c| Field::new(c.name, data_type(c.kind), true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let writer = writer(out, &schema)?;
        let names = columns.iter().map(|column| column.name).collect();
        let builders = columns.iter().map(|column| Builder::new(column.kind)).collect();
        Ok(Self { writer, schema, names, builders, rows: 0 })
    }

    fn flush(&mut self) -> Result<(), ReportError> {
        if self.rows > 0 {
            let arrays = self.builders.iter_mut().map(Builder::finish).collect();
            let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)
                .map_err(|e| ::parquet::errors::ParquetError::ArrowError(e.to_string()))?;
            self.writer.write(&batch)?;
            self.rows = 0;
        }
        Ok(())
    }

    /// Writes what is still buffered and the footer.
    pub(crate) fn finish(mut self) -> Result<(), ReportError> {
        self.flush()?;
        self.writer.close()?;
        Ok(())
    }
}

impl<W: Write + Send> Sink for ParquetSink<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ReportError> {
        let columns = self.builders.len();
        if cells.len() != columns {
            return Err(ReportError::Shape { position: cells.len(), columns });
        }
        for (position, ((builder, cell), name)) in self.builders.iter_mut().zip(cells).zip(&self.names).enumerate() {
            if let Cell::Usd(amount) = *cell
                && amount.0.unsigned_abs() > LARGEST
            {
                return Err(ReportError::TooLarge { column: name, amount });
            }
            if !builder.append(cell) {
                return Err(ReportError::Shape { position, columns });
            }
        }
        self.rows += 1;
        if self.rows == BATCH_ROWS { self.flush() } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Decimetres, MicroDollars};
    use ::parquet::file::reader::{FileReader, SerializedFileReader};
    use ::parquet::record::RowAccessor;

    const COLUMNS: [Column; 6] = [
        Column::new("id", Kind::Text),
        Column::new("cost_usd", Kind::Usd),
        Column::new("trips", Kind::Count),
        Column::new("road_metres", Kind::Metres),
        Column::new("road_seconds", Kind::Seconds),
        Column::new("cheapest", Kind::Flag),
    ];

    fn file(rows: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut sink = ParquetSink::new(&mut out, &COLUMNS).unwrap();
        for i in 0..rows {
            let n = i64::try_from(i).unwrap();
            let full = [
                Cell::Owned(format!("=r{i}")),
                Cell::Usd(MicroDollars(-n)),
                Cell::Count(n),
                Cell::Metres(Decimetres(u32::MAX)),
                Cell::Seconds(1_001),
                Cell::Flag(i % 2 == 0),
            ];
            if i % 3 == 0 { sink.row(&vec![Cell::Empty; 6]).unwrap() } else { sink.row(&full).unwrap() }
        }
        sink.finish().unwrap();
        out
    }

    #[test]
    fn rows_round_trip_over_batches_and_groups() {
        let rows = GROUP_ROWS + BATCH_ROWS + 5;
        let reader = SerializedFileReader::new(bytes_of(rows)).unwrap();
        assert_eq!(reader.metadata().num_row_groups(), 2);
        let mut seen = 0;
        for (i, row) in reader.get_row_iter(None).unwrap().enumerate() {
            let row = row.unwrap();
            seen += 1;
            if i % 3 == 0 {
                assert!(row.get_string(0).is_err() && row.get_bool(5).is_err());
                continue;
            }
            assert_eq!(row.get_string(0).unwrap(), &format!("=r{i}"), "Parquet text is not escaped");
            assert_eq!(row.get_long(2).unwrap(), i64::try_from(i).unwrap());
            assert_eq!(row.get_double(3).unwrap(), 429_496_729.5);
            assert_eq!(row.get_double(4).unwrap(), 1.001);
            let money = row.get_decimal(1).unwrap();
            assert_eq!((money.precision(), money.scale()), (18, 6));
            let mut wide = [if i == 0 { 0 } else { 0xff }; 8];
            wide[8 - money.data().len()..].copy_from_slice(money.data());
            assert_eq!(i64::from_be_bytes(wide), -i64::try_from(i).unwrap());
        }
        assert_eq!(seen, rows);
    }

    fn bytes_of(rows: usize) -> std::fs::File {
        use std::io::Seek;
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&self::file(rows)).unwrap();
        file.rewind().unwrap();
        file
    }

    #[test]
    fn the_same_rows_give_the_same_bytes() {
        assert_eq!(file(10_000), file(10_000));
        assert!(!file(0).is_empty(), "an empty table is still a table");
    }

    #[test]
    fn wrong_rows_are_refused() {
        let mut out = Vec::new();
        let mut sink = ParquetSink::new(&mut out, &COLUMNS[1..2]).unwrap();
        assert!(matches!(sink.row(&[]), Err(ReportError::Shape { .. })));
        assert!(matches!(sink.row(&[Cell::Count(1)]), Err(ReportError::Shape { position: 0, .. })));
        let large = Cell::Usd(MicroDollars(i64::MAX));
        assert!(matches!(sink.row(&[large]), Err(ReportError::TooLarge { column: "cost_usd", .. })));
    }
}
