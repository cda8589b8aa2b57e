//! Strongly connected components by Tarjan's algorithm with an explicit stack (Tarjan 1972), because a recursion as
//! deep as a road network overflows the call stack. O(nodes + edges).

const UNSEEN: u32 = u32::MAX;

/// Component of every node; nodes that `is_node` refuses get `None`. Components are numbered as they are completed.
///
/// `first_out` and `head` are compressed rows; edges to refused nodes must have been left out.
pub(super) fn strongly_connected(first_out: &[u32], head: &[u32], is_node: &[bool]) -> (Vec<Option<u32>>, u32) {
    let n = is_node.len();
    let (mut order, mut low) = (vec![UNSEEN; n], vec![0_u32; n]);
    let mut component = vec![None; n];
    let (mut open, mut calls): (Vec<usize>, Vec<(usize, u32)>) = (Vec::new(), Vec::new());
    let (mut clock, mut count) = (0, 0);
    for root in 0..n {
        if !is_node[root] || order[root] != UNSEEN {
            continue;
        }
        calls.push((root, first_out[root]));
        while let Some((v, edge)) = calls.pop() {
            if order[v] == UNSEEN {
                (order[v], low[v]) = (clock, clock);
                clock += 1;
                open.push(v);
            }
            if edge < first_out[v + 1] {
                calls.push((v, edge + 1));
                let w = head[edge as usize] as usize;
                if order[w] == UNSEEN {
                    calls.push((w, first_out[w]));
                } else if component[w].is_none() {
                    low[v] = low[v].min(order[w]);
                }
                continue;
            }
            if low[v] == order[v] {
                while let Some(w) = open.pop() {
                    component[w] = Some(count);
                    if w == v {
                        break;
                    }
                }
                count += 1;
            }
            if let Some(&(parent, _)) = calls.last() {
                low[parent] = low[parent].min(low[v]);
            }
        }
    }
    (component, count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(n: usize, edges: &[(usize, usize)]) -> (Vec<u32>, Vec<u32>) {
        let mut first = vec![0];
        let mut head = Vec::new();
        for v in 0..n {
            head.extend(edges.iter().filter(|e| e.0 == v).map(|e| e.1 as u32));
            first.push(head.len() as u32);
        }
        (first, head)
    }

    proptest! {
        #[test]
        fn same_component_means_mutual_reach(n in 1_usize..12, raw in prop::collection::vec((0_usize..12, 0_usize..12), 0..30)) {
            let edges: Vec<_> = raw.into_iter().map(|(a, b)| (a % n, b % n)).collect();
            let (first, head) = rows(n, &edges);
            let (component, count) = strongly_connected(&first, &head, &vec![true; n]);
            let mut reach = vec![vec![false; n]; n];
            for (v, row) in reach.iter_mut().enumerate() {
                row[v] = true;
            }
            for &(a, b) in &edges {
                reach[a][b] = true;
            }
            for k in 0..n {
                for a in 0..n {
                    for b in 0..n {
                        reach[a][b] |= reach[a][k] && reach[k][b];
                    }
                }
            }
            for a in 0..n {
                prop_assert!(component[a].is_some_and(|c| c < count));
                for b in 0..n {
                    prop_assert_eq!(component[a] == component[b], reach[a][b] && reach[b][a]);
                }
            }
        }
    }

    #[test]
    fn a_long_road_does_not_overflow_the_stack() {
        let n = 1_000_000_u32;
        let first: Vec<u32> = (0..=n).collect();
        let head: Vec<u32> = (0..n).map(|v| (v + 1) % n).collect();
        let (component, count) = strongly_connected(&first, &head, &vec![true; n as usize]);
        assert_eq!(count, 1);
        assert!(component.iter().all(|c| *c == Some(0)));
    }
}
