//! When and over which stretch: whether a figure is a total, that of a stretch or that of one event.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::extract::context::Names;
use crate::extract::count::Count;
use crate::extract::dated::{Dated, Question};
use crate::extract::link::Linked;
use crate::extract::scan::Sentence;
use crate::extract::stretch::Stretch;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::time::{Days, TimeExpression};
use crate::model::{Outcome, Outcomes, Scope, Victims};

/// Days that make a stretch one of reports rather than of an event.
const LONG: i32 = 31;

/// The stretch that a count covers.
pub(super) fn stretch(question: &Question<'_, '_>) -> Stretch {
    let times = question.times();
    let said = question.said_at(&times).and_then(|dated| dated.days);
    let event = question.event(&times);
    let since = question.has_own_since();
    let shared = || question.before.filter(|_| question.shares && !since && !question.has_own_time(&times)).copied();
    let behind = || times.iter().filter(|dated| dated.at >= question.count.items.end).copied().collect::<Vec<Dated>>();
    // "330 in the previous day and 3,460 since 6 August": what stands behind the figure is its own.
    let own = || {
        let brought: Vec<Dated> = times.iter().filter(|dated| question.is_brought(dated.at)).copied().collect();
        if !brought.is_empty() && !question.cumulative(&brought) {
            return question.period(&brought);
        }
        let own = since || (question.shares && question.has_own_time(&times));
        let behind = if own { behind() } else { Vec::new() };
        let bounded = own && !(since && question.cumulative(&behind));
        bounded.then(|| question.period(&behind)).flatten()
    };
    let same =
        || question.before.filter(|before| before.scope != Scope::Incident && question.is_of_same_time()).copied();
    shared()
        .or_else(same)
        .or_else(|| own().map(|(days, sure)| Stretch::period(days, sure)))
        .or_else(|| question.cumulative(&times).then(|| total(question, &times, said, true)))
        .or_else(|| question.since_truce().then(|| since_truce(question, said)))
        .or_else(|| question.is_recent(&times).then(|| recent(question, said)))
        .or_else(|| question.begins.then(|| incident(question, event, said)))
        .or_else(|| told(question, &times, said))
        .or_else(|| toll_of_a_day(question, event))
        .or_else(|| question.roundup.filter(|_| question.bulletin && event.is_none()).copied())
        .or_else(|| question.is_of_young_war(event).then(|| so_far(question, &times, said)))
        .or_else(|| question.is_of_own_so_far(event).then(|| total(question, &times, said, false)))
        .or_else(|| Kind::of(question, event).stretch(question, &times, said, event))
        .or_else(|| question.span.filter(|_| question.release && event.is_none() && !question.told_here).copied())
        .unwrap_or_else(|| incident(question, event, said))
        .since_start(question.names.start)
}

/// "since the ceasefire": whatever came before does not count.
fn since_truce(question: &Question<'_, '_>, said: Option<Days>) -> Stretch {
    let before = question.before.filter(|before| before.scope == Scope::Period);
    Stretch {
        scope: Scope::Period,
        since: question.truce.map(|days| days.first).or(before.and_then(|before| before.since)),
        as_of: said.map(|days| days.last).or(question.published),
        give: 0,
        stated: said.is_some(),
        sure: true,
        event: None,
    }
}

/// "in recent weeks": up to now, from a day that nobody tells.
fn recent(question: &Question<'_, '_>, said: Option<Days>) -> Stretch {
    let as_of = said.map(|days| days.last).or(question.published);
    Stretch { scope: Scope::Period, since: None, as_of, give: 0, stated: said.is_some(), sure: true, event: None }
}

/// "Russia lost 1,160 troops on March 14": what a side's army lost on one day.
fn toll_of_a_day(question: &Question<'_, '_>, event: Option<Dated>) -> Option<Stretch> {
    let dated = event.filter(|dated| dated.time.is_point() && (dated.at > question.count.number || dated.at <= 1))?;
    // "Sunday's shelling left 28 dead" is of one event.
    if question.has(Some(dated.at + 1), Tag::Possessive) && question.attacked() {
        return None;
    }
    // "has confirmed 46,678 deaths as of 8 March" is a total.
    let dates = [Tag::AsOf, Tag::Since, Tag::Start].into_iter().any(|tag| question.led_by(dated.at, tag));
    // "The health ministry said 51 people were killed on Sunday": who counts a side's dead counts all of that day.
    let whole_side = question.counter && !question.here && (!question.around || question.is_roundup());
    // "stood at 868,230 on Monday" is no toll of that Monday.
    let stands = question.count.items.start.checked_sub(1).is_some_and(|before| question.has(Some(before), Tag::Reach));
    if whole_side && !dates && !stands && !question.hits_one() && !question.rises() && !question.is_perfect() {
        return dated.days.filter(|days| days.give == 0).map(|days| Stretch::period(days, true));
    }
    let army = question.victims == Some(Victims::Military) && question.stated;
    let counted = question.outcomes.contains(Outcome::Casualties);
    let plain = !question.attacked() && !question.here && !question.is_perfect() && !stands;
    (army && counted && plain && !dates).then(|| dated.days.map(|days| Stretch::period(days, true))).flatten()
}

