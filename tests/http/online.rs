//! `check --online`: what it asks, and what it says.

use crate::bench::empty_feed;
use crate::support::{Answer, Desk, Site, rss};

#[test]
fn a10_f6_k1_checking_online_asks_each_source_once_and_says_what_it_would_give() {
    let site = Site::serve(|seen| match seen.path.as_str() {
        "/good" => Answer::ok("text/xml", rss(&["http://news.example/a".to_owned()])).with("ETag", "\"1\""),
        "/silent" => Answer::ok("text/xml", empty_feed()),
        "/moved" => Answer::status(301).with("Location", "/good"),
        "/page" => {
            let link = "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/found\">";
            Answer::ok("text/html", format!("<html><head>{link}</head><body>Welcome</body></html>"))
        }
        "/robots.txt" => Answer::ok("text/plain", "User-agent: *\nDisallow: /silent"),
        _ => Answer::status(404),
    });
    let places = ["good", "silent", "moved", "page", "gone"];
    let sources: Vec<(&str, String)> = places.iter().map(|place| (*place, site.url(&format!("/{place}")))).collect();
    let desk = Desk::new(&sources);
    let outcome = desk.run(&["check", "--online"]);
    assert_eq!(outcome.code, 4, "{}{}", outcome.stdout, outcome.stderr);
    let says = |source: &str, words: &str| {
        let mut lines = outcome.stdout.lines().filter(|line| line.starts_with(&format!("{source}: ")));
        assert!(lines.any(|line| line.contains(words)), "{source}: {words}\n{}", outcome.stdout);
    };
    says("good", "1 entries");
    says("silent", "no ETag and no Last-Modified");
    says("silent", "its robots.txt asks not to read this feed");
    says("moved", &format!("moved for good to {}", site.url("/good")));
    says("page", "no feed");
    says("page", &format!("feed = \"{}\"", site.url("/found")));
    says("gone", "answered 404");
    assert!(outcome.stdout.contains("5 sources asked, 2 in trouble"), "{}", outcome.stdout);
    let asked = |path: &str| site.asked(path).len();
    assert_eq!(["/good", "/silent", "/moved", "/page", "/gone", "/robots.txt"].map(asked), [2, 1, 1, 1, 1, 1]);
    assert_eq!(site.seen.lock().unwrap().len(), 7, "what a page names is not asked for");
    assert!(!desk.ledger().exists(), "nothing is kept");
}
