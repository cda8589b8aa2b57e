//! Options behind the question mark: each is asked for once, and what nobody asked for is refused.

use crate::serve::error::ApiError;

/// Options by name.
pub(super) struct Pairs(Vec<(String, String)>);

impl Pairs {
    pub(super) fn parse(query: &str) -> Result<Self, ApiError> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(invalid(&name, "is given twice"));
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(pairs))
    }

    /// The value of an option, if it is given.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(at).1)
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(&mut self, name: &str, default: T, words: &[(&str, T)]) -> Result<T, ApiError> {
        let Some(value) = self.take(name) else { return Ok(default) };
        let found = words.iter().find(|(word, _)| *word == value).map(|(_, meaning)| *meaning);
        let known = || words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        found.ok_or_else(|| invalid(name, &format!("is none of {}", known())))
    }

    pub(super) fn flag(&mut self, name: &str, default: bool) -> Result<bool, ApiError> {
        self.word(name, default, &[("true", true), ("false", false)])
    }

    /// An option that this server does not have: a value that changes nothing is taken, another refused.
    pub(super) fn not_done(&mut self, name: &str, harmless: &[&str]) -> Result<(), ApiError> {
        match self.take(name) {
            Some(value) if !harmless.contains(&value.as_str()) && !value.split(';').all(str::is_empty) => {
                Err(ApiError::osrm("NotImplemented", format!("the option `{name}` is not implemented")))
            }
            _ => Ok(()),
        }
    }

    /// Refuses what is left.
    pub(super) fn finish(self) -> Result<(), ApiError> {
        match self.0.first() {
            Some((name, _)) => Err(invalid(name, "is no option of this service")),
            None => Ok(()),
        }
    }
}

/// An option that cannot be read.
pub(super) fn invalid(name: &str, why: &str) -> ApiError {
    let name: String = name.chars().take(64).collect();
    ApiError::osrm("InvalidQuery", format!("the option `{name}` {why}"))
}
