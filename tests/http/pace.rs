//! F: politeness to hosts, and robots.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tollwatch::fetch::Settings;
use tollwatch::poll::once;

use crate::bench::{Bench, at, empty_feed, settings, source};
use crate::support::{Answer, Site, page, rss};

const HOUR: i64 = 3_600;

/// A site with articles and these rules. Its feed has as many articles as were asked for.
fn site(robots: Answer, articles: &Arc<Mutex<Vec<&'static str>>>) -> Site {
    let articles = Arc::clone(articles);
    Site::serve(move |seen| {
        let host = seen.header("host").unwrap();
        match seen.path.as_str() {
            "/robots.txt" => robots.clone(),
            "/feed" => {
                let links: Vec<String> =
                    articles.lock().unwrap().iter().map(|path| format!("http://{host}{path}")).collect();
                Answer::ok("application/rss+xml", rss(&links))
            }
            _ => {
                Answer::ok("text/html", page("Title of it", "2024-03-15T10:00:00Z", "Nothing of note happened today."))
            }
        }
    })
}

/// Which of these articles are read under these rules.
async fn read(robots: Answer, paths: &[&'static str]) -> Vec<String> {
    let site = site(robots, &Arc::new(Mutex::new(paths.to_vec())));
    let bench = Bench::new(&site.url("/feed")).await;
    bench.once(0).await;
    let mut seen: Vec<String> = site.seen.lock().unwrap().iter().map(|seen| seen.path.clone()).collect();
    seen.retain(|path| path != "/feed" && path != "/robots.txt");
    seen.sort();
    seen
}

#[tokio::test]
async fn f1_a_host_is_asked_for_one_thing_at_a_time_and_with_pauses() {
    assert_eq!(tollwatch::config::HttpConfig::default().per_host_delay, Duration::from_secs(2));
    let times: Arc<Mutex<Vec<(Instant, Instant)>>> = Arc::default();
    let kept = Arc::clone(&times);
    let site = Site::serve(move |_| {
        let begun = Instant::now();
        std::thread::sleep(Duration::from_millis(20));
        kept.lock().unwrap().push((begun, Instant::now()));
        Answer::ok("application/rss+xml", empty_feed())
    });
    let pause = Duration::from_millis(120);
    let bench = Bench::with(&site.url("/feed"), Settings { per_host_delay: pause, ..settings() }).await;
    let sources: Vec<_> = (0..6).map(|n| source(&format!("s{n}"), &site.url(&format!("/{n}")))).collect();
    let polls: Vec<_> = sources.iter().map(|source| once(&bench.world, source, at(0))).collect();
    for poll in futures(polls).await {
        assert!(!poll.is_failure());
    }
    let mut times = times.lock().unwrap().clone();
    times.sort();
    for pair in times.windows(2) {
        assert!(pair[1].0 >= pair[0].1, "one at a time");
        // The server's clock starts when the request arrives, which is a little later than when it was sent.
        assert!(pair[1].0 - pair[0].0 >= pause / 2, "{:?}", pair[1].0 - pair[0].0);
    }
}

async fn futures<T, E: std::fmt::Debug>(polls: Vec<impl Future<Output = Result<T, E>>>) -> Vec<T> {
    let mut polls: Vec<_> = polls.into_iter().map(Box::pin).collect();
    let mut out: Vec<Option<T>> = polls.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (poll, out) in polls.iter_mut().zip(&mut out).filter(|(_, out)| out.is_none()) {
            if let std::task::Poll::Ready(done) = poll.as_mut().poll(context) {
                *out = Some(done.unwrap());
            }
        }
        if out.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    out.into_iter().flatten().collect()
}

#[tokio::test]
async fn f3_an_article_is_asked_for_once() {
    let site = site(Answer::status(404), &Arc::new(Mutex::new(vec!["/a", "/b"])));
    let mut bench = Bench::new(&site.url("/feed")).await;
    for hour in 0..4 {
        bench.once(hour * HOUR).await;
        bench.restart().await;
    }
    assert_eq!((site.asked("/a").len(), site.asked("/b").len()), (1, 1));
}

#[tokio::test]
async fn f4_the_rules_of_a_host_hold() {
    let rules = |text: &str| Answer::ok("text/plain", text);
    let all = ["/a/b", "/c%2Fd", "/e.pdf", "/f"];
    assert_eq!(read(rules("User-agent: *\nDisallow: /a\nAllow: /a/b\n"), &all).await, all, "the longest match counts");
    assert_eq!(read(rules("User-agent: *\nDisallow: /f\nAllow: /f\n"), &["/f"]).await, ["/f"], "ties allow");
    assert_eq!(read(rules("User-agent: *\nDisallow: /*.pdf$\nDisallow: /c%2fd"), &all).await, ["/a/b", "/f"]);
    let groups = "User-agent: tollwatch\nDisallow: /a\n\nUser-agent: other\nDisallow: /\n\nUser-agent: tollwatch\nDisallow: /f\n";
    assert_eq!(read(rules(groups), &all).await, ["/c%2Fd", "/e.pdf"], "groups of one name are one");
    assert_eq!(read(Answer::status(403), &["/f"]).await, ["/f"], "4xx: no rules");
    assert_eq!(read(Answer::status(500), &["/f"]).await, Vec::<String>::new(), "5xx: nothing may be read");
    assert_eq!(read(Answer::ok("text/html", "<p>Not found</p>"), &["/f"]).await, ["/f"], "F5: a page is no rules");
    let long = format!("{}\nUser-agent: *\nDisallow: /f", "# comment\n".repeat(40_000));
    assert_eq!(read(rules(&long), &["/f"]).await, Vec::<String>::new(), "400 kB are read");
}

#[tokio::test]
async fn f4_the_rules_are_read_once_a_day_over_restarts() {
    for (robots, every) in [(Answer::ok("text/plain", "User-agent: *\nAllow: /"), 24), (Answer::status(404), 24)] {
        let articles = Arc::new(Mutex::new(vec!["/a"]));
        let site = site(robots, &articles);
        let mut bench = Bench::new(&site.url("/feed")).await;
        bench.once(0).await;
        for (article, hour) in ["/b", "/c", "/d"].into_iter().zip([1, 12, 23]) {
            articles.lock().unwrap().push(article);
            bench.restart().await;
            bench.once(hour * HOUR).await;
            assert_eq!(site.asked("/robots.txt").len(), 1, "{hour}");
            assert_eq!(site.asked(article).len(), 1);
        }
        articles.lock().unwrap().push("/e");
        bench.restart().await;
        bench.once((every + 1) * HOUR).await;
        assert_eq!(site.asked("/robots.txt").len(), 2);
    }
}

#[tokio::test]
async fn f4_redirects_of_the_rules_are_followed() {
    let site = Site::serve(|seen| match seen.path.as_str() {
        "/robots.txt" => Answer::status(301).with("Location", "/1"),
        "/1" | "/2" | "/3" | "/4" => {
            let next: u32 = seen.path[1..].parse::<u32>().unwrap() + 1;
            Answer::status(302).with("Location", &format!("/{next}"))
        }
        "/5" => Answer::ok("text/plain", "User-agent: *\nDisallow: /"),
        "/feed" => Answer::ok("text/xml", rss(&[format!("http://{}/a", seen.header("host").unwrap())])),
        _ => Answer::ok("text/html", "<p>Text</p>"),
    });
    let bench = Bench::new(&site.url("/feed")).await;
    bench.once(0).await;
    assert_eq!(site.asked("/a").len(), 0);
}

#[tokio::test]
async fn f5_a_crawl_delay_makes_the_pause_longer() {
    let times: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let (kept, articles) = (Arc::clone(&times), ["/a", "/b"]);
    let site = Site::serve(move |seen| {
        let host = seen.header("host").unwrap();
        kept.lock().unwrap().push(Instant::now());
        match seen.path.as_str() {
            "/robots.txt" => Answer::ok("text/plain", "User-agent: *\nCrawl-delay: 0.3"),
            "/feed" => Answer::ok("text/xml", rss(&articles.map(|path| format!("http://{host}{path}")))),
            _ => Answer::ok("text/html", page("Title of it", "2024-03-15T10:00:00Z", "Nothing of note happened.")),
        }
    });
    let bench = Bench::new(&site.url("/feed")).await;
    assert_eq!(bench.once(0).await.articles, 2);
    let times = times.lock().unwrap().clone();
    // The server's clock starts when the request arrives, which is a little later than when it was sent.
    assert!(times.last().unwrap().duration_since(times[times.len() - 2]) >= Duration::from_millis(200));
}

#[tokio::test]
async fn e9_f3_an_article_that_fails_is_tried_at_growing_intervals_and_then_given_up() {
    for status in [500, 429] {
        let (articles, text) = (Arc::new(Mutex::new(vec!["/bad"])), "x".repeat(100));
        let listed = Arc::clone(&articles);
        let site = Site::serve(move |seen| match seen.path.as_str() {
            "/feed" => {
                let host = seen.header("host").unwrap();
                let links: Vec<String> =
                    listed.lock().unwrap().iter().map(|path| format!("http://{host}{path}")).collect();
                let body = rss(&links).replace("</item>", &format!("<description>{text}</description></item>"));
                Answer::ok("text/xml", body)
            }
            "/robots.txt" => Answer::status(404),
            "/good" => {
                Answer::ok("text/html", page("Title of it", "2024-03-15T10:00:00Z", "Nothing of note happened."))
            }
            _ => Answer::status(status),
        });
        let mut bench = Bench::new(&site.url("/feed")).await;
        let mut tried = Vec::new();
        let mut articles = 0;
        for minute in (0..3 * 24 * 60).step_by(60) {
            let before = site.asked("/bad").len();
            articles += bench.once(minute * 60).await.articles;
            bench.restart().await;
            if site.asked("/bad").len() > before {
                tried.push(minute);
            }
        }
        assert_eq!(articles, 1, "at last what the feed itself says is read");
        assert_eq!(tried.len(), 8, "{status}: {tried:?}");
        assert!(tried.windows(3).all(|three| three[2] - three[1] >= three[1] - three[0]), "{tried:?}");
        assert!(tried[7] - tried[0] > 24 * 60, "{tried:?}");
    }
}

#[tokio::test]
async fn e9_a_host_that_fails_for_three_articles_is_asked_for_no_more_of_them_in_this_poll() {
    let links: Vec<String> = (0..40).map(|n| format!("/{n}")).collect();
    let site = Site::serve(move |seen| {
        let host = seen.header("host").unwrap();
        match seen.path.as_str() {
            "/feed" => Answer::ok(
                "text/xml",
                rss(&links.iter().map(|path| format!("http://{host}{path}")).collect::<Vec<_>>()),
            ),
            "/robots.txt" => Answer::status(404),
            _ => Answer::status(503),
        }
    });
    let bench = Bench::new(&site.url("/feed")).await;
    bench.once(0).await;
    assert_eq!(site.seen.lock().unwrap().len(), 2 + 3);
    bench.once(900).await;
    assert_eq!(site.seen.lock().unwrap().len(), 2 + 3 + 1 + 3, "the others have their turn");
}
