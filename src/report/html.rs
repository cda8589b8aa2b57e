//! `report.html`: the tables of an award in one file that opens without a network.
//!
//! No script, style or font comes from elsewhere, and a content security policy says so. All text from the tables is
//! escaped. The sums under a table are those of the summary.

use super::ReportError;
use super::award_report::{AwardReport, AwardTable, Totals};
use super::table::{Cell, Column, Kind, Sink};
use super::terminal::proof;
use std::io::Write;

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// Writes `report.html`.
///
/// # Errors
/// When writing fails, or award and scenario do not belong together.
pub fn write_html(out: &mut impl Write, report: &AwardReport<'_>) -> Result<(), ReportError> {
    let (settings, award) = (&report.scenario.settings, report.award);
    let totals = Totals::of(award.winners().map(|(_, won)| won))?;
    let name = escape(&settings.name);
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Award of {name}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>Award of {name}</h1>\n"
    )?;
    let facts = [
        ("operating date", settings.operating_date.to_string()),
        ("objective", settings.award.objective.word().to_owned()),
        ("value", format!("{} USD per operating day", award.value)),
        ("proof", proof(award)),
        ("method", award.method.clone()),
        ("bid lines", format!("{} won of {}", totals.awards, award.lines.len())),
        ("pieces awarded", totals.volume.to_string()),
        ("bidders' spend", format!("{} USD", totals.spend)),
        ("injection cost", format!("{} USD", totals.injection)),
        ("dock revenue", format!("{} USD", totals.revenue)),
        ("attributable cost", format!("{} USD", totals.attributable)),
        ("contribution", format!("{} USD", totals.contribution)),
    ];
    writeln!(out, "<dl>")?;
    for (term, text) in facts {
        writeln!(out, "<dt>{}</dt><dd>{}</dd>", escape(term), escape(&text))?;
    }
    writeln!(out, "</dl>")?;
    // A row a winner and variant would outgrow the page: the file holds them.
    for table in AwardTable::of(report).filter(|table| *table != AwardTable::ScenarioAwards) {
        section(out, table, report)?;
    }
    write!(out, "<script>\n{SCRIPT}</script>\n</body>\n</html>\n")?;
    Ok(())
}

const fn title(table: AwardTable) -> &'static str {
    match table {
        AwardTable::Awards => "Awards",
        AwardTable::BidsExplained => "Every bid explained",
        AwardTable::Bidders => "Bidders",
        AwardTable::Ddus => "Delivery units",
        AwardTable::PolicyPrices => "Price of each policy",
        AwardTable::Payments => "Payments under other rules (diagnostics: bidders pay what they bid)",
        AwardTable::Scenarios => "Variants side by side",
        AwardTable::ScenarioAwards => "Who wins under each variant",
        AwardTable::DropOuts => "When a large winner drops out",
        AwardTable::DropOutBidders => "Who steps in",
        AwardTable::Synergies => "Discounts of packages and routing savings (information)",
    }
}

/// Columns whose sum means something, with their sum under the table.
const SUMMED: [&str; 11] = [
    "volume_pieces",
    "awarded_pieces",
    "awards",
    "spend_usd",
    "vcg_discount_usd",
    "core_discount_usd",
    "injection_usd",
    "revenue_usd",
    "attributable_usd",
    "contribution_usd",
    "value_usd",
];

fn section(out: &mut impl Write, table: AwardTable, report: &AwardReport<'_>) -> Result<(), ReportError> {
    let columns = table.columns();
    write!(out, "<h2>{}</h2>\n<div class=\"scroll\"><table>\n<thead><tr>", escape(title(table)))?;
    for column in columns {
        let number = if is_number(column) { " class=\"n\"" } else { "" };
        write!(out, "<th{number}><button>{}</button></th>", escape(&column.name.replace('_', " ")))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    let mut sink = HtmlSink { out, columns, sums: vec![0; columns.len()] };
    table.rows(report, &mut sink)?;
    let sums = sink.sums;
    writeln!(out, "</tbody>")?;
    if table.has_total() {
        write!(out, "<tfoot><tr>")?;
        for (position, (column, sum)) in columns.iter().zip(sums).enumerate() {
            let text = match column.kind {
                _ if position == 0 => "total".to_owned(),
                _ if !SUMMED.contains(&column.name) => String::new(),
                Kind::Usd => crate::units::MicroDollars(i64::try_from(sum).unwrap_or(i64::MAX)).to_string(),
                _ => sum.to_string(),
            };
            let number = if position > 0 { " class=\"n\"" } else { "" };
            write!(out, "<td{number}>{text}</td>")?;
        }
        writeln!(out, "</tr></tfoot>")?;
    }
    writeln!(out, "</table></div>")?;
    Ok(())
}

const fn is_number(column: &Column) -> bool {
    matches!(column.kind, Kind::Usd | Kind::Count | Kind::Metres | Kind::Seconds)
}

struct HtmlSink<'a, W: Write> {
    out: &'a mut W,
    columns: &'static [Column],
    sums: Vec<i128>,
}

impl<W: Write> Sink for HtmlSink<'_, W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ReportError> {
        if cells.len() != self.columns.len() {
            return Err(ReportError::Shape { position: cells.len(), columns: self.columns.len() });
        }
        write!(self.out, "<tr>")?;
        for ((cell, column), sum) in cells.iter().zip(self.columns).zip(&mut self.sums) {
            match cell {
                Cell::Usd(amount) => *sum += i128::from(amount.0),
                Cell::Count(count) => *sum += i128::from(*count),
                _ => {}
            }
            let number = if is_number(column) { " class=\"n\"" } else { "" };
            write!(self.out, "<td{number}>{}</td>", escape(&cell.plain()))?;
        }
        writeln!(self.out, "</tr>")?;
        Ok(())
    }
}

/// Text as HTML text or a quoted attribute.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
