//! The loop itself: one turn hands out what is due and waits for what comes first.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::Receiver;
use tokio::task::{Id, JoinSet};
use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::{error, info, warn};

use crate::daemon::beside::Beside;
use crate::daemon::clockwork::Clockwork;
use crate::daemon::plan::{START_WITHIN, enabled, planned};
use crate::daemon::pruning::{self, Pruning};
use crate::daemon::room::Room;
use crate::daemon::{Daemon, DaemonError, LAST_PATIENCE, Notifier, PATIENCE, Reloaded, Signal, Summary};
use crate::model::{Source, SourceId};
use crate::poll::{self, Report, World};
use crate::schedule::{Schedule, later};
use crate::store::StoreError;

/// How long a source waits at most after the ledger failed under its poll.
const LEDGER_WAIT: Duration = Duration::from_secs(30);
/// How often it is looked whether there is room again.
const ROOM_LOOK: Duration = Duration::from_secs(1);
/// How often the ledger is asked for a sign of life, and the silence after which the watchdog gets none either.
const BEAT: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_secs(60);

/// What makes the loop turn.
enum Event {
    /// Some source is due, or it is time to look around.
    Due,
    /// Some work ended; nothing if it panicked.
    Done(Id, Option<Done>),
    /// The operator wants something.
    Signal(Signal),
    /// Something ended that runs beside the loop.
    Ended(&'static str, std::io::Result<()>),
}

/// Work that ended.
enum Done {
    Polled(Result<Report, StoreError>),
    Beat(Result<(), StoreError>),
    Pruned(Result<u64, StoreError>),
    Reread(Box<Result<Reloaded, String>>),
}

/// Whether the configuration is being read.
#[derive(PartialEq, Eq)]
enum Rereading {
    No,
    Yes,
    /// Yes, and once more after that: files may have changed behind it.
    Again,
}

struct Loop {
    daemon: Daemon,
    sources: BTreeMap<SourceId, Source>,
    schedule: Schedule,
    works: JoinSet<Done>,
    polls: HashMap<Id, SourceId>,
    failing: BTreeSet<SourceId>,
    beside: Beside,
    room: Room,
    clockwork: Clockwork,
    pruning: Pruning,
    /// When the ledger was last asked for a sign of life, and when it last answered, well or not.
    asked: Option<Instant>,
    answered: Instant,
    rereading: Rereading,
    summary: Summary,
}

/// Runs until told to stop.
pub(super) async fn run(daemon: Daemon, mut signals: Receiver<Signal>) -> Result<Summary, DaemonError> {
    let mut running = Loop::new(daemon);
    running.schedule = planned(&running.daemon.world, &running.sources, running.now()).await?;
    // A request that waited for the start is answered as after it.
    running.daemon.vitals.change(|pulse| pulse.started = Some((running.daemon.clock)()));
    running.beside.begin(&mut running.daemon).await?;
    Notifier::ready();
    let ended = loop {
        running.hand_out();
        running.show();
        match running.next_event(&mut signals).await {
            Event::Due => {}
            Event::Done(id, done) => running.take_back(id, done).await,
            Event::Signal(Signal::Reload) => running.reread(),
            Event::Signal(Signal::Stop) => break Ok(running.summary),
            Event::Ended(what, result) => {
                let unasked = || std::io::Error::other("nobody had asked it to");
                break Err(DaemonError::Ended { what, source: result.err().unwrap_or_else(unasked) });
            }
        }
    };
    Notifier::stopping();
    running.finish().await;
    ended.map(|_| running.summary)
}

impl Loop {
    fn new(mut daemon: Daemon) -> Self {
        let beside = Beside::new();
        if daemon.log.is_some() {
            daemon.world.announce = beside.telling();
        }
        Self {
            sources: enabled(std::mem::take(&mut daemon.sources)),
            clockwork: Clockwork::new((daemon.clock)(), Instant::now()),
            pruning: Pruning::new(Instant::now()),
            daemon,
            schedule: Schedule::new(),
            works: JoinSet::new(),
            polls: HashMap::new(),
            failing: BTreeSet::new(),
            beside,
            room: Room::default(),
            asked: None,
            answered: Instant::now(),
            rereading: Rereading::No,
            summary: Summary::default(),
        }
    }

    fn now(&self) -> Timestamp {
        (self.daemon.clock)()
    }

