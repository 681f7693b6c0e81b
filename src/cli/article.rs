//! `article`: a saved page or an address → the article.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use serde_json::json;
use url::Url;

use crate::cli::arguments::{Arguments, ArticleOptions};
use crate::cli::extract::on_a_deep_stack;
use crate::cli::output::{Failure, out, told};
use crate::cli::setup;
use crate::fetch::{Purpose, Request, Response};
use crate::model::Source;
use crate::scrape::{self, Page};
use crate::store::Store;
use crate::view::{safe_json, sanitised};

pub(super) fn run(arguments: &Arguments, options: &ArticleOptions) -> Result<ExitCode, Failure> {
    let is_address = options.place.starts_with("http://") || options.place.starts_with("https://");
    let page = if is_address { from_address(arguments, options)? } else { from_file(options)? };
    let article = &page.article;
    let mut out = out();
    if options.json {
        let value = json!({
            "url": article.url.as_ref().map(Url::as_str),
            "title": article.title,
            "published": article.published,
            "modified": article.modified,
            "byline": article.byline,
            "lang": article.lang.as_ref().map(|lang| lang.as_str()),
            "publisher": article.publisher,
            "description": article.description,
            "text": article.text,
        });
        writeln!(out, "{}", safe_json(&value))?;
    } else {
        let said = |name: &str, value: Option<String>| value.map(|value| format!("{name}: {}", sanitised(&value)));
        let head = [
            said("title", Some(article.title.clone())),
            said("url", article.url.as_ref().map(ToString::to_string)),
            said("published", article.published.map(|time| time.to_string())),
            said("modified", article.modified.map(|time| time.to_string())),
            said("byline", article.byline.clone()),
            said("language", article.lang.as_ref().map(ToString::to_string)),
            said("publisher", article.publisher.clone()),
            said("description", article.description.clone()),
        ];
        for line in head.into_iter().flatten() {
            writeln!(out, "{line}")?;
        }
        for paragraph in article.text.split('\n') {
            writeln!(out, "{}", sanitised(paragraph))?;
        }
    }
    out.flush()?;
    for warning in &page.warnings {
        told(&format!("note: {warning}"));
    }
    Ok(ExitCode::SUCCESS)
}

fn from_file(options: &ArticleOptions) -> Result<Page, Failure> {
    let failed = |error: std::io::Error| Failure::new(&format!("cannot read {}", options.place), &error);
    let mut bytes = Vec::new();
    std::fs::File::open(&options.place).and_then(|file| file.take(64 << 20).read_to_end(&mut bytes)).map_err(failed)?;
    let html = scrape::decode(&bytes, None);
    on_a_deep_stack(|| scrape::read(&html, options.url.as_ref(), None))
}

/// Asks politely, as a poll would, and with the selectors of the source whose host it is.
fn from_address(arguments: &Arguments, options: &ArticleOptions) -> Result<Page, Failure> {
    let config = setup::config(arguments)?;
    let log = setup::log(arguments, &config);
    let url = Url::parse(&options.place).map_err(|error| Failure::new(&options.place, &error))?;
    let answer = setup::runtime()?.block_on(async {
        let store = Store::open("sqlite::memory:").await?;
        let world = setup::world(&config, store, &log)?;
        let request = Request::new(url.clone(), Purpose::Article);
        world.fetcher.get(request).await.map_err(|error| Failure::of(&error))
    })?;
    let Response::Full(body) = answer else { return Err(Failure::plain(format!("{url} has nothing to say"), 1)) };
    let of_host = |source: &&Source| source.feed.host_str() == url.host_str() && source.article.is_some();
    let rules = config.sources.iter().find(of_host).and_then(|source| source.article.as_ref());
    let html = scrape::decode(&body.bytes, body.content_type.as_deref());
    on_a_deep_stack(|| scrape::read(&html, Some(&body.url), rules))
}
