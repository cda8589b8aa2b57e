//! The undirected simple graph an order is made for.

use super::OrderError;

/// An undirected graph without loops and parallel edges, each node with a position in the plane.
#[derive(Clone, Debug, Default)]
pub struct UndirectedView {
    first_out: Vec<u32>,
    head: Vec<u32>,
    position: Vec<(f64, f64)>,
}

impl UndirectedView {
    /// Builds the graph; loops are dropped, parallel edges and both directions of an edge become one.
    ///
    /// Positions in any planar unit; only their relative places count, and only for the quality of the order.
    ///
    /// # Errors
    /// When an edge names a node that has no position, or sizes exceed 32 bits.
    pub fn from_edges<I>(position: Vec<(f64, f64)>, edges: I) -> Result<Self, OrderError>
    where
        I: IntoIterator<Item = (u32, u32)>,
        I::IntoIter: Clone,
    {
        let nodes = position.len();
        if nodes >= u32::MAX as usize {
            return Err(OrderError::TooLarge { what: "nodes", count: nodes });
        }
        let edges = edges.into_iter();
        let mut row = vec![0u64; nodes + 1];
        for (a, b) in edges.clone() {
            for v in [a, b] {
                let Some(count) = row.get_mut(v as usize + 1) else {
                    return Err(OrderError::UnknownNode { node: v, nodes });
                };
                *count += u64::from(a != b);
            }
        }
        for v in 0..nodes {
            row[v + 1] += row[v];
        }
        let arcs = row[nodes] as usize;
        if arcs >= u32::MAX as usize {
            return Err(OrderError::TooLarge { what: "arcs", count: arcs });
        }
        let mut head = vec![0u32; arcs];
        let mut next = row.clone();
        for (a, b) in edges.filter(|(a, b)| a != b) {
            for (tail, to) in [(a, b), (b, a)] {
                head[next[tail as usize] as usize] = to;
                next[tail as usize] += 1;
            }
        }
        // Sort each row and close the gaps that duplicates leave.
        let mut first_out = Vec::with_capacity(nodes + 1);
        let mut end = 0;
        for v in 0..nodes {
            first_out.push(end as u32);
            let (from, to) = (row[v] as usize, row[v + 1] as usize);
            head[from..to].sort_unstable();
            let start = end;
            for at in from..to {
                if end == start || head[end - 1] != head[at] {
                    head[end] = head[at];
                    end += 1;
                }
            }
        }
        first_out.push(end as u32);
        head.truncate(end);
        Ok(Self { first_out, head, position })
    }

    /// Nodes.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.position.len()
    }

    /// Edges.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.head.len() / 2
    }

    /// Neighbours of a node, ascending.
    ///
    /// # Panics
    /// When there is no such node.
    #[must_use]
    pub fn neighbours(&self, node: u32) -> &[u32] {
        &self.head[self.first_out[node as usize] as usize..self.first_out[node as usize + 1] as usize]
    }

    /// Positions by node.
    #[must_use]
    pub fn positions(&self) -> &[(f64, f64)] {
        &self.position
    }
}
