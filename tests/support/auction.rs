//! Random auctions with hand-made hauls, small enough for exhaustive search or large enough to measure.

use ddu::cost::{Haul, NoHaul};
use ddu::ids::{BidIx, BidderIx, DduIx, HubIx, VehicleIx};
use ddu::lonlat::LonLat;
use ddu::matrix::NoPath;
use ddu::scenario::*;
use ddu::units::{ClockTime, Decimetres, MicroDollars, Millis, Pieces, Ppm};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// A scenario and what its hauls are; `hauls[hub][ddu]`.
#[derive(Clone, Debug)]
pub struct Auction {
    pub scenario: Scenario,
    pub hauls: Vec<Vec<Haul>>,
    /// What oracles add to the price of every piece of a bid, by its id.
    pub raise: BTreeMap<String, i64>,
}

impl Auction {
    pub fn haul(&self, hub: HubIx, ddu: DduIx) -> Result<Haul, String> {
        Ok(self.hauls[hub.index()][ddu.index()].clone())
    }
}

/// xorshift64*: enough variety for tests, the same on every machine.
pub struct Rng(pub u64);

impl Rng {
    pub fn below(&mut self, n: u32) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % u64::from(n.max(1))) as u32
    }

    pub fn one_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }
}

pub fn settings(seed: u64) -> Settings {
    Settings {
        name: "auction".to_owned(),
        operating_date: jiff::civil::date(2026, 1, 20),
        seed,
        parcel: Parcel { mean_cube_millicuft: 500, mean_weight_millilb: 2_000 },
        map: MapSettings::default(),
        turns: TurnCosts::default(),
        traffic: Traffic::default(),
        routes: RouteSettings::default(),
        cost: CostSettings::default(),
        award: AwardSettings {
            winning_level_step: MicroDollars(100_000),
            gap_tolerance: Ppm(0),
            ..AwardSettings::default()
        },
        data: DataSettings::default(),
        quote: QuoteSettings::default(),
        variants: Vec::new(),
    }
}

pub fn ddu(id: &str, capacity: u32) -> Ddu {
    Ddu {
        id: id.to_owned(),
        name: id.to_owned(),
        zip5: None,
        state: None,
        region: String::new(),
        at: LonLat::from_degrees(-83.0, 40.0).unwrap(),
        timezone: TimeZone::UTC,
        dock_open: ClockTime(240),
        dock_close: ClockTime(1_200),
        cet_same_day: Some(ClockTime(480)),
        cet_next_day: Some(ClockTime(1_020)),
        dock_slots: None,
        capacity: Pieces(capacity),
        max_length_mm: None,
        max_height_mm: None,
        attributable_cost: MicroDollars(0),
        reserve_price: MicroDollars(0),
    }
}

pub fn hub(id: &str) -> Hub {
    Hub {
        id: id.to_owned(),
        shipper: String::new(),
        name: id.to_owned(),
        at: LonLat::from_degrees(-83.0, 40.0).unwrap(),
        release: ClockTime(180),
        timezone: TimeZone::UTC,
        capacity: None,
    }
}

pub fn bidder(id: &str) -> Bidder {
    Bidder {
        id: id.to_owned(),
        name: id.to_owned(),
        class: String::new(),
        affiliate_group: String::new(),
        capacity: None,
        min_volume: None,
        budget: None,
    }
}

pub fn bid(id: &str, bidder: u32, ddu: u32, volume: (u32, u32), price: i64) -> BidLine {
    BidLine {
        id: id.to_owned(),
        bidder: BidderIx(bidder),
        package: None,
        xor_group: None,
        group_at_most: 1,
        tier: None,
        ddu: DduIx(ddu),
        hub: HubIx(0),
        service: Service::NextDay,
        tender: ClockTime(420),
        volume_min: Pieces(volume.0),
        volume_max: Pieces(volume.1),
        price: MicroDollars(price),
        basis: PriceBasis::Dock,
    }
}

