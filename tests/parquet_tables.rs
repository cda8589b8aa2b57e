//! Parquet tables: the same rows give the same scenario as CSV, typed or as text; damaged files give findings.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod support;

use arrow_array::{
    ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray, StringViewArray, Time32SecondArray, UInt16Array, types::Int32Type,
};
use ddu::diagnostics::{Code, render};
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;
use std::sync::Arc;
use support::fixture::{BIDDERS, BIDS, DDUS, Fixture, HUBS, SCENARIO, assert_same, only};

fn parquet_bytes(columns: Vec<(String, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, c)| (n, c, true))).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// Columns of a CSV text: header and cells, empty ones null.
fn columns(csv: &str) -> Vec<(String, Vec<Option<String>>)> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cell = |row: &csv::StringRecord, i: usize| Some(row[i].to_owned()).filter(|c| !c.is_empty());
    headers.iter().enumerate().map(|(i, h)| (h.to_owned(), rows.iter().map(|r| cell(r, i)).collect())).collect()
}

fn as_text(csv: &str) -> Vec<u8> {
    let text = |cells: Vec<Option<String>>| Arc::new(StringArray::from(cells)) as ArrayRef;
    parquet_bytes(columns(csv).into_iter().map(|(name, cells)| (name, text(cells))).collect())
}

/// The type a careful maker of Parquet files would choose.
fn typed(name: &str, cells: &[Option<String>]) -> ArrayRef {
    fn parsed<T: std::str::FromStr>(cells: &[Option<String>]) -> Vec<Option<T>> {
        cells.iter().map(|c| c.as_ref().and_then(|c| c.parse().ok())).collect()
    }
    let micros =
        || cells.iter().map(|c| c.as_ref().map(|c| i128::from(ddu::units::MicroDollars::parse(c).unwrap().amount.0)));
    let clock = |c: &String| ddu::units::ClockTime::parse(c).unwrap().0 * 60;
    match name {
        "lat" | "lon" => Arc::new(Float64Array::from(parsed::<f64>(cells))),
        "zip5" | "capacity_pieces" => Arc::new(Int32Array::from(parsed::<i32>(cells))),
        "volume_min" => Arc::new(Int64Array::from(parsed::<i64>(cells))),
        "volume_max" => Arc::new(UInt16Array::from(parsed::<u16>(cells))),
        "attributable_cost" | "reserve_price" | "price_per_piece" | "budget" => {
            Arc::new(micros().collect::<Decimal128Array>().with_precision_and_scale(20, 6).unwrap())
        }
        "dock_open" | "release_time" | "tender_time" => {
            Arc::new(cells.iter().map(|c| c.as_ref().map(clock)).collect::<Time32SecondArray>())
        }
        "effective_from" => Arc::new(Date32Array::from(vec![Some(20_000); cells.len()])),
        "status" => Arc::new(cells.iter().map(|c| c.as_deref()).collect::<DictionaryArray<Int32Type>>()),
        "name" => Arc::new(cells.iter().map(|c| c.as_deref()).collect::<StringViewArray>()),
        _ => Arc::new(StringArray::from(cells.to_vec())),
    }
}

fn as_typed(csv: &str) -> Vec<u8> {
    parquet_bytes(columns(csv).into_iter().map(|(name, cells)| (name.clone(), typed(&name, &cells))).collect())
}

fn with_parquet(write: fn(&str) -> Vec<u8>) -> Fixture {
    let fixture = Fixture::new();
    fixture.write("scenario.toml", SCENARIO.replace(".csv", ".parquet").as_bytes());
    for (name, csv) in [("hubs", HUBS), ("ddus", DDUS), ("bidders", BIDDERS), ("bids", BIDS)] {
        fixture.write(&format!("{name}.parquet"), &write(csv));
    }
    fixture
}

#[test]
fn text_and_typed_columns_equal_csv() {
    let plain = Fixture::new().scenario();
    assert_same(&plain, &with_parquet(as_text).scenario());
    assert_same(&plain, &with_parquet(as_typed).scenario());
}

#[test]
fn findings_name_the_row() {
    let fixture = with_parquet(as_text);
    fixture.write("bids.parquet", &as_text(&BIDS.replace("1.75", "free")));
    let loaded = fixture.load();
    let finding = only(&loaded, Code::NotMoney);
    assert_eq!((finding.span.unwrap().line, finding.value.as_str()), (1, "free"));
    assert_eq!(loaded.rejects[0].text, BIDS.lines().nth(1).unwrap().replace("1.75", "free"));
    assert!(render(&loaded.diagnostics, 20, false).contains("bids.parquet:1:1"));
}

#[test]
fn damaged_and_nested_files_are_findings() {
    let fixture = with_parquet(as_text);
    let good = std::fs::read(fixture.path("hubs.parquet")).unwrap();
    for bad in [&b""[..], b"PAR1", &good[..good.len() / 2], &good[..good.len() - 1], HUBS.as_bytes()] {
        fixture.write("hubs.parquet", bad);
        let loaded = fixture.load_leniently();
        only(&loaded, Code::BadParquet);
        assert!(loaded.scenario.is_none());
    }
    let mut list = arrow_array::builder::ListBuilder::new(arrow_array::builder::StringBuilder::new());
    list.append_value([Some("H1")]);
    fixture.write("hubs.parquet", &parquet_bytes(vec![("hub_id".into(), Arc::new(list.finish()) as ArrayRef)]));
    assert!(only(&fixture.load(), Code::BadParquet).message.contains("`hub_id`"));
    let few = parquet_bytes(vec![("hub_id".into(), Arc::new(StringArray::from(vec!["H1"])) as ArrayRef)]);
    fixture.write("hubs.parquet", &few);
    assert_eq!(fixture.load().diagnostics.counts()[&Code::MissingColumn], 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_parquet_never_panics(edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let fixture = with_parquet(as_typed);
        let mut bytes = std::fs::read(fixture.path("ddus.parquet")).unwrap();
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        fixture.write("ddus.parquet", &bytes);
        let loaded = fixture.load_leniently();
        let _ = render(&loaded.diagnostics, 20, false);
    }
}
