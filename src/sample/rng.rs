//! Random numbers of the sample: one stream for each of its parts.

pub(super) use crate::rng::Rng;

/// What a stream is for; part of its seed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stream {
    Names = 1,
    County = 2,
    Bidders = 3,
    Hubs = 4,
    Ddus = 5,
    Bids = 6,
    Packages = 7,
    Places = 8,
    Margins = 9,
    Limits = 10,
}

impl From<Stream> for u64 {
    fn from(stream: Stream) -> Self {
        stream as Self
    }
}
