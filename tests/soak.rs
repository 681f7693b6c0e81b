//! Five hundred sources on one machine, a fifth of them rude in every known way: the others are polled on time.
//!
//! `cargo test --release --test soak -- --ignored --nocapture` goes on for an hour and prints what it measures;
//! `TOLLWATCH_SOAK_SECONDS` sets another time, `TOLLWATCH_BINARY` another program.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a test may fail loudly"
)]
#![allow(clippy::disallowed_methods, reason = "the time is for the person who runs the test")]
#![allow(clippy::print_stdout, reason = "figures for the person who runs the test")]
#![allow(unreachable_pub, clippy::string_slice, reason = "a test is no library")]

mod street;
mod support;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use street::Street;
use street::rude::WAYS;
use support::{page, rss};

/// How a run is set up.
struct Plan {
    sources: usize,
    interval: u64,
    seconds: u64,
    /// Between two articles of one source.
    news: u64,
    binary: String,
}

/// Every fifth house is a rude one.
fn is_rude(house: usize) -> bool {
    house % 5 == 4
}

fn way(house: usize) -> &'static street::rude::Way {
    &WAYS[house / 5 % WAYS.len()]
}

/// A good server: it knows what the client has, and has a new article now and then.
fn good(house: usize, ask: &street::Ask, news: u64, begun: Instant) -> Vec<u8> {
    let host = ask.head.lines().find_map(|line| line.to_lowercase().strip_prefix("host: ").map(str::to_owned));
    let host = host.unwrap_or_default();
    // Each house at a time of its own.
    let stories = (begun.elapsed().as_secs() + (house as u64 * 7_919) % news) / news;
    let (kind, body) = match ask.path.as_str() {
        "/feed" => {
            if ask.head.contains(&format!("if-none-match: \"{stories}\"")) {
                return b"HTTP/1.1 304 X\r\nConnection: close\r\n\r\n".to_vec();
            }
            let links: Vec<String> = (0..=stories).rev().map(|story| format!("http://{host}/{story}")).collect();
            ("application/rss+xml", rss(&links))
        }
        "/robots.txt" => ("text/plain", "User-agent: *\nDisallow: /private\n".to_owned()),
        story => {
            let number = 3 + house + story[1..].parse::<usize>().unwrap_or(0) * 7;
            let text = format!(
                "Russian shelling of Kherson on Friday killed {number} civilians and wounded {}, the governor said.\n\n\
                 Power was off in two districts until the evening, and rescuers went on to look for people under the rubble.",
                number * 2
            );
            ("text/html", page(&format!("Shelling of Kherson, {number} dead"), "2024-03-15T10:00:00Z", &text))
        }
    };
    let head = format!(
        "HTTP/1.1 200 X\r\nConnection: close\r\nContent-Type: {kind}\r\nETag: \"{stories}\"\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body.into_bytes()].concat()
}

/// A configuration with everything at its default but the addresses that may be asked, the interval, and no pages.
fn configure(folder: &Path, street: &Street, plan: &Plan) {
    fs::create_dir(folder.join("sources")).unwrap();
    let main = format!(
        "[store]\nurl = \"sqlite://{}\"\n[http]\nallow_networks = [\"127.0.0.0/8\"]\n[web]\nlisten = \"\"\n[log]\nformat = \"json\"\n",
        folder.join("ledger.db").display()
    );
    fs::write(folder.join("tollwatch.toml"), main).unwrap();
    let mut sources = String::new();
    for house in 0..plan.sources {
        let feed = match house {
            // Beside the servers, what is not even one.
            9 => "http://nowhere.invalid/feed".to_owned(),
            14 => street.url(house, "/feed").replace("http:", "https:"),
            19 => "http://127.1.200.200:9/feed".to_owned(),
            _ => street.url(house, "/feed"),
        };
        writeln!(
            sources,
            "[[source]]\nid = \"house-{house}\"\nname = \"House {house}\"\nfeed = \"{feed}\"\nlang = \"en\"\ninterval = \"{}s\"\n",
            plan.interval
        )
        .unwrap();
    }
    fs::write(folder.join("sources/all.toml"), sources).unwrap();
}

/// What the kernel says of a process.
#[derive(Debug, Clone, Copy)]
struct Vitals {
    rss_kb: u64,
    cpu_s: f64,
    files: usize,
    load: f64,
}

fn vitals(child: &Child) -> Vitals {
    let proc = Path::new("/proc").join(child.id().to_string());
    let status = fs::read_to_string(proc.join("status")).unwrap();
    let rss = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let stat = fs::read_to_string(proc.join("stat")).unwrap();
    let ticks: Vec<f64> =
        stat.rsplit(") ").next().unwrap().split(' ').skip(11).take(2).map(|n| n.parse().unwrap()).collect();
    let load = fs::read_to_string("/proc/loadavg").unwrap();
    Vitals {
        rss_kb: rss.split_whitespace().next().unwrap().parse().unwrap(),
        // Ticks of a hundredth of a second, on every Linux there is.
        cpu_s: ticks.iter().sum::<f64>() / 100.0,
        files: fs::read_dir(proc.join("fd")).unwrap().count(),
        load: load.split(' ').next().unwrap().parse().unwrap(),
    }
}

impl Vitals {
    fn rss_mb(&self) -> u64 {
        self.rss_kb.div_ceil(1_024)
    }
}

/// What a run showed.
struct Findings {
    /// By how many seconds each poll of a good source was late, in order.
    late: Vec<f64>,
    vitals: Vec<Vitals>,
    seconds: f64,
    rude: Vec<String>,
}

impl Findings {
    /// So many of a thousand are not later.
    fn late(&self, per_mille: usize) -> f64 {
        self.late[(self.late.len() - 1) * per_mille / 1_000]
    }

    /// The most of a sixth of the run, the first being 0.
    fn rss_in_sixth(&self, sixth: usize) -> u64 {
        let part = self.vitals.len().div_ceil(6).max(1);
        self.vitals.chunks(part).nth(sixth).unwrap().iter().map(|vitals| vitals.rss_mb()).max().unwrap()
    }

    fn most_rss(&self) -> u64 {
        self.vitals.iter().map(|vitals| vitals.rss_mb()).max().unwrap()
    }

    /// Of one core, from the first look to the last.
    fn cpu(&self) -> f64 {
        (self.vitals[self.vitals.len() - 1].cpu_s - self.vitals[0].cpu_s) / self.seconds
    }

    fn assert_polite(&self) {
        let rude: Vec<&String> = self.rude.iter().filter(|line| line.starts_with("TOO OFTEN")).collect();
        assert!(rude.is_empty(), "{rude:#?}");
    }
}

fn run(plan: &Plan) -> Findings {
    let begun = Instant::now();
    let news = plan.news;
    let street = Street::open(plan.sources, move |house, ask, stream| {
        if is_rude(house) {
            (way(house).answer)(ask, stream);
        } else {
            drop(stream.write_all(&good(house, ask, news, begun)));
        }
    });
    let folder = tempfile::tempdir().unwrap();
    configure(folder.path(), &street, plan);
    let mut child = Command::new(&plan.binary)
        .args(["run", "--config"])
        .arg(folder.path())
        .env_remove("TOLLWATCH_CONFIG")
        .env_remove("JOURNAL_STREAM")
        .env_remove("NOTIFY_SOCKET")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(folder.path().join("log")).unwrap())
        .spawn()
        .unwrap();
    let mut all = Vec::new();
    let started = Instant::now();
    while started.elapsed().as_secs() < plan.seconds {
        sleep(Duration::from_secs((plan.seconds / 60).clamp(1, 10)));
        all.push(vitals(&child));
        if all.len() % 30 == 0 {
            println!("{:>5} s: {:?}", started.elapsed().as_secs(), all[all.len() - 1]);
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    assert!(child.try_wait().unwrap().is_none(), "it ended: {}", log(folder.path()));
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(child.wait().unwrap().success(), "{}", log(folder.path()));
    Findings {
        late: lateness(&street, plan),
        vitals: all,
        seconds,
        rude: rude(&street, plan, started.elapsed().as_secs() + 1),
    }
}

fn log(folder: &Path) -> String {
    let log = fs::read_to_string(folder.join("log")).unwrap();
    log.lines().rev().take(20).collect::<Vec<_>>().join("\n")
}

/// How much longer than the interval it took until each next poll of each good source.
fn lateness(street: &Street, plan: &Plan) -> Vec<f64> {
    let mut late = Vec::new();
    for house in (0..plan.sources).filter(|house| !is_rude(*house)) {
        let asked = street.asked(house);
        let polls: Vec<Instant> = asked.iter().filter(|ask| ask.path == "/feed").map(|ask| ask.at).collect();
        assert!(!polls.is_empty(), "house {house} was never polled");
        late.extend(polls.windows(2).map(|pair| (pair[1] - pair[0]).as_secs_f64() - plan.interval as f64));
        let stories: Vec<&str> = asked.iter().filter(|ask| ask.path != "/feed").map(|ask| ask.path.as_str()).collect();
        let mut once = stories.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(stories.len(), once.len(), "house {house}: nothing is asked for twice: {stories:?}");
    }
    late.sort_by(f64::total_cmp);
    late
}

/// How often each kind of rude server was asked and might have been.
fn rude(street: &Street, plan: &Plan, seconds: u64) -> Vec<String> {
    let mut lines = Vec::new();
    for (kind, way) in WAYS.iter().enumerate() {
        let houses = (0..plan.sources).filter(|house| is_rude(*house) && house / 5 % WAYS.len() == kind);
        // A server with proper TLS would not have understood the request.
        let houses = houses.filter(|house| *house != 14);
        let Some(log) = houses.map(|house| street.asked(house)).max_by_key(Vec::len) else { continue };
        let (asked, most) = (log.len(), way.manners.most(seconds, plan.interval, 12 * 3_600));
        let times: Vec<f64> = log.iter().map(|ask| (ask.at - log[0].at).as_secs_f64()).collect();
        if asked > most {
            lines.push(format!("TOO OFTEN: {} asked {asked} times, allowed {most}: {times:.1?}", way.name));
        } else {
            lines.push(format!("{}: {asked} of {most}", way.name));
        }
    }
    lines
}

fn told(findings: &Findings, plan: &Plan) {
    let [p50, p95, p99, most] = [500, 950, 990, 1_000].map(|per_mille| findings.late(per_mille));
    println!("{} sources, {} s interval, {:.0} s", plan.sources, plan.interval, findings.seconds);
    println!("{} polls late by: p50 {p50:.3} s, p95 {p95:.3} s, p99 {p99:.3} s, most {most:.3} s", findings.late.len());
    println!("CPU: {:.1} % of one core", findings.cpu() * 100.0);
    let rss: Vec<u64> = (0..6).map(|sixth| findings.rss_in_sixth(sixth)).collect();
    println!("RSS in each sixth of the time: at most {rss:?} MB");
    println!("open files: at most {}", findings.vitals.iter().map(|vitals| vitals.files).max().unwrap());
    let mut loads: Vec<f64> = findings.vitals.iter().map(|vitals| vitals.load).collect();
    loads.sort_by(f64::total_cmp);
    println!("load of the machine: median {:.2}, most {:.2}", loads[loads.len() / 2], loads[loads.len() - 1]);
    println!("requests to the rude, at most of what is allowed: {}", findings.rude.join("; "));
}

#[test]
fn the_good_are_polled_beside_the_rude() {
    let binary = env!("CARGO_BIN_EXE_tollwatch").to_owned();
    let plan = Plan { sources: 5 * WAYS.len(), interval: 10, seconds: 25, news: 600, binary };
    let findings = run(&plan);
    // A machine that compiles beside it may be slow; the figures are for the whole run.
    assert!(findings.late.len() > plan.sources / 2, "{} polls", findings.late.len());
    assert!(findings.late(500) < 10.0, "{} s", findings.late(500));
    assert!(findings.most_rss() < 400, "{} MB", findings.most_rss());
    findings.assert_polite();
}

#[test]
#[ignore = "takes an hour; it is run before a release"]
fn five_hundred_sources_are_polled_on_time_for_an_hour() {
    let set = |name: &str| std::env::var(name).ok();
    let seconds = set("TOLLWATCH_SOAK_SECONDS").and_then(|seconds| seconds.parse().ok()).unwrap_or(3_600);
    let binary = set("TOLLWATCH_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_tollwatch").to_owned());
    let plan = Plan { sources: 500, interval: 10, seconds, news: 600, binary };
    let findings = run(&plan);
    told(&findings, &plan);
    findings.assert_polite();
    assert!(findings.late(950) < 1.0);
    assert!(findings.cpu() < 0.4);
    assert!(findings.most_rss() < 150);
    // Constant: what the last sixth needs beyond the second is noise.
    assert!(findings.rss_in_sixth(5) <= findings.rss_in_sixth(1) * 11 / 10 + 5);
    assert!(findings.vitals.iter().all(|vitals| vitals.files < 256));
}
