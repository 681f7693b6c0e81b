//! What servers send fits into the memory of the daemon: many at the same moment, or one that means harm.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]
#![allow(unreachable_pub, reason = "a test is no library")]

mod street;
mod support;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::{Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use street::Street;
use support::tollwatch;

/// Servers, and the megabytes that each sends at once, just below `max_body`.
const SERVERS: usize = 40;
const MEGABYTES: usize = 9;

/// The most memory that a process ever had, in MB; none if it has ended.
fn peak_mb(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? / 1_024)
}

/// Runs this command to its end: how it ended, and the most memory that it ever had, in MB.
fn run(command: &mut Command) -> (ExitStatus, u64) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut peak = 0;
    loop {
        peak = peak.max(peak_mb(child.id()).unwrap_or(0));
        if let Some(ended) = child.try_wait().unwrap() {
            return (ended, peak);
        }
        sleep(Duration::from_millis(5));
    }
}

#[test]
fn forty_bodies_of_nine_megabytes_do_not_add_up() {
    let street = Street::open(SERVERS, |_, _, stream| {
        let head = format!("HTTP/1.1 200 X\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", MEGABYTES << 20);
        drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&vec![b'x'; MEGABYTES << 20])));
    });
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledger.db");
    let main = format!(
        "[store]\nurl = \"sqlite://{}\"\n[http]\ntimeout = \"5m\"\nallow_networks = [\"127.0.0.0/8\"]\n",
        ledger.display()
    );
    fs::write(folder.path().join("tollwatch.toml"), main).unwrap();
    fs::create_dir(folder.path().join("sources")).unwrap();
    let mut sources = String::new();
    for house in 0..SERVERS {
        let feed = street.url(house, "/feed");
        writeln!(sources, "[[source]]\nid = \"house-{house}\"\nname = \"House {house}\"\nfeed = \"{feed}\"").unwrap();
    }
    fs::write(folder.path().join("sources/all.toml"), sources).unwrap();
    let (ended, peak) = run(tollwatch(&["once", "--config"]).arg(folder.path()));
    assert_eq!(ended.code(), Some(4), "no source gave a feed");
    assert!((0..SERVERS).all(|house| street.asked(house).len() == 1));
    // All forty at once would be 360 MB as sent, beside what reading them takes; four at once are 36.
    assert!(peak < 400, "{peak} MB");
}

#[test]
fn a_megabyte_of_brackets_is_a_page_like_another() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    for end in ["", "<p>"] {
        let head = format!("<html><head><meta charset=\"utf-8\"><title>x</title></head>{end}");
        fs::write(&page, head + &"<".repeat(1 << 20)).unwrap();
        let (ended, peak) = run(tollwatch(&["article", "--json"]).arg(&page));
        assert!(ended.success());
        assert!(peak < 200, "{peak} MB");
    }
}
