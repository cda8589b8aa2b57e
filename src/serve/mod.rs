//! `ddu serve`: the report's page live, OSRM's services, and the stages as jobs, over HTTP.
//!
//! One thread talks ([`http`], [`app`]); others compute ([`pool`]): a few that answer routes, tables and questions, some
//! that do jobs ([`jobs`]), one that determines the award. They borrow one [`world::World`], which is never changed but
//! for what is computed once. Every answer comes from the functions behind the command line, so it is the same.

mod app;
mod error;
mod http;
mod jobs;
mod log;
mod openapi;
mod options;
mod osrm;
mod page;
mod pool;
mod start;
mod subject;
mod what_if;
mod world;

pub use log::{Log, RequestLine};
pub use options::Options;
pub use start::{ServeError, serve};
pub use subject::{RunInputs, ServedAuction, ServedMap, Subject};
