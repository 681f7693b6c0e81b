//! Feeds as the web has them. `tests/feeds/manifest.jsonl` says what each of the broken ones there must give; the
//! smaller facts stand here.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tollwatch::feed::{self, Feed, FeedError, Instead};
use tollwatch::model::FeedEntry;
use url::Url;

fn base() -> Url {
    Url::parse("https://news.example/en/rss").unwrap()
}

fn read(text: &str) -> Result<Feed, FeedError> {
    feed::read(text.as_bytes(), None, &base())
}

fn item(inside: &str) -> FeedEntry {
    read(&format!("<rss><channel><title>Feed</title><item>{inside}</item></channel></rss>")).unwrap().entries.remove(0)
}

fn link(entry: &FeedEntry) -> Option<&str> {
    entry.link.as_ref().map(Url::as_str)
}

/// The file of the collection that is too large to store.
fn deeply_nested(depth: usize) -> Vec<u8> {
    let whole = fs::read_to_string("tests/feeds/01_utf8.xml").unwrap();
    let nested = format!("{}x{}", "<a>".repeat(depth), "</a>".repeat(depth));
    whole.replace("<![CDATA[<p>Текст</p>]]>", &nested).into_bytes()
}

fn broken(file: &str) -> Vec<u8> {
    let path = Path::new("tests/feeds").join(file);
    if file.starts_with("40_") { deeply_nested(200_000) } else { fs::read(path).unwrap() }
}

/// Where a feed differs from what its line in the manifest wants.
fn complaint(wanted: &Value) -> Option<String> {
    let file = wanted["file"].as_str()?;
    let count = wanted["want_n"].as_u64()?;
    let feed = match feed::read(&broken(file), wanted["content_type"].as_str(), &base()) {
        Err(_) if count == 0 => return None,
        Err(error) => return Some(format!("{file}: {error}")),
        Ok(feed) => feed,
    };
    let first = feed.entries.first()?;
    let title = wanted["want_title"].as_str().unwrap_or(&first.title);
    let time = first.published.map(jiff::Timestamp::as_second);
    let is_right = first.title == title
        && feed.items == usize::try_from(count).unwrap()
        && (wanted["want_ts"].is_null() || wanted["want_ts"].as_i64() == time);
    (!is_right).then(|| format!("{file}: {} items, {first:?}", feed.items))
}

#[test]
fn every_broken_feed_gives_what_the_manifest_wants() {
    let manifest = fs::read_to_string("tests/feeds/manifest.jsonl").unwrap();
    let wanted: Vec<Value> = manifest.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let complaints: Vec<String> = wanted.iter().filter_map(complaint).collect();
    assert_eq!((wanted.len(), complaints), (69, Vec::new()));
}

#[test]
fn entities_are_neither_expanded_twice_nor_fetched() {
    for (file, title) in [("38_billion_laughs.xml", "&a9;"), ("39_xxe.xml", "&x;")] {
        let feed = feed::read(&broken(file), None, &base()).unwrap();
        assert_eq!(feed.entries[0].title, title);
    }
}

#[test]
fn rss_atom_rdf_and_json_say_the_same() {
    let rss = "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>F</title><link>https://news.example/</link>\
        <item><title>T</title><link>/a</link><guid isPermaLink='false'>g</guid><pubDate>Wed, 23 Mar 2022 12:00:00 GMT</pubDate>\
        <author>a@x.example (A. Author)</author><description>S</description><content:encoded><![CDATA[<p>C</p>]]></content:encoded></item></channel></rss>";
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><link rel='self' href='/atom'/><link href='https://news.example/'/>\
        <entry><title type='html'>T</title><link rel='replies' href='/r'/><link href='/a'/><id>g</id><published>2022-03-23T12:00:00Z</published>\
        <author><name>A. Author</name></author><summary>S</summary><content type='html'>&lt;p>C&lt;/p></content></entry></feed>";
    let rdf = "<rdf:RDF xmlns='http://purl.org/rss/1.0/' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:d='http://purl.org/dc/elements/1.1/' \
        xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>F</title><link>https://news.example/</link><items><rdf:Seq/></items></channel>\
        <item rdf:about='g'><title>T</title><link>/a</link><d:date>2022-03-23T12:00:00Z</d:date><d:creator>A. Author</d:creator>\
        <description>S</description><content:encoded>&lt;p>C&lt;/p></content:encoded></item></rdf:RDF>";
    let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "F", "home_page_url": "https://news.example/", "items": [{"id": "g", "title": "T",
        "url": "/a", "date_published": "2022-03-23T12:00:00Z", "authors": [{"name": "A. Author"}], "summary": "S", "content_html": "<p>C</p>"}]}"#;
    let wanted = read(rss).unwrap();
    assert_eq!(wanted.site.as_ref().map(Url::as_str), Some("https://news.example/"));
    assert_eq!(link(&wanted.entries[0]), Some("https://news.example/a"));
    assert_eq!(wanted.entries[0].author.as_deref(), Some("A. Author"));
    assert_eq!(wanted.entries[0].content.as_deref(), Some("<p>C</p>"));
    for other in [atom, rdf, json] {
        let mut feed = read(other).unwrap();
        feed.entries[0].published_raw.clone_from(&wanted.entries[0].published_raw);
        assert_eq!(feed, wanted, "{other}");
    }
}

#[test]
fn what_stands_beside_an_item_does_not_speak_for_it() {
    let entry = item(
        "<media:group><media:title>Photo</media:title></media:group><source url='/x'><title>Agency</title></source>\
         <image><title>Logo</title><link>/logo</link></image><enclosure url='/a.mp3'/><itunes:title>I</itunes:title>\
         <title>Item</title><link>/a</link><media:content><media:title>Photo</media:title></media:content>",
    );
    assert_eq!((entry.title.as_str(), link(&entry)), ("Item", Some("https://news.example/a")));
}

