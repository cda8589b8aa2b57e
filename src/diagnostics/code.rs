//! The index of findings: one row a rule, with severity, cause and action.

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The row or file cannot be used.
    Error,
    /// Usable, but the user should look.
    Warning,
    /// A value was read in a way that differs from its letters, and this says how.
    Repair,
}

impl Severity {
    /// Lower-case word for messages and counts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Repair => "repair",
        }
    }
}

macro_rules! codes {
    ($($variant:ident = $id:literal, $severity:ident, $title:literal, $cause:literal, $action:literal;)+) => {
        /// A rule that input can break. `docs/errors.md` holds the same rows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $title] $variant,)+ }

        impl Code {
            /// All rules, in order of their identifiers.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Stable identifier, such as `E101`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }

            /// How grave it is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),+ }
            }

            /// The rule in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// What usually causes it.
            #[must_use]
            pub const fn cause(self) -> &'static str {
                match self { $(Self::$variant => $cause),+ }
            }

            /// What to do about it.
            #[must_use]
            pub const fn action(self) -> &'static str {
                match self { $(Self::$variant => $action),+ }
            }
        }
    };
}

codes! {
    FileMissing = "E001", Error, "file cannot be read", "The path is wrong, is a directory, or lacks permission.", "Check the path in the scenario's [inputs].";
    PointOffRoad = "E301", Error, "point too far from any usable road", "The coordinate is wrong, or the road is missing in the map.", "Correct the coordinate or raise map.snap_limit_m.";
    PointFarFromRoad = "W302", Warning, "point far from the nearest usable road", "A centroid or a rooftop deep inside a site.", "Check the snap distance in ddus.csv or move the point to the gate.";
    IsolatedPoint = "W303", Warning, "point on an isolated part of the road network", "An island, a gated area, or roads cut by the extract's edge.", "Its cells carry the reason isolated_component; use a larger extract if the map is cut.";
    OutsideMap = "E304", Error, "point outside the map", "Table and extract cover different regions.", "Use a larger extract, remove the row, or set inputs.outside_map = \"drop\".";
    NearBorder = "W305", Warning, "point within the border buffer of the map", "Routes may be cut at the extract's edge.", "Use an extract with a margin around all points.";
    MovedOffIsland = "W306", Warning, "point snapped past an isolated road", "The nearest road has no link to the main network.", "Check the reported distance.";
}
