//! tollwatch reads the news and keeps a ledger of who claims how many people a war killed, wounded, captured or left
//! missing.
//!
//! The flow: a [`feed`] announces articles, [`scrape`] reads them, [`extract`] finds the claims, [`ledger`] says what
//! is new about them, and [`view`] gives them their outer shape.
//!
//! The ladder: a module uses only the rungs above its own; `tests/tidy.rs` holds it to that.

// 0 the words
pub mod model;

// 1 the stages: pure, no disk, no network, no clock
pub mod dates;
pub mod extract;
pub mod feed;
pub mod ledger;
pub mod schedule;
pub mod scrape;
pub mod view;

// 2 the world: each alone may touch disk, net, database or log
pub mod config;
pub mod fetch;
pub mod store;
pub mod telemetry;

// 3 the work: stages and world together, once
pub mod output;
pub mod poll;
pub mod web;

// 4 the process
pub mod daemon;

// 5 the hand
pub mod cli;
