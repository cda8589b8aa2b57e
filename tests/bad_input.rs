//! Every rule that tables and settings can break: one small defect each, with code, place and value.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod support;

use ddu::diagnostics::{Code, Severity, render, to_json_lines, write_rejects};
use support::fixture::{BIDS, DDUS, Fixture, HUBS, SCENARIO, only};

/// A defect made by one edit of the valid fixture, and where it must be found.
struct Case {
    code: Code,
    file: &'static str,
    from: &'static str,
    to: &'static str,
    line: u64,
    column: u32,
    value: &'static str,
}

impl Case {
    fn check(&self) {
        let fixture = Fixture::new();
        if self.from.is_empty() {
            fixture.append(self.file, self.to);
        } else {
            fixture.edit(self.file, self.from, self.to);
        }
        let loaded = fixture.load();
        let finding = only(&loaded, self.code);
        assert!(finding.file.ends_with(self.file), "{:?}", finding.file);
        let span = finding.span.unwrap();
        assert_eq!((span.line, span.column, finding.value.as_str()), (self.line, self.column, self.value));
        let text = std::fs::read_to_string(fixture.path(self.file)).unwrap();
        let line = text.lines().nth(usize::try_from(span.line).unwrap() - 1).unwrap();
        let at: String = line.chars().skip(span.column as usize - 1).collect();
        if !self.value.contains(['"', '\n', '$']) {
            assert!(at.starts_with(self.value), "`{at}`");
        }
        assert!(!finding.message.is_empty() && !finding.help.is_empty());
        let is_error = self.code.severity() == Severity::Error;
        let all = render(&loaded.diagnostics, 20, false);
        assert_eq!(loaded.scenario.is_none(), is_error, "{all}");
        if !is_error {
            return;
        }
        if self.code.is_fatal() {
            assert!(fixture.load_leniently().scenario.is_none());
        } else {
            assert!(loaded.rejects.iter().any(|r| r.codes.contains(&self.code)), "{:?}", loaded.rejects);
            assert!(fixture.load_leniently().scenario.is_some(), "{all}");
        }
    }
}

macro_rules! cases {
    ($($name:ident: $code:ident in $file:literal, $from:expr => $to:expr, $line:literal:$column:literal $value:literal;)+) => {
        $(#[test]
        fn $name() {
            Case { code: Code::$code, file: $file, from: $from, to: $to, line: $line, column: $column, value: $value }.check();
        })+
        const BY_EDIT: &[Code] = &[$(Code::$code),+];
    };
}

