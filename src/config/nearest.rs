//! Which known word somebody may have meant.

/// The known word that is few letters away from `word`, if there is one.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// “ — did you mean X?”, or the whole list if it is short, or nothing.
pub(super) fn hint<'a>(word: &str, known: &[&'a str]) -> String {
    if let Some(near) = nearest(word, known.iter().copied()) {
        return format!("; did you mean “{near}”?");
    }
    let mut sorted: Vec<&'a str> = known.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    match sorted.len() {
        0 => "; none is known".to_owned(),
        1..=20 => format!("; known: {}", sorted.join(", ")),
        more => {
            let some: Vec<&str> = sorted.iter().take(12).copied().collect();
            format!("; known: {} and {} more", some.join(", "), more - some.len())
        }
    }
}

/// Letters to add, drop or change to get from one word to the other. Long words are cut, so that no input is slow.
fn distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=from.len()).collect();
    for (above, letter) in to.chars().take(64).enumerate() {
        let mut next = vec![above + 1];
        for ((pair, own), left) in row.windows(2).zip(&from).zip(0..) {
            let [diagonal, up] = pair else { continue };
            let behind = next.get(left).copied().unwrap_or(usize::MAX - 1);
            next.push((diagonal + usize::from(*own != letter)).min(up + 1).min(behind + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_the_one_with_fewest_changes() {
        assert_eq!(nearest("timout", ["timeout", "interval"]), Some("timeout"));
        assert_eq!(nearest("enabeld", ["enabled", "name"]), Some("enabled"));
        assert_eq!(nearest("colour", ["timeout", "interval"]), None);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
