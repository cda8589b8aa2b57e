//! What each stop of a hub bears of the cost of its routes. Every way sums to the total, to the micro-dollar.
//!
//! The Shapley value of a stop (Shapley 1953) is what it adds to the cost of the stops before it, averaged over all orders
//! in which stops may come. With few stops it is worked out over all subsets; else orders are drawn (Castro, Gómez and
//! Tejada 2009) and the standard error is told. The cost of all stops together is that of the plan, so that each order
//! sums to it. Amounts are cut to whole micro-dollars by the largest remainder (Hamilton): floors first, then one more
//! for the largest remainders, of equal ones the first.

use rayon::prelude::*;

/// Stops up to which all subsets are worked out.
const ALL_SUBSETS: usize = 7;

/// Shares of a total, with their standard errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Micro-dollars, by stop.
    pub amounts: Vec<i64>,
    /// Standard error of each, micro-dollars; 0 where it is exact.
    pub errors: Vec<i64>,
    /// Orders that were drawn; 0 when all subsets were worked out.
    pub samples: u32,
}

/// Cuts `total` to whole shares of `numerators / denominator`, which must sum to it.
fn rounded(numerators: &[i128], denominator: i128, total: i128) -> Vec<i64> {
    let mut floors: Vec<i128> = numerators.iter().map(|n| n.div_euclid(denominator)).collect();
    let missing = usize::try_from(total - floors.iter().sum::<i128>()).unwrap_or(0);
    let mut order: Vec<usize> = (0..numerators.len()).collect();
    order.sort_by_key(|i| (-numerators[*i].rem_euclid(denominator), *i));
    for at in order.into_iter().take(missing) {
        floors[at] += 1;
    }
    floors.into_iter().map(|share| i64::try_from(share).unwrap_or(i64::MAX)).collect()
}

/// Shares of a total in proportion to weights that are not negative; equal shares where all weights are zero.
///
/// # Examples
/// ```
/// use ddu::routes::day::proportional;
/// assert_eq!(proportional(10, &[1, 1, 1]), [4, 3, 3]);
/// assert_eq!(proportional(100, &[1, 3]), [25, 75]);
/// ```
#[must_use]
pub fn proportional(total: i64, weights: &[i64]) -> Vec<i64> {
    let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
    let even = sum == 0;
    let (denominator, count) = (if even { weights.len() as i128 } else { sum }, i128::from(total));
    let numerators: Vec<i128> = weights.iter().map(|w| if even { count } else { count * i128::from(*w) }).collect();
    if weights.is_empty() { Vec::new() } else { rounded(&numerators, denominator, count) }
}

/// Shapley values of `stops` stops whose cost together is `total`; `cost` gives the cost of some of them, ascending, and is
/// asked for fewer than all. Orders are drawn from `seed`.
///
/// # Errors
/// The first that `cost` gives, by order of samples or subsets.
pub fn shapley<E: Send>(
    stops: usize,
    total: i64,
    samples: u32,
    seed: u64,
    cost: &(dyn Fn(&[usize]) -> Result<i64, E> + Sync),
) -> Result<Shares, E> {
    if stops <= 1 {
        return Ok(Shares { amounts: vec![total; stops], errors: vec![0; stops], samples: 0 });
    }
    let of = |set: &[usize]| match set.len() {
        0 => Ok(0),
        all if all == stops => Ok(i128::from(total)),
        _ => cost(set).map(i128::from),
    };
    if stops <= ALL_SUBSETS {
        return over_subsets(stops, total, &of);
    }
    let drawn: Vec<Result<Vec<i128>, E>> = (0..samples.max(1))
        .into_par_iter()
        .map(|sample| {
            let order = order(stops, seed, sample);
            let (mut before, mut set, mut added) = (0, Vec::with_capacity(stops), vec![0; stops]);
            for stop in order {
                let at = set.partition_point(|other| *other < stop);
                set.insert(at, stop);
                let now = of(&set)?;
                added[stop] = now - before;
                before = now;
            }
            Ok(added)
        })
        .collect();
    let drawn = drawn.into_iter().collect::<Result<Vec<_>, E>>()?;
    let count = i128::from(samples.max(1));
    let sums: Vec<i128> = (0..stops).map(|stop| drawn.iter().map(|added| added[stop]).sum()).collect();
    let squares = |stop: usize| drawn.iter().map(|added| added[stop] * added[stop]).sum::<i128>();
    // Standard error of a mean: sqrt((Σx² − (Σx)²/m) / (m − 1) / m).
    let error = |stop: usize| {
        let spread = (count * squares(stop) - sums[stop] * sums[stop]).max(0) / (count * count * (count - 1).max(1));
        i64::try_from(spread.unsigned_abs().isqrt()).unwrap_or(i64::MAX)
    };
    Ok(Shares {
        amounts: rounded(&sums, count, i128::from(total)),
        errors: (0..stops).map(error).collect(),
        samples: samples.max(1),
    })
}

