//! Rules for single values: each takes what a cell holds and gives a value, or says what is wrong.
//!
//! One rule a function; [`Finding`] carries the code, the sentence and the advice, the reader adds the place.

mod clock;
mod number;
mod point;
mod states;
mod text;
mod zip;
mod zone;

pub(crate) use clock::{arrival, date, time};
pub(crate) use number::{count, feet_as_mm, grouped_count, metres, money, price, way_id};
pub(crate) use point::{Axis, point, typed_point};
pub(crate) use states::{State, state};
pub(crate) use text::{control_characters, id, redirect, remark, word};
pub(crate) use zip::{plausible_zip5, zip_list, zip5};
pub(crate) use zone::Zones;

use crate::diagnostics::Code;

/// What a rule found, without the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Finding {
    /// A finding with its own sentence and advice.
    pub(crate) fn new(code: Code, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: help.into() }
    }

    /// A finding with the advice of its code.
    pub(crate) fn plain(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, message, code.action())
    }
}

/// A value, and a repair or warning that goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading<T> {
    pub(crate) value: T,
    pub(crate) note: Option<Finding>,
}

/// What a rule gives.
pub(crate) type Rule<T> = Result<Reading<T>, Finding>;

/// A value read as it stands.
pub(crate) fn as_is<T>(value: T) -> Rule<T> {
    Ok(Reading { value, note: None })
}

/// A value with a note.
pub(crate) fn noted<T>(value: T, note: Finding) -> Rule<T> {
    Ok(Reading { value, note: Some(note) })
}
