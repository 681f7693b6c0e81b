//! What a passage has told so far, for the sentences that build on it.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use std::rc::Rc;

use crate::extract::chronology::Chronology;
use crate::extract::draft::{Draft, begins_war};
use crate::extract::frame::{Frame, is_line};
use crate::extract::link::outcome_of;
use crate::extract::meaning::Meaning;
use crate::extract::number::Odd;
use crate::extract::pattern::OUTCOME;
use crate::extract::place::Spot;
use crate::extract::read::Reading;
use crate::extract::scan::{Item, Sentence};
use crate::extract::speaker::{Saying, Speaker, Speakers};
use crate::extract::tag::{Tag, TagSet};
use crate::extract::time::Days;
use crate::extract::token::{Case, Kind};
use crate::extract::whose::Whose;
use crate::model::{Claimant, Outcomes, PartyId, Scope, Victims};

/// What later sentences of an article build on.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) speakers: Speakers,
    /// The entry of a live blog that is being read, counted from the top.
    pub(super) entry: usize,
    /// The sentence that opened the entry of a roundup by places, until somebody is named in it.
    pub(super) entry_opened: Option<usize>,
    /// The paragraph read last.
    pub(super) paragraph: usize,
    /// The place that the headline names, if it is one.
    pub(super) title_spot: Option<Spot>,
    /// The side whose people the headline is about: "Russian war deaths".
    pub(super) subject: Option<PartyId>,
    /// The only side of a sentence that spoke of its dead and gave no figure, and which sentence.
    pub(super) mourned: Option<(PartyId, usize)>,
    /// The side that the question over the passage asks about: "And Russia's losses?"
    pub(super) asked: Option<PartyId>,
    /// What that question asks after: "How many have been killed?"
    pub(super) asked_outcomes: Option<Outcomes>,
    /// The place of the event told last, and the paragraph it was named in.
    pub(super) spot: Option<Spot>,
    pub(super) spot_paragraph: usize,
    pub(super) dateline: Option<Spot>,
    /// What it has told of when.
    pub(super) times: Chronology,
    /// Who stood behind the claim before.
    pub(super) claimed: Option<Rc<Speaker>>,
    pub(super) whose: Option<Whose>,
    /// The last sentence with a figure that counts something.
    pub(super) counted: usize,
    /// The paragraph of the claim before.
    pub(super) claim_paragraph: usize,
    pub(super) outcomes: Option<(Outcomes, usize)>,
    /// The outcomes of the last two claims of that sentence, where they differ.
    pub(super) pair: Option<(Outcomes, Outcomes)>,
    /// The article has told of names on a list of the dead.
    pub(super) lists_dead: bool,
    /// The paragraph that turned to deaths of another cause.
    pub(super) other_cause: Option<usize>,
    /// The headline, or the article as a whole, is about deaths of another cause.
    pub(super) titled_other_cause: bool,
    /// The article began with deaths that no war caused, and has not spoken of the war since.
    pub(super) led_by_other_cause: bool,
    /// The paragraph that turned to another war.
    pub(super) other_war: Option<usize>,
    /// The side that the sentence before named last.
    pub(super) mentioned: Option<PartyId>,
    /// The word for the captives that the article spoke of ("prisoners of war"), and whose they are.
    pub(super) captives: Option<(u16, Option<PartyId>)>,
    /// The list whose lines are being read.
    pub(super) frame: Option<Frame>,
    /// The soldiers that a sentence named last, and which sentence.
    pub(super) soldiers: Option<(PartyId, usize)>,
    /// The sentence in which the quotation began that has not ended yet.
    pub(super) quotation: Option<usize>,
    /// What "casualties" means in this article, and for whom.
    pub(super) mix: Vec<(Outcomes, Option<Rc<Speaker>>)>,
}

