//! What a sentence and its passage say about time: the dates in it, and what each of them dates.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use jiff::civil::Date;

use crate::extract::context::Names;
use crate::extract::count::Count;
use crate::extract::scan::{Item, Sentence};
use crate::extract::speaker::Saying;
use crate::extract::stretch::Stretch;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::time::{Days, Part, TimeExpression};
use crate::model::{Outcome, Outcomes, Scope, Victims};

/// What the sentence around a count says about time.
#[allow(clippy::struct_excessive_bools, reason = "each is an observation of its own")]
pub(super) struct Question<'s, 'a> {
    pub(super) names: &'s Names,
    pub(super) sentence: &'s Sentence<'a>,
    pub(super) count: &'s Count,
    pub(super) outcomes: Outcomes,
    pub(super) victims: Option<Victims>,
    /// The sentence names the side whose people they are.
    pub(super) stated: bool,
    /// The sentence names a place narrower than the war.
    pub(super) here: bool,
    /// The passage does.
    pub(super) around: bool,
    /// The figure is a part of the one before, or stands in one list with it.
    pub(super) shares: bool,
    /// Somebody else speaks than in the claim before.
    pub(super) turned: bool,
    /// The day that an earlier sentence named last.
    pub(super) day: Option<Days>,
    /// The event that the passage tells of.
    pub(super) told: Option<Days>,
    /// The sentence tells how the war began.
    pub(super) begins: bool,
    /// Whoever says it counts the dead of a whole side.
    pub(super) counter: bool,
    /// The sentence before was about the war.
    pub(super) war_before: bool,
    /// The passage told of an event not long ago.
    pub(super) told_near: bool,
    /// The day on which a ceasefire began, as the article told.
    pub(super) truce: Option<Days>,
    pub(super) saying: Option<&'s Saying>,
    pub(super) published: Option<Date>,
    /// The same paragraph told of a dated event.
    pub(super) told_here: bool,
    /// The speaker speaks of his own side.
    pub(super) own: bool,
    /// So does the speaker, who is no governor and no mayor.
    pub(super) national: bool,
    /// A country that does not fight speaks of its own citizens.
    pub(super) nationals: bool,
    /// Whoever says it is known as one who counts, and of no side.
    pub(super) neutral: bool,
    /// It stands in another paragraph than the claim before.
    pub(super) elsewhere: bool,
    /// The figure of the claim before.
    pub(super) size_before: u64,
    /// The stretch of the claim before in the same passage.
    pub(super) before: Option<&'s Stretch>,
    /// The longer stretch that the article told of last: a month, a year.
    pub(super) span: Option<&'s Stretch>,
    /// The stretch of the roundup that the sentence is part of.
    pub(super) roundup: Option<&'s Stretch>,
    /// The text is the report of an office that counts for itself.
    pub(super) release: bool,
    /// That roundup is an army's daily report.
    pub(super) bulletin: bool,
}

/// A time in the sentence with the days it means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dated {
    pub(super) at: usize,
    pub(super) time: TimeExpression,
    pub(super) days: Option<Days>,
}

impl<'s, 'a> Question<'s, 'a> {
    /// What a sentence says by itself, whatever stands around it.
    pub(super) fn alone(
        names: &'s Names,
        sentence: &'s Sentence<'a>,
        count: &'s Count,
        outcomes: Outcomes,
        published: Option<Date>,
    ) -> Self {
        Self {
            names,
            sentence,
            count,
            outcomes,
            victims: Some(Victims::Military),
            stated: true,
            here: false,
            around: false,
            shares: false,
            turned: false,
            day: None,
            told: None,
            begins: false,
            saying: None,
            published,
            told_here: false,
            counter: false,
            war_before: false,
            told_near: false,
            truce: None,
            own: false,
            national: false,
            nationals: false,
            neutral: false,
            elsewhere: false,
            size_before: 0,
            before: None,
            span: None,
            roundup: None,
            release: false,
            bulletin: false,
        }
    }
}

impl Question<'_, '_> {
    pub(super) fn items(&self) -> &[Item<'_>] {
        &self.sentence.items
    }

