//! What a text has told so far of when: the event, the stretch and the day that its next figures may be of.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use jiff::civil::Date;

use crate::extract::read::Reading;
use crate::extract::scan::{Item, Sentence};
use crate::extract::stretch::Stretch;
use crate::extract::tag::Tag;
use crate::extract::time::Days;
use crate::extract::when;
use crate::model::Scope;

/// Days after which an event is told as background.
const LONG_AGO: i32 = 30;

/// The times that later sentences of an article build on.
#[derive(Debug, Default)]
pub(super) struct Chronology {
    /// The stretch of the claim before, and its paragraph.
    pub(super) stretch: Option<(Stretch, usize)>,
    /// The day of the event told last.
    pub(super) event: Option<Days>,
    /// The paragraph that told it.
    pub(super) event_paragraph: Option<usize>,
    /// The event that a passage about the past interrupted, and the paragraph of that passage.
    pub(super) interrupted: Option<(Days, usize)>,
    /// The day that a sentence named last.
    pub(super) day: Option<Days>,
    /// The sentence that spoke last of the war itself.
    pub(super) war_sentence: Option<usize>,
    /// The day on which a ceasefire began.
    pub(super) truce: Option<Days>,
    /// The longer stretch told of last.
    pub(super) span: Option<Stretch>,
    /// The longer stretch told of first, which a release is about.
    pub(super) first_span: Option<Stretch>,
    /// The stretch of a roundup, as its beginning told it: "over the past day".
    pub(super) roundup: Option<Stretch>,
    /// The text is an army's daily report, which its headline dates.
    pub(super) bulletin: bool,
}

impl Chronology {
    /// Takes an event for that of the figures that follow.
    pub(super) fn tell(&mut self, days: Days, paragraph: usize, published: Option<Date>) {
        // "In September 2024, seven people were killed in Lviv": what came before is taken up again behind it.
        if is_long_ago(days, published) {
            let told = self.event.filter(|told| !is_long_ago(*told, published)).map(|told| (told, paragraph));
            self.interrupted = self.interrupted.or(told);
        } else {
            self.interrupted = None;
        }
        self.event = Some(days);
        self.event_paragraph = Some(paragraph);
    }

    /// Takes up the event that a passage about the past interrupted, in the paragraph behind it.
    pub(super) fn resume(&mut self, paragraph: usize, published: Option<Date>) {
        if let Some((told, _)) = self.interrupted.filter(|(_, there)| *there < paragraph) {
            self.interrupted = None;
            self.event = Some(told);
            self.stretch = None;
        }
        let past = self.tells_of_past(published);
        self.stretch = self.stretch.filter(|(_, there)| *there == paragraph || !past);
    }

    /// Whether the claim before was of an event of long ago, in a text about a newer one.
    pub(super) fn tells_of_past(&self, published: Option<Date>) -> bool {
        let told = self.event.into_iter().chain(self.interrupted.map(|(told, _)| told));
        let recent = told.into_iter().any(|event| !is_long_ago(event, published));
        let stretch = self.stretch.map(|(stretch, _)| stretch).filter(|stretch| stretch.scope == Scope::Incident);
        let past = stretch.and_then(|stretch| stretch.event.or(stretch.since.map(Days::of)));
        recent && past.is_some_and(|past| is_long_ago(past, published))
    }
}

/// Whether an event is told as background.
fn is_long_ago(days: Days, published: Option<Date>) -> bool {
    published.is_some_and(|published| (published - days.last).get_days() > LONG_AGO)
}

impl<'a> Reading<'_, 'a> {
    /// "the truce that took hold on January 19": the day named behind it, else the one that the article told before.
    pub(super) fn truce(&self, sentence: &Sentence<'a>) -> Option<Days> {
        if !sentence.has(Tag::Truce) {
            return self.memory.times.truce;
        }
        let truce = sentence.items.iter().position(|item| item.has(Tag::Truce));
        let behind = truce.and_then(|truce| sentence.items.get(truce..)).unwrap_or_default();
        let behind = behind.get(..behind.len().min(8)).unwrap_or_default();
        let begins = behind.iter().any(|item| item.has(Tag::Start));
        let day = behind.iter().filter(|_| begins).filter_map(Item::time).find(|time| time.is_point());
        let days = day.zip(self.document.published).and_then(|(time, published)| time.days(published));
        days.or(self.memory.times.truce)
    }

    /// "A missile hit Kharkiv on Monday." is the event of the figures that follow.
    pub(super) fn note_event(&mut self, sentence: &Sentence<'a>) {
        if !sentence.has(Tag::Attack) {
            return;
        }
        let day = sentence.items.iter().filter_map(Item::time).find(|time| time.is_point());
        let days = day.zip(self.document.published).and_then(|(time, published)| time.days(published));
        if let Some(event) = days {
            self.memory.times.tell(event, sentence.paragraph, self.document.published);
            // What was told before was another event.
            let other = |stretch: &Stretch| stretch.scope == Scope::Incident && stretch.event != days;
            self.memory.times.stretch = self.memory.times.stretch.filter(|(stretch, _)| !other(stretch));
            // A paragraph that turns to a dated event is told by the article itself.
            self.memory.claimed = None;
        }
    }

    /// "Attacks have damaged 2,497 hospitals since the invasion began.": the figures that follow are of that time.
    pub(super) fn note_stretch(&mut self, sentence: &Sentence<'a>) {
        if let Some(stretch) = when::of_sentence(self.names, sentence, self.document.published) {
            self.memory.times.stretch = Some((stretch, sentence.paragraph));
        }
    }

    /// "Russian Ministry of Defence on progress of the operation as of 17 April": an office's report of the day before.
    pub(super) fn note_bulletin(&mut self, sentence: &Sentence<'a>) {
        let office = self.house.as_ref().filter(|house| self.publishes && house.id.is_some() && house.side.is_some());
        let dated = sentence.items.iter().filter_map(Item::time).find(|time| time.is_point());
        let days = dated.zip(self.document.published).and_then(|(time, published)| time.days(published));
        let (Some(days), true) = (days, office.is_some() && sentence.has(Tag::AsOf)) else { return };
        let first = days.last.yesterday().unwrap_or(days.last);
        self.memory.times.roundup = Some(Stretch::period(Days { first, ..days }, false));
        self.memory.times.bulletin = true;
    }

    /// "In March 2024 a double strike killed 21": a sentence that turns to what happened long before.
    pub(super) fn is_background(&self, sentence: &Sentence<'a>) -> bool {
        let new = self.memory.claim_paragraph != sentence.paragraph;
        let published = self.document.published;
        let long_ago = |item: &Item<'_>| {
            let days = item.time().zip(published).and_then(|(time, published)| time.days(published));
            days.is_some_and(|days| is_long_ago(days, published))
        };
        let led =
            |at: usize| at == 0 || (at - 1 < 3 && sentence.items.get(at - 1).is_some_and(|item| item.has(Tag::In)));
        new && sentence.items.iter().enumerate().take(4).any(|(at, item)| led(at) && long_ago(item))
    }
}
