//! Kills, losses of power, full disks, locks, dead networks and clocks that jump: nothing that was told is lost, nothing is
//! doubled, and the daemon goes on by itself. The long runs are `#[ignore]`d, with how to run them; their samples are not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a test may fail loudly, and prints what it measured"
)]

#[path = "../support/mod.rs"]
mod support;

mod clock;
mod disk;
mod inside;
mod kills;
mod locks;
mod power;
mod reload;

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

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
    // A kill may leave half a line, and half a character.
    String::from_utf8_lossy(&std::fs::read(log).unwrap_or_default())
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
