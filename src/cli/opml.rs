//! `opml`: source lists from and for other feed readers.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::ExitCode;

use opml::{Head, OPML, Outline};
use url::Url;

use crate::cli::arguments::{Arguments, OpmlCommand};
use crate::cli::output::{Failure, TROUBLE, out, told};
use crate::cli::setup;
use crate::config::Config;
use crate::model::{LangCode, Source, SourceId};

/// Longest list that is read.
const LONGEST: u64 = 16 << 20;

pub(super) fn run(arguments: &Arguments, command: &OpmlCommand) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    match command {
        OpmlCommand::Export => export(&config),
        OpmlCommand::Import { file } => import(&config, file),
    }
}

fn export(config: &Config) -> Result<ExitCode, Failure> {
    let head = Head { title: Some("tollwatch".to_owned()), ..Head::default() };
    let mut list = OPML { head: Some(head), ..OPML::default() };
    list.body.outlines = config.sources.iter().map(outline).collect();
    let text = list.to_string().map_err(|error| Failure::new("cannot write the list", &error))?;
    let mut out = out();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}")?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn outline(source: &Source) -> Outline {
    Outline {
        text: source.name.clone(),
        title: Some(source.name.clone()),
        r#type: Some("rss".to_owned()),
        xml_url: Some(source.feed.to_string()),
        language: source.lang.as_ref().map(ToString::to_string),
        category: Some(source.id.to_string()),
        ..Outline::default()
    }
}

/// Prints the feeds of a list that the configuration does not have, as a file for `sources/`.
fn import(config: &Config, file: &std::path::Path) -> Result<ExitCode, Failure> {
    let mut bytes = Vec::new();
    let failed = |error: std::io::Error| Failure::new(&format!("cannot read {}", file.display()), &error);
    if file.as_os_str() == "-" {
        std::io::Read::read_to_end(&mut std::io::Read::take(std::io::stdin().lock(), LONGEST), &mut bytes)
            .map_err(failed)?;
    } else {
        let opened = std::fs::File::open(file).map_err(failed)?;
        std::io::Read::read_to_end(&mut std::io::Read::take(opened, LONGEST), &mut bytes).map_err(failed)?;
    }
    let text = crate::scrape::decode(&bytes, None);
    let list = OPML::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| Failure::new(&format!("{} is no OPML", file.display()), &error))?;
    let mut feeds: BTreeSet<String> = config.sources.iter().map(|source| source.feed.to_string()).collect();
    let mut ids: BTreeSet<String> = config.sources.iter().map(|source| source.id.to_string()).collect();
    let (mut added, mut known, mut wrong) = (0, 0, 0);
    let mut out = out();
    let mut open: Vec<&Outline> = list.body.outlines.iter().rev().collect();
    while let Some(outline) = open.pop() {
        open.extend(outline.outlines.iter().rev());
        let Some(address) = &outline.xml_url else { continue };
        let feed = Url::parse(address.trim()).ok().filter(|feed| matches!(feed.scheme(), "http" | "https"));
        let Some(feed) = feed else {
            wrong += 1;
            continue;
        };
        if feeds.insert(feed.to_string()) {
            added += 1;
            write!(out, "{}", block(outline, &feed, &mut ids))?;
        } else {
            known += 1;
        }
    }
    out.flush()?;
    told(&format!("{added} new sources, {known} known, {wrong} without a web address"));
    Ok(if wrong > 0 { ExitCode::from(TROUBLE) } else { ExitCode::SUCCESS })
}

/// A source block for an outline.
fn block(outline: &Outline, feed: &Url, ids: &mut BTreeSet<String>) -> String {
    let name = [outline.title.as_deref(), Some(outline.text.as_str()), feed.host_str()];
    let name = name.into_iter().flatten().map(str::trim).find(|name| !name.is_empty()).unwrap_or("source");
    let name = crate::view::sanitised(name);
    let id = free_id(&name, outline.category.as_deref(), feed, ids);
    let lang = outline.language.as_deref().and_then(|lang| lang.split(['-', '_']).next()).map(str::to_lowercase);
    let lang = lang.and_then(|lang| LangCode::new(&lang).ok()).filter(|lang| lang.as_str().len() == 2);
    let lang = lang.map(|lang| format!("lang = \"{lang}\"\n")).unwrap_or_default();
    let text = |text: &str| serde_json::Value::from(text).to_string();
    format!("[[source]]\nid = \"{id}\"\nname = {}\nfeed = {}\n{lang}\n", text(&name), text(feed.as_str()))
}

/// An id that no source has: the one that an export gave, or one made from the name or the host.
fn free_id(name: &str, category: Option<&str>, feed: &Url, ids: &mut BTreeSet<String>) -> String {
    let made = |text: &str| {
        let plain: String =
            text.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
        plain.split_whitespace().collect::<Vec<_>>().join("-").chars().take(50).collect::<String>()
    };
    let own = category.filter(|id| SourceId::new(id).is_ok()).map(ToOwned::to_owned);
    let base = own.unwrap_or_else(|| made(name));
    let base = if SourceId::new(&base).is_ok() { base } else { made(feed.host_str().unwrap_or("source")) };
    let numbered = (2..).map(|n| format!("{base}-{n}"));
    let id = std::iter::once(base.clone()).chain(numbered).find(|id| !ids.contains(id)).unwrap_or(base);
    ids.insert(id.clone());
    id
}
