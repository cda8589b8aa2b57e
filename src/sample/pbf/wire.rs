//! Protocol-buffer encoding: the little of it that an OpenStreetMap file needs.

/// A message under construction.
#[derive(Clone, Debug, Default)]
pub(super) struct Message(Vec<u8>);

impl Message {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn key(&mut self, field: u32, wire_type: u32) {
        push_varint(&mut self.0, u64::from(field << 3 | wire_type));
    }

    /// A field of type int32, int64, uint32, uint64, bool or enum.
    pub(super) fn varint(&mut self, field: u32, value: u64) {
        self.key(field, 0);
        push_varint(&mut self.0, value);
    }

    /// A field of type sint64.
    pub(super) fn signed(&mut self, field: u32, value: i64) {
        self.varint(field, zigzag(value));
    }

    /// A field of type bytes, string or message, or a packed list.
    pub(super) fn bytes(&mut self, field: u32, value: &[u8]) {
        self.key(field, 2);
        push_varint(&mut self.0, value.len() as u64);
        self.0.extend_from_slice(value);
    }
}

/// Appends an unsigned number in groups of seven bits.
pub(super) fn push_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Small numbers of either sign become small unsigned numbers.
pub(super) const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// Differences between neighbours, as packed sint64.
#[derive(Clone, Debug, Default)]
pub(super) struct Deltas {
    bytes: Vec<u8>,
    last: i64,
}

impl Deltas {
    pub(super) fn push(&mut self, value: i64) {
        push_varint(&mut self.bytes, zigzag(value.wrapping_sub(self.last)));
        self.last = value;
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_examples_of_the_protobuf_guide() {
        let mut out = Vec::new();
        push_varint(&mut out, 150);
        assert_eq!(out, [0x96, 0x01]);
        assert_eq!([zigzag(0), zigzag(-1), zigzag(1), zigzag(-2)], [0, 1, 2, 3]);
        let mut message = Message::default();
        message.varint(1, 150);
        message.bytes(2, b"testing");
        assert_eq!(message.into_bytes()[..5], [0x08, 0x96, 0x01, 0x12, 0x07]);
    }
}
