//! What if: other prices of fuel and labour, another share cap, a bidder that drops out; the award worked out again from
//! the one at hand.

use super::app::{App, written};
use super::error::ApiError;
use super::pool::Stop;
use super::world::World;
use crate::award::{Award, AwardError, Status};
use crate::diagnostics::did_you_mean;
use crate::ids::BidderIx;
use crate::matrix::MatrixError;
use crate::pipeline::{AwardAtHand, Question, RunError};
use crate::progress::Progress;
use crate::report::AwardReport;
use crate::report::page::PageData;
use crate::scenario::{HaulInput, Scenario, Variant};
use crate::units::{MicroDollars, Ppm};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};

/// What is asked, as it is posted. What is left out or null stays as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Asked {
    fuel_ppm: Option<u32>,
    wage_ppm: Option<u32>,
    share_cap_ppm: Option<u32>,
    drop_bidders: Option<Vec<String>>,
    gap_ppm: Option<u32>,
    seconds: Option<u32>,
}

/// What an answer does without, so that it comes soon.
const LEFT_OUT: [&str; 6] = [
    "proof beyond gap_ppm, and telling equal awards apart",
    "winning levels of losing bids",
    "prices of rules and of room at units",
    "payments under other rules",
    "drop-outs and synergies",
    "variants of the scenario",
];

/// Share of the bound within which an answer is proven unless the question names another, in millionths: tighter caps then
/// take a second, not a minute.
const GAP: u32 = 5_000;

/// Seconds after which the best award found by then is the answer, unless the question names another number.
const SECONDS: u64 = 5;

/// The wish for an answer by then; the client that is gone wants none.
struct Soon<'s> {
    stop: &'s Stop,
    end: Instant,
}

impl Progress for Soon<'_> {
    fn begin(&self, _stage: &str, _total: Option<u64>) {}
    fn advance(&self, _units: u64) {}
    fn finish(&self, _summary: &str) {}
    fn cancelled(&self) -> bool {
        self.stop.cancelled() || Instant::now() >= self.end
    }
    fn abandoned(&self) -> bool {
        self.stop.cancelled()
    }
}

/// Range of factors, as of a variant of a scenario.
const FACTORS: std::ops::RangeInclusive<u32> = 10_000..=10_000_000;

pub(super) async fn ask(State(app): State<App>, request: Request) -> Response {
    let answer = async {
        let (_, body) = app.body(request, &["application/json"]).await?;
        // An array would be read as its members in order.
        let members: Map<String, Value> =
            serde_json::from_slice(&body).map_err(|error| ApiError::bad(error.to_string()))?;
        let asked = Asked::deserialize(Value::Object(members)).map_err(|error| ApiError::bad(error.to_string()))?;
        let _turn = app.what_if.acquire().await.map_err(|_| ApiError::bug())?;
        app.pool.compute(move |world, stop| answered(world, &asked, stop)).await?
    };
    written(answer.await)
}

fn answered(world: &World<'_>, asked: &Asked, stop: &Stop) -> Result<Vec<u8>, ApiError> {
    let at_hand = world.award()?;
    let scenario = at_hand.scenario();
    let (variant, without) = (variant(asked, scenario)?, bidders(asked, scenario)?);
    let gap = match asked.gap_ppm.unwrap_or(GAP) {
        ppm @ 0..=100_000 => Ppm(ppm),
        _ => return Err(ApiError::bad("`gap_ppm` is outside 0 to 100000 (a share of 0 to 0.1)")),
    };
    let question = Question { variant: &variant, without: &without, gap };
    let seconds = match asked.seconds.map(u64::from).unwrap_or(SECONDS) {
        seconds @ 1.. if seconds <= world.options.request_time.as_secs().max(SECONDS) => seconds,
        _ => return Err(ApiError::bad("`seconds` is outside 1 to --request-seconds")),
    };
    let soon = Soon { stop, end: Instant::now() + Duration::from_secs(seconds) };
    let found = world.threads.install(|| at_hand.ask(&question, &soon));
    let (changed, award) = found.map_err(|error| match error {
        RunError::Interrupted
        | RunError::Matrix(MatrixError::Interrupted)
        | RunError::Award(AwardError::Interrupted) => {
            ApiError::busy("no award was found in time; ask again with more `seconds`, or post a job")
        }
        error => ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "NoAnswer", error.to_string()),
    })?;
    let region = world.subject.auction().and_then(|auction| auction.region.as_ref());
    let ddu_snaps = region.and_then(|region| region.vehicles.first()).map(|v| v.ddus.as_slice());
    let report = AwardReport { scenario: &changed, award: &award, variants: &[], synergies: &[], ddu_snaps };
    let data = PageData::of(&report).map_err(|_| ApiError::bug())?;
    let mut answer = serde_json::to_value(&data).map_err(|_| ApiError::bug())?;
    answer["compared"] = compared(at_hand, &award)?;
    answer["left_out"] = LEFT_OUT.into();
    serde_json::to_vec(&answer).map_err(|_| ApiError::bug())
}

