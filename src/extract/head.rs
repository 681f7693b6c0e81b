//! The head of a speaker's phrase: who speaks, where clauses, adjectives and appositions stand around the name.

use std::ops::Range;

use crate::extract::subject::Reader;
use crate::extract::tag::{Tag, TagSet};

impl Reader<'_, '_> {
    /// "A spokeswoman for a group battling the military told": whoever opens the clause speaks, not who is named last.
    pub(super) fn over_participle(&self, name: &Range<usize>) -> Option<Range<usize>> {
        let inside = TagSet::of(&[Tag::Word, Tag::Preposition, Tag::Article, Tag::In, Tag::By, Tag::To]);
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::QuoteMark, Tag::Colon]);
        let mut first = name.start;
        while let Some(at) =
            first.checked_sub(1).filter(|at| self.items.get(*at).is_some_and(|item| item.tags.meets(inside)))
        {
            first = at;
        }
        let between = self.items.get(first..name.start)?;
        // "the observer Kostyantyn Mashovets" is no observer that anybody did anything to.
        let leads = TagSet::of(&[Tag::Preposition, Tag::By, Tag::To, Tag::In, Tag::Article]);
        let led = between.iter().any(|item| item.tags.meets(leads));
        if !between.iter().any(|item| item.tags == Tag::Word.set()) || !led {
            return None;
        }
        let opening = (first.saturating_sub(12)..first)
            .rev()
            .find(|at| self.items.get(*at).is_some_and(|item| item.tags.meets(wall)));
        let begin = opening.map_or(0, |at| at + 1);
        let phrase = (begin..begin + 2).map(|at| self.phrase_right(at)).find(|phrase| !phrase.is_empty())?;
        let speaks = TagSet::of(&[Tag::Title, Tag::Officials, Tag::Report, Tag::Body, Tag::Forces, Tag::Claimant]);
        let head = self.items.get(phrase.clone())?.iter().any(|item| item.tags.meets(speaks));
        (head && phrase.end == first && phrase.start <= begin + 1).then_some(phrase)
    }

    /// "An officer who escaped to Chad said": whoever the clause is about speaks, not who is named last in it.
    pub(super) fn over_relative(&self, name: &Range<usize>) -> Option<Range<usize>> {
        let inside = TagSet::of(&[Tag::Word, Tag::Preposition, Tag::Article, Tag::In, Tag::By, Tag::To, Tag::From]);
        let inside = inside.with(TagSet::of(&[Tag::Auxiliary, Tag::Own, Tag::Time, Tag::Modifier, Tag::One]));
        let near = self.items.get(name.start.saturating_sub(9)..name.start)?;
        let clause = near.iter().rev().take_while(|item| item.tags.meets(inside)).count();
        let relative = name.start.checked_sub(clause + 1).filter(|at| self.has(*at, Tag::Relative))?;
        let verb = self.items.get(relative + 1).filter(|_| clause > 0)?;
        let head = self.phrase_left(relative);
        let acts = verb.tags.meets(TagSet::of(&[Tag::Word, Tag::Auxiliary])) && !head.is_empty();
        (acts && self.can_speak(&head)).then_some(head)
    }

    /// "A doctor who treated them told us", "a sergeant who was there believes": whoever the clause before the verb is about.
    pub(super) fn before_clause(&self, verb: usize) -> Option<Range<usize>> {
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Colon, Tag::QuoteMark, Tag::Count, Tag::Said]);
        let near = self.items.get(verb.saturating_sub(10)..verb)?;
        let open = near.iter().rev().take_while(|item| !item.tags.meets(wall)).count();
        let relative = (verb - open..verb).find(|at| self.has(*at, Tag::Relative) && !self.has(*at, Tag::Article))?;
        let head = self.phrase_left(relative);
        let leads = TagSet::of(&[Tag::Article, Tag::One]);
        let begin = head.start - usize::from(head.start.checked_sub(1).is_some_and(|at| self.has_any(at, leads)));
        let opens = begin
            .checked_sub(1)
            .is_none_or(|at| self.has_any(at, wall) || self.items.get(at).is_some_and(|item| self.separates(item)));
        (relative + 1 < verb && opens && !head.is_empty() && self.can_speak(&head)).then_some(head)
    }

    /// "…, who toured the town of Jermuk, where a shell landed, says": the comma before the first of such clauses.
    pub(super) fn before_relative(&self, comma: usize) -> usize {
        let mut first = comma;
        for _ in 0..3 {
            let Some(earlier) = (first.saturating_sub(16)..first).rev().find(|at| self.has(*at, Tag::Comma)) else {
                break;
            };
            if !self.has(earlier + 1, Tag::Relative) {
                break;
            }
            first = earlier;
        }
        first
    }

    /// "the regional governor, Oleh Kiper": the role before the comma belongs to the name behind it.
    pub(super) fn with_apposition(&self, name: Range<usize>) -> Range<usize> {
        let Some(comma) = name.start.checked_sub(1).filter(|at| self.has(*at, Tag::Comma)) else { return name };
        let role = self.phrase_left(comma);
        // "Citing police, the agency said": the comma parts who is cited from who cites.
        let cited = |back: usize| role.start.checked_sub(back).is_some_and(|at| self.has(at, Tag::According));
        let article = role.start.checked_sub(1).is_some_and(|at| self.has(at, Tag::Article));
        if cited(1) || (cited(2) && article) {
            return name;
        }
        let is_role = role.clone().any(|at| self.has_any(at, TagSet::of(&[Tag::Title, Tag::Body])));
        let has_name = name.clone().any(|at| self.has_any(at, TagSet::of(&[Tag::Name, Tag::Claimant])));
        if !has_name && self.has(name.end, Tag::Comma) && self.is_full_name(&role) {
            return role;
        }
        let role_has_name = role.clone().any(|at| self.has(at, Tag::Name));
        if is_role && has_name && !role_has_name && name.len() <= 4 { role.start..name.end } else { name }
    }

    /// "Ivan Petrenko, mayor of Izium, said": a name of two words or more, and nothing that a town may be.
    fn is_full_name(&self, range: &Range<usize>) -> bool {
        let person = TagSet::of(&[Tag::Name, Tag::Claimant]);
        let words: usize = self.items.get(range.clone()).unwrap_or_default().iter().map(|item| item.tokens.len()).sum();
        let role = TagSet::of(&[Tag::Title, Tag::Body, Tag::Officials, Tag::Place, Tag::Forces, Tag::Report]);
        let plain = range.clone().all(|at| self.has_any(at, person) && !self.has_any(at, role));
        let situates = TagSet::of(&[Tag::In, Tag::On, Tag::From, Tag::Of, Tag::To, Tag::Article, Tag::Settlement]);
        let led = range.start.checked_sub(1).is_some_and(|at| self.has_any(at, situates));
        (2..=4).contains(&words) && plain && !led
    }

    /// "the regional operational headquarters": an office with the adjectives before it that no list knows.
    pub(super) fn with_adjectives(&self, name: Range<usize>) -> Range<usize> {
        let common = TagSet::of(&[Tag::Body, Tag::Officials, Tag::Title, Tag::Qualifier]);
        if !self.items.get(name.start).is_some_and(|item| item.tags.meets(common)) {
            return name;
        }
        let before = self.items.get(name.start.saturating_sub(3)..name.start).unwrap_or_default();
        let inside = TagSet::of(&[Tag::Word, Tag::Qualifier, Tag::Modifier]);
        let words = before.iter().rev().take_while(|item| item.tags.meets(inside) && !item.has(Tag::Article)).count();
        let opens = name.start.checked_sub(words + 1).and_then(|at| self.items.get(at));
        let led = opens
            .is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Article, Tag::One])) || item.has(Tag::Possessive));
        if words > 0 && led { name.start - words..name.end } else { name }
    }
}
