//! Parquet tables made of others: parts one behind another, or of several tables the best row a key. Rows are streamed;
//! a few batches are held, however many rows there are.

use super::ReportError;
use super::parquet::{BATCH_ROWS, writer};
use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use ::parquet::errors::ParquetError;
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use arrow_select::concat::concat_batches;
use std::fs::File;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

pub(super) fn encoding(error: ArrowError) -> ReportError {
    ParquetError::ArrowError(error.to_string()).into()
}

/// A table of this program that is read batch by batch. The reader of damaged files is not ours: should it panic, that is
/// a damaged file too.
pub(super) struct Source {
    path: PathBuf,
    schema: SchemaRef,
    reader: ParquetRecordBatchReader,
}

impl Source {
    pub(super) fn open(path: &Path) -> Result<Self, ReportError> {
        let opened = guarded(path, || {
            let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.with_batch_size(BATCH_ROWS);
            let schema = builder.schema().clone();
            Ok((schema, builder.build()?))
        });
        opened.map(|(schema, reader)| Self { path: path.to_owned(), schema, reader })
    }

    pub(super) const fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    pub(super) fn next(&mut self) -> Result<Option<RecordBatch>, ReportError> {
        let Self { path, reader, .. } = self;
        guarded(path, || Ok(reader.next().transpose()?))
    }

    pub(super) fn unusable(&self, what: impl Into<String>) -> ReportError {
        ReportError::Folder { path: self.path.clone(), what: what.into() }
    }
}

fn guarded<T>(path: &Path, read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ReportError> {
    let read = catch_unwind(AssertUnwindSafe(read));
    let failed = |what: String| ReportError::Folder {
        path: path.to_owned(),
        what: format!("cannot be read: {what}; write it again"),
    };
    read.map_err(|_| failed("it is damaged".to_owned()))?.map_err(|error| failed(error.to_string()))
}

/// Writes batches of any size with the bytes that the same rows have when they are written one by one.
pub(super) struct BatchSink<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: SchemaRef,
    held: Vec<RecordBatch>,
    held_rows: usize,
}

impl<W: Write + Send> BatchSink<W> {
    pub(super) fn new(out: W, schema: &SchemaRef) -> Result<Self, ReportError> {
        Ok(Self { writer: writer(out, schema)?, schema: schema.clone(), held: Vec::new(), held_rows: 0 })
    }

    pub(super) fn push(&mut self, mut batch: RecordBatch) -> Result<(), ReportError> {
        while self.held_rows + batch.num_rows() >= BATCH_ROWS {
            let fill = BATCH_ROWS - self.held_rows;
            self.held.push(batch.slice(0, fill));
            batch = batch.slice(fill, batch.num_rows() - fill);
            self.flush()?;
        }
        self.held_rows += batch.num_rows();
        if batch.num_rows() > 0 {
            self.held.push(batch);
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ReportError> {
        if !self.held.is_empty() {
            let whole = concat_batches(&self.schema, &self.held).map_err(encoding)?;
            self.writer.write(&whole)?;
            self.held.clear();
            self.held_rows = 0;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<(), ReportError> {
        self.flush()?;
        self.writer.close()?;
        Ok(())
    }
}

/// Writes the rows of tables one behind another, with the bytes of one table written at once; `go_on` is asked after each
/// batch, with its rows. Gives the number of rows.
///
/// # Errors
/// When a table cannot be read or has other columns than the first, when writing fails, or [`ReportError::Stopped`].
pub fn write_joined(
    out: &mut (impl Write + Send),
    tables: &[PathBuf],
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<u64, ReportError> {
    let Some(first) = tables.first() else { return Err(ReportError::Mismatch("there is no part to join")) };
    let schema = Source::open(first)?.schema().clone();
    let mut sink = BatchSink::new(out, &schema)?;
    let mut rows = 0;
    for path in tables {
        let mut source = Source::open(path)?;
        if *source.schema() != schema {
            return Err(source.unusable(format!("has other columns than {}; write both again", first.display())));
        }
        while let Some(batch) = source.next()? {
            let count = batch.num_rows() as u64;
            rows += count;
            sink.push(batch)?;
            if !go_on(count) {
                return Err(ReportError::Stopped);
            }
        }
    }
    sink.finish()?;
    Ok(rows)
}