fn variant(asked: &Asked, scenario: &Scenario) -> Result<Variant, ApiError> {
    let factor = |name: &str, ppm: Option<u32>| match ppm {
        None => Ok(Ppm::ONE),
        Some(ppm) if FACTORS.contains(&ppm) => Ok(Ppm(ppm)),
        Some(_) => Err(ApiError::bad(format!("`{name}` is outside 10000 to 10000000 (a factor of 0.01 to 10)"))),
    };
    let variant = Variant {
        name: "what if".to_owned(),
        award: scenario.settings.award.clone(),
        with_overrides: true,
        volume_factor: Ppm::ONE,
        fuel_factor: factor("fuel_ppm", asked.fuel_ppm)?,
        wage_factor: factor("wage_ppm", asked.wage_ppm)?,
    };
    if matches!(scenario.hauls, HaulInput::Table(_)) && !variant.keeps_rates() {
        let message =
            "the scenario names a table of costs, which are taken as they stand: leave fuel_ppm and wage_ppm out";
        return Err(ApiError::bad(message));
    }
    match asked.share_cap_ppm {
        None => Ok(variant),
        Some(ppm @ 1..=1_000_000) => {
            let award = crate::scenario::AwardSettings { share_cap: Some(Ppm(ppm)), ..variant.award };
            Ok(Variant { award, ..variant })
        }
        Some(_) => Err(ApiError::bad("`share_cap_ppm` is outside 1 to 1000000 (a share of 0.000001 to 1)")),
    }
}

fn bidders(asked: &Asked, scenario: &Scenario) -> Result<Vec<BidderIx>, ApiError> {
    let index = |id: &String| {
        let found = scenario.bidders.iter().position(|bidder| bidder.id == *id).map(BidderIx::from_index);
        found.ok_or_else(|| {
            let shown: String = id.chars().take(64).collect();
            let near = did_you_mean(&shown, scenario.bidders.iter().map(|bidder| bidder.id.as_str()));
            let help = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            ApiError::bad(format!("`drop_bidders` names the unknown bidder `{shown}`{help}"))
        })
    };
    let mut all = asked.drop_bidders.iter().flatten().map(index).collect::<Result<Vec<_>, _>>()?;
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Sums of both awards.
fn compared(at_hand: &AwardAtHand<'_>, award: &Award) -> Result<Value, ApiError> {
    let base = at_hand.award();
    let [now, before] = [sums(award), sums(base)].map(|sums| sums.ok_or_else(ApiError::bug));
    let (now, before) = (now?, before?);
    let mut value = json!({
        "status": award.status.word(),
        "interrupted": award.interrupted,
        "conflicts": award.conflicts,
        "gap_ppm": award.gap_ppm.filter(|_| award.status != Status::Infeasible),
        "value": award.value.to_string(),
        "baseline_value": base.value.to_string(),
        "difference": MicroDollars(award.value.0.saturating_sub(base.value.0)).to_string(),
    });
    for ((name, now), (_, before)) in now.into_iter().zip(before) {
        value[name] = now;
        value[format!("baseline_{name}")] = before;
    }
    Ok(value)
}

/// Awards, pieces, and money as text; `None` beyond exact money.
fn sums(award: &Award) -> Option<[(&'static str, Value); 6]> {
    let sum = |part: fn(&crate::award::Won) -> MicroDollars| {
        MicroDollars::sum(award.winners().map(|(_, won)| part(won))).map(|sum| Value::from(sum.to_string()))
    };
    let pieces: u64 = award.winners().map(|(_, won)| u64::from(won.volume.0)).sum();
    Some([
        ("awards", award.winners().count().into()),
        ("pieces", pieces.into()),
        ("spend", sum(|won| won.spend)?),
        ("injection", sum(|won| won.injection)?),
        ("revenue", sum(|won| won.revenue)?),
        ("contribution", sum(|won| won.contribution)?),
    ])
}
