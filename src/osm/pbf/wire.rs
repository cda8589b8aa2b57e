//! The protobuf wire format, as far as OpenStreetMap's files use it. Every read is checked against the end.
//!
//! Reference: <https://protobuf.dev/programming-guides/encoding/>. Unknown fields are skipped; packed and unpacked
//! repeated numbers, and packed ones in several parts, are all accepted.

use std::borrow::Cow;

/// What is wrong with a message, in words for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flaw(pub(super) Cow<'static, str>);

impl From<&'static str> for Flaw {
    fn from(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A number, or a packed number on its own: the bytes it is encoded in, and what they say.
    Varint(&'a [u8], u64),
    /// A string, message or packed list.
    Bytes(&'a [u8]),
    /// Four or eight bytes; no field that we read has them.
    Fixed,
}

impl<'a> Value<'a> {
    /// The bytes of a string or message.
    pub(super) fn bytes(self) -> Result<&'a [u8], Flaw> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            _ => Err("a field has the wrong wire type".into()),
        }
    }

    /// A number.
    pub(super) fn number(self) -> Result<u64, Flaw> {
        match self {
            Self::Varint(_, number) => Ok(number),
            _ => Err("a field has the wrong wire type".into()),
        }
    }

    /// A number of type `int32` or `int64`.
    #[allow(clippy::cast_possible_wrap)] // two's complement is the encoding
    pub(super) fn signed(self) -> Result<i64, Flaw> {
        self.number().map(|n| n as i64)
    }

    /// A number of type `sint32` or `sint64`.
    pub(super) fn zigzag(self) -> Result<i64, Flaw> {
        self.number().map(zigzag)
    }
}

/// Takes `count` bytes off the front.
fn take<'a>(rest: &mut &'a [u8], count: u64) -> Result<&'a [u8], Flaw> {
    let split = usize::try_from(count).ok().and_then(|count| rest.split_at_checked(count));
    let (head, tail) = split.ok_or("a field is longer than the message around it")?;
    *rest = tail;
    Ok(head)
}

/// Takes a number of variable length off the front.
#[inline]
pub(super) fn varint(rest: &mut &[u8]) -> Result<u64, Flaw> {
    match rest {
        [first, tail @ ..] if *first < 0x80 => {
            *rest = tail;
            Ok(u64::from(*first))
        }
        _ => long_varint(rest),
    }
}

fn long_varint(rest: &mut &[u8]) -> Result<u64, Flaw> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let Some((byte, tail)) = rest.split_first() else { return Err("a number is cut off".into()) };
        *rest = tail;
        number |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return if shift == 63 && *byte > 1 { Err("a number exceeds 64 bits".into()) } else { Ok(number) };
        }
    }
    Err("a number exceeds 64 bits".into())
}

/// Decodes a number of type `sint64`.
#[allow(clippy::cast_possible_wrap)] // the shift clears the top bit
pub(super) const fn zigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// The fields of a message, in order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    /// The next field's number and value; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Value<'a>)>, Flaw> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let key = varint(&mut self.0)?;
        let value = match key & 7 {
            0 => {
                let before = self.0;
                let number = varint(&mut self.0)?;
                let encoded = before.get(..before.len() - self.0.len()).unwrap_or_default();
                Value::Varint(encoded, number)
            }
            1 => take(&mut self.0, 8).map(|_| Value::Fixed)?,
            2 => {
                let length = varint(&mut self.0)?;
                Value::Bytes(take(&mut self.0, length)?)
            }
            5 => take(&mut self.0, 4).map(|_| Value::Fixed)?,
            _ => return Err("a field has an unknown wire type".into()),
        };
        Ok(Some((key >> 3, value)))
    }
}

/// A repeated number field. Parts are simply joined: packed and unpacked numbers are the same bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct Packed<'a>(Cow<'a, [u8]>);

