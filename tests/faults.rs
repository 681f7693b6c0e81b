//! Kills, losses of power, full disks, locks and clocks that jump: nothing that was told is lost, nothing is doubled, and
//! the daemon goes on by itself. The long runs are `#[ignore]`d; their samples are not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a test may fail loudly, and prints what it measured"
)]

mod support;

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use support::{Answer, Desk, Site, page, rss};

/// A site of `feeds` feeds with `count` articles each, every article with a total that all share and an attack of its own.
fn busy_site(count: u64, padding: usize) -> Site {
    Site::serve(move |seen| {
        let host = seen.header("host").unwrap();
        if let Some(feed) = seen.path.strip_prefix("/feed/") {
            let links: Vec<String> = (0..count).map(|n| format!("http://{host}/a/{feed}/{n}")).collect();
            return Answer::ok("application/rss+xml", rss(&links)).with("ETag", "\"1\"");
        }
        let Some((feed, number)) = seen.path.strip_prefix("/a/").and_then(|rest| rest.split_once('/')) else {
            return Answer::status(404);
        };
        sleep(Duration::from_millis(5));
        let (feed, number): (u64, u64) = (feed.parse().unwrap(), number.parse().unwrap());
        let day = 10 + number % 18;
        let (shared, own) = (400_000 + number * 1_000, 20 + feed * 200 + number);
        // Padding that does not compress lets a disk fill.
        let noise: String = (0..padding)
            .map(|n| format!("{:x} ", (feed * 7_919 + number * 104_729 + n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)))
            .collect::<Vec<_>>()
            .concat();
        let text = format!(
            "Russia has lost {shared} troops in Ukraine since the beginning of its full-scale invasion, Ukraine's General Staff said on March {day}.\n\n\
             Shelling of Kherson on March {day} killed {own} people, Governor Oleksandr Prokudin said, and the power was off in story {feed} of day {number}.\n\n{noise}"
        );
        Answer::ok("text/html", page(&format!("Day {number}"), &format!("2024-03-{day}T20:00:00Z"), &text))
    })
}

fn feeds(site: &Site, count: usize) -> Vec<(String, String)> {
    (0..count).map(|n| (format!("feed-{n}"), site.url(&format!("/feed/{n}")))).collect()
}

fn desk(feeds: &[(String, String)]) -> Desk {
    Desk::new(&feeds.iter().map(|(id, url)| (id.as_str(), url.clone())).collect::<Vec<_>>())
}

/// Puts the ledger elsewhere, with other lines in [store].
fn with_store(desk: &Desk, ledger: &Path, more: &str) {
    let config = std::fs::read_to_string(desk.path().join("tollwatch.toml")).unwrap();
    let (_, rest) = config.split_once("[http]").unwrap();
    std::fs::write(
        desk.path().join("tollwatch.toml"),
        format!("[store]\nurl = \"sqlite://{}\"\n{more}\n[http]{rest}", ledger.display()),
    )
    .unwrap();
}

/// Starts the daemon with its log at the end of a file.
fn logged(desk: &Desk, log: &Path) -> Child {
    let log = File::options().create(true).append(true).open(log).unwrap();
    desk.command(&["run", "--log-level", "debug"]).stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

fn lines(log: &Path) -> Vec<serde_json::Value> {
    // A kill may leave half a line.
    std::fs::read_to_string(log)
        .unwrap_or_default()
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

fn until(what: &str, limit: Duration, mut is_so: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < limit, "never: {what}");
        sleep(Duration::from_millis(100));
    }
    begun.elapsed()
}

fn stopped(mut daemon: Child) {
    assert!(Command::new("kill").args(["-TERM", &daemon.id().to_string()]).status().unwrap().success());
    assert!(daemon.wait().unwrap().success());
}