cases! {
    // Settings.
    broken_toml: NotToml in "scenario.toml", "seed = 7" => "seed = ", 4:8 "";
    unknown_setting: UnknownSetting in "scenario.toml", "seed = 7" => "sead = 7", 4:1 "sead";
    missing_setting: MissingSetting in "scenario.toml", "mean_weight_lb = 2.5\n" => "", 14:1 "[parcel]";
    wrong_type: WrongType in "scenario.toml", "seed = 7" => "seed = \"7\"", 4:8 "\"7\"";
    out_of_range: SettingOutOfRange in "scenario.toml", "" => "[award]\nshare_cap = 35", 18:13 "35";
    unknown_word: UnknownWord in "scenario.toml", "" => "[award]\nobjective = \"revenu\"", 18:13 "\"revenu\"";
    unknown_vehicle: UnknownVehicle in "scenario.toml", "" => "[cost]\nvehicles = [\"cargo_vam\"]", 18:12 "[\"cargo_vam\"]";
    bids_without_bidders: BiddersMissing in "scenario.toml", "bidders = \"bidders.csv\"\n" => "", 11:8 "\"bids.csv\"";
    unknown_vehicle_setting: UnknownSetting in "vehicles.toml", "fill = 0.8" => "fil = 0.8", 5:1 "fil";
    vehicle_without_cube: MissingSetting in "vehicles.toml", "cube_cuft = 450\n" => "", 1:1 "[vehicle.cargo_van]";
    unknown_road_class: UnknownSetting in "vehicles.toml", "{ motorway = 65 }" => "{ motorwy = 65 }", 22:20 "motorwy";
    negative_rate: SettingOutOfRange in "vehicles.toml", "per_stop = 2" => "per_stop = -2", 16:12 "-2";
    rate_too_precise: SettingOutOfRange in "vehicles.toml", "per_piece = 0.05" => "per_piece = 0.0500001", 17:13 "0.0500001";
    // Tables as such.
    missing_column: MissingColumn in "bids.csv", ",volume_unit" => "", 1:1 "bid_id";
    unknown_column: UnknownColumn in "hubs.csv", "name,lat" => "nam,lat", 1:19 "nam";
    repeated_column: RepeatedColumn in "hubs.csv", "name,lat" => "lat,lat", 1:23 "lat";
    ragged_row: RaggedRow in "hubs.csv", "H1,ACME,North" => "H1,ACME,North, West", 2:57 "5000";
    open_quote: BrokenQuotes in "hubs.csv", "South" => "\"South", 3:8 "\"South";
    text_after_quote: BrokenQuotes in "hubs.csv", "North" => "\"No\"rth", 2:9 "\"No\"rth";
    control_character: ControlCharacter in "hubs.csv", "North" => "No\u{7}rth", 2:9 "No\u{7}rth";
    line_break_in_id: ControlCharacter in "hubs.csv", "H2,ZED" => "\"H\n2\",ZED", 3:1 "H\n2";
    place_after_line_break: NotATime in "hubs.csv", "South,39.90,-83.01,04:00" => "\"So, \"\"é\"\"uth\",39.90,-83.01,4 am", 3:36 "4 am";
    missing_value: MissingValue in "bidders.csv", "ZED,Zed" => ",Zed", 3:1 "";
    text_too_long: TextTooLong in "bidders.csv", "regional" => "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr", 3:17 "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr";
    repeated_row: RepeatedRow in "bids.csv", "" => "B1,ACME,,,D1,H1,same_day,7:30,100,400,pieces_per_day,1.750,dock", 5:1 "B1";
    number_with_text: NotANumber in "bids.csv", "100,400" => "100 pcs,400", 2:32 "100 pcs";
    negative_volume: NumberOutOfRange in "bids.csv", "100,400" => "-100,400", 2:32 "-100";
    zero_volume: NumberOutOfRange in "bids.csv", "100,400" => "0,400", 2:32 "0";
    spaces_removed: SpacesRemoved in "hubs.csv", "North" => " North", 2:9 " North";
    // Money.
    nan_price: NotMoney in "bids.csv", "1.75" => "NaN", 2:55 "NaN";
    repaired_price: MoneyRepaired in "bids.csv", "1.75" => "\"$1,234.50\"", 2:55 "$1,234.50";
    too_precise_price: MoneyTooPrecise in "bids.csv", "1.75" => "1.7500001", 2:55 "1.7500001";
    negative_cost: NegativeMoney in "ddus.csv", "1000,1.10" => "1000,-1.10", 2:106 "-1.10";
    zero_price: PriceNotPositive in "bids.csv", "1.75" => "0.00", 2:55 "0.00";
    negative_price: PriceNotPositive in "bids.csv", "1.75" => "-1.75", 2:55 "-1.75";
    reserve_below_cost: ReserveBelowCost in "ddus.csv", "1.25" => "1.05", 2:111 "1.05";
    // Words, times, dates, zones.
    unknown_status: NotAWord in "ddus.csv", "-82.9988,open" => "-82.9988,Open", 2:39 "Open";
    weekly_and_daily_mixed: NotAWord in "bids.csv", "400,pieces_per_day" => "400,pieces", 2:40 "pieces";
    unit_missing: MissingValue in "bids.csv", "400,pieces_per_day" => "400,", 2:40 "";
    bad_time: NotATime in "ddus.csv", "04:00,18:00,08:00" => "4am,18:00,08:00", 2:75 "4am";
    bad_date: NotADate in "ddus.csv", "1.10,1.25,," => "1.10,1.25,11/01/2026,", 2:116 "11/01/2026";
    unknown_zone: UnknownTimezone in "hubs.csv", "04:00,America/New_York" => "04:00,EST", 3:33 "EST";
    assumed_zone: TimezoneAssumed in "ddus.csv", "43215,OH,39.9612,-82.9988,open,delivery_unit,America/New_York" => "97201,OR,39.9612,-82.9988,open,delivery_unit,", 2:58 "";
    no_zone: NoTimezone in "hubs.csv", "04:00,America/New_York" => "04:00,", 3:33 "";
    empty_dock_window: EmptyDockWindow in "ddus.csv", "04:00,18:00,08:00" => "19:00,18:00,08:00", 2:81 "18:00";
    cet_outside_window: CetOutsideWindow in "ddus.csv", "04:00,18:00,08:00" => "04:00,18:00,03:30", 2:87 "03:30";
    effective_reversed: EffectiveReversed in "ddus.csv", "1.10,1.25,,," => "1.10,1.25,2026-12-01,2026-11-01,", 2:127 "2026-11-01";
    // ZIP and state.
    zip_repaired: ZipRepaired in "ddus.csv", "43215,OH" => "1505.0,MA", 2:13 "1505.0";
    zip_plus_4: ZipRepaired in "ddus.csv", "43215,OH" => "43215-9988,OH", 2:13 "43215-9988";
    zip_refused: ZipRepairRefused in "ddus.csv", "43215,OH" => "1505,OH", 2:13 "1505";
    zip_malformed: ZipMalformed in "ddus.csv", "43215,OH" => "K1A 0B1,OH", 2:13 "K1A 0B1";
    zip_of_another_state: ZipOutsideState in "ddus.csv", "43215,OH" => "01505,OH", 2:13 "01505";
    unknown_state: UnknownState in "ddus.csv", "43215,OH" => "43215,Ohio", 2:19 "Ohio";
    // Points.
    swapped: SwappedCoordinates in "hubs.csv", "39.90,-83.01" => "-83.01,39.90", 3:14 "-83.01";
    zero_point: ZeroCoordinates in "hubs.csv", "39.90,-83.01" => "0,0", 3:14 "0";
    metres: ProjectedCoordinates in "hubs.csv", "39.90,-83.01" => "4851276,-9240631", 3:14 "4851276";
    no_coordinate: NotACoordinate in "hubs.csv", "39.90,-83.01" => "39.90,83W", 3:20 "83W";
    shared_coordinate: SharedCoordinate in "ddus.csv", "39.9690,-82.9310" => "39.9612,-82.9988", 2:22 "39.9612";
    // Units that take no part.
    redirect: RedirectComment in "ddus.csv", ",1.25,,,," => ",1.25,,,,moved to D2", 2:119 "moved to D2";
    closed: ClosedUnit in "ddus.csv", "" => "D3,,,,,,closed,,,,,,,,,,,,,D1,", 4:9 "closed";
    phantom: PhantomUnit in "ddus.csv", "" => "D3,,,,,,,phantom,,,,,,,,,,,,D1,", 4:10 "phantom";
    finance_only: FinanceOnlyUnit in "ddus.csv", "" => "D3,,,,,,,finance_only,,,,,,,,,,,,D1,", 4:10 "finance_only";
    not_effective: NotEffective in "ddus.csv", "" => "D3,,,,,,,,,,,,,,,,,2026-12-01,,D1,", 4:20 "2026-12-01";
    unknown_successor: UnknownSuccessor in "ddus.csv", "" => "D3,,,,,,closed,,,,,,,,,,,,,D9,", 4:28 "D9";
    // Bids.
    unknown_ddu: UnknownDdu in "bids.csv", ",D1,H1" => ",D11,H1", 2:11 "D11";
    unknown_hub: UnknownHub in "bids.csv", ",D1,H1" => ",D1,H11", 2:14 "H11";
    unknown_bidder: UnknownBidder in "bids.csv", "B1,ACME" => "B1,ACMEE", 2:4 "ACMEE";
    service_not_offered: ServiceNotOffered in "bids.csv", ",D1,H1" => ",D2,H1", 2:17 "same_day";
    tender_outside_window: TenderOutsideWindow in "bids.csv", "07:30" => "03:59", 2:26 "03:59";
    tender_after_cet: TenderAfterCet in "bids.csv", "07:30" => "08:01", 2:26 "08:01";
    volume_reversed: VolumeReversed in "bids.csv", "100,400" => "400,100", 2:32 "400";
    volume_above_capacity: VolumeAboveCapacity in "bids.csv", "100,400" => "100,1001", 2:36 "1001";
    weekly: WeeklyVolume in "bids.csv", "400,pieces_per_day" => "400,pieces_per_week", 2:40 "pieces_per_week";
    weekly_too_narrow: WeeklyVolumeTooNarrow in "bids.csv", "100,400,pieces_per_day" => "100,101,pieces_per_week", 2:40 "pieces_per_week";
    foreign_hub: HubOfAnotherShipper in "bids.csv", ",D1,H1" => ",D1,H2", 2:14 "H2";
    overlap: PackageOverlap in "bids.csv", "P1,,D2,H2,next_day,10:00" => "P1,,D1,H2,next_day,10:00", 4:12 "D1";
    package_range: PackageRange in "bids.csv", "150,150" => "100,150", 4:33 "100";
    repeated_contents: RepeatedContents in "bids.csv", "" => "B4,ACME,,,D1,H1,same_day,07:30,100,400,pieces_per_day,1.75,dock", 5:1 "B4";
    lonely_group: LonelyXorGroup in "bids.csv", "B1,ACME,,,D1" => "B1,ACME,,G1,D1", 2:10 "G1";
}

