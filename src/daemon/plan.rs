//! When the sources of a configuration are due, and which of them are polled at all.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::{Source, SourceHealth, SourceId};
use crate::poll::World;
use crate::schedule::{Schedule, later, spread};
use crate::store::StoreError;

/// Within how much time sources start that have no time of their own, or lost it.
pub(super) const START_WITHIN: Duration = Duration::from_secs(60);

/// When each source is due: as the ledger remembers, so that a restart asks nobody twice; new ones spread out.
pub(super) async fn planned(
    world: &World,
    sources: &BTreeMap<SourceId, Source>,
    now: Timestamp,
) -> Result<Schedule, StoreError> {
    let mut schedule = Schedule::new();
    for source in sources.values() {
        let state = world.store.source_state(&source.id).await?;
        let same_feed = state.feed.as_ref() == Some(&source.feed);
        if state.health == SourceHealth::Gone && same_feed {
            continue;
        }
        let interval = source.interval.unwrap_or(world.interval);
        // A clock that was set back must not keep a source waiting for ever.
        let latest = later(now, world.max_interval.max(interval));
        let from_the_future = state.last_poll.is_some_and(|poll| poll > now);
        let fresh = || later(now, spread(&source.id, interval.min(START_WITHIN)));
        let known = state.next_due.filter(|_| same_feed && !from_the_future);
        schedule.set(source.id.clone(), known.map_or_else(fresh, |due| due.min(latest)));
    }
    Ok(schedule)
}

/// The sources that are polled, by their ids.
pub(super) fn enabled(sources: Vec<Source>) -> BTreeMap<SourceId, Source> {
    sources.into_iter().filter(|source| source.enabled).map(|source| (source.id.clone(), source)).collect()
}
