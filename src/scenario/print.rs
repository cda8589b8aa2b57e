//! Effective settings as TOML: every value, defaults included. Reading it back gives the same settings.

use super::{AwardSettings, Ddu, MinimumWinners, QuoteSettings, Scope, SetAside, Settings, Variant};
use crate::road_class::RoadClass;
use crate::units::{ClockTime, MicroDollars, Millis, Ppm};
use std::fmt::{Display, Write as _};

impl Settings {
    /// The sections of `scenario.toml` with every effective value. `[inputs]` holds only `outside_map`: which files
    /// are read is not a setting. Limits that are off are left out. `ddus` are those of the scenario, which rules of the
    /// policy name.
    #[must_use]
    pub fn to_toml(&self, ddus: &[Ddu]) -> String {
        let Self {
            name,
            operating_date,
            seed,
            parcel,
            map,
            turns,
            traffic,
            cost,
            routes,
            award,
            data,
            quote,
            variants,
        } = self;
        let mut out = Writer(String::new());
        out.section("scenario");
        out.text("name", name);
        out.plain("operating_date", operating_date);
        out.plain("seed", seed);
        out.section("inputs");
        out.text("outside_map", data.outside_map.word());
        out.section("parcel");
        out.plain("mean_cube_cuft", thousandths(parcel.mean_cube_millicuft));
        out.plain("mean_weight_lb", thousandths(parcel.mean_weight_millilb));
        out.section("map");
        out.plain("snap_warn_m", map.snap_warn_m);
        out.plain("snap_limit_m", map.snap_limit_m);
        out.plain("island_tolerance_m", map.island_tolerance_m);
        out.plain("border_buffer_m", map.border_buffer_m);
        out.section("turns");
        out.plain("right_s", turns.right);
        out.plain("left_s", turns.left);
        out.plain("u_turn_s", turns.u_turn);
        out.plain("signal_s", turns.signal);
        out.plain("stop_s", turns.stop);
        out.section("cost");
        out.plain("deadhead_share", share(cost.deadhead_share));
        out.texts("vehicles", cost.vehicles.iter().map(String::as_str));
        out.plain("planned_volume", cost.planned_volume);
        out.section("routes");
        out.plain("driving_limit_h", hours(routes.driving_limit));
        out.plain("duty_limit_h", hours(routes.duty_limit));
        out.plain("return_counts", routes.return_counts);
        out.plain("iterations", routes.iterations);
        out.plain("labels", routes.labels);
        out.plain("samples", routes.samples);
        out.text("award_cost", routes.award_cost.word());
        out.plain("award_rounds", routes.award_rounds);
        out.section("award");
        out.text("objective", award.objective.word());
        out.limit("share_cap", award.share_cap.map(share));
        out.text("share_base", award.share_base.word());
        out.limit("dock_window_min", award.dock_window.map(minutes));
        out.limit("alternative_rate", award.alternative_rate.map(money));
        out.texts("criteria", award.criteria.iter().map(|c| c.word()));
        out.plain("winning_levels", award.winning_levels);
        out.plain("winning_level_step", money(award.winning_level_step));
        out.text("payments", award.payments.word());
        out.plain("drop_outs", award.drop_outs);
        out.plain("synergies", award.synergies);
        out.plain("gap_tolerance", share(award.gap_tolerance));
        out.limit("node_limit", award.node_limit);
        out.limit("time_limit_s", award.time_limit_s);
        out.minimum_winners("award", &award.minimum_winners, ddus);
        out.set_asides("award", &award.set_asides, ddus);
        out.quote(quote);
        out.section("data");
        out.text("duplicates", data.duplicates.word());
        out.plain("operating_days_per_week", data.operating_days_per_week);
        out.time("default_release", data.default_release);
        out.time("default_dock_open", data.default_dock_open);
        out.time("default_dock_close", data.default_dock_close);
        out.time("default_cet_same_day", data.default_cet_same_day);
        out.time("default_cet_next_day", data.default_cet_next_day);
        out.plain("default_capacity", data.default_capacity);
        out.plain("default_attributable_cost", money(data.default_attributable_cost));
        if let Some(zone) = data.default_timezone.as_ref().and_then(|z| z.iana_name()) {
            out.text("default_timezone", zone);
        }
        for window in &traffic.windows {
            out.item("traffic");
            out.text("name", &window.name);
            out.text("from", &time_of_day(window.from));
            out.text("to", &time_of_day(window.to));
            out.plain("speed_factor", share(window.speed_factor));
            let named = RoadClass::ALL.iter().zip(window.by_class).filter_map(|(class, factor)| Some((class, factor?)));
            let named: Vec<_> = named.collect();
            if !named.is_empty() {
                out.section("traffic.speed_factor_by_class");
                named.into_iter().for_each(|(class, factor)| out.plain(class.name(), share(factor)));
            }
        }
        for variant in variants {
            out.variant(variant, award, ddus);
        }
        out.0
    }
}

struct Writer(String);

impl Writer {
    fn section(&mut self, name: &str) {
        let gap = if self.0.is_empty() { "" } else { "\n" };
        let _ = writeln!(self.0, "{gap}[{name}]");
    }

    /// A table of a list of tables.
    fn item(&mut self, name: &str) {
        let _ = writeln!(self.0, "\n[[{name}]]");
    }

    /// Where a rule holds.
    fn scope(&mut self, scope: &Scope, ddus: &[Ddu]) {
        match scope {
            Scope::All => {}
            Scope::Region(region) => self.text("region", region),
            Scope::Ddu(ddu) => self.text("ddu", ddus.get(ddu.index()).map_or("", |ddu| ddu.id.as_str())),
        }
    }

