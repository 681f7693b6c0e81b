//! Who says it: verbs of saying and their subjects, names and roles resolved within the article.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use std::ops::Range;

use crate::extract::context::Names;
use crate::extract::lexicon::{Meaning, folded};
use crate::extract::scan::{Item, Scan, Sentence};
use crate::extract::tag::{Tag, TagSet};
use crate::model::{ClaimantId, PartyId};

/// Somebody who states figures.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Speaker {
    /// The name as the article gives it.
    pub(super) name: String,
    pub(super) id: Option<ClaimantId>,
    /// The side he or it speaks for.
    pub(super) side: Option<PartyId>,
    pub(super) sort: Sort,
    /// The last word of the name, for later mentions.
    key: String,
}

/// What a pronoun can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Person,
    Body,
    Several,
}

/// One act of saying in a sentence.
#[derive(Debug, Clone)]
pub(super) struct Saying {
    /// The items of the verb and of the subject.
    pub(super) at: usize,
    pub(super) subject: Range<usize>,
    pub(super) speaker: Option<Speaker>,
    /// "according to", "citing": the origin behind whoever says it.
    pub(super) cited: bool,
}

/// The speakers of an article so far.
#[derive(Debug, Default)]
pub(super) struct Speakers {
    known: Vec<Speaker>,
    last: Option<(Speaker, usize)>,
}

const NAME: TagSet = TagSet::of(&[
    Tag::Name,
    Tag::Claimant,
    Tag::Title,
    Tag::Officials,
    Tag::Body,
    Tag::Outlet,
    Tag::Qualifier,
    Tag::Country,
    Tag::Side,
    Tag::Government,
    Tag::Forces,
    Tag::Nation,
    Tag::Place,
    Tag::Region,
    Tag::People,
    Tag::Direction,
    Tag::Report,
]);

/// Joins the parts of a name, but never begins or ends it.
const GLUE: TagSet = TagSet::of(&[
    Tag::Of,
    Tag::In,
    Tag::Possessive,
    Tag::Article,
    Tag::And,
    Tag::Dash,
    Tag::One,
    Tag::Own,
    Tag::Preposition,
    Tag::Modifier,
]);

/// What makes a phrase one that can speak.
const CORE: TagSet = TagSet::of(&[
    Tag::Name,
    Tag::Claimant,
    Tag::Title,
    Tag::Officials,
    Tag::Body,
    Tag::Outlet,
    Tag::Country,
    Tag::Government,
    Tag::Forces,
    Tag::People,
    Tag::Place,
    Tag::Report,
]);

const PRONOUN: TagSet = TagSet::of(&[Tag::He, Tag::She, Tag::It, Tag::They, Tag::We]);

impl Speakers {
    /// Finds who says what in a sentence, and remembers them.
    pub(super) fn sayings(&mut self, scan: &Scan<'_>, names: &Names, sentence: &Sentence<'_>) -> Vec<Saying> {
        let reader = Reader { scan, names, items: &sentence.items };
        let mut out = Vec::new();
        for (at, item) in sentence.items.iter().enumerate() {
            if !item.tags.meets(TagSet::of(&[Tag::Said, Tag::Names, Tag::According])) {
                continue;
            }
            let Some(subject) = reader.subject(at, item) else { continue };
            let is_report = reader.is_report(&subject);
            let found = if is_report { None } else { reader.speaker(&subject) };
            let pronoun = if is_report { Some(Tag::It) } else { reader.pronoun(&subject) };
            let found = match found {
                Some(found) if reader.is_role(&subject) => self.by_role(&found).or(Some(found)),
                other => other,
            };
            let speaker = self.resolve(found, pronoun);
            if let Some(speaker) = &speaker {
                self.remember(speaker, sentence.paragraph);
            } else if !item.has(Tag::Said) && !item.has(Tag::According) {
                continue;
            }
            out.push(Saying { at, subject, speaker, cited: item.has(Tag::According) });
        }
        self.meet_persons(&reader);
        out
    }

    /// The known claimant named last before an item.
    pub(super) fn named(
        &self,
        scan: &Scan<'_>,
        names: &Names,
        sentence: &Sentence<'_>,
        before: usize,
    ) -> Option<Speaker> {
        let reader = Reader { scan, names, items: &sentence.items };
        let at = (0..before).rev().find(|at| reader.has(*at, Tag::Claimant))?;
        self.resolve(reader.speaker(&(at..at + 1)), None)
    }

