//! `vehicles.toml`: vehicle classes in carriers' units.

use crate::diagnostics::Code;
use crate::road_class::RoadClass;
use crate::scenario::convert::{micro_feet_as_mm, micro_pounds_as_kg};
use crate::scenario::doc::{Doc, Section, choice, decimal, minutes, money, positive, seconds, share};
use crate::scenario::rules::{Finding, control_characters, id};
use crate::scenario::{Mode, Rates, VehicleClass};
use crate::units::{Millis, Ppm};
use toml::de::DeValue;

/// All classes, sorted by name.
pub(crate) fn vehicles(doc: &Doc<'_>) -> Vec<VehicleClass> {
    let table = doc.parse();
    let root = Section::root(doc, &table);
    let section = root.section("vehicle");
    let mut classes = Vec::new();
    for (name, key_at, value, at) in section.entries() {
        if let Err(finding) = control_characters(name).and_then(|()| id(name).map(|_| ())) {
            section.report(name, key_at, finding);
        } else if let Some(class) = section.as_section(name, value, at.clone()) {
            classes.extend(vehicle(name, class));
        }
    }
    if section.entries().is_empty() && root.value("vehicle").is_none_or(|(v, _)| matches!(v, DeValue::Table(_))) {
        let message = "the file defines no vehicle class";
        doc.report(
            0..0,
            "vehicle",
            Finding::new(Code::MissingSetting, message, "add a table such as [vehicle.cargo_van]"),
        );
    }
    root.finish();
    classes.sort_by(|a: &VehicleClass, b| a.name.cmp(&b.name));
    classes
}

fn vehicle(name: &str, section: Section<'_, '_>) -> Option<VehicleClass> {
    let feet = |value: &DeValue<'_>| {
        let micro = decimal(6, 1_000..=1_000_000_000)(value)?;
        micro_feet_as_mm(micro).ok_or_else(|| Finding::plain(Code::SettingOutOfRange, "is out of range"))
    };
    let pounds = |value: &DeValue<'_>| {
        let micro = decimal(3, 1_000..=1_000_000_000)(value)? * 1_000;
        micro_pounds_as_kg(micro).ok_or_else(|| Finding::plain(Code::SettingOutOfRange, "is out of range"))
    };
    let day = |value: &DeValue<'_>| {
        let thousandths = decimal(3, 1..=24_000)(value)?;
        Ok(Millis(u32::try_from(thousandths * 3_600).unwrap_or(u32::MAX)))
    };
    let modes = Mode::ALL.map(|m| (m.word(), m));
    // Every setting is read before any is missed, so that all errors are reported.
    let mode = section.required("mode", choice(&modes));
    let cube = section.required("cube_cuft", positive(1_000_000));
    let payload = section.required("payload_lb", positive(1_000_000));
    let fill = section.or("fill", Ppm::ONE, share(1, 1_000_000));
    let length = section.required("length_ft", feet);
    let height = section.required("height_ft", feet);
    let width = section.required("width_ft", feet);
    let weight = section.required("gross_weight_lb", pounds);
    let speed_factor = section.or("speed_factor", Ppm::ONE, share(50_000, 2_000_000));
    let mph = |value: &DeValue<'_>| {
        let thousandths = decimal(3, 1_000..=200_000)(value)?;
        Ok(u32::try_from(thousandths).unwrap_or(u32::MAX))
    };
    let caps = by_road_class(section.section("speed_caps_mph"), mph);
    let rates = rates(&section);
    let dwell = section.required("dwell_fixed_min", minutes);
    let unload = section.required("unload_per_piece_s", seconds);
    let day = section.required("day_hours", day);
    section.finish();
    Some(VehicleClass {
        name: name.to_owned(),
        mode: mode?,
        cube_millicuft: cube?,
        payload_millilb: payload?,
        fill,
        length_mm: length?,
        height_mm: height?,
        width_mm: width?,
        weight_kg: weight?,
        speed_caps_millimph: caps,
        speed_factor,
        rates: rates?,
        dwell_fixed: dwell?,
        unload_per_piece: unload?,
        day: day?,
    })
}

fn rates(section: &Section<'_, '_>) -> Option<Rates> {
    let fuel = section.required("fuel_per_mile", money);
    let repair = section.required("repair_per_mile", money);
    let tires = section.required("tires_per_mile", money);
    let wages = section.required("wages_per_hour", money);
    let benefits = section.required("benefits_per_hour", money);
    let fixed = section.required("fixed_per_day", money);
    let stop = section.required("per_stop", money);
    let piece = section.required("per_piece", money);
    let toll = section.required("toll_per_mile", money);
    Some(Rates {
        fuel_per_mile: fuel?,
        repair_per_mile: repair?,
        tires_per_mile: tires?,
        wages_per_hour: wages?,
        benefits_per_hour: benefits?,
        fixed_per_day: fixed?,
        per_stop: stop?,
        per_piece: piece?,
        toll_per_mile: toll?,
    })
}

/// A setting of each road class that is named.
pub(super) fn by_road_class<T: Copy>(
    section: Section<'_, '_>,
    rule: impl Fn(&DeValue<'_>) -> Result<T, Finding>,
) -> [Option<T>; RoadClass::ALL.len()] {
    let mut values = [None; RoadClass::ALL.len()];
    for (class, value) in RoadClass::ALL.iter().zip(values.iter_mut()) {
        *value = section.optional(class.name(), &rule);
    }
    section.finish();
    values
}

/// Reports the vehicle classes that settings name and the file lacks.
pub(crate) fn unknown_vehicle(name: &str, classes: &[VehicleClass]) -> Option<Finding> {
    if classes.iter().any(|c| c.name == name) {
        return None;
    }
    let message = format!("`cost.vehicles` names the unknown class `{name}`");
    Some(unknown_class(Code::UnknownVehicle, message, name, classes))
}

/// A finding about a name that is no class, with the nearest one.
pub(super) fn unknown_class(code: Code, message: String, name: &str, classes: &[VehicleClass]) -> Finding {
    let near = crate::diagnostics::did_you_mean(name, classes.iter().map(|c| c.name.as_str()));
    let help = near.map_or_else(|| code.action().to_owned(), |n| format!("did you mean `{n}`?"));
    Finding::new(code, message, help)
}
