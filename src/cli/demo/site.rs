//! The demo's news site: four small servers on loopback, one an outlet, that answer `GET` and nothing else.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::civil::Weekday;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::cli::demo::scene::{ARTICLES, Article, FAILING, FAILS, Form, OUTLETS};
use crate::view::sanitised;

/// The site.
pub(super) struct Site {
    listeners: Vec<(TcpListener, SocketAddr)>,
    scene: AtomicUsize,
    begun: Timestamp,
}

impl Site {
    /// Opens one port for each outlet.
    pub(super) async fn open(begun: Timestamp) -> std::io::Result<Self> {
        let mut listeners = Vec::with_capacity(OUTLETS.len());
        for _ in &OUTLETS {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
            let address = listener.local_addr()?;
            listeners.push((listener, address));
        }
        Ok(Self { listeners, scene: AtomicUsize::new(0), begun })
    }

    /// The addresses of the feeds, in the order of the outlets.
    pub(super) fn feeds(&self) -> impl Iterator<Item = String> + '_ {
        self.listeners.iter().map(|(_, address)| format!("http://{address}/feed"))
    }

    /// Goes on to a scene.
    pub(super) fn turn_to(&self, scene: usize) {
        self.scene.store(scene, Ordering::Relaxed);
    }

    /// Answers requests until dropped.
    pub(super) async fn serve(&self) {
        let mut waiting: JoinSet<()> = JoinSet::new();
        loop {
            let accepts = self
                .listeners
                .iter()
                .enumerate()
                .map(|(outlet, (listener, _))| Box::pin(async move { (outlet, listener.accept().await) }));
            let (outlet, accepted) = first(accepts.collect()).await;
            let Ok((stream, _)) = accepted else { continue };
            let answer = Answers {
                scene: self.scene.load(Ordering::Relaxed),
                begun: self.begun,
                outlet,
                address: self.address(outlet),
            };
            waiting.spawn(async move {
                // A reader that hangs up is nobody's loss.
                drop(tokio::time::timeout(Duration::from_secs(5), answer.converse(stream)).await);
            });
            while waiting.try_join_next().is_some() {}
        }
    }

    fn address(&self, outlet: usize) -> Option<SocketAddr> {
        self.listeners.get(outlet).map(|(_, address)| *address)
    }
}

/// The first of several futures that is ready.
async fn first<F: Future + Unpin>(mut futures: Vec<F>) -> F::Output {
    std::future::poll_fn(|context| {
        for future in &mut futures {
            if let std::task::Poll::Ready(output) = std::pin::Pin::new(future).poll(context) {
                return std::task::Poll::Ready(output);
            }
        }
        std::task::Poll::Pending
    })
    .await
}

/// What one outlet answers in one scene.
struct Answers {
    scene: usize,
    begun: Timestamp,
    outlet: usize,
    address: Option<SocketAddr>,
}

impl Answers {
    async fn converse(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut request = Vec::new();
        let mut chunk = [0; 2048];
        while !request.windows(4).any(|end| end == b"\r\n\r\n") && request.len() < 16_384 {
            let read = stream.read(&mut chunk).await?;
            if read == 0 {
                break;
            }
            request.extend_from_slice(chunk.get(..read).unwrap_or_default());
        }
        let head = String::from_utf8_lossy(&request).into_owned();
        stream.write_all(self.answer(&head).as_bytes()).await?;
        stream.shutdown().await
    }

    fn answer(&self, head: &str) -> String {
        let path = head.split_whitespace().nth(1).unwrap_or("/");
        let tag = format!("\"scene-{}\"", self.scene);
        if path == "/feed" {
            if self.outlet == FAILS && self.scene == FAILING {
                return response("500 Internal Server Error", "text/plain", "", "out of order");
            }
            if head.to_ascii_lowercase().contains(&format!("if-none-match: {tag}")) {
                return format!("HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nConnection: close\r\n\r\n");
            }
            let (kind, body) = self.feed();
            return response("200 OK", kind, &format!("ETag: {tag}\r\n"), &body);
        }
        match self.articles().find(|article| path.strip_prefix('/') == Some(article.slug)) {
            Some(article) => response("200 OK", "text/html; charset=utf-8", "", &self.page(article)),
            None => response("404 Not Found", "text/plain", "", "not here"),
        }
    }

