//! MapLibre GL JS, which draws the page's map: kept as its makers publish it, see `assets/third_party/README.md`.

/// The library, gzipped.
pub(super) const SCRIPT: &[u8] = include_bytes!("../../../assets/third_party/maplibre-gl/maplibre-gl.js.gz");
/// Its style sheet, gzipped.
pub(super) const STYLE: &[u8] = include_bytes!("../../../assets/third_party/maplibre-gl/maplibre-gl.css.gz");
/// Its licence and those of what it contains.
pub(super) const LICENCE: &str = include_str!("../../../assets/third_party/maplibre-gl/LICENSE.txt");

#[cfg(test)]
mod tests {
    use super::*;
    use libdeflater::Decompressor;

    fn unpacked(gzipped: &[u8]) -> Vec<u8> {
        let mut length = [0; 4];
        length.copy_from_slice(&gzipped[gzipped.len() - 4..]);
        let mut out = vec![0; u32::from_le_bytes(length) as usize];
        Decompressor::new().gzip_decompress(gzipped, &mut out).unwrap();
        out
    }

    /// The files are those of the package whose fingerprint the README names.
    #[test]
    fn the_library_is_as_published() {
        let readme = include_str!("../../../assets/third_party/README.md");
        for bytes in [unpacked(SCRIPT), unpacked(STYLE), LICENCE.as_bytes().to_vec()] {
            let hash = blake3::hash(&bytes).to_hex().to_string();
            assert!(readme.contains(&hash), "{hash} is not in the README");
        }
        assert!(LICENCE.contains("Redistribution and use") && !LICENCE.contains("</script"));
    }
}
