//! 2-opt* exchanges the endings of two routes; 2-opt turns a stretch of one around (Potvin and Rousseau 1995; Croes 1958).

use super::{State, improve_one, improve_two, place, points};

/// Drives from `point` to `near` directly.
pub(super) fn two_opt(state: &mut State<'_>, point: usize, near: usize) -> bool {
    let (Some(a), Some(b)) = (place(state, point), place(state, near)) else { return false };
    let first = points(state, a.tour);
    if a.tour == b.tour {
        if a.position + 1 >= b.position {
            return false;
        }
        let mut turned = first.to_vec();
        if let Some(stretch) = turned.get_mut(a.position + 1..=b.position) {
            stretch.reverse();
        }
        return improve_one(state, a.tour, &turned);
    }
    let second = points(state, b.tour);
    let (head, tail) = first.split_at(a.position + 1);
    let (other_head, other_tail) = second.split_at(b.position);
    let joined = [head, other_tail].concat();
    let rest = [other_head, tail].concat();
    improve_two(state, a.tour, &joined, b.tour, &rest)
}