    fn articles(&self) -> impl Iterator<Item = &'static Article> {
        let (outlet, scene) = (self.outlet, self.scene);
        ARTICLES.iter().filter(move |article| article.outlet == outlet && article.from <= scene)
    }

    fn link(&self, article: &Article) -> String {
        self.address.map(|address| format!("http://{address}/{}", article.slug)).unwrap_or_default()
    }

    fn feed(&self) -> (&'static str, String) {
        let outlet = OUTLETS.get(self.outlet);
        let name = outlet.map_or("", |outlet| outlet.name);
        let time = self.begun;
        let rfc822 = time.strftime("%a, %d %b %Y %H:%M:%S GMT");
        let items = |build: &dyn Fn(&Article, String) -> String, joint: &str| {
            self.articles().map(|article| build(article, self.link(article))).collect::<Vec<_>>().join(joint)
        };
        match outlet.map_or(Form::Rss, |outlet| outlet.form) {
            Form::Rss => {
                let items = items(
                    &|a, link| {
                        format!(
                            "<item><title>{}</title><link>{link}</link><guid>{link}</guid><pubDate>{rfc822}</pubDate></item>",
                            a.title
                        )
                    },
                    "",
                );
                (
                    "application/rss+xml",
                    format!(
                        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{name}</title>{items}</channel></rss>"
                    ),
                )
            }
            Form::Atom => {
                let items = items(
                    &|a, link| {
                        format!(
                            "<entry><title>{}</title><id>{link}</id><link href=\"{link}\"/><published>{time}</published><updated>{time}</updated></entry>",
                            a.title
                        )
                    },
                    "",
                );
                (
                    "application/atom+xml",
                    format!(
                        "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>{name}</title><id>demo</id><updated>{time}</updated>{items}</feed>"
                    ),
                )
            }
            Form::Rdf => {
                let items = items(
                    &|a, link| {
                        format!(
                            "<item rdf:about=\"{link}\"><title>{}</title><link>{link}</link><dc:date>{time}</dc:date></item>",
                            a.title
                        )
                    },
                    "",
                );
                (
                    "application/rdf+xml",
                    format!(
                        "<?xml version=\"1.0\"?><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" \
                         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>{name}</title></channel>{items}</rdf:RDF>"
                    ),
                )
            }
            Form::Json => {
                let items = items(
                    &|a, link| {
                        serde_json::json!({ "id": link, "url": link, "title": a.title, "date_published": time })
                            .to_string()
                    },
                    ",",
                );
                (
                    "application/feed+json",
                    format!(
                        "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"{name}\",\"items\":[{items}]}}"
                    ),
                )
            }
        }
    }

    fn page(&self, article: &Article) -> String {
        let today = Offset::UTC.to_datetime(self.begun).date();
        let yesterday = today.checked_sub(1.days()).unwrap_or(today);
        let text = article
            .text_in(self.scene)
            .replace("{today}", name_of(today.weekday()))
            .replace("{yesterday}", name_of(yesterday.weekday()));
        let paragraphs: Vec<String> =
            text.split("\n\n").map(|paragraph| format!("<p>{}</p>", sanitised(paragraph))).collect();
        format!(
            "<!DOCTYPE html><html lang=\"en\"><head><title>{0}</title><meta property=\"og:title\" content=\"{0}\">\
             <meta property=\"article:published_time\" content=\"{1}\"></head><body><article><h1>{0}</h1>{2}</article></body></html>",
            article.title,
            self.begun,
            paragraphs.join("\n")
        )
    }
}

fn name_of(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn response(status: &str, kind: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{headers}Connection: close\r\n\r\n{body}",
        body.len()
    )
}
