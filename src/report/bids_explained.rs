//! `bids_explained.csv`: one row a bid line, by bid id: won, or why not and what would have won.
//!
//! A loser's row names no other bidder and no other price. `winning_level_usd_per_piece` is on the bid's own basis,
//! rounded up, and holds while all other bids stay as they are; it is empty where no price alone is known to suffice.
//! `blocking_rules` lists every rule that the bid's least volume would break beside the award.

use super::ReportError;
use super::award_report::{AwardReport, MISMATCH};
use super::table::{Cell, Column, Kind, Sink};
use crate::award::Outcome;

pub(crate) const COLUMNS: [Column; 19] = [
    Column::new("bid_id", Kind::Text),
    Column::new("bidder_id", Kind::Text),
    Column::new("package_id", Kind::Text),
    Column::new("xor_group", Kind::Text),
    Column::new("tier_group", Kind::Text),
    Column::new("ddu_id", Kind::Text),
    Column::new("hub_id", Kind::Text),
    Column::new("service", Kind::Text),
    Column::new("tender_time", Kind::Text),
    Column::new("volume_min", Kind::Count),
    Column::new("volume_max", Kind::Count),
    Column::new("price_usd_per_piece", Kind::Usd),
    Column::new("price_basis", Kind::Text),
    Column::new("outcome", Kind::Text),
    Column::new("reason", Kind::Text),
    Column::new("explanation", Kind::Text),
    Column::new("blocking_rules", Kind::Text),
    Column::new("awarded_pieces", Kind::Count),
    Column::new("winning_level_usd_per_piece", Kind::Usd),
];

pub(crate) fn rows(report: &AwardReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    let s = report.scenario;
    for outcome in &report.award.lines {
        let line = s.bids.get(outcome.bid.index()).ok_or(MISMATCH)?;
        let bidder = s.bidders.get(line.bidder.index()).ok_or(MISMATCH)?;
        let ddu = s.ddus.get(line.ddu.index()).ok_or(MISMATCH)?;
        let hub = s.hubs.get(line.hub.index()).ok_or(MISMATCH)?;
        let mut row = vec![
            Cell::Text(&line.id),
            Cell::Text(&bidder.id),
            line.package.as_deref().map_or(Cell::Empty, Cell::Text),
            line.xor_group.as_deref().map_or(Cell::Empty, Cell::Text),
            line.tier.as_ref().map_or(Cell::Empty, |tier| Cell::Text(&tier.group)),
            Cell::Text(&ddu.id),
            Cell::Text(&hub.id),
            Cell::Text(line.service.word()),
            line.tender.into(),
            line.volume_min.0.into(),
            line.volume_max.0.into(),
            line.price.into(),
            Cell::Text(line.basis.word()),
        ];
        match &outcome.outcome {
            Outcome::Won(won) => {
                let words = match won.viable {
                    Some(false) => "price and injection cost exceed the alternative rate: may be handed back",
                    _ => "",
                };
                let text = if words.is_empty() { Cell::Empty } else { Cell::Text(words) };
                row.extend([Cell::Text("won"), Cell::Empty, text, Cell::Empty, won.volume.0.into(), Cell::Empty]);
            }
            Outcome::Lost(lost) => row.extend([
                Cell::Text("lost"),
                Cell::Text(lost.reason.word()),
                Cell::Owned(lost.reason.sentence(s)),
                Cell::Owned(lost.rules.join("; ")),
                0_u32.into(),
                lost.winning_level.into(),
            ]),
        }
        sink.row(&row)?;
    }
    Ok(())
}
