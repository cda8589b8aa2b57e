//! Sixteen 32-bit lanes: the only place with `unsafe` and with machine instructions.
//!
//! [`dispatch`] runs a computation with the widest instructions that the processor has. It is generic over [`Lanes`] and
//! inlined into a function compiled for those instructions. All implementations give the same bits: they compute the
//! same integer operations lane by lane.
//!
//! Proof for every block that calls an intrinsic: the types `Avx512` and `Avx2` have a private field and are made only
//! in `run_avx512` and `run_avx2`, which [`dispatch`] calls only after detecting exactly the feature their methods use;
//! every method takes such a value. Loads and stores go through references to (halves of) a [`Row`] and need no alignment.

#![allow(unsafe_code)]

/// One value per lane in memory.
pub(crate) type Row = [u32; 16];

/// Operations on sixteen unsigned lanes.
pub trait Lanes: Copy {
    /// Sixteen numbers.
    type Vector: Copy;
    /// Sixteen truth values.
    type Mask: Copy;
    /// All lanes the same.
    fn splat(self, value: u32) -> Self::Vector;
    /// From memory.
    fn load(self, row: &Row) -> Self::Vector;
    /// To memory.
    fn store(self, row: &mut Row, v: Self::Vector);
    /// Sum modulo 2^32.
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// Exclusive or: zero where both are equal.
    fn xor(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// Bits set in either.
    fn merge(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// The lesser.
    fn min(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// Where `a < b`.
    fn less(self, a: Self::Vector, b: Self::Vector) -> Self::Mask;
    /// Where `a == b`.
    fn equal(self, a: Self::Vector, b: Self::Vector) -> Self::Mask;
    /// `yes` where the mask is set, else `no`.
    fn select(self, mask: Self::Mask, yes: Self::Vector, no: Self::Vector) -> Self::Vector;
    /// Where both are set.
    fn and(self, a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Where either is set.
    fn or(self, a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// `1 << v`, zero where `v` is 32 or more.
    fn bit(self, v: Self::Vector) -> Self::Vector;
    /// Bits set in any lane.
    fn union(self, v: Self::Vector) -> u32;
    /// Lane `i` is bit `i`.
    fn bits(self, mask: Self::Mask) -> u32;
    /// Whether any lane is set.
    fn any(self, mask: Self::Mask) -> bool;
    /// Where the bit is set.
    fn mask(self, bits: u32) -> Self::Mask;

    /// Where the tuples of `a` come before those of `b`, lexicographically.
    #[inline(always)]
    fn before(self, a: &[Self::Vector], b: &[Self::Vector]) -> Self::Mask {
        let mut less = self.mask(0);
        for (a, b) in a.iter().zip(b).rev() {
            less = self.or(self.less(*a, *b), self.and(self.equal(*a, *b), less));
        }
        less
    }
}

/// A computation over lanes.
pub(crate) trait Kernel {
    /// Result.
    type Output;
    /// Runs it; implementations are `#[inline(always)]`.
    fn run<L: Lanes>(self, lanes: L) -> Self::Output;
}

/// Which instructions are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// 512-bit vectors.
    Avx512,
    /// 256-bit vectors.
    Avx2,
    /// Any processor.
    Portable,
}

impl Path {
    /// The paths that this processor has, the best one first.
    #[must_use]
    pub fn available() -> Vec<Self> {
        [Self::Avx512, Self::Avx2, Self::Portable].into_iter().filter(|p| p.exists()).collect()
    }

    /// The best path of this processor.
    #[must_use]
    pub fn best() -> Self {
        [Self::Avx512, Self::Avx2].into_iter().find(|p| p.exists()).unwrap_or(Self::Portable)
    }

    fn exists(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => is_x86_feature_detected!("avx512f"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2"),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx512 | Self::Avx2 => false,
            Self::Portable => true,
        }
    }
}

/// Runs a computation on a path, or on the portable one if the processor lacks it.
pub(crate) fn dispatch<K: Kernel>(path: Path, kernel: K) -> K::Output {
    match path {
        #[cfg(target_arch = "x86_64")]
        Path::Avx512 if path.exists() => {
            // SAFETY: avx512f was just detected.
            unsafe { x86::run_avx512(kernel) }
        }
        #[cfg(target_arch = "x86_64")]
        Path::Avx2 if path.exists() => {
            // SAFETY: avx2 was just detected.
            unsafe { x86::run_avx2(kernel) }
        }
        _ => kernel.run(Portable),
    }
}

/// Brings a value into the cache while other work goes on. Only time depends on it.
#[inline(always)]
pub(crate) fn prefetch<T>(values: &[T], at: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(value) = values.get(at) {
        // SAFETY: every x86-64 processor has the instruction, and it has no effect on memory whatever the address.
        unsafe {
            std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(std::ptr::from_ref(value).cast())
        };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, at);
}

/// Plain Rust.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Portable;

#[inline(always)]
fn map(f: impl Fn(usize) -> u32) -> Row {
    std::array::from_fn(f)
}

#[inline(always)]
fn gather(f: impl Fn(usize) -> bool) -> u32 {
    (0..16).fold(0, |bits, i| bits | u32::from(f(i)) << i)
}

impl Lanes for Portable {
    type Vector = Row;
    type Mask = u32;
    #[inline(always)]
    fn splat(self, value: u32) -> Row {
        [value; 16]
    }
    #[inline(always)]
    fn load(self, row: &Row) -> Row {
        *row
    }
    #[inline(always)]
    fn store(self, row: &mut Row, v: Row) {
        *row = v;
    }
    #[inline(always)]
    fn add(self, a: Row, b: Row) -> Row {
        map(|i| a[i].wrapping_add(b[i]))
    }
    #[inline(always)]
    fn xor(self, a: Row, b: Row) -> Row {
        map(|i| a[i] ^ b[i])
    }
    #[inline(always)]
    fn merge(self, a: Row, b: Row) -> Row {
        map(|i| a[i] | b[i])
    }
    #[inline(always)]
    fn min(self, a: Row, b: Row) -> Row {
        map(|i| a[i].min(b[i]))
    }
    #[inline(always)]
    fn less(self, a: Row, b: Row) -> u32 {
        gather(|i| a[i] < b[i])
    }
    #[inline(always)]
    fn equal(self, a: Row, b: Row) -> u32 {
        gather(|i| a[i] == b[i])
    }
    #[inline(always)]
    fn select(self, mask: u32, yes: Row, no: Row) -> Row {
        map(|i| if mask >> i & 1 != 0 { yes[i] } else { no[i] })
    }
    #[inline(always)]
    fn and(self, a: u32, b: u32) -> u32 {
        a & b
    }
    #[inline(always)]
    fn or(self, a: u32, b: u32) -> u32 {
        a | b
    }
    #[inline(always)]
    fn bit(self, v: Row) -> Row {
        map(|i| 1_u32.checked_shl(v[i]).unwrap_or(0))
    }
    #[inline(always)]
    fn union(self, v: Row) -> u32 {
        v.iter().fold(0, |all, bits| all | bits)
    }
    #[inline(always)]
    fn bits(self, mask: u32) -> u32 {
        mask
    }
    #[inline(always)]
    fn any(self, mask: u32) -> bool {
        mask != 0
    }
    #[inline(always)]
    fn mask(self, bits: u32) -> u32 {
        bits
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Kernel, Lanes, Row};
    use std::arch::x86_64::*;

    /// Exists only where avx512f does.
    #[derive(Clone, Copy)]
    pub(super) struct Avx512(());
    /// Exists only where avx2 does.
    #[derive(Clone, Copy)]
    pub(super) struct Avx2(());

    #[target_feature(enable = "avx512f")]
    pub(super) fn run_avx512<K: Kernel>(kernel: K) -> K::Output {
        kernel.run(Avx512(()))
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn run_avx2<K: Kernel>(kernel: K) -> K::Output {
        kernel.run(Avx2(()))
    }

    /// SAFETY of each use: `self` proves the feature; pointers come from references of full size (module doc).
    macro_rules! vector {
        ($e:expr) => {
            unsafe { $e }
        };
    }

    impl Lanes for Avx512 {
        type Vector = __m512i;
        type Mask = __mmask16;
        #[inline(always)]
        fn splat(self, value: u32) -> __m512i {
            vector!(_mm512_set1_epi32(value.cast_signed()))
        }
        #[inline(always)]
        fn load(self, row: &Row) -> __m512i {
            vector!(_mm512_loadu_si512(row.as_ptr().cast()))
        }
        #[inline(always)]
        fn store(self, row: &mut Row, v: __m512i) {
            vector!(_mm512_storeu_si512(row.as_mut_ptr().cast(), v))
        }
        #[inline(always)]
        fn add(self, a: __m512i, b: __m512i) -> __m512i {
            vector!(_mm512_add_epi32(a, b))
        }
        #[inline(always)]
        fn xor(self, a: __m512i, b: __m512i) -> __m512i {
            vector!(_mm512_xor_si512(a, b))
        }
        #[inline(always)]
        fn merge(self, a: __m512i, b: __m512i) -> __m512i {
            vector!(_mm512_or_si512(a, b))
        }
        #[inline(always)]
        fn min(self, a: __m512i, b: __m512i) -> __m512i {
            vector!(_mm512_min_epu32(a, b))
        }
        #[inline(always)]
        fn less(self, a: __m512i, b: __m512i) -> __mmask16 {
            vector!(_mm512_cmplt_epu32_mask(a, b))
        }
        #[inline(always)]
        fn equal(self, a: __m512i, b: __m512i) -> __mmask16 {
            vector!(_mm512_cmpeq_epi32_mask(a, b))
        }
        #[inline(always)]
        fn select(self, mask: __mmask16, yes: __m512i, no: __m512i) -> __m512i {
            vector!(_mm512_mask_mov_epi32(no, mask, yes))
        }
        #[inline(always)]
        fn and(self, a: __mmask16, b: __mmask16) -> __mmask16 {
            a & b
        }
        #[inline(always)]
        fn or(self, a: __mmask16, b: __mmask16) -> __mmask16 {
            a | b
        }
        #[inline(always)]
        fn bit(self, v: __m512i) -> __m512i {
            vector!(_mm512_sllv_epi32(_mm512_set1_epi32(1), v))
        }
        #[inline(always)]
        fn union(self, v: __m512i) -> u32 {
            vector!(_mm512_reduce_or_epi32(v)).cast_unsigned()
        }
        #[inline(always)]
        fn bits(self, mask: __mmask16) -> u32 {
            u32::from(mask)
        }
        #[inline(always)]
        fn any(self, mask: __mmask16) -> bool {
            mask != 0
        }
        #[inline(always)]
        #[allow(clippy::cast_possible_truncation)] // sixteen bits are meant
        fn mask(self, bits: u32) -> __mmask16 {
            bits as u16
        }
    }

    /// Both halves of a pair.
    type Pair = [__m256i; 2];

    impl Lanes for Avx2 {
        type Vector = Pair;
        type Mask = Pair;
        #[inline(always)]
        fn splat(self, value: u32) -> Pair {
            [vector!(_mm256_set1_epi32(value.cast_signed())); 2]
        }
        #[inline(always)]
        fn load(self, row: &Row) -> Pair {
            let (low, high) = row.split_at(8);
            vector!([_mm256_loadu_si256(low.as_ptr().cast()), _mm256_loadu_si256(high.as_ptr().cast())])
        }
        #[inline(always)]
        fn store(self, row: &mut Row, v: Pair) {
            let (low, high) = row.split_at_mut(8);
            vector!({
                _mm256_storeu_si256(low.as_mut_ptr().cast(), v[0]);
                _mm256_storeu_si256(high.as_mut_ptr().cast(), v[1]);
            })
        }
        #[inline(always)]
        fn add(self, a: Pair, b: Pair) -> Pair {
            vector!([_mm256_add_epi32(a[0], b[0]), _mm256_add_epi32(a[1], b[1])])
        }
        #[inline(always)]
        fn xor(self, a: Pair, b: Pair) -> Pair {
            vector!([_mm256_xor_si256(a[0], b[0]), _mm256_xor_si256(a[1], b[1])])
        }
        #[inline(always)]
        fn merge(self, a: Pair, b: Pair) -> Pair {
            vector!([_mm256_or_si256(a[0], b[0]), _mm256_or_si256(a[1], b[1])])
        }
        #[inline(always)]
        fn min(self, a: Pair, b: Pair) -> Pair {
            vector!([_mm256_min_epu32(a[0], b[0]), _mm256_min_epu32(a[1], b[1])])
        }
        #[inline(always)]
        fn less(self, a: Pair, b: Pair) -> Pair {
            // Signed comparison of numbers shifted by 2^31 is unsigned comparison.
            let top = self.splat(1 << 31);
            let shift = |v: __m256i, t: __m256i| vector!(_mm256_xor_si256(v, t));
            let less = |i: usize| vector!(_mm256_cmpgt_epi32(shift(b[i], top[i]), shift(a[i], top[i])));
            [less(0), less(1)]
        }
        #[inline(always)]
        fn equal(self, a: Pair, b: Pair) -> Pair {
            vector!([_mm256_cmpeq_epi32(a[0], b[0]), _mm256_cmpeq_epi32(a[1], b[1])])
        }
        #[inline(always)]
        fn select(self, mask: Pair, yes: Pair, no: Pair) -> Pair {
            vector!([_mm256_blendv_epi8(no[0], yes[0], mask[0]), _mm256_blendv_epi8(no[1], yes[1], mask[1])])
        }
        #[inline(always)]
        fn and(self, a: Pair, b: Pair) -> Pair {
            vector!([_mm256_and_si256(a[0], b[0]), _mm256_and_si256(a[1], b[1])])
        }
        #[inline(always)]
        fn or(self, a: Pair, b: Pair) -> Pair {
            vector!([_mm256_or_si256(a[0], b[0]), _mm256_or_si256(a[1], b[1])])
        }
        #[inline(always)]
        fn bit(self, v: Pair) -> Pair {
            let one = self.splat(1);
            vector!([_mm256_sllv_epi32(one[0], v[0]), _mm256_sllv_epi32(one[1], v[1])])
        }
        #[inline(always)]
        fn union(self, v: Pair) -> u32 {
            let mut row = [0; 16];
            self.store(&mut row, v);
            row.iter().fold(0, |all, bits| all | bits)
        }
        #[inline(always)]
        fn bits(self, mask: Pair) -> u32 {
            let half = |m: __m256i| vector!(_mm256_movemask_ps(_mm256_castsi256_ps(m))).cast_unsigned();
            half(mask[0]) | half(mask[1]) << 8
        }
        #[inline(always)]
        fn any(self, mask: Pair) -> bool {
            let either = vector!(_mm256_or_si256(mask[0], mask[1]));
            vector!(_mm256_testz_si256(either, either)) == 0
        }
        #[inline(always)]
        fn mask(self, bits: u32) -> Pair {
            let lane: Row = std::array::from_fn(|i| if bits >> i & 1 != 0 { u32::MAX } else { 0 });
            self.load(&lane)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Everything(Row, Row, u32);

    impl Kernel for Everything {
        type Output = Vec<Row>;
        #[inline(always)]
        fn run<L: Lanes>(self, l: L) -> Vec<Row> {
            let (a, b) = (l.load(&self.0), l.load(&self.1));
            let (less, equal, mask) = (l.less(a, b), l.equal(a, b), l.mask(self.2));
            let masks = [less, equal, mask, l.and(less, mask), l.or(equal, mask)];
            let mut out: Vec<Row> = masks.iter().map(|m| [l.bits(*m); 16]).collect();
            out.push([l.union(a); 16]);
            out.push(std::array::from_fn(|i| masks.get(i).map_or(0, |m| u32::from(l.any(*m)))));
            for v in [
                l.bit(b),
                l.add(a, b),
                l.min(a, b),
                l.xor(a, b),
                l.merge(a, b),
                l.select(less, a, b),
                l.select(mask, a, l.splat(self.2)),
            ] {
                out.push([0; 16]);
                if let Some(row) = out.last_mut() {
                    l.store(row, v);
                }
            }
            out
        }
    }

    #[test]
    fn all_paths_give_the_same_bits() {
        let mut state = 1_u32;
        let mut number = || {
            state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
            [state, state >> 30, u32::MAX - (state >> 31), 1 << 31 | state >> 29][(state >> 13) as usize % 4]
        };
        for _ in 0..2000 {
            let (a, b): (Row, Row) = (std::array::from_fn(|_| number()), std::array::from_fn(|_| number()));
            let bits = number() & 0xFFFF;
            let expected = Everything(a, b, bits).run(Portable);
            assert_eq!(expected[9], std::array::from_fn(|i| a[i].min(b[i])));
            for path in Path::available() {
                assert_eq!(dispatch(path, Everything(a, b, bits)), expected, "{path:?} {a:?} {b:?} {bits:x}");
            }
        }
    }
}
