//! The DIMACS New York graph with distance as cost and length, and time as time.
#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used)]

use super::support::dimacs::Dimacs;
use super::support::shared::shared;
use ddu::hierarchy::Packed;
use ddu::hierarchy::order::{UndirectedView, nested_dissection};
use ddu::network::Weight;

pub struct Ny {
    pub first_out: Vec<u32>,
    pub head: Vec<u32>,
    pub weight: Vec<Weight>,
    pub planar: Vec<(f64, f64)>,
}

pub fn read() -> Option<Ny> {
    let file = |name: &str| shared(&format!("dimacs/USA-road-{name}.gz"));
    let (distance, time, coordinates) = (file("d.NY.gr")?, file("t.NY.gr")?, file("d.NY.co")?);
    let by_distance = Dimacs::read(&distance, &coordinates);
    let by_time = Dimacs::read(&time, &coordinates);
    // Both files list the same arcs in the same order; the reader keeps the order within a row.
    assert_eq!((&by_distance.first_out, &by_distance.head), (&by_time.first_out, &by_time.head));
    let both = by_distance.weight.iter().zip(&by_time.weight);
    let weight = both.map(|(&d, &t)| Weight { cost: d, length: d, time: t, toll: 0 }).collect();
    let planar = by_distance.planar();
    Some(Ny { first_out: by_distance.first_out, head: by_distance.head, weight, planar })
}

impl Ny {
    pub fn packed(&self, input: u32) -> Packed {
        Packed::new(self.weight[input as usize])
    }
}

impl Ny {
    pub fn graph(&self) -> super::graphs::Graph {
        super::graphs::Graph {
            first_out: self.first_out.clone(),
            head: self.head.clone(),
            weight: self.weight.iter().copied().map(Some).collect(),
            xy: self.planar.clone(),
        }
    }

    pub fn rank(&self) -> Vec<u32> {
        let tails = (0_u32..).zip(self.first_out.windows(2));
        let edges = tails.flat_map(|(v, row)| self.head[row[0] as usize..row[1] as usize].iter().map(move |h| (v, *h)));
        nested_dissection(&UndirectedView::from_edges(self.planar.clone(), edges).unwrap()).rank
    }
}
