//! The least rise of a price at which something wins.
//!
//! What the best award with a bid is worth is convex in the rise: each choice gains its pieces times the rise. So a choice
//! found at one rise tells a rise that is enough for it (Newton's method; Dinkelbach 1967), from where the steps only go
//! down. That takes a few searches where bisection takes a score.

/// What is found at a rise.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    /// What the best choice is worth beyond what it must exceed.
    pub(super) over: i128,
    /// Pieces on which the rise is paid in that choice.
    pub(super) pieces: i64,
}

/// The least `k` from 1 to `most` with `over > 0` at `rise(k)`, which ascends with `k`; `None` at a rise at which nothing
/// can be chosen, or where no rise is enough. `rise(k) − rise(k − 1)` is `step`.
pub(super) fn least(most: i64, step: i64, mut at: impl FnMut(i64) -> Option<At>) -> Option<i64> {
    let (mut low, mut high) = (0_i64, None::<i64>);
    let mut k = 1_i64;
    // Each probe lies strictly between what is too little and what is enough.
    loop {
        let found = at(k);
        let enough = found.is_some_and(|f| f.over > 0);
        if enough {
            high = Some(k);
        } else {
            low = k;
        }
        let end = high.unwrap_or(most.saturating_add(1));
        if end - low <= 1 {
            return high;
        }
        // The rise at which this choice is worth just enough, rounded to where it exceeds it.
        let aim = found.filter(|f| f.pieces > 0).map(|f| {
            let each = i128::from(f.pieces) * i128::from(step);
            i128::from(k) - (f.over - 1).div_euclid(each)
        });
        let doubled = k.saturating_mul(2);
        k = match (aim, high) {
            // One below, so that the last step also shows that less is not enough.
            (Some(aim), Some(high)) if aim >= i128::from(high) => high - 1,
            (Some(aim), _) => i64::try_from(aim).unwrap_or(doubled),
            (None, Some(high)) => low + (high - low) / 2,
            (None, None) => doubled,
        };
        k = k.clamp(low + 1, end - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against trying every rise, for convex worths.
    #[test]
    fn the_least_rise_is_that_of_trying_all() {
        let mut state = 7_u64;
        let mut below = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        for _ in 0..3_000 {
            let step = 1 + below(9) as i64;
            let from = below(12) as i64;
            let choices: Vec<(i128, i64)> =
                (0..1 + below(4)).map(|_| (i128::from(below(400)) - 390, below(6) as i64)).collect();
            let worth = |k: i64| {
                let of = |(base, pieces): &(i128, i64)| At {
                    over: base + i128::from(*pieces) * i128::from(k * step),
                    pieces: *pieces,
                };
                (k >= from).then(|| choices.iter().map(of).max_by_key(|a| a.over)).flatten()
            };
            let plain = (1..=60).find(|k| worth(*k).is_some_and(|a| a.over > 0));
            let mut asked = 0;
            let found = least(60, step, |k| {
                asked += 1;
                worth(k)
            });
            assert_eq!(found, plain, "step {step}, from {from}, {choices:?}");
            assert!(asked <= 20, "{asked} probes");
        }
    }
}
