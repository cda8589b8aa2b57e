//! Rows of the sample's tables and how they are written.

use crate::lonlat::LonLat;
use crate::scenario::{PriceBasis, Service};
use crate::units::{ClockTime, MicroDollars};
use std::io::{self, Write};

#[derive(Clone, Debug)]
pub(in crate::sample) struct HubRow {
    pub(in crate::sample) id: String,
    pub(in crate::sample) shipper: String,
    pub(in crate::sample) name: String,
    pub(in crate::sample) at: LonLat,
    pub(in crate::sample) release: ClockTime,
    pub(in crate::sample) capacity: Option<u32>,
}

#[derive(Clone, Debug)]
pub(in crate::sample) struct DduRow {
    pub(in crate::sample) id: String,
    pub(in crate::sample) name: String,
    pub(in crate::sample) zip5: String,
    pub(in crate::sample) state: String,
    pub(in crate::sample) at: LonLat,
    pub(in crate::sample) facility: &'static str,
    pub(in crate::sample) open: ClockTime,
    pub(in crate::sample) close: ClockTime,
    pub(in crate::sample) cet_same_day: Option<ClockTime>,
    pub(in crate::sample) cet_next_day: Option<ClockTime>,
    pub(in crate::sample) slots: u32,
    pub(in crate::sample) capacity: u32,
    pub(in crate::sample) max_length_ft: Option<u32>,
    pub(in crate::sample) max_height_ft: Option<&'static str>,
    pub(in crate::sample) attributable: MicroDollars,
    pub(in crate::sample) reserve: MicroDollars,
}

impl DduRow {
    pub(in crate::sample) fn critical_entry_time(&self, service: Service) -> Option<ClockTime> {
        match service {
            Service::SameDay => self.cet_same_day,
            Service::NextDay => self.cet_next_day,
        }
    }
}

#[derive(Clone, Debug)]
pub(in crate::sample) struct BidderRow {
    pub(in crate::sample) id: String,
    pub(in crate::sample) name: String,
    pub(in crate::sample) class: Class,
    pub(in crate::sample) affiliates: &'static str,
    pub(in crate::sample) capacity: Option<u64>,
    pub(in crate::sample) budget: Option<MicroDollars>,
    /// Pieces it must win in all if it wins any.
    pub(in crate::sample) min_volume: Option<u64>,
    /// Positions of its hubs.
    pub(in crate::sample) hubs: Vec<usize>,
}

/// How far a bidder's business reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sample) enum Class {
    National,
    Regional,
    Local,
}

impl Class {
    pub(in crate::sample) const fn word(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Regional => "regional",
            Self::Local => "local",
        }
    }
}

#[derive(Clone, Debug)]
pub(in crate::sample) struct BidRow {
    pub(in crate::sample) bidder: usize,
    pub(in crate::sample) package: Option<usize>,
    pub(in crate::sample) xor_group: Option<usize>,
    pub(in crate::sample) ddu: usize,
    pub(in crate::sample) hub: usize,
    pub(in crate::sample) service: Service,
    pub(in crate::sample) tender: ClockTime,
    pub(in crate::sample) volume_min: u32,
    pub(in crate::sample) volume_max: u32,
    pub(in crate::sample) price: MicroDollars,
    pub(in crate::sample) basis: PriceBasis,
}

pub(in crate::sample) fn writer<W: Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out)
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

/// Degrees with all seven decimals, without rounding.
pub(in crate::sample) fn degrees(e7: i32) -> String {
    let sign = if e7 < 0 { "-" } else { "" };
    let magnitude = e7.unsigned_abs();
    format!("{sign}{}.{:07}", magnitude / 10_000_000, magnitude % 10_000_000)
}

pub(in crate::sample) fn write_hubs(out: impl Write, hubs: &[HubRow], zone: &str) -> io::Result<()> {
    let mut csv = writer(out);
    csv.write_record(["hub_id", "shipper_id", "name", "lat", "lon", "release_time", "timezone", "capacity_pieces"])?;
    for hub in hubs {
        let (lat, lon) = (degrees(hub.at.lat_e7), degrees(hub.at.lon_e7));
        let (release, capacity) = (hub.release.to_string(), text(hub.capacity));
        csv.write_record([&hub.id, &hub.shipper, &hub.name, &lat, &lon, &release, zone, &capacity])?;
    }
    csv.flush()
}