pub fn option(vehicle: u32, pieces: u32, trip: i64, handling: i64, arrival: i32, decimetres: u32) -> VehicleOption {
    VehicleOption {
        vehicle: VehicleIx(vehicle),
        pieces_per_trip: Pieces(pieces),
        trip: MicroDollars(trip),
        handling_per_piece: MicroDollars(handling),
        outbound: Decimetres(decimetres),
        arrival: ClockTime(arrival),
    }
}

pub fn vehicle(name: &str) -> VehicleClass {
    VehicleClass {
        name: name.to_owned(),
        mode: Mode::Motorcar,
        cube_millicuft: 450_000,
        payload_millilb: 3_500_000,
        fill: Ppm(850_000),
        length_mm: 6_000,
        height_mm: 2_700,
        width_mm: 2_000,
        weight_kg: 3_000,
        speed_caps_millimph: [None; ddu::road_class::RoadClass::ALL.len()],
        speed_factor: Ppm::ONE,
        rates: Rates::default(),
        dwell_fixed: Millis(0),
        unload_per_piece: Millis(0),
        day: Millis(28_800_000),
    }
}

/// An auction with one free haul from one hub to each unit.
pub fn plain(ddus: Vec<Ddu>, bidders: Vec<Bidder>, bids: Vec<BidLine>) -> Auction {
    let hauls = (0..ddus.len())
        .map(|d| Haul { hub: HubIx(0), ddu: DduIx(d as u32), options: Ok(vec![option(0, 100, 0, 0, 300, 0)]) })
        .collect();
    let scenario = Scenario {
        settings: settings(1),
        hauls: HaulInput::Map("map.osm.pbf".into()),
        hubs: vec![hub("H1")],
        ddus,
        vehicles: vec![vehicle("van")],
        bidders,
        bids,
        overrides: Vec::new(),
        closed_roads: Vec::new(),
        quote: QuoteTables::default(),
        inputs: Vec::new(),
        origins: Origins::default(),
    };
    Auction { scenario, hauls: vec![hauls], raise: BTreeMap::new() }
}