fn over_subsets<E: Send>(
    stops: usize,
    total: i64,
    of: &(dyn Fn(&[usize]) -> Result<i128, E> + Sync),
) -> Result<Shares, E> {
    let members = |mask: usize| (0..stops).filter(move |stop| mask >> stop & 1 == 1);
    let costs: Vec<Result<i128, E>> =
        (0..1_usize << stops).into_par_iter().map(|mask| of(&members(mask).collect::<Vec<_>>())).collect();
    let costs = costs.into_iter().collect::<Result<Vec<_>, E>>()?;
    let factorial = |n: usize| (1..=n).product::<usize>() as i128;
    let mut numerators = vec![0; stops];
    for mask in 0..costs.len() {
        let size = mask.count_ones() as usize;
        for stop in (0..stops).filter(|stop| mask >> stop & 1 == 0) {
            let orders = factorial(size) * factorial(stops - size - 1);
            numerators[stop] += orders * (costs[mask | 1 << stop] - costs[mask]);
        }
    }
    let amounts = rounded(&numerators, factorial(stops), i128::from(total));
    Ok(Shares { amounts, errors: vec![0; stops], samples: 0 })
}

/// A random order (Fisher and Yates), the same for the same seed and sample on every machine.
fn order(stops: usize, seed: u64, sample: u32) -> Vec<usize> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes());
    hasher.update(&sample.to_le_bytes());
    let mut stream = hasher.finalize_xof();
    let mut order: Vec<usize> = (0..stops).collect();
    for last in (1..stops).rev() {
        let mut bytes = [0; 8];
        stream.fill(&mut bytes);
        // 64 bits: the bias of the remainder is below 2^-40 for any number of stops.
        let at = u64::from_le_bytes(bytes) % (last as u64 + 1);
        order.swap(last, usize::try_from(at).unwrap_or(0));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The glove game: one left glove (player 0), two right ones; a pair is worth 60. Shapley (40, 10, 10): the textbook
    /// values 2/3, 1/6, 1/6.
    #[test]
    fn gloves_are_worth_what_the_textbook_says() {
        let pair = |set: &[usize]| Ok::<_, ()>(if set.contains(&0) && set.len() > 1 { 60 } else { 0 });
        assert_eq!(shapley(3, 60, 1, 0, &pair).unwrap().amounts, [40, 10, 10]);
    }

    /// The airport game (Littlechild and Owen 1973): a runway for the largest of runways 1, 2, … costs its length. The
    /// value of player i is the sum of 1 / (players that need piece j) over its pieces.
    #[test]
    fn drawn_orders_come_near_the_airport_values_and_sum_to_the_total() {
        const SCALE: i64 = 1_000_000;
        let stops = 12;
        let runway = |set: &[usize]| Ok::<_, ()>(set.iter().map(|i| *i as i64 + 1).max().unwrap_or(0) * SCALE);
        let exact: Vec<f64> =
            (0..stops).map(|i| (0..=i).map(|j| SCALE as f64 / (stops - j) as f64).sum::<f64>()).collect();
        let drawn = shapley(stops, 12 * SCALE, 2_000, 5, &runway).unwrap();
        assert_eq!(drawn.amounts.iter().sum::<i64>(), 12 * SCALE);
        for (stop, exact) in exact.iter().enumerate() {
            let off = (drawn.amounts[stop] as f64 - exact).abs();
            assert!(off <= 4.5 * drawn.errors[stop] as f64 + 1.0, "stop {stop}: {off} beside {}", drawn.errors[stop]);
        }
        assert_eq!(drawn, shapley(stops, 12 * SCALE, 2_000, 5, &runway).unwrap());
        assert_ne!(drawn, shapley(stops, 12 * SCALE, 2_000, 6, &runway).unwrap());
    }

    #[test]
    fn shares_sum_to_the_total_whatever_the_weights() {
        for case in 0_i64..2_000 {
            let part = |k: i64, m: i64| (case * 7_919 + k * 104_729).rem_euclid(m);
            let weights: Vec<i64> = (0..1 + part(1, 9)).map(|k| part(k + 2, 5) * part(k + 3, 1_000_003)).collect();
            let total = part(20, 1_000_000_007);
            let shares = proportional(total, &weights);
            assert_eq!(shares.iter().sum::<i64>(), total, "{weights:?}");
            let sum: i64 = weights.iter().sum();
            for (share, weight) in shares.iter().zip(&weights).filter(|_| sum > 0) {
                let floor = (i128::from(total) * i128::from(*weight) / i128::from(sum)) as i64;
                assert!((floor..=floor + 1).contains(share));
            }
        }
        assert_eq!(proportional(7, &[0, 0]), [4, 3]);
        assert!(proportional(7, &[]).is_empty());
    }
}
