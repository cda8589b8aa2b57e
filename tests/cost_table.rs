//! costs.csv and costs.parquet, cell by cell.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, dead_code, unreachable_pub)]

#[path = "support/tiny_scenario.rs"]
mod tiny_scenario;

use ddu::cost::hauls;
use ddu::matrix::{Matrix, NoPath};
use ddu::report::{ReportError, write_costs_csv, write_costs_parquet};
use ddu::scenario::Scenario;
use ddu::units::{ClockTime, MicroDollars};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use std::io::{Seek, Write};
use tiny_scenario::{back, ddu, hub, matrices_but, out, plain_day, scenario};

/// Two hubs and two units; hub `=H` has a formula for a name, unit `E` lets no truck in and offers no same-day service.
fn example() -> (Scenario, Vec<Matrix>) {
    let mut s = scenario(plain_day());
    s.settings.cost.planned_volume = 721;
    s.hubs.insert(0, hub("=H"));
    s.ddus.push(ddu("E"));
    s.ddus[0].cet_same_day = Some(ClockTime(299));
    s.ddus[1].max_length_mm = Some(7_000);
    s.ddus[1].cet_same_day = None;
    let cells = matrices_but(&s, Ok(out()), Ok(back()), |class, [_, back]| {
        if class == 1 {
            back[0] = Err(NoPath::IsolatedComponent { at_hub: true, arcs: 4 });
        }
    });
    (s, cells)
}

fn csv_of(scenario: &Scenario, cells: &[Matrix]) -> Result<String, ReportError> {
    let mut out = Vec::new();
    write_costs_csv(&mut out, scenario, &hauls(scenario, cells)?)?;
    Ok(String::from_utf8(out).unwrap())
}

fn parquet_of(scenario: &Scenario, cells: &[Matrix]) -> Vec<u8> {
    let mut out = Vec::new();
    write_costs_parquet(&mut out, scenario, &hauls(scenario, cells).unwrap()).unwrap();
    out
}

#[test]
fn rows_as_worked_out() {
    let (s, cells) = example();
    let text = csv_of(&s, &cells).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    // Sums: see tests/cost.rs. Truck at 721 pieces: 354.083333 + 14.42 = 368.503333; / 721 = 0.5111003...
    // Release 03:00 + 2 h = 05:00; same-day closes at 04:59, next-day at 17:00 = 1020 - 300 = 720 min.
    let truck = "ok,,2560,160934.4,93.75,90.00,10.00,57.20,5.00,98.133333,354.083333,14720.000,\
                 721,1,0.02,14.42,368.503333,0.5111,true,05:00,false,-1,true,720";
    let van = |cheapest: &str, same_day: &str| {
        format!(
            "ok,,720,160934.4,93.75,90.00,10.00,20.40,5.00,36.80,255.95,11040.000,\
             721,2,0.02,14.42,526.32,0.729986,{cheapest},05:00,{same_day},true,720"
        )
    };
    let nothing = ",".repeat(22);
    assert_eq!(rows[1], format!("'=H,D,truck,{truck}"));
    assert_eq!(rows[2], format!("'=H,D,van,isolated_component(4),hub{nothing}"));
    assert_eq!(rows[3], format!("'=H,E,truck,vehicle_too_large_for_dock,{nothing}"));
    assert_eq!(rows[4], format!("'=H,E,van,{}", van("true", ",")));
    assert_eq!(rows[5], format!("H,D,truck,{truck}"));
    assert_eq!(rows[6], format!("H,D,van,{}", van("false", "false,-1")));
    assert_eq!(rows.len(), 9);
    assert!(
        rows[0]
            .starts_with("hub_id,ddu_id,vehicle,status,status_at,pieces_per_trip,outbound_metres,trip_distance_usd,")
    );
}

#[test]
fn parquet_holds_the_rows_of_the_csv() {
    let (s, cells) = example();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&parquet_of(&s, &cells)).unwrap();
    file.rewind().unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let mut text = String::new();
    let schema = reader.metadata().file_metadata().schema_descr();
    let names: Vec<&str> = schema.columns().iter().map(|c| c.name()).collect();
    text.push_str(&names.join(","));
    text.push('\n');
    for row in reader.get_row_iter(None).unwrap() {
        let cells: Vec<String> = row.unwrap().get_column_iter().map(|(name, field)| shown(name, field)).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    assert_eq!(text, csv_of(&s, &cells).unwrap());
}

/// A Parquet value in the letters of the CSV.
fn shown(name: &str, field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) if text.starts_with('=') => format!("'{text}"),
        Field::Str(text) => text.clone(),
        Field::Bool(flag) => flag.to_string(),
        Field::Long(count) => count.to_string(),
        Field::Double(value) if name.ends_with("_metres") => format!("{value:.1}"),
        Field::Double(value) => format!("{value:.3}"),
        Field::Decimal(money) => {
            let bytes = money.data();
            let negative = bytes[0] & 0x80 != 0;
            let start = if negative { -1i64 } else { 0 };
            MicroDollars(bytes.iter().fold(start, |v, b| v << 8 | i64::from(*b))).to_string()
        }
        other => panic!("column {name} holds {other:?}"),
    }
}

#[test]
fn the_order_of_matrices_does_not_matter() {
    let (s, cells) = example();
    let turned: Vec<Matrix> = cells.iter().rev().cloned().collect();
    assert_eq!(csv_of(&s, &cells).unwrap(), csv_of(&s, &turned).unwrap());
    assert_eq!(parquet_of(&s, &cells), parquet_of(&s, &turned));
}

struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("disk full"))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let (s, cells) = example();
    let hauls = hauls(&s, &cells).unwrap();
    assert!(matches!(write_costs_csv(&mut Full, &s, &hauls), Err(ReportError::Io(_))));
    let error = write_costs_parquet(&mut Full, &s, &hauls).unwrap_err().to_string();
    assert!(error.contains("disk full") && error.contains("free space"), "{error}");
}