/// The stretch that the sentence bounds.
fn told(question: &Question<'_, '_>, times: &[Dated], said: Option<Days>) -> Option<Stretch> {
    let (days, sure) = question.period(times)?;
    // "killed in strikes since the early hours of Tuesday" is what happened that day.
    let today = question.published.is_some_and(|published| (published - days.first).get_days() <= 1);
    if !sure && today && question.attacked() {
        return None;
    }
    if !sure && question.names.is_world() {
        // Where nobody configured when the war began, the day since which is counted is that day.
        let whole = total(question, times, said, true);
        return Some(Stretch { since: Some(days.first), ..whole });
    }
    // "since the siege began on March 1": what a siege or an offensive has cost so far.
    if !sure && question.since_battle(times) {
        let as_of = said.map_or(days.last, |said| said.last.max(days.first));
        return Some(Stretch {
            scope: Scope::Incident,
            as_of: Some(as_of),
            event: None,
            ..Stretch::period(days, false)
        });
    }
    let of_publication = question.published.is_some_and(|published| days.last == published);
    let last = said.filter(|said| of_publication && said.last >= days.first).map_or(days.last, |said| said.last);
    // "over the past day, they reported on Thursday": the day up to that one.
    let earlier = (days.last - last).get_days();
    let first = if sure && days.is_about_a_day() { days.first.checked_sub(earlier.days()).ok() } else { None };
    let days = Days { first: first.unwrap_or(days.first), ..days };
    Some(Stretch { as_of: Some(last), ..Stretch::period(days, sure) })
}

/// What the size of a figure and the people it counts make of it where no word tells.
struct Kind {
    /// Like the total of a war.
    total_like: bool,
    /// Much larger than the figure before.
    dwarfs: bool,
    /// Much smaller than the total before.
    dwarfed: bool,
}

impl Kind {
    fn of(question: &Question<'_, '_>, event: Option<Dated>) -> Self {
        let size = question.count.figure.bounds.midpoint();
        let held = question.outcomes.contains(Outcome::Captured) || question.outcomes.contains(Outcome::Missing);
        let dwarfs = size >= 1_000 && size >= question.size_before.max(1).saturating_mul(20);
        // "executed 2,000 people on 27 October" tells of that day.
        let dated = event.is_some_and(|dated| {
            let near = dated.at >= question.count.items.end && dated.at <= question.count.items.end + 5;
            let up_to = [Tag::AsOf, Tag::Since, Tag::Start].into_iter().any(|tag| question.led_by(dated.at, tag));
            near && dated.time.is_point() && !up_to && !question.is_perfect() && !question.rises()
        });
        let large = if dated {
            false
        } else if held {
            size >= 10_000 || (dwarfs && question.size_before > 0)
        } else {
            (size >= 1_000 && question.victims != Some(Victims::Unspecified))
                || (size >= 20_000 && question.is_perfect())
        };
        let admitted = question.own || question.is_perfect();
        let army = question.victims == Some(Victims::Military)
            && question.stated
            && !held
            && (size >= 1_000 || (admitted && !question.attacked() && !question.here))
            && (size >= 100 || !(question.told_near || question.names.is_world()))
            && (question.before.is_none() || admitted)
            && event.is_none_or(|dated| !dated.time.is_point());
        // "The committee has documented the deaths of 108 journalists": whoever keeps a list, and is of no side.
        let keeps = question.saying.filter(|saying| saying.at < question.count.items.start).is_some_and(|saying| {
            let names = question.has(Some(saying.at), Tag::Names);
            let of_none = saying.speaker.as_ref().is_some_and(|speaker| speaker.side.is_none());
            names && of_none && question.led_directly(saying.at, Tag::Perfect)
        });
        let documented = keeps && size >= 50 && event.is_none() && question.before.is_none() && !question.attacked();
        let lost = question.outcomes.contains(Outcome::Casualties) && size >= 500;
        let after_total = question.before.is_some_and(|before| before.scope == Scope::Cumulative);
        Self {
            total_like: (lost || large || army || documented) && !question.is_incident(),
            dwarfs,
            dwarfed: after_total && size.saturating_mul(50) < question.size_before,
        }
    }

