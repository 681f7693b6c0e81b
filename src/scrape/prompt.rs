//! Lines that speak to the reader: subscribe, read more, share. The phrases are data.

use std::sync::LazyLock;

/// Letters from which on a block is a paragraph that merely begins so.
const LONGEST: usize = 260;
/// Letters up to which a line may begin with a single word that a paragraph may begin with as well.
const SHORT: usize = 60;

struct Phrases {
    first: Vec<&'static str>,
    inside: Vec<&'static str>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let lines =
        include_str!("prompts.txt").lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (inside, first): (Vec<_>, Vec<_>) = lines.partition(|line| line.starts_with('…'));
    Phrases { first, inside: inside.into_iter().map(|line| line.trim_start_matches('…').trim()).collect() }
});

/// Whether a text, folded as titles are, is a prompt.
pub(super) fn is_prompt(folded: &str, letters: usize, is_linked: bool) -> bool {
    if letters > LONGEST {
        return false;
    }
    let begins = |phrase: &str| {
        let is_enough = phrase.contains(' ') || letters <= SHORT || is_linked;
        is_enough && folded.strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    PHRASES.first.iter().any(|phrase| begins(phrase)) || PHRASES.inside.iter().any(|phrase| folded.contains(phrase))
}
