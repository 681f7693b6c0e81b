//! Bytes that were made to hurt: no panic, and time in proportion to the bytes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::fs;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use tollwatch::dates::date;
use tollwatch::feed::{Feed, FeedError, discover, plain, read};
use url::Url;

/// What a feed may take for each MiB in a build without optimisation; a quadratic reader would need many minutes.
const PATIENCE: Duration = Duration::from_secs(20);

fn base() -> Url {
    Url::parse("https://news.example/rss").unwrap()
}

fn samples() -> Vec<Vec<u8>> {
    let mut files: Vec<_> = fs::read_dir("tests/feeds").unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|file| fs::read(file).unwrap()).filter(|bytes| !bytes.is_empty()).collect()
}

/// What holds of every feed, however it came about.
fn check(outcome: Result<Feed, FeedError>) {
    let Ok(feed) = outcome else { return };
    assert!(feed.entries.len() <= 1_000 && feed.entries.len() <= feed.items);
    let mut keys: Vec<&str> = feed.entries.iter().map(|entry| entry.key.0.as_str()).collect();
    keys.sort_unstable();
    assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "an entry stands there twice");
    for entry in &feed.entries {
        assert!(entry.title.len() <= 4_096 && entry.key.0.len() <= 1_100);
        assert!(!entry.title.contains(|c: char| c.is_control()), "{:?}", entry.title);
        assert!(entry.link.as_ref().is_none_or(|link| matches!(link.scheme(), "http" | "https")));
    }
    assert_eq!(feed.keys().len(), feed.entries.len());
}

/// Changes a feed in the ways in which feeds break: bytes are lost, doubled, replaced, moved.
fn mutated(sample: &[u8], changes: &[(usize, usize, u8, u8)]) -> Vec<u8> {
    const PIECES: [&[u8]; 12] =
        [b"<", b">", b"<![CDATA[", b"]]>", b"<!--", b"&#", b"\"", b"<item>", b"</item>", b"\xff", b"\0", b"&nbsp;"];
    let mut bytes = sample.to_vec();
    for (at, length, kind, byte) in changes {
        let at = at % (bytes.len() + 1);
        let end = (at + length % 40).min(bytes.len());
        let piece = match kind % 4 {
            0 => Vec::new(),
            1 => vec![*byte],
            2 => PIECES[usize::from(*byte) % PIECES.len()].to_vec(),
            _ => bytes[at..end].repeat(2),
        };
        drop(bytes.splice(at..end, piece));
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), kind in prop::option::of("[ -~]{0,40}")) {
        check(read(&bytes, kind.as_deref(), &base()));
    }

    #[test]
    fn no_markup_panics(text in "([<>/!?&;#='\"\\[\\]-]|<item>|</item>|<title>|<!\\[CDATA\\[|&#x?[0-9a-f]{1,9};|[a-zя0-9 ]){0,80}") {
        check(read(text.as_bytes(), None, &base()));
        check(read(format!("<rss>{text}").as_bytes(), None, &base()));
        prop_assert!(plain(&text).len() <= text.len() * 6 && discover(&text, &base()).len() <= 50);
    }

    #[test]
    fn no_broken_feed_panics(sample in 0..68_usize, changes in prop::collection::vec(any::<(usize, usize, u8, u8)>(), 1..12)) {
        let samples = samples();
        check(read(&mutated(&samples[sample % samples.len()], &changes), None, &base()));
    }

    #[test]
    fn no_date_panics(text in "([0-9]{1,15}|[a-zа-яіґ]{1,9}|[-+:., /TZ]){0,14}") {
        let _ = date(&text);
    }

    #[test]
    fn a_date_survives_being_written(seconds in 0_i64..4_000_000_000) {
        let time = jiff::Timestamp::from_second(seconds).unwrap();
        prop_assert_eq!(date(&time.to_string()), Some(time));
        let written = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time).unwrap();
        prop_assert_eq!(date(&written), Some(time));
    }
}

/// A million broken feeds: `cargo test --release --test feeds_hostile -- --ignored`.
#[test]
#[ignore = "takes minutes; the sample above runs always"]
fn a_million_broken_feeds_panic_nowhere() {
    let samples = samples();
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 16).unwrap()
    };
    for _ in 0..1_000_000 {
        let sample = &samples[random() % samples.len()];
        let count = 1 + random() % 12;
        let changes: Vec<_> =
            (0..count).map(|_| (random(), random(), random().to_le_bytes()[0], random().to_le_bytes()[0])).collect();
        check(read(&mutated(sample, &changes), None, &base()));
    }
}

/// Reads feeds of this size that are made of one piece over and over.
fn read_repetitions(mebibytes: u32) {
    const ITEM: &str = "<rss><channel><item>";
    let quoted = format!("{ITEM}<a b=\"");
    let titled = format!("{ITEM}<title>");
    let cases = [
        ("", "<"),
        ("<rss>", "<!--"),
        ("<rss>", "<?a"),
        (ITEM, "<![CDATA["),
        ("<rss>", "<![CDATA[</item>"),
        (ITEM, "<a b=\""),
        (&quoted, "<c d='<e f="),
        (ITEM, "<a b=\"<c d='"),
        ("<rss>", "<item>"),
        ("<rss>", "<item><title>a</title></item>"),
        (ITEM, "<description>"),
        ("<rss>", "<item><description>"),
        (ITEM, "<a>"),
        (ITEM, "<a><b><c><d><e><f>"),
        (ITEM, "<author>"),
        (ITEM, "<source>"),
        (&titled, "&#"),
        (&titled, "&lt;script&gt;"),
        (ITEM, "<a b=c "),
        ("<!DOCTYPE rss [", "] "),
        ("<!DOCTYPE rss [", "<!ENTITY a 'b'>"),
        ("{\"items\":[", "["),
        ("{\"items\":[{}", ",{\"id\":1}"),
        ("<html>", "<div>"),
        ("", " "),
        ("", "\0"),
    ];
    for (start, part) in cases {
        let times = (usize::try_from(mebibytes).unwrap() << 20) / part.len();
        let bytes = format!("{start}{}", part.repeat(times)).into_bytes();
        let begun = Instant::now();
        check(read(&bytes, None, &base()));
        assert!(begun.elapsed() < PATIENCE * mebibytes, "{start}{part}… took {:?}", begun.elapsed());
    }
}

#[test]
fn repetitions_of_anything_take_time_in_proportion() {
    read_repetitions(1);
}

/// The largest body that is fetched: `cargo test --release --test feeds_hostile -- --ignored`.
#[test]
#[ignore = "takes a minute without optimisation"]
fn eight_mebibytes_of_anything_take_time_in_proportion() {
    read_repetitions(8);
}