/// Both rows are set aside: which one is right cannot be told, and must not depend on their order.
#[test]
fn conflicting_ids_are_all_rejected() {
    let fixture = Fixture::new();
    fixture.append("hubs.csv", "H1,ACME,North,40.02,-82.95,03:30,America/New_York,5000");
    let loaded = fixture.load_leniently();
    let lines: Vec<_> = loaded
        .diagnostics
        .sorted()
        .iter()
        .filter(|d| d.code == Code::ConflictingId)
        .map(|d| d.span.as_ref().unwrap().line)
        .collect();
    assert_eq!(lines, [2, 4]);
    assert_eq!(only(&loaded, Code::ReferenceRejected).value, "H1");
    assert_eq!(loaded.scenario.unwrap().hubs.len(), 1);
}

#[test]
fn conflicting_bids_are_all_rejected() {
    let fixture = Fixture::new();
    fixture.append("bids.csv", "B1,ACME,,,D1,H1,same_day,07:30,100,400,pieces_per_day,1.76,dock");
    let loaded = fixture.load_leniently();
    assert_eq!(loaded.rejects.iter().map(|r| r.line).collect::<Vec<_>>(), [2, 5]);
    assert!(loaded.scenario.unwrap().bids.iter().all(|b| b.id != "B1"));
}

