//! The text of the story: by the source's selectors, the generic reader, the structured data or the densest paragraphs.

use scraper::{ElementRef, Html, Selector};

use crate::model::{Article, Selectors};
use crate::scrape::metadata::{flat, folded};
use crate::scrape::structured::Structured;
use crate::scrape::{Method, guarded};

/// Shortest text that is taken for an article.
const SHORTEST: usize = 200;

pub(super) fn read(
    document: &Html,
    html: &str,
    structured: &Structured,
    article: &Article,
    rules: Option<&Selectors>,
    warnings: &mut Vec<String>,
) -> (String, Method) {
    let dense = densest(document);
    let generic = generic(html).map(|text| without_headline(&text, &article.title)).unwrap_or_default();
    if let Some(text) = rules.and_then(|rules| by_rule(document, rules)) {
        let least = generic.len() * 6 / 10;
        if text.len() >= SHORTEST && text.len() >= least {
            return (text, Method::Rule);
        }
        warnings
            .push("the selectors of this source find less than the generic reader: they may be out of date".to_owned());
    }
    let in_data = structured.body.as_deref().map(paragraphs_of).unwrap_or_default();
    let lost = generic.len() < dense.len() * 6 / 10 || generic.len() < in_data.len() / 2;
    if !lost && !generic.is_empty() {
        return (generic, Method::Reader);
    }
    let longest = [(in_data, Method::Structured), (dense, Method::Paragraphs), (generic, Method::Reader)];
    let best = longest.into_iter().rev().max_by_key(|(text, _)| text.len());
    match best {
        Some((text, method)) if !text.is_empty() => (text, method),
        Some(_) | None => {
            warnings.push("no article text was found".to_owned());
            (String::new(), Method::Nothing)
        }
    }
}

/// The generic reader's paragraphs, from its cleaned HTML, for its plain text has no breaks between them.
fn generic(html: &str) -> Option<String> {
    let options = trafilatura::Options::default()
        .with_focus(trafilatura::ExtractionFocus::FavorPrecision)
        .with_fallback(true)
        .with_exclude_comments(true);
    let found = guarded(|| trafilatura::extract(html, &options).ok())??;
    let fragment = Html::parse_fragment(&found.content_html);
    let text = blocks(fragment.root_element(), &[]);
    (!text.is_empty()).then_some(text)
}

fn by_rule(document: &Html, rules: &Selectors) -> Option<String> {
    let body = Selector::parse(rules.body.as_deref()?).ok()?;
    let removed: Vec<Selector> = rules.remove.iter().filter_map(|selector| Selector::parse(selector).ok()).collect();
    let parts: Vec<String> =
        document.select(&body).map(|element| blocks(element, &removed)).filter(|text| !text.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// The blocks of text below an element, separated by blank lines.
fn blocks(element: ElementRef<'_>, removed: &[Selector]) -> String {
    let mut out: Vec<String> = vec![String::new()];
    walk(element, removed, &mut out);
    let lines = out
        .iter()
        .map(|block| block.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|block| !block.is_empty());
    lines.collect::<Vec<_>>().join("\n\n")
}

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 24] = [
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "section",
    "article",
    "table",
    "tr",
    "br",
    "hr",
    "pre",
    "figure",
    "figcaption",
    "dl",
    "dd",
    "dt",
];

fn walk(element: ElementRef<'_>, removed: &[Selector], out: &mut Vec<String>) {
    if matches!(element.value().name(), "script" | "style" | "noscript" | "template")
        || removed.iter().any(|selector| selector.matches(&element))
    {
        return;
    }
    let is_block = BLOCKS.contains(&element.value().name());
    if is_block {
        out.push(String::new());
    }
    for child in element.children() {
        if let Some(text) = child.value().as_text() {
            if let Some(last) = out.last_mut() {
                last.push_str(text);
            }
        } else if let Some(inner) = ElementRef::wrap(child) {
            walk(inner, removed, out);
        }
    }
    if is_block {
        out.push(String::new());
    }
}

/// The paragraphs of the element that has most text in paragraphs of its own.
fn densest(document: &Html) -> String {
    let Ok(paragraph) = Selector::parse("p") else { return String::new() };
    let mut best: Vec<(_, Vec<String>)> = Vec::new();
    for element in document.select(&paragraph).take(2_000) {
        let text = flat(element);
        let Some(parent) = element.parent().filter(|_| text.chars().count() >= 40 && !is_aside(element)) else {
            continue;
        };
        match best.iter_mut().find(|(id, _)| *id == parent.id()) {
            Some((_, texts)) => texts.push(text),
            None => best.push((parent.id(), vec![text])),
        }
    }
    let longest = best.into_iter().max_by_key(|(_, texts)| texts.iter().map(String::len).sum::<usize>());
    longest.map(|(_, texts)| texts.join("\n\n")).unwrap_or_default()
}

/// Whether an element stands in something that is not the story.
fn is_aside(element: ElementRef<'_>) -> bool {
    element
        .ancestors()
        .filter_map(ElementRef::wrap)
        .any(|parent| matches!(parent.value().name(), "aside" | "footer" | "nav" | "figure" | "form"))
}

/// Plain text with single line breaks, as structured data has it, in paragraphs.
fn paragraphs_of(text: &str) -> String {
    let text = crate::feed::without_markup(text);
    let lines = text.split('\n').map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// A body that begins by repeating its headline does not need it.
fn without_headline(text: &str, title: &str) -> String {
    match text.split_once("\n\n") {
        Some((first, rest)) if !title.is_empty() && folded(first) == folded(title) => rest.to_owned(),
        Some(_) | None => text.to_owned(),
    }
}