/// A small auction with every feature somewhere; coarse prices make ties frequent.
pub fn small(seed: u64) -> Auction {
    let mut rng = Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let (ddu_count, hub_count, bidder_count) = (1 + rng.below(3), 1 + rng.below(2), 2 + rng.below(3));
    let mut ddus: Vec<Ddu> = (0..ddu_count).map(|d| ddu(&format!("D{d}"), 3 + rng.below(8))).collect();
    for d in &mut ddus {
        d.attributable_cost = MicroDollars(i64::from(rng.below(3)) * 100_000);
        d.reserve_price = MicroDollars(d.attributable_cost.0 + i64::from(rng.below(3)) * 200_000);
        d.dock_slots = if rng.one_in(2) { Some(1 + rng.below(3)) } else { None };
        d.cet_same_day = if rng.one_in(5) { None } else { Some(ClockTime(480)) };
    }
    let mut bidders: Vec<Bidder> = (0..bidder_count).map(|b| bidder(&format!("S{b}"))).collect();
    for b in &mut bidders {
        b.capacity = if rng.one_in(4) { Some(Pieces(2 + rng.below(6))) } else { None };
        b.budget = if rng.one_in(4) { Some(MicroDollars(i64::from(1 + rng.below(9)) * 1_100_000)) } else { None };
        if rng.one_in(5) {
            b.affiliate_group = "G".to_owned();
        }
    }
    let mut hubs: Vec<Hub> = (0..hub_count).map(|h| hub(&format!("H{h}"))).collect();
    for h in &mut hubs {
        h.capacity = if rng.one_in(5) { Some(Pieces(4 + rng.below(6))) } else { None };
    }
    let mut bids: Vec<BidLine> = Vec::new();
    for i in 0..3 + rng.below(5) {
        let widest = if rng.one_in(6) { 6 } else { 3 };
        let min = 1 + rng.below(widest);
        let odd = if rng.one_in(3) { i64::from(rng.below(1_000)) } else { 0 };
        let price = i64::from(2 + rng.below(12)) * 100_000 + odd;
        let place = rng.below(ddu_count);
        let mut line = bid(&format!("B{i}"), rng.below(bidder_count), place, (min, min + rng.below(4)), price);
        line.hub = HubIx(rng.below(hub_count));
        line.service = if rng.one_in(4) { Service::SameDay } else { Service::NextDay };
        line.tender = ClockTime(300 + 60 * rng.below(5) as i32);
        line.basis = if rng.one_in(3) { PriceBasis::Hub } else { PriceBasis::Dock };
        line.xor_group = if rng.one_in(4) { Some("X".to_owned()) } else { None };
        if ddu_count > 1 && rng.one_in(4) {
            let taken = |b: &BidLine| b.bidder == line.bidder && b.package.is_some() && b.ddu == line.ddu;
            if !bids.iter().any(taken) {
                line.package = Some("P".to_owned()); // no bid has this id
                line.xor_group = None;
                line.volume_max = line.volume_min;
            }
        }
        bids.push(line);
    }
    let mut settings = settings(seed);
    let award = &mut settings.award;
    award.objective = [Objective::Contribution, Objective::Revenue, Objective::Surplus][rng.below(3) as usize];
    award.share_cap = if rng.one_in(4) { Some(Ppm(400_000 + 100_000 * rng.below(4))) } else { None };
    award.share_base = if rng.one_in(2) { ShareBase::Awarded } else { ShareBase::Capacity };
    award.dock_window = if rng.one_in(2) { Some(Millis(7_200_000)) } else { None };
    for criterion in [Criterion::FewerMiles, Criterion::MoreBidders, Criterion::EarlierTender] {
        if rng.one_in(3) {
            award.criteria.push(criterion);
        }
    }
    let mut haul = |h: u32, d: u32| {
        let mut options = Vec::new();
        for v in 0..1 + rng.below(2) {
            let (pieces, trip) = (2 + rng.below(3) + v, i64::from(rng.below(8)) * 150_000);
            let (handling, arrival) = (i64::from(rng.below(2)) * 50_000, 240 + 30 * rng.below(8) as i32);
            options.push(option(v, pieces, trip, handling, arrival, 1_000 * (1 + rng.below(3))));
        }
        let options = if rng.one_in(12) { Err(NoHaul::NoPath(NoPath::Unreachable)) } else { Ok(options) };
        Haul { hub: HubIx(h), ddu: DduIx(d), options }
    };
    let hauls = (0..hub_count).map(|h| (0..ddu_count).map(|d| haul(h, d)).collect()).collect();
    let scenario = Scenario {
        settings,
        hauls: HaulInput::Map("map.osm.pbf".into()),
        hubs,
        ddus,
        vehicles: vec![vehicle("van"), vehicle("truck")],
        bidders,
        bids,
        overrides: Vec::new(),
        closed_roads: Vec::new(),
        quote: QuoteTables::default(),
        inputs: Vec::new(),
        origins: Origins::default(),
    };
    Auction { scenario, hauls, raise: BTreeMap::new() }
}

