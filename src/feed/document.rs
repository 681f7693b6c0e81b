//! RSS, RDF and Atom of every version → items, read as a stream of tokens in which anything may be missing or wrong.

use url::Url;

use crate::feed::MOST_ENTRIES;
use crate::feed::channel::{Channel, is_about_it};
use crate::feed::cut;
use crate::feed::draft::{Draft, Item, LONGEST_CONTENT, LONGEST_LINE, LONGEST_SUMMARY, address};
use crate::feed::elements::Elements;
use crate::feed::identity::newest;
use crate::feed::markup::{Tag, Token};
use crate::feed::names::{Field, Names, Vocabulary, field, is_item, is_root};
use crate::feed::references::Entities;
use crate::feed::value::{author, link, value};

/// Elements about something else, whose titles and links are not the feed's or the item's.
const ASIDES: [&str; 8] = ["image", "textinput", "source", "contributor", "cloud", "owner", "schedule", "author"];

/// What a document says.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) channel: Channel,
    /// Its items in its order; of too many the newest.
    pub(super) items: Vec<Item>,
    /// How many items it had.
    pub(super) count: usize,
    /// Whether the last item is cut off by the end of the document. It is left out.
    pub(super) is_cut: bool,
}

/// Reads a document that came from `base`; `None` if nothing in it belongs to a feed.
pub(super) fn read(text: &str, base: &Url) -> Option<Document> {
    let mut reader = Reader::new(text, base);
    while let Some(token) = reader.elements.next() {
        match token {
            Token::Doctype(doctype) => reader.entities = Entities::declared(doctype),
            Token::Open(tag) => reader.open(&tag),
            Token::Close(name) if is_item(name) || is_root(name) => reader.finish(),
            Token::Text(_) | Token::CData(_) | Token::Close(_) => {}
        }
    }
    let mut document = reader.document;
    document.is_cut = reader.item.is_some();
    reader.is_feed.then_some(document)
}

struct Reader<'a> {
    elements: Elements<'a>,
    names: Names,
    entities: Entities,
    document: Document,
    /// What addresses of the feed are relative to.
    base: Url,
    /// The item that is open, and what its addresses are relative to.
    item: Option<(Draft, Url)>,
    is_feed: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, base: &Url) -> Self {
        Self {
            elements: Elements::new(text),
            names: Names::default(),
            entities: Entities::default(),
            document: Document::default(),
            base: base.clone(),
            item: None,
            is_feed: false,
        }
    }

    fn open(&mut self, tag: &Tag<'a>) {
        if is_item(tag.name) {
            self.open_item(tag);
        } else if is_root(tag.name) && self.item.is_none() {
            self.is_feed = true;
            self.names.learn_root(tag);
            self.base = based(tag, &self.base);
        } else if let Some((draft, base)) = self.item.take() {
            let draft = self.item_element(tag, draft, &base);
            self.item = Some((draft, base));
        } else {
            self.names.learn(tag);
            self.feed_element(tag);
        }
    }

    fn open_item(&mut self, tag: &Tag<'a>) {
        // An item that nobody closed ends where the next begins.
        self.finish();
        self.is_feed = true;
        self.names.learn(tag);
        let mut draft = Draft::default();
        let attribute = |name: &str| tag.attribute(name).map(|value| self.entities.resolve(cut(value, LONGEST_LINE)));
        draft.id.offer(&attribute("rdf:about").unwrap_or_default(), 1);
        draft.link.offer(&attribute("href").unwrap_or_default(), 3);
        self.item = Some((draft, based(tag, &self.base)));
        if tag.is_empty {
            self.finish();
        }
    }

    /// Takes the open item, if there is one, into the document.
    fn finish(&mut self) {
        let Some((draft, base)) = self.item.take() else { return };
        let Some(item) = draft.finished(&base) else { return };
        self.document.count += 1;
        self.document.items.push(item);
        if self.document.items.len() >= 2 * MOST_ENTRIES {
            newest(&mut self.document.items);
        }
    }

    fn item_element(&mut self, tag: &Tag<'a>, mut draft: Draft, base: &Url) -> Draft {
        self.names.learn(tag);
        let (vocabulary, word) = self.names.word(tag.name);
        let Some((field, rank)) = field(vocabulary, &word) else {
            // The parts of a media group speak for the item.
            if vocabulary != Vocabulary::Media {
                self.elements.pass(tag, &self.names);
            }
            return draft;
        };
        let inside = self.elements.inside(tag, !field.is_rich(), &self.names);
        let entities = &self.entities;
        let line = || value(tag, cut(inside, LONGEST_LINE), entities);
        match field {
            Field::Title => draft.title.offer(&line(), rank),
            Field::Link => {
                let found = link(tag, &line(), entities);
                if let Some((link, rank)) = found
                    && let Some(link) = address(&link, &based(tag, base))
                {
                    draft.link.offer(link.as_str(), rank);
                }
            }
            Field::Original => draft.link.offer(&line(), 0),
            Field::Id => {
                let id = line();
                let is_link =
                    word == "guid" && !tag.attribute("isPermaLink").is_some_and(|is| is.eq_ignore_ascii_case("false"));
                if is_link && id.trim_start().starts_with("http") {
                    draft.link.offer(&id, 4);
                }
                draft.id.offer(&id, rank);
            }
            Field::Published => draft.published.offer(&line(), rank),
            Field::Updated => draft.updated.offer(&line(), rank),
            Field::Summary => {
                let summary = value(tag, cut(inside, LONGEST_SUMMARY), entities);
                // Where there are two of equal rank, the second is the text.
                if rank == 0 && draft.summary.has(rank) {
                    draft.content.offer(&summary, 3);
                }
                draft.summary.offer(&summary, rank);
            }
            Field::Content => draft.content.offer(&value(tag, cut(inside, LONGEST_CONTENT), entities), rank),
            Field::Author => draft.author.offer(&author(cut(inside, LONGEST_LINE), entities), rank),
        }
        draft
    }

    fn feed_element(&mut self, tag: &Tag<'a>) {
        let (vocabulary, word) = self.names.word(tag.name);
        if ASIDES.contains(&word.as_str()) {
            self.elements.pass(tag, &self.names);
            return;
        }
        if is_about_it(vocabulary, &word) {
            let inside = cut(self.elements.inside(tag, true, &self.names), LONGEST_LINE);
            let base = based(tag, &self.base);
            self.document.channel.take((vocabulary, &word), tag, inside, &self.entities, &base);
        }
    }
}

/// What addresses in an element are relative to.
fn based(tag: &Tag<'_>, base: &Url) -> Url {
    let own = tag.attribute("xml:base").map(|own| cut(own, LONGEST_LINE).trim().replace("&amp;", "&"));
    own.and_then(|own| base.join(&own).ok()).unwrap_or_else(|| base.clone())
}