#[test]
fn a_link_is_the_articles_own_wherever_it_stands() {
    assert_eq!(
        link(&item("<link>http://count.example/1</link><feedburner:origLink>/a</feedburner:origLink>")),
        Some("https://news.example/a")
    );
    assert_eq!(
        link(&item("<feedburner:origLink>/a</feedburner:origLink><link>http://count.example/1</link>")),
        Some("https://news.example/a")
    );
    assert_eq!(
        link(&item("<guid>https://news.example/b</guid><title>No link</title>")),
        Some("https://news.example/b")
    );
    assert_eq!(link(&item("<guid isPermaLink='false'>https://news.example/b</guid>")), None);
    assert_eq!(
        link(&item("<link> https://news.example/a?b=1&amp;c=2&d=3\n</link>")),
        Some("https://news.example/a?b=1&c=2&d=3")
    );
    assert_eq!(link(&item("<link xml:base='https://other.example/x/'>a</link>")), Some("https://other.example/x/a"));
    assert_eq!(link(&item("<link>javascript:alert(1)</link><title>x</title>")), None);
    assert_eq!(
        link(&item("<link>http://[bad</link><guid>https://news.example/b</guid>")),
        Some("https://news.example/b")
    );
}

#[test]
fn a_full_text_is_found_under_any_of_its_names() {
    for name in ["content:encoded", "yandex:full-text", "fullitem"] {
        let entry = item(&format!("<title>T</title><description>S</description><{name}>Full</{name}>"));
        assert_eq!((entry.summary.as_deref(), entry.content.as_deref()), (Some("S"), Some("Full")), "{name}");
    }
}

#[test]
fn an_element_that_nobody_closed_costs_no_other() {
    let entry = item("<br><title>Title<link>/a</link><unknown><description>Text<pubDate>23 Mar 2022</pubDate><guid>g");
    assert_eq!((entry.title.as_str(), link(&entry)), ("Title", Some("https://news.example/a")));
    assert_eq!(
        (entry.summary.as_deref(), entry.published.is_some(), entry.key.0.as_str()),
        (Some("Text"), true, "id g")
    );
}

#[test]
fn items_that_nobody_closed_end_where_the_next_begins() {
    let feed = read("<rss><channel><item><title>1<item><title>2<item><title>3</channel></rss>").unwrap();
    let titles: Vec<&str> = feed.entries.iter().map(|entry| entry.title.as_str()).collect();
    assert_eq!(titles, ["1", "2", "3"]);
}

#[test]
fn an_item_that_is_cut_off_is_left_to_the_next_poll() {
    let feed = read("<rss><channel><item><title>1</title></item><item><title>2</title><link>/hal").unwrap();
    assert_eq!((feed.entries.len(), feed.notes.len()), (1, 1));
}

#[test]
fn a_feed_says_how_long_it_wants_to_be_left_alone() {
    let ttl = |inside: &str| read(&format!("<rss><channel>{inside}</channel></rss>")).unwrap().ttl;
    let minutes = |minutes: u64| Some(Duration::from_secs(minutes * 60));
    assert_eq!(ttl("<ttl>120</ttl>"), minutes(120));
    assert_eq!(ttl("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"), minutes(360));
    assert_eq!(
        ttl("<sy:updateFrequency>0</sy:updateFrequency><sy:updatePeriod> hourly\n</sy:updatePeriod><ttl>5</ttl>"),
        minutes(60)
    );
    for nonsense in ["0", "-5", "soon", ""] {
        assert_eq!(ttl(&format!("<ttl>{nonsense}</ttl>")), None, "{nonsense}");
    }
}

#[test]
fn an_entry_is_known_by_its_link_too() {
    let feed = read(
        "<rss><item><guid>1</guid><link>/a</link></item><item><guid>2</guid><link>/b</link><title>x</title></item>\
        <item><guid>3</guid><link>/b</link><title>y</title></item></rss>",
    )
    .unwrap();
    let keys: Vec<Vec<String>> =
        feed.keys().into_iter().map(|keys| keys.into_iter().map(|key| key.0).collect()).collect();
    assert_eq!(keys, [vec!["id 1", "link news.example/a"], vec!["id 2"], vec!["id 3"]]);
}

#[test]
fn what_is_no_feed_is_named() {
    let found = |text: &str| match read(text) {
        Err(FeedError::NotAFeed { found }) => found,
        other => panic!("{other:?}"),
    };
    assert_eq!(found("<!DOCTYPE html><html><head><title>Just a moment...</title>"), Instead::Challenge);
    assert_eq!(
        found("<html><title>News &amp; more</title><body><rss><item>"),
        Instead::Page { title: "News & more".to_owned() }
    );
    assert_eq!(found("<p>Not found"), Instead::Page { title: String::new() });
    assert_eq!(found("<?xml version='1.0'?><opml><body/></opml>"), Instead::Xml { root: "opml".to_owned() });
    assert_eq!(found("{\"error\": 403}"), Instead::Json);
    assert_eq!(found("Not found"), Instead::Text);
    assert_eq!(read(" \n"), Err(FeedError::Empty));
    assert!(matches!(read("{\"items\": ["), Err(FeedError::Broken { .. })));
}

#[test]
fn a_feed_without_items_is_a_feed() {
    let feed = read("<rss version='2.0'><channel><title>Quiet &amp; empty</title></channel></rss>").unwrap();
    assert_eq!((feed.title.as_deref(), feed.entries.len()), (Some("Quiet & empty"), 0));
}
