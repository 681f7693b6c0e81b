//! Saved articles and source lists.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use std::io::Write as _;

use support::{Desk, outcome, page};

const LOST: &str = "Russia has lost 427,840 troops in Ukraine since the beginning of its full-scale invasion, Ukraine's General Staff said \
on Thursday.\n\nThe figure could not be verified, and Moscow has not published one of its own for a long time, as is its habit.";

fn record(kind: &str, url: &str, body: &str) -> String {
    format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{}>\r\nWARC-Date: 2024-03-17T08:00:00Z\r\nWARC-Target-URI: {url}\r\n\
         Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{body}\r\n\r\n",
        "12345678-0000-4000-8000-000000000000",
        body.len()
    )
}

#[test]
fn saved_articles_of_every_form_are_read_once_and_dated_by_themselves_or_their_file() {
    let desk = Desk::new(&[]);
    let folder = desk.path().join("saved");
    std::fs::create_dir_all(folder.join("2024/03/15")).unwrap();
    std::fs::write(folder.join("page.html"), page("A day of war", "2024-03-15T10:00:00Z", LOST)).unwrap();
    std::fs::write(folder.join("2024/03/15/losses.txt"), format!("Losses\n\n{LOST}")).unwrap();
    std::fs::write(folder.join("photo.jpg"), "no article").unwrap();
    let line = serde_json::json!({ "id": "x", "url": "https://paper.example/x", "published": "2024-03-15", "text": LOST, "conflict": "russia-ukraine" });
    std::fs::write(folder.join("lines.jsonl"), format!("{line}\nnot JSON\n")).unwrap();
    let html = page("Archived", "2024-03-15T20:00:00Z", LOST);
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{html}");
    let archive = record("response", "https://archive.example/a", &answer)
        + &record("request", "https://archive.example/a", "GET / HTTP/1.1\r\n\r\n");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(archive.as_bytes()).unwrap();
    std::fs::write(folder.join("crawl.warc.gz"), packed.finish().unwrap()).unwrap();

    let first = desk.run(&["backfill", folder.to_str().unwrap()]);
    assert_eq!(first.code, 4, "one line is no JSON: {}", first.stderr);
    assert!(first.stderr.contains("4 articles read, 0 read before · 1 new claims, 3 known"), "{}", first.stderr);
    assert!(first.stderr.contains("dated by their file: 1, without any date: 0"), "{}", first.stderr);
    assert!(first.stderr.contains("1 unreadable, 1 files of other kinds"), "{}", first.stderr);
    let claims = desk.claims();
    assert_eq!(claims.len(), 1);
    assert_eq!((&claims[0]["sightings"], &claims[0]["as_of"]), (&4.into(), &"2024-03-14".into()));
    let again = desk.run(&["backfill", folder.to_str().unwrap()]);
    assert!(again.stderr.contains("0 articles read, 4 read before"), "{}", again.stderr);
    assert_eq!(desk.run(&["verify"]).code, 0);
}

#[test]
fn a_source_list_comes_back_as_it_went() {
    let desk = Desk::new(&[
        ("north", "http://north.example/feed?a=1&b=2".to_owned()),
        ("south", "http://south.example/feed".to_owned()),
    ]);
    let list = desk.run(&["opml", "export"]);
    assert_eq!(list.code, 0, "{}", list.stderr);
    let file = desk.path().join("list.opml");
    std::fs::write(&file, &list.stdout).unwrap();
    let known = desk.run(&["opml", "import", file.to_str().unwrap()]);
    assert_eq!((known.code, known.stdout.as_str()), (0, ""), "{}", known.stderr);
    let other = Desk::new(&[]);
    let imported = other.run(&["opml", "import", file.to_str().unwrap()]);
    assert!(
        imported.stdout.contains("id = \"north\"") && imported.stdout.contains("feed?a=1&b=2"),
        "{}",
        imported.stdout
    );
    std::fs::write(other.path().join("sources/imported.toml"), &imported.stdout).unwrap();
    let checked = outcome(&mut other.command(&["check"]));
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    assert!(other.run(&["opml", "import", "/no/such/file"]).code == 1);
}