/// Kills the daemon again and again, and compares what it told and what it holds with a run that nobody disturbed.
fn killed(times: u64) {
    let (site, log) = (busy_site(12, 0), tempfile::NamedTempFile::new().unwrap());
    let feeds = feeds(&site, 6);
    let calm = desk(&feeds);
    assert_eq!(calm.run(&["once"]).code, 0);
    let stormy = desk(&feeds);
    let mut acknowledged = BTreeSet::new();
    let mut round = 0;
    let mut ledgers = 0;
    let mut previous: Option<Desk> = None;
    let mut current = stormy;
    while round < times {
        let mut daemon = logged(&current, log.path());
        // Moments that differ from round to round without a source of chance.
        sleep(Duration::from_millis(300 + (round * 137) % 900));
        daemon.kill().unwrap();
        daemon.wait().unwrap();
        round += 1;
        // Every forty kills the ledger is complete, checked, and a new one begun, so that there always is work to disturb.
        if round % 40 == 0 || round == times {
            let last = logged(&current, log.path());
            until("all changes are told", Duration::from_secs(60), || {
                let told: BTreeSet<i64> = lines(log.path()).iter().filter_map(|line| line["seq"].as_i64()).collect();
                let all = current.run(&["log", "--json"]);
                let held: BTreeSet<i64> = all
                    .stdout
                    .lines()
                    .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["seq"].as_i64().unwrap())
                    .collect();
                current.claims().len() == 84 && held.is_subset(&told)
            });
            stopped(last);
            for line in lines(log.path())
                .iter()
                .filter(|line| matches!(line["event"].as_str(), Some("claim.new" | "claim.step")))
            {
                acknowledged.insert(line["claim"].as_str().unwrap().to_owned());
            }
            let held: BTreeSet<String> =
                current.claims().iter().map(|claim| claim["id"].as_str().unwrap().to_owned()).collect();
            let lost: Vec<&String> = acknowledged.difference(&held).collect();
            assert_eq!(lost, Vec::<&String>::new(), "acknowledged claims that are lost");
            assert_eq!(current.claims(), calm.claims(), "lost or doubled");
            assert_eq!(current.run(&["verify"]).code, 0);
            ledgers += 1;
            std::fs::write(log.path(), "").unwrap();
            previous = Some(std::mem::replace(&mut current, desk(&feeds)));
        }
    }
    drop(previous);
    eprintln!(
        "{times} × kill -9 over {ledgers} ledgers: 0 of {} acknowledged claims lost, 0 doubled, every change logged",
        acknowledged.len()
    );
}

#[test]
fn ten_kills_lose_nothing_double_nothing_and_leave_nothing_untold() {
    killed(10);
}

#[test]
#[ignore = "takes a quarter of an hour"]
fn a_thousand_kills_lose_nothing_double_nothing_and_leave_nothing_untold() {
    killed(1_000);
}

/// Records a run and replays losses of power; tells how it ended and what it printed.
fn replayed(points: u32, tries: u32, ignore_syncs: bool) -> Option<(i32, String)> {
    let found = |tool: &str| {
        Command::new("sh").args(["-c", &format!("command -v {tool}")]).stdout(Stdio::null()).status().unwrap().success()
    };
    if !found("strace") || !found("python3") {
        assert!(std::env::var_os("CI").is_none(), "strace or python3 is missing");
        return None;
    }
    let site = busy_site(10, 0);
    let desk = desk(&feeds(&site, 3));
    std::fs::create_dir(desk.path().join("state")).unwrap();
    with_store(&desk, &desk.path().join("state/ledger.db"), "");
    let mut command = Command::new("python3");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crashreplay.py"));
    command.args(["--points", &points.to_string(), "--tries", &tries.to_string()]);
    command.args(ignore_syncs.then_some("--ignore-syncs"));
    command
        .arg(desk.path().join("state"))
        .args(["ledger.db", "--", env!("CARGO_BIN_EXE_tollwatch"), "once", "--log-format", "json", "--config"])
        .arg(desk.path());
    let output = command.output().unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    eprintln!("{}{told}", if ignore_syncs { "control, as with synchronous = OFF:\n" } else { "" });
    Some((output.status.code().unwrap(), told))
}

fn power_losses(points: u32, tries: u32) {
    let Some((code, told)) = replayed(points, tries, false) else { return };
    assert_eq!(code, 0, "{told}");
    assert!(told.contains(&format!("power: {} faults, {} survived", points * tries, points * tries)), "{told}");
    assert!(!told.contains("'ack': 0") && told.contains("'ack'"), "claims were acknowledged: {told}");
    let (code, told) = replayed(points, tries, true).unwrap();
    assert_eq!(code, 1, "the control must fail: {told}");
}

#[test]
fn a_loss_of_power_loses_nothing_that_was_told() {
    power_losses(30, 5);
}

#[test]
#[ignore = "takes minutes"]
fn a_thousand_losses_of_power_lose_nothing_that_was_told() {
    power_losses(200, 5);
}

/// A small disk of its own; none where nobody may mount one.
struct Disk(tempfile::TempDir);

impl Disk {
    fn of(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status();
        mounted.is_ok_and(|status| status.success()).then_some(Self(folder))
    }

    fn path(&self) -> PathBuf {
        self.0.path().to_owned()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg(self.0.path()).status().ok();
    }
}

