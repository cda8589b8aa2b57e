//! The point of a polyhedron nearest to a given one, by the dual active-set method (Goldfarb and Idnani, Mathematical
//! Programming 1983) for the identity as Hessian.
//!
//! It starts at the given point and takes in the most violated row at a time; rows whose multiplier would turn negative
//! go. Rows are sums of some coordinates, so all numbers stay small and the result is as exact as floats are: an
//! interior-point method would stop at about eight digits, short of the micro-dollar.

/// `sign · Σ members ≤ at_most`.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) members: Vec<usize>,
    pub(super) sign: f64,
    pub(super) at_most: f64,
}

/// Violations and squared lengths below this are rounding.
const NOTHING: f64 = 1e-10;
/// Rows that may be taken in, per row: the method is finite, and this ends it should rounding make it go round.
const ROUNDS: usize = 20;

impl Row {
    fn over(&self, point: &[f64]) -> f64 {
        self.sign * self.members.iter().filter_map(|m| point.get(*m)).sum::<f64>() - self.at_most
    }

    fn dense(&self, length: usize) -> Vec<f64> {
        let mut row = vec![0.0; length];
        for member in &self.members {
            if let Some(cell) = row.get_mut(*member) {
                *cell = self.sign;
            }
        }
        row
    }
}

/// The nearest point. Rows that contradict the others within rounding are left violated.
pub(super) fn project(point: &[f64], rows: &[Row]) -> Vec<f64> {
    let mut at = point.to_vec();
    let mut active: Vec<(usize, f64)> = Vec::new();
    let mut given_up = vec![false; rows.len()];
    for _ in 0..rows.len().saturating_mul(ROUNDS) {
        let open = rows.iter().enumerate().filter(|(index, _)| given_up.get(*index) == Some(&false));
        let violated = open.map(|(index, row)| (index, row.over(&at))).filter(|(_, over)| *over > NOTHING);
        let Some((index, _)) = violated.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))) else { break };
        let taken_in = rows.get(index).is_some_and(|row| take_in(&mut at, &mut active, rows, index, row));
        if let Some(flag) = given_up.get_mut(index).filter(|_| !taken_in) {
            *flag = true;
        }
    }
    at
}

