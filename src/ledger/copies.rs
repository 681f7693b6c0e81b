//! Which articles are copies of each other: 64-bit SimHash (Charikar 2002) over shingles of three words.

use std::hash::Hasher;

/// Bits by which the fingerprints of two copies may differ.
pub const COPY_DISTANCE: u32 = 10;

/// Words in a shingle.
const SHINGLE: usize = 3;

/// The fingerprint of a text; near-identical texts have near-identical fingerprints. Figures are left out, so that
/// it is the wording that makes a copy; whether two copies say the same is a matter of their claims.
pub fn fingerprint(text: &str) -> u64 {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let mut weights = [0_i32; 64];
    for shingle in words.windows(SHINGLE) {
        let hash = hashed(shingle);
        for (bit, weight) in weights.iter_mut().enumerate() {
            *weight += if hash >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    weights.iter().enumerate().filter(|(_, weight)| **weight > 0).fold(0, |print, (bit, _)| print | 1 << bit)
}

/// Whether two fingerprints are those of copies.
pub fn is_copy(one: u64, other: u64) -> bool {
    (one ^ other).count_ones() <= COPY_DISTANCE
}

/// SipHash with fixed keys (the standard library's default hasher), the same in every process.
fn hashed(shingle: &[&str]) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    for word in shingle {
        hasher.write(word.as_bytes());
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = "A missile struck a railway station in the east of the country on Friday and killed at least 52 \
        people who were waiting for a train, regional officials said. Rescuers worked through the night. The mayor said \
        that four thousand people had been in and around the station when the blast came. Moscow denied responsibility.";

    #[test]
    fn a_copy_with_another_headline_and_figure_is_a_copy() {
        let copy = format!("UPDATE: {}", STORY.replace("52", "57"));
        assert!(is_copy(fingerprint(STORY), fingerprint(&copy)));
    }

    #[test]
    fn another_story_on_the_same_event_is_none() {
        let other = "Fifty-two people died at the station, the governor wrote on Friday evening. The city buried its dead on \
            Sunday while the investigators collected fragments of the rocket, and trains began to run again from the next town.";
        assert!(!is_copy(fingerprint(STORY), fingerprint(other)));
    }
}