impl<'a> Packed<'a> {
    /// Adds a part.
    pub(super) fn push(&mut self, value: Value<'a>) -> Result<(), Flaw> {
        let part = match value {
            Value::Bytes(part) | Value::Varint(part, _) => part,
            Value::Fixed => return Err("a field has the wrong wire type".into()),
        };
        if self.0.is_empty() {
            self.0 = Cow::Borrowed(part);
        } else {
            self.0.to_mut().extend_from_slice(part);
        }
        Ok(())
    }

    /// All numbers, from the front.
    pub(super) fn numbers(&self) -> Numbers<'_> {
        Numbers(&self.0)
    }

    /// How many there are: each ends with a byte below 128.
    pub(super) fn count(&self) -> usize {
        self.0.iter().filter(|byte| **byte < 0x80).count()
    }
}

/// Numbers of a packed field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    /// True when no number is left.
    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The next number.
    #[inline]
    pub(super) fn next(&mut self) -> Result<u64, Flaw> {
        varint(&mut self.0)
    }

    /// The next number of a list of differences: adds it to `sum`.
    #[inline]
    pub(super) fn add_delta(&mut self, sum: &mut i64) -> Result<(), Flaw> {
        *sum = sum.checked_add(zigzag(self.next()?)).ok_or("an id or coordinate exceeds 64 bits")?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_variable_length() {
        let cases: &[(&[u8], Result<u64, &str>)] = &[
            (&[0], Ok(0)),
            (&[0x7f], Ok(127)),
            (&[0xac, 0x02], Ok(300)),
            (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], Ok(u64::MAX)),
            (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02], Err("a number exceeds 64 bits")),
            (&[0x80; 11], Err("a number exceeds 64 bits")),
            (&[0x80], Err("a number is cut off")),
            (&[], Err("a number is cut off")),
        ];
        for (bytes, expected) in cases {
            let mut rest = *bytes;
            assert_eq!(varint(&mut rest), expected.map_err(Flaw::from), "{bytes:?}");
        }
        for (number, expected) in [(0, 0), (1, -1), (2, 1), (u64::MAX, i64::MIN), (u64::MAX - 1, i64::MAX)] {
            assert_eq!(zigzag(number), expected);
        }
    }

    #[test]
    fn fields_and_their_ends() {
        // Field 1 = 150, field 2 = "ab", field 3 fixed32, field 4 fixed64.
        let message = [8, 0x96, 1, 18, 2, b'a', b'b', 29, 0, 0, 0, 0, 33, 0, 0, 0, 0, 0, 0, 0, 0];
        let mut fields = Fields(&message);
        assert_eq!(fields.next(), Ok(Some((1, Value::Varint(&[0x96, 1], 150)))));
        assert_eq!(fields.next(), Ok(Some((2, Value::Bytes(b"ab")))));
        assert_eq!(fields.next(), Ok(Some((3, Value::Fixed))));
        assert_eq!(fields.next(), Ok(Some((4, Value::Fixed))));
        assert_eq!(fields.next(), Ok(None));
        for bad in [&[18, 3, b'a'][..], &[29, 0], &[33], &[8], &[11], &[18, 0xff, 0xff, 0xff, 0xff, 0xff, 1]] {
            assert!(Fields(bad).next().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn lists_in_parts() {
        let mut list = Packed::default();
        list.push(Value::Bytes(&[2, 4])).unwrap();
        list.push(Value::Varint(&[6], 6)).unwrap();
        list.push(Value::Bytes(&[1])).unwrap();
        let (mut numbers, mut sum, mut seen) = (list.numbers(), 0, vec![]);
        while !numbers.is_empty() {
            numbers.add_delta(&mut sum).unwrap();
            seen.push(sum);
        }
        assert_eq!((seen, list.count()), (vec![1, 3, 6, 5], 4));
        let mut sum = i64::MAX;
        assert!(list.numbers().add_delta(&mut sum).is_err());
    }
}
