//! The binary against a news site on loopback: feeds of every form, manners, edits, failures, restarts.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail loudly"
)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use support::{Answer, Desk, Site, page, rss};

const KRAMATORSK: &str = "A missile struck the railway station of Kramatorsk on Tuesday, killing at least 12 people and wounding 40, the regional \
governor, Vadym Filashkin, said on Telegram.\n\nThe platforms were crowded with families who were waiting for an evening train, and two of \
the carriages burned out completely before the firefighters came.";

const LOSSES: &str = "Russia has lost 427,840 troops in Ukraine since the beginning of its full-scale invasion, Ukraine's General Staff said on \
March 14.\n\nThe figure could not be verified, and Moscow has not published one of its own for a long time, as is its habit.";

fn feed(form: &str, link: &str) -> (&'static str, String) {
    match form {
        "rss" => ("application/rss+xml", rss(&[link.to_owned()])),
        "atom" => (
            "application/atom+xml",
            format!(
                "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>F</title><id>f</id><updated>2024-03-15T00:00:00Z</updated>\
                 <entry><title>T</title><id>{link}</id><link href=\"{link}\"/><updated>2024-03-15T00:00:00Z</updated></entry></feed>"
            ),
        ),
        "rdf" => (
            "application/rdf+xml",
            format!(
                "<?xml version=\"1.0\"?><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\">\
                 <channel><title>F</title></channel><item rdf:about=\"{link}\"><title>T</title><link>{link}</link></item></rdf:RDF>"
            ),
        ),
        _ => (
            "application/feed+json",
            format!(
                "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"F\",\"items\":[{{\"id\":\"{link}\",\"url\":\"{link}\"}}]}}"
            ),
        ),
    }
}

fn four_feeds() -> (Site, Desk) {
    let site = Site::serve(|seen| {
        let host = seen.header("host").unwrap();
        let tag = "W/\"odd tag\"";
        match seen.path.trim_start_matches('/').split_once('/') {
            Some(("feed", _)) if seen.header("if-none-match").as_deref() == Some(tag) => {
                Answer::status(304).with("ETag", tag)
            }
            Some(("feed", form)) => {
                let (kind, body) = feed(form, &format!("http://{host}/article/{form}"));
                Answer::ok(kind, body).with("ETag", tag).with("Last-Modified", "Tue, 15 Nov 1994 12:45:26 GMT")
            }
            Some(("article", form)) => {
                let text = if form == "rss" { LOSSES } else { KRAMATORSK };
                Answer::ok("text/html", page(&format!("Story of {form}"), "2024-03-15T00:00:00Z", text))
            }
            _ => Answer::status(404),
        }
    });
    let sources: Vec<(&str, String)> =
        ["rss", "atom", "rdf", "json"].into_iter().map(|form| (form, site.url(&format!("/feed/{form}")))).collect();
    let desk = Desk::new(&sources);
    (site, desk)
}

#[test]
fn feeds_of_every_form_are_read_once_and_asked_again_with_their_validators() {
    let (site, desk) = four_feeds();
    let first = desk.run(&["once"]);
    assert_eq!(first.code, 0, "{}{}", first.stdout, first.stderr);
    assert!(first.stdout.contains("4 sources polled, 0 failed · 4 articles read · 3 new claims"), "{}", first.stdout);
    let second = desk.run(&["once"]);
    assert!(second.stdout.contains("4 sources polled, 0 failed · 0 articles read · 0 new claims"), "{}", second.stdout);
    for form in ["rss", "atom", "rdf", "json"] {
        let asked = site.asked(&format!("/feed/{form}"));
        assert_eq!(asked.len(), 2, "{form}");
        assert_eq!(asked[0].header("if-none-match"), None);
        assert_eq!(asked[1].header("if-none-match").as_deref(), Some("W/\"odd tag\""));
        assert_eq!(asked[1].header("if-modified-since").as_deref(), Some("Tue, 15 Nov 1994 12:45:26 GMT"));
        assert_eq!(site.asked(&format!("/article/{form}")).len(), 1, "an article is fetched once");
        assert!(asked[0].head.starts_with("GET "));
        assert!(asked[0].header("user-agent").unwrap().starts_with("tollwatch/"));
        for unwanted in ["cookie", "referer", "cache-control", "pragma"] {
            assert_eq!(asked[0].header(unwanted), None, "{unwanted}");
        }
    }
    assert_eq!(
        site.asked("/robots.txt").len(),
        1,
        "robots.txt is asked for once a run and host, and not at all when nothing is new"
    );
}

