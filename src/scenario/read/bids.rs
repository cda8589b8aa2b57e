//! `bids.csv`: lines that refer to units, hubs and bidders. Bid contents reach diagnostics only, never the logs.

use super::bid_rules::{self, Bundle};
use super::ddus::{Units, successor_help};
use super::shared::{Intake, Known, Rows};
use crate::diagnostics::Code;
use crate::ids::{BidderIx, DduIx, HubIx};
use crate::scenario::rules::{Finding, Rule, as_is, count, id, noted, price, time, word};
use crate::scenario::table::{Column, RowReader, TableSpec, columns};
use crate::scenario::{BidLine, Bidder, DataSettings, Ddu, Hub, PriceBasis, Service, Tier, TierKind};
use crate::units::{ClockTime, MicroDollars, Pieces};
use std::cell::RefCell;
use std::collections::BTreeSet;

columns! {
    BidId = "bid_id" required;
    BidderId = "bidder_id" required;
    PackageId = "package_id" optional;
    XorGroup = "xor_group" optional;
    GroupAtMost = "group_at_most" optional;
    TierGroup = "tier_group" optional;
    TierKind = "tier_kind" optional;
    DduId = "ddu_id" required;
    HubId = "hub_id" required;
    Service = "service" required;
    TenderTime = "tender_time" required;
    VolumeMin = "volume_min" required;
    VolumeMax = "volume_max" required;
    VolumeUnit = "volume_unit" required;
    PricePerPiece = "price_per_piece" required;
    PriceBasis = "price_basis" required;
}

/// Columns of the table.
pub(crate) fn columns() -> &'static [Column] {
    COLUMNS
}

/// What bids refer to; a table that could not be read is absent, and bids are checked without it.
pub(crate) struct Refers<'a> {
    pub(crate) units: Option<&'a Units>,
    pub(crate) hubs: Option<&'a Rows<Hub>>,
    pub(crate) bidders: Option<&'a Rows<Bidder>>,
}

struct Context<'a> {
    units: Option<(&'a Units, Known<'a>)>,
    hubs: Option<(&'a Rows<Hub>, Known<'a>)>,
    bidders: Option<(&'a Rows<Bidder>, Known<'a>)>,
    days_per_week: u32,
}

/// Reads the bid lines, sorted by (`bid_id`, unit, hub).
pub(crate) fn bids(
    spec: &TableSpec,
    data: &DataSettings,
    refers: &Refers<'_>,
    intake: &mut Intake,
) -> Option<Rows<BidLine>> {
    let context = Context {
        units: refers.units.map(|u| (u, Known::new(u.open.iter().map(|(d, _)| d.id.as_str())))),
        hubs: refers.hubs.map(|h| (h, Known::new(h.rows.iter().map(|(h, _)| h.id.as_str())))),
        bidders: refers.bidders.map(|b| (b, Known::new(b.rows.iter().map(|(b, _)| b.id.as_str())))),
        days_per_week: data.operating_days_per_week.max(1),
    };
    let broken = RefCell::new(BTreeSet::new());
    let mut bids = intake.table("bids", spec, COLUMNS, Col::BidId.into(), |row| {
        let package = row.optional(Col::PackageId, id);
        let tier_group = row.optional(Col::TierGroup, id);
        let bundles = Bundle::of(package.as_deref(), tier_group.as_deref());
        let line = bid_line(row, package, tier_group, &context);
        if row.failed() {
            broken.borrow_mut().extend(bundles);
        }
        line
    })?;
    let (Some(_), Some(_), Some(bidders)) = (refers.units, refers.hubs, refers.bidders) else {
        // Only lines with errors of their own are rejected; the others could not be judged.
        intake.rejects.retain(|row| !row.codes.is_empty());
        return None;
    };
    let mut broken = broken.into_inner();
    // A line that repeats or contradicts another breaks its bundle only when no copy of it is left.
    let before = bundled_lines(&bids);
    bids.settle(Col::BidId, data.duplicates, |b| &b.id, intake);
    let after = bundled_lines(&bids);
    broken.extend(before.difference(&after).map(|(bundle, _)| bundle.clone()));
    let bidders: Vec<&Bidder> = bidders.rows.iter().map(|(b, _)| b).collect();
    bid_rules::check(&mut bids, &bidders, broken, intake);
    intake.accepted("bids", bids.rows.len());
    Some(bids)
}

