//! What computing threads borrow.

use super::error::ApiError;
use super::jobs::Base;
use super::options::Options;
use super::subject::{ServedAuction, ServedMap, Subject};
use crate::pipeline::{AwardAtHand, Conditions, ReadNetwork, RoadService};
use axum::http::StatusCode;
use std::sync::OnceLock;

/// Everything there is to ask.
pub(super) struct World<'a> {
    pub(super) subject: &'a Subject,
    pub(super) options: &'a Options,
    /// Routes and tables, where there is a map.
    pub(super) roads: Option<RoadService<'a>>,
    /// What jobs start from.
    pub(super) base: Option<Base>,
    /// The award, when it is determined; or why there is none.
    pub(super) at_hand: OnceLock<Result<AwardAtHand<'a>, String>>,
    /// The page, when there is one; or why there is none.
    pub(super) page: OnceLock<Result<String, String>>,
    /// Where jobs and questions compute, so that routes need not wait for them.
    pub(super) threads: rayon::ThreadPool,
}

impl<'a> World<'a> {
    pub(super) fn new(
        subject: &'a Subject,
        options: &'a Options,
        base: Option<Base>,
        threads: rayon::ThreadPool,
    ) -> Self {
        let roads = match subject {
            Subject::Map(map) => of_map(map),
            Subject::Auction(auction) => of_auction(auction),
            Subject::Page { .. } => None,
        };
        Self { subject, options, roads, base, at_hand: OnceLock::new(), page: OnceLock::new(), threads }
    }

    /// The network with its hierarchy, for a job of its own; rows are shared.
    pub(super) fn network(&self) -> Option<ReadNetwork> {
        match self.subject {
            Subject::Map(map) => Some(ReadNetwork {
                network: map.read.network.clone(),
                hierarchy: map.read.hierarchy.clone(),
                counts: map.read.counts.clone(),
            }),
            Subject::Auction(auction) => auction.region.as_ref().map(|region| ReadNetwork {
                network: region.network.clone(),
                hierarchy: region.hierarchy.clone(),
                counts: region.counts.clone(),
            }),
            Subject::Page { .. } => None,
        }
    }

    /// The award at hand, or why there is none yet or at all.
    pub(super) fn award(&self) -> Result<&AwardAtHand<'a>, ApiError> {
        match (self.at_hand.get(), self.subject) {
            (Some(Ok(award)), _) => Ok(award),
            (Some(Err(why)), _) => Err(ApiError::new(StatusCode::CONFLICT, "NoAward", why.clone())),
            (None, Subject::Auction(_)) => Err(ApiError::busy("the award is being determined; ask again soon")),
            (None, Subject::Page { why, .. }) => Err(ApiError::new(StatusCode::CONFLICT, "ReadOnly", why.clone())),
            (None, Subject::Map(_)) => {
                Err(ApiError::new(StatusCode::CONFLICT, "NoAuction", "a map alone is served, no auction"))
            }
        }
    }
}

fn of_map(map: &ServedMap) -> Option<RoadService<'_>> {
    let conditions = Conditions {
        vehicles: &map.vehicles,
        closed_roads: &[],
        traffic: &map.traffic,
        turns: &map.turns,
        map: &map.snapping,
    };
    Some(RoadService::new(&map.read.network, map.read.hierarchy.as_ref()?, conditions))
}

fn of_auction(auction: &ServedAuction) -> Option<RoadService<'_>> {
    let (scenario, region) = (&auction.scenario, auction.region.as_ref()?);
    let conditions = Conditions {
        vehicles: &scenario.vehicles,
        closed_roads: &scenario.closed_roads,
        traffic: &scenario.settings.traffic,
        turns: &scenario.settings.turns,
        map: &scenario.settings.map,
    };
    Some(RoadService::new(&region.network, region.hierarchy.as_ref()?, conditions))
}