/// Fills the disk of the ledger so that `room_kb` are left, lets the daemon run into it, and makes room again.
fn filled(room_kb: usize) {
    const DISK_KB: usize = 24_576;
    let Some(disk) = Disk::of(&format!("{DISK_KB}k")) else { return };
    let site = busy_site(16, 1_500);
    let desk = desk(&feeds(&site, 4));
    with_store(&desk, &disk.path().join("ledger.db"), "min_free = \"0 B\"");
    let filler = disk.path().join("filler");
    std::fs::write(&filler, vec![1_u8; (DISK_KB - room_kb) * 1_024]).unwrap();
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut daemon = logged(&desk, log.path());
    let count = |event: &str| {
        lines(log.path()).iter().filter(|line| line["event"] == event && line["level"] != "debug").count()
    };
    // Where not even a ledger fits, the daemon says so and ends; its manager starts it again.
    until("the disk is full", Duration::from_secs(60), || {
        count("store.error") > 0 || daemon.try_wait().unwrap().is_some()
    });
    sleep(Duration::from_millis(1_500));
    assert!(count("store.error") <= 1, "it is told once");
    std::fs::remove_file(&filler).unwrap();
    if daemon.try_wait().unwrap().is_some() {
        daemon = logged(&desk, log.path());
    }
    let recovered = until("all claims are there", Duration::from_secs(90), || {
        desk.run(&["claims", "--json"]).stdout.lines().count() == 16 + 4 * 16
    });
    stopped(daemon);
    let verified = desk.run(&["verify"]);
    assert_eq!(verified.code, 0, "{}", verified.stdout);
    eprintln!("{room_kb} kB left: full, then all claims within {:.1} s, nothing corrupt", recovered.as_secs_f64());
}

#[test]
fn a_full_disk_corrupts_nothing_and_the_daemon_goes_on_when_there_is_room() {
    filled(900);
}

#[test]
#[ignore = "takes minutes"]
fn a_disk_that_is_full_at_twenty_points_corrupts_nothing() {
    for point in 0..20 {
        filled(24 + point * 97);
    }
}

#[test]
fn nothing_is_polled_while_the_disk_is_nearly_full() {
    let site = busy_site(2, 0);
    let desk = desk(&feeds(&site, 1));
    with_store(&desk, &desk.ledger(), "min_free = \"1000000 GB\"");
    let log = tempfile::NamedTempFile::new().unwrap();
    let daemon = logged(&desk, log.path());
    until("it is told", Duration::from_secs(30), || lines(log.path()).iter().any(|line| line["event"] == "store.full"));
    sleep(Duration::from_millis(1_500));
    assert_eq!(site.seen.lock().unwrap().len(), 0);
    stopped(daemon);
    assert_eq!(lines(log.path()).iter().filter(|line| line["event"] == "store.full").count(), 1);
}

#[test]
fn a_ledger_that_another_program_holds_is_waited_for() {
    let site = busy_site(6, 0);
    let desk = desk(&feeds(&site, 2));
    assert_eq!(desk.run(&["claims"]).code, 0);
    let log = tempfile::NamedTempFile::new().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let daemon = runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(desk.ledger());
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        let mut held = pool.acquire().await.unwrap();
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut *held).await.unwrap();
        let daemon = logged(&desk, log.path());
        tokio::time::sleep(Duration::from_secs(4)).await;
        sqlx::raw_sql("ROLLBACK").execute(&mut *held).await.unwrap();
        daemon
    });
    until("all claims are there", Duration::from_secs(60), || desk.claims().len() == 6 + 12);
    stopped(daemon);
    assert!(!lines(log.path()).iter().any(|line| line["event"] == "store.error"));
}

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
        let settings = tollwatch::fetch::Settings {
            contact: "test".to_owned(),
            timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
            max_body: 1_000_000,
            concurrency: 8,
            per_host: 8,
            per_host_delay: Duration::ZERO,
            max_redirects: 5,
            robots: false,
            allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
            proxy: None,
        };
        let world = tollwatch::poll::World {
            fetcher: tollwatch::fetch::Fetcher::new(settings).unwrap(),
            store: store.clone(),
            extractor: Arc::new(tollwatch::extract::Extractor::new(&config.languages, &config.conflicts)),
            interval: Duration::from_secs(1),
            max_interval: Duration::from_secs(43_200),
            reread: Vec::new().into(),
            announce: Arc::new(|_| {}),
            keep_requests: Duration::from_secs(3_600),
            weather: tollwatch::poll::Weather::default(),
        };
        let (stop, stopped) = tollwatch::daemon::signal_channel();
        let daemon = tollwatch::daemon::Daemon {
            world,
            sources: config.sources.clone(),
            slots: 8,
            min_free: 0,
            keep_bodies: None,
            clock,
            notifier: tollwatch::daemon::Notifier::default(),
            vitals: tollwatch::telemetry::Vitals::default(),
            log: None,
            pages: None,
            reload: Arc::new(|| Err("nothing".to_owned())),
        };
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