/// Pairs of bundle and bid.
fn bundled_lines(bids: &Rows<BidLine>) -> BTreeSet<(Bundle, String)> {
    let of = |line: &BidLine| Bundle::of_line(line).map(|bundle| (bundle, line.id.clone())).collect::<Vec<_>>();
    bids.rows.iter().flat_map(|(line, _)| of(line)).collect()
}

fn bid_line(
    row: &mut RowReader<'_, '_>,
    package: Option<String>,
    tier_group: Option<String>,
    context: &Context<'_>,
) -> Option<BidLine> {
    let bid_id = row.required(Col::BidId, id);
    let bidder = row.required(Col::BidderId, |t| known_bidder(t, context)).flatten();
    let xor_group = row.optional(Col::XorGroup, id);
    let group_at_most = group_at_most(row, xor_group.is_some());
    let tier = tier(row, tier_group);
    if tier.is_some() && package.is_some() {
        let finding = Finding::plain(Code::TierInPackage, "the tier of a bid is also a line of a package");
        row.report(Col::TierGroup, finding);
    }
    let ddu = row.required(Col::DduId, |t| known_ddu(t, context)).flatten();
    let hub = row.required(Col::HubId, |t| known_hub(t, context)).flatten();
    let services = [Service::SameDay, Service::NextDay].map(|s| (s.word(), s));
    let service = row.required(Col::Service, |t| word(t, &services));
    let tender = row.required(Col::TenderTime, time);
    let unit = ddu.zip(context.units.as_ref()).and_then(|(ix, (units, _))| units.open.get(ix.index()));
    let unit = unit.map(|(unit, _)| unit);
    if let (Some(unit), Some(service)) = (unit, service) {
        row.apply(Col::Service, service_offered(unit, service));
    }
    if let (Some(unit), Some(tender)) = (unit, tender) {
        row.apply(Col::TenderTime, tender_in_window(unit, tender));
        let cet = service.and_then(|s| unit.critical_entry_time(s));
        row.apply(Col::TenderTime, tender_by_cet(tender, cet));
    }
    let volumes = volumes(row, context.days_per_week);
    if let (Some(unit), Some((_, most))) = (unit, volumes) {
        row.apply(Col::VolumeMax, volume_within_capacity(unit, most));
    }
    let price = row.required(Col::PricePerPiece, price);
    let bases = [PriceBasis::Dock, PriceBasis::Hub].map(|b| (b.word(), b));
    let basis = row.required(Col::PriceBasis, |t| word(t, &bases));
    if let (Some(hub), Some(bidder)) = (hub, bidder) {
        row.apply(Col::HubId, own_hub(hub, bidder, context));
    }
    let (volume_min, volume_max) = volumes?;
    Some(BidLine {
        id: bid_id?,
        bidder: bidder?,
        package,
        xor_group,
        group_at_most,
        tier,
        ddu: ddu?,
        hub: hub?,
        service: service?,
        tender: tender?,
        volume_min,
        volume_max,
        price: price?,
        basis: basis?,
    })
}

/// How many bids of the line's group may win. Without a group there is nothing to limit.
fn group_at_most(row: &mut RowReader<'_, '_>, grouped: bool) -> u32 {
    let most = row.optional(Col::GroupAtMost, |t| count(t, 1..=u32::MAX));
    if most.is_some() && !grouped {
        row.report(Col::GroupAtMost, Finding::plain(Code::GroupAtMostAlone, "the line is in no XOR group"));
    }
    most.unwrap_or(1)
}

