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
    FileMissing = "E001", Error, "file cannot be read", "The path is wrong, is a directory, or lacks permission.", "Check the path in the scenario's [inputs]; it is relative to the scenario file.";
    NotToml = "E002", Error, "not valid TOML", "A quote, bracket or comma is missing, or a key is given twice.", "Correct the text at the caret.";
    UnknownSetting = "E003", Error, "unknown setting", "A typing error, or a setting of another section.", "Use a key of docs/formats.md.";
    MissingSetting = "E004", Error, "setting missing", "It has no default, because no value would be right for everybody.", "Add the setting.";
    WrongType = "E005", Error, "setting of the wrong type", "A number in quotes, a text without quotes, a table where a value is expected.", "Write the type that the help names.";
    SettingOutOfRange = "E006", Error, "setting out of range", "A unit was mistaken, such as percent for a share.", "Give a value within the range that the help names.";
    UnknownWord = "E007", Error, "not one of the words allowed", "A typing error.", "Use one of the words that the help lists.";
    EmptyTable = "E008", Error, "table without a header", "The file is empty or was cut while copying.", "Write the header as the first line.";
    NotText = "E009", Error, "file is not UTF-8 text", "It was saved as UTF-16, or is a spreadsheet or another binary file.", "Save it as CSV in UTF-8, or name a Parquet file with the ending .parquet.";
    BadParquet = "E010", Error, "Parquet file cannot be read", "It is truncated, damaged, or holds nested columns.", "Write it again with plain columns.";
    UnknownVehicle = "E011", Error, "unknown vehicle class", "cost.vehicles names a class that vehicles.toml does not define.", "Use a name of vehicles.toml.";
    NothingLeft = "E012", Error, "no row left", "Every row of a table that a run cannot do without is missing, rejected or takes no part.", "Correct the rows or the operating date.";
    BiddersMissing = "E013", Error, "bids without bidders", "inputs.bids is given but inputs.bidders is not.", "Name the bidders' table in [inputs].";
    TooManyRows = "E014", Error, "table too large", "More than 4,294,967,295 rows.", "Split the table.";
    TrafficOverlap = "E015", Error, "departure windows overlap", "Two [[traffic]] windows hold the same minute of the day.", "End one window where the other begins.";
    MapOrCosts = "E016", Error, "map and costs, or neither", "inputs.map and inputs.costs are both given, or neither is.", "Name exactly one: a map to work out hauls on, or a table of costs that ddu cost or an award wrote.";
    UnknownInPolicy = "E017", Error, "policy names something unknown", "A typing error in a unit, region or class of [[award.minimum_winners]] or [[award.set_aside]], or a unit that takes no part.", "Correct the name, or remove the rule.";
    FactorWithoutMap = "E018", Error, "fuel or wages changed on a table of costs", "fuel_factor or wage_factor of a [[variant]] stands beside inputs.costs, whose costs are taken as they stand.", "Name a map in place of the table, or leave the factor out.";
    MissingColumn = "E101", Error, "required column missing", "The header is named otherwise, or the separator is not a comma.", "Rename the header, or map it with columns = { … } in [inputs].";
    UnknownColumn = "W102", Warning, "unknown column", "A column of another maker's table, or a typing error in the header of an optional column.", "Correct the header, or list it in ignore = [ … ] in [inputs].";
    RepeatedColumn = "E103", Error, "column given twice", "Two headers carry one name.", "Rename or remove one of them.";
    RaggedRow = "E104", Error, "row has more or fewer fields than the header", "An unquoted comma in a text, or a cut row.", "Put quotes around texts with commas.";
    BrokenQuotes = "E105", Error, "quotes do not match", "A quote was opened and not closed, or text follows a closing quote.", "Close the quote, and double quotes inside a text.";
    NotUtf8 = "E106", Error, "value is not UTF-8 text", "The table was saved in an older encoding such as Windows-1252.", "Save it as UTF-8.";
    ControlCharacter = "E107", Error, "control character in a value", "A line break, tab or invisible character was pasted into the cell.", "Remove it.";
    MissingValue = "E108", Error, "value missing", "The cell is empty.", "Fill it, or remove the row.";
    TextTooLong = "E109", Error, "text too long", "Columns have slipped, or a comment stands in the wrong column.", "Shorten it.";
    ConflictingId = "E110", Error, "one id with different contents", "Two sources were joined, or an id was used again.", "Keep one of the rows, or give them different ids.";
    NotANumber = "E111", Error, "not a whole number", "Letters, a unit or separators in a number, or decimals in a count.", "Write digits only.";
    NumberOutOfRange = "E112", Error, "number out of range", "Negative, zero where something is needed, or too large.", "Give a number within the range that the help names.";
    NotMoney = "E113", Error, "not an amount of money", "Letters, exponents, NaN, or misplaced separators.", "Write dollars such as 1234.50.";
    NegativeMoney = "E114", Error, "negative amount", "A credit, or a sign from another system.", "Give an amount of zero or more.";
    MoneyRepaired = "R115", Repair, "amount read without its signs", "A dollar sign or thousands separators.", "Nothing, if the amount read is right.";
    MoneyTooPrecise = "E116", Error, "amount with more than 6 decimals", "A computed price was not rounded.", "Round it yourself: money is kept in millionths of a dollar and never rounded silently.";
    NotAWord = "E117", Error, "not one of the words allowed", "A typing error, capitals, or another system's word.", "Use one of the words that the help lists.";
    NotATime = "E118", Error, "not a time of day", "AM or PM, seconds, or a date with it.", "Write HH:MM, with -1d or +1d behind it for the day before or after.";
    NotADate = "E119", Error, "not a date", "Another order of day and month.", "Write YYYY-MM-DD.";
    UnknownTimezone = "E120", Error, "unknown time zone", "An abbreviation such as EST, which does not say whether daylight saving holds.", "Use an IANA name such as America/New_York.";
    TimezoneAssumed = "R121", Repair, "time zone taken from a state with several", "No time zone is given and the state's clocks differ; the main zone was taken.", "Give the timezone column where it matters.";
    NoTimezone = "E122", Error, "no time zone", "Neither a time zone, nor a known state, nor data.default_timezone is given.", "Give one of them.";
    ZipMalformed = "E123", Error, "not a ZIP code", "Letters, too few digits, or a foreign code.", "Write five digits.";
    ZipRepaired = "R124", Repair, "ZIP code repaired", "A spreadsheet dropped leading zeros or added a decimal, or the code is a ZIP+4.", "Nothing, if the code read is right.";
    ZipRepairRefused = "E125", Error, "ZIP code cannot be repaired", "Padded with zeros it does not lie in the row's state, or the state is not known.", "Correct the ZIP or the state.";
    ZipOutsideState = "W126", Warning, "ZIP code of another state", "A few post offices serve addresses across a state line; else one of both is wrong.", "Check ZIP and state.";
    UnknownState = "E127", Error, "unknown state", "A name instead of the two-letter code.", "Use the USPS two-letter code.";
    SharedCoordinate = "W128", Warning, "several rows on one coordinate", "Centroids of ZIP codes or towns instead of docks: a ZIP is not a point.", "Give each building its own coordinate.";
    NotACoordinate = "E129", Error, "not a coordinate in degrees", "Degrees with minutes, letters, or a number outside the globe.", "Write decimal degrees such as 39.9612.";
    SwappedCoordinates = "E130", Error, "latitude and longitude swapped", "The columns were exchanged.", "Exchange the two values.";
    ZeroCoordinates = "E131", Error, "coordinate 0,0", "The geocoder found nothing.", "Find the coordinate of the dock.";
    ProjectedCoordinates = "E132", Error, "metres instead of degrees", "The table holds projected coordinates, such as Web Mercator or UTM.", "Convert them to WGS 84 degrees (EPSG:4326).";
    ClosedUnit = "W133", Warning, "closed unit takes no part", "The table says status = closed.", "Bid for its successor.";
    PhantomUnit = "W134", Warning, "phantom unit takes no part", "A ZIP without carriers of its own.", "Bid for its successor.";
    FinanceOnlyUnit = "W135", Warning, "finance-only unit takes no part", "Window service without carriers.", "Bid for its successor.";
    RedirectComment = "W136", Warning, "comment says the unit moved", "The redirect stands in a comment, not in status and successor_id.", "Set status and successor_id, or remove the comment.";
    NotEffective = "W137", Warning, "row not effective on the operating date", "effective_from or effective_to excludes the day.", "Nothing, or correct the dates.";
    EmptyDockWindow = "E138", Error, "dock closes before it opens", "Times were exchanged, or a day mark such as -1d is missing.", "Correct the times.";
    CetOutsideWindow = "W139", Warning, "critical entry time outside the dock window", "The dock is closed at that time.", "Check both times.";
    ReserveBelowCost = "E140", Error, "reserve price below attributable cost", "The floor of every price is the cost it causes.", "Raise the reserve price.";
    EffectiveReversed = "E141", Error, "effective_to before effective_from", "Dates were exchanged.", "Correct the dates.";
    UnknownSuccessor = "W142", Warning, "successor not in the table", "The successor has another id or is not listed.", "Correct successor_id.";
    SpacesRemoved = "R143", Repair, "white space around a value removed", "Padding by another system.", "Nothing.";
    RepeatedRow = "E144", Error, "row repeats another", "The same row twice, to the letter.", "Remove one, or set data.duplicates = \"collapse\".";
    RepeatedRowCollapsed = "R145", Repair, "repeated row left out", "The same row twice, and data.duplicates = \"collapse\".", "Nothing.";
    ClosedForUnknownVehicle = "E146", Error, "road closed for an unknown vehicle class", "The name is not in vehicles.toml.", "Use a name of vehicles.toml, or leave the cell empty for all classes.";
    ClosedTwice = "R147", Repair, "road closed twice", "Two rows name one way, direction and vehicle class.", "Nothing: one of them is enough.";
    HaulFromUnknownHub = "E148", Error, "haul from an unknown hub", "The id is not in the hubs' table.", "Correct the id, or remove the row.";
    HaulToUnknownDdu = "E149", Error, "haul to an unknown delivery unit", "The id is not in the units' table.", "Correct the id, or remove the row.";
    HaulByUnknownVehicle = "E150", Error, "haul by an unknown vehicle class", "The name is not in vehicles.toml.", "Use a name of vehicles.toml, or remove the row.";
    HaulNotUsed = "W151", Warning, "haul from or to what takes no part", "The hub's or the unit's row was rejected, or the unit is closed or not effective.", "Nothing, or correct that row.";
    UnknownDdu = "E201", Error, "bid for an unknown delivery unit", "The id is not in the units' table.", "Correct the id.";
    UnknownHub = "E202", Error, "bid from an unknown hub", "The id is not in the hubs' table.", "Correct the id.";
    UnknownBidder = "E203", Error, "bid of an unknown bidder", "The id is not in the bidders' table.", "Correct the id.";
    DduTakesNoPart = "E204", Error, "bid for a unit that takes no part", "The unit is closed, phantom, finance-only, not effective, or its row was rejected.", "Bid for the successor that the help names.";
    ReferenceRejected = "E205", Error, "bid from a hub or by a bidder whose row was rejected", "The row it refers to has errors.", "Correct that row.";
    ServiceNotOffered = "E206", Error, "service level not offered", "The unit has no critical entry time for it.", "Bid for the other service level.";
    TenderOutsideWindow = "E207", Error, "tender outside the dock window", "The dock is closed at the tender time.", "Tender between dock_open and dock_close.";
    TenderAfterCet = "W208", Warning, "tender after the critical entry time", "The service level cannot be kept; the line cannot win.", "Tender earlier, or bid for the other service level.";
    VolumeReversed = "E209", Error, "volume_min above volume_max", "The columns were exchanged.", "Correct the volumes.";
    VolumeAboveCapacity = "W210", Warning, "volume above the unit's capacity", "The line cannot win in full.", "Lower the volume.";
    WeeklyVolume = "R211", Repair, "weekly volume turned into a daily one", "volume_unit = pieces_per_week.", "Nothing: the minimum is rounded up and the maximum down.";
    WeeklyVolumeTooNarrow = "E212", Error, "no whole daily volume lies in the weekly range", "Minimum rounded up exceeds maximum rounded down.", "Bid in pieces_per_day.";
    PriceNotPositive = "E213", Error, "price is not positive", "A zero or negative price.", "Give a price above zero.";
    HubOfAnotherShipper = "W214", Warning, "hub of another bidder", "The hub's shipper is another bidder without a common affiliate group.", "Check hub_id.";
    PackageOverlap = "E216", Error, "package overlaps itself", "Two lines of a package bid for the same unit and service level.", "Join the lines, or make two packages.";
    PackageRange = "E217", Error, "package line with a range", "A package wins as a whole: each line needs volume_min = volume_max.", "Give one volume.";
    PackageOfSeveralBidders = "E218", Error, "package of several bidders", "One package_id is used by several bidders.", "Give each bidder's package its own id.";
    PackageMixesGroups = "E219", Error, "package mixes XOR groups", "Its lines name different groups, but the package wins as a whole.", "Give all lines of the package the same xor_group.";
    PackageIncomplete = "W220", Warning, "line set aside with its package", "Another line of the package was rejected.", "Correct the other line.";
    LonelyXorGroup = "W221", Warning, "XOR group with one member", "The other members were rejected, or the group's name has a typing error.", "Check xor_group.";
    RepeatedContents = "W222", Warning, "two bids with the same contents", "One line was sent twice under two ids: together they would win twice the volume.", "Remove one, or put both into an XOR group.";
    TierHalfNamed = "E223", Error, "tier_group and tier_kind do not go together", "One of both cells is empty.", "Fill both, or neither.";
    TierInPackage = "E224", Error, "tier in a package", "The line has a tier_group and a package_id, but a package wins with one volume a line.", "Remove one of both.";
    TiersDiffer = "E225", Error, "tiers of one bid differ", "Tiers of a group share bidder, unit, hub, service, tender time, basis, XOR group and kind.", "Give the lines the same contents, or other groups.";
    TiersOverlap = "E226", Error, "tiers overlap", "A volume lies in two tiers of a group: its price is not defined.", "Begin each tier one piece above the one below.";
    TierGap = "W227", Warning, "gap between tiers", "No tier of the group holds some volumes between its least and its greatest: they cannot win.", "Nothing, if that is meant.";
    TierGapIncremental = "E228", Error, "gap between incremental tiers", "Pieces between two tiers have no price, but the tier above charges them.", "Begin each tier one piece above the one below.";
    LonelyTier = "W229", Warning, "bid with one tier", "The group's name has a typing error, or its other tiers are missing.", "Check tier_group.";
    TierIncomplete = "W230", Warning, "line set aside with its tiers", "Another tier of the bid was rejected.", "Correct the other line.";
    GroupAtMostDiffers = "E231", Error, "group_at_most differs within a group", "Lines of one XOR group give different limits; an empty cell is 1.", "Give all lines of the group the same limit.";
    GroupAtMostAlone = "E232", Error, "group_at_most without a group", "The line has no xor_group that could be limited.", "Name the group, or empty the cell.";
    GroupAtMostIdle = "W233", Warning, "group_at_most limits nothing", "The group has no more members than may win.", "Check group_at_most and xor_group.";
    NoHaulKnown = "W234", Warning, "bids without a known haul", "The table of costs has no row for the hub and the unit of a bid.", "Add their rows: run ddu cost on a region that holds both.";
    OverrideTargets = "E241", Error, "override of the wrong target", "force names one bid and nothing else; forbid names a bid, or a bidder with or without a unit.", "Fill the cells that the action needs, and no others.";
    OverrideUnknown = "E242", Error, "override of something unknown", "The bid, bidder or unit is not in its table, or its row was rejected.", "Correct the id, or the row it refers to.";
    OverridesContradict = "E243", Error, "overrides contradict each other", "One row forces a bid that another forbids.", "Remove one of them.";
    OverrideTwice = "R244", Repair, "override given twice", "Two rows do the same to the same bids.", "Nothing: one of them is enough.";
    OverrideIdle = "W245", Warning, "override that concerns no bid", "The bidder has no bids there.", "Check the ids, or remove the row.";
    PointOffRoad = "E301", Error, "point too far from any usable road", "The coordinate is wrong, or the road is missing in the map.", "Correct the coordinate or raise map.snap_limit_m.";
    PointFarFromRoad = "W302", Warning, "point far from the nearest usable road", "A centroid or a rooftop deep inside a site.", "Check the snap distance in ddus.csv or move the point to the gate.";
    IsolatedPoint = "W303", Warning, "point on an isolated part of the road network", "An island, a gated area, or roads cut by the extract's edge.", "Its cells carry the reason isolated_component; use a larger extract if the map is cut.";
    OutsideMap = "E304", Error, "point outside the map", "Table and extract cover different regions.", "Use a larger extract, remove the row, or set inputs.outside_map = \"drop\".";
    NearBorder = "W305", Warning, "point within the border buffer of the map", "Routes may be cut at the extract's edge.", "Use an extract with a margin around all points.";
    MovedOffIsland = "W306", Warning, "point snapped past an isolated road", "The nearest road has no link to the main network.", "Check the reported distance.";
    NothingClosed = "W307", Warning, "row that closes no road", "The way is not in the map, is no road for vehicles, or is one-way in the other direction.", "Check way_id and direction, or remove the row.";
    RunFileMissing = "E401", Error, "file of a run missing", "It was removed, renamed, or the folder is not that of a run.", "Restore it, or run again.";
    RunFileChanged = "E402", Error, "file of a run changed", "It was edited or damaged after the run, or the manifest was.", "Restore it, or run again.";
    RunFileNotListed = "E403", Error, "file that is no output of the run", "It is of another run, or the manifest was edited.", "Move it away, or run again.";
    ManifestMalformed = "E404", Error, "manifest cannot be used", "It is cut off, edited, or of another program.", "Restore it, or run again.";
    ManifestDiffers = "E405", Error, "manifest does not tell the scenario", "Scenario or manifest was edited after the run.", "Restore it, or run again.";
    InputChanged = "E406", Error, "input is not the one that was read", "It was edited after the run, or --scenario names another scenario.", "Restore the input, or run again.";
    CountDiffers = "E407", Error, "count of the manifest wrong", "Rows were added or removed after the run.", "Restore the file, or run again.";
    RunTableMalformed = "E408", Error, "table of a run cannot be read", "A column, a row or a value was cut or edited.", "Restore it, or run again.";
    RunRowMissing = "E409", Error, "row missing in a table of a run", "It was removed: a bid without a row is hidden.", "Restore it, or run again.";
    RunRowUnknown = "E410", Error, "row too many in a table of a run", "It was added, given twice, or its id was edited.", "Restore the table, or run again.";
    HaulDiffers = "E411", Error, "haul does not follow from the scenario", "hauls.csv, costs.csv or the vehicles were edited after the run.", "Restore them, or run again.";
    AwardFieldDiffers = "E412", Error, "row does not tell the bid", "The table or the bids were edited after the run.", "Restore them, or run again.";
    AwardNotAllowed = "E413", Error, "bid that may not win", "Volume, time, reserve or an override forbids it.", "Do not use the award; run again, and report a bug if it stays.";
    AwardHaulDiffers = "E414", Error, "haul of a winner wrong", "It is not the cheapest in time.", "Do not use the award; run again, and report a bug if it stays.";
    AwardMoneyDiffers = "E415", Error, "money of a winner wrong", "An amount was edited, or an input.", "Do not use the award; run again, and report a bug if it stays.";
    RuleBroken = "E416", Error, "award breaks a rule", "A volume or a winner was edited, or a rule.", "Do not use the award; run again, and report a bug if it stays.";
    ObjectiveDiffers = "E417", Error, "objective, gap or status wrong", "The manifest or the award was edited.", "Do not use the award; run again, and report a bug if it stays.";
    BoundWrong = "E418", Error, "bound too low", "The manifest or the award was edited: an award of higher value is at hand.", "Do not use the award; run again, and report a bug if it stays.";
    OutcomeDiffers = "E419", Error, "outcome of a bid wrong", "awards.csv and bids_explained.csv do not tell the same.", "Restore them, or run again.";
    ReasonDiffers = "E420", Error, "reason of a loser not true", "The reason was edited, or the award.", "Restore them, or run again.";
    SumDiffers = "E421", Error, "sum over an award wrong", "A total was edited, or the award.", "Restore them, or run again.";
    PriceDiffers = "E422", Error, "price of a rule wrong", "policy_prices.csv, ddus.csv or the manifest was edited.", "Restore them, or run again.";
    CertificateWrong = "E423", Error, "certificate does not prove the bound", "certificate.csv, the manifest or an input was edited.", "Do not rely on the bound; run again, and report a bug if it stays.";
    OrderDiffers = "E424", Error, "order of a route wrong", "orders.csv, the award or the bids were edited.", "Restore them, or run again.";
    RouteMalformed = "E425", Error, "route is not whole", "A row of routes.csv was removed, added or moved.", "Restore it, or run again.";
    RouteTimesDiffer = "E426", Error, "times of a route do not follow", "A time was edited, or stops were swapped.", "Do not drive the route; run again, and report a bug if it stays.";
    RouteOutOfWindow = "E427", Error, "stop outside its window", "A time was edited, or a dock's hours.", "Do not drive the route; run again, and report a bug if it stays.";
    RouteOverloaded = "E428", Error, "vehicle cannot make the route", "Pieces or a vehicle were edited: it carries less, or may not dock there.", "Do not drive the route; run again, and report a bug if it stays.";
    RouteHoursExceeded = "E429", Error, "driver's hours exceeded", "A time was edited, or a limit of [routes].", "Do not drive the route; run again, and report a bug if it stays.";
    DockOverfull = "E430", Error, "more vehicles at a dock than slots", "A time was edited, or the slots of a unit.", "Do not drive the routes; run again, and report a bug if it stays.";
    RouteMoneyDiffers = "E431", Error, "money of a route wrong", "An amount was edited, or a rate.", "Restore it, or run again.";
    PiecesDiffer = "E432", Error, "pieces of the routes are not those ordered", "Pieces were edited in routes.csv or orders.csv.", "Do not drive the routes; run again, and report a bug if it stays.";
    RouteCostDiffers = "E433", Error, "cost of a stop or of all routes wrong", "route_costs.csv or the manifest was edited.", "Restore them, or run again.";
    AwareDiffers = "E434", Error, "route-aware award wrong", "route_aware.csv, route_aware_bidders.csv or the manifest was edited.", "Restore them, or run again.";
    QuoteDiffers = "E435", Error, "figure of a quote wrong", "A table of the quote or its manifest was edited.", "Do not bid by it; restore the file, or quote again.";
    VolumeForUnknownDdu = "E450", Error, "volume for an unknown delivery unit", "The id is not in the units' table.", "Correct the id, or give the ZIP instead.";
    ZipWithoutUnit = "W451", Warning, "ZIP without a delivery unit", "No unit that takes part has the ZIP, or lists it in zips.", "Add the ZIP to the unit that serves it; unmapped_zips.csv lists all of them.";
    ZipOfSeveralUnits = "W452", Warning, "ZIP of several delivery units", "Several units have or list the ZIP; all its pieces go to the first by id.", "Give ddu_id in place of the ZIP, or list the ZIP at one unit.";
    NumberRepaired = "R453", Repair, "number read without its separators", "A spreadsheet wrote thousands separators, or a decimal zero.", "Nothing, if the number read is right.";
    VolumeOfNoPart = "W454", Warning, "volume of a unit that takes no part", "The unit is closed, phantom, finance-only, not effective, or its row was rejected.", "Give the volume to its successor.";
    VolumesNotInOrder = "E455", Error, "low, planned and high volume not in order", "The columns were exchanged.", "Give low at most planned, and planned at most high.";
    RatesOverlap = "E456", Error, "rates of one entry level overlap", "Two rows hold for the same weight on the same day.", "End one band or period where the other begins.";
    WeightBandReversed = "E457", Error, "weight band ends before it begins", "The columns were exchanged; weight_to_lb is not part of the band.", "Correct the weights.";
    NoRateForParcel = "W458", Warning, "entry level without a rate for the mean parcel", "No band holds parcel.mean_weight_lb, or none is effective on the operating date.", "Add the rate, or remove the level.";
    FleetUnknown = "E459", Error, "fleet of an unknown hub or vehicle class", "A typing error in [[quote.fleet]].", "Use a hub of the hubs' table and a class of vehicles.toml.";
    FleetTwice = "E460", Error, "fleet given twice", "Two [[quote.fleet]] tables name one class at one hub.", "Keep one of them.";
    QuoteShipperUnknown = "E461", Error, "no hub of the shipper who quotes", "quote.shipper is not a shipper_id of the hubs' table.", "Use a shipper_id of the hubs' table, or leave it out for all hubs.";
    AreaCoordinate = "W462", Warning, "coordinate of an area", "The source of the coordinate is a ZIP, a town or a county: it is not the dock.", "Find the building, or join the table with the map: ddu ddus --from-osm.";
    CoarseCoordinate = "W463", Warning, "coordinate with few decimals", "The coordinate was rounded: two decimals are a kilometre.", "Give at least four decimals.";
    StaleSuccessor = "W464", Warning, "successor takes no part", "The successor was closed in its turn, or is no delivery unit.", "Name the unit that takes the parcels today.";
    NoCoordinate = "W465", Warning, "facility without a coordinate", "The geocoder found nothing.", "Find the building, or join the table with the map: ddu ddus --from-osm.";
    RegionName = "E470", Error, "region without a usable name", "The name has characters that a folder's name may not have, or is too long.", "Use up to 64 letters, digits, -, _ and dots, no dot first; the name of a pattern's region is that of its scenario's folder or its map.";
    RegionTwice = "E471", Error, "region named twice", "Two regions, or two matches of patterns, have one name; capitals do not tell them apart.", "Name each region once.";
    PatternEmpty = "E472", Error, "pattern that matches no file", "A typing error, or the files lie elsewhere.", "Correct the pattern; it is relative to the manifest's folder.";
    RegionWithoutInput = "E473", Error, "region with nothing to run on", "Neither scenario, map nor settings are given.", "Name the region's scenario, or its map and settings.";
    ShardMissing = "E474", Error, "part of a table missing", "It has not been made yet, or it was made in another folder.", "Run ddu matrix or ddu cost with --shard for it.";
    ShardDamaged = "E475", Error, "part of a table cannot be used", "It was made half, edited or moved.", "Remove its folder and make it again.";
    ShardDiffers = "E476", Error, "parts are not of one table", "Inputs, settings, the program or the number of parts changed between them.", "Make all parts again from the same inputs, in an empty folder.";
    RegionDamaged = "E477", Error, "run of a region cannot be used", "A file of it was edited, removed or is of another run, or the folder is no run's.", "Run the region again.";
    RegionWithoutTables = "E478", Error, "run without the tables that are merged", "It was made by ddu award, from a table of costs, or with costs as CSV.", "Run the region with ddu run --format parquet, on a map.";
    RegionsDiffer = "E479", Error, "regions cannot be compared", "They were run with other vehicles, prices, days or departure windows, so that the cheapest means nothing.", "Run them with the same vehicle file and settings.";
}

impl Code {
    /// True when nothing can be read past the finding, so that `--lenient` does not help: files, settings, headers.
    #[must_use]
    pub fn is_fatal(self) -> bool {
        self.severity() == Severity::Error
            && (self.id().starts_with("E0") || matches!(self, Self::MissingColumn | Self::RepeatedColumn))
    }

    /// True when the finding is about the files of a finished run or of a part of one, not about its input.
    #[must_use]
    pub fn is_of_run(self) -> bool {
        let among = |number: &str| ("401"..="449").contains(&number) || ("474"..="479").contains(&number);
        self.id().get(1..).is_some_and(among)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_tell_severity_and_are_in_order() {
        for code in Code::ALL {
            let letter = match code.severity() {
                Severity::Error => 'E',
                Severity::Warning => 'W',
                Severity::Repair => 'R',
            };
            assert!(code.id().starts_with(letter) && code.id().len() == 4, "{code:?}");
        }
        assert!(Code::ALL.is_sorted_by(|a, b| a.id()[1..] < b.id()[1..]));
    }
}
