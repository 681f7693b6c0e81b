//! What a feed says about itself: its title and page, when it wants to be asked again, where its older items are.

use std::time::Duration;

use url::Url;

use crate::feed::draft::{Slot, address};
use crate::feed::markup::{Tag, Token, Tokens};
use crate::feed::names::Vocabulary;
use crate::feed::references::Entities;
use crate::feed::value::{link, value};
use crate::model::QuietHours;

/// What a feed says about itself.
#[derive(Debug, Default)]
pub(super) struct Channel {
    pub(super) title: Slot,
    pub(super) site: Option<Url>,
    /// The page of the same feed with the items before these (RFC 5005).
    pub(super) older: Option<Url>,
    pub(super) quiet: QuietHours,
    ttl: Option<Duration>,
    /// How often it says it changes: so many times in such a period.
    period: Option<Duration>,
    times: Option<u32>,
}

/// Whether a feed says something about itself with an element; others may be wrappers around the items.
pub(super) fn is_about_it(vocabulary: Vocabulary, word: &str) -> bool {
    match vocabulary {
        Vocabulary::Core => ["title", "link", "ttl", "skiphours", "skipdays"].contains(&word),
        Vocabulary::Dublin => word == "title",
        Vocabulary::Syndication => true,
        Vocabulary::Content
        | Vocabulary::Media
        | Vocabulary::Itunes
        | Vocabulary::Feedburner
        | Vocabulary::Yandex
        | Vocabulary::Other => false,
    }
}

impl Channel {
    /// For how long it asks to be left alone.
    pub(super) fn ttl(&self) -> Option<Duration> {
        self.ttl.max(self.period.map(|period| period / self.times.unwrap_or(1)))
    }

    /// Takes in an element of which `is_about_it` holds. Addresses in it are relative to `base`.
    pub(super) fn take(
        &mut self,
        (vocabulary, word): (Vocabulary, &str),
        tag: &Tag<'_>,
        inside: &str,
        entities: &Entities,
        base: &Url,
    ) {
        let text = value(tag, inside, entities);
        match word {
            "title" => self.title.offer(&text, u8::from(vocabulary == Vocabulary::Dublin)),
            "link" if leads_back(tag) => {
                let href = tag.attribute("href").map(|href| entities.resolve(href));
                self.older = self.older.take().or_else(|| address(&href?, base));
            }
            "link" => {
                let link = link(tag, &text, entities).filter(|(_, rank)| *rank <= 2);
                let site = link.and_then(|(link, _)| address(&link, base));
                self.site = self.site.take().or(site);
            }
            "ttl" => self.ttl = number(&text).map(|minutes| Duration::from_secs(u64::from(minutes) * 60)),
            "skiphours" => {
                for hour in words(inside).filter_map(|word| word.parse().ok()) {
                    self.quiet.add_hour(hour);
                }
            }
            "skipdays" => {
                for day in words(inside).filter_map(day) {
                    self.quiet.add_day(day);
                }
            }
            "updateperiod" => self.period = period(text.trim()),
            "updatefrequency" => self.times = number(&text),
            _ => {}
        }
    }
}

/// Whether a link leads to the items before these, by the words of archives or of pages.
fn leads_back(tag: &Tag<'_>) -> bool {
    let rel = tag.attribute("rel").unwrap_or_default();
    ["prev-archive", "next"].iter().any(|known| rel.eq_ignore_ascii_case(known))
}

/// The texts between the tags.
fn words(inside: &str) -> impl Iterator<Item = &str> {
    Tokens::new(inside).filter_map(|token| match token {
        Token::Text(text) | Token::CData(text) => Some(text.trim()),
        Token::Open(_) | Token::Close(_) | Token::Doctype(_) => None,
    })
}

fn day(word: &str) -> Option<u8> {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    days.iter().zip(0..).find(|(day, _)| word.eq_ignore_ascii_case(day)).map(|(_, number)| number)
}

fn number(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|number| *number > 0)
}

fn period(word: &str) -> Option<Duration> {
    let hours = match word {
        "hourly" => 1,
        "daily" => 24,
        "weekly" => 7 * 24,
        "monthly" => 30 * 24,
        "yearly" => 365 * 24,
        _ => return None,
    };
    Some(Duration::from_secs(hours * 3600))
}
