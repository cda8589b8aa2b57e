//! The current plan of a run, with what an iteration changed so that it can be taken back.

use super::Found;
use super::tour::Tour;
use crate::routes::net::Net;

/// Where no route is.
pub(super) const NOWHERE: usize = usize::MAX;

/// Routes, and where each point is.
#[derive(Clone, Debug)]
pub(super) struct State<'n> {
    pub(super) net: &'n Net,
    pub(super) tours: Vec<Tour>,
    /// Tour of each point, or [`NOWHERE`].
    pub(super) tour_of: Vec<usize>,
    /// Points on no route.
    pub(super) absent: Vec<usize>,
    /// Vehicles of each class that are still free.
    pub(super) free: Vec<usize>,
    /// Cost of all tours.
    pub(super) cost: i64,
    /// Price of an absent point.
    pub(super) penalty: i64,
    backup: Vec<(usize, Tour)>,
    spare: Vec<Tour>,
    absent_before: Vec<usize>,
    cost_before: i64,
}

impl<'n> State<'n> {
    /// Nothing served.
    pub(super) fn new(net: &'n Net) -> Self {
        Self {
            net,
            tours: Vec::new(),
            tour_of: vec![NOWHERE; net.points],
            absent: net.stops().collect(),
            free: net.classes.iter().map(|c| c.available).collect(),
            cost: 0,
            penalty: net.penalty(),
            backup: Vec::new(),
            spare: Vec::new(),
            absent_before: Vec::new(),
            cost_before: 0,
        }
    }

    /// Cost with the price of what is unserved.
    pub(super) fn value(&self) -> i64 {
        self.cost + self.penalty * i64::try_from(self.absent.len()).unwrap_or(i64::MAX)
    }

    /// From here on changes can be taken back.
    pub(super) fn mark(&mut self) {
        self.spare.extend(self.backup.drain(..).map(|(_, tour)| tour));
        self.absent_before.clone_from(&self.absent);
        self.cost_before = self.cost;
    }

    /// Keeps a copy of a tour before its first change since the mark.
    fn keep(&mut self, tour: usize) {
        if self.backup.iter().any(|(t, _)| *t == tour) {
            return;
        }
        let mut copy = self.spare.pop().unwrap_or_default();
        if let Some(original) = self.tours.get(tour) {
            copy.assign(original);
        }
        self.backup.push((tour, copy));
    }

    /// Takes everything since the mark back.
    pub(super) fn undo(&mut self) {
        // First all that left, then all that was there, as points may have changed places.
        let changed = std::mem::take(&mut self.backup);
        for (tour, _) in &changed {
            self.vacate(*tour);
        }
        for (index, old) in &changed {
            if let Some(tour) = self.tours.get_mut(*index) {
                tour.assign(old);
            }
            self.occupy(*index);
        }
        self.spare.extend(changed.into_iter().map(|(_, tour)| tour));
        std::mem::swap(&mut self.absent, &mut self.absent_before);
        self.cost = self.cost_before;
    }

    /// Forgets whose tour the points are, and gives the vehicle back.
    fn vacate(&mut self, index: usize) {
        let Some(tour) = self.tours.get(index) else { return };
        for &point in &tour.points {
            // It may have been put on another tour already.
            if let Some(of) = self.tour_of.get_mut(point).filter(|of| **of == index) {
                *of = NOWHERE;
            }
        }
        if !tour.points.is_empty()
            && let Some(free) = self.free.get_mut(tour.class)
        {
            *free = free.saturating_add(1);
        }
    }

    fn occupy(&mut self, index: usize) {
        let Some(tour) = self.tours.get(index) else { return };
        for &point in &tour.points {
            if let Some(of) = self.tour_of.get_mut(point) {
                *of = index;
            }
        }
        if !tour.points.is_empty()
            && let Some(free) = self.free.get_mut(tour.class)
        {
            *free = free.saturating_sub(1);
        }
    }

    /// Gives a tour another class and other points. False, and nothing changed, if that is no route.
    pub(super) fn set(&mut self, index: usize, class: usize, points: &[usize]) -> bool {
        while self.tours.len() <= index {
            self.tours.push(Tour::default());
        }
        self.keep(index);
        let mut new = self.spare.pop().unwrap_or_default();
        new.class = class;
        new.points.clear();
        new.points.extend_from_slice(points);
        if !new.refresh(self.net) {
            self.spare.push(new);
            return false;
        }
        self.vacate(index);
        if let Some(tour) = self.tours.get_mut(index) {
            self.cost += new.cost - tour.cost;
            std::mem::swap(tour, &mut new);
        }
        self.spare.push(new);
        self.occupy(index);
        true
    }

    /// A slot without points.
    pub(super) fn empty_slot(&self) -> usize {
        self.tours.iter().position(|t| t.points.is_empty()).unwrap_or(self.tours.len())
    }

    /// The cheapest free class for points in this order, and the cost; `own` counts as free.
    pub(super) fn cheapest_class(&self, points: &[usize], own: Option<usize>) -> Option<(i64, usize)> {
        let free = |class: usize| own == Some(class) || self.free.get(class).is_some_and(|f| *f > 0);
        let cost = |class| self.net.cost(class, points).map(|cost| (cost, class));
        (0..self.net.classes.len()).filter(|c| free(*c)).filter_map(cost).min()
    }

    /// The plan as it stands.
    pub(super) fn found(&self) -> Found {
        let routes = self.tours.iter().filter(|t| !t.points.is_empty()).map(|t| (t.class, t.points.clone()));
        Found { routes: routes.collect(), cost: self.cost, unserved: self.absent.clone() }
    }
}
