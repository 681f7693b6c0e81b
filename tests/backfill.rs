//! Saved articles and source lists.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use std::fmt::Write as _;
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
    assert!(
        first
            .stderr
            .contains("dated by their path or archive: 1, only by the time of their file: 0, without any date: 0"),
        "{}",
        first.stderr
    );
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

/// Articles of one outlet a line: a total that grows by the day, each third one with the total of the day before.
fn archive(articles: usize) -> String {
    let mut out = String::new();
    for at in 0..articles {
        let total = 300_000 + at * 997;
        let day =
            jiff::civil::date(2022, 6, 1).checked_add(jiff::Span::new().days(i64::try_from(at).unwrap())).unwrap();
        let said = |total: usize, day: jiff::civil::Date| {
            let day = day.strftime("%B %-d, %Y");
            format!(
                "Russia has lost {total} troops in Ukraine since the beginning of its full-scale invasion, Ukraine's General Staff said on {day}."
            )
        };
        let mut text = said(total, day);
        if at % 3 == 1 {
            text = format!("{text}\n\n{}", said(total - 997, day.yesterday().unwrap()));
        }
        let url = format!("https://paper.example/{at}");
        let line = serde_json::json!({ "url": url, "published": day, "text": text, "conflict": "russia-ukraine", "title": "The war today" });
        writeln!(out, "{line}").unwrap();
    }
    out
}

/// How many entries a ledger has, 0 while there is none.
fn entries(ledger: &std::path::Path) -> i64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(ledger).read_only(true);
        let Ok(pool) = sqlx::SqlitePool::connect_with(options).await else { return 0 };
        let found: Result<(i64,), _> = sqlx::query_as("SELECT count(*) FROM entries").fetch_one(&pool).await;
        pool.close().await;
        found.map_or(0, |(count,)| count)
    })
}

#[test]
fn a_run_that_is_killed_again_and_again_loses_nothing_and_doubles_nothing() {
    const ARTICLES: usize = 400;
    let (whole, broken) = (Desk::new(&[]), Desk::new(&[]));
    let file = broken.path().join("archive.jsonl");
    std::fs::write(&file, archive(ARTICLES)).unwrap();
    let reference = whole.run(&["backfill", file.to_str().unwrap()]);
    assert!(
        reference.stderr.contains("400 articles read, 0 read before · 400 new claims, 133 known"),
        "{}",
        reference.stderr
    );

    let (mut kills, mut wanted) = (0, 1);
    loop {
        let mut command = broken.command(&["backfill", file.to_str().unwrap()]);
        let mut child =
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
        let ended = loop {
            if let Some(ended) = child.try_wait().unwrap() {
                break Some(ended);
            }
            if entries(&broken.ledger()) >= wanted {
                break None;
            }
        };
        if let Some(ended) = ended {
            assert!(ended.success(), "{ended}");
            break;
        }
        // SIGKILL: nothing is tidied up. A little later each time, so that it strikes elsewhere.
        std::thread::sleep(std::time::Duration::from_millis(kills * 23));
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        wanted = entries(&broken.ledger()) + 1;
    }
    assert!(kills >= 3, "{kills}");
    let again = broken.run(&["backfill", file.to_str().unwrap()]);
    assert!(again.stderr.contains("0 articles read, 400 read before"), "{}", again.stderr);
    assert_eq!(broken.claims(), whole.claims());
    let events = |desk: &Desk, event: &str| desk.run(&["log", "--event", event]).stdout.lines().count();
    for (event, count) in [("claim.new", 1), ("claim.step", 399), ("claim.seen", 133)] {
        assert_eq!((events(&broken, event), events(&whole, event)), (count, count), "{event}");
    }
    let verified = broken.run(&["verify"]);
    assert!(verified.stdout.contains("400 article versions") && verified.code == 0, "{}", verified.stdout);
}

#[test]
fn a_day_of_publication_is_never_made_up() {
    let desk = Desk::new(&[]);
    let folder = desk.path().join("saved");
    std::fs::create_dir(&folder).unwrap();
    let text = "Russia has lost 427,840 troops in Ukraine since the beginning of its full-scale invasion, Ukraine's General Staff said.";
    let line = |url: &str, published: &str| serde_json::json!({ "url": url, "published": published, "text": text, "conflict": "russia-ukraine" });
    // No day at all, no day that is one, and a day to come.
    let lines = [
        line("https://a.example/1", ""),
        line("https://a.example/2", "soon"),
        line("https://a.example/3", "2999-01-01"),
    ];
    std::fs::write(folder.join("lines.jsonl"), lines.map(|line| line.to_string()).join("\n")).unwrap();
    std::fs::write(folder.join("copied.txt"), format!("Losses\n\n{text}")).unwrap();
    let run = desk.run(&["backfill", folder.to_str().unwrap()]);
    assert!(run.stderr.contains("only by the time of their file: 1, without any date: 3"), "{}", run.stderr);
    let days: Vec<_> = desk.claims().iter().map(|claim| claim["as_of"].clone()).collect();
    let written: jiff::Timestamp =
        std::fs::metadata(folder.join("copied.txt")).unwrap().modified().unwrap().try_into().unwrap();
    let written = jiff::tz::Offset::UTC.to_datetime(written).date().to_string();
    assert!(days.contains(&serde_json::Value::Null), "{days:?}");
    assert!(days.iter().all(|day| day.is_null() || day.as_str() == Some(&written)), "{days:?}");
    let shown = desk.run(&["claims", "--json"]).stdout;
    assert!(!shown.contains("2999"), "{shown}");
}
