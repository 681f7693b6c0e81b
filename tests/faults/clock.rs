//! A clock that is set while the daemon runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::inside::daemon;
use crate::{busy_site, desk, feeds};

/// What the clock of the next test shows beside the time.
static SET_BY_S: AtomicI64 = AtomicI64::new(0);

fn clock() -> Timestamp {
    #[allow(clippy::disallowed_methods, reason = "a test is a process")]
    let now = Timestamp::now();
    now + SignedDuration::from_secs(SET_BY_S.load(Ordering::Relaxed))
}

#[test]
fn polls_go_on_when_the_clock_is_set() {
    let site = busy_site(0, 0);
    let desk = desk(&feeds(&site, 3));
    let config = tollwatch::config::Config::load(Some(desk.path()), None).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let store = tollwatch::store::Store::open(&format!("sqlite://{}", desk.ledger().display())).await.unwrap();
        let (stop, stopped) = tollwatch::daemon::signal_channel();
        let reload = Arc::new(|| Err("nothing".to_owned()));
        let daemon = daemon(&config, store.clone(), clock, reload);
        let watching = daemon.run(stopped);
        let setting = async {
            for jump_s in [0, 2 * 86_400, -3 * 86_400] {
                SET_BY_S.fetch_add(jump_s, Ordering::Relaxed);
                let before = site.seen.lock().unwrap().len();
                let begun = Instant::now();
                while site.seen.lock().unwrap().len() < before + 9 {
                    assert!(begun.elapsed() < Duration::from_secs(40), "after {jump_s} s nobody polls");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                eprintln!("clock set by {jump_s} s: nine polls within {:.1} s", begun.elapsed().as_secs_f64());
            }
            stop.send(tollwatch::daemon::Signal::Stop).await.unwrap();
        };
        let (ended, ()) = tokio::join!(watching, setting);
        assert!(ended.unwrap().polls >= 27);
    });
}
