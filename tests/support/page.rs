//! What is inside a page, read as a browser would read it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

/// The text between the tags of the element with this id.
pub fn element<'h>(html: &'h str, id: &str) -> &'h str {
    let mark = format!(" id=\"{id}\">");
    let start = html.find(&mark).unwrap_or_else(|| panic!("no {id}")) + mark.len();
    let length = html[start..].find("</script>").unwrap();
    &html[start..start + length]
}

/// A compressed part, unpacked.
pub fn unpacked(html: &str, id: &str) -> Vec<u8> {
    let gzipped = BASE64_STANDARD.decode(element(html, id)).unwrap();
    let length = u32::from_le_bytes(gzipped[gzipped.len() - 4..].try_into().unwrap());
    let mut out = vec![0; length as usize];
    libdeflater::Decompressor::new().gzip_decompress(&gzipped, &mut out).unwrap();
    out
}

/// The data of a page.
pub fn data(html: &str) -> Value {
    serde_json::from_slice(&unpacked(html, "data")).unwrap()
}