/// A small auction with every rule that can be written, each in some: tiers of both kinds, at-most-k, minimum volumes,
/// minimum numbers of winners, set-asides, awards forced and forbidden by hand.
pub fn full(seed: u64) -> Auction {
    let mut a = small(seed);
    let mut rng = Rng(seed.wrapping_mul(0xD134_2543_DE82_EF95) | 1);
    let s = &mut a.scenario;
    s.bids.truncate(6);
    for d in &mut s.ddus {
        d.region = ["N", "S"][rng.below(2) as usize].to_owned();
    }
    for b in &mut s.bidders {
        b.class = ["local", "national"][rng.below(2) as usize].to_owned();
        b.min_volume = rng.one_in(4).then(|| Pieces(2 + rng.below(6)));
    }
    for i in 0..s.bids.len() {
        if s.bids[i].package.is_none() && rng.one_in(3) {
            add_tiers(&mut s.bids, i, &mut rng);
        }
    }
    let at_most: Vec<u32> = s.bidders.iter().map(|_| 1 + rng.below(2)).collect();
    for b in s.bids.iter_mut().filter(|b| b.xor_group.is_some()) {
        b.group_at_most = at_most[b.bidder.index()];
    }
    let (ddus, bids, bidders) = (s.ddus.len() as u32, s.bids.len() as u32, s.bidders.len() as u32);
    let scope = |rng: &mut Rng, units: u32| match rng.below(2 + units) {
        0 => Scope::All,
        1 => Scope::Region(s.ddus[rng.below(ddus) as usize].region.clone()),
        _ => Scope::Ddu(DduIx(rng.below(ddus))),
    };
    let award = &mut s.settings.award;
    if rng.one_in(3) {
        award.minimum_winners.push(MinimumWinners { scope: scope(&mut rng, 1), at_least: 1 + rng.below(2) });
    }
    if rng.one_in(4) {
        let class = ["local", "national"][rng.below(2) as usize].to_owned();
        let share = Ppm(150_000 * (1 + rng.below(5)));
        award.set_asides.push(SetAside { scope: scope(&mut rng, 0), class, share });
    }
    let decided = |action, target| Override { action, target, who: "J. Doe".to_owned(), why: "ticket 12".to_owned() };
    if rng.one_in(4) {
        s.overrides.push(decided(OverrideAction::Force, OverrideTarget::Bid(BidIx(rng.below(bids)))));
    }
    if rng.one_in(4) {
        let target = match rng.below(3) {
            0 => OverrideTarget::Bidder(BidderIx(rng.below(bidders))),
            1 => OverrideTarget::BidderAt(BidderIx(rng.below(bidders)), DduIx(rng.below(ddus))),
            _ => OverrideTarget::Bid(BidIx(rng.below(bids))),
        };
        s.overrides.push(decided(OverrideAction::Forbid, target));
    }
    a
}

/// Makes a line the first of two or three tiers.
fn add_tiers(bids: &mut Vec<BidLine>, first: usize, rng: &mut Rng) {
    let kind = TierKind::ALL[rng.below(2) as usize];
    let group = format!("T{first}");
    bids[first].volume_max = Pieces(bids[first].volume_min.0 + rng.below(2));
    bids[first].tier = Some(Tier { group: group.clone(), kind, offset: MicroDollars(0) });
    let mut below = bids[first].clone();
    for step in 0..1 + rng.below(2) {
        let gap = if kind == TierKind::AllUnits { rng.below(2) } else { 0 };
        let mut tier = below.clone();
        tier.id = format!("{}.{step}", bids[first].id);
        tier.volume_min = Pieces(below.volume_max.0 + 1 + gap);
        tier.volume_max = Pieces(tier.volume_min.0 + rng.below(2));
        tier.price = MicroDollars((below.price.0 + i64::from(rng.below(7)) * 50_000 - 200_000).max(50_000));
        // The pieces of the tiers below cost this much more than at the new tier's price.
        let dearer = (below.price.0 - tier.price.0) * i64::from(below.volume_max.0);
        let offset = MicroDollars(if kind == TierKind::Incremental { below.offset().0 + dearer } else { 0 });
        tier.tier = Some(Tier { group: group.clone(), kind, offset });
        below = tier.clone();
        bids.push(tier);
    }
}

