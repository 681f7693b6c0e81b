//! Speakers away from their verb, and ones that no list of words knows: "A commander who left the town told us", "an
//! organiser said".

use std::ops::Range;

use crate::extract::pattern::OUTCOME;
use crate::extract::scan::Item;
use crate::extract::speaker::{Sort, Speaker};
use crate::extract::spelling::folded;
use crate::extract::subject::Reader;
use crate::extract::tag::{Tag, TagSet};

impl Reader<'_, '_> {
    /// The subject of a verb of saying where no speaker stands beside the verb.
    pub(super) fn distant(&self, verb: usize) -> Option<Range<usize>> {
        self.stranger(verb).or_else(|| self.complemented(verb)).or_else(|| {
            let opener = self.opener()?;
            // "A commander who came out of the town after 40 days told us"
            let inside = self.items.get(opener.end..verb)?;
            let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Colon, Tag::QuoteMark, Tag::Said, Tag::Barrier]);
            let relative = inside.first()?.has(Tag::Relative) && !inside.iter().any(|item| item.tags.meets(wall));
            // "A commander in that sector laughed, and then told us"
            let adverb = TagSet::of(&[Tag::Word, Tag::Auxiliary]);
            let adverbs = inside.iter().rev().take(2).take_while(|item| item.tags.meets(adverb)).count();
            let joined = inside.len().checked_sub(adverbs + 1).and_then(|and| inside.get(and));
            let joined = joined.is_some_and(|item| item.has(Tag::And)) && opener.len() < verb && inside.len() <= 12;
            let wall = TagSet::of(&[Tag::Semicolon, Tag::Colon, Tag::QuoteMark, Tag::Said, Tag::Count]);
            (relative || (joined && !inside.iter().any(|item| item.tags.meets(wall)))).then_some(opener)
        })
    }

    /// "officials in both countries said", "people in the quarter told us": whom words for where they are part from the verb.
    fn complemented(&self, verb: usize) -> Option<Range<usize>> {
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Colon, Tag::QuoteMark, Tag::Said, Tag::Barrier])
            .with(TagSet::of(&[Tag::Relative, Tag::Count, Tag::And, Tag::Time]))
            .with(OUTCOME);
        let inside = self.items.get(verb.saturating_sub(6)..verb)?.iter().rev();
        let leads = TagSet::of(&[Tag::In, Tag::From, Tag::Of]);
        let words = inside.take_while(|item| !item.tags.meets(wall) && !item.tags.meets(leads)).count();
        let led = verb
            .checked_sub(words + 1)
            .filter(|led| words > 0 && self.items.get(*led).is_some_and(|item| item.tags.meets(leads)))?;
        let phrase = self.phrase_left(led);
        let people = TagSet::of(&[Tag::Officials, Tag::People, Tag::Body, Tag::Outlet, Tag::Title]);
        let last = led.checked_sub(1).and_then(|last| self.items.get(last));
        let speaks = phrase.end == led && last.is_some_and(|item| item.tags.meets(people));
        // "people in the ward reported missing": of whom it is reported.
        let befell = self.items.get(verb + 1).is_some_and(|next| next.tags.meets(OUTCOME));
        (speaks && !befell).then_some(phrase)
    }

    /// The phrase that a sentence opens with, if it can speak: "In Geneva the UN human rights office keeps a sum", "Two
    /// statisticians who".
    pub(super) fn opener(&self) -> Option<Range<usize>> {
        let led = self.items.first()?;
        // "In Bangkok, the minister was angry."
        let comma = self.items.iter().take(7).position(|item| item.has(Tag::Comma));
        let from = match comma {
            Some(comma) if led.tags.meets(TagSet::of(&[Tag::In, Tag::On, Tag::Time, Tag::Preposition])) => comma + 1,
            _ if led.has(Tag::In) && self.items.get(1)?.tags.meets(TagSet::of(&[Tag::Place, Tag::Government])) => 2,
            _ => 0,
        };
        let from = from + usize::from(self.has(from, Tag::Count));
        let phrase = self.phrase_right(from);
        let article = usize::from(self.has(from, Tag::Article) || self.has(from, Tag::One));
        if !phrase.is_empty() && phrase.start <= from + article && self.can_speak(&phrase) {
            return Some(phrase);
        }
        let noun = from + article;
        if self.is_doer(noun) {
            return Some(noun..noun + 1);
        }
        // "A battalion commander", "A young medic"
        let titled = self.phrase_right(noun + 1);
        let described = self.items.get(noun)?.tags.meets(TagSet::of(&[Tag::Word, Tag::Thing]));
        let role = self.has(noun + 1, Tag::Title) && titled.start == noun + 1;
        (article > 0 && described && role).then_some(titled)
    }

    /// "an organiser, who lost her niece, said", "said a shopkeeper": a common noun for somebody.
    fn stranger(&self, verb: usize) -> Option<Range<usize>> {
        let passed = TagSet::of(&[Tag::Auxiliary, Tag::Time]);
        let before = self.items.get(..verb)?.iter().rev();
        let mut end = verb - before.take(2).take_while(|item| item.tags.meets(passed)).count();
        if end.checked_sub(1).is_some_and(|comma| self.has(comma, Tag::Comma)) {
            let inside = end.saturating_sub(14)..end - 1;
            end = inside.rev().find(|at| self.has(*at, Tag::Comma) && self.has(at + 1, Tag::Relative))?;
        }
        let noun = end.checked_sub(1).filter(|noun| self.is_doer(*noun));
        let led = |noun: &usize| {
            let words = self.items.get(noun.saturating_sub(2)..*noun).unwrap_or_default();
            let adjectives = words.iter().rev().take_while(|item| item.tags == Tag::Word.set()).count();
            noun.checked_sub(adjectives + 1).is_some_and(|one| self.has(one, Tag::One))
        };
        if let Some(noun) = noun.filter(led) {
            return Some(noun..noun + 1);
        }
        let behind = verb + 2;
        let led = self.has(verb + 1, Tag::One) || self.has(verb + 1, Tag::Article);
        let inverted = led && self.is_doer(behind);
        let opens = verb.checked_sub(1).is_none_or(|mark| self.has(mark, Tag::Comma) || self.has(mark, Tag::QuoteMark));
        (inverted && opens).then_some(behind..behind + 1)
    }

    /// Whether a word that no list knows is one for somebody who does something, by its ending.
    fn is_doer(&self, at: usize) -> bool {
        let Some(item) = self.items.get(at).filter(|item| item.tags == Tag::Word.set()) else { return false };
        let text = &self.scan.language.file.text;
        let word = self.scan.text(&item.tokens);
        let ends = |word: &str| text.doers.iter().any(|ending| word.ends_with(ending.as_str()));
        let several = |(one, several): &(String, String)| {
            !several.is_empty() && word.strip_suffix(several.as_str()).is_some_and(|stem| ends(&format!("{stem}{one}")))
        };
        ends(word) || text.plurals.iter().any(several)
    }

    /// Reads a common noun for somebody as a speaker.
    pub(super) fn somebody(&self, range: &Range<usize>) -> Option<Speaker> {
        let (at, 1) = (range.start, range.len()) else { return None };
        let name = self.scan.text(&self.items.get(at).filter(|_| self.is_doer(at))?.tokens).to_owned();
        let several = at.checked_sub(1).is_some_and(|number| self.has(number, Tag::Count));
        let sort = if several { Sort::Several } else { Sort::Person };
        let key = folded(&name);
        Some(Speaker { name, id: None, row: None, side: None, counts: None, sort, key })
    }

    /// "The minister came out to read a longer list: 107 have been killed", "word came from the commander-in-chief: 9,000
    /// killed": who speaks before a colon.
    pub(super) fn announcer(&self) -> Option<(usize, Range<usize>)> {
        let colon = self.items.iter().position(|item| item.has(Tag::Colon))?;
        let before = self.items.get(..colon)?;
        let told = TagSet::of(&[Tag::Said, Tag::According, Tag::Count, Tag::QuoteMark]);
        if before.iter().any(|item| item.tags.meets(told)) {
            return None;
        }
        let role = |range: &Range<usize>| {
            let office = TagSet::of(&[Tag::Claimant, Tag::Title, Tag::Body, Tag::Officials]);
            self.items.get(range.clone()).unwrap_or_default().iter().any(|item| item.tags.meets(office))
        };
        // "from the commander-in-chief, Valerii Zaluzhnyi:"
        let sender = self.with_apposition(self.phrase_left(colon));
        let from = sender.start.saturating_sub(2)..sender.start;
        let sent = self
            .items
            .get(from)?
            .iter()
            .any(|item| item.has(Tag::From) || item.has(Tag::Auxiliary) && item.tokens.len() == 2);
        if sent && role(&sender) {
            return Some((colon, sender));
        }
        let paper = before.iter().rev().take(3).any(|item: &Item<'_>| item.has(Tag::Report));
        self.opener().filter(|opener| paper && role(opener)).map(|opener| (colon, opener))
    }
}
