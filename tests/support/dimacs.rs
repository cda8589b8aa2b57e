//! Reader of the 9th DIMACS challenge's graphs (`.gr`, `.co`, each with gzip).

use std::path::Path;

/// A directed graph as compressed rows, with coordinates in degrees × 1e6.
pub struct Dimacs {
    /// Row of node `v`: `first_out[v]..first_out[v + 1]`. Node 1 of the file is node 0 here.
    pub first_out: Vec<u32>,
    /// Head of each arc.
    pub head: Vec<u32>,
    /// Weight of each arc.
    pub weight: Vec<u32>,
    /// Longitude and latitude of each node.
    pub position: Vec<(f64, f64)>,
}

impl Dimacs {
    /// Reads a graph and its coordinates.
    pub fn read(graph: &Path, coordinates: &Path) -> Self {
        let text = gunzip(graph);
        let (mut nodes, mut arcs) = (0, Vec::new());
        for line in text.lines() {
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                Some("p") => nodes = words.nth(1).unwrap().parse().unwrap(),
                Some("a") => {
                    let mut number = || words.next().unwrap().parse::<u32>().unwrap();
                    arcs.push((number() - 1, number() - 1, number()));
                }
                _ => {}
            }
        }
        arcs.sort_by_key(|arc| arc.0);
        let mut first_out = vec![0u32; nodes + 1];
        arcs.iter().for_each(|arc| first_out[arc.0 as usize + 1] += 1);
        for v in 0..nodes {
            first_out[v + 1] += first_out[v];
        }
        let mut position = vec![(0.0, 0.0); nodes];
        for line in gunzip(coordinates).lines() {
            let mut words = line.split_ascii_whitespace();
            if words.next() == Some("v") {
                let mut number = || words.next().unwrap().parse::<i32>().unwrap();
                let node = number() as usize - 1;
                position[node] = (f64::from(number()), f64::from(number()));
            }
        }
        let head = arcs.iter().map(|arc| arc.1).collect();
        let weight = arcs.iter().map(|arc| arc.2).collect();
        Self { first_out, head, weight, position }
    }

    /// Coordinates in a plane: longitude shrunk by the cosine of the mean latitude.
    pub fn planar(&self) -> Vec<(f64, f64)> {
        let mean = self.position.iter().map(|p| p.1).sum::<f64>() / self.position.len().max(1) as f64;
        let shrink = (mean / 1e6).to_radians().cos();
        self.position.iter().map(|p| (p.0 * shrink, p.1)).collect()
    }

    /// Tail and head of every arc.
    pub fn arcs(&self) -> impl Iterator<Item = (u32, u32)> + Clone + '_ {
        (0..self.position.len()).flat_map(move |v| {
            (self.first_out[v]..self.first_out[v + 1]).map(move |arc| (v as u32, self.head[arc as usize]))
        })
    }
}

/// Unpacks a gzip file, whose last four bytes hold the size of its text.
fn gunzip(path: &Path) -> String {
    let packed = std::fs::read(path).unwrap();
    let size = u32::from_le_bytes(packed[packed.len() - 4..].try_into().unwrap()) as usize;
    let mut text = vec![0; size];
    let written = libdeflater::Decompressor::new().gzip_decompress(&packed, &mut text).unwrap();
    text.truncate(written);
    String::from_utf8(text).unwrap()
}
