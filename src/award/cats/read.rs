//! Reads the CATS text format: comments with `%`, then `goods`, `bids`, `dummy` with a number each, then a bid a line:
//! its id, its value, its goods, `#`. All defects are found in one pass.

use std::collections::{BTreeMap, BTreeSet};

/// Most goods and dummy goods, and most bids, of an auction.
const MOST: u32 = 10_000_000;
/// Decimals that values may have.
const MOST_DECIMALS: usize = 9;

/// An auction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatsAuction {
    /// Number of goods; they are `0..goods`, dummy goods come behind.
    pub goods: u32,
    /// Number of dummy goods.
    pub dummies: u32,
    /// Values are multiples of `10^-decimals`.
    pub decimals: u32,
    /// Bids, in the order of the file.
    pub bids: Vec<CatsBid>,
}

/// A bid for a set of goods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatsBid {
    /// Its id in the file.
    pub id: u64,
    /// Its value in units of `10^-decimals`.
    pub value: i64,
    /// Goods and dummy goods, ascending, each once.
    pub goods: Vec<u32>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct CatsDefect {
    /// From 1.
    pub line: usize,
    /// What, with the value and what to do.
    pub problem: String,
}

/// A bid as it is written: id, value's digits and decimals, goods.
struct Raw {
    id: u64,
    digits: i64,
    decimals: usize,
    goods: Vec<u32>,
}

impl CatsAuction {
    /// Reads an auction.
    ///
    /// # Errors
    /// All defects of the text.
    pub fn parse(text: &str) -> Result<Self, Vec<CatsDefect>> {
        let mut defects = Vec::new();
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        let mut raw: Vec<(usize, Raw)> = Vec::new();
        for (line, content) in (1..).zip(text.lines().map(str::trim)) {
            let mut defect = |problem: String| defects.push(CatsDefect { line, problem });
            let mut words = content.split_ascii_whitespace();
            let Some(first) = words.next().filter(|word| !word.starts_with('%')) else { continue };
            if let "goods" | "bids" | "dummy" = first {
                match (words.next().and_then(|w| w.parse().ok()).filter(|n| *n <= MOST), words.next()) {
                    (Some(_), None) if counts.contains_key(first) => defect(format!("`{first}` is given twice")),
                    (Some(n), None) => _ = counts.insert(first, n),
                    _ => defect(format!("`{content}` needs one number up to {MOST} behind `{first}`")),
                }
                continue;
            }
            match bid(first, words) {
                Ok(bid) => raw.push((line, bid)),
                Err(problem) => defect(problem),
            }
        }
        for word in ["goods", "bids"] {
            if !counts.contains_key(word) {
                defects.push(CatsDefect { line: 1, problem: format!("no line `{word} N`: is this a CATS file?") });
            }
        }
        let count = |word| counts.get(word).copied().unwrap_or(0);
        let (goods, dummies) = (count("goods"), count("dummy"));
        if counts.contains_key("bids") && raw.len() != count("bids") as usize && defects.is_empty() {
            let problem = format!("`bids {}` but {} lines of bids: is the file cut off?", count("bids"), raw.len());
            defects.push(CatsDefect { line: text.lines().count(), problem });
        }
        let decimals = raw.iter().map(|(_, bid)| bid.decimals).max().unwrap_or(0);
        let mut ids = BTreeSet::new();
        let mut bids = Vec::with_capacity(raw.len());
        for (line, bid) in raw {
            let mut defect = |problem: String| defects.push(CatsDefect { line, problem });
            if let Some(good) = bid.goods.last().filter(|g| **g >= goods.saturating_add(dummies)) {
                defect(format!("good {good} is not below goods + dummy = {}", goods.saturating_add(dummies)));
            }
            if !ids.insert(bid.id) {
                defect(format!("bid {} is there twice; give each bid its own id", bid.id));
            }
            let scale = u32::try_from(decimals - bid.decimals).ok().and_then(|d| 10_i64.checked_pow(d));
            match scale.and_then(|scale| bid.digits.checked_mul(scale)) {
                Some(value) => bids.push(CatsBid { id: bid.id, value, goods: bid.goods }),
                None => defect(format!("the value of bid {} does not fit beside {decimals} decimals", bid.id)),
            }
        }
        let decimals = u32::try_from(decimals).unwrap_or(0);
        if defects.is_empty() { Ok(Self { goods, dummies, decimals, bids }) } else { Err(defects) }
    }
}

