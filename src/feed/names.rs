//! What the elements of a feed are called, in all the vocabularies that feeds use.

use std::collections::BTreeMap;

use crate::feed::markup::Tag;

/// Most prefixes that a document may declare.
const MOST_PREFIXES: usize = 100;

/// Whose word an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vocabulary {
    /// RSS, RDF or Atom of any version.
    Core,
    Dublin,
    Content,
    Media,
    Itunes,
    Feedburner,
    Syndication,
    Yandex,
    Other,
}

/// What the address of a namespace contains.
const ADDRESSES: [(&str, Vocabulary); 15] = [
    ("purl.org/dc/", Vocabulary::Dublin),
    ("modules/dc/", Vocabulary::Dublin),
    ("modules/content", Vocabulary::Content),
    ("search.yahoo.com/mrss", Vocabulary::Media),
    ("itunes.com/dtds", Vocabulary::Itunes),
    ("feedburner", Vocabulary::Feedburner),
    ("modules/syndication", Vocabulary::Syndication),
    ("yandex", Vocabulary::Yandex),
    ("w3.org/2005/atom", Vocabulary::Core),
    ("purl.org/atom/", Vocabulary::Core),
    ("purl.org/rss/1.0/", Vocabulary::Core),
    ("purl.org/net/rss1.1", Vocabulary::Core),
    ("netscape.com/rdf", Vocabulary::Core),
    ("backend.userland.com/rss", Vocabulary::Core),
    ("w3.org/1999/xhtml", Vocabulary::Core),
];

/// What a prefix means that nobody declared.
const PREFIXES: [(&str, Vocabulary); 13] = [
    ("dc", Vocabulary::Dublin),
    ("dcterms", Vocabulary::Dublin),
    ("content", Vocabulary::Content),
    ("media", Vocabulary::Media),
    ("itunes", Vocabulary::Itunes),
    ("feedburner", Vocabulary::Feedburner),
    ("sy", Vocabulary::Syndication),
    ("yandex", Vocabulary::Yandex),
    ("atom", Vocabulary::Core),
    ("atom10", Vocabulary::Core),
    ("a10", Vocabulary::Core),
    ("rss", Vocabulary::Core),
    ("rdf", Vocabulary::Core),
];

/// The prefixes of a document.
#[derive(Debug, Default)]
pub(super) struct Names {
    prefixes: BTreeMap<String, Vocabulary>,
}

impl Names {
    /// Takes in what an element declares.
    pub(super) fn learn(&mut self, tag: &Tag<'_>) {
        for (name, address) in tag.attributes() {
            let Some(prefix) = name.strip_prefix("xmlns:") else { continue };
            let address = address.to_ascii_lowercase();
            let known = ADDRESSES.iter().find(|(part, _)| address.contains(part)).map(|(_, vocabulary)| *vocabulary);
            if let Some(vocabulary) = known.or_else(|| usual(prefix))
                && self.prefixes.len() < MOST_PREFIXES
            {
                self.prefixes.insert(prefix.to_owned(), vocabulary);
            }
        }
    }

    /// Takes in the root, whose own prefix is that of the feed's words, whatever its namespace says.
    pub(super) fn learn_root(&mut self, tag: &Tag<'_>) {
        self.learn(tag);
        if let Some((prefix, _)) = tag.name.split_once(':') {
            self.prefixes.insert(prefix.to_owned(), Vocabulary::Core);
        }
    }

    /// Whose word it is, and the word in lower case.
    pub(super) fn word(&self, name: &str) -> (Vocabulary, String) {
        let Some((prefix, local)) = name.split_once(':') else { return (Vocabulary::Core, name.to_ascii_lowercase()) };
        let known = self.prefixes.get(prefix).copied().or_else(|| usual(prefix));
        (known.unwrap_or(Vocabulary::Other), local.to_ascii_lowercase())
    }
}

fn usual(prefix: &str) -> Option<Vocabulary> {
    PREFIXES.iter().find(|(known, _)| known.eq_ignore_ascii_case(prefix)).map(|(_, vocabulary)| *vocabulary)
}

/// The name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Whether an element of this name holds an item.
pub(super) fn is_item(name: &str) -> bool {
    let local = local(name);
    local.eq_ignore_ascii_case("item") || local.eq_ignore_ascii_case("entry")
}

/// Whether an element of this name holds the feed.
pub(super) fn is_root(name: &str) -> bool {
    ["rss", "rdf", "feed", "channel"].iter().any(|root| local(name).eq_ignore_ascii_case(root))
}

/// What an element says about its item or feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Link,
    /// The address of the article itself where `link` counts clicks.
    Original,
    Id,
    Published,
    Updated,
    Summary,
    Content,
    Author,
}

impl Field {
    /// Whether its content may have markup of its own.
    pub(super) fn is_rich(self) -> bool {
        matches!(self, Self::Summary | Self::Content | Self::Author)
    }
}

/// The field that a word stands for, and its rank among the words for it: the lowest counts.
pub(super) fn field(vocabulary: Vocabulary, word: &str) -> Option<(Field, u8)> {
    use Vocabulary::{Content, Core, Dublin, Feedburner, Itunes, Media, Yandex};
    Some(match (vocabulary, word) {
        (Core, "title") => (Field::Title, 0),
        (Dublin, "title") => (Field::Title, 1),
        (Media, "title") => (Field::Title, 2),
        (Core, "link") => (Field::Link, 0),
        (Feedburner, "origlink") => (Field::Original, 0),
        (Core, "guid" | "id") => (Field::Id, 0),
        (Core, "pubdate" | "published") => (Field::Published, 0),
        (Core | Dublin, "issued" | "created") => (Field::Published, 1),
        (Core | Dublin, "date") => (Field::Published, 2),
        (Core | Dublin, "updated" | "modified") => (Field::Updated, 0),
        (Core, "description" | "summary" | "abstract") => (Field::Summary, 0),
        (Dublin, "description" | "abstract") => (Field::Summary, 1),
        (Itunes, "summary") => (Field::Summary, 2),
        (Media, "description") => (Field::Summary, 3),
        (Content, "encoded") => (Field::Content, 0),
        (Core, "content" | "fullitem") | (Yandex, "full-text") => (Field::Content, 1),
        (Core, "body") => (Field::Content, 2),
        (Core, "author") | (Dublin, "creator" | "author") => (Field::Author, 0),
        (Itunes, "author") => (Field::Author, 1),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::markup::{Token, Tokens};

    fn names(root: &str) -> Names {
        let mut names = Names::default();
        if let Some(Token::Open(tag)) = Tokens::new(root).next() {
            names.learn_root(&tag);
        }
        names
    }

    #[test]
    fn a_prefix_means_what_the_document_declares() {
        let names = names("<rss xmlns:x='http://purl.org/dc/elements/1.1/' xmlns:dc='http://dc.example/'>");
        assert_eq!(names.word("x:Date"), (Vocabulary::Dublin, "date".to_owned()));
        assert_eq!(names.word("dc:date").0, Vocabulary::Dublin, "an unknown address leaves a prefix its usual meaning");
        assert_eq!(names.word("media:title").0, Vocabulary::Media);
        assert_eq!(names.word("y:title").0, Vocabulary::Other);
    }

    #[test]
    fn the_words_of_a_root_with_a_prefix_are_the_feeds() {
        assert_eq!(names("<x:rss xmlns:x='http://x/'>").word("x:title"), (Vocabulary::Core, "title".to_owned()));
    }
}
