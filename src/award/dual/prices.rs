//! Multipliers, and what every way to win is worth less the rules it uses.
//!
//! A price is a whole number of `2^-20` micro-dollars per unit of its rule's left side. Reduced values are whole numbers
//! of `1/256` micro-dollar and rounded up, so what they add up to is never less than the exact value: the bound holds
//! whatever the prices are.

use super::problem::{Package, Problem};

/// Reduced values per micro-dollar, as a power of two.
pub(super) const VALUE_BITS: u32 = 8;
/// Prices per micro-dollar, as a power of two.
pub(super) const PRICE_BITS: u32 = 20;
const SHIFT: u32 = PRICE_BITS - VALUE_BITS;
/// No reduced value is larger, so that sums over a block stay far from the end of 64 bits.
const LARGEST: i128 = 1 << 56;

/// Multipliers: a price per link, and each package's value dealt out over its copies.
#[derive(Clone, Debug)]
pub(super) struct Prices {
    pub(super) lambda: Vec<i64>,
    /// Right side of each link, less what presences count that are known to be there.
    pub(super) at_most: Vec<i128>,
    /// By copy, in `1/256` micro-dollars, before the package's priced terms; they sum to the package's value.
    pub(super) dealt: Vec<i64>,
    /// By charge, in `1/256` micro-dollars; none is negative.
    pub(super) charges: Vec<i64>,
}

/// Reduced values under some prices.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    /// By way: at its least quantity, and per further piece.
    pub(super) ways: Vec<(i64, i64)>,
    /// By copy.
    pub(super) shares: Vec<i64>,
    /// By charge: what its block pays.
    pub(super) charges: Vec<i64>,
    /// A value was cut off: they bound nothing.
    pub(super) overflow: bool,
}

/// `x / 2^SHIFT`, rounded up.
const fn up(x: i128) -> i128 {
    -((-x) >> SHIFT)
}

impl Prices {
    /// No rule priced, packages dealt out by pieces.
    pub(super) fn start(problem: &Problem<'_>) -> Self {
        let at_most = problem.links.iter().map(|l| l.at_most).collect();
        let (lambda, dealt) = (vec![0; problem.links.len()], vec![0; problem.copies.len()]);
        let mut prices = Self { lambda, at_most, dealt, charges: vec![0; problem.charges.len()] };
        for package in &problem.packages {
            let value = package_value(problem, package);
            prices.deal(package, value, |at| i128::from(problem.copies[at].volume));
        }
        prices
    }

    /// Deals a sum out over the copies of a package by weights; the last copy takes the rest.
    fn deal(&mut self, package: &Package, sum: i128, weight: impl Fn(usize) -> i128) {
        let all: i128 = package.copies.clone().map(&weight).sum::<i128>().max(1);
        let mut left = sum;
        for at in package.copies.clone() {
            let part = if at + 1 == package.copies.end { left } else { sum * weight(at) / all };
            left -= part;
            self.dealt[at] = part as i64;
        }
    }

    /// Price of an offer's terms as it wins and by piece, in `2^-20` micro-dollars.
    pub(super) fn of(&self, problem: &Problem<'_>, offer: u32, common: i128) -> (i128, i128) {
        let (size_win, size_unit) = problem.size[offer as usize];
        let (mut win, mut unit) = (common * i128::from(size_win), common * i128::from(size_unit));
        for &(link, term) in &problem.links_of[offer as usize] {
            let lambda = i128::from(self.lambda[link as usize]);
            if lambda != 0 {
                let term = &problem.links[link as usize].terms[term as usize];
                win += lambda * i128::from(term.per_win);
                unit += lambda * i128::from(term.per_unit);
            }
        }
        (win, unit)
    }

    /// Price of every piece of every offer.
    pub(super) fn common(&self, problem: &Problem<'_>) -> i128 {
        problem.links.iter().zip(&self.lambda).map(|(l, p)| i128::from(l.common) * i128::from(*p)).sum()
    }

    /// `Σ price × right side`, in `2^-20` micro-dollars.
    pub(super) fn rights(&self) -> i128 {
        self.at_most.iter().zip(&self.lambda).map(|(right, p)| right * i128::from(*p)).sum()
    }

    /// All reduced values.
    pub(super) fn values(&self, problem: &Problem<'_>, values: &mut Values) {
        values.overflow = false;
        values.ways.resize(problem.ways.len(), (0, 0));
        values.shares.resize(problem.copies.len(), 0);
        values.charges.clone_from(&self.charges);
        let common = self.common(problem);
        for offer in 0..problem.offers.len() as u32 {
            self.values_of(problem, offer, common, values);
        }
    }

    /// Reduced values of one offer.
    pub(super) fn values_of(&self, problem: &Problem<'_>, offer: u32, common: i128, values: &mut Values) {
        use super::problem::Place;
        let (win, unit) = self.of(problem, offer, common);
        let mut within = |x: i128| {
            if x.abs() >= LARGEST {
                values.overflow = true;
            }
            x.clamp(-LARGEST, LARGEST) as i64
        };
        match problem.place[offer as usize] {
            Place::Item(_, item) => {
                let range = problem.items[item as usize].ways.clone();
                let pieces = &problem.model.offers[problem.offers[offer as usize]].pieces;
                for at in range.start as usize..range.end as usize {
                    let way = problem.ways[at];
                    let value = pieces[way.piece as usize].value;
                    let at_lo = (value.at(way.lo) << PRICE_BITS) - win - unit * i128::from(way.lo);
                    let slope = (i128::from(value.per_unit) << PRICE_BITS) - unit;
                    values.ways[at] = (within(up(at_lo)), within(up(slope)));
                }
            }
            Place::Package(package) => {
                let package = &problem.packages[package as usize];
                for at in package.copies.clone() {
                    let part = win * i128::from(problem.copies[at].volume);
                    let part = (-part).div_euclid(i128::from(package.volume.max(1)));
                    values.shares[at] = within(i128::from(self.dealt[at]) + up(part + 1));
                }
            }
        }
    }
}

/// Value of a package in `1/256` micro-dollars.
pub(super) fn package_value(problem: &Problem<'_>, package: &Package) -> i128 {
    let offer = &problem.model.offers[problem.offers[package.offer as usize]];
    offer.pieces.first().map_or(0, |p| p.value.at(p.lo)) << VALUE_BITS
}