fn bid<'a>(first: &str, words: impl Iterator<Item = &'a str>) -> Result<Raw, String> {
    let id = first.parse().map_err(|_| format!("`{first}` is no bid id; a bid is: id, value, goods, #"))?;
    let mut words: Vec<&str> = words.collect();
    if words.pop() != Some("#") {
        return Err(format!("bid {id} does not end with `#`"));
    }
    let (value, goods) = words.split_first().ok_or_else(|| format!("bid {id} has no value"))?;
    let (digits, decimals) = decimal(value)
        .ok_or_else(|| format!("value `{value}` of bid {id} is no number from 0 with up to 9 decimals"))?;
    let parsed: Result<BTreeSet<u32>, String> = goods
        .iter()
        .map(|good| good.parse().map_err(|_| format!("`{good}` of bid {id} is no number of a good")))
        .collect();
    let parsed = parsed?;
    if parsed.len() != goods.len() {
        return Err(format!("bid {id} names a good twice"));
    }
    if parsed.is_empty() {
        return Err(format!("bid {id} names no good"));
    }
    Ok(Raw { id, digits, decimals, goods: parsed.into_iter().collect() })
}

/// Digits and number of decimals of a plain or exponential decimal number from 0.
fn decimal(text: &str) -> Option<(i64, usize)> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !plain(whole) || !plain(fraction) {
        return None;
    }
    let digits: i64 = format!("{whole}{fraction}").parse().ok()?;
    let decimals = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    if decimals < 0 {
        return Some((digits.checked_mul(10_i64.checked_pow(decimals.unsigned_abs())?)?, 0));
    }
    let (mut digits, mut decimals) = (digits, usize::try_from(decimals).ok()?);
    while decimals > 0 && digits % 10 == 0 {
        (digits, decimals) = (digits / 10, decimals - 1);
    }
    (decimals <= MOST_DECIMALS).then_some((digits, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact() {
        assert_eq!(decimal("12"), Some((12, 0)));
        assert_eq!(decimal("12.50"), Some((125, 1)));
        assert_eq!(decimal("1.25e+2"), Some((125, 0)));
        assert_eq!(decimal("1e3"), Some((1000, 0)));
        assert_eq!(decimal("5e-3"), Some((5, 3)));
        assert_eq!(decimal("0.0"), Some((0, 0)));
        for wrong in ["", ".", "-1", "+1", "1e", "nan", "1.2.3", "1e99", "0.0000000001", "1e2000000000"] {
            assert_eq!(decimal(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn values_share_one_unit() {
        let text = "% a comment\n\ngoods 2\nbids 3\ndummy 1\n0 1.5 0 2 #\n1\t2\t1\t2\t#\r\n2 0.25 0 1 #\n";
        let auction = CatsAuction::parse(text).unwrap();
        assert_eq!((auction.goods, auction.dummies, auction.decimals), (2, 1, 2));
        let bids: Vec<(u64, i64, &[u32])> = auction.bids.iter().map(|b| (b.id, b.value, &b.goods[..])).collect();
        assert_eq!(bids, [(0, 150, &[0, 2][..]), (1, 200, &[1, 2][..]), (2, 25, &[0, 1][..])]);
    }

    #[test]
    fn every_defect_is_named_in_one_pass() {
        let text = "goods 2\nbids 9\nbids 3\n0 x 0 #\n1 5 0\n2 5 7 #\n3 5 0 0 #\n4 5 #\n5 5 1 #\n5 6 0 #\nhello\n";
        let defects = CatsAuction::parse(text).unwrap_err();
        let lines: BTreeSet<usize> = defects.iter().map(|d| d.line).collect();
        assert_eq!(lines, BTreeSet::from([3, 4, 5, 6, 7, 8, 10, 11]), "{defects:#?}");
        let cut = CatsAuction::parse("goods 2\nbids 2\n0 5 1 #\n").unwrap_err();
        assert!(cut[0].problem.contains("cut off"), "{cut:?}");
        assert_eq!(CatsAuction::parse("").unwrap_err().len(), 2);
    }
}
