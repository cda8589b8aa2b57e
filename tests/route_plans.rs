//! Route engines against exhaustive search, the checker against tampered plans, instance files.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

#[path = "oracles/routes.rs"]
mod oracle;
#[path = "support/route_problems.rs"]
mod route_problems;

use ddu::progress::Silent;
use ddu::routes::{
    ExactOptions, Instance, Plan, Rounding, Schedule, SearchOptions, SolveOptions, UnservedReason, Violation,
    parse_best_known, schedule, solve, violations,
};
use ddu::units::{MicroDollars, Millis, Pieces};
use rayon::ThreadPoolBuilder;
use route_problems::problem;
use std::collections::BTreeSet;

const FEW: SearchOptions = SearchOptions { iterations: 60, runs: 2, seed: 5 };

fn options(exact: Option<ExactOptions>) -> SolveOptions {
    SolveOptions { search: FEW, exact }
}

fn schedules(problem: &ddu::routes::Problem, plan: &Plan) -> Vec<Schedule> {
    plan.routes.iter().map(|route| schedule(problem, route).unwrap()).collect()
}

/// 1,500 problems with up to five stops, but for those that would be split: windows, capacities, classes, duty limits, open and closed routes, few vehicles.
#[test]
fn equal_to_exhaustive_search() {
    let (mut unserved_seen, mut several, mut loose) = (0, 0, 0);
    for seed in 0..1_500 {
        let problem = problem(seed, 5);
        if oracle::needs_split(&problem) {
            continue;
        }
        let (unserved, cost) = oracle::best(&problem);
        let answer = solve(&problem, options(Some(ExactOptions::default())), &Silent).unwrap();
        assert_eq!(answer.plan.unserved.len(), unserved, "seed {seed}: {:?}", answer.plan);
        assert_eq!(answer.cost.0, cost, "seed {seed}: {:?}", answer.plan);
        assert!(answer.optimal(), "seed {seed}: {answer:?}");
        let timed = schedules(&problem, &answer.plan);
        assert_eq!(violations(&problem, &answer.plan, Some(&timed)), [], "seed {seed}");
        // The heuristic alone is above it, and early bounds are below.
        let quick = solve(&problem, options(None), &Silent).unwrap();
        assert!((quick.plan.unserved.len(), quick.cost.0) >= (unserved, cost), "seed {seed}");
        assert_eq!(violations(&problem, &quick.plan, Some(&schedules(&problem, &quick.plan))), [], "seed {seed}");
        for rounds in [0, 1, 3] {
            let limits = ExactOptions { rounds, labels: 200, nodes: 3 };
            let early = solve(&problem, options(Some(limits)), &Silent).unwrap();
            if early.plan.unserved.len() == unserved {
                assert!(early.bound.is_none_or(|bound| bound.0 <= cost), "seed {seed}: {early:?}");
                loose += usize::from(!early.optimal());
            }
        }
        unserved_seen += usize::from(unserved > 0);
        several += usize::from(answer.plan.routes.len() > 1);
    }
    println!(
        "{unserved_seen} with unserved stops, {several} with several routes, {loose} early bounds below the optimum"
    );
    assert!(unserved_seen > 100 && several > 300 && loose > 20);
}

/// The one evaluation, route by route, against every departure to the millisecond.
#[test]
fn schedules_equal_plain_driving() {
    let mut feasible = 0;
    for seed in 0..3_000 {
        let problem = problem(seed, 4);
        let order: Vec<usize> = (0..problem.stops().len()).collect();
        for class in 0..problem.classes().len() {
            let visits = order.iter().map(|&stop| ddu::routes::Visit { stop, pieces: problem.stops()[stop].demand });
            let route = ddu::routes::Route { class, visits: visits.collect() };
            let ours = schedule(&problem, &route).ok().map(|s| s.cost.0);
            assert_eq!(ours, oracle::route_cost(&problem, class, &order), "seed {seed} class {class}");
            feasible += usize::from(ours.is_some());
        }
    }
    assert!(feasible > 300, "{feasible}");
}

/// Larger problems: proven and heuristic answers agree where proof succeeds, and every plan is checked.
#[test]
fn proofs_and_heuristic_agree_on_larger_problems() {
    for seed in 10_000..10_060 {
        let problem = problem(seed, 14);
        let effort = SearchOptions { iterations: 2_000, runs: 1, seed: 1 };
        let quick = solve(&problem, SolveOptions { search: effort, exact: None }, &Silent).unwrap();
        let proven = solve(&problem, options(Some(ExactOptions::default())), &Silent).unwrap();
        assert!(proven.optimal(), "seed {seed}");
        let value = |a: &ddu::routes::Answer| (a.plan.unserved.len(), a.cost);
        assert!(value(&quick) >= value(&proven), "seed {seed}: {:?} {:?}", value(&quick), value(&proven));
        assert_eq!(violations(&problem, &proven.plan, Some(&schedules(&problem, &proven.plan))), [], "seed {seed}");
    }
}

