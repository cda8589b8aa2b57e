//! Tables that people and programs read: CSV and Parquet from one definition of columns.
//!
//! Rows come in order of their ids and are streamed; nothing here holds a whole table. Money is written exactly
//! (six decimals in Parquet, as many as needed in CSV); every column names its unit.

mod cost_table;
mod csv;
mod error;
mod matrix_table;
mod parquet;
mod table;

pub use cost_table::{write_costs_csv, write_costs_parquet};
pub use error::ReportError;
pub use matrix_table::{Snaps, write_matrix};
