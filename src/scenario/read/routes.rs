//! `[routes]`: what routes may be, and how hard they are sought.

use crate::scenario::doc::{Section, boolean, choice, decimal, integer};
use crate::scenario::rules::Finding;
use crate::scenario::{RouteCost, RouteSettings};
use crate::units::Millis;
use toml::de::DeValue;

pub(super) fn routes(section: Section<'_, '_>) -> RouteSettings {
    let d = RouteSettings::default();
    let routes = RouteSettings {
        driving_limit: section.or("driving_limit_h", d.driving_limit, hours),
        duty_limit: section.or("duty_limit_h", d.duty_limit, hours),
        return_counts: section.or("return_counts", d.return_counts, boolean),
        iterations: section.or("iterations", d.iterations, integer(0..=100_000_000)),
        labels: section.or("labels", d.labels, integer(0..=100_000_000)),
        samples: section.or("samples", d.samples, integer(1..=100_000)),
        award_cost: section.or("award_cost", d.award_cost, choice(&RouteCost::ALL.map(|c| (c.word(), c)))),
        award_rounds: section.or("award_rounds", d.award_rounds, integer(1..=100)),
    };
    section.finish();
    routes
}

/// Hours above zero with up to three decimals, at most a week.
fn hours(value: &DeValue<'_>) -> Result<Millis, Finding> {
    let thousandths = decimal(3, 1..=168_000)(value)?;
    Ok(Millis(u32::try_from(thousandths * 3_600).unwrap_or(u32::MAX)))
}
