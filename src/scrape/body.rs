//! The text of the story: by the source's selectors, the generic reader and the filters, or the structured data.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use dom_query::{Document, Matcher, NodeId};

use crate::model::Selectors;
use crate::scrape::Method;
use crate::scrape::blocks::{Block, blocks};
use crate::scrape::head::Head;
use crate::scrape::head::folded;
use crate::scrape::metadata::titles;
use crate::scrape::reader::Reader;
use crate::scrape::shape::Kind;
use crate::scrape::story::{Part, story};
use crate::scrape::structured::Structured;

/// Shortest text that is taken for an article, in bytes.
const SHORTEST: usize = 200;

/// Fewest letters with which the reader is believed.
const FEWEST: usize = 150;

/// What a page gives to read.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) text: String,
    /// What the page prints between headline and text.
    pub(super) stand_first: Option<String>,
    pub(super) method: Method,
}

/// What is known of a page beside its elements.
#[derive(Debug)]
pub(super) struct Known<'k> {
    pub(super) head: &'k Head,
    pub(super) structured: &'k Structured,
    pub(super) title: &'k str,
    pub(super) description: Option<&'k str>,
}

pub(super) fn read(
    document: &Document,
    known: &Known<'_>,
    rules: Option<&Selectors>,
    reader: &dyn Reader,
    warnings: &mut Vec<String>,
) -> Body {
    let removed: Vec<Matcher> =
        rules.iter().flat_map(|rules| &rules.remove).filter_map(|selector| Matcher::new(selector).ok()).collect();
    let mut body = generic(document, known, &removed, reader);
    if let Some(text) = rules.and_then(|rules| rules.body.as_deref()).map(|rule| by_rule(document, rule, &removed)) {
        if text.len() >= SHORTEST && text.len() >= body.text.len() * 6 / 10 {
            return Body { text, method: Method::Rule, ..body };
        }
        let warning = "the selectors of this source find less than the generic reader: they may be out of date";
        warnings.push(warning.to_owned());
    }
    let stated = known.structured.body.as_deref().map(paragraphs_of).unwrap_or_default();
    if body.text.len() < stated.len() * 6 / 10 && stated.len() >= SHORTEST {
        body = Body { text: stated, method: Method::Structured, ..body };
    }
    if body.text.is_empty() {
        warnings.push("no article text was found".to_owned());
        body.method = Method::Nothing;
    }
    body
}

/// By the reader; by the densest paragraphs if the reader finds next to nothing.
fn generic(document: &Document, known: &Known<'_>, removed: &[Matcher], reader: &dyn Reader) -> Body {
    let mut all = blocks(document, &reader.story(document), removed);
    let body = told(&all, known, Method::Reader);
    let dense = densest(&all);
    let letters: usize = dense.iter().filter_map(|index| all.get(*index)).map(|block| block.letters).sum();
    let found = body.text.chars().filter(|c| !c.is_whitespace()).count();
    // Comments and lists of stories are dense as well, so that the reader is believed when it finds anything.
    if found >= FEWEST || letters < FEWEST {
        return body;
    }
    for (index, block) in all.iter_mut().enumerate() {
        block.kept = if dense.contains(&index) { block.letters } else { 0 };
    }
    told(&all, known, Method::Paragraphs)
}

fn told(blocks: &[Block], known: &Known<'_>, method: Method) -> Body {
    let titles = titles(known.head, known.structured, known.title);
    let parts = story(blocks, &titles, &folded(known.description.unwrap_or_default()));
    let texts = |wanted: Part| {
        let parts = blocks.iter().zip(&parts).filter(move |(_, part)| **part == wanted);
        parts.map(|(block, _)| block.text.as_str()).collect::<Vec<_>>()
    };
    let stand_first = Some(texts(Part::StandFirst).join(" ")).filter(|text| !text.is_empty());
    Body { text: texts(Part::Story).join("\n\n"), stand_first, method }
}

fn by_rule(document: &Document, rule: &str, removed: &[Matcher]) -> String {
    let Ok(matcher) = Matcher::new(rule) else { return String::new() };
    let found = document.select_matcher(&matcher);
    let texts = found.nodes().iter().flat_map(|node| node.descendants_it()).filter(|node| node.is_text());
    let kept: HashSet<NodeId> = texts.map(|node| node.id).collect();
    let all = blocks(document, &kept, removed);
    all.iter().filter(|block| block.is_kept()).map(|block| block.text.as_str()).collect::<Vec<_>>().join("\n\n")
}

/// The paragraphs of the element that has most text in paragraphs of its own; of several, the first on the page.
fn densest(blocks: &[Block]) -> BTreeSet<usize> {
    let mut held: HashMap<NodeId, (usize, BTreeSet<usize>)> = HashMap::new();
    for (index, block) in blocks.iter().enumerate() {
        let is_text = block.letters >= 30 && block.linked_percent() < 50 && block.places.is_empty();
        let place = match block.kind {
            Kind::Paragraph => block.around,
            Kind::Loose => Some(block.holder),
            Kind::Quote | Kind::Title | Kind::Heading | Kind::Item | Kind::Cell => None,
        };
        if let Some(place) = place.filter(|_| is_text) {
            let (letters, members) = held.entry(place).or_default();
            *letters += block.letters;
            members.insert(index);
        }
    }
    let largest = held.into_values().max_by_key(|(letters, members)| (*letters, Reverse(members.first().copied())));
    largest.map(|(_, members)| members).unwrap_or_default()
}

/// Plain text with single line breaks, as structured data has it, in paragraphs.
fn paragraphs_of(text: &str) -> String {
    let text = crate::feed::without_markup(text);
    let lines = text.split('\n').map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_texts_of_the_same_size_the_first_is_read_every_time() {
        let paragraph = "<p>Shelling killed three people on Friday and wounded eleven, the governor said.</p>";
        let section = format!("<section>{paragraph}{paragraph}</section>");
        let page = Document::from(section.repeat(4));
        let all = blocks(&page, &HashSet::new(), &[]);
        for _ in 0..16 {
            assert_eq!(densest(&all), BTreeSet::from([0, 1]));
        }
    }
}