/// A regional auction to measure on: units in a row, bids of four bidders in five for neighbouring units, trips by two
/// vehicle classes, packages of two or three neighbours, XOR groups, slots, and a share cap that holds by itself.
pub fn large(ddu_count: u32, bid_count: u32, bidder_count: u32, seed: u64) -> Auction {
    let mut rng = Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut ddus: Vec<Ddu> = (0..ddu_count).map(|d| ddu(&format!("D{d:05}"), 500 + 50 * rng.below(60))).collect();
    for d in &mut ddus {
        d.attributable_cost = MicroDollars(600_000 + i64::from(rng.below(400)) * 1_000);
        d.reserve_price = MicroDollars(d.attributable_cost.0 + i64::from(rng.below(200)) * 1_000);
        d.dock_slots = if rng.one_in(3) { Some(2 + rng.below(4)) } else { None };
    }
    let bidders = (0..bidder_count).map(|b| bidder(&format!("S{b:04}"))).collect();
    let hubs = (0..8).map(|h| hub(&format!("H{h}"))).collect();
    let mut bids: Vec<BidLine> = Vec::new();
    while (bids.len() as u32) < bid_count {
        let (first, who) = (rng.below(ddu_count), rng.below(bidder_count));
        let package = rng.one_in(12).then(|| format!("P{:05}", bids.len()));
        let group = (package.is_none() && rng.one_in(10)).then(|| format!("X{}", rng.below(3)));
        let lines = if package.is_some() { 2 + rng.below(2) } else { 1 };
        for step in 0..lines.min(ddu_count) {
            let (i, at) = (bids.len(), (first + step) % ddu_count);
            let min = 40 + rng.below(400);
            let price = 900_000 + i64::from(rng.below(1_600)) * 1_000 - if package.is_some() { 50_000 } else { 0 };
            let max = if package.is_some() { min } else { min + rng.below(600) };
            let mut line = bid(&format!("B{i:06}"), who, at, (min, max), price);
            line.package.clone_from(&package);
            line.xor_group.clone_from(&group);
            line.hub = HubIx(rng.below(8));
            line.tender = ClockTime(360 + 10 * rng.below(12) as i32);
            line.basis = if rng.one_in(3) { PriceBasis::Hub } else { PriceBasis::Dock };
            line.service = if rng.one_in(3) { Service::SameDay } else { Service::NextDay };
            bids.push(line);
        }
    }
    let mut settings = settings(seed);
    settings.award.share_cap = Some(Ppm(350_000));
    settings.award.dock_window = Some(Millis(7_200_000));
    let mut haul = |h: u32, d: u32| {
        let far = 10_000 + rng.below(500_000);
        let trip = i64::from(far) * 200 + 40_000_000;
        let van = option(0, 280, trip, 30_000, 240 + (far / 4_000) as i32, far);
        let truck = option(1, 1_000, trip * 2, 20_000, 250 + (far / 3_500) as i32, far);
        Haul { hub: HubIx(h), ddu: DduIx(d), options: Ok(vec![van, truck]) }
    };
    let hauls = (0..8).map(|h| (0..ddu_count).map(|d| haul(h, d)).collect()).collect();
    let scenario = Scenario {
        settings,
        hauls: HaulInput::Map("map.osm.pbf".into()),
        hubs,
        ddus,
        vehicles: vec![vehicle("van"), vehicle("truck")],
        bidders,
        bids,
        overrides: Vec::new(),
        closed_roads: Vec::new(),
        quote: QuoteTables::default(),
        inputs: Vec::new(),
        origins: Origins::default(),
    };
    Auction { scenario, hauls, raise: BTreeMap::new() }
}

