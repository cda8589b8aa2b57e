//! A blob's contents: as they are, or zlib-compressed.

use super::frame::MAX_BLOB;
use super::wire::{Fields, Flaw, Value};
use libdeflater::Decompressor;

/// Why a blob cannot be unpacked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// It breaks the format.
    Flaw(Flaw),
    /// It claims this many bytes, which is too many.
    TooLarge(u64),
    /// It is packed by a method of this name.
    Compression(&'static str),
}

impl From<Flaw> for Failure {
    fn from(flaw: Flaw) -> Self {
        Self::Flaw(flaw)
    }
}

impl From<&'static str> for Failure {
    fn from(text: &'static str) -> Self {
        Self::Flaw(text.into())
    }
}

/// What a thread reuses from blob to blob.
pub(super) struct Scratch {
    decompressor: Decompressor,
    buffer: Vec<u8>,
}

impl Default for Scratch {
    fn default() -> Self {
        Self { decompressor: Decompressor::new(), buffer: Vec::new() }
    }
}

impl Scratch {
    /// The contents of a blob.
    pub(super) fn unpack<'a>(&'a mut self, blob: &'a [u8]) -> Result<&'a [u8], Failure> {
        let (mut fields, mut contents, mut raw_size) = (Fields(blob), None, None);
        while let Some((field, value)) = fields.next()? {
            match field {
                2 => raw_size = Some(value.number()?),
                1 | 3..=7 => contents = Some((field, value)),
                _ => {}
            }
        }
        match contents {
            None => Err("the blob has no contents".into()),
            Some((1, value)) => {
                let bytes = value.bytes()?;
                if bytes.len() as u64 > MAX_BLOB { Err(Failure::TooLarge(bytes.len() as u64)) } else { Ok(bytes) }
            }
            Some((3, value)) => self.inflate(value, raw_size),
            Some((4, _)) => Err(Failure::Compression("lzma")),
            Some((5, _)) => Err(Failure::Compression("bzip2")),
            Some((6, _)) => Err(Failure::Compression("lz4")),
            Some(_) => Err(Failure::Compression("zstd")),
        }
    }

    fn inflate(&mut self, packed: Value<'_>, raw_size: Option<u64>) -> Result<&[u8], Failure> {
        let size = raw_size.ok_or("the blob does not say its unpacked size")?;
        if size > MAX_BLOB {
            return Err(Failure::TooLarge(size));
        }
        let size = usize::try_from(size).map_err(|_| Failure::TooLarge(size))?;
        if self.buffer.len() < size {
            self.buffer.resize(size, 0);
        }
        let room = self.buffer.get_mut(..size).unwrap_or_default();
        match self.decompressor.zlib_decompress(packed.bytes()?, room) {
            Ok(written) if written == size => Ok(room),
            Ok(_) => Err("the blob unpacks to fewer bytes than it says".into()),
            Err(libdeflater::DecompressionError::InsufficientSpace) => {
                Err("the blob unpacks to more bytes than it says".into())
            }
            Err(libdeflater::DecompressionError::BadData) => Err("its zlib data is corrupt".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_it_cannot_unpack() {
        for (field, method) in [(4, "lzma"), (5, "bzip2"), (6, "lz4"), (7, "zstd")] {
            let blob = [field << 3 | 2, 1, 0];
            assert_eq!(Scratch::default().unpack(&blob), Err(Failure::Compression(method)));
        }
        // raw_size 2^35 with zlib data of one byte
        let blob = [16, 0x80, 0x80, 0x80, 0x80, 0x80, 1, 26, 1, 0];
        assert_eq!(Scratch::default().unpack(&blob), Err(Failure::TooLarge(1 << 35)));
        assert!(matches!(Scratch::default().unpack(&[26, 1, 0]), Err(Failure::Flaw(_))));
        assert!(matches!(Scratch::default().unpack(&[16, 1, 26, 1, 0]), Err(Failure::Flaw(_))));
        assert!(matches!(Scratch::default().unpack(&[]), Err(Failure::Flaw(_))));
        assert_eq!(Scratch::default().unpack(&[10, 2, 7, 8]), Ok(&[7, 8][..]));
    }
}
