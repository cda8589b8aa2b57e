//! `bundles.csv`: one row a unit of a bundle, in the order of its route. `share_usd` of a bundle sum to `bundle_joint_usd` exactly.

use super::{QuoteReport, count};
use crate::report::ReportError;
use crate::report::award_report::MISMATCH;
use crate::report::table::{Cell, Column, Kind, Sink};

pub(crate) const COLUMNS: [Column; 14] = [
    Column::new("bundle", Kind::Count),
    Column::new("hub_id", Kind::Text),
    Column::new("units", Kind::Count),
    Column::new("bundle_alone_usd", Kind::Usd),
    Column::new("bundle_joint_usd", Kind::Usd),
    Column::new("bundle_saving_usd", Kind::Usd),
    Column::new("bundle_room_usd", Kind::Usd),
    Column::new("bundle_gain_usd", Kind::Usd),
    Column::new("ddu_id", Kind::Text),
    Column::new("pieces", Kind::Count),
    Column::new("alone_usd", Kind::Usd),
    Column::new("share_usd", Kind::Usd),
    Column::new("reserve_usd_per_piece", Kind::Usd),
    Column::new("bid_usd_per_piece", Kind::Usd),
];

pub(super) fn rows(report: &QuoteReport<'_>, sink: &mut dyn Sink) -> Result<(), ReportError> {
    for (number, bundle) in (1..).zip(report.bundles) {
        let saving = bundle.alone.checked_sub(bundle.joint).ok_or(MISMATCH)?;
        for line in &bundle.lines {
            let unit = report.unit(line.ddu)?;
            sink.row(&[
                count(number),
                report.hub_id(bundle.hub)?,
                count(bundle.lines.len()),
                bundle.alone.into(),
                bundle.joint.into(),
                saving.into(),
                bundle.room.into(),
                bundle.gain.into(),
                Cell::Text(&unit.id),
                line.pieces.0.into(),
                line.alone.into(),
                line.share.into(),
                unit.reserve_price.into(),
                line.price.into(),
            ])?;
        }
    }
    Ok(())
}