#[test]
fn same_answer_with_any_number_of_threads() {
    for seed in 20_000..20_020 {
        let problem = problem(seed, 12);
        let search = SearchOptions { iterations: 200, runs: 3, seed };
        let with = |threads: usize| {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let exact = Some(ExactOptions::default());
            pool.install(|| solve(&problem, SolveOptions { search, exact }, &Silent).unwrap())
        };
        assert_eq!(with(1), with(2), "seed {seed}");
    }
}

/// A stop that wants more than a vehicle carries: full loads by the least cost per piece, the rest routed.
#[test]
fn full_loads_go_directly() {
    for seed in 0..300 {
        let base = problem(seed, 4);
        let mut stops = base.stops().to_vec();
        for (k, stop) in stops.iter_mut().enumerate() {
            stop.demand = Pieces(stop.demand.0 + if k % 2 == 0 { 25 } else { 0 });
            stop.due = Millis(stop.due.0 + 100);
        }
        let classes = base.classes().iter().map(|c| ddu::routes::RouteClass { duty: None, ..*c }).collect();
        let points = base.points();
        let table = |class| {
            let pairs = (0..points).flat_map(|a| (0..points).map(move |b| (a, b)));
            ddu::routes::LegTable(pairs.map(|(a, b)| base.leg(class, a, b)).collect())
        };
        let legs = (0..base.classes().len()).map(table).collect();
        let problem = ddu::routes::Problem::new(classes, stops, legs).unwrap();
        let answer = solve(&problem, options(Some(ExactOptions::default())), &Silent).unwrap();
        assert_eq!(violations(&problem, &answer.plan, Some(&schedules(&problem, &answer.plan))), [], "seed {seed}");
        for (index, stop) in problem.stops().iter().enumerate() {
            let most = problem.classes().iter().map(|c| c.capacity.0).max().unwrap();
            let visits: Vec<u32> = answer
                .plan
                .routes
                .iter()
                .flat_map(|r| &r.visits)
                .filter(|v| v.stop == index)
                .map(|v| v.pieces.0)
                .collect();
            let unserved = answer.plan.unserved.iter().any(|u| u.stop == index);
            assert!(unserved || visits.len() >= stop.demand.0.div_ceil(most) as usize, "seed {seed}");
        }
    }
}

#[test]
fn reasons_name_the_obstacle() {
    let mut seen = BTreeSet::new();
    for seed in 0..2_000 {
        let problem = problem(seed, 4);
        if oracle::needs_split(&problem) {
            continue;
        }
        let answer = solve(&problem, options(None), &Silent).unwrap();
        for unserved in &answer.plan.unserved {
            seen.insert(unserved.reason);
            let classes = 0..problem.classes().len();
            let alone =
                classes.into_iter().any(|class| oracle::visits_cost(&problem, class, &[(unserved.stop, 1)]).is_some());
            assert_eq!(alone, unserved.reason == UnservedReason::NoVehicleLeft, "seed {seed}: {unserved:?}");
        }
    }
    assert!(seen.len() >= 5, "{seen:?}");
}

