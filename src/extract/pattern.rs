//! Patterns of a language file: how an outcome word and a count stand to each other.
//!
//! A pattern is a row of elements around `COUNT`: a tag, or several joined by `|`; `?` behind it makes it optional; `~5`
//! skips up to five items that open no other clause, `~2` and less no comma either. `COUNT:people`, `COUNT:bare`,
//! `COUNT:lives`, `COUNT:hostages` and `COUNT:captives` ask for what is counted, `COUNT:sided` for people whose side is
//! named with them. Exactly one element is an outcome tag: it is the outcome of the count.

use crate::extract::count::{Count, Head, Part};
use crate::extract::scan::{Item, Sentence};
use crate::extract::tag::{Tag, TagSet};
use crate::model::Outcome;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    pub(super) name: String,
    /// Elements left of the count, nearest first.
    before: Vec<Element>,
    /// Elements right of the count, nearest first.
    after: Vec<Element>,
    /// What a sentence must have for it to match, the rarest first.
    required: Vec<TagSet>,
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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
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

/// What no gap crosses.
const WALL: TagSet = TagSet::of(&[Tag::Count, Tag::Semicolon, Tag::Colon, Tag::Said, Tag::Barrier]).with(OUTCOME);

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
        let mut required: Vec<TagSet> = before.iter().chain(&after).filter_map(must).collect();
        // Most sentences lack the outcome.
        required.sort_by_key(|tags| !tags.meets(OUTCOME));
        Ok(Self { name: name.to_owned(), before, after, required, heads, outcome, surety })
    }

    /// Whether a sentence has a word for each element that must be there.
    pub(super) fn is_possible(&self, sentence: &Sentence<'_>) -> bool {
        self.required.iter().all(|tags| sentence.meets(*tags))
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
            Heads::Sided => count.head == Head::People && count.party.is_some(),
        };
        if !fits {
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
        other => Err(format!(
            "“COUNT{other}” is none of COUNT, COUNT:people, COUNT:bare, COUNT:lives, COUNT:hostages, COUNT:captives, \
             COUNT:sided"
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

#[derive(Debug, Clone, Copy)]
enum Step {
    Left,
    Right,
}

#[derive(Debug, Clone, Copy)]
struct Cursor {
    /// The boundary reached: items left of it (going left) or from it on (going right) are still free.
    position: usize,
    skipped: usize,
    outcome: Option<usize>,
}

impl Cursor {
    fn at(position: usize) -> Self {
        Self { position, skipped: 0, outcome: None }
    }
}

struct Walk<'s, 'a> {
    items: &'s [Item<'a>],
    counts: &'s [Count],
    step: Step,
}

impl Walk<'_, '_> {
    /// The next free item and the boundary behind it.
    fn next(&self, position: usize) -> Option<(usize, usize)> {
        match self.step {
            Step::Left => position.checked_sub(1).map(|at| (at, at)),
            Step::Right => (position < self.items.len()).then_some((position, position + 1)),
        }
    }

    fn run(&self, elements: &[Element], cursor: Cursor) -> Option<Cursor> {
        let Some((element, rest)) = elements.split_first() else { return Some(cursor) };
        match *element {
            Element::One { tags, optional } => {
                let taken = self.next(cursor.position).and_then(|(at, position)| {
                    let item = self.items.get(at)?;
                    let outcome = if tags.meets(OUTCOME) { Some(at) } else { cursor.outcome };
                    item.tags.meets(tags).then_some(Cursor { position, outcome, ..cursor })
                });
                taken
                    .and_then(|next| self.run(rest, next))
                    .or_else(|| optional.then(|| self.run(rest, cursor)).flatten())
            }
            Element::Gap(most) => self.gap(most, rest, cursor),
        }
    }

    fn gap(&self, most: usize, rest: &[Element], cursor: Cursor) -> Option<Cursor> {
        let mut here = cursor;
        let mut left = most;
        loop {
            if let Some(end) = self.run(rest, here) {
                return Some(end);
            }
            let (at, position) = self.next(here.position)?;
            let item = self.items.get(at)?;
            if let Some(beyond) = self.listed(at) {
                here = Cursor { position: beyond, skipped: here.skipped + 1, ..here };
                continue;
            }
            // "have probably been" says no more than "were", and "aged five to seven" nothing of how many.
            if let Some(beyond) = self.age(at) {
                here = Cursor { position: beyond, skipped: here.skipped + 1, ..here };
                continue;
            }
            if let Some(beyond) = self.reported(at).or_else(|| self.relative(at)) {
                here = Cursor { position: beyond, skipped: here.skipped + 1, ..here };
                continue;
            }
            if let Some(beyond) = self.including(at) {
                here = Cursor { position: beyond, skipped: here.skipped + 1, ..here };
                continue;
            }
            if !item.has(Tag::Auxiliary) || here.skipped > most + 6 {
                left = left.checked_sub(1)?;
            }
            if let Some(beyond) = self.insertion(at) {
                here = Cursor { position: beyond, skipped: here.skipped + 2, ..here };
            } else if item.tags.meets(WALL) || (most <= 2 && item.has(Tag::Comma)) {
                return None;
            } else {
                here = Cursor { position, skipped: here.skipped + 1, ..here };
            }
        }
    }

    /// The boundary beyond the next counts of a list: "five men, seven women and two children were killed".
    fn listed(&self, at: usize) -> Option<usize> {
        let Step::Right = self.step else { return None };
        let joins = TagSet::of(&[Tag::And, Tag::Comma]);
        let (mut end, mut closes) = (at, false);
        while let Some(joint) = self.items.get(end).filter(|item| item.tags.meets(joins)) {
            // "a man and his two sons"
            let own = usize::from(self.items.get(end + 1).is_some_and(|item| item.has(Tag::Own)));
            let next = self.counts.iter().find(|count| count.items.start == end + 1 + own);
            // "90 militants, two cars and a howitzer were destroyed"
            let thing = next.is_none()
                && self.items.get(end + 1).is_some_and(|item| item.has(Tag::One))
                && self.items.get(end + 2).is_some_and(|item| item.has(Tag::Thing));
            if thing {
                closes |= joint.has(Tag::And);
                end += 3;
                continue;
            }
            let Some(next) = next else { break };
            if !matches!(next.head, Head::People | Head::Thing) {
                break;
            }
            closes |= joint.has(Tag::And);
            end = next.items.end;
            // "one electronic warfare station"
            let rest = self.items.get(end..).unwrap_or_default().iter().take(3);
            let compound = rest.take_while(|item| item.has(Tag::Thing)).count();
            end += if next.head == Head::Thing { compound } else { 0 };
        }
        let end = self.over_complement(end);
        let goes_on = self
            .items
            .get(end)
            .is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Auxiliary, Tag::Done, Tag::QuoteMark])));
        (closes && goes_on).then_some(end)
    }

    /// "two Tanzanians of the regional force have died": the boundary beyond what belongs to the last of a list.
    fn over_complement(&self, end: usize) -> usize {
        let opens = TagSet::of(&[Tag::Of, Tag::From, Tag::In]);
        if !self.items.get(end).is_some_and(|item| item.tags.meets(opens)) {
            return end;
        }
        let ends = TagSet::of(&[Tag::Auxiliary, Tag::Done]);
        let wall = WALL.with(TagSet::of(&[Tag::Comma, Tag::And]));
        let inside = self.items.get(end..(end + 8).min(self.items.len())).unwrap_or_default();
        let closing = inside.iter().position(|item| item.tags.meets(ends.with(wall)));
        closing.filter(|at| inside.get(*at).is_some_and(|item| item.tags.meets(ends))).map_or(end, |at| end + at)
    }

    /// "Six people are now confirmed to have died": the boundary beyond a passive verb of saying and its "to".
    fn reported(&self, at: usize) -> Option<usize> {
        let Step::Right = self.step else { return None };
        let has = |at: usize, tags: &[Tag]| self.items.get(at).is_some_and(|item| item.tags.meets(TagSet::of(tags)));
        let is = (at.saturating_sub(2)..at).any(|at| has(at, &[Tag::Be, Tag::Auxiliary]));
        (is && has(at, &[Tag::Said, Tag::Names]) && has(at + 1, &[Tag::To])).then_some(at + 2)
    }

    /// "138 people who fled when the camp fell are missing": the boundary beyond a clause about those who are counted.
    fn relative(&self, at: usize) -> Option<usize> {
        let Step::Right = self.step else { return None };
        self.items.get(at).filter(|item| item.has(Tag::Relative))?;
        let inside = self.items.get(at + 1..(at + 14).min(self.items.len()))?;
        let wall = WALL.with(TagSet::of(&[Tag::Comma, Tag::People, Tag::Names, Tag::Name]));
        // "when the camp fell" opens no clause of its own there.
        let plain = |item: &Item<'_>| !item.tags.meets(wall) || item.has(Tag::Barrier);
        let predicate = inside.iter().skip(1).position(|item| item.has(Tag::Be))? + 1;
        let done = inside.get(predicate + 1..)?.iter().take(2).any(|item| item.has(Tag::Done));
        (done && inside.get(..predicate)?.iter().all(plain)).then_some(at + 1 + predicate)
    }

    /// The boundary beyond a part: "four people including two children died".
    fn including(&self, at: usize) -> Option<usize> {
        let Step::Right = self.step else { return None };
        self.items.get(at).filter(|item| item.has(Tag::Including))?;
        let part = self.counts.iter().find(|count| count.items.start > at && count.items.start <= at + 2)?;
        (part.head == Head::People).then_some(part.items.end)
    }

    /// The boundary beyond an age behind somebody.
    fn age(&self, at: usize) -> Option<usize> {
        let Step::Right = self.step else { return None };
        self.items.get(at).filter(|item| item.has(Tag::Age))?;
        let numbers = TagSet::of(&[Tag::Count, Tag::RangeTo, Tag::And, Tag::Between]);
        let inside = self.items.get(at + 1..)?.iter().take(4).take_while(|item| item.tags.meets(numbers)).count();
        (inside > 0).then_some(at + 1 + inside)
    }

    /// The boundary beyond an insertion between two commas or dashes that holds a count of its own: "14 people, two of
    /// them children, were wounded".
    fn insertion(&self, at: usize) -> Option<usize> {
        if let Step::Left = self.step {
            return self.insertion_before(at);
        }
        let opener = self.items.get(at)?.tags;
        let mark = [Tag::Comma, Tag::Dash, Tag::Bracket].into_iter().find(|mark| opener.has(*mark))?;
        let inside = self.items.get(at + 1..(at + 14).min(self.items.len()))?;
        let closing = inside.iter().position(|item| item.has(mark))?;
        let held = inside.get(..closing)?;
        // "578 civilians, of whom 154 were children, have been killed"
        let partly =
            held.first().is_some_and(|item| item.has(Tag::OfThem)) && held.iter().any(|item| item.has(Tag::People));
        let verbs = if partly { TagSet::EMPTY } else { Tag::Auxiliary.set() };
        // "21 of those, the office says, are no longer alive"
        let says = held.len() <= 8 && !held.iter().any(|item| item.has(Tag::Count));
        let wall = if says { Tag::Semicolon.set() } else { TagSet::of(&[Tag::Semicolon, Tag::Said]) }.with(OUTCOME);
        // "the last group in the town" has no verb.
        let verb = |item: &Item<'_>| item.tags.meets(verbs) && !item.has(Tag::Last);
        let clean = !held.iter().any(|item| item.tags.meets(wall) || verb(item));
        clean.then_some(at + closing + 2)
    }

    /// The same to the left: "losses, meaning killed and wounded soldiers, come to 200".
    fn insertion_before(&self, at: usize) -> Option<usize> {
        // "casualties (killed and wounded) rose to 1,570"
        if self.items.get(at)?.has(Tag::Bracket) {
            let opening = (at.saturating_sub(8)..at)
                .rev()
                .find(|at| self.items.get(*at).is_some_and(|item| item.has(Tag::Bracket)))?;
            let held = self.items.get(opening + 1..at)?;
            return (!held.iter().any(|item| item.has(Tag::Count))).then_some(opening);
        }
        self.items.get(at).filter(|item| item.has(Tag::Comma))?;
        let explains = TagSet::of(&[Tag::Define, Tag::Relative, Tag::Said]);
        let tells = TagSet::of(&[Tag::Said, Tag::According, Tag::Report]);
        let opening = (at.saturating_sub(14)..at).rev().find(|opening| {
            let comma = self.items.get(*opening).is_some_and(|item| item.has(Tag::Comma));
            let inside = self.items.get(opening + 1..at).unwrap_or_default();
            // "losses, it said, came to 510", "the dead, by his account, exceed 350"
            let says = inside.len() <= 6 && inside.iter().any(|item| item.tags.meets(tells));
            // "the dead, the only list built name by name, stood at 95,300"
            let apposed = inside.len() <= 9
                && inside.first().is_some_and(|item| item.has(Tag::Article))
                && !inside.iter().any(|item| item.tags.meets(OUTCOME));
            comma && (apposed || says || inside.first().is_some_and(|item| item.tags.meets(explains)))
        })?;
        let held = self.items.get(opening + 1..at)?;
        let counts = |item: &Item<'_>| item.has(Tag::Count) && item.number().is_some_and(|numeral| numeral.digits);
        let wall = Tag::Semicolon.set();
        (!held.iter().any(counts) && !held.iter().any(|item| item.tags.meets(wall))).then_some(opening)
    }
}