/// The tier a line is; its offset follows when all tiers of its group are known.
fn tier(row: &mut RowReader<'_, '_>, group: Option<String>) -> Option<Tier> {
    let kinds = TierKind::ALL.map(|k| (k.word(), k));
    let mut named = false;
    let kind = row.optional(Col::TierKind, |t| {
        named = true;
        word(t, &kinds)
    });
    match (group, named) {
        (Some(group), true) => Some(Tier { group, kind: kind?, offset: MicroDollars::ZERO }),
        (Some(group), false) => {
            let message = format!("the tier of `{group}` has no tier_kind");
            row.report(Col::TierKind, Finding::plain(Code::TierHalfNamed, message));
            None
        }
        (None, true) => {
            row.report(Col::TierGroup, Finding::plain(Code::TierHalfNamed, "the tier has no tier_group"));
            None
        }
        (None, false) => None,
    }
}

fn known_bidder(text: &str, context: &Context<'_>) -> Rule<Option<BidderIx>> {
    let Some((table, ids)) = &context.bidders else { return as_is(None) };
    match ids.get(text) {
        Some(ix) => as_is(Some(BidderIx(ix))),
        None if table.rejected.contains(text) => Err(row_rejected("bidder", text)),
        None => Err(ids.unknown(Code::UnknownBidder, "bidder", text)),
    }
}

fn known_hub(text: &str, context: &Context<'_>) -> Rule<Option<HubIx>> {
    let Some((table, ids)) = &context.hubs else { return as_is(None) };
    match ids.get(text) {
        Some(ix) => as_is(Some(HubIx(ix))),
        None if table.rejected.contains(text) => Err(row_rejected("hub", text)),
        None => Err(ids.unknown(Code::UnknownHub, "hub", text)),
    }
}

fn row_rejected(what: &str, text: &str) -> Finding {
    Finding::plain(Code::ReferenceRejected, format!("{what} `{text}` has errors in its own row"))
}

/// The unit must be in the table and take part; one that does not names its successor.
fn known_ddu(text: &str, context: &Context<'_>) -> Rule<Option<DduIx>> {
    let Some((units, ids)) = &context.units else { return as_is(None) };
    if let Some(ix) = ids.get(text) {
        return as_is(Some(DduIx(ix)));
    }
    if let Some(reason) = units.no_part.get(text) {
        let help = successor_help(reason).map_or_else(
            || "remove the line: no successor is known".to_owned(),
            |successor| format!("{successor}: bid there"),
        );
        return Err(Finding::new(Code::DduTakesNoPart, format!("unit `{text}`: {}", reason.why.title()), help));
    }
    if units.rejected.contains(text) {
        let message = format!("unit `{text}` has errors in its own row");
        return Err(Finding::new(Code::DduTakesNoPart, message, "correct that row"));
    }
    Err(ids.unknown(Code::UnknownDdu, "unit", text))
}

fn service_offered(unit: &Ddu, service: Service) -> Rule<()> {
    match unit.critical_entry_time(service) {
        Some(_) => as_is(()),
        None => {
            let message = format!("unit `{}` does not offer {}", unit.id, service.word());
            Err(Finding::plain(Code::ServiceNotOffered, message))
        }
    }
}

fn tender_in_window(unit: &Ddu, tender: ClockTime) -> Rule<()> {
    if (unit.dock_open..=unit.dock_close).contains(&tender) {
        return as_is(());
    }
    let message = format!("{tender} is outside the dock window of unit `{}`", unit.id);
    let help = format!("tender between {} and {}", unit.dock_open, unit.dock_close);
    Err(Finding::new(Code::TenderOutsideWindow, message, help))
}

fn tender_by_cet(tender: ClockTime, cet: Option<ClockTime>) -> Rule<()> {
    match cet {
        Some(cet) if tender > cet => {
            let message = format!("{tender} is after the critical entry time {cet}");
            noted((), Finding::plain(Code::TenderAfterCet, message))
        }
        _ => as_is(()),
    }
}