    fn stretch(
        &self,
        question: &Question<'_, '_>,
        times: &[Dated],
        said: Option<Days>,
        event: Option<Dated>,
    ) -> Option<Stretch> {
        let size = question.count.figure.bounds.midpoint();
        let admitted = question.own || question.is_perfect();
        let fresh = question.before.is_none_or(|before| {
            before.scope == Scope::Incident
                || (before.is_a_day() && question.turned && admitted)
                || (before.scope == Scope::Period && (size >= 20_000 || self.dwarfs))
        });
        if self.total_like && fresh {
            return Some(total(question, times, said, false));
        }
        if let Some(before) =
            question.before.filter(|_| event.is_none()).filter(|before| self.goes_on(question, before))
        {
            // The day of one speaker's figure is not that of another's.
            let other = question.turned && before.scope == Scope::Cumulative;
            let earlier = if other { question.published } else { before.as_of };
            return Some(Stretch {
                as_of: said.map_or(earlier, |said| Some(said.last)),
                give: said.map_or(before.give, |said| said.give),
                stated: before.stated || said.is_some(),
                sure: false,
                ..*before
            });
        }
        if self.total_like {
            return Some(total(question, times, said, false));
        }
        let in_roundup =
            event.is_none() && question.here && !question.told_here && size < 1_000 && !question.count.hostages;
        question.roundup.filter(|_| in_roundup).map(|roundup| Stretch { sure: false, ..*roundup })
    }

    /// Whether the stretch of the claim before is this one's as well. A few dead are no total only because a total stood
    /// before them, nor is another speaker's stretch theirs.
    fn goes_on(&self, question: &Question<'_, '_>, before: &Stretch) -> bool {
        let others = before.scope == Scope::Period && !before.is_a_day() && question.turned && question.elsewhere;
        // "On Tuesday a bomb fell. Two sisters died": the passage turned to an event.
        let event = question.told_here && question.elsewhere && !before.is_a_day();
        // "An air strike on the camp killed 70", behind what has happened since Friday.
        let struck = question.attacked() && question.here && question.elsewhere;
        let struck = struck && (question.turned || !before.is_a_day());
        // "The ministry counts 330 lost in a day. Shelling of Belgorod killed two, its governor said."
        let local = question.own && !question.national;
        let struck = struck || (question.turned && local && question.here && question.attacked());
        // "The network counts 1,500 dead in three days. Five volunteers were killed in Bara, the federation said."
        let struck = struck || (question.turned && question.here && !before.is_a_day());
        let apart = self.dwarfed || others || event || struck || question.count.hostages || question.is_of_battle();
        !apart && (!question.is_incident() || before.scope == Scope::Period)
    }
}

/// The stretch that the first line of a list gives its lines: up to the day it names last.
pub(super) fn of_frame(
    names: &Names,
    sentence: &Sentence<'_>,
    count: &Count,
    tied: &Linked,
    published: Option<Date>,
) -> Stretch {
    let question = Question::alone(names, sentence, count, tied.outcomes, published);
    let times = question.times();
    match question.period(&times) {
        Some((days, sure)) if names.start.is_none_or(|start| days.first > start) => Stretch::period(days, sure),
        Some((days, _)) => {
            let whole = total(&question, &times, None, true);
            Stretch { as_of: Some(days.last), ..whole }
        }
        None => total(&question, &times, None, true),
    }
}

/// The stretch that a sentence without a figure of people bounds, for the figures behind it: "Attacks have damaged 2,497
/// hospitals since the war began", "We documented 571 incidents between 24 February 2022 and 31 October 2023".
pub(super) fn of_sentence(names: &Names, sentence: &Sentence<'_>, published: Option<Date>) -> Option<Stretch> {
    if !sentence.meets(TagSet::of(&[Tag::Since, Tag::Time])) {
        return None;
    }
    let count = Count::behind(sentence);
    let question = Question::alone(names, sentence, &count, Outcomes::default(), published);
    let times = question.times();
    if question.cumulative(&times) {
        return Some(total(&question, &times, None, true));
    }
    let days = question.between_days(&times).filter(|days| (days.last - days.first).get_days() > LONG)?;
    Some(Stretch::period(days, true).since_start(names.start))
}

