//! What an element says of itself: that it holds a caption, a byline, related stories …

use std::collections::HashMap;
use std::sync::LazyLock;

use dom_query::{Element, local_name};

/// Something on a page that is not the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Figure,
    Aside,
    Navigation,
    Footer,
    Header,
    Form,
    Related,
    Newsletter,
    Share,
    Comments,
    Author,
    Byline,
    Tags,
    Advert,
    Hidden,
    Embed,
}

/// The places that something stands in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Places(u32);

impl Places {
    /// These places and those.
    pub(super) const fn and(self, places: &[Place]) -> Self {
        let mut all = self;
        let mut rest = places;
        while let Some((first, others)) = rest.split_first() {
            all.0 |= 1 << *first as u32;
            rest = others;
        }
        all
    }

    pub(super) fn add(&mut self, place: Place) {
        self.0 |= 1 << place as u32;
    }

    pub(super) fn add_all(&mut self, other: Self) {
        self.0 |= other.0;
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn has(self, place: Place) -> bool {
        self.0 & (1 << place as u32) != 0
    }

    pub(super) fn has_any(self, places: Self) -> bool {
        self.0 & places.0 != 0
    }
}

/// Whose texts are about something else on every page.
const FURNITURE: Places = Places(0).and(&[
    Place::Navigation,
    Place::Newsletter,
    Place::Comments,
    Place::Advert,
    Place::Hidden,
    Place::Author,
]);
/// Whose texts are never of the story.
pub(super) const APART: Places = FURNITURE.and(&[Place::Figure, Place::Aside, Place::Footer, Place::Form]);
/// Whose texts are no stand-first.
pub(super) const STRANGE: Places = FURNITURE.and(&[Place::Figure, Place::Footer, Place::Form, Place::Share]);
/// Whose headings and list items are not of the story.
pub(super) const ELSEWHERE: Places = FURNITURE.and(&[Place::Related, Place::Share]);
/// Whose short lines are not.
pub(super) const BESIDE: Places = Places(0).and(&[
    Place::Related,
    Place::Share,
    Place::Byline,
    Place::Tags,
    Place::Header,
    Place::Embed,
    Place::Newsletter,
]);
/// Which lead on to other stories.
pub(super) const LEADING_ON: Places = Places(0).and(&[Place::Related, Place::Newsletter]);
/// Which hold what others said.
pub(super) const OTHERS: Places = Places(0).and(&[Place::Comments, Place::Related]);

/// The words that the people who make pages put into classes, one place a line.
#[rustfmt::skip]
const WORDS: [(Place, &[&str]); 14] = [
    (Place::Figure, &["caption", "photo", "image", "gallery", "credit", "figcaption", "slideshow", "carousel", "lightbox", "media", "picture", "imagecaption", "bildunterschrift"]),
    (Place::Aside, &["aside", "sidebar", "infobox", "factbox", "rail"]),
    (Place::Navigation, &["nav", "navigation", "menu", "breadcrumb", "breadcrumbs", "pagination", "pager", "toolbar", "skip", "toc"]),
    (Place::Footer, &["footer", "copyright", "disclaimer", "legal", "foot"]),
    (Place::Related, &["related", "recommended", "recommendations", "recommendation", "trending", "popular", "teaser", "teasers", "readmore", "more", "promo", "promos", "latest", "similar", "linked", "recirc", "outbrain", "taboola", "mostread", "next", "prev", "crosslink", "seealso", "suggested", "also"]),
    (Place::Newsletter, &["newsletter", "subscribe", "subscription", "signup", "paywall", "login", "register", "membership", "donate", "donation", "cta", "promobox", "piano", "regwall", "callout"]),
    (Place::Share, &["share", "sharing", "social", "sociallinks", "facebook", "twitter", "follow", "addthis", "print", "tools", "sharebar"]),
    (Place::Comments, &["comment", "comments", "disqus", "replies", "respond", "discussion"]),
    (Place::Author, &["author", "authors", "bio", "byline", "contributor", "biography", "autor"]),
    (Place::Byline, &["dateline", "timestamp", "date", "time", "pubdate", "meta", "metadata", "publish", "published", "posted", "writer"]),
    (Place::Tags, &["tags", "tag", "taglist", "topics", "topic", "keywords", "category", "categories", "label", "labels", "kicker", "eyebrow", "overline"]),
    (Place::Advert, &["ad", "ads", "advert", "advertisement", "sponsor", "sponsored", "promoted", "banner", "cookie", "consent", "gdpr"]),
    (Place::Hidden, &["hidden", "sr", "screenreader", "visuallyhidden", "invisible"]),
    (Place::Embed, &["embed", "tweet", "instagram", "oembed", "video", "podcast", "audio", "widget"]),
];

/// The place that each word means.
static KNOWN: LazyLock<HashMap<&str, Place>> = LazyLock::new(|| {
    let places = WORDS.iter().flat_map(|(place, words)| words.iter().map(|word| (*word, *place)));
    places.collect()
});

/// Longest class attribute that is read: those that utilities write are longer, and say nothing.
const LONGEST: usize = 400;

/// What an element says of itself, by its name for certain and by its class, id and role for a guess.
pub(super) fn of(element: &Element) -> (Option<Place>, Places) {
    let name = &*element.name.local;
    let mut guessed = Places::default();
    if matches!(name, "body" | "html" | "article" | "main") {
        return (None, guessed);
    }
    let named = match name {
        "figure" | "figcaption" | "picture" => Some(Place::Figure),
        "aside" => Some(Place::Aside),
        "nav" | "menu" => Some(Place::Navigation),
        "footer" => Some(Place::Footer),
        "header" => Some(Place::Header),
        "form" | "fieldset" => Some(Place::Form),
        "address" => Some(Place::Author),
        _ => None,
    };
    // Paragraphs and headings have ids for those who link to them.
    let is_text = matches!(name, "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
    let id = Some(local_name!("id")).filter(|_| !is_text);
    let names = [local_name!("class"), local_name!("itemprop"), local_name!("rel"), local_name!("role")];
    for text in names.into_iter().chain(id).filter_map(|name| element.attr_ref(name)) {
        if text.len() <= LONGEST {
            add_words(text, &mut guessed);
        }
    }
    if is_hidden(element) {
        guessed.add(Place::Hidden);
    }
    (named, guessed)
}

fn is_hidden(element: &Element) -> bool {
    let is_invisible = |style: &str| {
        let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
        style.contains("display:none")
    };
    element.attr_ref(local_name!("hidden")).is_some()
        || element.attr_ref(local_name!("aria-hidden")) == Some("true")
        || element.attr_ref(local_name!("style")).is_some_and(is_invisible)
}

/// Reads the words of a class: `related-stories`, `relatedStories` and `related_stories` are two each.
fn add_words(text: &str, places: &mut Places) {
    let mut word = String::new();
    let mut last_is_lower = false;
    for c in text.chars().chain(std::iter::once(' ')) {
        let begins = c.is_ascii_uppercase() && last_is_lower;
        if !c.is_ascii_alphabetic() || begins {
            if let Some(place) = KNOWN.get(word.as_str()) {
                places.add(*place);
            }
            word.clear();
        }
        if c.is_ascii_alphabetic() {
            word.push(c.to_ascii_lowercase());
        }
        last_is_lower = c.is_ascii_lowercase();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_read_word_by_word() {
        let mut places = Places::default();
        add_words("ArticleModule relatedStories", &mut places);
        assert!(places.has(Place::Related));
        assert!(!places.has(Place::Figure));
        let mut none = Places::default();
        add_words("unrelated headlines", &mut none);
        assert!(none.is_empty());
    }
}