pub(in crate::sample) fn write_ddus(out: impl Write, ddus: &[DduRow], zone: &str) -> io::Result<()> {
    let mut csv = writer(out);
    csv.write_record([
        "ddu_id",
        "name",
        "zip5",
        "state",
        "lat",
        "lon",
        "status",
        "facility_type",
        "timezone",
        "dock_open",
        "dock_close",
        "cet_same_day",
        "cet_next_day",
        "dock_slots",
        "capacity_pieces",
        "max_vehicle_length_ft",
        "max_vehicle_height_ft",
        "attributable_cost",
        "reserve_price",
        "effective_from",
        "effective_to",
        "successor_id",
    ])?;
    for ddu in ddus {
        csv.write_record([
            ddu.id.as_str(),
            &ddu.name,
            &ddu.zip5,
            &ddu.state,
            &degrees(ddu.at.lat_e7),
            &degrees(ddu.at.lon_e7),
            "open",
            ddu.facility,
            zone,
            &ddu.open.to_string(),
            &ddu.close.to_string(),
            &text(ddu.cet_same_day),
            &text(ddu.cet_next_day),
            &ddu.slots.to_string(),
            &ddu.capacity.to_string(),
            &text(ddu.max_length_ft),
            ddu.max_height_ft.unwrap_or_default(),
            &ddu.attributable.to_string(),
            &ddu.reserve.to_string(),
            "",
            "",
            "",
        ])?;
    }
    csv.flush()
}

/// Pieces that a carrier plans for each unit: a third of what it takes (invented).
pub(in crate::sample) fn write_volumes(out: impl Write, ddus: &[DduRow]) -> io::Result<()> {
    let mut csv = writer(out);
    csv.write_record(["ddu_id", "pieces", "volume_unit"])?;
    for ddu in ddus {
        csv.write_record([ddu.id.as_str(), &(ddu.capacity / 3).to_string(), "pieces_per_day"])?;
    }
    csv.flush()
}

pub(in crate::sample) fn write_bidders(out: impl Write, bidders: &[BidderRow]) -> io::Result<()> {
    let mut csv = writer(out);
    let mut header = vec!["bidder_id", "name", "class", "affiliate_group", "capacity_pieces", "budget"];
    let with_minimum = bidders.iter().any(|b| b.min_volume.is_some());
    if with_minimum {
        header.push("min_volume_pieces");
    }
    csv.write_record(header)?;
    for b in bidders {
        let (capacity, budget, minimum) = (text(b.capacity), text(b.budget), text(b.min_volume));
        let mut row = vec![b.id.as_str(), &b.name, b.class.word(), b.affiliates, &capacity, &budget];
        if with_minimum {
            row.push(&minimum);
        }
        csv.write_record(row)?;
    }
    csv.flush()
}

/// The tables that bid lines refer to.
pub(in crate::sample) struct Parties<'a> {
    pub(in crate::sample) hubs: &'a [HubRow],
    pub(in crate::sample) ddus: &'a [DduRow],
    pub(in crate::sample) bidders: &'a [BidderRow],
}

pub(in crate::sample) fn write_bids(out: impl Write, bids: &[BidRow], parties: &Parties<'_>) -> io::Result<()> {
    let mut csv = writer(out);
    csv.write_record([
        "bid_id",
        "bidder_id",
        "package_id",
        "xor_group",
        "ddu_id",
        "hub_id",
        "service",
        "tender_time",
        "volume_min",
        "volume_max",
        "volume_unit",
        "price_per_piece",
        "price_basis",
    ])?;
    for (i, bid) in bids.iter().enumerate() {
        let of = |id: Option<&String>| id.cloned().unwrap_or_default();
        csv.write_record([
            format!("L{:06}", i + 1).as_str(),
            &of(parties.bidders.get(bid.bidder).map(|b| &b.id)),
            &bid.package.map(|p| format!("P{p:05}")).unwrap_or_default(),
            &bid.xor_group.map(|g| format!("X{g:05}")).unwrap_or_default(),
            &of(parties.ddus.get(bid.ddu).map(|d| &d.id)),
            &of(parties.hubs.get(bid.hub).map(|h| &h.id)),
            bid.service.word(),
            &bid.tender.to_string(),
            &bid.volume_min.to_string(),
            &bid.volume_max.to_string(),
            "pieces_per_day",
            &bid.price.to_string(),
            bid.basis.word(),
        ])?;
    }
    csv.flush()
}
