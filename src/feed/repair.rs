//! Broken XML → XML that a parser takes: references, control characters, missing versions and ends.

/// Mends what is most often broken. The result need not be what the author meant, but each text is still there.
pub(super) fn mended(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r')).collect();
    let text = references(&text);
    let text = versioned(&text);
    cut_off(&text)
}

/// Ampersands that begin no reference become text; HTML's named references, which XML lacks, become characters.
fn references(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let name_end = from.char_indices().skip(1).take(32).find(|(_, c)| !(c.is_ascii_alphanumeric() || *c == '#'));
        let (name, length) = match name_end {
            Some((end, ';')) => (from.get(1..end).unwrap_or_default(), end + 1),
            Some(_) | None => ("", 1),
        };
        out.push_str(&reference(name));
        rest = from.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> String {
    let numeric = name.strip_prefix('#').and_then(|digits| {
        let hexadecimal = digits.strip_prefix(['x', 'X']);
        hexadecimal.map_or_else(|| digits.parse().ok(), |hexadecimal| u32::from_str_radix(hexadecimal, 16).ok())
    });
    match (name, numeric) {
        ("amp" | "lt" | "gt" | "quot" | "apos", _) => format!("&{name};"),
        // Windows numbers its quotation marks and dashes where Unicode has control characters.
        (_, Some(code @ 0x80..=0x9f)) => {
            let byte = [u8::try_from(code).unwrap_or(b' ')];
            encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0.into_owned()
        }
        (_, Some(code)) => char::from_u32(code)
            .filter(|c| !c.is_control() || c.is_whitespace())
            .map_or_else(String::new, |c| format!("&#{};", u32::from(c))),
        ("", None) => "&amp;".to_owned(),
        (name, None) => named(name),
    }
}

/// A named reference of HTML as its character, by the parser that knows all of them.
fn named(name: &str) -> String {
    let text: String = scraper::Html::parse_fragment(&format!("&{name};")).root_element().text().collect();
    if text.starts_with('&') { format!("&amp;{name};") } else { text }
}

/// A version that the parser knows, and the namespaces that are used without being declared.
fn versioned(text: &str) -> String {
    let Some(start) = text.find("<rss").or_else(|| text.find("<RSS")) else { return text.to_owned() };
    let Some(end) = text.get(start..).and_then(|rest| rest.find('>')) else { return text.to_owned() };
    let (before, rest) = text.split_at(start);
    let (tag, after) = rest.split_at(end);
    let mut root = "<rss version=\"2.0\"".to_owned();
    for (prefix, space) in [
        ("content", "http://purl.org/rss/1.0/modules/content/"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
        ("media", "http://search.yahoo.com/mrss/"),
        ("atom", "http://www.w3.org/2005/Atom"),
    ] {
        let declared = format!("xmlns:{prefix}");
        let own = tag.split(&format!("{declared}=")).nth(1).and_then(|value| value.get(1..)?.split(['"', '\'']).next());
        let space = own.unwrap_or(space);
        for part in [" ", &declared, "=\"", space, "\""] {
            root.push_str(part);
        }
    }
    format!("{before}{root}{after}")
}

/// A document that ends in the middle: what is whole stays, what is open is closed.
fn cut_off(text: &str) -> String {
    for (item, ends) in [("item", "</channel></rss>"), ("entry", "</feed>")] {
        let close = format!("</{item}>");
        let root_end = ends.rsplit("</").next().map(|name| format!("</{name}")).unwrap_or_default();
        if let Some(last) = text.rfind(&close)
            && !text.contains(&root_end)
        {
            let whole = text.get(..last + close.len()).unwrap_or_default();
            return format!("{whole}{ends}");
        }
    }
    text.to_owned()
}

/// Each item as a document of its own, for a document of which one item is beyond repair.
pub(super) fn items(text: &str) -> Vec<String> {
    for (name, head, tail) in [
        (
            "item",
            "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title/>",
            "</channel></rss>",
        ),
        (
            "entry",
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title/><id>x</id><updated>2000-01-01T00:00:00Z</updated>",
            "</feed>",
        ),
    ] {
        let mut out = Vec::new();
        let (open, close) = (format!("<{name}"), format!("</{name}>"));
        let mut rest = text;
        while let Some(start) = rest.find(&open) {
            let from = rest.get(start..).unwrap_or_default();
            let Some(end) = from.find(&close) else { break };
            let item = from.get(..end + close.len()).unwrap_or_default();
            out.push(format!("{head}{item}{tail}"));
            rest = from.get(end + close.len()..).unwrap_or_default();
        }
        if !out.is_empty() {
            return out;
        }
    }
    Vec::new()
}
