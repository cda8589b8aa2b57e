//! What is posted: tables, vehicle classes and settings in place of those that are served.

use crate::serve::error::ApiError;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What a job works out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::serve) enum Kind {
    Matrix,
    Cost,
    Award,
}

impl Kind {
    pub(in crate::serve) const fn word(self) -> &'static str {
        match self {
            Self::Matrix => "matrix",
            Self::Cost => "cost",
            Self::Award => "award",
        }
    }
}

/// Tables that can be posted.
pub(super) const TABLES: [&str; 7] = ["hubs", "ddus", "bidders", "bids", "overrides", "closed_roads", "costs"];

/// A request, read but not checked.
pub(in crate::serve) struct Posted {
    pub(super) kind: Kind,
    /// CSV by table; `None` takes the served table away.
    pub(super) tables: BTreeMap<&'static str, Option<String>>,
    /// Text of a vehicle file.
    pub(super) vehicles: Option<String>,
    /// Settings that differ, section by section.
    pub(super) settings: Map<String, Value>,
    /// Whether rows with errors are set aside; as served unless said.
    pub(super) lenient: Option<bool>,
    /// Whether the result is Parquet instead of CSV.
    pub(super) parquet: bool,
}

impl Posted {
    /// Reads JSON, or one table as CSV with `?table=NAME`.
    pub(super) fn parse(kind: Kind, content_type: &str, query: &str, body: &[u8]) -> Result<Self, ApiError> {
        let (tables, settings) = (BTreeMap::new(), Map::new());
        let mut posted = Self { kind, tables, vehicles: None, settings, lenient: None, parquet: false };
        let mut table = None;
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match (&*name, &*value) {
                ("table", value) if content_type == "text/csv" => table = Some(table_name(value)?),
                ("lenient", "true" | "false") => posted.lenient = Some(value == "true"),
                ("format", "csv" | "parquet") => posted.parquet = value == "parquet",
                _ => {
                    return Err(ApiError::bad(
                        "the query knows table=NAME (for CSV), lenient=true|false, format=csv|parquet",
                    ));
                }
            }
        }
        if content_type == "text/csv" {
            let table = table.ok_or_else(|| ApiError::bad("say which table the CSV is: ?table=bids"))?;
            let text = String::from_utf8(body.to_vec()).map_err(|_| ApiError::bad("the CSV is not UTF-8 text"))?;
            posted.tables.insert(table, Some(text));
        } else {
            posted.json(body)?;
        }
        Ok(posted)
    }

    fn json(&mut self, body: &[u8]) -> Result<(), ApiError> {
        let value: Value = serde_json::from_slice(body).map_err(|error| ApiError::bad(format!("no JSON: {error}")))?;
        let Value::Object(members) = value else { return Err(ApiError::bad("the body is no JSON object")) };
        for (name, value) in members {
            match (name.as_str(), value) {
                ("tables", Value::Object(tables)) => {
                    for (name, rows) in tables {
                        let table = table_name(&name)?;
                        self.tables.insert(table, csv(table, rows)?);
                    }
                }
                ("vehicles", Value::String(text)) => self.vehicles = Some(text),
                ("vehicles", Value::Object(classes)) => {
                    let classes = serde_json::json!({ "vehicle": classes });
                    let text = toml::to_string(&classes);
                    self.vehicles = Some(text.map_err(|error| ApiError::bad(format!("`vehicles`: {error}")))?);
                }
                ("settings", Value::Object(settings)) => self.settings = settings,
                ("lenient", Value::Bool(lenient)) => self.lenient = Some(lenient),
                ("format", Value::String(format)) if format == "csv" => self.parquet = false,
                ("format", Value::String(format)) if format == "parquet" => self.parquet = true,
                _ => {
                    let name: String = name.chars().take(64).collect();
                    let help = "known are `tables` (object), `vehicles` (TOML text or object of classes), \
                                `settings` (object), `lenient` (true, false), `format` (\"csv\", \"parquet\")";
                    return Err(ApiError::bad(format!("`{name}` is unknown or of the wrong type; {help}")));
                }
            }
        }
        Ok(())
    }
}

fn table_name(name: &str) -> Result<&'static str, ApiError> {
    let found = TABLES.into_iter().find(|table| *table == name);
    let shown: String = name.chars().take(64).collect();
    found.ok_or_else(|| ApiError::bad(format!("no table `{shown}`; tables are {}", TABLES.join(", "))))
}

/// A table as CSV: text as it is, rows of objects by their names; null takes the table away.
fn csv(table: &str, rows: Value) -> Result<Option<String>, ApiError> {
    let rows = match rows {
        Value::Null => return Ok(None),
        Value::String(text) => return Ok(Some(text)),
        Value::Array(rows) => rows,
        _ => return Err(ApiError::bad(format!("the table `{table}` is neither CSV text nor an array of rows"))),
    };
    let mut header: Vec<&String> = Vec::new();
    for row in &rows {
        let Value::Object(cells) = row else {
            return Err(ApiError::bad(format!("a row of the table `{table}` is no object")));
        };
        header.extend(cells.keys());
        header.sort_unstable();
        header.dedup();
    }
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let written = |error: ::csv::Error| ApiError::bad(format!("the table `{table}`: {error}"));
    writer.write_record(&header).map_err(written)?;
    for row in &rows {
        let cells = header.iter().map(|name| cell(table, row.get(name.as_str())));
        writer.write_record(cells.collect::<Result<Vec<_>, _>>()?).map_err(written)?;
    }
    let bytes = writer.into_inner().map_err(|_| ApiError::bug())?;
    String::from_utf8(bytes).map(Some).map_err(|_| ApiError::bug())
}

fn cell(table: &str, value: Option<&Value>) -> Result<String, ApiError> {
    match value {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => Ok(value.to_string()),
        Some(_) => Err(ApiError::bad(format!("a cell of the table `{table}` is neither text, number nor null"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Posted, ApiError> {
        Posted::parse(Kind::Award, "application/json", "", body.as_bytes())
    }

    #[test]
    fn rows_become_csv_by_name() {
        let posted =
            read(r#"{"tables": {"bids": [{"b": 1.5, "a": "x,y"}, {"a": null, "c": "é"}], "overrides": null}}"#);
        let tables = posted.unwrap().tables;
        assert_eq!(tables["bids"].as_deref(), Some("a,b,c\n\"x,y\",1.5,\n,,é\n"));
        assert_eq!(tables["overrides"], None);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for body in [
            "",
            "[]",
            "{\"x\": 1}",
            "{\"tables\": {\"map\": \"\"}}",
            "{\"tables\": {\"bids\": [1]}}",
            "{\"lenient\": 1}",
        ] {
            assert!(read(body).is_err(), "{body}");
        }
        assert!(Posted::parse(Kind::Award, "text/csv", "", b"").is_err());
        assert!(Posted::parse(Kind::Award, "text/csv", "table=bids", b"\xFF").is_err());
    }
}
