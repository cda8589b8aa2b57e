//! `report.html`: markup, styles, scripts, the map's library and the data in one file.
//!
//! The data is compressed JSON in base64, so that no name in it can end a script or start one. A content security policy
//! allows the page what is in it and no address beyond.

use super::{PageData, third_party};
use crate::report::ReportError;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use libdeflater::{CompressionLvl, Compressor};
use std::io::{self, Write};

const STYLE: &str = include_str!("assets/page.css");
const BODY: &str = include_str!("assets/page.html");

/// Scripts in the order they run.
const SCRIPTS: [&str; 7] = [
    include_str!("assets/unpack.js"),
    include_str!("assets/model.js"),
    include_str!("assets/tables.js"),
    include_str!("assets/charts.js"),
    include_str!("assets/overview.js"),
    include_str!("assets/map.js"),
    include_str!("assets/page.js"),
];

/// The what-if panel of a served page.
const WHAT_IF: &str = include_str!("assets/what_if.js");

/// Level of the compression: part of what makes the bytes.
const LEVEL: i32 = 9;

/// Who shows the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    /// A browser, from a file.
    No,
    /// A server that answers what-if questions at `/v1/what-if`.
    Yes,
}

/// Writes `report.html`.
///
/// # Errors
/// When writing fails.
pub fn write_page(out: &mut impl Write, data: &PageData, served: Served) -> Result<(), ReportError> {
    let title = format!("Award of {}", data.facts.name);
    let title = escape(&title);
    let (mark, own) = match served {
        Served::No => ("", ""),
        Served::Yes => (" data-served=\"1\"", " 'self'"),
    };
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\"{mark}>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline' blob:; \
         style-src 'unsafe-inline'; img-src data: blob:; worker-src blob:; child-src blob:; \
         connect-src data: blob:{own}; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n"
    )?;
    let mut facts = String::new();
    for [term, text] in &data.facts.list {
        facts.push_str(&format!("<dt>{}</dt><dd>{}</dd>\n", escape(term), escape(text)));
    }
    let body = BODY.replace("{{title}}", &title);
    let (before, after) = body.split_once("{{facts}}").ok_or_else(|| io::Error::other("page.html has no facts"))?;
    write!(out, "{before}{facts}{after}")?;
    let json = serde_json::to_vec(data).map_err(io::Error::from)?;
    part(out, "data", &gzip(&json)?)?;
    part(out, "map-script", third_party::SCRIPT)?;
    part(out, "map-style", third_party::STYLE)?;
    writeln!(out, "<script type=\"text/plain\" id=\"map-licence\">\n{}</script>", third_party::LICENCE)?;
    let what_if = (served == Served::Yes).then_some(WHAT_IF);
    writeln!(out, "<script>\n\"use strict\";")?;
    for script in SCRIPTS.into_iter().chain(what_if) {
        writeln!(out, "{script}")?;
    }
    writeln!(out, "start();\n</script>\n</body>\n</html>")?;
    Ok(())
}

/// A compressed part of the page, which a script unpacks.
fn part(out: &mut impl Write, id: &str, gzipped: &[u8]) -> Result<(), ReportError> {
    write!(out, "<script type=\"application/gzip\" id=\"{id}\">")?;
    out.write_all(BASE64_STANDARD.encode(gzipped).as_bytes())?;
    writeln!(out, "</script>")?;
    Ok(())
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let level = CompressionLvl::new(LEVEL).map_err(|_| io::Error::other("compression level"))?;
    let mut compressor = Compressor::new(level);
    let mut packed = vec![0; compressor.gzip_compress_bound(bytes.len())];
    let length = compressor.gzip_compress(bytes, &mut packed).map_err(io::Error::other)?;
    packed.truncate(length);
    Ok(packed)
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
