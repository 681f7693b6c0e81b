//! Structured data in a page: JSON-LD as newsrooms write it, graphs, arrays and mistakes included.

use serde_json::Value;

/// What a page's JSON-LD says about its article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Structured {
    pub(super) headline: Option<String>,
    pub(super) description: Option<String>,
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) publisher: Option<String>,
    pub(super) language: Option<String>,
    pub(super) body: Option<String>,
}

/// Types of schema.org that are articles.
const ARTICLES: [&str; 8] = [
    "newsarticle",
    "article",
    "reportagenewsarticle",
    "blogposting",
    "liveblogposting",
    "analysisnewsarticle",
    "webpage",
    "report",
];

pub(super) fn read(scripts: &[String]) -> Structured {
    let mut found: Vec<(usize, Value)> = Vec::new();
    for value in scripts.iter().take(30).filter_map(|text| lenient(text)) {
        collect(&value, 0, &mut found);
    }
    found.sort_by_key(|(rank, _)| *rank);
    let mut out = Structured::default();
    for (_, value) in &found {
        merge(&mut out, value);
    }
    out
}

/// JSON with raw line breaks in its strings, or wrapped in a comment.
fn lenient(text: &str) -> Option<Value> {
    let text = text.trim().trim_start_matches("<!--").trim_end_matches("-->");
    let text = text.trim().trim_start_matches("//<![CDATA[").trim_end_matches("//]]>").trim().trim_end_matches(';');
    serde_json::from_str(text).ok().or_else(|| {
        let cleaned: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(&cleaned).ok()
    })
}

/// Every object that describes an article, best type first.
fn collect(value: &Value, depth: usize, found: &mut Vec<(usize, Value)>) {
    if depth > 6 || found.len() > 50 {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, depth + 1, found)),
        Value::Object(object) => {
            let types: Vec<String> = match object.get("@type") {
                Some(Value::String(one)) => vec![one.to_lowercase()],
                Some(Value::Array(several)) => {
                    several.iter().filter_map(Value::as_str).map(str::to_lowercase).collect()
                }
                Some(_) | None => Vec::new(),
            };
            if let Some(rank) = ARTICLES.iter().position(|article| types.iter().any(|one| one == article)) {
                found.push((rank, value.clone()));
            }
            for key in ["@graph", "mainEntity", "mainEntityOfPage", "itemListElement"] {
                if let Some(inner) = object.get(key) {
                    collect(inner, depth + 1, found);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn merge(out: &mut Structured, value: &Value) {
    let text =
        |key: &str| value.get(key).and_then(named).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let fill = |slot: &mut Option<String>, key: &str| {
        if slot.is_none() {
            *slot = text(key);
        }
    };
    fill(&mut out.headline, "headline");
    fill(&mut out.description, "description");
    fill(&mut out.published, "datePublished");
    fill(&mut out.modified, "dateModified");
    fill(&mut out.publisher, "publisher");
    fill(&mut out.language, "inLanguage");
    fill(&mut out.body, "articleBody");
    if out.authors.is_empty() {
        let authors = value.get("author");
        let several = authors.and_then(Value::as_array).map(|list| list.iter().filter_map(named).collect());
        out.authors = several.unwrap_or_else(|| authors.and_then(named).into_iter().collect());
    }
}

/// A string, or the name of an object.
fn named(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(object) => object.get("name").and_then(named),
        Value::Array(items) => items.first().and_then(named),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}
