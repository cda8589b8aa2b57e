//! Did you mean: the nearest known word to a mistyped one.

/// The known word with the least edit distance to `word` (insertions, deletions, substitutions; Levenshtein 1966), if
/// that is at most a third of its length; ties go to the first in alphabetical order.
///
/// # Examples
/// ```
/// use ddu::diagnostics::did_you_mean;
/// assert_eq!(did_you_mean("sead", ["name", "seed"]), Some("seed"));
/// assert_eq!(did_you_mean("zebra", ["name", "seed"]), None);
/// ```
#[must_use]
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).take(64).collect();
    let limit = (word.len() / 3).max(1);
    known
        .into_iter()
        .filter(|k| k.len().abs_diff(word.len()) <= limit + k.len() - k.chars().count())
        .filter_map(|k| {
            let letters: Vec<char> = k.chars().flat_map(char::to_lowercase).collect();
            let distance = edit_distance(&word, &letters);
            (distance <= limit).then_some((distance, k))
        })
        .min()
        .map(|(_, k)| k)
}

fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let substituted = diagonal + usize::from(x != y);
            diagonal = *cell;
            left = substituted.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(a: &str, b: &str) -> usize {
        edit_distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>())
    }

    /// The definition, word for word, as oracle.
    fn plain(a: &[char], b: &[char]) -> usize {
        match (a, b) {
            ([], rest) | (rest, []) => rest.len(),
            ([x, a1 @ ..], [y, b1 @ ..]) => {
                (plain(a1, b1) + usize::from(x != y)).min(plain(a1, b) + 1).min(plain(a, b1) + 1)
            }
        }
    }

    #[test]
    fn agrees_with_the_definition() {
        let words = ["", "a", "ab", "ba", "abc", "kitten", "sitting", "seed", "sede"];
        for a in words {
            for b in words {
                let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
                assert_eq!(distance(a, b), plain(&x, &y), "{a} {b}");
            }
        }
    }

    #[test]
    fn capitals_do_not_count() {
        assert_eq!(did_you_mean("Open", ["closed", "open"]), Some("open"));
        assert_eq!(did_you_mean("DDU0001", ["DDU0002", "DDU0011"]), Some("DDU0002"));
    }
}