    /// Who spoke last in a paragraph.
    pub(super) fn last_in(&self, paragraph: usize) -> Option<&Speaker> {
        self.last.as_ref().filter(|(_, there)| *there == paragraph).map(|(speaker, _)| speaker)
    }

    /// Who spoke last at all.
    pub(super) fn last(&self) -> Option<&Speaker> {
        self.last.as_ref().map(|(speaker, _)| speaker)
    }

    /// Somebody mentioned before by the last word of the name.
    pub(super) fn resolve(&self, found: Option<Speaker>, pronoun: Option<Tag>) -> Option<Speaker> {
        let Some(found) = found else { return self.by_pronoun(pronoun?) };
        let earlier = self.known.iter().rev().find(|known| known.key == found.key && known.sort == found.sort);
        match earlier {
            Some(earlier) if found.id.is_none() || earlier.id == found.id => {
                let fuller =
                    if words(&earlier.name) > words(&found.name) || (found.id.is_none() && earlier.id.is_some()) {
                        earlier
                    } else {
                        &found
                    };
                Some(Speaker { side: found.side.clone().or_else(|| earlier.side.clone()), ..fuller.clone() })
            }
            Some(_) | None => Some(found),
        }
    }

    fn is_known_person(reader: &Reader<'_, '_>, at: usize) -> bool {
        reader.items.get(at).is_some_and(|item| item.has(Tag::Claimant))
            && reader.speaker(&(at..at + 1)).is_some_and(|speaker| speaker.sort == Sort::Person)
    }

    /// "the governor", "the ministry": whoever was called so before, else for a person the last one named.
    fn by_role(&self, found: &Speaker) -> Option<Speaker> {
        let called =
            |known: &&Speaker| known.sort == found.sort && folded(&known.name).split(' ').any(|word| word == found.key);
        let last_person =
            || self.known.iter().rev().find(|known| known.sort == Sort::Person && found.sort == Sort::Person);
        self.known.iter().rev().find(called).or_else(last_person).cloned()
    }

    fn by_pronoun(&self, pronoun: Tag) -> Option<Speaker> {
        let wanted: &[Sort] = match pronoun {
            Tag::He | Tag::She => &[Sort::Person],
            Tag::It => &[Sort::Body],
            _ => &[Sort::Several, Sort::Body],
        };
        wanted.iter().find_map(|sort| self.known.iter().rev().find(|known| known.sort == *sort)).cloned()
    }

    fn remember(&mut self, speaker: &Speaker, paragraph: usize) {
        self.known.push(speaker.clone());
        if self.known.len() > 400 {
            self.known.drain(..200);
        }
        self.last = Some((speaker.clone(), paragraph));
    }

    /// Persons who are named without saying anything may be "he" or "Kirby" later.
    fn meet_persons(&mut self, reader: &Reader<'_, '_>) {
        let mut at = 0;
        while at < reader.items.len() {
            let range = reader.phrase_right(at);
            let is_known = range.len() == 1 && Self::is_known_person(reader, range.start);
            let is_person = is_known
                || range
                    .clone()
                    .filter_map(|at| reader.items.get(at))
                    .any(|item| item.has(Tag::Name) || item.has(Tag::Claimant))
                    && range.len() >= 2;
            if is_person
                && let Some(speaker) = reader.speaker(&range)
                && speaker.sort == Sort::Person
                && !self.known.iter().any(|known| known.key == speaker.key)
            {
                let place = self.known.len().saturating_sub(1);
                self.known.insert(place, speaker);
            }
            at = range.end.max(at + 1);
        }
    }
}

fn words(name: &str) -> usize {
    name.split_whitespace().count()
}

struct Reader<'s, 'a> {
    scan: &'s Scan<'a>,
    names: &'s Names,
    items: &'s [Item<'a>],
}

impl Reader<'_, '_> {
    fn has(&self, at: usize, tag: Tag) -> bool {
        self.items.get(at).is_some_and(|item| item.has(tag))
    }

    /// The items of whoever says it.
    fn subject(&self, at: usize, item: &Item<'_>) -> Option<Range<usize>> {
        if item.has(Tag::According) {
            return Some(self.phrase_right(at + 1)).filter(|range| self.can_speak(range));
        }
        let left = self.left(at).filter(|range| self.can_speak(range));
        let inverted = || {
            let after_clause = at == 0
                || at
                    .checked_sub(1)
                    .is_some_and(|before| self.has(before, Tag::Comma) || self.has(before, Tag::QuoteMark));
            let range = self.phrase_right(at + 1);
            (item.has(Tag::Said) && !item.has(Tag::Told) && after_clause && self.can_speak(&range)).then_some(range)
        };
        let is_report = item.has(Tag::Report);
        if is_report { left } else { inverted().or(left) }
    }