#[test]
fn repeated_rows_are_collapsed_by_policy() {
    let fixture = Fixture::new();
    fixture.append("scenario.toml", "[data]\nduplicates = \"collapse\"");
    fixture.append("bids.csv", "B3,ZED,P1,,D2,H2,next_day,10:00,150,150,pieces_per_day,2.25,hub");
    let loaded = fixture.load();
    assert_eq!(only(&loaded, Code::RepeatedRowCollapsed).span.unwrap().line, 5);
    assert_eq!(loaded.scenario.unwrap().bids.len(), 3);
}

/// Under the strict policy the repetition is an error, but the first copy keeps its package whole.
#[test]
fn a_repeated_package_line_does_not_break_its_package() {
    let fixture = Fixture::new();
    fixture.append("bids.csv", "B3,ZED,P1,,D2,H2,next_day,10:00,150,150,pieces_per_day,2.25,hub");
    let loaded = fixture.load_leniently();
    assert_eq!(only(&loaded, Code::RepeatedRow).span.unwrap().line, 5);
    assert_eq!(loaded.scenario.unwrap().bids.len(), 3);
}

#[test]
fn packages_of_several_bidders_and_groups() {
    let fixture = Fixture::new();
    fixture.edit("bids.csv", "B3,ZED,P1", "B3,ACME,P1");
    let loaded = fixture.load();
    assert_eq!(loaded.diagnostics.counts()[&Code::PackageOfSeveralBidders], 2);
    let fixture = Fixture::new();
    fixture.edit("bids.csv", "B3,ZED,P1,,", "B3,ZED,P1,G,");
    let loaded = fixture.load_leniently();
    assert_eq!(loaded.diagnostics.counts()[&Code::PackageMixesGroups], 2);
    assert_eq!(loaded.scenario.unwrap().bids.len(), 1);
}

#[test]
fn a_bid_for_a_closed_unit_names_the_successor() {
    let fixture = Fixture::new();
    fixture.edit("ddus.csv", "-82.9310,open", "-82.9310,closed");
    fixture.edit("ddus.csv", ",1.10,,,,,", ",1.10,,,,D1,");
    let finding = only(&fixture.load(), Code::DduTakesNoPart);
    assert_eq!((finding.value.as_str(), finding.help.as_str()), ("D2", "its successor is `D1`: bid there"));
}