#[test]
fn copies_are_sightings_of_one_claim_and_one_independent_source() {
    let (_site, desk) = four_feeds();
    desk.run(&["once"]);
    let claims = desk.claims();
    let killed = claims.iter().find(|claim| claim["min"] == 12).unwrap();
    assert_eq!(
        (&killed["sightings"], &killed["independent"]),
        (&serde_json::json!(3), &serde_json::json!(1)),
        "{killed}"
    );
    assert_eq!(killed["claimant_id"], "filashkin");
    assert_eq!(killed["party"], "ukraine");
    let lost = claims.iter().find(|claim| claim["min"] == 427_840).unwrap();
    assert_eq!(
        (&lost["outcomes"], &lost["scope"], &lost["as_of"]),
        (&serde_json::json!(["casualties"]), &serde_json::json!("cumulative"), &serde_json::json!("2024-03-14"))
    );
    let verified = desk.run(&["verify"]);
    assert_eq!(verified.code, 0, "{}", verified.stdout);
}

#[test]
fn an_edited_article_withdraws_what_it_no_longer_says() {
    let edited = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&edited);
    let site = Site::serve(move |seen| {
        let host = seen.header("host").unwrap();
        match seen.path.as_str() {
            "/feed" => Answer::ok("application/rss+xml", rss(&[format!("http://{host}/a")])),
            "/a" => {
                let text = if flag.load(Ordering::Relaxed) {
                    KRAMATORSK.replace("at least 12", "at least 14")
                } else {
                    KRAMATORSK.to_owned()
                };
                Answer::ok("text/html", page("Station", "2024-03-15T00:00:00Z", &text))
            }
            _ => Answer::status(404),
        }
    });
    let desk = Desk::new(&[("wire", site.url("/feed"))]);
    let config = std::fs::read_to_string(desk.path().join("tollwatch.toml")).unwrap();
    // An age far beyond the article's, so that it is read again at every poll.
    let always = (1..=2_000).map(|n| format!("\"{n}d\"")).collect::<Vec<_>>().join(",");
    std::fs::write(desk.path().join("tollwatch.toml"), config.replace("reread = []", &format!("reread = [{always}]")))
        .unwrap();
    desk.run(&["once"]);
    edited.store(true, Ordering::Relaxed);
    force_reread(&desk);
    let again = desk.run(&["once"]);
    let log = desk.run(&["log"]);
    assert!(log.stdout.contains("article.edited"), "{}{}", again.stderr, log.stdout);
    assert!(
        log.stdout.contains("claim.withdrawn Vadym Filashkin")
            || log.stdout.contains("claim.withdrawn regional governor, Vadym Filashkin: ≥ 12 killed"),
        "{}",
        log.stdout
    );
    assert!(log.stdout.contains("≥ 14 killed"), "{}", log.stdout);
    let old = desk.claims().into_iter().find(|claim| claim["min"] == 12).unwrap();
    assert_eq!(old["status"], "withdrawn");
}

/// Makes every article due to be read again, as time would.
fn force_reread(desk: &Desk) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = tollwatch::store::Store::open(&format!("sqlite://{}", desk.ledger().display())).await.unwrap();
        let claims = store.claims(&tollwatch::store::Filter::default()).await.unwrap();
        for sighting in claims.iter().flat_map(|claim| &claim.sightings) {
            store.set_reread(&sighting.url, Some("2000-01-01T00:00:00Z".parse().unwrap())).await.unwrap();
        }
        store.close().await;
    });
}

#[test]
fn a_deleted_article_is_noted_once_and_withdraws_nothing() {
    let gone = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&gone);
    let site = Site::serve(move |seen| {
        let host = seen.header("host").unwrap();
        match seen.path.as_str() {
            "/feed" => Answer::ok("application/rss+xml", rss(&[format!("http://{host}/a")])),
            "/a" if flag.load(Ordering::Relaxed) => Answer::status(410),
            "/a" => Answer::ok("text/html", page("Station", "2024-03-15T00:00:00Z", KRAMATORSK)),
            _ => Answer::status(404),
        }
    });
    let desk = Desk::new(&[("wire", site.url("/feed"))]);
    assert_eq!(desk.run(&["once"]).code, 0);
    let before = (desk.claims(), desk.run(&["log", "--json"]).stdout);
    gone.store(true, Ordering::Relaxed);
    force_reread(&desk);
    let runs: Vec<String> = (0..3).map(|_| desk.run(&["once"]).stderr).collect();
    let noted: Vec<usize> = runs.iter().map(|log| log.matches("article.gone").count()).collect();
    assert_eq!(noted, [1, 0, 0], "{runs:?}");
    assert_eq!((desk.claims(), desk.run(&["log", "--json"]).stdout), before);
    assert_eq!(site.asked("/a").len(), 2);
}