    /// The subject to the left of a verb, over auxiliaries, times, adverbs and insertions.
    fn left(&self, verb: usize) -> Option<Range<usize>> {
        let skippable = TagSet::of(&[
            Tag::Auxiliary,
            Tag::Time,
            Tag::Relative,
            Tag::Negation,
            Tag::SoFar,
            Tag::AsOf,
            Tag::Said,
            Tag::To,
            Tag::In,
            Tag::On,
            Tag::Bracket,
        ]);
        let mut end = verb;
        let mut adverbs = 0;
        for _ in 0..10 {
            let at = end.checked_sub(1)?;
            let item = self.items.get(at)?;
            if item.tags.meets(PRONOUN) {
                return Some(at..end);
            }
            if item.tags.meets(NAME) {
                return Some(self.with_apposition(self.phrase_left(end)));
            }
            if item.has(Tag::Comma) {
                let opening = (at.saturating_sub(16)..at).rev().find(|before| self.has(*before, Tag::Comma))?;
                let inside = opening + 1..at;
                let inside_names = self.phrase_left(at);
                if self.can_speak(&inside_names) && inside_names.start == inside.start {
                    return Some(self.with_apposition(inside_names));
                }
                end = opening;
                continue;
            }
            adverbs += usize::from(!item.tags.meets(skippable));
            if adverbs > 2 || !item.tags.meets(skippable.with(Tag::Word.set())) {
                return None;
            }
            end = at;
        }
        None
    }

