//! The two graphs in compressed rows, and the same random points for every engine.

use crate::dimacs_ny;
use crate::graphs::Random;
use crate::support::shared::shared;
use ddu::hierarchy::order::planar;
use ddu::ids::ArcIx;
use ddu::network::{Components, Profile, RoadNetwork, Weight, build};
use ddu::osm::read_extract;
use ddu::progress::Silent;
use ddu::scenario::{LoadOptions, load};
use std::path::Path;

/// Sources, and targets.
pub const POINTS: usize = 1000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphKind {
    Junctions,
    Turns,
}

impl GraphKind {
    pub const ALL: [Self; 2] = [Self::Junctions, Self::Turns];

    pub fn name(self) -> &'static str {
        match self {
            Self::Junctions => "junctions",
            Self::Turns => "turns",
        }
    }

    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.name() == name).expect("junctions or turns")
    }
}

/// What every engine is given.
pub struct Problem {
    pub kind: GraphKind,
    pub first_out: Vec<u32>,
    pub head: Vec<u32>,
    pub weight: Vec<Weight>,
    /// A place for each node, in a plane.
    pub xy: Vec<(f64, f64)>,
    pub sources: Vec<u32>,
    pub targets: Vec<u32>,
    /// Where the graph came from, when nodes are roads.
    pub roads: Option<(RoadNetwork, Profile)>,
}

impl Problem {
    /// `None` without the shared data.
    pub fn read(kind: GraphKind) -> Option<Self> {
        match kind {
            GraphKind::Junctions => Self::junctions(),
            GraphKind::Turns => Self::turns(),
        }
    }

    fn junctions() -> Option<Self> {
        let ny = dimacs_ny::read()?;
        let mut nodes = Random(42).permutation(ny.planar.len());
        nodes.truncate(2 * POINTS);
        let targets = nodes.split_off(POINTS);
        Some(Self {
            kind: GraphKind::Junctions,
            first_out: ny.first_out,
            head: ny.head,
            weight: ny.weight,
            xy: ny.planar,
            sources: nodes,
            targets,
            roads: None,
        })
    }

    /// The extract for the first vehicle class of the sample, whose cost mixes miles and hours.
    fn turns() -> Option<Self> {
        let extract = read_extract(&shared("ny-metro.osm.pbf")?, &Silent).unwrap();
        let network = build(&extract, &Silent).unwrap();
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/scenario.toml");
        let scenario = load(&sample, &LoadOptions::default()).scenario.unwrap();
        let profile = Profile::new(&network, &scenario.vehicles[0], &scenario.settings.turns).unwrap();
        let (mut first_out, mut head, mut weight) = (vec![0], Vec::new(), Vec::new());
        for arc in network.arcs() {
            if let Some(along) = profile.arc(arc) {
                for (_, next, turn) in profile.turns_from(&network, arc) {
                    head.push(next.0);
                    weight.push(along.checked_add(turn).unwrap());
                }
            }
            first_out.push(head.len() as u32);
        }
        let at = planar(network.junctions());
        let middle = |arc: ArcIx| {
            let (from, to) = network.ends_of(arc);
            let (a, b) = (at[from.index()], at[to.index()]);
            ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0)
        };
        let xy = network.arcs().map(middle).collect();
        // One road a point, so that no two points share a road.
        let components = Components::new(&network, &profile);
        let of_segment = |s: u32| network.arcs_of(ddu::ids::SegmentIx(s)).next().map(|arc| arc.0);
        let main = |s: &u32| components.is_main(ddu::ids::SegmentIx(*s));
        let segments = Random(42).permutation(network.segments().len());
        let mut sources: Vec<u32> = segments.into_iter().filter(main).filter_map(of_segment).take(2 * POINTS).collect();
        let targets = sources.split_off(POINTS);
        let roads = Some((network, profile));
        Some(Self { kind: GraphKind::Turns, first_out, head, weight, xy, sources, targets, roads })
    }

    pub fn nodes(&self) -> usize {
        self.first_out.len() - 1
    }

    /// Tail, head and arc, in order of tails.
    pub fn arcs(&self) -> impl Iterator<Item = (u32, u32, usize)> + Clone + '_ {
        let rows = (0_u32..).zip(self.first_out.windows(2));
        rows.flat_map(move |(v, row)| (row[0] as usize..row[1] as usize).map(move |arc| (v, self.head[arc], arc)))
    }

    /// Arcs sorted by tail and head, the cheapest of parallel ones.
    pub fn simple_arcs(&self) -> Vec<(u32, u32, Weight)> {
        let mut arcs: Vec<_> = self.arcs().map(|(tail, head, arc)| (tail, head, self.weight[arc])).collect();
        arcs.sort_unstable();
        arcs.dedup_by_key(|(tail, head, _)| (*tail, *head));
        arcs
    }

    /// Rows, weights, places and points as files of raw 32-bit numbers.
    pub fn export(&self, folder: &Path) {
        std::fs::create_dir_all(folder).unwrap();
        let costs: Vec<u32> = self.weight.iter().map(|w| w.cost).collect();
        for (name, numbers) in [
            ("first_out", &self.first_out),
            ("head", &self.head),
            ("weight", &costs),
            ("sources", &self.sources),
            ("targets", &self.targets),
        ] {
            write(&folder.join(name), numbers);
        }
        write(&folder.join("x"), &self.xy.iter().map(|p| p.0 as f32).collect::<Vec<_>>());
        write(&folder.join("y"), &self.xy.iter().map(|p| p.1 as f32).collect::<Vec<_>>());
    }

    pub fn title(&self) -> String {
        let what = match self.kind {
            GraphKind::Junctions => "### New York (DIMACS), a node a junction, least metres",
            GraphKind::Turns => "### New York (extract), a node a directed road, turn costs, least money",
        };
        let size = [self.nodes(), self.head.len(), self.sources.len(), self.targets.len()].map(crate::table::thousands);
        let [nodes, arcs, sources, targets] = size;
        format!("{what}\n\n{nodes} nodes, {arcs} arcs, {sources} × {targets} points")
    }
}

/// Numbers as they are in memory.
pub fn write<T: bytemuck::NoUninit>(path: &Path, numbers: &[T]) {
    std::fs::write(path, bytemuck::cast_slice::<T, u8>(numbers)).unwrap();
}