    fn hand_out(&mut self) {
        let now = self.now();
        self.mind_the_clock(now);
        let free_bytes = self.daemon.world.store.free_bytes();
        self.room.measure(free_bytes, self.daemon.min_free);
        self.daemon.vitals.change(|pulse| pulse.free_bytes = free_bytes);
        self.prune(now);
        let free = self.room.slots(self.daemon.slots).saturating_sub(self.polls.len());
        for id in self.schedule.take_due(now, free) {
            let Some(source) = self.sources.get(&id).cloned() else { continue };
            let world = self.daemon.world.clone();
            let task = self.works.spawn(async move { Done::Polled(poll::turn(&world, &source, now).await) });
            self.polls.insert(task.id(), id);
        }
        if self.asked.is_none_or(|asked| asked.elapsed() >= BEAT && asked <= self.answered) {
            self.asked = Some(Instant::now());
            let store = self.daemon.world.store.clone();
            self.works.spawn(async move { Done::Beat(store.heartbeat().await) });
        }
    }

    /// Drops some of the raw bodies that are old enough, when it is the moment for it.
    fn prune(&mut self, now: Timestamp) {
        let Some(kept) = self.daemon.keep_bodies.and_then(|kept| SignedDuration::try_from(kept).ok()) else { return };
        if !self.pruning.begin(Instant::now(), self.polls.is_empty()) {
            return;
        }
        let store = self.daemon.world.store.clone();
        let before = now.saturating_sub(kept).unwrap_or(Timestamp::MIN);
        self.works.spawn(async move { Done::Pruned(store.prune_bodies(before, pruning::AT_ONCE, now).await) });
    }

    /// A clock that was set back makes every wait longer; one that was set on, as after a sleep, makes sources due all at
    /// once.
    fn mind_the_clock(&mut self, now: Timestamp) {
        let Some(jump) = self.clockwork.jump(now, Instant::now()) else { return };
        if jump.is_negative() {
            self.schedule.shift(jump);
        } else {
            self.schedule.spread_out(now, self.daemon.world.interval.min(START_WITHIN));
        }
        warn!(event = "clock.jumped", seconds = jump.as_secs(), "the clock was set; polls go on");
    }

    async fn next_event(&mut self, signals: &mut Receiver<Signal>) -> Event {
        let wait = self.wait();
        tokio::select! {
            signal = signals.recv() => Event::Signal(signal.unwrap_or(Signal::Stop)),
            Some(done) = self.works.join_next_with_id(), if !self.works.is_empty() => match done {
                Ok((id, done)) => Event::Done(id, Some(done)),
                Err(failure) => {
                    error!(event = "poll.panicked", reason = %failure, "some work was broken off; it is done again");
                    Event::Done(failure.id(), None)
                }
            },
            (what, result) = self.beside.ended() => Event::Ended(what, result),
            () = sleep_until(Instant::now() + wait) => Event::Due,
        }
    }

    /// Until the next source is due, and not longer than it takes to look around.
    fn wait(&self) -> Duration {
        let longest = self.daemon.notifier.interval();
        match self.room.slots(self.daemon.slots) {
            0 => return longest.min(ROOM_LOOK),
            // A poll that ends wakes the loop.
            slots if slots <= self.polls.len() => return longest,
            _ => {}
        }
        let now = self.now();
        let until = self.schedule.next().map(|due| due.duration_since(now)).unwrap_or(SignedDuration::MAX);
        Duration::try_from(until).unwrap_or(Duration::ZERO).clamp(Duration::from_millis(1), longest)
    }

    async fn take_back(&mut self, id: Id, done: Option<Done>) {
        let source = self.polls.remove(&id);
        match (done, source) {
            (Some(Done::Polled(result)), Some(source)) => self.polled(source, result),
            (Some(Done::Beat(result)), _) => {
                self.answered = Instant::now();
                self.room.beat(result.is_ok());
                if result.is_ok() {
                    let now = self.now();
                    self.daemon.vitals.change(|pulse| pulse.last_beat = Some(now));
                }
            }
            (Some(Done::Pruned(result)), _) => self.pruning.ended(Instant::now(), result),
            (Some(Done::Reread(result)), _) => self.take_over(*result).await,
            (None, Some(source)) => {
                let due = later(self.now(), LEDGER_WAIT);
                self.schedule.set(source, due);
            }
            (None, None) => {
                self.answered = Instant::now();
                self.pruning.broken_off(Instant::now());
                self.reread_once_more();
            }
            (Some(Done::Polled(_)), None) => {}
        }
    }

    fn polled(&mut self, source: SourceId, result: Result<Report, StoreError>) {
        let now = self.now();
        self.daemon.vitals.change(|pulse| pulse.last_poll = Some(now));
        let report = match result {
            Ok(report) => report,
            Err(failure) => {
                self.summary.failures += 1;
                self.room.failed(source.as_str(), &failure);
                let wait = self.sources.get(&source).and_then(|source| source.interval);
                self.schedule.set(source, later(now, wait.unwrap_or(self.daemon.world.interval).min(LEDGER_WAIT)));
                return;
            }
        };
        self.room.worked();
        self.summary.polls += u64::from(!report.is_failure());
        self.summary.failures += u64::from(report.is_failure());
        self.summary.new_claims += report.new_claims as u64;
        let articles = report.articles as u64;
        self.daemon.vitals.change(|pulse| pulse.articles += articles);
        tracing::debug!(
            event = "poll.done",
            source = report.source.as_str(),
            entries = report.entries,
            articles,
            new = report.new_claims,
            seen = report.seen_claims,
            "polled"
        );
        if report.is_failure() {
            self.failing.insert(source.clone());
        } else {
            self.failing.remove(&source);
        }
        match report.next_due.filter(|_| self.sources.contains_key(&source)) {
            Some(due) => self.schedule.set(source, due),
            // It is gone for good.
            None => self.schedule.remove(&source),
        }
    }

