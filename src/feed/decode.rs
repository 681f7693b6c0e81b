//! Bytes → text, whatever the server, the document and the truth say about the encoding.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How much is looked at to find out an encoding.
const SAMPLE: usize = 64 * 1024;

/// How far into a document it may declare its encoding.
const HEAD: usize = 4 * 1024;

/// Decodes a document: byte order mark, else valid UTF-8, else what the HTTP header says, else what the document
/// declares, else what it looks like. Never fails: what cannot be decoded becomes U+FFFD.
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    if let Some(text) = utf32(bytes) {
        return text;
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return decoded(encoding, bytes.get(length..).unwrap_or_default());
    }
    if let Some(encoding) = wide(bytes) {
        return decoded(encoding, bytes);
    }
    let named = named(bytes, content_type);
    if let Ok(text) = std::str::from_utf8(bytes)
        && (named != Some(ISO_2022_JP) || !bytes.contains(&0x1b))
    {
        return text.to_owned();
    }
    let encoding = named.filter(|encoding| *encoding != UTF_8);
    let encoding = encoding.unwrap_or_else(|| if mostly_utf8(bytes) { UTF_8 } else { looks_like(bytes) });
    decoded(encoding, bytes)
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// What the server or the document says. Servers say Latin-1 without having looked, so it counts as saying nothing.
fn named(bytes: &[u8], content_type: Option<&str>) -> Option<&'static Encoding> {
    let narrow = |encoding: &&'static Encoding| ![UTF_16BE, UTF_16LE].contains(encoding);
    let served = content_type.and_then(charset).filter(narrow);
    let declared = || declared(bytes).filter(narrow);
    match served {
        Some(encoding) if encoding == WINDOWS_1252 => declared(),
        Some(_) => served,
        None => declared(),
    }
}

/// UTF-16 without a byte order mark: a markup sign with a zero beside it.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes.get(..4)? {
        [0, b'<' | b'{', 0, _] => Some(UTF_16BE),
        [b'<' | b'{', 0, _, 0] => Some(UTF_16LE),
        _ => None,
    }
}

/// UTF-32, which browsers do not know, by its byte order mark or a markup sign with three zeros.
fn utf32(bytes: &[u8]) -> Option<String> {
    let of = match bytes.get(..4)? {
        [0, 0, 0xfe, 0xff] | [0, 0, 0, b'<'] => u32::from_be_bytes,
        [0xff, 0xfe, 0, 0] | [b'<', 0, 0, 0] => u32::from_le_bytes,
        _ => return None,
    };
    let character = |chunk: &[u8; 4]| char::from_u32(of(*chunk)).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some(bytes.as_chunks().0.iter().map(character).filter(|c| *c != '\u{feff}').collect())
}

fn charset(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let (_, name) = lower.split_once("charset=")?;
    label(name)
}

/// The encoding of an XML declaration or of an HTML meta element.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(HEAD))?;
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let declaration = head.split_once("<?xml").and_then(|(_, rest)| rest.split_once("?>")).map(|(inside, _)| inside);
    let found = |text: &str, key: &str| text.split_once(key).and_then(|(_, name)| label(name));
    let spaceless = |text: &str| text.replace(char::is_whitespace, "");
    declaration
        .and_then(|inside| found(&spaceless(inside), "encoding="))
        .or_else(|| found(&head, "charset="))
        .or_else(|| found(&head, "encoding="))
}

fn label(name: &str) -> Option<&'static Encoding> {
    let name = name.trim_start_matches(['"', '\'', ' ']);
    let end =
        name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'))).unwrap_or(name.len());
    Encoding::for_label(name.get(..end)?.as_bytes())
}

/// A guess by the letters, beginning where they do.
fn looks_like(bytes: &[u8]) -> &'static Encoding {
    let letters = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let sample = bytes.get(letters..bytes.len().min(letters + SAMPLE)).unwrap_or_default();
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    detector.guess(None, Utf8Detection::Allow)
}

/// A document with a few bad bytes in otherwise good UTF-8, such as one cut in the middle of a character.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let chunks = bytes.utf8_chunks();
    let count = |(good, bad): (usize, usize), chunk: std::str::Utf8Chunk<'_>| {
        let letters = chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        (good + letters, bad + usize::from(!chunk.invalid().is_empty()))
    };
    let (good, bad) = chunks.fold((0, 0), count);
    good > bad * 2
}

/// Text that somebody took for Latin-1 and encoded once more ("â€™"), encoded once.
pub(super) fn once(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let (bytes, _, has_other_letters) = WINDOWS_1252.encode(text);
    match String::from_utf8(bytes.into_owned()) {
        Ok(text) if !has_other_letters => Cow::Owned(text),
        Ok(_) | Err(_) => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Потери: 7 000 убитых по оценке НАТО, сообщили в штабе";

    fn encoded(label: &str, head: &str) -> Vec<u8> {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        encoding.encode(&format!("{head}{TEXT}")).0.into_owned()
    }

    #[test]
    fn nobody_has_to_declare_cyrillic() {
        for label in ["windows-1251", "koi8-r", "utf-8"] {
            assert_eq!(decode(&encoded(label, ""), Some("text/xml")), TEXT, "{label}");
        }
    }

    #[test]
    fn valid_utf8_goes_before_what_anybody_says() {
        assert!(
            decode(&encoded("utf-8", "<?xml encoding='koi8-r'?>"), Some("text/xml; charset=windows-1251"))
                .ends_with(TEXT)
        );
    }

    #[test]
    fn the_server_goes_before_the_document_unless_it_says_latin() {
        let bytes = encoded("koi8-r", "<?xml version='1.0' encoding = 'windows-1251' ?>");
        assert!(decode(&bytes, Some("text/xml; charset=\"KOI8-R\"")).ends_with(TEXT));
        let bytes = encoded("koi8-r", "<?xml version='1.0' encoding='koi8-r'?>");
        assert!(decode(&bytes, Some("text/xml; charset=iso-8859-1")).ends_with(TEXT));
        assert!(decode(&encoded("windows-1251", ""), Some("text/xml; charset=iso-8859-1")).ends_with(TEXT));
    }

    #[test]
    fn one_bad_byte_spoils_no_utf8() {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes.truncate(bytes.len() - 1);
        assert!(decode(&bytes, None).starts_with("Потери: 7 000 убитых"));
    }

    #[test]
    fn what_was_encoded_twice_is_encoded_once() {
        for (twice, meant) in [("Kyivâ€™s", "Kyiv’s"), ("café", "café"), ("Ñ…", "х"), ("Київ’s", "Київ’s"), ("’", "’")]
        {
            assert_eq!(once(twice), meant);
        }
    }

    #[test]
    fn wide_encodings_need_no_mark() {
        let wide: Vec<u8> = "<a>é".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(&wide, None), "<a>é");
        let wider: Vec<u8> = "<a>é".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        assert_eq!(decode(&wider, None), "<a>é");
    }
}