/// Each kind of tampering is named; the untouched plan has no violation.
#[test]
fn the_checker_names_each_violation() {
    let (mut named, mut by_class): (BTreeSet<&'static str>, BTreeSet<&'static str>) = Default::default();
    for seed in 0..400 {
        let problem = problem(seed, 6);
        let plan = solve(&problem, options(None), &Silent).unwrap().plan;
        let timed = schedules(&problem, &plan);
        let all = |plan: &Plan, timed: Option<&[Schedule]>| violations(&problem, plan, timed);
        assert_eq!(all(&plan, Some(&timed)), []);
        let Some(first) = plan.routes.first().cloned() else { continue };
        let tampered = |change: &dyn Fn(&mut Plan)| {
            let mut copy = plan.clone();
            change(&mut copy);
            all(&copy, None)
        };
        let mut expect = |name: &'static str, found: &[Violation], matching: &dyn Fn(&Violation) -> bool| {
            assert!(found.iter().any(matching), "seed {seed}: {name}: {found:?}");
            named.insert(name);
        };
        let stop = first.visits[0].stop;
        let more = tampered(&|p| p.routes[0].visits[0].pieces.0 += 100);
        expect("overloaded", &more, &|v| matches!(v, Violation::Overloaded { route: 0, .. }));
        expect("pieces", &more, &|v| matches!(v, Violation::WrongPieces { stop: s, .. } if *s == stop));
        let twice = tampered(&|p| {
            let visit = p.routes[0].visits[0];
            p.routes[0].visits.push(visit);
        });
        expect("twice", &twice, &|v| matches!(v, Violation::Twice { route: 0, .. }));
        expect("class", &tampered(&|p| p.routes[0].class = 99), &|v| matches!(v, Violation::NoRoute { route: 0 }));
        expect("stop", &tampered(&|p| p.routes[0].visits[0].stop = 99), &|v| {
            matches!(v, Violation::NoStop { stop: 99, .. })
        });
        let missing = tampered(&|p| {
            p.routes.remove(0);
        });
        expect("missing", &missing, &|v| matches!(v, Violation::WrongPieces { .. } | Violation::NotVisited { .. }));
        if let Some(available) = problem.classes()[first.class].available {
            let many = tampered(&|p| (0..available).for_each(|_| p.routes.push(first.clone())));
            expect("vehicles", &many, &|v| matches!(v, Violation::TooManyVehicles { .. }));
        }
        for class in 0..problem.classes().len() {
            let found = tampered(&|p| p.routes[0].class = class);
            for violation in found {
                by_class.insert(match violation {
                    Violation::MayNotDock { .. } => "dock",
                    Violation::NoRoad { .. } => "road",
                    Violation::Late { .. } => "late",
                    Violation::BackLate { .. } => "back late",
                    Violation::DutyTooLong { .. } => "duty",
                    _ => "other",
                });
            }
        }
        let changes: [&dyn Fn(&mut Schedule); 6] = [
            &|s| s.depart.0 += 1,
            &|s| s.waiting.0 += 1,
            &|s| s.duty.0 += 1,
            &|s| s.cost = MicroDollars(s.cost.0 + 1),
            &|s| s.stops[0].begin.0 += 1,
            &|s| s.driving = MicroDollars(s.driving.0 - 1),
        ];
        for change in changes {
            let mut copy = timed.clone();
            change(&mut copy[0]);
            let found = all(&plan, Some(&copy));
            expect("schedule", &found, &|v| matches!(v, Violation::WrongSchedule { route: 0, .. }));
        }
    }
    let wanted = [
        "overloaded",
        "pieces",
        "twice",
        "class",
        "stop",
        "missing",
        "vehicles",
        "dock",
        "road",
        "late",
        "back late",
        "duty",
        "schedule",
    ];
    let absent: Vec<_> = wanted.iter().filter(|w| !named.contains(**w) && !by_class.contains(**w)).collect();
    assert!(absent.is_empty(), "{absent:?}");
}

const SOLOMON: &str = "T1\n\nVEHICLE\nNUMBER CAPACITY\n 2 10\n\nCUSTOMER\nCUST NO. XCOORD. YCOORD. DEMAND READY TIME DUE DATE SERVICE TIME\n\n\
    0 0 0 0 0 100 0\n1 3 4 5 0 50 1\n2 0 5 5 0 50 1\n3 -3 4 5 20 50 1\n";

#[test]
fn solomon_files_are_read() {
    let instance = Instance::parse(SOLOMON, None).unwrap();
    assert_eq!(
        (instance.name.as_str(), instance.rounding, instance.problem.stops().len()),
        ("T1", Rounding::Tenths, 3)
    );
    let answer = solve(&instance.problem, options(Some(ExactOptions::default())), &Silent).unwrap();
    // By hand: 1 and 2 together (5 + sqrt 10 + 5, cut to 50 + 31 + 50 tenths), 3 alone (50 + 50).
    assert_eq!((answer.cost.0, answer.optimal()), (231, true));
    let whole = Instance::parse(SOLOMON, Some(Rounding::Nearest)).unwrap();
    assert_eq!(solve(&whole.problem, options(None), &Silent).unwrap().cost.0, 23);
}

const VRPLIB: &str = "NAME : t\nTYPE : CVRP\nDIMENSION : 4\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 10\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n3 0 5\n\
    4 -3 4\nDEMAND_SECTION\n1 0\n2 5\n3 5\n4 5\nDEPOT_SECTION\n1\n-1\nEOF\n";

