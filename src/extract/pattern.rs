//! Patterns of a language file: how an outcome word and a count stand to each other.
//!
//! A pattern is a row of elements around `COUNT`: a tag, or several joined by `|`; `?` behind it makes it optional; `~5`
//! skips up to five items that open no other clause, `~2` and less no comma either. `COUNT:people`, `COUNT:bare`,
//! `COUNT:lives`, `COUNT:hostages` and `COUNT:captives` ask for what is counted, `COUNT:soldiers` for people under arms,
//! `COUNT:sided` for people whose side is named with them. Exactly one element is an outcome tag: it is the outcome of the count.

use crate::extract::count::{Count, Head, Part};
use crate::extract::scan::{Item, Sentence};
use crate::extract::tag::{Tag, TagSet};
use crate::extract::walk::{Cursor, Step, Walk};
use crate::model::Outcome;

/// The patterns of a language.
#[derive(Debug, Clone, Default)]
pub(super) struct Patterns {
    all: Vec<Pattern>,
    /// What each of them needs most, side by side, as every sentence with a count is asked for it.
    needs: Vec<Needs>,
}

/// Tags of which a sentence must have all, and tags of which it must have one.
#[derive(Debug, Clone, Copy)]
struct Needs {
    all: TagSet,
    one: TagSet,
}

impl Patterns {
    pub(super) fn of(all: Vec<Pattern>) -> Self {
        let needs = all.iter().map(|pattern| {
            let one = pattern.choices.first().copied().unwrap_or(TagSet::ALL);
            Needs { all: pattern.required, one }
        });
        Self { needs: needs.collect(), all }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Pattern> {
        self.all.iter()
    }

    /// Those for each of whose elements a sentence has a word.
    pub(super) fn possible(&self, sentence: &Sentence<'_>) -> Vec<&Pattern> {
        let mut possible = Vec::with_capacity(16);
        for (needs, pattern) in self.needs.iter().zip(&self.all) {
            if sentence.has_all(needs.all) && sentence.meets(needs.one) && pattern.is_possible(sentence) {
                possible.push(pattern);
            }
        }
        possible
    }
}

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    pub(super) name: String,
    /// Elements left of the count, nearest first.
    before: Vec<Element>,
    /// Elements right of the count, nearest first.
    after: Vec<Element>,
    /// What a sentence must have for it to match: all of these tags, and one of each of these sets.
    required: TagSet,
    choices: Vec<TagSet>,
    /// What must stand right before the count, and right behind it; none if anything may.
    beside: [Option<TagSet>; 2],
    heads: Heads,
    /// The outcome that the pattern itself carries.
    pub(super) outcome: Option<Outcome>,
    /// How much surer a figure found by it is than the average one, in log-odds.
    pub(super) surety: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heads {
    Any,
    People,
    Bare,
    Lives,
    Hostages,
    Captives,
    Sided,
    /// People under arms.
    Soldiers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    One { tags: TagSet, optional: bool },
    Gap(usize),
}

/// "21 of those": a number of people who were named before.
fn is_of_them(count: &Count) -> bool {
    count.head == Head::Bare && count.part == Some(Part::OfFigure) && count.items.end > count.figure_items.end
}

/// Where a pattern matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    /// The item of the outcome word; none if the pattern carries the outcome.
    pub(super) outcome: Option<usize>,
    /// How many items were skipped.
    pub(super) skipped: usize,
    /// The leftmost item of the match.
    pub(super) start: usize,
    /// One past the rightmost item of the match.
    pub(super) end: usize,
}

/// The tags that carry an outcome.
pub(super) const OUTCOME: TagSet = TagSet::of(&[Tag::Verb, Tag::Done, Tag::Noun, Tag::Toll]);

