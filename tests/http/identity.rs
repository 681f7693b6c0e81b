//! J: which item is which.

use std::sync::{Arc, Mutex};

use crate::bench::Bench;
use crate::support::{Answer, Site, page};

/// A site whose feed has these items, with `HOST` for its own host.
async fn site(items: &Arc<Mutex<String>>) -> (Site, Bench) {
    let items = Arc::clone(items);
    let site = Site::serve(move |seen| {
        let host = seen.header("host").unwrap();
        match seen.path.as_str() {
            "/feed" => {
                let items = items.lock().unwrap().replace("HOST", &host);
                Answer::ok("text/xml", format!("<rss version=\"2.0\"><channel><title>F</title>{items}</channel></rss>"))
            }
            "/robots.txt" => Answer::status(404),
            path => Answer::ok("text/html", page(path, "2024-03-15T10:00:00Z", "Nothing of note happened today.")),
        }
    });
    let bench = Bench::new(&site.url("/feed")).await;
    (site, bench)
}

/// How many articles each of two versions of a feed brings.
async fn read(first: &str, second: &str) -> (usize, usize) {
    let items = Arc::new(Mutex::new(first.to_owned()));
    let (_site, bench) = site(&items).await;
    let one = bench.once(0).await.articles;
    second.clone_into(&mut items.lock().unwrap());
    (one, bench.once(1_000).await.articles)
}

#[tokio::test]
async fn j1_the_same_id_with_another_title_is_no_new_item() {
    let item = |title: &str| format!("<item><title>{title}</title><guid>1</guid><link>http://HOST/a</link></item>");
    assert_eq!(read(&item("One"), &item("Another")).await, (1, 0));
}

#[tokio::test]
async fn j2_a_new_id_on_a_known_link_is_no_new_item() {
    let item = |guid: &str, more: &str| {
        format!(
            "<item><title>One</title><guid isPermaLink=\"false\">{guid}</guid><link>http://HOST/a{more}</link></item>"
        )
    };
    assert_eq!(read(&item("1", ""), &item("2", "?utm_source=rss#top")).await, (1, 0));
}

#[tokio::test]
async fn j3_a_link_with_a_token_is_no_identity() {
    let item = |token: &str| {
        format!(
            "<item><title>One</title><link>http://HOST/a?token={token}</link><pubDate>Fri, 15 Mar 2024 10:00:00 GMT</pubDate></item>"
        )
    };
    assert_eq!(read(&item("1"), &item("2")).await, (1, 0));
}

#[tokio::test]
async fn j5_an_item_without_a_sensible_date_has_the_day_it_was_first_seen() {
    for date in
        ["", "<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>", "<pubDate>Sun, 15 Mar 2099 10:00:00 GMT</pubDate>"]
    {
        let items = Arc::new(Mutex::new(format!("<item><title>One</title><link>http://HOST/a</link>{date}</item>")));
        let (_site, bench) = site(&items).await;
        assert_eq!(bench.once(0).await.articles, 1, "{date}");
    }
}

#[tokio::test]
async fn j8_an_item_twice_in_a_document_is_one() {
    let item = "<item><title>One</title><guid>1</guid><link>http://HOST/a</link></item>";
    assert_eq!(read(&format!("{item}{item}"), item).await, (1, 0));
}

/// How many articles are read of a feed that had item 0 and now has items 20 and 21, with the others on older pages.
async fn archived(rel: &str, pages: usize) -> (usize, usize) {
    let (begun, rel) = (Arc::new(Mutex::new(false)), rel.to_owned());
    let is_later = Arc::clone(&begun);
    let site = Site::serve(move |seen| {
        let host = seen.header("host").unwrap();
        let item = |n: usize| format!("<item><title>{n}</title><guid>{n}</guid><link>http://{host}/{n}</link></item>");
        let feed = |items: &[usize], older: Option<usize>| {
            let older =
                older.map(|page| format!("<atom:link rel=\"{rel}\" href=\"/page/{page}\"/>")).unwrap_or_default();
            let items: Vec<String> = items.iter().map(|n| item(*n)).collect();
            let head = "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>F</title>";
            Answer::ok("text/xml", format!("{head}{older}{}</channel></rss>", items.concat()))
        };
        match seen.path.as_str() {
            "/feed" if *is_later.lock().unwrap() => feed(&[21, 20], Some(1)),
            "/feed" => feed(&[0], None),
            "/robots.txt" => Answer::status(404),
            path => match path.strip_prefix("/page/").map(|page| page.parse::<usize>().unwrap()) {
                Some(page) if page == pages => feed(&[20 - page, 0], Some(page + 1)),
                Some(page) => feed(&[20 - page], Some(page + 1)),
                None => Answer::ok("text/html", page(path, "2024-03-15T10:00:00Z", "Nothing of note happened today.")),
            },
        }
    });
    let bench = Bench::new(&site.url("/feed")).await;
    assert_eq!(bench.once(0).await.articles, 1);
    *begun.lock().unwrap() = true;
    let articles = bench.once(1_000).await.articles;
    let asked = (1..9).map(|page| site.asked(&format!("/page/{page}")).len()).sum();
    (articles, asked)
}

#[tokio::test]
async fn j7_where_items_are_missing_a_few_older_pages_are_asked() {
    for rel in ["prev-archive", "next", "Next"] {
        assert_eq!(archived(rel, 2).await, (4, 2), "{rel}: until one has what is known");
    }
    assert_eq!(archived("next", 9).await, (5, 3), "three at most");
    assert_eq!(archived("self", 2).await, (2, 0));
    assert_eq!(archived("next", 1).await, (3, 1));
}
