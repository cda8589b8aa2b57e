//! Tables that people and programs read: CSV and Parquet from one definition of columns.
//!
//! Rows come in order of their ids and are streamed; nothing here holds a whole table. Money is written exactly
//! (six decimals in Parquet, as many as needed in CSV); every column names its unit.

mod csv;
mod error;
mod parquet;
mod table;

pub use error::ReportError;