impl Pattern {
    /// Reads a pattern.
    pub(super) fn parse(name: &str, text: &str, surety: f32) -> Result<Self, String> {
        let mut sides = [Vec::new(), Vec::new()];
        let [before, after] = &mut sides;
        let (mut heads, mut outcome) = (None, None);
        for word in text.split_whitespace() {
            if let Some(rest) = word.strip_prefix("COUNT") {
                if heads.replace(read_heads(rest)?).is_some() {
                    return Err("a pattern has exactly one COUNT".to_owned());
                }
            } else if let Some(given) = word.strip_prefix("=") {
                outcome = Some(Outcome::from_word(given).ok_or_else(|| format!("there is no outcome “{given}”"))?);
            } else {
                let element = read_element(word)?;
                if heads.is_some() { after.push(element) } else { before.push(element) }
            }
        }
        before.reverse();
        let heads = heads.ok_or("a pattern needs a COUNT")?;
        let is_outcome = |element: &&Element| matches!(element, Element::One { tags, .. } if tags.meets(OUTCOME));
        let outcomes = before.iter().chain(after.iter()).filter(is_outcome).count();
        if outcomes + usize::from(outcome.is_some()) != 1 {
            return Err("a pattern needs exactly one outcome: an outcome tag, or “=killed”".to_owned());
        }
        let [before, after] = sides;
        let must = |element: &Element| match *element {
            Element::One { tags, optional: false } => Some(tags),
            Element::One { .. } | Element::Gap(_) => None,
        };
        let (single, mut choices): (Vec<TagSet>, Vec<TagSet>) =
            before.iter().chain(&after).filter_map(must).partition(|tags| tags.is_single());
        let required = single.into_iter().fold(TagSet::EMPTY, TagSet::with);
        // Most sentences lack the outcome.
        choices.sort_by_key(|tags| !tags.meets(OUTCOME));
        let beside = [&before, &after].map(|side| side.first().and_then(must));
        Ok(Self { name: name.to_owned(), before, after, required, choices, beside, heads, outcome, surety })
    }

    /// Whether it asks for people under arms.
    pub(super) fn is_of_soldiers(&self) -> bool {
        self.heads == Heads::Soldiers
    }

    /// Whether a sentence has one of each set of tags that must be there.
    fn is_possible(&self, sentence: &Sentence<'_>) -> bool {
        self.choices.iter().skip(1).all(|tags| sentence.meets(*tags))
    }

    /// Tries the pattern on a count of a sentence.
    pub(super) fn link(&self, items: &[Item<'_>], counts: &[Count], count: &Count) -> Option<Link> {
        let fits = match self.heads {
            Heads::Any => true,
            Heads::People => matches!(count.head, Head::People | Head::Unknown) || is_of_them(count),
            Heads::Bare => count.head == Head::Bare,
            Heads::Lives => count.head == Head::Lives,
            Heads::Hostages => count.hostages,
            Heads::Captives => count.captives,
            Heads::Soldiers => count.head == Head::People,
            Heads::Sided => count.head == Head::People && count.party.is_some(),
        };
        // Most patterns fail at the word beside the count.
        let [before, after] = self.beside;
        let has = |at: usize, tags: TagSet| items.get(at).is_some_and(|item| item.tags.meets(tags));
        let follows = || before.is_none_or(|tags| count.items.start.checked_sub(1).is_some_and(|at| has(at, tags)));
        if !fits || !after.is_none_or(|tags| has(count.items.end, tags)) || !follows() {
            return None;
        }
        let left = Walk { items, counts, step: Step::Left };
        let right = Walk { items, counts, step: Step::Right };
        let before = left.run(&self.before, Cursor::at(count.items.start))?;
        let after = right.run(&self.after, Cursor::at(count.items.end))?;
        Some(Link {
            outcome: before.outcome.or(after.outcome),
            skipped: before.skipped + after.skipped,
            start: before.position,
            end: after.position,
        })
    }
}

fn read_heads(text: &str) -> Result<Heads, String> {
    match text {
        "" => Ok(Heads::Any),
        ":people" => Ok(Heads::People),
        ":bare" => Ok(Heads::Bare),
        ":lives" => Ok(Heads::Lives),
        ":hostages" => Ok(Heads::Hostages),
        ":captives" => Ok(Heads::Captives),
        ":sided" => Ok(Heads::Sided),
        ":soldiers" => Ok(Heads::Soldiers),
        other => Err(format!(
            "“COUNT{other}” is none of COUNT, COUNT:people, COUNT:bare, COUNT:lives, COUNT:hostages, COUNT:captives, \
             COUNT:sided, COUNT:soldiers"
        )),
    }
}

fn read_element(word: &str) -> Result<Element, String> {
    if let Some(number) = word.strip_prefix('~') {
        let gap = number.parse().map_err(|_| format!("“{word}” is no gap: write ~ and a number"))?;
        return Ok(Element::Gap(gap));
    }
    let (names, optional) = word.strip_suffix('?').map_or((word, false), |names| (names, true));
    let mut tags = TagSet::EMPTY;
    for name in names.split('|') {
        let tag = Tag::from_name(name).ok_or_else(|| format!("there is no tag “{name}”"))?;
        tags = tags.with(tag.set());
    }
    Ok(Element::One { tags, optional })
}