/// A national auction at a scale in hundredths: 180 units, about 2,000 lines and 100 packages each. Units stand in a row;
/// a bidder bids around its home; packages hold 2 to 200 neighbours; XOR groups span units; the first bidder bids nearly
/// everywhere and high, so that the share cap binds; some bidders ask for a minimum volume.
pub fn national(hundredths: u32, seed: u64) -> Auction {
    let mut rng = Rng(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let units = 180 * hundredths;
    let bidder_count = 20 + 2 * hundredths.min(90);
    let mut ddus: Vec<Ddu> = (0..units).map(|d| ddu(&format!("D{d:05}"), 500 + 50 * rng.below(60))).collect();
    let mut base = Vec::new();
    for d in &mut ddus {
        base.push(1_100_000 + i64::from(rng.below(800)) * 1_000);
        d.attributable_cost = MicroDollars(600_000 + i64::from(rng.below(400)) * 1_000);
        d.reserve_price = d.attributable_cost;
        d.dock_slots = if rng.one_in(3) { Some(1 + rng.below(3)) } else { None };
    }
    let mut bidders: Vec<Bidder> = (0..bidder_count).map(|b| bidder(&format!("S{b:04}"))).collect();
    let homes: Vec<u32> = (0..bidder_count).map(|_| rng.below(units)).collect();
    for b in bidders.iter_mut().skip(1) {
        b.min_volume = rng.one_in(8).then(|| Pieces(2_000 * (1 + rng.below(20))));
    }
    let span = (units / 6).max(40);
    let near = |rng: &mut Rng, who: u32| {
        let offset = if who == 0 || rng.one_in(5) { rng.below(units) } else { rng.below(span) };
        (homes[who as usize] + offset) % units
    };
    let bidder_of = |rng: &mut Rng| if rng.one_in(4) { 0 } else { rng.below(bidder_count) };
    let mut bids: Vec<BidLine> = Vec::new();
    let price = |rng: &mut Rng, at: u32, who: u32| {
        let more = if who == 0 { 250_000 } else { 0 };
        base[at as usize] + more + i64::from(rng.below(600)) * 1_000 - 300_000
    };
    let mut groups = 0;
    while bids.len() < 2_000 * hundredths as usize {
        let who = bidder_of(&mut rng);
        let together = if rng.one_in(20) { 2 + rng.below(3) } else { 1 };
        groups += u32::from(together > 1);
        for _ in 0..together {
            let at = near(&mut rng, who);
            let min = 40 + rng.below(500);
            let cost = price(&mut rng, at, who);
            let max = min + rng.below(700);
            let mut line = bid(&format!("B{:06}", bids.len()), who, at, (min, max), cost);
            line.xor_group = (together > 1).then(|| format!("X{groups}"));
            line.hub = HubIx(rng.below(8));
            line.tender = ClockTime(360 + 10 * rng.below(12) as i32);
            line.basis = if rng.one_in(3) { PriceBasis::Hub } else { PriceBasis::Dock };
            line.service = if rng.one_in(3) { Service::SameDay } else { Service::NextDay };
            bids.push(line);
        }
    }
    for k in 0..100 * hundredths {
        let who = bidder_of(&mut rng);
        let first = near(&mut rng, who);
        let length = (2 + if rng.one_in(10) { rng.below(199) } else { rng.below(24) }).min(units);
        let premium = i64::from(rng.below(300)) * 1_000 - 50_000;
        let group = rng.one_in(10).then(|| format!("Y{}", k / 20));
        for step in 0..length {
            let at = (first + step) % units;
            let volume = 100 + rng.below(400);
            let cost = price(&mut rng, at, who) + premium;
            let mut line = bid(&format!("P{k:05}-{step:03}"), who, at, (volume, volume), cost);
            line.package = Some(format!("P{k:05}"));
            line.xor_group.clone_from(&group);
            line.tender = ClockTime(360 + 10 * rng.below(12) as i32);
            bids.push(line);
        }
    }
    let mut settings = settings(seed);
    settings.award.share_cap = Some(Ppm(350_000));
    settings.award.dock_window = Some(Millis(14_400_000));
    settings.award.winning_levels = false;
    let mut haul = |h: u32, d: u32| {
        let far = 10_000 + rng.below(500_000);
        let trip = i64::from(far) * 200 + 40_000_000;
        let van = option(0, 280, trip, 30_000, 240 + (far / 4_000) as i32, far);
        let truck = option(1, 1_000, trip * 2, 20_000, 250 + (far / 3_500) as i32, far);
        Haul { hub: HubIx(h), ddu: DduIx(d), options: Ok(vec![van, truck]) }
    };
    let hauls = (0..8).map(|h| (0..units).map(|d| haul(h, d)).collect()).collect();
    let scenario = Scenario {
        settings,
        hauls: HaulInput::Map("map.osm.pbf".into()),
        hubs: (0..8).map(|h| hub(&format!("H{h}"))).collect(),
        ddus,
        vehicles: vec![vehicle("van"), vehicle("truck")],
        bidders,
        bids,
        overrides: Vec::new(),
        closed_roads: Vec::new(),
        quote: QuoteTables::default(),
        inputs: Vec::new(),
        origins: Origins::default(),
    };
    Auction { scenario, hauls, raise: BTreeMap::new() }
}