#[test]
fn a_failing_feed_is_one_warning_and_the_others_go_on() {
    let fails = Arc::new(AtomicBool::new(true));
    let flag = Arc::clone(&fails);
    let site = Site::serve(move |seen| {
        let host = seen.header("host").unwrap();
        match seen.path.as_str() {
            "/broken" if flag.load(Ordering::Relaxed) => {
                Answer::ok("text/html", "<html><body>Just a moment...</body></html>")
            }
            "/feed" | "/broken" => Answer::ok("application/rss+xml", rss(&[format!("http://{host}/a")])),
            "/a" => Answer::ok("text/html", page("Station", "2024-03-15T00:00:00Z", KRAMATORSK)),
            _ => Answer::status(404),
        }
    });
    let desk = Desk::new(&[("broken", site.url("/broken")), ("good", site.url("/feed"))]);
    for _ in 0..3 {
        let outcome = desk.run(&["once"]);
        assert_eq!(outcome.code, 4, "{}", outcome.stdout);
        assert!(
            outcome.stdout.contains("broken: failed: this is no feed but a page that asks whether this is a robot"),
            "{}",
            outcome.stdout
        );
    }
    fails.store(false, Ordering::Relaxed);
    assert_eq!(desk.run(&["once"]).code, 0);
    let log = desk.run(&["log"]).stdout;
    assert_eq!(log.matches("source.failing").count(), 1, "{log}");
    assert!(log.contains("source.recovered broken: answers again after 3 failed polls"), "{log}");
    assert_eq!(desk.claims().len(), 2);
}

#[test]
fn fifty_kills_lose_nothing_and_double_nothing() {
    let site = Site::serve(|seen| {
        let host = seen.header("host").unwrap();
        if let Some(feed) = seen.path.strip_prefix("/feed/") {
            let links: Vec<String> = (0..12).map(|n| format!("http://{host}/a/{feed}/{n}")).collect();
            return Answer::ok("application/rss+xml", rss(&links)).with("ETag", "\"1\"");
        }
        let Some((feed, number)) = seen.path.strip_prefix("/a/").and_then(|rest| rest.split_once('/')) else {
            return Answer::status(404);
        };
        // Slow enough that a kill finds polls in the middle of things.
        sleep(Duration::from_millis(5));
        let (feed, number): (u64, u64) = (feed.parse().unwrap(), number.parse().unwrap());
        let day = 10 + number;
        let shared = 400_000 + number * 1_000;
        let own = 20 + feed * 30 + number;
        let text = format!(
            "Russia has lost {shared} troops in Ukraine since the beginning of its full-scale invasion, Ukraine's General Staff said on March {day}.\n\n\
             Shelling of Kherson on March {day} killed {own} people, Governor Oleksandr Prokudin said, and the power was off in story {feed} of day {number}."
        );
        Answer::ok("text/html", page(&format!("Day {number}"), &format!("2024-03-{day}T20:00:00Z"), &text))
    });
    let feeds: Vec<(String, String)> = (0..6).map(|n| (format!("feed-{n}"), site.url(&format!("/feed/{n}")))).collect();
    let feeds: Vec<(&str, String)> = feeds.iter().map(|(id, url)| (id.as_str(), url.clone())).collect();

    let calm = Desk::new(&feeds);
    assert_eq!(calm.run(&["once"]).code, 0);
    let expected = calm.claims();
    assert_eq!(expected.len(), 12 + 6 * 12, "twelve totals and an attack for each article");

    let stormy = Desk::new(&feeds);
    let kills = AtomicUsize::new(0);
    for round in 0..50_u64 {
        let mut daemon = stormy.start();
        // Moments that differ from round to round without a source of chance.
        sleep(Duration::from_millis(60 + (round * 37) % 240));
        daemon.kill().unwrap();
        daemon.wait().unwrap();
        kills.fetch_add(1, Ordering::Relaxed);
    }
    assert_eq!(kills.load(Ordering::Relaxed), 50);
    assert_eq!(stormy.run(&["once"]).code, 0);
    let (found, known) = (stormy.claims(), expected);
    assert_eq!(found.len(), known.len());
    for (one, other) in found.iter().zip(&known) {
        assert_eq!(one, other);
    }
    let verified = stormy.run(&["verify"]);
    assert_eq!(verified.code, 0, "{}", verified.stdout);
}

#[cfg(unix)]
#[test]
fn a_stop_is_quick_and_clean() {
    let (_site, desk) = four_feeds();
    let mut daemon = desk.start();
    let patience = Instant::now();
    while desk.claims().len() < 3 && patience.elapsed() < Duration::from_secs(30) {
        sleep(Duration::from_millis(200));
    }
    let begun = Instant::now();
    let stopped = std::process::Command::new("kill").args(["-TERM", &daemon.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    assert!(daemon.wait().unwrap().success());
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(desk.claims().len(), 3);
}
