//! Whatever a server does, it is asked no more often than it may be: counted in its own log.

use std::time::Duration;

use tollwatch::fetch::Settings;

use crate::bench::{Bench, settings, start};
use crate::street::Street;
use crate::street::rude::{Manners, WAYS};

/// For how long the clock runs.
const SPAN: i64 = 86_400;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rude_server_gets_no_more_requests_than_it_may() {
    let street = Street::open(WAYS.len(), |house, ask, stream| (WAYS[house].answer)(ask, stream));
    let street = std::sync::Arc::new(street);
    let mut polls = tokio::task::JoinSet::new();
    for (house, way) in WAYS.iter().enumerate() {
        let feed = street.url(house, "/feed");
        polls.spawn(async move {
            // Patience for a machine that does much beside it, but not for those who say nothing at all.
            let settings = Settings { timeout: Duration::from_secs(2), ..settings() };
            let mut bench = Bench::with(&feed, settings).await;
            let mut now = 0;
            while now <= SPAN {
                bench.turn(now).await;
                let Some(due) = bench.state().await.next_due else { break };
                let next = due.as_second() - start().as_second();
                assert!(next > now, "{}", way.name);
                now = next;
                // Waits in memory go by another clock; those in the ledger must do.
                if matches!(way.manners, Manners::Wait(_) | Manners::Refusal) {
                    bench.restart().await;
                }
            }
        });
    }
    while let Some(done) = polls.join_next().await {
        done.unwrap();
    }
    for (house, way) in WAYS.iter().enumerate() {
        let asked = street.asked(house).len();
        let most = way.manners.most(u64::try_from(SPAN).unwrap(), 900, 12 * 3_600);
        assert!(asked <= most, "{}: asked {asked} times, allowed {most}", way.name);
        // Nor is it given up.
        assert!(asked * 20 >= most, "{}: asked {asked} times, allowed {most}", way.name);
    }
}
