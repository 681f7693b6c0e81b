//! The words of a speaker: the phrase that is the subject of a saying, and who is meant by it.

use std::ops::Range;

use crate::extract::context::Names;
use crate::extract::pattern::OUTCOME;
use crate::extract::person::PRONOUN;
use crate::extract::phrase::NAME;
use crate::extract::scan::{Item, Scan};
use crate::extract::tag::{Tag, TagSet};

/// What may stand behind whoever said something: "…, he said on Monday."
const ENDS: TagSet = TagSet::of(&[
    Tag::Comma,
    Tag::Semicolon,
    Tag::Colon,
    Tag::Dash,
    Tag::QuoteMark,
    Tag::In,
    Tag::On,
    Tag::Preposition,
    Tag::Time,
    Tag::And,
    Tag::To,
    Tag::AsOf,
]);

/// Reads the speakers of one sentence.
pub(super) struct Reader<'s, 'a> {
    pub(super) scan: &'s Scan<'a>,
    pub(super) names: &'s Names,
    pub(super) items: &'s [Item<'a>],
}

impl Reader<'_, '_> {
    pub(super) fn has(&self, at: usize, tag: Tag) -> bool {
        self.items.get(at).is_some_and(|item| item.has(tag))
    }

    pub(super) fn has_any(&self, at: usize, tags: TagSet) -> bool {
        self.items.get(at).is_some_and(|item| item.tags.meets(tags))
    }

    /// Whoever stands behind "according to".
    fn cited(&self, at: usize) -> Option<Range<usize>> {
        let number = usize::from(self.has(at + 1, Tag::Count));
        // "according to a first count by the ministry", "according to a tally by the ministry"
        let paper = |at: &usize| self.has(*at, Tag::Report) && self.has(at + 1, Tag::By);
        let first = (at + 1..at + 3).find(|at| self.has(*at, Tag::Superseded) || paper(at));
        if let Some(author) = first.and_then(|count| self.report_owner(count)) {
            return Some(author);
        }
        // "according to a post by the army"
        let posted = self.has(at + 1, Tag::One) && self.has(at + 3, Tag::By);
        let author = self.phrase_right(at + 4);
        if posted && self.can_speak(&author) {
            return Some(author);
        }
        // "according to juvenile prosecutors": an adjective that no list knows.
        let adjectives = self.items.get(at + 1..).unwrap_or_default();
        let adjectives = adjectives.iter().take(2).take_while(|item| item.tags == Tag::Word.set()).count();
        let range = self.phrase_right(at + 1 + adjectives);
        if adjectives > 0 && range.start == at + 1 + adjectives && self.can_speak(&range) {
            return Some(self.sender(&range).unwrap_or(at + 1..range.end));
        }
        let range = self.phrase_right(at + 1 + number);
        let range = self.sender(&range).unwrap_or(range);
        if self.is_report(&range)
            && let Some(author) = self.report_owner(range.end.saturating_sub(1))
        {
            return Some(author);
        }
        if self.can_speak(&range) { Some(range) } else { self.plain_phrase(at + 1) }
    }