#[test]
fn a_latin_1_cell_is_found_in_its_column() {
    let fixture = Fixture::new();
    let (head, tail) = HUBS.split_once("South").unwrap();
    fixture.write("hubs.csv", &[head.as_bytes(), b"Montr\xe9al", tail.as_bytes()].concat());
    let finding = only(&fixture.load(), Code::NotUtf8);
    let span = finding.span.unwrap();
    assert_eq!((span.line, span.column, span.width, finding.value.as_str()), (3, 8, 8, "Montr\u{fffd}al"));
}

/// Places hold with a byte order mark, CRLF, characters of several bytes and a line break inside quotes.
#[test]
fn places_hold_in_odd_files() {
    let fixture = Fixture::new();
    let text = HUBS.replace("North", "\"Nö\n\"\"rth\"\"\"").replace("-82.95", "x").replace('\n', "\r\n");
    fixture.write("hubs.csv", format!("\u{feff}{text}").as_bytes());
    let loaded = fixture.load();
    let finding = only(&loaded, Code::NotACoordinate);
    let span = finding.span.unwrap();
    // The row begins on line 2; its second physical line is `""rth""",40.01,x,…`: the x is its character 16.
    assert_eq!((span.line, span.column, span.width, finding.value.as_str()), (3, 16, 1, "x"));
    assert_eq!(&*span.text, "\"\"rth\"\"\",40.01,x,03:30,America/New_York,5000");
    let finding = only(&loaded, Code::ControlCharacter);
    assert_eq!(finding.span.unwrap().line, 2);
}

#[test]
fn files_that_are_no_tables() {
    for (bytes, code) in [
        (&b""[..], Code::EmptyTable),
        (b"\n", Code::EmptyTable),
        (b"\xff\xfeh\0u\0", Code::NotText),
        (b"PK\x03\x04", Code::NotText),
        (b"PAR1", Code::NotText),
    ] {
        let fixture = Fixture::new();
        fixture.write("hubs.csv", bytes);
        let finding = only(&fixture.load_leniently(), code);
        assert!(finding.file.ends_with("hubs.csv"));
        assert!(fixture.load_leniently().scenario.is_none());
    }
    let fixture = Fixture::new();
    fixture.write("scenario.toml", b"name = \"\xe9\"");
    only(&fixture.load(), Code::NotText);
}

#[test]
fn missing_files_and_folders() {
    for name in ["map.osm.pbf", "hubs.csv", "ddus.csv", "vehicles.toml", "bidders.csv", "bids.csv", "scenario.toml"] {
        let fixture = Fixture::new();
        std::fs::remove_file(fixture.path(name)).unwrap();
        let finding = only(&fixture.load_leniently(), Code::FileMissing);
        assert!(finding.file.ends_with(name), "{:?}", finding.file);
        std::fs::create_dir(fixture.path(name)).unwrap();
        let loaded = fixture.load_leniently();
        only(&loaded, Code::FileMissing);
        assert!(loaded.scenario.is_none());
    }
}

#[test]
fn a_table_without_usable_rows_ends_the_run() {
    let fixture = Fixture::new();
    fixture.write("hubs.csv", HUBS.lines().next().unwrap().as_bytes());
    let loaded = fixture.load_leniently();
    assert!(only(&loaded, Code::NothingLeft).file.ends_with("hubs.csv"));
    assert!(loaded.scenario.is_none());
}

/// One pass: errors of every file are reported together.
#[test]
fn all_files_are_checked_in_one_pass() {
    let fixture = Fixture::new();
    fixture.edit("scenario.toml", "seed = 7", "sead = 7");
    fixture.edit("vehicles.toml", "fill = 0.8", "fill = 80");
    fixture.edit("hubs.csv", "39.90,-83.01", "0,0");
    fixture.edit("ddus.csv", "43215,OH", "43215,XX");
    fixture.edit("bidders.csv", "2500.50", "lots");
    fixture.edit("bids.csv", "1.75", "free");
    let loaded = fixture.load();
    let files: Vec<_> = loaded
        .diagnostics
        .sorted()
        .iter()
        .filter(|d| ![Code::ReferenceRejected, Code::DduTakesNoPart, Code::PackageIncomplete].contains(&d.code))
        .map(|d| (d.file.file_name().unwrap().to_str().unwrap().to_owned(), d.code.id()))
        .collect();
    let expected = [
        ("bidders.csv", "E113"),
        ("bids.csv", "E113"),
        ("ddus.csv", "E127"),
        ("hubs.csv", "E131"),
        ("scenario.toml", "E003"),
        ("vehicles.toml", "E006"),
    ];
    assert_eq!(files.iter().map(|(f, c)| (f.as_str(), *c)).collect::<Vec<_>>(), expected);
}

