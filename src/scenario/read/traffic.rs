//! `[[traffic]]`: departure windows with their speeds.

use super::vehicles::by_road_class;
use crate::diagnostics::Code;
use crate::scenario::doc::{Section, clock, share, text};
use crate::scenario::rules::{Finding, id};
use crate::scenario::traffic::DAY_MINUTES;
use crate::scenario::{Traffic, TrafficWindow};
use crate::units::{ClockTime, Ppm};
use std::ops::Range;
use toml::de::DeValue;

/// Reads all windows, sorted by their first minute.
pub(super) fn traffic(root: &Section<'_, '_>) -> Traffic {
    const KEY: &str = "traffic";
    let Some((value, at)) = root.value(KEY) else { return Traffic::default() };
    let DeValue::Array(items) = value else {
        let help = "write [[traffic]] in two brackets, once a window";
        root.report(KEY, at, Finding::new(Code::WrongType, "`traffic` is not a list of tables", help));
        return Traffic::default();
    };
    let mut read: Vec<(TrafficWindow, Range<usize>)> = Vec::new();
    for item in items.iter() {
        let section = root.as_section(KEY, item.get_ref(), item.span());
        let Some((window, at)) = section.and_then(|section| window(section, item.span())) else { continue };
        if read.iter().any(|(other, _)| other.name == window.name) {
            let message = format!("two windows are named \"{}\"", window.name);
            root.report("traffic.name", at, Finding::new(Code::SettingOutOfRange, message, "name each window once"));
        } else {
            read.push((window, at));
        }
    }
    read.sort_by_key(|(window, _)| (window.from, window.to));
    report_overlaps(root, &read);
    Traffic { windows: read.into_iter().map(|(window, _)| window).collect() }
}

/// A window and the place of its name.
fn window(section: Section<'_, '_>, whole: Range<usize>) -> Option<(TrafficWindow, Range<usize>)> {
    let name = section.required("name", name);
    let from = section.required("from", minute);
    let to = section.required("to", minute);
    let factor = share(50_000, 2_000_000);
    let speed_factor = section.or("speed_factor", Ppm::ONE, &factor);
    let by_class = by_road_class(section.section("speed_factor_by_class"), &factor);
    let at = section.value("name").map_or(whole, |(_, at)| at);
    if let (Some(from), Some(to), Some((_, at))) = (from, to, section.value("to"))
        && from == to
    {
        let help = "end it at another minute; for all day use the vehicles' speed_factor";
        section.report("to", at, Finding::new(Code::SettingOutOfRange, "the window ends where it begins", help));
        return None;
    }
    section.finish();
    Some((TrafficWindow { name: name?, from: from?, to: to?, speed_factor, by_class }, at))
}

fn name(value: &DeValue<'_>) -> Result<String, Finding> {
    let out_of_range = |message: &str, help: &str| Finding::new(Code::SettingOutOfRange, message, help);
    let name = text(value)?;
    if name.is_empty() || name == Traffic::FREE_FLOW {
        return Err(out_of_range("is no name for a window", "give a name; \"free_flow\" means outside all windows"));
    }
    id(&name)
        .map(|reading| reading.value)
        .map_err(|f| out_of_range(&format!("is out of range: {}", f.message), &f.help))
}

/// A time without day mark, in minutes of the day.
fn minute(value: &DeValue<'_>) -> Result<u16, Finding> {
    let ClockTime(minutes) = clock(value)?;
    let minute = u16::try_from(minutes).ok().filter(|minute| *minute < DAY_MINUTES);
    minute.ok_or_else(|| {
        let help = "leave out -1d and +1d; a window that ends before it begins crosses midnight";
        Finding::new(Code::SettingOutOfRange, "is not a time of every day", help)
    })
}

/// Reports each window that holds a minute of an earlier one, once.
fn report_overlaps(root: &Section<'_, '_>, read: &[(TrafficWindow, Range<usize>)]) {
    for (position, (window, at)) in read.iter().enumerate() {
        let clash = (0..DAY_MINUTES).filter(|minute| window.holds(*minute)).find_map(|minute| {
            let other = read[..position].iter().find(|(other, _)| other.holds(minute))?;
            Some((&other.0.name, ClockTime(i32::from(minute))))
        });
        if let Some((other, minute)) = clash {
            let message = format!("window \"{}\" holds {minute}, and so does \"{other}\"", window.name);
            root.report("traffic.name", at.clone(), Finding::plain(Code::TrafficOverlap, message));
        }
    }
}