    pub(super) fn has(&self, at: Option<usize>, tag: Tag) -> bool {
        at.and_then(|at| self.items().get(at)).is_some_and(|item| item.has(tag))
    }

    pub(super) fn times(&self) -> Vec<Dated> {
        if !self.sentence.has(Tag::Time) {
            return Vec::new();
        }
        let dated = |(at, item): (usize, &Item<'_>)| {
            let time = item.time().filter(|_| !self.is_standard(at) && !self.is_aside(at))?;
            if self.is_dateline(at) {
                return None;
            }
            let days = self.published.and_then(|published| time.days(published));
            Some(Dated { at, time, days })
        };
        self.items().iter().enumerate().filter_map(dated).collect()
    }

    /// "GENEVA, 20 February 2025 –": when the article was written.
    fn is_dateline(&self, at: usize) -> bool {
        let dash = self.items().iter().take(9).position(|item| item.has(Tag::Dash));
        let led = self.items().get(..at).unwrap_or_default();
        let place = TagSet::of(&[Tag::Place, Tag::Government, Tag::Name, Tag::Comma, Tag::Country]);
        dash == Some(at + 1) && !led.is_empty() && led.iter().all(|item| item.tags.meets(place))
    }

    /// "22 per cent higher than in June", "twice as many as a year ago": with what a figure before it is compared.
    fn is_standard(&self, at: usize) -> bool {
        // "no attack of this year has been deadlier"
        let led_by = self.items().get(at.saturating_sub(5)..at).unwrap_or_default();
        let no = led_by.iter().position(|item| item.has(Tag::Negation)).and_then(|no| led_by.get(no + 1..));
        if no.is_some_and(|attack| attack.iter().take(2).any(|item| item.has(Tag::Attack))) {
            return true;
        }
        let led = TagSet::of(&[Tag::In, Tag::On, Tag::Article]);
        let before = self.items().get(self.count.items.end..at).unwrap_or_default();
        let words = before.iter().rev().skip_while(|item| item.tags.meets(led));
        let mut words = words.take(2);
        let than = words.next();
        let compares = than.is_some_and(|than| than.has(Tag::Barrier) || (than.is_hedge() && than.tokens.len() == 3));
        let clause = before.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Semicolon, Tag::Said])));
        compares && !clause && !self.has(Some(at + 1), Tag::Comma)
    }

    /// "In Lashio, which the army has held since August, an air raid killed six": the time of a clause that is put in.
    fn is_aside(&self, at: usize) -> bool {
        let comma = |item: &Item<'_>| item.has(Tag::Comma);
        let Some(opening) = self.items().get(..at).unwrap_or_default().iter().rposition(comma) else { return false };
        let behind = self.items().get(at..).unwrap_or_default();
        let Some(closing) = behind.iter().position(comma).map(|closing| at + closing) else { return false };
        let relative =
            self.items().get(opening + 1).is_some_and(|item| item.has(Tag::Relative) && !item.has(Tag::Article));
        let inside = |at: usize| (opening..closing).contains(&at);
        relative
            && self.led_by(at, Tag::Since)
            && !inside(self.count.number)
            && !self.saying.is_some_and(|saying| inside(saying.at))
    }

    /// Whether a word within a few items before a time is this tag.
    pub(super) fn led_by(&self, at: usize, tag: Tag) -> bool {
        let near = (at.saturating_sub(3)..at).rev().any(|before| self.has(Some(before), tag));
        // "since it seized power on Feb. 1"
        let clause = || {
            let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Count, Tag::Time]);
            let before = (at.saturating_sub(9)..at).rev();
            let mut open =
                before.take_while(|before| !self.items().get(*before).is_some_and(|item| item.tags.meets(wall)));
            open.any(|before| self.has(Some(before), tag))
        };
        // "since an alliance of three armies launched an offensive on October 27"
        let begun = || {
            let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Time]);
            let before = (at.saturating_sub(16)..at).rev();
            let open = before.take_while(|at| !self.items().get(*at).is_some_and(|item| item.tags.meets(wall)));
            let since = open.clone().find(|before| self.has(Some(*before), tag));
            since.is_some_and(|since| (since..at).any(|between| self.has(Some(between), Tag::Start)))
        };
        near || (tag == Tag::Since && (clause() || begun()))
    }

    /// "and more than 430 since the invasion"
    pub(super) fn has_own_since(&self) -> bool {
        self.has(Some(self.count.items.end), Tag::Since)
    }

    /// A time right behind the count, which is its own and not that of the figure it is a part of.
    pub(super) fn has_own_time(&self, times: &[Dated]) -> bool {
        times.iter().any(|dated| {
            let behind = self.items().get(self.count.items.end..dated.at);
            let wall = TagSet::of(&[Tag::Count, Tag::Semicolon, Tag::Comma, Tag::And]);
            let near = dated.at >= self.count.items.end && dated.at <= self.count.items.end + 4;
            near && dated.days.is_some()
                && behind.is_some_and(|behind| !behind.iter().any(|item| item.tags.meets(wall)))
        })
    }

    /// "has admitted to killing one general": said of all the time so far.
    pub(super) fn is_perfect(&self) -> bool {
        let before = self.items().get(..self.count.items.start).unwrap_or_default();
        // "Ukraine has claimed that 400 soldiers were killed" says nothing of up to now.
        let wall = TagSet::of(&[Tag::Semicolon, Tag::Barrier, Tag::Said]);
        before.iter().rev().take(8).take_while(|item| !item.tags.meets(wall)).any(|item| item.has(Tag::Perfect))
    }

    /// "rose to 31": the toll is as new as the article.
    pub(super) fn rises(&self) -> bool {
        let before = self.items().get(..self.count.items.start).unwrap_or_default();
        let wall = TagSet::of(&[Tag::Semicolon, Tag::Count, Tag::Said]);
        let clause = || before.iter().rev().take(14).take_while(|item| !item.tags.meets(wall));
        // "raising the toll of Wednesday's strike to 32"
        let raised = before.last().is_some_and(|item| item.has(Tag::To)) && clause().any(|item| item.has(Tag::Raised));
        raised || before.iter().rev().take(3).any(|item| item.has(Tag::Reach) && item.has(Tag::Raised))
    }

    pub(super) fn led_directly(&self, at: usize, tag: Tag) -> bool {
        self.has(at.checked_sub(1), tag)
    }

    pub(super) fn is_end(time: TimeExpression) -> bool {
        matches!(time, TimeExpression::Year(_, Part::End) | TimeExpression::Month { part: Part::End, .. })
    }

    /// The time that dates the event or the total: the nearest one that is not the saying's own.
    pub(super) fn event(&self, times: &[Dated]) -> Option<Dated> {
        let said = self.said_at(times).map(|dated| dated.at);
        let dates = times.iter().filter(|dated| {
            // "the deadliest attack since 1945"
            let compared =
                self.led_directly(dated.at, Tag::Since) && self.is_compared(dated.at) || self.is_of_place(dated, times);
            dated.days.is_some()
                && Some(dated.at) != said
                && !compared
                && !self.opens_clause(dated.at)
                && !matches!(dated.time, TimeExpression::Past { .. })
        });
        // "one in Sumy on Monday and two in Kharkiv on Sunday": what stands before "and" is the first one's.
        let joins = TagSet::of(&[Tag::And, Tag::Comma]);
        let crosses = |at: usize| {
            let counted = self.items().get(..at).unwrap_or_default().iter().any(|item| item.has(Tag::Count));
            let between = self.items().get(at..self.count.number).unwrap_or_default();
            counted && between.iter().any(|item| item.tags.meets(joins))
        };
        // "on Monday and 31 on Sunday": of two as near, the one behind.
        dates
            .min_by_key(|dated| {
                let distance = dated.at.abs_diff(self.count.number);
                (distance + if crosses(dated.at) { 4 } else { 0 }, dated.at < self.count.number)
            })
            .copied()
    }

    /// "last published a figure in March"
    fn publishes(&self, verb: usize) -> bool {
        let figure = TagSet::of(&[Tag::NumberOf, Tag::Report, Tag::Toll]);
        (verb + 1..verb + 4).any(|at| self.items().get(at).is_some_and(|item| item.tags.meets(figure)))
    }

    /// The time beside the verb of saying.
    pub(super) fn said_at(&self, times: &[Dated]) -> Option<Dated> {
        let saying = self.saying?;
        let inside = |dated: &&Dated| {
            let (from, to) = (saying.at.min(saying.subject.start), saying.at.max(saying.subject.end));
            let gap = if dated.at >= to { dated.at - to } else { from.saturating_sub(dated.at) };
            let crosses =
                self.items().get(dated.at.min(to)..dated.at.max(from)).unwrap_or_default().iter().any(|item| {
                    let paper = self.has(Some(saying.at), Tag::Report) && dated.at > saying.at;
                    item.tags.meets(TagSet::of(&[Tag::Relative, Tag::Count, Tag::Semicolon]))
                        || (item.has(Tag::Comma) && !paper)
                });
            // "on Monday (source: Interior Ministry)"
            let crosses = crosses || (dated.at < from && self.has(Some(saying.at), Tag::Bracket));
            // "In May, the British say, Russia lost 34,000 men": what is put in has no date of its own.
            // "In August, according to the mission, 208 civilians were killed"
            let cited = self.has(Some(to), Tag::Comma) && saying.cited;
            let put_in = (self.has(Some(saying.at + 1), Tag::Comma) || cited)
                && (dated.at + 1..from).any(|at| self.has(Some(at), Tag::Comma))
                && dated.at < from;
            let stretch = matches!(dated.time, TimeExpression::Month { .. } | TimeExpression::Unit { .. });
            dated.time.is_point() && gap <= 8 && !crosses
                || stretch
                    && (gap <= 2
                        || (gap <= 5 && (self.has(Some(saying.at), Tag::Report) || self.publishes(saying.at)))
                        || (gap <= 8 && self.has(Some(saying.at), Tag::Told)))
                    && dated.at > saying.at
                    && saying.at < self.count.items.start
                    && !crosses
                || (dated.at >= from && dated.at <= to)
                || (dated.at == 0
                    || self
                        .items()
                        .get(..dated.at)
                        .unwrap_or_default()
                        .iter()
                        .all(|item| item.tags.meets(TagSet::of(&[Tag::Preposition, Tag::In, Tag::Article]))))
                    && dated.days.is_some()
                    && saying.at < self.count.items.start
                    && !put_in
                    && to <= dated.at + 14
        };
        times
            .iter()
            .filter(|dated| dated.days.is_some() && !self.led_directly(dated.at, Tag::Since))
            // "The ministry said the toll of Friday's strikes was 11."
            .filter(|dated| !self.has(Some(dated.at + 1), Tag::Possessive))
            .filter(|dated| !(dated.at > saying.at && self.is_subject(dated.at)))
            .filter(inside)
            .min_by_key(|dated| dated.at.abs_diff(saying.at))
            .copied()
    }

    /// "About 120 hostages remain": they are held today.
    pub(super) fn holds(&self) -> bool {
        let behind = self.items().get(self.count.items.end..).unwrap_or_default();
        behind.iter().take(4).any(|item| item.has(Tag::Hold) && !item.tags.meets(TagSet::of(&[Tag::Done, Tag::Verb])))
    }

    pub(super) fn has_any(&self, at: usize, tags: TagSet) -> bool {
        self.items().get(at).is_some_and(|item| item.tags.meets(tags))
    }

    /// "The union says 113 journalists were killed", right behind a total of the war.
    fn goes_on_with_total(&self) -> bool {
        !self.elsewhere
            && !self.told_here
            && self.before.is_some_and(|before| before.scope == Scope::Cumulative && before.sure)
    }

    pub(super) fn is_incident(&self) -> bool {
        let event = self.attacked();
        let unlike_a_total = !self.outcomes.contains(Outcome::Casualties) || self.here;
        let size = self.count.figure.bounds.midpoint();
        let battle = self.sentence.has(Tag::Battle);
        (battle && size < 200_000)
            || (event && unlike_a_total && size < 20_000)
            || (self.here && size < 100_000)
            || (self.around && size < 500 && !self.goes_on_with_total())
    }
}