    /// "the regional governor, Oleh Kiper": the role before the comma belongs to the name behind it.
    fn with_apposition(&self, name: Range<usize>) -> Range<usize> {
        let Some(comma) = name.start.checked_sub(1).filter(|at| self.has(*at, Tag::Comma)) else { return name };
        let role = self.phrase_left(comma);
        let is_role = role
            .clone()
            .any(|at| self.items.get(at).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Title, Tag::Body]))));
        let has_name = name
            .clone()
            .any(|at| self.items.get(at).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Name, Tag::Claimant]))));
        let role_has_name = role.clone().any(|at| self.has(at, Tag::Name));
        if is_role && has_name && !role_has_name && name.len() <= 4 { role.start..name.end } else { name }
    }

    fn phrase_left(&self, end: usize) -> Range<usize> {
        let mut start = end;
        while let Some(at) = start.checked_sub(1) {
            let Some(item) = self.items.get(at) else { break };
            let belongs = item.tags.meets(NAME) || (item.tags.meets(GLUE) && at + 12 > end);
            if !belongs || item.has(Tag::Comma) || end - at > 14 {
                break;
            }
            start = at;
        }
        self.trimmed(start..end)
    }

    fn phrase_right(&self, start: usize) -> Range<usize> {
        let mut end = start;
        while let Some(item) = self.items.get(end) {
            let belongs = item.tags.meets(NAME)
                || item.tags.meets(GLUE)
                || (end > start && item.tags.meets(PRONOUN))
                || (end == start && item.tags.meets(PRONOUN));
            if !belongs || end - start > 14 {
                break;
            }
            end += 1;
            if item.tags.meets(PRONOUN) {
                break;
            }
        }
        self.trimmed(start..end)
    }

    fn trimmed(&self, mut range: Range<usize>) -> Range<usize> {
        let is_glue =
            |at: usize| self.items.get(at).is_some_and(|item| item.tags.meets(GLUE) && !item.tags.meets(NAME));
        while range.start < range.end && is_glue(range.start) {
            range.start += 1;
        }
        while range.start < range.end && is_glue(range.end - 1) {
            range.end -= 1;
        }
        range
    }

    /// "the governor", "the ministry": a role with an article and without a name.
    fn is_role(&self, range: &Range<usize>) -> bool {
        let items = self.items.get(range.clone()).unwrap_or_default();
        let names = TagSet::of(&[
            Tag::Name,
            Tag::Claimant,
            Tag::Country,
            Tag::Government,
            Tag::Side,
            Tag::Place,
            Tag::Officials,
        ]);
        let definite = range.start.checked_sub(1).is_some_and(|before| self.has(before, Tag::Article));
        definite && !items.iter().any(|item| item.tags.meets(names))
    }

    /// "a statement", "the study": a paper, not who wrote it.
    fn is_report(&self, range: &Range<usize>) -> bool {
        let items = self.items.get(range.clone()).unwrap_or_default();
        let names = TagSet::of(&[
            Tag::Name,
            Tag::Claimant,
            Tag::Country,
            Tag::Government,
            Tag::Body,
            Tag::Officials,
            Tag::Title,
        ]);
        items.iter().any(|item| item.has(Tag::Report)) && !items.iter().any(|item| item.tags.meets(names))
    }

    fn can_speak(&self, range: &Range<usize>) -> bool {
        let items = self.items.get(range.clone()).unwrap_or_default();
        items.iter().any(|item| item.tags.meets(CORE) || item.tags.meets(PRONOUN))
    }

    fn pronoun(&self, range: &Range<usize>) -> Option<Tag> {
        let item = self.items.get(range.start)?;
        [Tag::He, Tag::She, Tag::It, Tag::They, Tag::We].into_iter().find(|tag| item.has(*tag))
    }

    /// Reads a phrase as a speaker.
    fn speaker(&self, range: &Range<usize>) -> Option<Speaker> {
        let items = self.items.get(range.clone()).filter(|items| items.iter().any(|item| item.tags.meets(CORE)))?;
        let row = items
            .iter()
            .rev()
            .find_map(|item| item.meaning(|m| if let Meaning::Claimant(row) = m { Some(row) } else { None }));
        let known = row.and_then(|row| self.names.claimant(row));
        let party = items
            .iter()
            .find_map(|item| item.meaning(|m| if let Meaning::Party(_, row) = m { Some(row) } else { None }));
        let place =
            items.iter().find_map(|item| item.meaning(|m| if let Meaning::Place(row) = m { Some(row) } else { None }));
        let side = known.and_then(|known| known.side.clone());
        let side = side.or_else(|| party.and_then(|row| self.names.party(row)).cloned());
        let side = side.or_else(|| place.and_then(|row| self.names.place(row)).map(|place| place.party.clone()));
        let first = range.start;
        let last = range.end.checked_sub(1)?;
        let tokens = self.items.get(first)?.tokens.start..self.items.get(last)?.tokens.end;
        let name = self.scan.text(&tokens).split_whitespace().collect::<Vec<_>>().join(" ");
        let sort = Self::sort(items, known.map(|known| known.kind.as_str()));
        let key = folded(name.rsplit(' ').next().unwrap_or_default());
        Some(Speaker { name, id: known.map(|known| known.id.clone()), side, sort, key })
    }

    fn sort(items: &[Item<'_>], kind: Option<&str>) -> Sort {
        let has = |tag: Tag| items.iter().any(|item| item.has(tag));
        let ends_in = |tag: Tag| items.last().is_some_and(|item| item.has(tag));
        if has(Tag::Officials) || ends_in(Tag::Nation) {
            Sort::Several
        } else if ends_in(Tag::Body)
            || (kind.is_none() && (has(Tag::Country) || has(Tag::Government)) && !has(Tag::Title))
        {
            Sort::Body
        } else if has(Tag::Title) || kind.is_some_and(is_person) {
            Sort::Person
        } else if has(Tag::Claimant) || has(Tag::Body) || has(Tag::Report) {
            Sort::Body
        } else {
            Sort::Person
        }
    }
}

/// Kinds of claimants in conflict files that are persons.
fn is_person(kind: &str) -> bool {
    matches!(
        kind,
        "head_of_state"
            | "commander"
            | "minister"
            | "mayor"
            | "governor"
            | "adviser"
            | "spokesperson"
            | "ombudsman"
            | "person"
            | "official"
    )
}

/// The saying that governs a count: the nearest one before it, else the nearest behind.
pub(super) fn governing<'s>(
    sayings: &'s [Saying],
    sentence: &Sentence<'_>,
    count: &Range<usize>,
) -> Option<&'s Saying> {
    let separated = |from: usize, to: usize| {
        sentence.items.get(from..to).unwrap_or_default().iter().any(|item| item.has(Tag::Semicolon))
    };
    let heard = |saying: &&Saying| saying.speaker.is_some();
    let before = sayings.iter().filter(heard).rfind(|saying| saying.at < count.start && !saying.cited);
    let cited = sayings.iter().filter(heard).find(|saying| saying.cited);
    let behind = sayings.iter().filter(heard).find(|saying| saying.at >= count.end);
    if let Some(cited) = cited
        && (before.is_none() || cited.at > count.end)
    {
        return Some(cited);
    }
    match (before, behind) {
        (Some(before), _) if !separated(before.at, count.start) => Some(before),
        (_, Some(behind)) if !separated(count.end, behind.at) => Some(behind),
        (Some(before), _) => Some(before),
        (None, behind) => behind,
    }
}
