//! Payments by their definition: from the value of every coalition.

/// A winner: its number among the bidders, its VCG and its core discount.
pub type Winner = (usize, i128, i128);

/// Checks discounts against `values`, the worth of each set of bidders (`None` where it has no award), in units of which
/// `one` are a dollar.
pub fn check(values: &[Option<i128>], winners: &[Winner], one: f64, case: &str) {
    let all = values.len() - 1;
    let whole = values[all].unwrap();
    for &(bidder, vcg, core) in winners {
        assert_eq!(vcg, whole - values[all & !(1 << bidder)].unwrap(), "{case}: VCG discount of {bidder}, {winners:?}");
        assert!((0..=vcg).contains(&core), "{case}: {winners:?}");
    }
    // Sum over winners outside each coalition is at most what the award is worth more.
    let mut rows: Vec<(Vec<usize>, i128)> = Vec::new();
    for (coalition, value) in values.iter().enumerate() {
        let outside: Vec<usize> = (0..winners.len()).filter(|w| coalition >> winners[*w].0 & 1 == 0).collect();
        let Some(value) = value else { continue };
        let given: i128 = outside.iter().map(|w| winners[*w].2).sum();
        assert!(given <= whole - value, "{case}: coalition {coalition:b} blocks {winners:?}");
        rows.push((outside, whole - value));
    }
    let dollars = |amount: i128| amount as f64 / one;
    let rounding = winners.len() as f64 / one + 1e-7;
    let most = largest_sum(winners.len(), &rows, dollars);
    let core: Vec<f64> = winners.iter().map(|w| dollars(w.2)).collect();
    assert!((core.iter().sum::<f64>() - most).abs() < rounding, "{case}: sum {core:?} is not {most}");
    let vcg: Vec<f64> = winners.iter().map(|w| dollars(w.1)).collect();
    let nearest = dykstra(&vcg, &rows, most, dollars);
    let off = core.iter().zip(&nearest).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(off < 1e-4 + rounding, "{case}: {core:?} is not {nearest:?}; VCG {vcg:?}");
}

/// Linear program over all coalitions.
fn largest_sum(winners: usize, rows: &[(Vec<usize>, i128)], dollars: impl Fn(i128) -> f64) -> f64 {
    let mut problem = highs::RowProblem::default();
    let columns: Vec<_> = (0..winners).map(|_| problem.add_column(1.0, 0.0..)).collect();
    for (members, room) in rows {
        problem.add_row(..=dollars(*room), members.iter().map(|m| (columns[*m], 1.0)).collect::<Vec<_>>());
    }
    let solved = problem.optimise(highs::Sense::Maximise).solve();
    solved.get_solution().columns().iter().sum()
}

/// Dykstra's alternating projections: onto each half-space in turn, each time taking back what it changed last time.
fn dykstra(point: &[f64], rows: &[(Vec<usize>, i128)], most: f64, dollars: impl Fn(i128) -> f64) -> Vec<f64> {
    let n = point.len();
    let mut spaces: Vec<(Vec<f64>, f64)> = Vec::new();
    for (members, room) in rows.iter().filter(|(members, _)| !members.is_empty()) {
        spaces.push(((0..n).map(|w| f64::from(u8::from(members.contains(&w)))).collect(), dollars(*room)));
    }
    spaces.push((vec![-1.0; n], -most));
    spaces.extend((0..n).map(|w| ((0..n).map(|x| if x == w { -1.0 } else { 0.0 }).collect(), 0.0)));
    let mut at = point.to_vec();
    let mut shifts = vec![vec![0.0; n]; spaces.len()];
    for _ in 0..20_000 {
        let before = at.clone();
        for ((normal, most), shift) in spaces.iter().zip(&mut shifts) {
            let back: Vec<f64> = at.iter().zip(shift.iter()).map(|(x, s)| x + s).collect();
            let over = back.iter().zip(normal).map(|(x, a)| x * a).sum::<f64>() - most;
            let step = over.max(0.0) / normal.iter().map(|a| a * a).sum::<f64>();
            at = back.iter().zip(normal).map(|(x, a)| x - step * a).collect();
            *shift = back.iter().zip(&at).map(|(b, x)| b - x).collect();
        }
        if at.iter().zip(&before).all(|(a, b)| (a - b).abs() < 1e-12) {
            break;
        }
    }
    at
}
