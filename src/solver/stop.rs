//! Stopping a run of HiGHS: it asks between its steps whether to go on.
//!
//! The bindings do not wrap callbacks, so this is the one place that calls HiGHS itself. The callback reads
//! a wish and never touches the search: a run that is not stopped takes the same steps as one without it.

#![allow(unsafe_code)]

use crate::progress::Progress;
use highs::{HighsStatus, Model, SolvedModel};
use highs_sys::{HighsCallbackDataIn, HighsCallbackDataOut, HighsInt};
use std::ffi::{c_char, c_int, c_void};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Whom to ask whether the user wants to stop; by default nobody.
#[derive(Clone, Copy, Default)]
pub(crate) struct Stop<'a>(Option<&'a dyn Progress>);

impl<'a> Stop<'a> {
    pub(crate) fn when(progress: &'a dyn Progress) -> Self {
        Self(Some(progress))
    }

    /// True when the user asked to stop.
    pub(crate) fn wanted(self) -> bool {
        self.0.is_some_and(Progress::cancelled)
    }
}

impl fmt::Debug for Stop<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stop").field("wanted", &self.wanted()).finish()
    }
}

/// What HiGHS may be asked to interrupt: its simplex and interior-point methods and its branch and bound.
const INTERRUPTIBLE: [HighsInt; 3] = [
    highs_sys::kHighsCallbackSimplexInterrupt,
    highs_sys::kHighsCallbackIpmInterrupt,
    highs_sys::kHighsCallbackMipInterrupt,
];

/// Solves the model; a run that the user stops ends with the status of an interrupt and what it has found.
pub(super) fn solve(mut model: Model, stop: Stop<'_>) -> Result<SolvedModel, HighsStatus> {
    let highs = model.as_mut_ptr();
    let asked: *const Stop<'_> = &raw const stop;
    // SAFETY: `highs` is the live instance of `model`. HiGHS keeps `asked` and hands it to `ask` inside `try_solve` only,
    // during which `stop` is alive and not changed; the callback is taken away again below, before `stop` goes.
    unsafe {
        highs_sys::Highs_setCallback(highs, Some(ask), asked.cast_mut().cast());
        for kind in INTERRUPTIBLE {
            highs_sys::Highs_startCallback(highs, kind);
        }
    }
    let mut solved = model.try_solve()?;
    // SAFETY: `solved` holds the same live instance. Without a callback all kinds are inactive, and `asked` is forgotten.
    unsafe { highs_sys::Highs_setCallback(solved.as_mut_ptr(), None, std::ptr::null_mut()) };
    Ok(solved)
}

/// Tells HiGHS whether to stop.
///
/// # Safety
/// `asked` points to a [`Stop`] that is alive and not written to, `told` to what HiGHS reads back, or to nothing.
unsafe extern "C" fn ask(
    _kind: c_int,
    _message: *const c_char,
    _state: *const HighsCallbackDataOut,
    told: *mut HighsCallbackDataIn,
    asked: *mut c_void,
) {
    // SAFETY: as promised by the caller, `solve`.
    let stop = unsafe { asked.cast::<Stop<'_>>().as_ref() };
    // A panic must not cross into C++: it stops the run, as the wish would.
    let wanted = stop.is_none_or(|stop| catch_unwind(AssertUnwindSafe(|| stop.wanted())).unwrap_or(true));
    // SAFETY: HiGHS passes a structure of its own stack, and nothing else refers to it meanwhile.
    if let Some(told) = unsafe { told.as_mut() } {
        told.user_interrupt = c_int::from(wanted);
    }
}