#[test]
fn vrplib_files_are_read() {
    let instance = Instance::parse(VRPLIB, None).unwrap();
    let answer = solve(&instance.problem, options(Some(ExactOptions::default())), &Silent).unwrap();
    assert_eq!((answer.cost.0, answer.optimal()), (23, true));
    let matrix = VRPLIB.replace("EUC_2D", "EXPLICIT\nEDGE_WEIGHT_FORMAT : FULL_MATRIX").replace(
        "NODE_COORD_SECTION\n1 0 0\n2 3 4\n3 0 5\n4 -3 4\n",
        "EDGE_WEIGHT_SECTION\n0 1 2 3 1 0 2 3\n1 2 0 3\n1 2 3 0\n",
    );
    let explicit = Instance::parse(&matrix, None).unwrap();
    assert_eq!(explicit.problem.leg(0, 1, 3).unwrap().cost, MicroDollars(3));
    let fleet = VRPLIB.replace("CAPACITY : 10\n", "VEHICLES : 3\n").replace(
        "DEPOT_SECTION",
        "CAPACITY_SECTION\n1 10\n2 5\n3 5\nVEHICLES_FIXED_COST_SECTION\n1 7\n2 1\n3 1\nVEHICLES_UNIT_DISTANCE_COST_SECTION\n1 2\n2 1\n3 1\nDEPOT_SECTION",
    );
    let classes = Instance::parse(&fleet, None).unwrap();
    let counts: Vec<_> = classes.problem.classes().iter().map(|c| (c.capacity.0, c.fixed.0, c.available)).collect();
    assert_eq!(counts, [(5, 1, Some(2)), (10, 7, Some(1))]);
    assert_eq!(parse_best_known("Route #1: 1\nCost 776.1\n", Rounding::Tenths).map(|b| b.0), Some(7_761));
    assert_eq!(parse_best_known("Cost 776.1\n", Rounding::Nearest), None);
}

/// Every defect has its line, and no text at all makes the reader panic.
#[test]
fn hostile_files_are_refused() {
    let cases: [(&str, String, &str); 12] = [
        ("cut off", SOLOMON.lines().take(5).collect::<Vec<_>>().join("\n"), "cut off"),
        ("word", SOLOMON.replace("1 3 4 5", "1 x 4 5"), "line 11, column 3: `x` is no number"),
        ("width", SOLOMON.replace("2 0 5 5 0 50 1", "2 0 5 5 0 50"), "line 12, column 1: 6 words"),
        ("order", SOLOMON.replace("\n3 -3", "\n7 -3"), "number 7 where 3 comes next"),
        ("window", SOLOMON.replace("20 50 1", "60 50 1"), "due date 50 is before ready time 60"),
        (
            "section",
            VRPLIB.replace("DEPOT_SECTION", "BACKHAUL_SECTION"),
            "line 16, column 1: section `BACKHAUL_SECTION` is not supported",
        ),
        ("key", VRPLIB.replace("TYPE : CVRP", "DISTANCE : 7"), "line 2, column 1: key `DISTANCE` is not supported"),
        ("twice", VRPLIB.replace("\n3 0 5", "\n2 0 5"), "line 9, column 1: `2` is there twice"),
        ("depot", VRPLIB.replace("DEPOT_SECTION\n1", "DEPOT_SECTION\n2"), "depot `2`"),
        ("dimension", VRPLIB.replace("DIMENSION : 4", "DIMENSION : 4000000000"), "DIMENSION"),
        ("demand", VRPLIB.replace("2 5\n3 5", "2 5.5\n3 5"), "a demand is a whole number"),
        ("nothing", String::new(), "missing"),
    ];
    for (name, text, expected) in cases {
        let defects = Instance::parse(&text, None).unwrap_err();
        let shown: Vec<String> = defects.iter().map(ToString::to_string).collect();
        assert!(shown.iter().any(|d| d.contains(expected)), "{name}: {shown:?}");
    }
    // Cut at every byte, and with every word replaced.
    for text in [SOLOMON, VRPLIB] {
        for end in 0..text.len() {
            let _ = Instance::parse(&text[..end], None);
        }
        let words: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
        for at in 0..words.len() {
            for evil in ["-1 ", "99999999999999999999 ", "1e9 ", "é\u{0} ", "EOF\n", "_SECTION\n", ": "] {
                let mut changed = words.clone();
                changed[at] = evil;
                if let Ok(instance) = Instance::parse(&changed.concat(), None) {
                    let _ = solve(
                        &instance.problem,
                        SolveOptions { search: SearchOptions { iterations: 1, runs: 1, seed: 1 }, exact: None },
                        &Silent,
                    );
                }
            }
        }
    }
}
