//! `&amp;`, `&#8212;`, `&nato;` → characters. What is unknown stays as it is; nothing is expanded twice or fetched.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;

use markup5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// Longest name or number between `&` and `;`.
const LONGEST_NAME: usize = 40;

/// Most entities that a document may declare, and how long each may be.
const MOST_ENTITIES: usize = 100;
const LONGEST_ENTITY: usize = 500;

/// How much text the entities of a document may add to it in all.
const MOST_ADDED: usize = 1 << 20;

/// The entities that a document declares for itself.
#[derive(Debug, Default)]
pub(super) struct Entities {
    values: BTreeMap<String, String>,
    added: Cell<usize>,
}

impl Entities {
    /// Those of a document type whose value is plain text: neither references to other entities nor to files.
    pub(super) fn declared(doctype: &str) -> Self {
        let values = doctype.split("<!ENTITY").skip(1).filter_map(entity).take(MOST_ENTITIES).collect();
        Self { values, added: Cell::new(0) }
    }

    /// The text with its references resolved, without control characters.
    pub(super) fn resolve<'a>(&self, text: &'a str) -> Cow<'a, str> {
        resolved(text, |name| {
            let value = self.values.get(name.trim_end_matches(';'))?;
            self.added.set(self.added.get().saturating_add(value.len()));
            (self.added.get() <= MOST_ADDED).then_some(value.as_str())
        })
    }
}

/// The text with the references of HTML resolved, without control characters.
pub(super) fn resolve(text: &str) -> Cow<'_, str> {
    resolved(text, |_| None)
}

fn resolved<'a, 'v>(text: &'a str, declared: impl Fn(&str) -> Option<&'v str>) -> Cow<'a, str> {
    if !text.contains(|c| c == '&' || clean(c) != Some(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.extend(before.chars().filter_map(clean));
        rest = after;
        match reference(after) {
            Some(Reference::Number(number, length)) => {
                out.extend(char::from_u32(number).and_then(clean));
                rest = after.get(length..).unwrap_or_default();
            }
            Some(Reference::Name(name))
                if declared(name).map(|value| out.push_str(value)).is_some() || named(name, &mut out) =>
            {
                rest = after.get(name.len()..).unwrap_or_default();
            }
            Some(Reference::Name(_)) | None => out.push('&'),
        }
    }
    out.extend(rest.chars().filter_map(clean));
    Cow::Owned(out)
}

enum Reference<'a> {
    /// A code point, and the length of the reference behind its `&`.
    Number(u32, usize),
    /// A name with its semicolon.
    Name(&'a str),
}

fn reference(after: &str) -> Option<Reference<'_>> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '#' | '_' | '-' | '.');
    let end = after.find(|c| !is_part(c)).unwrap_or(after.len().min(LONGEST_NAME + 1));
    let name = after.get(..end).filter(|name| (1..=LONGEST_NAME).contains(&name.len()))?;
    let has_end = after.get(end..).is_some_and(|rest| rest.starts_with(';'));
    let Some(digits) = name.strip_prefix('#') else {
        return after.get(..=end).filter(|_| has_end).map(Reference::Name);
    };
    let number = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    Some(Reference::Number(number.ok()?, end + usize::from(has_end)))
}

/// Appends what HTML means by a name; tells whether it means anything.
fn named(name: &str, out: &mut String) -> bool {
    let Some((first, second)) = NAMED_ENTITIES.get(name).filter(|(first, _)| *first != 0) else { return false };
    out.extend([first, second].into_iter().filter(|code| **code != 0).filter_map(|code| char::from_u32(*code)));
    true
}

/// The character that is meant: what windows-1252 has where Unicode has control characters that nobody means; none for
/// other control characters.
fn clean(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' => Some(c),
        '\0'..='\u{1f}' | '\u{7f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => None,
        '\u{80}'..='\u{9f}' => C1_REPLACEMENTS.get(usize::try_from(u32::from(c) - 0x80).ok()?).copied().flatten(),
        _ => Some(c),
    }
}

/// `name "value">…`
fn entity(declaration: &str) -> Option<(String, String)> {
    let (name, rest) = declaration.trim_start().split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, _) = rest.get(1..)?.split_once(quote)?;
    let value = resolve_numbers(value)?;
    let fits = name.len() <= LONGEST_NAME && value.len() <= LONGEST_ENTITY && !value.contains(['&', '<', '%']);
    fits.then(|| (name.to_owned(), value))
}

fn resolve_numbers(value: &str) -> Option<String> {
    (value.len() <= LONGEST_ENTITY && !value.replace("&#", "").contains('&')).then(|| resolve(value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_once() {
        assert_eq!(
            resolve("&laquo;7&nbsp;000&raquo; &amp;lt; &#8212;&#x2014; R&D & &unknown; &;"),
            "«7\u{a0}000» &lt; —— R&D & &unknown; &;"
        );
    }

    #[test]
    fn numbers_mean_what_windows_meant() {
        assert_eq!(resolve("NATO&#150;7,000&#146;s \u{92}"), "NATO–7,000’s ’");
        assert_eq!(resolve("a&#0;b&#11;c&#x1f;d\u{b}e&#xD800;&#99999999999;"), "abcde&#99999999999;");
    }

    #[test]
    fn a_document_may_declare_plain_text_and_nothing_else() {
        let doctype = r#"rss [<!ENTITY nato "НАТО"><!ENTITY y SYSTEM "file:///etc/passwd"><!ENTITY z "&nato;&nato;"><!ENTITY d '&#8212;'>]"#;
        let entities = Entities::declared(doctype);
        assert_eq!(entities.resolve("&nato; &d; &y; &z;"), "НАТО — &y; &z;");
    }

    #[test]
    fn entities_add_no_more_than_a_bounded_amount() {
        let entities = Entities::declared(&format!("<!ENTITY a \"{}\">", "x".repeat(500)));
        assert!(entities.resolve(&"&a;".repeat(1_000_000)).len() < 5_000_000);
    }
}
