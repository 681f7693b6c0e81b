//! What many servers send at the same moment fits into the memory of the daemon.
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
use std::process::Stdio;
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
    let mut child = tollwatch(&["once", "--config"])
        .arg(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut peak = 0;
    let ended = loop {
        peak = peak.max(peak_mb(child.id()).unwrap_or(0));
        match child.try_wait().unwrap() {
            Some(ended) => break ended,
            None => sleep(Duration::from_millis(5)),
        }
    };
    assert_eq!(ended.code(), Some(4), "no source gave a feed");
    assert!((0..SERVERS).all(|house| street.asked(house).len() == 1));
    // All forty at once would be 360 MB as sent, beside what reading them takes; four at once are 36.
    assert!(peak < 400, "{peak} MB");
}
