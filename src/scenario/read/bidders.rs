//! `bidders.csv`.

use super::shared::{Intake, Rows};
use crate::scenario::rules::{count, id, money, remark};
use crate::scenario::table::{Column, RowReader, TableSpec, columns};
use crate::scenario::{Bidder, DataSettings};
use crate::units::Pieces;

columns! {
    BidderId = "bidder_id" required;
    Name = "name" optional;
    Class = "class" optional;
    AffiliateGroup = "affiliate_group" optional;
    CapacityPieces = "capacity_pieces" optional;
    Budget = "budget" optional;
    MinVolumePieces = "min_volume_pieces" optional;
}

/// Columns of the table.
pub(crate) fn columns() -> &'static [Column] {
    COLUMNS
}

/// Reads the bidders, sorted by id.
pub(crate) fn bidders(spec: &TableSpec, data: &DataSettings, intake: &mut Intake) -> Option<Rows<Bidder>> {
    let mut bidders = intake.table("bidders", spec, COLUMNS, Col::BidderId.into(), bidder)?;
    bidders.settle(Col::BidderId, data.duplicates, |b| &b.id, intake);
    intake.accepted("bidders", bidders.rows.len());
    Some(bidders)
}

fn bidder(row: &mut RowReader<'_, '_>) -> Option<Bidder> {
    let bidder_id = row.required(Col::BidderId, id);
    let name = row.optional(Col::Name, remark);
    let class = row.optional(Col::Class, id).unwrap_or_default();
    let affiliate_group = row.optional(Col::AffiliateGroup, id).unwrap_or_default();
    let capacity = row.optional(Col::CapacityPieces, |t| count(t, 0..=u32::MAX)).map(Pieces);
    let budget = row.optional(Col::Budget, money);
    let min_volume = row.optional(Col::MinVolumePieces, |t| count(t, 0..=u32::MAX)).map(Pieces).filter(|p| p.0 > 0);
    let bidder_id = bidder_id?;
    Some(Bidder {
        name: name.unwrap_or_else(|| bidder_id.clone()),
        id: bidder_id,
        class,
        affiliate_group,
        capacity,
        min_volume,
        budget,
    })
}