fn volume_within_capacity(unit: &Ddu, most: Pieces) -> Rule<()> {
    if most <= unit.capacity {
        return as_is(());
    }
    let message = format!("{most} pieces a day exceed the capacity {} of unit `{}`", unit.capacity, unit.id);
    noted((), Finding::plain(Code::VolumeAboveCapacity, message))
}

/// A hub of another bidder is a likely typing error, unless both are affiliates.
fn own_hub(hub: HubIx, bidder: BidderIx, context: &Context<'_>) -> Rule<()> {
    let (Some((hubs, _)), Some((bidders, ids))) = (&context.hubs, &context.bidders) else { return as_is(()) };
    let bidder_at = |ix: u32| bidders.rows.get(BidderIx(ix).index()).map(|(b, _)| b);
    let (Some((hub, _)), Some(bidder)) = (hubs.rows.get(hub.index()), bidder_at(bidder.0)) else {
        return as_is(());
    };
    let owner = ids.get(&hub.shipper).and_then(bidder_at);
    let affiliates =
        |owner: &Bidder| !owner.affiliate_group.is_empty() && owner.affiliate_group == bidder.affiliate_group;
    match owner {
        Some(owner) if owner.id != bidder.id && !affiliates(owner) => {
            let message = format!("hub `{}` belongs to bidder `{}`", hub.id, owner.id);
            noted((), Finding::plain(Code::HubOfAnotherShipper, message))
        }
        _ => as_is(()),
    }
}

/// Both volumes in pieces per day.
fn volumes(row: &mut RowReader<'_, '_>, days_per_week: u32) -> Option<(Pieces, Pieces)> {
    let least = row.required(Col::VolumeMin, |t| count(t, 1..=u32::MAX));
    let most = row.required(Col::VolumeMax, |t| count(t, 1..=u32::MAX));
    let units = [("pieces_per_day", None), ("pieces_per_week", Some(days_per_week))];
    let unit = row.required(Col::VolumeUnit, |t| word(t, &units));
    let (least, most) = (least?, most?);
    row.apply(Col::VolumeMin, volume_order(least, most))?;
    match unit? {
        None => Some((Pieces(least), Pieces(most))),
        Some(days) => row.apply(Col::VolumeUnit, daily(least, most, days)),
    }
}

fn volume_order(least: u32, most: u32) -> Rule<()> {
    if least <= most {
        return as_is(());
    }
    Err(Finding::plain(Code::VolumeReversed, format!("volume_min {least} is above volume_max {most}")))
}

/// Weekly volumes by operating day: the minimum rounded up, the maximum down, so that the bid is never stretched.
fn daily(least: u32, most: u32, days: u32) -> Rule<(Pieces, Pieces)> {
    let (low, high) = (least.div_ceil(days), most / days);
    let weekly = format!("{least} to {most} pieces a week over {days} operating days");
    if low > high {
        let message = format!("{weekly} leave no whole number of pieces a day");
        return Err(Finding::plain(Code::WeeklyVolumeTooNarrow, message));
    }
    let message = format!("{weekly} read as {low} to {high} pieces a day");
    noted((Pieces(low), Pieces(high)), Finding::plain(Code::WeeklyVolume, message))
}

/// Columns that the rules over several lines point at.
pub(super) mod at {
    use super::Col;
    pub(in crate::scenario::read) const BID: usize = Col::BidId as usize;
    pub(in crate::scenario::read) const BIDDER: usize = Col::BidderId as usize;
    pub(in crate::scenario::read) const PACKAGE: usize = Col::PackageId as usize;
    pub(in crate::scenario::read) const XOR_GROUP: usize = Col::XorGroup as usize;
    pub(in crate::scenario::read) const GROUP_AT_MOST: usize = Col::GroupAtMost as usize;
    pub(in crate::scenario::read) const TIER_GROUP: usize = Col::TierGroup as usize;
    pub(in crate::scenario::read) const PRICE: usize = Col::PricePerPiece as usize;
    pub(in crate::scenario::read) const DDU: usize = Col::DduId as usize;
    pub(in crate::scenario::read) const VOLUME_MIN: usize = Col::VolumeMin as usize;
}
