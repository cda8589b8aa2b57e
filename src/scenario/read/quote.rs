//! `[quote]`: what a carrier's quote is worked out with.

use super::shared::Rows;
use super::vehicles::unknown_class;
use crate::diagnostics::{Code, did_you_mean};
use crate::scenario::doc::{Doc, Section, choice, decimal, integer, share, text, texts};
use crate::scenario::rules::{Finding, id};
use crate::scenario::{FleetLimit, Hub, QuoteSettings, Service, VehicleClass};
use crate::units::MicroDollars;
use std::ops::Range;
use toml::de::DeValue;

const FLEET: &str = "fleet";

/// Reads the section, with the place of each entry of the fleet.
pub(super) fn quote(section: Section<'_, '_>) -> (QuoteSettings, Vec<Range<usize>>) {
    let d = QuoteSettings::default();
    let services = [Service::SameDay, Service::NextDay].map(|s| (s.word(), s));
    let step = |value: &DeValue<'_>| decimal(6, 1..=1_000_000_000)(value).map(MicroDollars);
    let low = |key, default| section.or(key, default, share(10_000, 1_000_000));
    let high = |key, default| section.or(key, default, share(1_000_000, 10_000_000));
    let (mut fleet, mut places): (Vec<FleetLimit>, Vec<Range<usize>>) = (Vec::new(), Vec::new());
    for (limit, at) in limits(&section) {
        if fleet.iter().any(|other| (&other.hub, &other.vehicle) == (&limit.hub, &limit.vehicle)) {
            section.report(
                FLEET,
                at,
                Finding::plain(Code::FleetTwice, "the same class at the same hub is given twice"),
            );
        } else {
            fleet.push(limit);
            places.push(at);
        }
    }
    let settings = QuoteSettings {
        shipper: section.optional("shipper", name),
        service: section.or("service", d.service, choice(&services)),
        margin: section.or("margin", d.margin, share(0, 999_999)),
        price_step: section.or("price_step", d.price_step, step),
        tender_slack_min: section.or("tender_slack_min", d.tender_slack_min, integer(0..=1_440)),
        volume: [low("volume_low", d.volume[0]), high("volume_high", d.volume[1])],
        fuel: [low("fuel_low", d.fuel[0]), high("fuel_high", d.fuel[1])],
        wage: [low("wage_low", d.wage[0]), high("wage_high", d.wage[1])],
        trips_per_vehicle: section.or("trips_per_vehicle", d.trips_per_vehicle, integer(1..=24)),
        bundle_units: section.or("bundle_units", d.bundle_units, integer(2..=12)),
        bundles: section.or("bundles", d.bundles, integer(0..=10_000)),
        assumed: section.or("assumed", d.assumed, texts),
        fleet,
    };
    section.finish();
    (settings, places)
}

fn name(value: &DeValue<'_>) -> Result<String, Finding> {
    let name = text(value)?;
    let out_of_range =
        |f: Finding| Finding::new(Code::SettingOutOfRange, format!("is out of range: {}", f.message), f.help);
    id(&name).map(|reading| reading.value).map_err(out_of_range)
}

/// Entries of the fleet with their places, by hub and class.
fn limits(section: &Section<'_, '_>) -> Vec<(FleetLimit, Range<usize>)> {
    let Some((value, at)) = section.value(FLEET) else { return Vec::new() };
    let DeValue::Array(items) = value else {
        let help = "write [[quote.fleet]] in two brackets, once a class and hub";
        section.report(FLEET, at, Finding::new(Code::WrongType, "`quote.fleet` is not a list of tables", help));
        return Vec::new();
    };
    let mut limits: Vec<(FleetLimit, Range<usize>)> = Vec::new();
    for item in items.iter() {
        let at = item.span();
        let Some(table) = section.as_section(FLEET, item.get_ref(), at.clone()) else { continue };
        let (hub, vehicle) = (table.optional("hub", name), table.required("vehicle", name));
        let count = table.required("count", integer(0..=1_000_000));
        table.finish();
        if let (Some(vehicle), Some(count)) = (vehicle, count) {
            limits.push((FleetLimit { hub, vehicle, count }, at));
        }
    }
    limits.sort_by(|a, b| (&a.0.hub, &a.0.vehicle, a.1.start).cmp(&(&b.0.hub, &b.0.vehicle, b.1.start)));
    limits
}

/// Checks the names that the section holds against the tables; what could not be read is not looked up.
pub(crate) fn check_names(
    settings: &QuoteSettings,
    fleet: &[Range<usize>],
    shipper: Option<Range<usize>>,
    doc: &Doc<'_>,
    hubs: Option<&Rows<Hub>>,
    classes: Option<&[VehicleClass]>,
) {
    let known = |id: &str| hubs.is_none_or(|hubs| hubs.rejected.contains(id) || hubs.rows.iter().any(|h| h.0.id == id));
    for (limit, at) in settings.fleet.iter().zip(fleet) {
        if let Some(hub) = limit.hub.as_deref().filter(|hub| !known(hub)) {
            let names = hubs.into_iter().flat_map(|hubs| hubs.rows.iter().map(|(hub, _)| hub.id.as_str()));
            let help = did_you_mean(hub, names)
                .map_or_else(|| Code::FleetUnknown.action().to_owned(), |near| format!("did you mean `{near}`?"));
            let finding = Finding::new(Code::FleetUnknown, format!("hub `{hub}` is not known"), help);
            doc.report(at.clone(), "quote.fleet.hub", finding);
        }
        if let Some(classes) = classes.filter(|classes| classes.iter().all(|c| c.name != limit.vehicle)) {
            let message = format!("vehicle class `{}` is not known", limit.vehicle);
            let finding = unknown_class(Code::FleetUnknown, message, &limit.vehicle, classes);
            doc.report(at.clone(), "quote.fleet.vehicle", finding);
        }
    }
    if let (Some(shipper), Some(hubs), Some(at)) = (&settings.shipper, hubs, shipper)
        && hubs.rows.iter().all(|(hub, _)| hub.shipper != *shipper)
    {
        let near = did_you_mean(shipper, hubs.rows.iter().map(|(hub, _)| hub.shipper.as_str()));
        let help = near
            .map_or_else(|| Code::QuoteShipperUnknown.action().to_owned(), |near| format!("did you mean `{near}`?"));
        let finding = Finding::new(Code::QuoteShipperUnknown, format!("no hub is of shipper `{shipper}`"), help);
        doc.report(at, "quote.shipper", finding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Ppm;

    #[test]
    fn defaults_lie_within_their_ranges() {
        let d = QuoteSettings::default();
        for [low, high] in [d.volume, d.fuel, d.wage] {
            assert!(low <= Ppm::ONE && Ppm::ONE <= high);
        }
    }
}