impl<'a> Reading<'_, 'a> {
    /// The day and the side that a sentence names last.
    pub(super) fn note_mentions(&mut self, sentence: &Sentence<'a>, sayings: &[Saying]) {
        let timed = if sentence.has(Tag::Time) { sentence.items.as_slice() } else { &[] };
        let day = timed.iter().rev().filter_map(Item::time).find(|time| time.is_point());
        let day = day.zip(self.document.published).and_then(|(time, published)| time.days(published));
        self.memory.times.day = day.or(self.memory.times.day);
        let row = |item: &Item<'_>| item.meaning(|m| if let Meaning::Party(_, row) = m { Some(row) } else { None });
        let armed = if sentence.has(Tag::Forces) { sentence.items.as_slice() } else { &[] };
        // "Latvia's military intelligence says": whoever speaks is no soldier spoken of.
        let speaks = |at: usize| sayings.iter().any(|saying| saying.subject.contains(&at));
        let mut armed = armed.iter().enumerate().rev();
        let forces = armed.find_map(|(at, item)| if item.has(Tag::Forces) && !speaks(at) { row(item) } else { None });
        // "North Korean troops", "North Korea's men", "Pyongyang has sent some 11,000 troops"
        let soldiers = || {
            let named = TagSet::of(&[Tag::Side, Tag::Country, Tag::Government]);
            sentence.items.iter().enumerate().filter(|(_, item)| item.tags.meets(named)).find_map(|(at, item)| {
                let behind = sentence.items.get(at + 1..(at + 7).min(sentence.items.len())).unwrap_or_default();
                let inside = TagSet::of(&[Tag::Possessive, Tag::Modifier, Tag::Word, Tag::Auxiliary, Tag::Count]);
                let passed = |item: &Item<'_>| item.tags.meets(inside) || item.is_hedge();
                let noun = behind.iter().find(|item| !passed(item) || item.has(Tag::People))?;
                let words = self.scan.language.file.people.get(usize::from(noun.people()?))?;
                // "an American general" is no army.
                let one = words.singular.contains(&self.scan.text(&noun.tokens).to_lowercase());
                if words.victims == Victims::Military && !one && !speaks(at) { row(item) } else { None }
            })
        };
        let forces = forces.or_else(|| if sentence.has(Tag::People) { soldiers() } else { None });
        if let Some(party) = forces.and_then(|row| self.names.party(row)) {
            self.memory.soldiers = Some((party.clone(), self.index));
        }
        if self.drafts.last().is_none_or(|draft| draft.sentence != self.index) {
            self.memory.mourned = self.only_side(sentence).map(|party| (party, self.index));
        }
        if sentence.items.len() <= 14 && self.asks(sentence) {
            self.memory.asked = self.last_side(sentence);
            let outcome = sentence.items.iter().find_map(outcome_of);
            self.memory.asked_outcomes = outcome.map(Outcomes::only).or(self.memory.asked_outcomes);
        }
        if sentence.has(Tag::War) && sentence.items.iter().take(5).any(|item| item.has(Tag::War)) {
            self.memory.times.war_sentence = Some(self.index);
        }
        self.memory.times.truce = self.truce(sentence);
        self.memory.mentioned = self.last_side(sentence).or(self.memory.mentioned.take());
        self.memory.captives = self.captives(sentence).or(self.memory.captives.take());
    }

    pub(super) fn note_places(&mut self, sentence: &Sentence<'a>, spots: &[Spot], sayings: &[Saying]) {
        // A capital stands for its government more often than for a place where something happened.
        let attacked = sentence.has(Tag::Attack);
        let speaks = |at: usize| {
            let governs = sentence.items.get(at).is_some_and(|item| item.has(Tag::Government));
            sayings.iter().any(|saying| saying.subject.contains(&at)) || (governs && !attacked)
        };
        // "A drone struck a market in a Russian city": of the land, where the town has no name.
        let towns = spots.iter().any(|spot| spot.name.is_some());
        let land = |spot: &Spot| {
            let known = self.memory.spot.as_ref().is_some_and(|town| town.party == spot.party);
            let led = sentence.items.get(spot.at.saturating_sub(3)..spot.at).unwrap_or_default();
            attacked && !towns && !known && led.iter().any(|item| item.has(Tag::In))
        };
        if let Some(spot) = spots.iter().rev().find(|spot| {
            let told = spot.name.is_some() || land(spot);
            let plain = told && !spot.dateline && !spot.qualifies;
            // "Delegates met in Brussels": nothing happened there that the next sentences tell of.
            let third = spot.party.as_ref().is_some_and(|party| !self.war.takes_part(self.names, party));
            let abroad = !self.names.is_world() && !attacked && third;
            plain && spot.situates && !speaks(spot.at) && !abroad
        }) && !begins_war(sentence)
            && !self.memory.times.tells_of_past(self.document.published)
        {
            // "the Saudi Maternity Hospital in El Fasher": what follows happened in the town.
            let town =
                spots.iter().find(|town| spot.site && town.qualifies && town.at > spot.at && town.name.is_some());
            self.memory.spot = town.or(Some(spot)).cloned();
            self.memory.spot_paragraph = sentence.paragraph;
        }
    }

    /// "…refers to killed and wounded": what the unspecified losses of this article are.
    pub(super) fn note_mix(&mut self, sentence: &Sentence<'a>, sayings: &[Saying]) {
        if !sentence.has(Tag::Define) {
            return;
        }
        let Some(define) = sentence.items.iter().position(|item| item.has(Tag::Define)) else { return };
        let behind = sentence.items.get(define..(define + 12).min(sentence.items.len())).unwrap_or_default();
        let until = behind.iter().position(|item| item.has(Tag::Count)).unwrap_or(behind.len());
        let named = behind.iter().take(until).filter(|item| item.tags.meets(OUTCOME)).filter_map(outcome_of);
        let mix: Outcomes = named.collect();
        if mix.iter().count() > 1 {
            // "Stoltenberg's estimates refer to": whose word is explained stands before the verb.
            let named = self.memory.speakers.named(self.scan, self.names, sentence, define);
            let speaker = named.or_else(|| sayings.first().and_then(|saying| saying.speaker.clone()));
            let speaker = speaker.or_else(|| self.memory.speakers.last().cloned());
            self.memory.mix.push((mix, speaker));
        }
    }

    /// "Governor X reported this on Telegram": who is named right behind an unattributed claim is its source.
    pub(super) fn attribute_before(&mut self, index: usize, sentence: &Sentence<'a>, sayings: &[Saying]) {
        let short = sentence.items.len() <= 24 && !sentence.meets(OUTCOME);
        let this = |(at, item): (usize, &Item<'_>)| {
            // "The army said it had struck targets": who acts is not what is told.
            let acts = TagSet::of(&[Tag::Auxiliary, Tag::Modal, Tag::Verb, Tag::Attack, Tag::Perfect, Tag::Lose]);
            let acts = sentence.items.get(at + 1).is_some_and(|next| next.tags.meets(acts));
            // "It says nothing.": nor is who speaks.
            let speaks = sayings.iter().any(|saying| saying.subject.contains(&at));
            item.has(Tag::This) || (item.has(Tag::It) && !acts && !speaks)
        };
        // "And according to Israel?" asks after what follows.
        if self.asks(sentence) {
            return;
        }
        let refers = sentence.items.iter().enumerate().take(8).any(this);
        let source = |saying: &&Saying| sentence.items.get(saying.at).is_some_and(|item| item.has(Tag::According));
        // "All three numbers are those of the prosecutor's office."
        let figures = TagSet::of(&[Tag::Report, Tag::NumberOf]);
        let figures = sentence.items.iter().take(4).any(|item| item.tags.meets(figures)) && sentence.items.len() <= 24;
        let those = |saying: &&Saying| figures && saying.subject.start > saying.at;
        let named = sayings.iter().find(|saying| refers || source(saying) || those(saying));
        let Some(speaker) = named.and_then(|saying| saying.speaker.clone()).filter(|_| short) else { return };
        self.attribute_since(index.saturating_sub(if figures { 4 } else { 2 }), &speaker);
        self.memory.claimed = Some(speaker);
    }

    /// Says who said what sentences from one on told without a speaker.
    fn attribute_since(&mut self, first: usize, speaker: &Rc<Speaker>) {
        let near = |draft: &&mut Draft| draft.sentence >= first && !draft.attributed && !draft.in_title;
        // "One died. Five were hurt, writes the governor": what he says himself stands between.
        let own = |draft: &&mut Draft| draft.sentence == self.index && draft.attributed;
        for draft in self.drafts.iter_mut().rev().skip_while(own).take_while(near) {
            draft.claim.claimant = Some(Claimant { name: speaker.name.clone(), id: speaker.id.clone() });
            draft.speaker = Some(speaker.clone());
        }
    }

    /// "One has died. Eight are wounded," the governor writes: who is named behind a quotation said all of it.
    pub(super) fn note_quotation(&mut self, sentence: &Sentence<'a>, sayings: &[Saying]) {
        let mark = |item: &Item<'_>| {
            item.has(Tag::QuoteMark) && self.scan.token(item.tokens.start).is_some_and(|token| token.is('"'))
        };
        let new = sentence.paragraph != self.memory.paragraph;
        let opens = sentence.items.first().is_some_and(mark);
        // A quotation of several paragraphs opens each of them.
        let goes_on = new && opens && self.memory.quotation.is_some();
        if new && !opens {
            self.memory.quotation = None;
        }
        let marks = sentence.items.iter().filter(|item| mark(item)).count() - usize::from(goes_on);
        if marks.is_multiple_of(2) {
            return;
        }
        let Some(first) = self.memory.quotation.take() else {
            self.memory.quotation = Some(self.index);
            return;
        };
        let end = sentence.items.iter().rposition(mark).unwrap_or(0);
        let behind = sayings.iter().find(|saying| saying.at > end).and_then(|saying| saying.speaker.clone());
        if let Some(speaker) = behind {
            self.attribute_since(first, &speaker);
        }
    }

    /// "KHARKIV. One dead in Kupiansk.": a place that stands alone opens an entry, in which nobody of the one before speaks.
    pub(super) fn opens_region(&mut self, sentence: &Sentence<'a>) {
        let new = sentence.paragraph != self.memory.paragraph;
        let capitals = |item: &Item<'_>| {
            let text = self.scan.text(&item.tokens);
            text.chars().count() > 2 && !text.contains(char::is_lowercase)
        };
        let named = TagSet::of(&[Tag::Place, Tag::Name, Tag::Region, Tag::Country, Tag::Government]);
        let stop = usize::from(sentence.items.last().is_some_and(|item| item.tags.is_empty()));
        let heading = sentence.items.get(..sentence.items.len() - stop).unwrap_or_default();
        let heads =
            (1..=3).contains(&heading.len()) && heading.iter().all(|item| item.tags.meets(named) && capitals(item));
        if new {
            self.memory.entry_opened = heads.then_some(self.index);
        }
        // "TUESDAY.", "8 July": the day of what follows.
        let day = match heading {
            [only] if new => only.time().filter(|time| time.is_point()),
            _ => None,
        };
        let days = day.zip(self.document.published).and_then(|(time, published)| time.days(published));
        if let Some(days) = days.filter(|_| sentence.paragraph > 0) {
            self.memory.times.event = Some(days);
            self.memory.times.day = Some(days);
            self.memory.times.event_paragraph = Some(sentence.paragraph);
            self.memory.times.stretch = None;
        }
        if heads && new {
            self.memory.claimed = None;
            self.memory.times.stretch =
                self.memory.times.stretch.filter(|(stretch, _)| stretch.scope != Scope::Incident);
        }
    }

    /// "KHARKIV. One dead in Kupiansk. Five were hurt in the city, writes governor Oleh Syniehubov.": who is named last in an
    /// entry said all of it.
    pub(super) fn note_entry(&mut self, sayings: &[Saying]) {
        let Some(first) = self.memory.entry_opened else { return };
        if let Some(speaker) = sayings.iter().find_map(|saying| saying.speaker.clone()) {
            self.attribute_since(first, &speaker);
            self.memory.entry_opened = None;
        }
    }

    /// "Ukrainian prisoners of war": people in captivity, with the side named right before them.
    fn captives(&self, sentence: &Sentence<'a>) -> Option<(u16, Option<PartyId>)> {
        if !sentence.has(Tag::People) {
            return None;
        }
        let rows = &self.scan.language.file.people;
        let held = |row: &u16| rows.get(usize::from(*row)).is_some_and(|words| words.captive);
        let (at, row) =
            sentence.items.iter().enumerate().find_map(|(at, item)| Some((at, item.people().filter(held)?)))?;
        let before = at.checked_sub(1).and_then(|before| sentence.items.get(before));
        let side =
            before.and_then(|item| item.meaning(|m| if let Meaning::Party(_, row) = m { Some(row) } else { None }));
        Some((row, side.and_then(|row| self.names.party(row)).cloned()))
    }

    /// Whoever spoke in this paragraph goes on speaking, unless the sentence turns to another day and place.
    pub(super) fn continued(&self, sentence: &Sentence<'a>, spots: &[Spot]) -> Option<Rc<Speaker>> {
        let point = |item: &Item<'_>| item.time().is_some_and(super::time::TimeExpression::is_point);
        let dated = sentence.has(Tag::Time) && sentence.items.iter().any(point);
        let older = sentence.has(Tag::Time) && self.is_background(sentence);
        let placed = spots.iter().any(|spot| spot.name.is_some() && !spot.dateline);
        let turns = dated && placed;
        let here = self.memory.speakers.last_in(sentence.paragraph);
        // A paragraph that turns to a dated event is told by the article itself.
        let attacked = sentence.has(Tag::Attack);
        let struck = attacked && placed && self.memory.claim_paragraph != sentence.paragraph;
        // "The war began when militants killed 1,200": what everybody knows.
        let older = older || (begins_war(sentence) && self.memory.claim_paragraph != sentence.paragraph);
        let before = self.memory.claimed.as_ref().filter(|_| !(attacked && dated || struck || older));
        // An office that publishes its own figures goes on with them in the next paragraph.
        let own = self.publishes && self.memory.claim_paragraph != sentence.paragraph;
        here.or(before.filter(|_| !own)).filter(|_| !turns).cloned()
    }

    /// "18:40": a new entry of a live blog goes on with nothing of the entry before but what the headline told.
    pub(super) fn opens_entry(&mut self, sentence: &Sentence<'a>) {
        // "Thursday 23:35 |"
        let day = usize::from(sentence.items.first().is_some_and(|item| item.has(Tag::Time)));
        let Some(numeral) = sentence.items.get(day).and_then(Item::number) else { return };
        let alone = sentence.items.len() == 1;
        let hour = numeral.odd == Some(Odd::Clock)
            || (numeral.odd == Some(Odd::Decimal) && (alone || self.is_hour(sentence, day)));
        if !hour || sentence.paragraph <= self.memory.paragraph {
            return;
        }
        let known = std::mem::take(&mut self.memory);
        let event = self.document.published.map(Days::of);
        self.memory = Memory {
            speakers: known.speakers,
            spot: known.title_spot.clone(),
            title_spot: known.title_spot,
            subject: known.subject,
            dateline: known.dateline,
            titled_other_cause: known.titled_other_cause,
            mix: known.mix,
            paragraph: known.paragraph,
            entry: known.entry + 1,
            times: Chronology { truce: known.times.truce, event, ..Chronology::default() },
            ..Memory::default()
        };
    }

    /// "14.50 The toll climbs": an hour written with a stop, before a sentence of its own.
    fn is_hour(&self, sentence: &Sentence<'a>, at: usize) -> bool {
        let token = |at: usize| sentence.items.get(at).and_then(|item| self.scan.token(item.tokens.start));
        let text = token(at).map(|token| token.text(self.scan.source)).unwrap_or_default();
        let (hour, minute) = text.split_once('.').unwrap_or_default();
        let within = |part: &str, end: u8| part.len() == 2 && part.parse::<u8>().is_ok_and(|part| part < end);
        let opens =
            token(at + 1).is_some_and(|next| !next.glued && next.kind == Kind::Word && next.case != Case::Lower);
        within(hour, 24) && within(minute, 60) && opens
    }

    /// Whether a sentence is a question that stands alone over a passage.
    fn asks(&self, sentence: &Sentence<'a>) -> bool {
        let end = sentence.items.last().map_or(0, |item| item.tokens.end);
        let alone = self.memory.paragraph < sentence.paragraph;
        let marks = |at: usize| self.scan.token(at).is_some_and(|token| token.is('?'));
        let breaks = |at: usize| self.scan.token(at).is_none_or(|token| token.kind == Kind::Break);
        alone && (marks(end) && breaks(end + 1) || end > 0 && marks(end - 1) && breaks(end))
    }

    /// Whether a sentence is a line of the list that was opened; closes the list if it is none.
    pub(super) fn frame_goes_on(&mut self, sentence: &Sentence<'a>) -> bool {
        let Some(frame) = &mut self.memory.frame else { return false };
        let goes_on = sentence.paragraph == frame.paragraph
            || (sentence.paragraph == frame.paragraph + 1 && is_line(self.scan, sentence));
        if goes_on {
            frame.paragraph = sentence.paragraph;
        } else {
            self.memory.frame = None;
        }
        goes_on
    }
}
