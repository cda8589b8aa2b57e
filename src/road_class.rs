//! Road classes: OpenStreetMap's `highway` values for motor traffic, plus ferries.

use serde::Serialize;

macro_rules! road_classes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $mph:literal;)+) => {
        /// Class of a road, from the most to the least important.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[repr(u8)]
        pub enum RoadClass { $($(#[$doc])* $variant,)+ }

        impl RoadClass {
            /// All classes, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The value of OpenStreetMap's `highway` tag, or `ferry`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// Speed in miles per hour where a way carries no `maxspeed`.
            ///
            /// Assumed free-flow speeds for US roads, near the statutory limits of most states (motorway 65,
            /// urban arterial 35-45, residential 25); observed speeds are a setting of the vehicle class.
            #[must_use]
            pub const fn default_mph(self) -> u32 {
                match self { $(Self::$variant => $mph),+ }
            }
        }
    };
}

road_classes! {
    /// Restricted-access divided highway.
    Motorway = "motorway", 65;
    /// Ramp of a motorway.
    MotorwayLink = "motorway_link", 40;
    /// Major highway below motorway.
    Trunk = "trunk", 55;
    /// Ramp of a trunk road.
    TrunkLink = "trunk_link", 35;
    /// Arterial between towns.
    Primary = "primary", 45;
    /// Ramp of a primary road.
    PrimaryLink = "primary_link", 30;
    /// Minor arterial.
    Secondary = "secondary", 40;
    /// Ramp of a secondary road.
    SecondaryLink = "secondary_link", 25;
    /// Collector.
    Tertiary = "tertiary", 35;
    /// Ramp of a tertiary road.
    TertiaryLink = "tertiary_link", 25;
    /// Minor public road.
    Unclassified = "unclassified", 30;
    /// Residential street.
    Residential = "residential", 25;
    /// Street where pedestrians have priority.
    LivingStreet = "living_street", 10;
    /// Access road, alley, parking aisle, driveway.
    Service = "service", 15;
    /// Unclassified by mappers.
    Road = "road", 25;
    /// Boat that carries vehicles.
    Ferry = "ferry", 12;
}

impl RoadClass {
    /// The class named by a `highway` value that motor vehicles may use in general.
    #[must_use]
    pub fn from_highway(value: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| *class != Self::Ferry && class.name() == value)
    }

    /// The class with this discriminant.
    #[must_use]
    pub fn from_u8(value: u8) -> Option<Self> {
        Self::ALL.get(usize::from(value)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discriminants_are_positions() {
        for (i, class) in RoadClass::ALL.iter().enumerate() {
            assert_eq!(usize::from(*class as u8), i);
            assert_eq!(RoadClass::from_u8(*class as u8), Some(*class));
        }
        assert_eq!(RoadClass::from_u8(200), None);
    }

    #[test]
    fn footways_are_no_roads() {
        assert_eq!(RoadClass::from_highway("footway"), None);
        assert_eq!(RoadClass::from_highway("motorway_link"), Some(RoadClass::MotorwayLink));
    }
}
