//! What a page says of itself in marks that no reader sees, collected in one walk.

use std::collections::HashMap;

use dom_query::{Document, Element, NodeRef, local_name};

/// Most elements of one kind that are kept.
const MOST: usize = 50;

/// A page's own words about its article.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// `meta` elements by property, name or itemprop in lower case; of several the first that says something.
    meta: HashMap<String, String>,
    /// The scripts of structured data.
    pub(super) data: Vec<String>,
    pub(super) canonical: Option<String>,
    pub(super) lang: Option<String>,
    /// The title of the window.
    pub(super) window: Option<String>,
    pub(super) headings: Vec<String>,
    /// `datePublished` and `dateModified` among the microdata.
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
    /// `time` elements in the article or its header, and anywhere.
    pub(super) times: Vec<String>,
    pub(super) other_times: Vec<String>,
    /// What is marked as an author.
    pub(super) authors: Vec<String>,
}

impl Head {
    pub(super) fn of(document: &Document) -> Self {
        let mut head = Self::default();
        for node in document.root().descendants_it() {
            if let Some(element) = node.element_ref() {
                head.take(node, &element);
            }
        }
        head
    }

    /// The first of these meta elements that has something to say.
    pub(super) fn meta(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.meta.get(*name)).cloned()
    }

    fn take(&mut self, node: NodeRef<'_>, element: &Element) {
        let attribute = |name| element.attr_ref(name).map(str::trim).filter(|value| !value.is_empty());
        match &*element.name.local {
            "meta" => {
                let keys = [local_name!("property"), local_name!("name"), local_name!("itemprop")];
                if let Some(content) = attribute(local_name!("content")) {
                    for key in keys.into_iter().filter_map(attribute) {
                        self.meta.entry(key.to_lowercase()).or_insert_with(|| content.to_owned());
                    }
                }
            }
            "link" if attribute(local_name!("rel")) == Some("canonical") && self.canonical.is_none() => {
                self.canonical = attribute(local_name!("href")).map(str::to_owned);
            }
            "html" => self.lang = attribute(local_name!("lang")).map(str::to_owned),
            "script" if attribute(local_name!("type")).is_some_and(|kind| kind.contains("ld+json")) => {
                push(&mut self.data, node.text().to_string());
            }
            "title" if self.window.is_none() && node.parent().is_some_and(|parent| parent.has_name("head")) => {
                self.window = Some(flat(node));
            }
            "h1" => push(&mut self.headings, flat(node)),
            "time" => {
                if let Some(stated) = attribute(local_name!("datetime")) {
                    let is_inside = node
                        .ancestors_it(None)
                        .any(|around| ["article", "main", "header"].iter().any(|name| around.has_name(name)));
                    push(if is_inside { &mut self.times } else { &mut self.other_times }, stated.to_owned());
                }
            }
            _ => {}
        }
        let stated =
            || attribute(local_name!("datetime")).or_else(|| attribute(local_name!("content"))).map(str::to_owned);
        match attribute(local_name!("itemprop")) {
            Some("datePublished") if self.published.is_none() => self.published = stated(),
            Some("dateModified") if self.modified.is_none() => self.modified = stated(),
            Some("author") => push(&mut self.authors, flat(node)),
            Some(_) | None => {}
        }
        let is_author = attribute(local_name!("rel")) == Some("author")
            || attribute(local_name!("class"))
                .is_some_and(|class| class.split_whitespace().any(|one| matches!(one, "byline" | "author")));
        if is_author {
            push(&mut self.authors, flat(node));
        }
    }
}

fn push(list: &mut Vec<String>, text: String) {
    if list.len() < MOST && !text.is_empty() {
        list.push(text);
    }
}

/// The text of an element on one line.
pub(super) fn flat(node: NodeRef<'_>) -> String {
    node.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters and digits only, in lower case, for comparing titles.
pub(super) fn folded(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}
