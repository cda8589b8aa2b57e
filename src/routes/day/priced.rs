//! Routes of a hub that could bring bid lines, under prices of the lines: what an integrated award is bounded with.
//!
//! A line's volume is not known before the award, so each line is one *item* or several, by ranges of its volume; an item counts with
//! the least volume of its range. What a route costs beyond the least handling of its pieces only grows with them, so the cost
//! of a route over items is a lower bound on any route that brings volumes of these ranges. Where lines may win more pieces together
//! than a vehicle brings, each may come in parts, and counts one piece. Lines of one stop are unloaded in one visit. Docks that are taken and
//! the driving limit are left out. So prices that no route exceeds are a lower bound on what routes cost, whatever is won.

use super::case::HubCase;
use super::search::{DayError, Wanted, Windows, problem, window};
use crate::routes::exact::{ExactOptions, Paying, PricedRoute, can_price, paying};
use crate::routes::net::Net;
use crate::units::{MicroDollars, Pieces};

/// A line with a range of its volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Position in [`HubCase::stops`].
    pub stop: usize,
    /// Items of one line exclude each other; numbers of lines are the caller's.
    pub line: usize,
    /// Least pieces of the range.
    pub least: Pieces,
}

/// A route over items.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemRoute {
    /// Positions of items; one that comes twice on the route is there twice.
    pub items: Vec<usize>,
    /// What it costs without the handling of its pieces at [`PricedHub::handling`]; a lower bound.
    pub cost: MicroDollars,
}

/// Routes that cost less than their items' prices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayingRoutes {
    /// Best first, class by class.
    pub routes: Vec<ItemRoute>,
    /// No route costs less than its items' prices by more than this; `None` when that was not worked out.
    pub loss: Option<MicroDollars>,
}

/// A hub's items, ready to be priced.
#[derive(Clone, Debug)]
pub struct PricedHub {
    net: Net,
    /// By point but the depot: its item.
    items: Vec<usize>,
    /// By point: its line.
    lines: Vec<usize>,
    /// Least cost of handling a piece by any class.
    pub handling: MicroDollars,
    options: ExactOptions,
}

/// Least cost of handling a piece by any class of a hub.
fn handling(case: &HubCase<'_>) -> MicroDollars {
    case.classes.iter().map(|class| class.class.rates.per_piece).min().unwrap_or(MicroDollars::ZERO)
}

impl PricedHub {
    /// Puts items on the map. `None` when there are more than can be priced; items that no vehicle reaches are left out.
    ///
    /// # Errors
    /// [`DayError`] when a rate is beyond what routes are computed with.
    pub fn new(case: &HubCase<'_>, items: &[Item]) -> Result<Option<Self>, DayError> {
        let handling = handling(case);
        let wanted = items.iter().enumerate().filter_map(|(at, item)| {
            let window = window(case, item.stop, Windows::Own)?;
            Some((at, Wanted { stop: item.stop, pieces: item.least, window }))
        });
        let (kept, wanted): (Vec<usize>, Vec<Wanted>) = wanted.unzip();
        let mut net = Net::new(&problem(case, &wanted, handling)?);
        if !can_price(&net) {
            return Ok(None);
        }
        let setup: Vec<i64> = case.classes.iter().map(|class| i64::from(class.class.dwell_fixed.0)).collect();
        let of = |point: usize| items[kept[point - 1]];
        for from in net.stops() {
            for to in net.stops().filter(|to| *to != from) {
                if of(from).line == of(to).line {
                    net.part(from, to);
                } else if of(from).stop == of(to).stop {
                    net.join(from, to, &setup);
                }
            }
        }
        let labels = usize::try_from(case.scenario.settings.routes.labels).unwrap_or(usize::MAX);
        let options = ExactOptions { labels, ..ExactOptions::default() };
        let lines = std::iter::once(usize::MAX).chain(kept.iter().map(|item| items[*item].line)).collect();
        Ok(Some(Self { net, items: kept, lines, handling, options }))
    }

    /// The cheapest route to each item by itself.
    #[must_use]
    pub fn singles(&self) -> Vec<ItemRoute> {
        let single = |point: usize| {
            let costs = (0..self.net.classes.len()).filter_map(|class| self.net.cost(class, &[point]));
            Some(ItemRoute { items: vec![*self.items.get(point - 1)?], cost: MicroDollars(costs.min()?) })
        };
        self.net.stops().filter_map(single).collect()
    }

    /// Routes that cost less than the prices of their items, in micro-dollars by item. With `exact` the loss is proven, within the limit of
    /// labels of the scenario.
    #[must_use]
    pub fn paying(&self, prices: &[i64], exact: bool) -> PayingRoutes {
        let price = |item: &usize| prices.get(*item).copied().unwrap_or(0);
        let points: Vec<i64> = std::iter::once(0).chain(self.items.iter().map(price)).collect();
        let Paying { routes, loss } = paying(&self.net, &self.lines, &points, exact, self.options);
        let route = |PricedRoute { points, cost }: PricedRoute| {
            let items = points.iter().filter_map(|point| self.items.get(point - 1).copied());
            ItemRoute { items: items.collect(), cost }
        };
        PayingRoutes { routes: routes.into_iter().map(route).collect(), loss }
    }

    /// Items that some vehicle reaches by itself.
    #[must_use]
    pub fn reached(&self) -> Vec<usize> {
        let singles = self.singles();
        singles.into_iter().flat_map(|route| route.items).collect()
    }
}

/// Whether lines may win more pieces at a stop together than any vehicle brings there at once.
#[must_use]
pub fn comes_in_parts(case: &HubCase<'_>, stop: usize, most: u64) -> bool {
    let fits = (0..case.classes.len()).filter(|class| case.serves(*class, stop));
    let room = fits.map(|class| room(case, class, stop)).max().unwrap_or(0);
    most > room
}

/// Most pieces of a class on a direct trip within window and duty.
fn room(case: &HubCase<'_>, class: usize, stop: usize) -> u64 {
    let free = super::docks::Docks::of(case.scenario).without_limits();
    let can = |pieces: u32| super::timetable::timetable(case, &free, class, &[(stop, Pieces(pieces))]).is_some();
    let load = case.classes[class].load.0;
    if can(load) {
        return u64::from(load);
    }
    let (mut fits, mut over) = (0, load);
    while over - fits > 1 {
        let middle = fits + (over - fits) / 2;
        if can(middle) { fits = middle } else { over = middle }
    }
    u64::from(fits)
}
