//! Ids, words and remarks.

use super::{Finding, Rule, as_is};
use crate::diagnostics::{Code, did_you_mean};

/// Longest id in characters.
const ID_CHARS: usize = 64;
/// Longest other text in characters.
const REMARK_CHARS: usize = 1_000;

/// No control characters, nor the marks that turn the direction of text.
pub(crate) fn control_characters(text: &str) -> Result<(), Finding> {
    let hidden = |c: &char| {
        c.is_control() || matches!(c, '\u{200B}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    match text.chars().position(|c| hidden(&c)) {
        None => Ok(()),
        Some(i) => {
            let c = text.chars().nth(i).unwrap_or_default();
            let message = format!("character {} of the value is the invisible U+{:04X}", i + 1, u32::from(c));
            Err(Finding::plain(Code::ControlCharacter, message))
        }
    }
}

/// An id: any text of at most 64 characters.
pub(crate) fn id(text: &str) -> Rule<String> {
    limited(text, ID_CHARS)
}

/// A name or comment: any text of at most 1,000 characters.
pub(crate) fn remark(text: &str) -> Rule<String> {
    limited(text, REMARK_CHARS)
}

fn limited(text: &str, most: usize) -> Rule<String> {
    let chars = text.chars().count();
    if chars > most {
        let message = format!("the text has {chars} characters; at most {most} are allowed here");
        return Err(Finding::plain(Code::TextTooLong, message));
    }
    as_is(text.to_owned())
}

/// One of a few words.
pub(crate) fn word<T: Copy>(text: &str, words: &[(&'static str, T)]) -> Rule<T> {
    if let Some((_, value)) = words.iter().find(|(w, _)| *w == text) {
        return as_is(*value);
    }
    let all: Vec<String> = words.iter().map(|(w, _)| format!("`{w}`")).collect();
    let near = did_you_mean(text, words.iter().map(|(w, _)| *w));
    let near = near.map_or(String::new(), |w| format!("did you mean `{w}`? "));
    let message = format!("`{}` is not a word of this column", shown(text));
    Err(Finding::new(Code::NotAWord, message, format!("{near}use one of {}", all.join(", "))))
}

/// The phrase of a comment that says the unit moved.
pub(crate) fn redirect(comment: &str) -> Option<&'static str> {
    const PHRASES: [&str; 8] =
        ["moved to", "relocated", "see ddu", "replaced by", "merged into", "now served by", "redirect", "use instead"];
    let lower = comment.to_lowercase();
    PHRASES.into_iter().find(|p| lower.contains(p))
}

/// A value as messages show it: short, and without control characters.
pub(super) fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.escape_debug().to_string().replace("\\'", "'").replace("\\\"", "\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_in_comments() {
        assert_eq!(redirect("Carriers MOVED TO Springfield Annex"), Some("moved to"));
        assert_eq!(redirect("see DDU00017"), Some("see ddu"));
        assert_eq!(redirect("dock in the back"), None);
    }

    #[test]
    fn words_and_limits() {
        let words = [("open", 1), ("closed", 2)];
        assert_eq!(word("closed", &words).unwrap().value, 2);
        let finding = word("Open", &words).unwrap_err();
        assert_eq!(finding.code, Code::NotAWord);
        assert_eq!(finding.help, "did you mean `open`? use one of `open`, `closed`");
        assert!(id(&"é".repeat(64)).is_ok());
        assert_eq!(id(&"a".repeat(65)).unwrap_err().code, Code::TextTooLong);
        assert_eq!(control_characters("a\u{7}").unwrap_err().code, Code::ControlCharacter);
        assert!(control_characters("Zoë = 1, \"x\"").is_ok());
    }
}
