//! Dense indices: newtypes over `u32` into the vector of the same name.
//!
//! Tables are sorted by their text id when they are read, so an index is independent of row order.

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, bytemuck::Pod,
            bytemuck::Zeroable,
        )]
        #[serde(transparent)]
        #[repr(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// Position in a vector.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// Index of a position.
            ///
            /// # Panics
            /// When the position does not fit 32 bits; readers refuse such tables and maps before.
            #[must_use]
            pub fn from_index(position: usize) -> Self {
                match u32::try_from(position) {
                    Ok(value) => Self(value),
                    Err(_) => panic!("more than 4,294,967,295 entries"),
                }
            }
        }
    )+};
}

index! {
    /// A hub in `Scenario::hubs`.
    HubIx,
    /// A delivery unit in `Scenario::ddus`.
    DduIx,
    /// A vehicle class in `Scenario::vehicles`.
    VehicleIx,
    /// When a vehicle departs: 0 is free flow, else the departure window before it in `Settings::traffic`.
    DepartureIx,
    /// A bidder in `Scenario::bidders`.
    BidderIx,
    /// A bid line in `Scenario::bids`.
    BidIx,
    /// A junction of the road network.
    JunctionIx,
    /// A road segment of the map between two junctions, both directions together.
    SegmentIx,
    /// A directed road arc: a node of the edge-based routing graph.
    ArcIx,
    /// An allowed turn from one road arc into another: an arc of the edge-based routing graph.
    TurnIx,
}