    /// The items of whoever says it.
    pub(super) fn subject(&self, at: usize, item: &Item<'_>) -> Option<Range<usize>> {
        if item.has(Tag::According) {
            return self.cited(at);
        }
        // "by some estimates": the noun, not the verb.
        let before = at.checked_sub(1).and_then(|before| self.items.get(before));
        let some = before.is_some_and(Item::is_hedge) && at.checked_sub(2).is_some_and(|by| self.has(by, Tag::By));
        if item.has(Tag::Report) && (some || before.is_some_and(|item| item.has(Tag::By))) {
            return None;
        }
        // "an ambush claimed by the rebels" gives no figure.
        if item.has(Tag::Take) && self.has(at + 1, Tag::By) {
            return None;
        }
        // "3,450 children reported killed": of whom it was reported.
        let people = at.checked_sub(1).is_some_and(|people| self.has(people, Tag::People));
        let befell = self.items.get(at + 1).is_some_and(|next| next.has(Tag::Done) && next.tags.meets(OUTCOME));
        if item.has(Tag::Said) && people && befell {
            return None;
        }
        // "The Kremlin has not commented on an estimate that": it says nothing.
        let denied = at.checked_sub(1).is_some_and(|not| self.has(not, Tag::Negation));
        if item.has(Tag::Said) && denied {
            return None;
        }
        if self.is_passive(at) {
            let by = (at + 1..at + 4).find(|at| self.has(*at, Tag::By))?;
            return Some(self.phrase_right(by + 1)).filter(|range| self.can_speak(range));
        }
        let left = self.left(at).filter(|range| self.can_speak(range)).map(|range| self.with_adjectives(range));
        let inverted = || {
            let after_clause = at == 0
                || at.checked_sub(1).is_some_and(|before| {
                    self.has(before, Tag::Comma) || self.has(before, Tag::QuoteMark) || self.is_dash(before)
                });
            let begin = self.over_circumstances(at + 1);
            let range = self.phrase_right(begin);
            // "he said in a statement" names no speaker behind the verb.
            let led = TagSet::of(&[Tag::In, Tag::On, Tag::Preposition, Tag::Of, Tag::To]);
            let adverbial = self.items.get(begin).is_some_and(|next| next.tags.meets(led) && !next.tags.meets(NAME));
            let says = item.has(Tag::Said) && !item.has(Tag::Told) && after_clause && !adverbial;
            // "the mayor said it happened": the pronoun begins what is said, unless the saying ends with it.
            let goes_on = self.items.get(range.end).is_some_and(|next| !next.tags.meets(ENDS) && !next.tags.is_empty());
            let that = self.items.get(begin).is_some_and(|next| next.has(Tag::Relative) && next.has(Tag::Article));
            // "the spokesman, …, said one soldier died": whoever dies says nothing.
            let acts = TagSet::of(&[Tag::Auxiliary, Tag::Lose, Tag::Modal]).with(OUTCOME);
            let acts = left.is_some() && self.items.get(range.end).is_some_and(|next| next.tags.meets(acts));
            // "The regional head, Oleksandr Prokudin, says a nurse and three others were wounded": it has its subject.
            let counts = self.has(range.end, Tag::And) && self.has(range.end + 1, Tag::Count);
            let counts = counts && left.is_some() && self.has(begin, Tag::One);
            let begins_speech = (self.pronoun(&range).is_some() && goes_on) || that || acts || counts;
            (says && !begins_speech && self.can_speak(&range)).then_some(range)
        };
        // "The army dismissed this as lies and said it had hit depots."
        let coordinated = || {
            at.checked_sub(1).filter(|before| self.has(*before, Tag::And))?;
            // "In Zamzam camp the doctors received 11 wounded and recorded seven deaths."
            let situated = self.items.first()?.tags.meets(TagSet::of(&[Tag::In, Tag::On, Tag::Preposition]));
            if situated {
                return None;
            }
            let opening = (0..2).map(|from| self.phrase_right(from)).find(|range| !range.is_empty())?;
            (opening.start <= 1 && self.can_speak(&opening)).then_some(opening)
        };
        let is_report = item.has(Tag::Report);
        // "About this on Thursday informed the deputy head": no comma, but nobody stands before the verb.
        let turned =
            || {
                let range = self.phrase_right(self.over_circumstances(at + 1));
                let role =
                    self.items.get(range.clone()).unwrap_or_default().iter().any(|item| {
                        item.tags.meets(TagSet::of(&[Tag::Title, Tag::Body, Tag::Claimant, Tag::Officials]))
                    });
                (item.has(Tag::Said) && role && self.pronoun(&range).is_none()).then_some(range)
            };
        if is_report {
            return left;
        }
        // "Russia put a figure to its losses, saying that 498 of its soldiers were dead": of whoever opens the sentence.
        let participle = || {
            let comma = at.checked_sub(1).is_some_and(|comma| self.has(comma, Tag::Comma));
            let time = usize::from(self.has(at + 1, Tag::Time));
            let that =
                self.items.get(at + 1 + time).is_some_and(|next| next.has(Tag::Relative) && next.has(Tag::Article));
            let opening = (0..2).map(|from| self.phrase_right(from)).find(|range| !range.is_empty())?;
            let other = PRONOUN.with(Tag::Place.set());
            let plain = self.items.get(opening.clone())?.iter().all(|item| !item.tags.meets(other));
            (comma && that && item.has(Tag::Said) && plain && self.can_speak(&opening)).then_some(opening)
        };
        let distant = || if item.has(Tag::Said) { self.distant(at) } else { None };
        inverted().or(left).or_else(coordinated).or_else(participle).or_else(distant).or_else(turned)
    }

    /// "a statement from the health ministry", "the update of the mission": the ministry, the mission. "reports from Gaza" have
    /// no other author.
    fn sender(&self, paper: &Range<usize>) -> Option<Range<usize>> {
        let sends = |at: &usize| self.has(*at, Tag::From) || self.has(*at, Tag::Of);
        let from = paper.clone().skip(1).take(3).find(sends)?;
        let office = TagSet::of(&[Tag::Title, Tag::Body, Tag::Claimant, Tag::Officials]);
        let article = usize::from(self.has(from + 1, Tag::Article));
        let sender = from + 1 + article..paper.end;
        let sent = from.checked_sub(1).is_some_and(|sent| self.has(sent, Tag::Report));
        (sent && self.items.get(sender.clone())?.iter().any(|item| item.tags.meets(office))).then_some(sender)
    }