/// A table that cannot be read does not hide errors of the bids, nor calls every bid wrong.
#[test]
fn bids_are_checked_without_the_tables_they_refer_to() {
    let fixture = Fixture::new();
    fixture.edit("ddus.csv", "ddu_id,name", "unit,name");
    fixture.edit("bids.csv", "1.75", "free");
    let loaded = fixture.load();
    assert_eq!(only(&loaded, Code::NotMoney).value, "free");
    assert_eq!(loaded.rejects.iter().map(|r| r.line).collect::<Vec<_>>(), [2]);
}

#[test]
fn lenient_loading_goes_on_with_the_rest() {
    let fixture = Fixture::new();
    fixture.edit("bids.csv", "B3,ZED,P1,,D2", "B3,ZED,P1,,D3");
    let loaded = fixture.load_leniently();
    assert_eq!(only(&loaded, Code::UnknownDdu).help, "did you mean `D1`?");
    let scenario = loaded.scenario.unwrap();
    assert_eq!(scenario.bids.iter().map(|b| b.id.as_str()).collect::<Vec<_>>(), ["B1"]);
    let rejected: Vec<_> = loaded.rejects.iter().map(|r| (r.line, r.codes.as_slice())).collect();
    assert_eq!(rejected, [(3, &[Code::PackageIncomplete][..]), (4, &[Code::UnknownDdu])]);
    let row = BIDS.lines().nth(3).unwrap().replace("D2", "D3");
    assert_eq!(loaded.rejects[1].text, row);
    let path = fixture.path("rejects.csv");
    write_rejects(&path, &loaded.rejects).unwrap();
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!((&rows[1][1], &rows[1][2], &rows[1][3]), ("4", "E201", row.as_str()));
    let json: Vec<serde_json::Value> =
        to_json_lines(&loaded.diagnostics).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!((&json[1]["code"], &json[1]["line"], &json[1]["column"]), (&"E201".into(), &4.into(), &12.into()));
}

/// Formulas are data when read; only writing escapes them.
#[test]
fn formulas_are_data() {
    let fixture = Fixture::new();
    fixture.edit("hubs.csv", "North", "=1+1");
    assert_eq!(fixture.scenario().hubs[0].name, "=1+1");
}

#[test]
fn other_headers_are_mapped_and_misspelt_maps_reported() {
    let fixture = Fixture::new();
    let table = "hubs = { path = \"hubs.csv\", columns = { shipper_id = \"shipper\" }, ignore = [\"source\"] }";
    fixture.write("scenario.toml", SCENARIO.replace("hubs = \"hubs.csv\"", table).as_bytes());
    let renamed = HUBS.replace("shipper_id", "shipper").replace("capacity_pieces", "source").replace("5000", "");
    fixture.write("hubs.csv", renamed.as_bytes());
    let loaded = fixture.load();
    assert!(loaded.diagnostics.is_empty(), "{}", render(&loaded.diagnostics, 20, false));
    fixture.edit("scenario.toml", "{ shipper_id =", "{ shiper_id =");
    let finding = only(&fixture.load(), Code::UnknownSetting);
    assert_eq!(finding.help, "did you mean `shipper_id`?");
    fixture.write("hubs.csv", HUBS.as_bytes());
    fixture.edit("scenario.toml", "{ shiper_id = \"shipper\"", "{ shipper_id = \"company\"");
    assert!(only(&fixture.load(), Code::MissingColumn).message.contains("`company`"));
}