    fn minimum_winners(&mut self, section: &str, rules: &[MinimumWinners], ddus: &[Ddu]) {
        for rule in rules {
            self.item(&format!("{section}.minimum_winners"));
            self.plain("at_least", rule.at_least);
            self.scope(&rule.scope, ddus);
        }
    }

    fn set_asides(&mut self, section: &str, rules: &[SetAside], ddus: &[Ddu]) {
        for rule in rules {
            self.item(&format!("{section}.set_aside"));
            self.text("class", &rule.class);
            self.plain("share", share(rule.share));
            self.scope(&rule.scope, ddus);
        }
    }

    fn quote(&mut self, quote: &QuoteSettings) {
        self.section("quote");
        if let Some(shipper) = &quote.shipper {
            self.text("shipper", shipper);
        }
        self.text("service", quote.service.word());
        self.plain("margin", share(quote.margin));
        self.plain("price_step", money(quote.price_step));
        self.plain("tender_slack_min", quote.tender_slack_min);
        for (name, [low, high]) in [("volume", quote.volume), ("fuel", quote.fuel), ("wage", quote.wage)] {
            self.plain(&format!("{name}_low"), share(low));
            self.plain(&format!("{name}_high"), share(high));
        }
        self.plain("trips_per_vehicle", quote.trips_per_vehicle);
        self.plain("bundle_units", quote.bundle_units);
        self.plain("bundles", quote.bundles);
        self.texts("assumed", quote.assumed.iter().map(String::as_str));
        for limit in &quote.fleet {
            self.item("quote.fleet");
            if let Some(hub) = &limit.hub {
                self.text("hub", hub);
            }
            self.text("vehicle", &limit.vehicle);
            self.plain("count", limit.count);
        }
    }

    /// A variant: what differs from the scenario, and nothing else.
    fn variant(&mut self, variant: &Variant, base: &AwardSettings, ddus: &[Ddu]) {
        let award = &variant.award;
        let (winners, asides) = (&award.minimum_winners, &award.set_asides);
        self.item("variant");
        self.text("name", &variant.name);
        let without = [
            ("share_cap", award.share_cap.is_none() && base.share_cap.is_some()),
            ("dock_window_min", award.dock_window.is_none() && base.dock_window.is_some()),
            ("alternative_rate", award.alternative_rate.is_none() && base.alternative_rate.is_some()),
            ("minimum_winners", winners.is_empty() && !base.minimum_winners.is_empty()),
            ("set_aside", asides.is_empty() && !base.set_asides.is_empty()),
            ("overrides", !variant.with_overrides),
        ];
        let without: Vec<&str> = without.into_iter().filter(|(_, out)| *out).map(|(word, _)| word).collect();
        if !without.is_empty() {
            self.texts("without", without.into_iter());
        }
        if award.objective != base.objective {
            self.text("objective", award.objective.word());
        }
        self.limit("share_cap", award.share_cap.filter(|_| award.share_cap != base.share_cap).map(share));
        if award.share_base != base.share_base {
            self.text("share_base", award.share_base.word());
        }
        self.limit("dock_window_min", award.dock_window.filter(|_| award.dock_window != base.dock_window).map(minutes));
        let rate = award.alternative_rate.filter(|_| award.alternative_rate != base.alternative_rate);
        self.limit("alternative_rate", rate.map(money));
        if award.criteria != base.criteria {
            self.texts("criteria", award.criteria.iter().map(|c| c.word()));
        }
        let gap = Some(award.gap_tolerance).filter(|gap| *gap != base.gap_tolerance);
        self.limit("gap_tolerance", gap.map(share));
        self.limit("node_limit", award.node_limit.filter(|_| award.node_limit != base.node_limit));
        self.limit("time_limit_s", award.time_limit_s.filter(|_| award.time_limit_s != base.time_limit_s));
        let factors = [
            ("volume_factor", variant.volume_factor),
            ("fuel_factor", variant.fuel_factor),
            ("wage_factor", variant.wage_factor),
        ];
        for (key, factor) in factors.into_iter().filter(|(_, factor)| *factor != Ppm::ONE) {
            self.plain(key, share(factor));
        }
        if *winners != base.minimum_winners {
            self.minimum_winners("variant", winners, ddus);
        }
        if *asides != base.set_asides {
            self.set_asides("variant", asides, ddus);
        }
    }

    fn plain(&mut self, key: &str, value: impl Display) {
        let _ = writeln!(self.0, "{key} = {value}");
    }

    fn text(&mut self, key: &str, value: &str) {
        self.plain(key, toml::Value::from(value));
    }

    fn time(&mut self, key: &str, value: ClockTime) {
        self.text(key, &value.to_string());
    }

    fn texts<'a>(&mut self, key: &str, values: impl Iterator<Item = &'a str>) {
        self.plain(key, toml::Value::Array(values.map(toml::Value::from).collect()));
    }

    fn limit(&mut self, key: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.plain(key, value);
        }
    }
}

fn thousandths(value: u64) -> String {
    format!("{}.{:03}", value / 1_000, value % 1_000)
}

fn share(value: Ppm) -> String {
    format!("{}.{:06}", value.0 / 1_000_000, value.0 % 1_000_000)
}

fn money(value: MicroDollars) -> String {
    value.to_string()
}

fn time_of_day(minute: u16) -> String {
    ClockTime(i32::from(minute)).to_string()
}

fn hours(value: Millis) -> String {
    thousandths(u64::from(value.0 / 3_600))
}

fn minutes(value: Millis) -> String {
    thousandths(u64::from(value.0 / 60))
}
