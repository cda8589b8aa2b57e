//! The discounts that coalitions leave: the largest in sum, and of these the nearest to VCG (the quadratic rule of Day
//! and Cramton, Operations Research 2012), in whole micro-dollars.
//!
//! The largest sum is a linear program, solved by HiGHS; the nearest point is a projection. Both work in floats, in
//! dollars. Their result is rounded and then corrected in integers: what exceeds a coalition's room is taken back, what
//! rounding left is given, so that every constraint holds exactly and no discount can be raised alone.

use super::super::AwardError;
use super::project::{Row, project};
use highs::{HighsModelStatus, RowProblem, Sense};
use std::collections::BTreeMap;

/// Room for the discounts of the winners outside a coalition, by their positions, micro-dollars from 0.
pub(super) type Coalitions = BTreeMap<Vec<usize>, i128>;

const MICRO: f64 = 1e-6;
const TOLERANCE: f64 = 1e-9;
/// Dollars by which the sum of the nearest discounts may miss the largest: less than the rounding gives back.
const SLACK: f64 = 1e-7;
/// Micro-dollars by which a whole number of them may come out short.
const NOISE: f64 = 0.01;

/// Discounts from 0 to `caps`, the VCG discounts.
pub(super) fn nearest(caps: &[i64], coalitions: &Coalitions) -> Result<Vec<i64>, AwardError> {
    let sum = |members: &[usize]| members.iter().filter_map(|m| caps.get(*m)).map(|u| i128::from(*u)).sum::<i128>();
    if coalitions.iter().all(|(members, room)| sum(members) <= *room) {
        return Ok(caps.to_vec());
    }
    let most = largest_sum(caps, coalitions)?;
    let row = |members: Vec<usize>, sign: f64, at_most: f64| Row { members, sign, at_most };
    let mut rows: Vec<Row> = coalitions.iter().map(|(m, room)| row(m.clone(), 1.0, dollars(*room))).collect();
    rows.push(row((0..caps.len()).collect(), -1.0, SLACK - most));
    for (winner, cap) in caps.iter().enumerate() {
        rows.push(row(vec![winner], 1.0, dollars((*cap).into())));
        rows.push(row(vec![winner], -1.0, 0.0));
    }
    let vcg: Vec<f64> = caps.iter().map(|cap| dollars((*cap).into())).collect();
    Ok(whole(&project(&vcg, &rows), caps, coalitions))
}

fn largest_sum(caps: &[i64], coalitions: &Coalitions) -> Result<f64, AwardError> {
    let failed = |detail: String| AwardError::Solver { detail };
    let mut problem = RowProblem::default();
    let columns: Vec<_> = caps.iter().map(|cap| problem.add_column(1.0, 0.0..=dollars((*cap).into()))).collect();
    for (members, room) in coalitions {
        let row: Vec<_> = members.iter().filter_map(|m| Some((*columns.get(*m)?, 1.0))).collect();
        problem.add_row(..=dollars(*room), row);
    }
    let mut solver = problem.try_optimise(Sense::Maximise).map_err(|s| failed(format!("{s:?}")))?;
    for name in ["primal_feasibility_tolerance", "dual_feasibility_tolerance"] {
        solver.try_set_option(name, TOLERANCE).map_err(|s| failed(format!("{s:?}")))?;
    }
    solver.try_set_option("threads", 1).map_err(|s| failed(format!("{s:?}")))?;
    let solved = solver.try_solve().map_err(|s| failed(format!("{s:?}")))?;
    match solved.status() {
        HighsModelStatus::Optimal => Ok(solved.get_solution().columns().iter().sum()),
        status => Err(failed(format!("payments: {status:?}"))),
    }
}

/// Rounds down, takes back what exceeds a coalition's room, then gives what room is left, winner by winner.
#[allow(clippy::cast_possible_truncation)]
fn whole(dollars: &[f64], caps: &[i64], coalitions: &Coalitions) -> Vec<i64> {
    let round = |(value, cap): (&f64, &i64)| ((value / MICRO + NOISE).floor() as i64).clamp(0, *cap);
    let mut discounts: Vec<i64> = dollars.iter().zip(caps).map(round).collect();
    let room = |discounts: &[i64], members: &[usize], room: i128| {
        room - members.iter().filter_map(|m| discounts.get(*m)).map(|u| i128::from(*u)).sum::<i128>()
    };
    for (members, most) in coalitions {
        let mut over = i64::try_from(-room(&discounts, members, *most)).unwrap_or(i64::MAX);
        let mut order = members.clone();
        order.sort_by_key(|m| (discounts.get(*m).map_or(0, |u| -u), *m));
        while over > 0 {
            let before = over;
            let heads = i64::try_from(order.len()).unwrap_or(1).max(1);
            let share = over / heads + i64::from(over % heads > 0);
            for member in &order {
                if let Some(discount) = discounts.get_mut(*member) {
                    let taken = share.min(over).min(*discount);
                    (*discount, over) = (*discount - taken, over - taken);
                }
            }
            if over == before {
                break;
            }
        }
    }
    for winner in 0..discounts.len() {
        let rooms = coalitions.iter().filter(|(members, _)| members.contains(&winner));
        let left = rooms.map(|(members, most)| room(&discounts, members, *most)).min();
        if let (Some(discount), Some(cap)) = (discounts.get_mut(winner), caps.get(winner)) {
            let own = cap - *discount;
            *discount += left.and_then(|l| i64::try_from(l).ok()).map_or(own, |l| l.min(own)).max(0);
        }
    }
    discounts
}

/// Exact for amounts below 2⁵³ micro-dollars, which awards are.
#[allow(clippy::cast_precision_loss)]
fn dollars(micros: i128) -> f64 {
    micros as f64 * MICRO
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_exceeds_a_room_is_taken_back_and_what_is_left_given() {
        let coalitions = Coalitions::from([(vec![0, 1], 5), (vec![1, 2], 4)]);
        assert_eq!(whole(&[3e-6, 3e-6, 3e-6], &[3, 3, 3], &coalitions), [3, 2, 2]);
        assert_eq!(whole(&[0.0, 0.0, 0.0], &[3, 3, 3], &coalitions), [3, 2, 2]);
        assert_eq!(whole(&[9.0], &[7], &Coalitions::from([(vec![0], 0)])), [0]);
        assert_eq!(whole(&[], &[], &Coalitions::new()), [0; 0]);
    }

    #[test]
    fn an_odd_micro_dollar_goes_to_the_first() {
        let coalitions = Coalitions::from([(vec![0, 1], 5)]);
        assert_eq!(nearest(&[4, 4], &coalitions).unwrap(), [3, 2]);
        assert_eq!(nearest(&[4, 4], &Coalitions::new()).unwrap(), [4, 4]);
    }
}
