//! What runs beside the loop: the log of the changes, the outputs, the pages.

use std::io;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::daemon::announcer::Announcer;
use crate::daemon::outbox::Outbox;
use crate::daemon::{Daemon, Stop};
use crate::output::Output;
use crate::store::{Store, StoreError};
use crate::view::LogEntry;

/// The tasks beside the loop.
pub(super) struct Beside {
    tasks: JoinSet<(&'static str, io::Result<()>)>,
    stop: watch::Sender<bool>,
    /// Told of every change that comes into the ledger.
    news: watch::Sender<()>,
    /// Takes the outputs of a new configuration.
    outbox: Option<mpsc::Sender<Vec<Output>>>,
}

impl Beside {
    pub(super) fn new() -> Self {
        Self { tasks: JoinSet::new(), stop: watch::Sender::new(false), news: watch::Sender::new(()), outbox: None }
    }

    /// Starts them. What the first polls change is for the outputs already.
    pub(super) async fn begin(&mut self, daemon: &mut Daemon) -> Result<(), StoreError> {
        let store = &daemon.world.store;
        if let Some(log) = &daemon.log {
            let announcer = Announcer::new(store.clone(), log.clone(), self.news.subscribe(), daemon.clock).await?;
            let stop = self.stop();
            self.tasks.spawn(async move {
                announcer.run(stop).await;
                ("the log of changes", Ok(()))
            });
        }
        let outputs = std::mem::take(&mut daemon.outputs);
        for output in &outputs {
            output.begin(store).await?;
        }
        let (sender, others) = mpsc::channel(1);
        self.outbox = Some(sender);
        let outbox = Outbox { store: store.clone(), clock: daemon.clock, news: self.news.subscribe(), others };
        let stop = self.stop();
        self.tasks.spawn(async move {
            outbox.run(outputs, stop).await;
            ("the outputs", Ok(()))
        });
        if let Some((pages, listener)) = daemon.pages.take() {
            let stop = self.stop();
            self.tasks.spawn(async move { ("the server of the pages", pages.serve(listener, stop.wait()).await) });
        }
        Ok(())
    }

    fn stop(&self) -> Stop {
        Stop(self.stop.subscribe())
    }

    /// Points the log and the outputs to the ledger instead of to a single change: so they keep their order.
    pub(super) fn telling(&self) -> Arc<dyn Fn(&LogEntry) + Send + Sync> {
        let news = self.news.clone();
        Arc::new(move |_| {
            news.send_replace(());
        })
    }

    /// Lets new outputs take the place of the old ones. Whoever reads the configuration again may have cured what made one
    /// fail, so that each is tried at once.
    pub(super) async fn swap_outputs(&self, store: &Store, outputs: Vec<Output>) -> Result<(), StoreError> {
        for output in &outputs {
            output.begin(store).await?;
            store.retry_output(output.id()).await?;
        }
        if let Some(outbox) = &self.outbox {
            // Nobody takes them only when everything ends.
            outbox.send(outputs).await.ok();
        }
        Ok(())
    }

    /// Waits until one of them ends by itself, and tells which.
    pub(super) async fn ended(&mut self) -> (&'static str, io::Result<()>) {
        match self.tasks.join_next().await {
            Some(Ok(ended)) => ended,
            Some(Err(failure)) => ("a part of the daemon", Err(io::Error::other(failure))),
            None => std::future::pending().await,
        }
    }

    /// Tells them to come to their end.
    pub(super) fn stop_all(&self) {
        self.stop.send_replace(true);
    }

    /// Waits for their end, and breaks off what does not come to it in time.
    pub(super) async fn finish(&mut self, deadline: Instant) {
        while let Ok(Some(_)) = timeout_at(deadline, self.tasks.join_next()).await {}
        self.tasks.abort_all();
    }
}