    /// "reported on Friday on Telegram the minister", as many languages order it: what stands between a verb and the
    /// subject behind it.
    fn over_circumstances(&self, from: usize) -> usize {
        let inside = TagSet::of(&[Tag::Time, Tag::Word, Tag::Report, Tag::Outlet, Tag::Modifier, Tag::Qualifier]);
        let names = TagSet::of(&[
            Tag::Name,
            Tag::Claimant,
            Tag::Title,
            Tag::Body,
            Tag::Officials,
            Tag::Country,
            Tag::Government,
        ]);
        let mut at = from;
        for _ in 0..3 {
            let led = usize::from(self.has(at, Tag::In) || self.has(at, Tag::On));
            let behind = self.items.get(at + led..).unwrap_or_default();
            let passed = |item: &&Item<'_>| item.tags.meets(inside) && !item.tags.meets(names);
            let taken = behind.iter().take(4).take_while(passed).count();
            let speaks = self.items.get(at + led + taken).is_some_and(|item| item.tags.meets(names));
            if taken == 0 || (led == 0 && !self.has(at, Tag::Time)) || !speaks {
                break;
            }
            at += led + taken;
        }
        at
    }

    /// A dash that stands alone between spaces.
    fn is_dash(&self, at: usize) -> bool {
        self.items.get(at).is_some_and(|item| self.separates(item))
    }

    /// "was confirmed": what stands before the verb is no speaker.
    fn is_passive(&self, verb: usize) -> bool {
        // "An official who asked not to be named said": the verb before it was passive.
        let be = (verb.saturating_sub(2)..verb).rev().find(|at| self.has(*at, Tag::Be));
        let named = |be: usize| (be + 1..verb).any(|at| self.has(at, Tag::Names));
        be.is_some_and(|be| !named(be)) && !self.has(verb, Tag::Report)
    }

    /// The subject to the left of a verb, over auxiliaries, times, adverbs and insertions.
    pub(super) fn left(&self, verb: usize) -> Option<Range<usize>> {
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
            Tag::Superseded,
            Tag::Alone,
        ]);
        // "quoted two US officials as saying"
        let as_ = verb.checked_sub(1).filter(|at| self.has(*at, Tag::Preposition) && self.has(*at, Tag::Reach));
        let quoted = as_.map(|at| self.phrase_left(at)).filter(|phrase| !phrase.is_empty());
        let quoted =
            quoted.filter(|phrase| (phrase.start.saturating_sub(3)..phrase.start).any(|at| self.has(at, Tag::Said)));
        if quoted.is_some() {
            return quoted;
        }
        if let Some(head) = self.before_clause(verb) {
            return Some(self.with_apposition(head));
        }
        let mut end = verb;
        let mut adverbs = 0;
        for _ in 0..10 {
            let at = end.checked_sub(1)?;
            let item = self.items.get(at)?;
            if item.tags.meets(PRONOUN.with(Tag::OfThem.set())) {
                return Some(at..end);
            }
            // "says the prosecutor's office, which counts two boys among the dead"
            let antecedent = at.checked_sub(1).filter(|comma| self.has(*comma, Tag::Comma) && item.has(Tag::Relative));
            let antecedent = antecedent.map(|comma| self.phrase_left(comma)).filter(|one| self.can_speak(one));
            if let Some(antecedent) = antecedent.filter(|_| end == verb && !item.has(Tag::Article)) {
                return Some(self.with_apposition(antecedent));
            }
            if item.tags.meets(NAME) {
                let name = self.phrase_left(end);
                if let Some(led) = self.only_situates(&name) {
                    end = led;
                    continue;
                }
                if let Some(head) = self.over_relative(&name) {
                    return Some(self.with_apposition(head));
                }
                return Some(self.over_participle(&name).unwrap_or_else(|| self.with_apposition(name)));
            }
            // "leaked documents from February put the losses at 200,000"
            if item.has(Tag::From) && self.has(at + 1, Tag::Time) {
                end = at;
                continue;
            }
            if item.has(Tag::Comma) {
                let opening = (at.saturating_sub(16)..at).rev().find(|before| self.has(*before, Tag::Comma))?;
                let inside = opening + 1..at;
                let inside_names = self.phrase_left(at);
                // "the ministry, installed at Port Sudan, counts"
                let participle = self.has(inside.start, Tag::Qualifier) && self.has(inside.start + 1, Tag::In);
                if !participle && self.can_speak(&inside_names) && inside_names.start == inside.start {
                    return Some(self.with_apposition(inside_names));
                }
                end = self.before_relative(opening);
                continue;
            }
            // "a blogger with half a million subscribers wrote"
            if let Some(with) =
                (at.saturating_sub(5)..at).rev().find(|at| self.items.get(*at).is_some_and(Item::is_with))
                && with.checked_sub(1).and_then(|named| self.items.get(named)).is_some_and(|item| item.tags.meets(NAME))
                && !(with..at).any(|at| self.has(at, Tag::Comma))
            {
                end = with;
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
}