/// The total of a war that has only begun: up to the day of the figure before, if the same speaker goes on.
fn so_far(question: &Question<'_, '_>, times: &[Dated], said: Option<Days>) -> Stretch {
    let whole = total(question, times, said, false);
    match question.before.filter(|before| !question.turned && !whole.stated && before.scope == Scope::Cumulative) {
        Some(before) => Stretch { as_of: before.as_of, give: before.give, stated: before.stated, ..whole },
        None => whole,
    }
}

fn total(question: &Question<'_, '_>, times: &[Dated], saying_day: Option<Days>, sure: bool) -> Stretch {
    let start = question.names.start;
    let as_of = times.iter().filter(|dated| {
        let since = question.led_by(dated.at, Tag::Since);
        // "has not been revised since September": that old it is.
        let unrevised = since
            && !dated.time.is_point()
            && question.items().get(..dated.at).unwrap_or_default().iter().any(|item| item.has(Tag::Negation));
        // "3,760 people, most of them in the past two months"
        let year = matches!(dated.time, TimeExpression::Year(..)) && !Question::is_end(dated.time)
            || matches!(dated.time, TimeExpression::Past { .. } | TimeExpression::Length { .. });
        // "in the two years since the invasion" measures up to now.
        let measures = question.has(Some(dated.at + 1), Tag::Since);
        dated.days.is_some() && (unrevised || !since) && !measures && !year && !question.is_cut_off(dated)
    });
    let named = as_of.min_by_key(|dated| dated.at.abs_diff(question.count.number)).and_then(|dated| dated.days);
    let opens = |days: &Days| start.is_some_and(|start| days.first <= start && start <= days.last);
    let named = named.filter(|days| start.is_none_or(|start| days.last > start) && !opens(days));
    let days = saying_day.or(named);
    Stretch {
        scope: Scope::Cumulative,
        since: start,
        as_of: days.map(Stretch::middle).or(question.published),
        give: days.map_or(0, |days| days.give),
        stated: days.is_some(),
        sure,
        event: None,
    }
}

fn incident(question: &Question<'_, '_>, event: Option<Dated>, saying_day: Option<Days>) -> Stretch {
    let own = event.and_then(|dated| dated.days);
    let earlier = question.before.and_then(|before| before.event).or(question.told);
    // Whoever spoke before the event that the passage told of speaks of another one.
    let earlier = earlier.filter(|day| saying_day.is_none_or(|said| said.last >= day.first));
    // Who else tells of an attack on a place that he names speaks of no event told before.
    let anew = question.turned && question.here && question.attacked() && saying_day.is_some();
    let earlier = earlier.filter(|_| !anew);
    let day = own.or(earlier);
    // "the ground offensive that began on 27 October", "the toll of Sunday's attack rose to 31": up to now.
    let up_to_now = event.is_some_and(|dated| question.led_by(dated.at, Tag::Start)) || question.rises();
    let own = own.filter(|_| !up_to_now);
    let saying_day = saying_day.filter(|_| !question.begins);
    let own = own.or(earlier.filter(|_| question.begins));
    let held = question.count.hostages && question.holds();
    let own = own.filter(|_| !held);
    // "The minister said that 45 people had died" on Friday: as many as whoever speaks knows of when the article is written.
    let anew = question.saying.is_some() && question.turned;
    let as_of = saying_day.filter(|said| day.is_none_or(|day| said.last >= day.first)).or(own);
    let fallback = question
        .before
        .filter(|before| before.event.is_some() || question.told.is_none())
        .and_then(|before| before.as_of)
        .filter(|_| earlier.is_some() && own.is_none() && !held && !anew)
        .or(earlier
            .filter(|_| question.told_here && own.is_none() && !up_to_now && !held && !anew)
            .map(Stretch::middle))
        .or(question.published);
    Stretch {
        scope: Scope::Incident,
        since: day.map(|day| day.first),
        as_of: as_of.map(Stretch::middle).or(fallback),
        give: as_of.map_or(0, |days| days.give),
        stated: as_of.is_some(),
        sure: false,
        event: day,
    }
}
