//! Bytes → text, whatever the server, the document and the truth say about the encoding.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How much is looked at to find out an encoding.
const SAMPLE: usize = 64 * 1024;

/// Decodes a document: byte order mark, else valid UTF-8, else what the HTTP header says, else what the document
/// declares, else what it looks like. Never fails: what cannot be decoded becomes U+FFFD.
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return decoded(encoding, bytes.get(length..).unwrap_or_default());
    }
    if let Some(encoding) = wide(bytes) {
        return decoded(encoding, bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let named = content_type.and_then(charset).or_else(|| declared(bytes)).filter(|encoding| *encoding != UTF_8);
    let mut encoding = named.unwrap_or_else(|| looks_like(bytes));
    if named.is_none() && mostly_utf8(bytes) {
        encoding = UTF_8;
    }
    decoded(encoding, bytes)
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// UTF-16 without a byte order mark: a markup sign with a zero beside it.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes.get(..4)? {
        [0, b'<', 0, _] => Some(UTF_16BE),
        [b'<', 0, _, 0] => Some(UTF_16LE),
        _ => None,
    }
}

fn charset(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let name = lower.split("charset=").nth(1)?.trim_start_matches(['"', '\'']);
    let end = name.find([';', '"', '\'', ' ']).unwrap_or(name.len());
    Encoding::for_label(name.get(..end)?.as_bytes())
}

/// The encoding of an XML declaration or of an HTML meta element.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(2048))?;
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    ["encoding=", "charset="].into_iter().find_map(|key| {
        let name = head.split(key).nth(1)?.trim_start_matches(['"', '\'', ' ']);
        let end = name.find(['"', '\'', ' ', ';', '>', '?', '/']).unwrap_or(name.len());
        Encoding::for_label(name.get(..end)?.as_bytes())
    })
}

fn looks_like(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes.get(..SAMPLE.min(bytes.len())).unwrap_or_default(), true);
    detector.guess(None, chardetng::Utf8Detection::Allow)
}

/// A document with a few bad bytes in otherwise good UTF-8, such as one cut in the middle of a character.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let bad = text.matches('\u{fffd}').count();
    let good = text.chars().filter(|c| !c.is_ascii() && *c != '\u{fffd}').count();
    good > bad * 8
}
