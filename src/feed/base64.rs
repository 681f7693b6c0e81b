//! Base64, in which Atom may carry text that is no text to it.

/// The text that was encoded; `None` if there is none. Spaces and line breaks count for nothing.
pub(super) fn decoded(text: &str) -> Option<String> {
    let digits: Vec<u32> =
        text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=').map(digit).collect::<Option<_>>()?;
    let mut bytes = Vec::with_capacity(digits.len());
    for group in digits.chunks(4) {
        let bits = (0..4).fold(0, |bits, at| bits << 6 | group.get(at).copied().unwrap_or(0));
        let [_, three @ ..] = bits.to_be_bytes();
        bytes.extend(three.into_iter().take(group.len().saturating_sub(1)));
    }
    String::from_utf8(bytes).ok().filter(|text| !text.is_empty())
}

fn digit(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_back() {
        for (text, encoded) in
            [("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("7 000 убитих", "NyAwMDAg0YPQsdC4\n0YLQuNGF")]
        {
            assert_eq!(decoded(encoded).as_deref(), Some(text));
        }
        assert_eq!((decoded("no base64"), decoded(""), decoded("////")), (None, None, None));
    }
}
