//! A cap on nesting before the parser sees a page, because parsing deep trees takes quadratic time.

/// Deepest nesting that is kept; browsers stop at 512.
const DEEPEST: usize = 256;

/// Elements that never contain others.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "param"];

/// Takes out the opening tags that would nest deeper than the cap, in one linear scan; their text stays.
pub(super) fn flattened(html: &str, warnings: &mut Vec<String>) -> String {
    let mut out = String::with_capacity(html.len());
    let (mut depth, mut dropped) = (0_usize, 0_usize);
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, from) = rest.split_at(start);
        out.push_str(text);
        let length = tag_length(from);
        let tag = from.get(..length).unwrap_or(from);
        match sort(tag) {
            Sort::Open if depth >= DEEPEST => dropped += 1,
            Sort::Open => {
                depth += 1;
                out.push_str(tag);
            }
            Sort::Close if dropped > 0 && depth >= DEEPEST => dropped -= 1,
            Sort::Close => {
                depth = depth.saturating_sub(1);
                out.push_str(tag);
            }
            Sort::Other => out.push_str(tag),
        }
        rest = from.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    if dropped > 0 {
        warnings.push(format!("elements nested deeper than {DEEPEST} were flattened"));
    }
    out
}

enum Sort {
    Open,
    Close,
    Other,
}

/// The bytes of a tag, of a comment, or of the lone `<`.
fn tag_length(from: &str) -> usize {
    if from.starts_with("<!--") {
        return from.find("-->").map_or(from.len(), |end| end + 3);
    }
    // A `<` before the end means that this one began no tag.
    let window = from.get(1..).unwrap_or_default();
    match window.find(['<', '>']) {
        Some(at) if window.as_bytes().get(at) == Some(&b'>') => at + 2,
        Some(_) | None => 1,
    }
}

fn sort(tag: &str) -> Sort {
    let is_closed = tag.ends_with("/>");
    let inner = tag.trim_start_matches('<');
    if let Some(name) = inner.strip_prefix('/') {
        let is_void = VOID.iter().any(|void| name.trim_end_matches('>').eq_ignore_ascii_case(void));
        return if is_void { Sort::Other } else { Sort::Close };
    }
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let name = inner.get(..end).unwrap_or_default();
    let is_element = name.starts_with(|c: char| c.is_ascii_alphabetic()) && tag.ends_with('>');
    // Paragraphs and list items are closed by the next one, so that unclosed ones do not nest.
    let closes_itself =
        ["p", "li", "td", "tr", "th", "option", "dt", "dd"].iter().any(|one| name.eq_ignore_ascii_case(one));
    let is_void = VOID.iter().any(|void| name.eq_ignore_ascii_case(void));
    if is_element && !is_void && !is_closed && !closes_itself { Sort::Open } else { Sort::Other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_nesting_is_flattened_and_its_text_stays() {
        let html = format!("{}deep{}", "<div>".repeat(50_000), "</div>".repeat(50_000));
        let mut warnings = Vec::new();
        let flat = flattened(&html, &mut warnings);
        assert_eq!(flat.matches("<div>").count(), DEEPEST);
        assert!(flat.contains("deep"));
    }

    #[test]
    fn an_ordinary_page_is_left_as_it_is() {
        let html = "<html><body><p>a < b<p>c<br/><!-- <div> --><img src=x></body></html>";
        assert_eq!(flattened(html, &mut Vec::new()), html);
    }
}
