//! The linear programme over the routes found so far, solved by HiGHS.
//!
//! A row for each stop (served exactly once, or unserved at a price) and for each class with a limited number of vehicles. Floats
//! leave this file only as dual prices, which are rounded to integers (any prices give a valid bound), and as guesses of which routes
//! to choose, which are checked.

use super::ExactError;
use super::prices::Prices;
use crate::routes::net::Net;
use crate::solver::{self, Ended, Setup, SolverError, Stop};
use highs::{ColProblem, Model, Row, RowProblem, Sense};

const TOLERANCE: f64 = 1e-9;

/// A route as a column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Column {
    pub(super) class: usize,
    pub(super) points: Vec<usize>,
    /// Exact, in micro-dollars.
    pub(super) cost: i64,
}

/// The programme, kept between columns so that the solver starts where it was.
pub(super) struct Master<'n> {
    net: &'n Net,
    model: Option<Model>,
    stops: Vec<Row>,
    classes: Vec<Option<Row>>,
    /// Micro-dollars in a unit of the programme.
    unit: f64,
    pub(super) columns: Vec<Column>,
}

/// A solved programme.
#[derive(Clone, Debug)]
pub(super) struct Solved {
    pub(super) prices: Prices,
    /// Value of each column.
    pub(super) values: Vec<f64>,
}

impl<'n> Master<'n> {
    pub(super) fn new(net: &'n Net, penalty: i64, scale_of_costs: i64) -> Result<Self, ExactError> {
        let mut problem = ColProblem::default();
        let unit = to_f64(scale_of_costs.max(1));
        let rows: Vec<Row> = net.stops().map(|_| problem.add_row(1.0..=1.0)).collect();
        let classes = net.classes.iter().map(|class| {
            let limited = class.available < net.points - 1;
            limited.then(|| problem.add_row(..=to_f64(i64::try_from(class.available).unwrap_or(i64::MAX))))
        });
        let classes = classes.collect();
        for row in &rows {
            problem.add_column(to_f64(penalty) / unit, 0.0.., [(*row, 1.0)]);
        }
        let mut model = problem.try_optimise(Sense::Minimise).map_err(SolverError::from)?;
        Setup::to_the_end(TOLERANCE).apply(&mut model)?;
        Ok(Self { net, model: Some(model), stops: rows, classes, unit, columns: Vec::new() })
    }

    /// Adds a route.
    pub(super) fn add(&mut self, column: Column) -> Result<(), ExactError> {
        let model = self.model.as_mut().ok_or_else(|| ExactError("no model".to_owned()))?;
        let mut factors: Vec<(Row, f64)> = Vec::with_capacity(column.points.len() + 1);
        for point in &column.points {
            let Some(row) = point.checked_sub(1).and_then(|s| self.stops.get(s)).copied() else { continue };
            match factors.iter_mut().find(|(r, _)| *r == row) {
                Some((_, times)) => *times += 1.0,
                None => factors.push((row, 1.0)),
            }
        }
        factors.extend(self.classes.get(column.class).copied().flatten().map(|row| (row, 1.0)));
        let cost = to_f64(column.cost) / self.unit;
        model.try_add_column(cost, 0.0.., factors).map_err(SolverError::from)?;
        self.columns.push(column);
        Ok(())
    }

    /// Solves it.
    pub(super) fn solve(&mut self, penalty: i64, scale: i64) -> Result<Solved, ExactError> {
        let model = self.model.take().ok_or_else(|| ExactError("no model".to_owned()))?;
        let (solved, ended) = solver::solve(model, Stop::default())?;
        if ended != Ended::Optimal {
            return Err(ExactError(format!("{ended:?}")));
        }
        let solution = solved.get_solution();
        let (rows, values) = (solution.dual_rows(), solution.columns());
        let stops = self.net.points - 1;
        let price = |row: usize| rounded(rows.get(row).copied().unwrap_or(0.0) * self.unit * to_f64(scale));
        let mut points = vec![0];
        points.extend((0..stops).map(|row| price(row).min(penalty.saturating_mul(scale))));
        let mut row = stops;
        let classes = self.classes.iter().map(|limited| {
            limited.map_or(0, |_| {
                row += 1;
                price(row - 1).min(0)
            })
        });
        let prices = Prices { scale, points, classes: classes.collect() };
        let values = values.get(stops..).unwrap_or_default().to_vec();
        self.model = Some(solved.into());
        Ok(Solved { prices, values })
    }
}

/// Positions of columns that HiGHS chooses in whole numbers; none when it finds nothing within its limit of nodes.
pub(super) fn choose(
    net: &Net,
    columns: &[Column],
    penalty: i64,
    unit: i64,
    nodes: u32,
) -> Result<Option<Vec<usize>>, ExactError> {
    let mut problem = RowProblem::default();
    let unit = to_f64(unit.max(1));
    let chosen: Vec<highs::Col> =
        columns.iter().map(|c| problem.add_integer_column(to_f64(c.cost) / unit, 0.0..=1.0)).collect();
    let mut at: Vec<Vec<(highs::Col, f64)>> = vec![Vec::new(); net.points];
    for (column, col) in columns.iter().zip(&chosen) {
        for point in &column.points {
            if let Some(row) = at.get_mut(*point) {
                row.push((*col, 1.0));
            }
        }
    }
    for row in at.into_iter().skip(1) {
        let unserved = problem.add_column(to_f64(penalty) / unit, 0.0..=1.0);
        problem.add_row(1.0..=1.0, row.into_iter().chain([(unserved, 1.0)]));
    }
    for (k, class) in net.classes.iter().enumerate().filter(|(_, class)| class.available < net.points - 1) {
        let own = columns.iter().zip(&chosen).filter(|(c, _)| c.class == k).map(|(_, col)| (*col, 1.0));
        problem.add_row(..=to_f64(i64::try_from(class.available).unwrap_or(i64::MAX)), own.collect::<Vec<_>>());
    }
    let mut model = problem.try_optimise(Sense::Minimise).map_err(SolverError::from)?;
    Setup { nodes: Some(nodes), ..Setup::to_the_end(TOLERANCE) }.apply(&mut model)?;
    let (solved, _) = solver::solve(model, Stop::default())?;
    if !solver::has_solution(&solved) {
        return Ok(None);
    }
    let solution = solved.get_solution();
    let taken = solution.columns().iter().take(columns.len()).enumerate().filter(|(_, v)| **v > 0.5).map(|(i, _)| i);
    Ok(Some(taken.collect()))
}

#[allow(clippy::cast_possible_truncation)]
fn rounded(value: f64) -> i64 {
    // Saturates; what is beyond any cost is only a poor price.
    value.round() as i64
}

#[allow(clippy::cast_precision_loss)]
fn to_f64(value: i64) -> f64 {
    value as f64
}
