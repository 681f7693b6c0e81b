//! An item as its elements fill it in, one after the other, before it is known which others stand beside it.

use jiff::Timestamp;
use url::Url;

use crate::dates::date;
use crate::feed::cut;
use crate::feed::decode::once;
use crate::feed::text::plain;

/// Longest headline, in bytes.
const LONGEST_TITLE: usize = 4 * 1024;

/// Longest address, id, date or name, in bytes.
pub(super) const LONGEST_LINE: usize = 4 * 1024;

/// Longest summary and full text, in bytes.
pub(super) const LONGEST_SUMMARY: usize = 256 * 1024;
pub(super) const LONGEST_CONTENT: usize = 2 * 1024 * 1024;

/// No feed is older; a date before that is a clock that nobody set.
const FIRST_YEAR: Timestamp = Timestamp::constant(631_152_000, 0);

/// A value for which several elements may stand: the lowest rank counts, and of equals the first.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    value: String,
    rank: u8,
}

impl Default for Slot {
    fn default() -> Self {
        Self { value: String::new(), rank: u8::MAX }
    }
}

impl Slot {
    /// Takes a value, unless it is empty or there is a better one.
    pub(super) fn offer(&mut self, value: &str, rank: u8) {
        let value = value.trim();
        if !value.is_empty() && rank < self.rank {
            value.clone_into(&mut self.value);
            self.rank = rank;
        }
    }

    /// Whether there is a value of this rank.
    pub(super) fn has(&self, rank: u8) -> bool {
        self.rank == rank
    }

    /// The value, if there is one.
    pub(super) fn get(&self) -> Option<&str> {
        Some(self.value.as_str()).filter(|value| !value.is_empty())
    }

    fn take(self) -> Option<String> {
        Some(self.value).filter(|value| !value.is_empty())
    }
}

/// An item that is being read.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) title: Slot,
    pub(super) link: Slot,
    pub(super) id: Slot,
    pub(super) published: Slot,
    pub(super) updated: Slot,
    pub(super) summary: Slot,
    pub(super) content: Slot,
    pub(super) author: Slot,
}

/// An item that was read, without its key.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) id: Option<String>,
    pub(super) link: Option<Url>,
    pub(super) title: String,
    pub(super) published: Option<Timestamp>,
    pub(super) published_raw: Option<String>,
    pub(super) updated: Option<Timestamp>,
    pub(super) summary: Option<String>,
    pub(super) content: Option<String>,
    pub(super) author: Option<String>,
}

impl Item {
    /// The latest date it has.
    pub(super) fn latest(&self) -> Option<Timestamp> {
        self.published.max(self.updated)
    }
}

impl Draft {
    /// The item, unless nothing was said about it. Addresses are relative to `base`.
    pub(super) fn finished(self, base: &Url) -> Option<Item> {
        let slots = [
            &self.title,
            &self.link,
            &self.id,
            &self.published,
            &self.updated,
            &self.summary,
            &self.content,
            &self.author,
        ];
        if slots.into_iter().all(|slot| slot.get().is_none()) {
            return None;
        }
        let title = cut(&plain(&once(self.title.get().unwrap_or_default())), LONGEST_TITLE).to_owned();
        let updated = self.updated.get().and_then(day);
        Some(Item {
            link: self.link.get().and_then(|link| address(link, base)),
            // Many feeds only say when an entry was last changed.
            published: self.published.get().and_then(day).or(updated),
            published_raw: self.published.take(),
            updated,
            summary: self.summary.get().map(|text| once(text).into_owned()),
            content: self.content.get().map(|text| once(text).into_owned()),
            author: self.author.get().map(plain).filter(|author| !author.is_empty()),
            id: self.id.take(),
            title,
        })
    }
}

/// A link that can be followed over the network.
pub(super) fn address(link: &str, base: &Url) -> Option<Url> {
    let link = link.trim();
    base.join(link).ok().filter(|url| !link.is_empty() && matches!(url.scheme(), "http" | "https"))
}

fn day(text: &str) -> Option<Timestamp> {
    date(text).filter(|time| *time >= FIRST_YEAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_word_counts_and_of_equals_the_first() {
        let mut slot = Slot::default();
        slot.offer("dublin", 2);
        slot.offer(" ", 0);
        slot.offer("first", 1);
        slot.offer("second", 1);
        assert_eq!(slot.get(), Some("first"));
    }

    #[test]
    fn only_the_network_is_linked_to() {
        let base = Url::parse("https://news.example/rss").unwrap();
        assert_eq!(address(" /a\n", &base).unwrap().as_str(), "https://news.example/a");
        for link in ["", "javascript:alert(1)", "file:///etc/passwd", "http://[bad"] {
            assert_eq!(address(link, &base), None, "{link}");
        }
    }

    #[test]
    fn a_clock_that_nobody_set_gives_no_date() {
        let base = Url::parse("https://news.example/").unwrap();
        let mut draft = Draft::default();
        draft.title.offer("a", 0);
        draft.published.offer("Thu, 01 Jan 1970 00:00:00 GMT", 0);
        let item = draft.finished(&base).unwrap();
        assert_eq!((item.published, item.published_raw.is_some()), (None, true));
    }
}
