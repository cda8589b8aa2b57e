//! The file's header block: what it covers and what a reader must be able to do.

use super::wire::{Fields, Flaw};
use crate::lonlat::{Bounds, LonLat};

/// Required features that this reader has. `HistoricalInformation` is not among them: it would mix old versions of
/// roads with new ones.
const FEATURES: &[&str] = &["OsmSchema-V0.6", "DenseNodes"];

/// What matters of a `HeaderBlock`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) bounds: Option<Bounds>,
    /// The first required feature that this reader lacks.
    pub(super) lacking: Option<String>,
    /// Its writer says that nothing of the map is real.
    pub(super) invented: bool,
}

/// What writers of invented maps say of themselves (`ddu sample`).
const INVENTED: &[u8] = b"(invented map)";

impl Header {
    pub(super) fn parse(block: &[u8]) -> Result<Self, Flaw> {
        let (mut fields, mut header) = (Fields(block), Self::default());
        while let Some((field, value)) = fields.next()? {
            match field {
                1 => header.bounds = bounds(value.bytes()?)?,
                4 => {
                    let feature = String::from_utf8_lossy(value.bytes()?).into_owned();
                    if !FEATURES.contains(&feature.as_str()) {
                        header.lacking.get_or_insert(feature);
                    }
                }
                16 => header.invented = value.bytes()?.ends_with(INVENTED),
                _ => {}
            }
        }
        Ok(header)
    }
}

/// The box, in nanodegrees in the file; `None` when it is no box on the globe.
fn bounds(bytes: &[u8]) -> Result<Option<Bounds>, Flaw> {
    let (mut fields, mut sides) = (Fields(bytes), [None; 4]);
    while let Some((field, value)) = fields.next()? {
        let side = usize::try_from(field).ok().and_then(|field| sides.get_mut(field.checked_sub(1)?));
        if let Some(side) = side {
            *side = Some(value.zigzag()?);
        }
    }
    let [Some(left), Some(right), Some(top), Some(bottom)] = sides else { return Ok(None) };
    let corner = |lon, lat| super::position(lon, lat);
    let (Some(min), Some(max)) = (corner(left, bottom), corner(right, top)) else { return Ok(None) };
    let LonLat { lon_e7, lat_e7 } = max;
    Ok((min.lon_e7 <= lon_e7 && min.lat_e7 <= lat_e7).then_some(Bounds { min, max }))
}
