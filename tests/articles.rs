//! Pages → articles: `tests/articles/` holds pages and what must be read from them. `BLESS=1` rewrites what stands
//! below the line.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]
#![allow(clippy::disallowed_methods, reason = "BLESS is for the person who runs the tests")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tollwatch::model::Selectors;
use tollwatch::scrape::{Page, read};
use url::Url;

fn address() -> Url {
    "https://post.example/2024/03/15/kherson.html".parse().unwrap()
}

fn told(page: &Page) -> String {
    let article = &page.article;
    let mut out = String::new();
    let mut say = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            writeln!(out, "{name}: {value}").unwrap();
        }
    };
    say("url", article.url.as_ref().map(ToString::to_string));
    say("title", Some(article.title.clone()));
    say("byline", article.byline.clone());
    say("published", article.published.map(|time| time.to_string()));
    say("modified", article.modified.map(|time| time.to_string()));
    say("lang", article.lang.as_ref().map(ToString::to_string));
    say("description", article.description.clone());
    say("method", Some(format!("{:?}", page.method)));
    writeln!(out, "\n{}", article.text).unwrap();
    out
}

#[test]
fn pages_give_their_stories() {
    let mut wrong = Vec::new();
    let mut cases = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let (html, expected) = text.split_once("\n----\n").unwrap();
        let page = html.split_once('\n').unwrap().1;
        let found = told(&read(page, Some(&address()), None));
        cases += 1;
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, format!("{html}\n----\n{found}")).unwrap();
        } else if found != expected {
            wrong.push(format!("{}\n{found}", path.display()));
        }
    }
    assert!(cases > 10);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_selectors_of_a_source_go_before_the_reader_unless_they_find_less() {
    let paragraph = "Shelling killed three people and wounded eleven on Friday, the governor said, and the power was off until the evening in two districts of the city.";
    let html = format!(
        "<h1>Title of it</h1><div class=a><p>{paragraph}</p><p>{paragraph} Again.</p><i class=x>Not this</i></div><div class=b>Too short</div>"
    );
    let rules = |body: &str| Selectors { body: Some(body.into()), remove: vec![".x".into()], ..Selectors::default() };
    let page = read(&html, None, Some(&rules(".a")));
    assert_eq!(page.method, tollwatch::scrape::Method::Rule);
    assert_eq!(page.article.text, format!("{paragraph}\n\n{paragraph} Again."));
    let stale = read(&html, None, Some(&rules(".b")));
    assert_eq!(stale.method, tollwatch::scrape::Method::Reader);
    assert!(stale.warnings[0].contains("out of date"), "{:?}", stale.warnings);
}

#[test]
fn a_page_without_a_story_says_so() {
    for html in ["", "<html>", "<p>", "<script>while(true);</script><div id=app></div>"] {
        let page = read(html, None, None);
        assert_eq!(page.article.text, "", "{html}");
        assert_eq!(page.warnings, ["no article text was found"]);
    }
}

/// Scripts are full of marks that cost much to escape, and are not escaped.
#[test]
fn a_large_script_changes_no_story() {
    let script = format!("<script>{}</script>", "if(a<b&&c>d){};".repeat(30_000));
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let (html, _) = text.split_once("\n----\n").unwrap();
        let page = html.split_once('\n').unwrap().1;
        let scripted = format!("{script}{page}");
        assert_eq!(read(&scripted, None, None).article.text, read(page, None, None).article.text);
    }
}

/// Each must come back, on the stack that the daemon gives.
#[test]
fn large_and_deep_pages_are_read_on_an_ordinary_stack() {
    let deep = format!("<body>{}deep text{}", "<div>".repeat(50_000), "</div>".repeat(50_000));
    let inline = format!("<body>{}", "<font><b><i>x".repeat(20_000));
    let wide = format!("<body><table>{}", "<tr><td>x<td>y".repeat(20_000));
    let links = format!("<body>{}", "<a href=x>b, c</a>".repeat(20_000));
    // For each mark that it escapes, html5ever looks through the rest of the text.
    let marks = format!("<body><p>{}", " dead in Khe&son".repeat(65_536));
    let quotes = format!("<body><p>{}", " a «word»".repeat(100_000));
    let drawn = format!("<body><svg><script>{}", " dead in Khe&son".repeat(65_536));
    for html in [deep, inline, wide, links, marks, quotes, drawn] {
        let begun = std::time::Instant::now();
        let read =
            std::thread::Builder::new().stack_size(8 << 20).spawn(move || read(&html, None, None)).unwrap().join();
        read.unwrap();
        assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
    }
}

/// The pages of the cases, changed in some places: what is cut, doubled, put in or put elsewhere.
fn read_broken_pages(count: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles");
    let samples: Vec<Vec<u8>> =
        fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 16).unwrap()
    };
    let pieces: [&[u8]; 8] = [b"<", b"</p>", b"<table>", b"<b>", b"<!--", b"<script>", b"&#", b"\xff"];
    for _ in 0..count {
        let mut page = samples[random() % samples.len()].clone();
        for _ in 0..=random() % 12 {
            let at = random() % page.len();
            let end = (at + random() % 300).min(page.len());
            match random() % 4 {
                0 => page[at] = random().to_le_bytes()[0],
                1 => drop(page.splice(at..at, pieces[random() % pieces.len()].iter().copied())),
                2 if page.len() > 1_000 => drop(page.drain(at..end)),
                _ => {
                    let piece = page[at..end].to_vec();
                    let to = random() % page.len();
                    drop(page.splice(to..to, piece));
                }
            }
        }
        let html = tollwatch::scrape::decode(&page, None);
        let read = read(&html, Some(&address()), None);
        assert!(read.article.text.len() <= html.len() * 4 + 64);
    }
}

#[test]
fn broken_pages_are_read() {
    read_broken_pages(100);
}

/// A hundred thousand of them: `cargo test --release --test articles -- --ignored`.
#[test]
#[ignore = "takes minutes; the sample above runs always"]
fn a_hundred_thousand_broken_pages_are_read() {
    read_broken_pages(100_000);
}
