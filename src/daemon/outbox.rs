//! The outputs beside the loop: each goes at its own pace, so that a slow or dead one holds up neither polls nor another.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::{debug, error};

use crate::daemon::Stop;
use crate::output::{Output, Turn};
use crate::store::Store;

/// How long a change waits at most that nobody pointed to, such as one of another process; and a person who wants an
/// output to be tried again.
const LOOK: Duration = Duration::from_secs(5);
/// How long a delivery may still take when it is time to end; one that is broken off is made again.
const GRACE: Duration = Duration::from_secs(1);

/// The outputs of a run.
pub(super) struct Outbox {
    pub(super) store: Store,
    pub(super) clock: fn() -> Timestamp,
    /// Changes when there are new changes.
    pub(super) news: watch::Receiver<()>,
    /// The outputs of a configuration that was read again.
    pub(super) others: mpsc::Receiver<Vec<Output>>,
}

impl Outbox {
    /// Delivers to these outputs, or to those that take their place, until the end.
    pub(super) async fn run(mut self, mut outputs: Vec<Output>, stop: Stop) {
        let mut stopping = std::pin::pin!(stop.wait());
        loop {
            let end = watch::Sender::new(false);
            let mut couriers = JoinSet::new();
            for output in outputs {
                let courier = Courier { store: self.store.clone(), clock: self.clock, news: self.news.clone(), output };
                couriers.spawn(courier.run(Stop(end.subscribe())));
            }
            let others = tokio::select! {
                others = self.others.recv() => others,
                () = &mut stopping => None,
            };
            end.send_replace(true);
            while let Some(ended) = couriers.join_next().await {
                if let Err(failure) = ended {
                    error!(event = "output.panicked", reason = %failure, "an output was broken off; what it was to deliver is delivered later");
                }
            }
            let Some(others) = others else { return };
            outputs = others;
        }
    }
}

/// One output at its own pace.
struct Courier {
    store: Store,
    clock: fn() -> Timestamp,
    news: watch::Receiver<()>,
    output: Output,
}

impl Courier {
    async fn run(mut self, stop: Stop) {
        let mut stopping = std::pin::pin!(stop.clone().wait());
        let mut over = std::pin::pin!(async {
            stop.wait().await;
            sleep(GRACE).await;
        });
        loop {
            self.news.mark_unchanged();
            let turn = tokio::select! {
                turn = self.output.turn(&self.store, (self.clock)()) => turn,
                () = &mut over => return,
            };
            let is_idle = matches!(turn, Ok(Turn::Idle));
            let pause = match turn {
                Ok(Turn::More) => Duration::ZERO,
                Ok(Turn::Idle) => LOOK,
                Ok(Turn::Wait(wait)) => wait.min(LOOK),
                Err(failure) => {
                    // The polls meet the same failure and say so; nothing is lost.
                    debug!(event = "output.waits", output = self.output.id().as_str(), reason = %failure, "the ledger failed");
                    LOOK
                }
            };
            tokio::select! {
                biased;
                () = &mut stopping => return,
                Ok(()) = self.news.changed(), if is_idle => {}
                () = sleep(pause) => {}
            }
        }
    }
}
