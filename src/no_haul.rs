//! Why parcels cannot be brought from a hub to a unit: one vocabulary for matrices, costs, awards and their tables.
//!
//! A table holds a reason as its [`NoHaul::word`] and, where one end is at fault, which; both together are read back
//! exactly.

/// Why a cell of a matrix has no path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoPath {
    /// The hub (`true`) or the unit (`false`) lies outside the map.
    OutsideMap {
        /// Which end.
        at_hub: bool,
    },
    /// No road within the snap limit.
    NoRoadWithinLimit {
        /// Which end.
        at_hub: bool,
    },
    /// Roads are near, but this vehicle may use none of them.
    VehicleNotAllowed {
        /// Which end.
        at_hub: bool,
    },
    /// The nearest road belongs to a part of the network without link to the main part.
    IsolatedComponent {
        /// Which end.
        at_hub: bool,
        /// Directed road arcs of that part.
        arcs: u32,
    },
    /// Both ends are on the main network, but no permitted path joins them.
    Unreachable,
}

/// Why no vehicle can make a haul: where classes fail for different reasons, the one that came farthest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoHaul {
    /// The table of costs has no row for hub and unit.
    NotInTable,
    /// No class has a path; the reason of the first class by name.
    NoPath(NoPath),
    /// Classes have a path, but none fits the dock's length and height limits.
    VehicleTooLargeForDock,
    /// A piece is larger or heavier than any vehicle.
    PieceDoesNotFit,
}

impl NoPath {
    /// The reason as written to tables.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::OutsideMap { .. } => "outside_map".to_owned(),
            Self::NoRoadWithinLimit { .. } => "no_road_within_limit".to_owned(),
            Self::VehicleNotAllowed { .. } => "vehicle_not_allowed".to_owned(),
            Self::IsolatedComponent { arcs, .. } => format!("isolated_component({arcs})"),
            Self::Unreachable => "unreachable".to_owned(),
        }
    }

    /// True when the reason lies at the hub, false at the unit; `None` when it lies between them.
    #[must_use]
    pub const fn at_hub(&self) -> Option<bool> {
        match *self {
            Self::OutsideMap { at_hub }
            | Self::NoRoadWithinLimit { at_hub }
            | Self::VehicleNotAllowed { at_hub }
            | Self::IsolatedComponent { at_hub, .. } => Some(at_hub),
            Self::Unreachable => None,
        }
    }
}

/// Why a word of a table is no reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoHaulDefect {
    /// It is none of [`WORDS`].
    UnknownWord,
    /// The reason lies at the hub or at the unit, and the table does not say at which.
    EndMissing,
}

/// Words that [`NoHaul::parse`] knows, for advice.
pub const WORDS: &str = "unreachable, outside_map, no_road_within_limit, vehicle_not_allowed, isolated_component(n), \
                         vehicle_too_large_for_dock, piece_does_not_fit";

impl NoHaul {
    /// The reason as written to tables.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::NotInTable => "no_haul_known".to_owned(),
            Self::NoPath(reason) => reason.word(),
            Self::VehicleTooLargeForDock => "vehicle_too_large_for_dock".to_owned(),
            Self::PieceDoesNotFit => "piece_does_not_fit".to_owned(),
        }
    }

    /// The end at fault as written to tables, `hub` or `unit`; `None` when the reason lies at neither.
    #[must_use]
    pub const fn end(&self) -> Option<&'static str> {
        match self {
            Self::NoPath(reason) => match reason.at_hub() {
                Some(true) => Some("hub"),
                Some(false) => Some("unit"),
                None => None,
            },
            _ => None,
        }
    }

    /// Reads a word of a table and the end at fault, true for the hub; an end that the reason has no use for is
    /// ignored.
    ///
    /// # Errors
    /// The word is none of [`WORDS`], or lacks its end.
    pub fn parse(word: &str, at_hub: Option<bool>) -> Result<Self, NoHaulDefect> {
        let at_hub = at_hub.ok_or(NoHaulDefect::EndMissing);
        Ok(match word {
            "unreachable" => Self::NoPath(NoPath::Unreachable),
            "outside_map" => Self::NoPath(NoPath::OutsideMap { at_hub: at_hub? }),
            "no_road_within_limit" => Self::NoPath(NoPath::NoRoadWithinLimit { at_hub: at_hub? }),
            "vehicle_not_allowed" => Self::NoPath(NoPath::VehicleNotAllowed { at_hub: at_hub? }),
            "vehicle_too_large_for_dock" => Self::VehicleTooLargeForDock,
            "piece_does_not_fit" => Self::PieceDoesNotFit,
            _ => {
                let arcs = word.strip_prefix("isolated_component(").and_then(|rest| rest.strip_suffix(')'));
                let arcs =
                    arcs.filter(|text| text.bytes().all(|b| b.is_ascii_digit())).and_then(|text| text.parse().ok());
                let arcs = arcs.ok_or(NoHaulDefect::UnknownWord)?;
                Self::NoPath(NoPath::IsolatedComponent { at_hub: at_hub?, arcs })
            }
        })
    }

    /// How far a class came before it failed: no row, no path, no dock, no load.
    #[must_use]
    pub const fn progress(&self) -> u8 {
        match self {
            Self::NotInTable => 0,
            Self::NoPath(_) => 1,
            Self::VehicleTooLargeForDock => 2,
            Self::PieceDoesNotFit => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_ends_are_read_back() {
        let at = [true, false];
        let paths = at.into_iter().flat_map(|at_hub| {
            [
                NoPath::OutsideMap { at_hub },
                NoPath::NoRoadWithinLimit { at_hub },
                NoPath::VehicleNotAllowed { at_hub },
                NoPath::IsolatedComponent { at_hub, arcs: u32::MAX },
                NoPath::Unreachable,
            ]
        });
        let all = paths.map(NoHaul::NoPath).chain([NoHaul::VehicleTooLargeForDock, NoHaul::PieceDoesNotFit]);
        for reason in all {
            let at_hub = reason.end().map(|end| end == "hub");
            assert_eq!(NoHaul::parse(&reason.word(), at_hub), Ok(reason));
            assert_eq!(NoHaul::parse(&reason.word(), None).is_ok(), at_hub.is_none());
        }
        for word in
            ["", "ok", "no_haul_known", "isolated_component(-1)", "isolated_component(+1)", "isolated_component()"]
        {
            assert_eq!(NoHaul::parse(word, Some(true)), Err(NoHaulDefect::UnknownWord), "{word}");
        }
    }
}
