//! A reload that is asked for while another is under way.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tollwatch::config::Config;
use tollwatch::daemon::{Signal, signal_channel};
use tollwatch::store::Store;

use crate::inside::daemon;
use crate::{busy_site, desk, feeds};

fn clock() -> Timestamp {
    #[allow(clippy::disallowed_methods, reason = "a test is a process")]
    Timestamp::now()
}

#[test]
fn files_that_change_behind_a_reading_are_read_once_more() {
    let site = busy_site(0, 0);
    let desk = desk(&feeds(&site, 1));
    let config = Config::load(Some(desk.path()), None).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (began, begun) = channel();
    let (go_on, wait) = sync_channel::<()>(8);
    let (readings, wait) = (Arc::new(AtomicUsize::new(0)), Mutex::new(wait));
    let count = readings.clone();
    let reload = Arc::new(move || {
        count.fetch_add(1, Ordering::SeqCst);
        began.send(()).unwrap();
        wait.lock().unwrap().recv().unwrap();
        Err("of no interest".to_owned())
    });
    runtime.block_on(async {
        let store = Store::open(&format!("sqlite://{}", desk.ledger().display())).await.unwrap();
        let (signal, signals) = signal_channel();
        let asking = async {
            signal.send(Signal::Reload).await.unwrap();
            let first = tokio::task::spawn_blocking(move || {
                begun.recv_timeout(Duration::from_secs(30)).unwrap();
                begun
            });
            let begun = first.await.unwrap();
            // The first reading has the files already; these two want what stands there now, in one reading.
            signal.send(Signal::Reload).await.unwrap();
            signal.send(Signal::Reload).await.unwrap();
            while signal.capacity() < signal.max_capacity() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            for _ in 0..3 {
                go_on.send(()).unwrap();
            }
            let second =
                tokio::task::spawn_blocking(move || begun.recv_timeout(Duration::from_secs(30)).map(|()| begun));
            let begun = second.await.unwrap().expect("it is read once more");
            let third = tokio::task::spawn_blocking(move || begun.recv_timeout(Duration::from_secs(1)).is_ok());
            assert!(!third.await.unwrap(), "and not again");
            signal.send(Signal::Stop).await.unwrap();
        };
        let (ended, ()) = tokio::join!(daemon(&config, store, clock, reload).run(signals), asking);
        ended.unwrap();
    });
    assert_eq!(readings.load(Ordering::SeqCst), 2);
}