#[test]
fn another_separator_is_named() {
    let fixture = Fixture::new();
    fixture.write("hubs.csv", HUBS.replace(',', ";").as_bytes());
    let loaded = fixture.load();
    let help = &loaded.diagnostics.sorted().into_iter().find(|d| d.code == Code::MissingColumn).unwrap().help;
    assert!(help.ends_with("fields must be separated by commas"), "{help}");
}

/// A syntax error is not followed by complaints about what it swallowed.
#[test]
fn syntax_errors_hide_no_settings() {
    let fixture = Fixture::new();
    fixture.edit("scenario.toml", "[parcel]", "[parcel");
    let loaded = fixture.load();
    assert!(loaded.diagnostics.counts().contains_key(&Code::NotToml));
    assert!(!loaded.diagnostics.counts().contains_key(&Code::MissingSetting));
    assert!(loaded.scenario.is_none());
}

/// An effective and an expired row of one id live together.
#[test]
fn periods_select_rows() {
    let fixture = Fixture::new();
    let old = DDUS.lines().nth(1).unwrap().replace("1.25,,,", "1.20,,2026-10-31,");
    fixture.append("ddus.csv", &old);
    let loaded = fixture.load();
    assert_eq!(only(&loaded, Code::NotEffective).span.unwrap().line, 4);
    assert_eq!(loaded.scenario.unwrap().ddus.len(), 2);
}

/// Every code of tables and settings is provoked in this file; points on roads (3xx) belong to the network's tests, those
/// of finished runs (4xx) to `tests/cli/verify.rs`.
#[test]
fn every_rule_is_tested() {
    const BY_TEST: &[Code] = &[
        Code::FileMissing,
        Code::EmptyTable,
        Code::NotText,
        Code::BadParquet, // tests/parquet_tables.rs
        Code::NothingLeft,
        Code::NotUtf8,
        Code::ConflictingId,
        Code::RepeatedRowCollapsed,
        Code::DduTakesNoPart,
        Code::ReferenceRejected,
        Code::PackageOfSeveralBidders,
        Code::PackageMixesGroups,
        Code::PackageIncomplete,
        // tests/conditions/findings.rs
        Code::TrafficOverlap,
        Code::ClosedForUnknownVehicle,
        Code::ClosedTwice,
        // tests/costs_in_place_of_a_map.rs
        Code::MapOrCosts,
        Code::HaulFromUnknownHub,
        Code::HaulToUnknownDdu,
        Code::HaulByUnknownVehicle,
        Code::HaulNotUsed,
        Code::NoHaulKnown,
        // tests/variants.rs
        Code::FactorWithoutMap,
        // tests/bid_language.rs
        Code::UnknownInPolicy,
        Code::TierHalfNamed,
        Code::TierInPackage,
        Code::TiersDiffer,
        Code::TiersOverlap,
        Code::TierGap,
        Code::TierGapIncremental,
        Code::LonelyTier,
        Code::TierIncomplete,
        Code::GroupAtMostDiffers,
        Code::GroupAtMostAlone,
        Code::GroupAtMostIdle,
        Code::OverrideTargets,
        Code::OverrideUnknown,
        Code::OverridesContradict,
        Code::OverrideTwice,
        Code::OverrideIdle,
        // tests/cli/quote.rs
        Code::VolumeForUnknownDdu,
        Code::ZipWithoutUnit,
        Code::ZipOfSeveralUnits,
        Code::NumberRepaired,
        Code::VolumeOfNoPart,
        Code::VolumesNotInOrder,
        Code::RatesOverlap,
        Code::WeightBandReversed,
        Code::NoRateForParcel,
        Code::FleetUnknown,
        Code::FleetTwice,
        Code::QuoteShipperUnknown,
        // tests/cli/ddus.rs
        Code::AreaCoordinate,
        Code::CoarseCoordinate,
        Code::StaleSuccessor,
        Code::NoCoordinate,
        // tests/batch/manifest.rs
        Code::RegionName,
        Code::RegionTwice,
        Code::PatternEmpty,
        Code::RegionWithoutInput,
    ];
    // A table of more than four thousand million rows is too large for a test.
    const NOT_TESTED: &[Code] = &[Code::TooManyRows];
    for code in Code::ALL.iter().filter(|c| !c.id()[1..].starts_with('3') && !c.is_of_run()) {
        assert!(BY_EDIT.contains(code) || BY_TEST.contains(code) || NOT_TESTED.contains(code), "{}", code.id());
    }
}