/// Moves to where the row holds as well; false when no point does.
fn take_in(at: &mut [f64], active: &mut Vec<(usize, f64)>, rows: &[Row], index: usize, row: &Row) -> bool {
    let normal = row.dense(at.len());
    let mut multiplier = 0.0;
    loop {
        let normals: Vec<Vec<f64>> = active.iter().filter_map(|(r, _)| Some(rows.get(*r)?.dense(at.len()))).collect();
        let rates = solve(
            normals.iter().map(|a| normals.iter().map(|b| dot(a, b)).collect()).collect(),
            normals.iter().map(|a| dot(a, &normal)).collect(),
        );
        let mut direction = normal.clone();
        for (other, rate) in normals.iter().zip(&rates) {
            direction.iter_mut().zip(other).for_each(|(d, o)| *d -= rate * o);
        }
        let length = dot(&direction, &direction);
        let full = if length > NOTHING { (row.over(at) / length).max(0.0) } else { f64::INFINITY };
        let falling = rates.iter().zip(active.iter()).enumerate().filter(|(_, (rate, _))| **rate > NOTHING);
        let first = falling.map(|(k, (rate, (_, value)))| (k, value / rate)).min_by(|a, b| a.1.total_cmp(&b.1));
        let step = first.map_or(full, |(_, partial)| full.min(partial));
        if !step.is_finite() {
            return false;
        }
        active.iter_mut().zip(&rates).for_each(|((_, value), rate)| *value -= step * rate);
        multiplier += step;
        if full.is_finite() {
            at.iter_mut().zip(&direction).for_each(|(x, d)| *x -= step * d);
        }
        match first {
            Some((leaving, partial)) if partial < full => drop(active.remove(leaving)),
            _ => {
                active.push((index, multiplier));
                return true;
            }
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Solves a positive definite system by elimination.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let n = right.len();
    for pivot in 0..n {
        let (above, below) = matrix.split_at_mut(pivot + 1);
        let (lead, own) = (&above[pivot], right[pivot]);
        for (row, value) in below.iter_mut().zip(&mut right[pivot + 1..]) {
            let factor = row[pivot] / lead[pivot];
            row.iter_mut().zip(lead).skip(pivot).for_each(|(x, l)| *x -= factor * l);
            *value -= factor * own;
        }
    }
    for pivot in (0..n).rev() {
        let known: f64 = (pivot + 1..n).map(|column| matrix[pivot][column] * right[column]).sum();
        right[pivot] = (right[pivot] - known) / matrix[pivot][pivot];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(members: &[usize], sign: f64, at_most: f64) -> Row {
        Row { members: members.to_vec(), sign, at_most }
    }

    fn near(point: &[f64], rows: &[Row], expected: &[f64]) {
        let found = project(point, rows);
        let off = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(off < 1e-9 && found.len() == expected.len(), "{found:?}, not {expected:?}");
    }

    #[test]
    fn known_projections() {
        near(&[14.0, 8.0], &[row(&[0, 1], 1.0, 16.0)], &[11.0, 5.0]);
        near(&[1.0, 2.0], &[row(&[0, 1], 1.0, 16.0)], &[1.0, 2.0]);
        // A row that is taken in first and no longer binds at the end.
        near(&[3.0, 0.0], &[row(&[0, 1], 1.0, 2.0), row(&[0], 1.0, 0.0)], &[0.0, 0.0]);
        // Rows that follow from others, and an equality as two rows.
        let simplex = [row(&[0, 1, 2], 1.0, 1.0), row(&[0, 1, 2], -1.0, -1.0), row(&[0], -1.0, 0.0)];
        near(&[-1.0, 1.0, 1.0], &simplex, &[0.0, 0.5, 0.5]);
        near(&[5.0], &[row(&[0], 1.0, 1.0), row(&[0], 1.0, 2.0), row(&[0], -1.0, -1.0)], &[1.0]);
    }

    /// Optimality (Karush, Kuhn and Tucker) by its geometric meaning: no feasible point nearby is nearer.
    #[test]
    fn random_projections_are_feasible_and_nearest() {
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        let mut below = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        for case in 0..300 {
            let n = 1 + below(6) as usize;
            let point: Vec<f64> = (0..n).map(|_| below(100) as f64).collect();
            let mut rows: Vec<Row> = (0..below(10))
                .map(|_| {
                    let members: Vec<usize> = (0..n).filter(|_| below(2) == 0).collect();
                    row(&members, 1.0, below(150) as f64)
                })
                .filter(|r| !r.members.is_empty())
                .collect();
            rows.extend((0..n).map(|i| row(&[i], -1.0, 0.0)));
            let found = project(&point, &rows);
            assert!(rows.iter().all(|r| r.over(&found) < 1e-8), "case {case}: {point:?} {rows:?} {found:?}");
            let distance = |x: &[f64]| x.iter().zip(&point).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
            for _ in 0..200 {
                // Towards a random feasible point: its coordinates are scaled down until all rows hold.
                let mut other: Vec<f64> = (0..n).map(|_| below(100) as f64).collect();
                while rows.iter().any(|r| r.over(&other) > 0.0) {
                    other.iter_mut().for_each(|x| *x = if *x < 1.0 { 0.0 } else { *x / 2.0 });
                }
                let toward: Vec<f64> = found.iter().zip(&other).map(|(a, b)| a + 1e-3 * (b - a)).collect();
                assert!(distance(&toward) > distance(&found) - 1e-8, "case {case}: {point:?} {rows:?} {found:?}");
            }
        }
    }
}
