//! Ruin and recreate over packages: a package that lost is put in, those in its way go out, and what fits beside it comes
//! back in order of worth. Only the touched blocks are solved again; what does not raise the total is undone.

use super::incumbent::Incumbent;
use super::problem::Problem;

/// Packages that stand in some block of a package, without itself.
fn neighbours(problem: &Problem<'_>, package: u32) -> Vec<u32> {
    let copies = &problem.copies[problem.packages[package as usize].copies.clone()];
    let items = copies.iter().flat_map(|c| problem.items[problem.blocks[c.block as usize].items.clone()].iter());
    let mut near: Vec<u32> = items
        .filter_map(|i| problem.copies.get(i.copy as usize))
        .map(|c| c.package)
        .filter(|k| *k != package)
        .collect();
    near.sort_unstable();
    near.dedup();
    near
}

/// Tries each package of `order` once; the gain in reduced value.
pub(super) fn round(incumbent: &mut Incumbent<'_, '_>, order: &[u32], rank: &[u32], go_on: &dyn Fn() -> bool) -> i128 {
    let problem = incumbent.problem;
    let mut gain = 0;
    for &k in order {
        if incumbent.is_barred(k) || problem.forced[problem.packages[k as usize].offer as usize] {
            continue;
        }
        if !go_on() {
            break;
        }
        incumbent.keep();
        let mut near = neighbours(problem, k);
        near.retain(|n| !problem.forced[problem.packages[*n as usize].offer as usize] && !incumbent.is_barred(*n));
        let before: Vec<u32> = near.iter().copied().filter(|n| incumbent.wins(*n)).collect();
        let was_in = incumbent.wins(k);
        let mut change = 0;
        for n in &before {
            change += incumbent.turn(*n, false).unwrap_or(0);
        }
        change += incumbent.turn(k, !was_in).unwrap_or(0);
        near.sort_by_key(|n| rank[*n as usize]);
        change += incumbent.insert(&near);
        if change > 0 {
            gain += change;
            incumbent.keep();
            continue;
        }
        incumbent.undo();
        for n in near {
            let offer = problem.packages[n as usize].offer;
            incumbent.quantities[offer as usize] = u32::from(before.binary_search(&n).is_ok());
        }
        incumbent.quantities[problem.packages[k as usize].offer as usize] = u32::from(was_in);
    }
    gain
}