    /// Reads the configuration again, beside the loop, one reading at a time.
    fn reread(&mut self) {
        Notifier::reloading();
        if std::mem::replace(&mut self.rereading, Rereading::Again) == Rereading::No {
            self.reread_now();
        }
    }

    fn reread_now(&mut self) {
        self.rereading = Rereading::Yes;
        let reload = self.daemon.reload.clone();
        self.works.spawn_blocking(move || Done::Reread(Box::new(reload())));
    }

    /// After a reading: the next one, if it was asked for in the meantime.
    fn reread_once_more(&mut self) {
        if std::mem::replace(&mut self.rereading, Rereading::No) == Rereading::Again {
            self.reread_now();
        } else {
            Notifier::ready();
        }
    }

    /// Takes a new configuration over as a whole, or not at all. Polls in flight end with the old one.
    async fn take_over(&mut self, result: Result<Reloaded, String>) {
        match self.adopted(result).await {
            Ok(changes) => {
                let changes = if changes.is_empty() { "nothing changed".to_owned() } else { changes.join("; ") };
                info!(event = "config.reloaded", sources = self.sources.len(), "{changes}");
            }
            Err(reason) => error!(event = "config.rejected", reason, "the configuration in use stays"),
        }
        self.reread_once_more();
    }

    async fn adopted(&mut self, result: Result<Reloaded, String>) -> Result<Vec<String>, String> {
        let reloaded = result?;
        let sources = enabled(reloaded.sources);
        let mut schedule = planned(&reloaded.world, &sources, self.now()).await.map_err(|error| error.to_string())?;
        let lease = later(self.now(), crate::schedule::LEASE);
        for source in self.polls.values().filter(|source| sources.contains_key(*source)) {
            // It is being polled; its report says when it is due again.
            schedule.set(source.clone(), lease);
        }
        self.failing.retain(|source| sources.contains_key(source));
        let swapped = self.beside.swap_outputs(&reloaded.world.store, reloaded.outputs).await;
        swapped.map_err(|error| error.to_string())?;
        let weather = self.daemon.world.weather.clone();
        (self.daemon.world, self.sources, self.schedule) = (World { weather, ..reloaded.world }, sources, schedule);
        if self.daemon.log.is_some() {
            self.daemon.world.announce = self.beside.telling();
        }
        Ok(reloaded.changes)
    }

    /// Shows how things are: to systemd, and to whoever asks the pages.
    fn show(&mut self) {
        let (summary, trouble) = (self.summary, self.room.trouble());
        let (sources, failing, in_flight) = (self.sources.len(), self.failing.len(), self.polls.len());
        self.daemon.vitals.change(|pulse| {
            (pulse.sources, pulse.failing, pulse.in_flight) = (sources, failing, in_flight);
            (pulse.polls, pulse.failures, pulse.new_claims) = (summary.polls, summary.failures, summary.new_claims);
            pulse.paused.clone_from(&trouble);
        });
        let mut text = format!("{sources} sources, {failing} failing; {} new claims", summary.new_claims);
        if let Some(last) = self.daemon.vitals.look().last_poll {
            write!(text, "; last poll {}", last.strftime("%Y-%m-%d %H:%M UTC")).ok();
        }
        if let Some(trouble) = trouble {
            text = format!("not polling: {trouble}; {text}");
        }
        self.daemon.notifier.status(text);
        if self.answered.elapsed() < SILENCE {
            self.daemon.notifier.alive(Instant::now());
        }
    }

    /// Lets polls in flight end within the patience, and what they left be logged; what is broken off is read again
    /// after the next start.
    async fn finish(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while let Ok(Some(done)) = timeout_at(deadline, self.works.join_next_with_id()).await {
            if let Ok((id, Done::Polled(result))) = done
                && let Some(source) = self.polls.remove(&id)
            {
                self.polled(source, result);
            }
        }
        self.works.abort_all();
        self.beside.stop_all();
        let deadline = Instant::now() + LAST_PATIENCE;
        // What is broken off gives back what it holds of the ledger.
        while let Ok(Some(_)) = timeout_at(deadline, self.works.join_next()).await {}
        self.beside.finish(deadline).await;
    }
}
