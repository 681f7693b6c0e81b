//! Totals: what makes a figure that of the whole war, of a siege so far, or of the time since a ceasefire.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use jiff::ToSpan;
use jiff::civil::Date;

use crate::extract::dated::{Dated, Question};
use crate::extract::meaning::Meaning;
use crate::extract::scan::Item;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::time::{Days, TimeExpression};
use crate::model::{Outcome, Outcomes, Scope};

/// Days after its first on which a war has only begun.
const YOUNG: i32 = 45;

impl Question<'_, '_> {
    /// "148 died in February, bringing the total for the first two months to 304": whether a time is that of the sum and
    /// not that of what was added to it.
    pub(super) fn is_brought(&self, at: usize) -> bool {
        let before = self.items().get(..self.count.items.start).unwrap_or_default();
        let counted = before.iter().rposition(|item| item.has(Tag::Count)).map_or(0, |counted| counted + 1);
        let between = before.get(counted..).unwrap_or_default();
        let sums = |(at, item): (usize, &Item<'_>)| {
            let sum = between.get(at + 1..(at + 4).min(between.len())).unwrap_or_default();
            let sum = sum.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Toll, Tag::NumberOf])));
            item.has(Tag::Raised) && sum
        };
        let brings = between.iter().enumerate().rposition(sums);
        counted > 0 && at < self.count.items.start && brings.is_some_and(|brings| at > counted + brings)
    }

    /// "since the siege of the town began on March 1", "in the battle since May", "since its troops crossed into the region".
    pub(super) fn since_battle(&self, times: &[Dated]) -> bool {
        let began = |since: usize, to: usize| {
            let clause = self.items().get(since..to).unwrap_or_default();
            let led = self.items().get(since.saturating_sub(3)..since).unwrap_or_default();
            let led = led.iter().rev().take_while(|item| !item.has(Tag::Comma));
            // "have died since Russia hit the block on Tuesday"
            let hit = clause.iter().any(|item| item.has(Tag::Attack) && item.has(Tag::Verb) && !item.has(Tag::Start));
            hit || clause.iter().chain(led).any(|item| item.has(Tag::Battle) && !item.has(Tag::War))
        };
        let since = |to: usize| (to.saturating_sub(16)..to).rev().find(|at| self.has(Some(*at), Tag::Since));
        times.iter().any(|dated| since(dated.at).is_some_and(|since| began(since, dated.at)))
    }

    /// "since the war began", "since 24 February", "in four weeks of fighting", "so far".
    pub(super) fn cumulative(&self, times: &[Dated]) -> bool {
        let start = self.names.start;
        let near_start = |days: Days| {
            start.is_some_and(|start| {
                (days.first - start).get_days().abs() <= 31
                    && days.first <= start.checked_add(31.days()).unwrap_or(start)
            })
        };
        let since_start = times.iter().any(|dated| {
            let is_since = self.led_by(dated.at, Tag::Since) && !self.is_compared(dated.at);
            let matches = dated.days.is_some_and(|days| {
                start.is_some_and(|start| days.first <= start && start <= days.last)
                    || (days.give == 0 && near_start(days))
            });
            (is_since && matches && !self.is_of_another(dated.at)) || self.is_whole_war(dated.time)
        });
        let since_war = |(at, item): (usize, &Item<'_>)| {
            if !item.has(Tag::Since) {
                return false;
            }
            // "since the war resumed on 2 March"
            let later = times.iter().any(|dated| {
                let own = dated.at > at && dated.at <= at + 8 && dated.time.is_point();
                own && dated.days.zip(start).is_some_and(|(days, start)| (days.first - start).get_days() > 60)
            });
            let anew = later && self.has(Some(at + 1), Tag::Article);
            !anew
                && !self.is_compared(at)
                && !self.is_of_another(at)
                && self
                    .items()
                    .get(at + 1..(at + 10).min(self.items().len()))
                    .unwrap_or_default()
                    .iter()
                    .take_while(|item| (!item.has(Tag::Comma) && !item.has(Tag::Count)) || item.has(Tag::War))
                    .any(|item| item.has(Tag::War))
                && !self
                    .items()
                    .get(at + 1..(at + 6).min(self.items().len()))
                    .unwrap_or_default()
                    .iter()
                    .any(|item| item.has(Tag::Truce))
        };
        let since_war = || self.sentence.has(Tag::Since) && self.items().iter().enumerate().any(since_war);
        since_start || since_war() || self.is_of_war() || self.brings_total() || self.is_held() || self.is_up_to(times)
    }

    /// "Thailand's health ministry said 13 civilians had been killed", on the third day of a war: what a country says of its
    /// own, without a place or an attack, is of all of a war that has only begun.
    pub(super) fn is_of_young_war(&self, event: Option<Dated>) -> bool {
        let age = self.names.start.zip(self.published).map(|(start, published)| (published - start).get_days());
        let young = age.is_some_and(|days| (0..=YOUNG).contains(&days));
        let taken = self.outcomes.contains(Outcome::Captured);
        // "More than 400 people have been killed, the UN says", "The doctors' count has 459 dead"
        let sums = TagSet::of(&[Tag::Report, Tag::NumberOf, Tag::Toll]);
        let anew = !self.told_here && !self.told_near && !self.around;
        // "had recorded 136 deaths as of midnight on Tuesday"
        let up_to = event.is_some_and(|dated| self.led_by(dated.at, Tag::AsOf));
        let counts = self.neutral && anew && (up_to || self.is_perfect() || self.sentence.meets(sums));
        young && (self.national || counts) && (event.is_none() || up_to) && !self.here && !self.attacked() && !taken
    }

    /// "Nepal says 44 of its citizens have died in the Russian army", "The service has had 109 of its men killed": what a
    /// country or a body has lost of its own, with no event that it would be of.
    pub(super) fn is_of_own_so_far(&self, event: Option<Dated>) -> bool {
        let own = self.count.whose == Some(Tag::Own) && self.is_perfect() && !self.told_here && !self.told_near;
        let apart = event.is_none_or(|dated| !dated.time.is_point())
            && !self.here
            && !self.attacked()
            && self.before.is_none_or(|before| before.scope != Scope::Incident);
        (own || self.nationals) && apart
    }

    /// "are in captivity", "holds 6,800 prisoners": of all who were taken and did not come back.
    fn is_held(&self) -> bool {
        if self.outcomes != Outcomes::only(Outcome::Captured) || !self.sentence.has(Tag::Hold) {
            return false;
        }
        let near = self.count.items.start.saturating_sub(4)..(self.count.items.end + 14).min(self.items().len());
        let clause = self.items().get(near).unwrap_or_default();
        // "has held 12 since Monday", "one attack took seven, who are still held"
        let held = clause.iter().any(|item| item.has(Tag::Hold)) && !self.attacked();
        // "Troops are holding 35 residents in Vovchansk" tells of that town.
        let local = self.here && self.count.people.is_some() && !self.count.hostages;
        // "were in captivity as of 17 November"
        let dated = self.event(&self.times()).filter(|dated| !self.led_directly(dated.at, Tag::AsOf));
        held && !local && dated.is_none()
    }

    /// "recorded 286 deaths up to the end of September", "has recorded 2,688 attacks to date, in which 219 people died": what
    /// an office has counted so far.
    fn is_up_to(&self, times: &[Dated]) -> bool {
        let behind = |at: usize| at >= self.count.items.end || at < self.count.items.start;
        // "its count of civilians, 2,345 dead through Wednesday"
        let paper = self.sentence.has(Tag::Report) && !self.attacked();
        let end = |dated: &Dated| {
            let by = self.led_by(dated.at, Tag::By);
            let day = paper && dated.time.is_point() && !by && self.led_directly(dated.at, Tag::AsOf);
            behind(dated.at) && (day || (Self::is_end(dated.time) && self.led_by(dated.at, Tag::AsOf)))
        };
        // "2026 had already brought 1,038 deaths up to the end of May"
        let stretch = |dated: &Dated| {
            matches!(dated.time, TimeExpression::Year(..) | TimeExpression::Months { .. }) && !Self::is_end(dated.time)
        };
        // "140 civilians have been killed in the country so far": with no event to be so far of.
        let so_far = !self.here && !self.attacked() && !self.told_here && !self.told_near && !self.around;
        // "Three dead so far": a few are of an event all the same.
        let so_far = so_far && self.count.figure.bounds.midpoint() >= 10;
        let said = self.said_at(times).map(|dated| dated.at);
        let so_far = so_far && self.saying.is_some() && times.iter().all(|dated| Some(dated.at) == said);
        self.sentence.has(Tag::SoFar) && (self.counts_attacks() || so_far)
            || !self.here && times.iter().any(end) && !times.iter().any(stretch)
    }

    /// "recorded 2,688 attacks": attacks that are counted are not the one of the passage.
    fn counts_attacks(&self) -> bool {
        self.items()
            .windows(2)
            .any(|pair| matches!(pair, [count, attack] if count.has(Tag::Count) && attack.has(Tag::Attack)))
    }

    /// "80 soldiers lost their lives in the same period": of the time that the figure before is of.
    pub(super) fn is_of_same_time(&self) -> bool {
        let same = |meaning| if let Meaning::SameTime = meaning { Some(()) } else { None };
        let near = |at: usize| at < 2 || at.abs_diff(self.count.number) <= 14;
        self.items().iter().enumerate().any(|(at, item)| near(at) && item.meaning(same).is_some())
    }

    /// "one of the deadliest attacks since the war began": that only says what it is compared with.
    pub(super) fn is_compared(&self, at: usize) -> bool {
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Colon, Tag::Count]);
        let before = self.items().get(at.saturating_sub(8)..at).unwrap_or_default();
        before.iter().rev().take_while(|item| !item.tags.meets(wall)).any(|item| item.has(Tag::Superlative))
    }

    /// "lost 1,610 troops on Monday, bringing the total since February to 722,440", "killed 40 on Saturday, and the hospital
    /// said 208 had died since May": what stands behind another figure is told of that one.
    pub(super) fn is_of_another(&self, at: usize) -> bool {
        let end = self.count.items.end;
        let Some(between) = self.items().get(end..at) else { return false };
        // "1,090 troops in the past day and 402,300 since February"
        let next = between.iter().rposition(|item| item.has(Tag::Count)).and_then(|next| between.get(..next));
        if next.is_some_and(|own| own.iter().any(|item| item.has(Tag::Time))) {
            return true;
        }
        // "19 have died since March and 430 since the invasion"
        let since = between.iter().position(|item| item.has(Tag::Since)).and_then(|since| between.get(since..));
        if since.is_some_and(|behind| behind.iter().any(|item| item.has(Tag::Count))) {
            return true;
        }
        // "1,110 for the day, in all about 325,580 since February"
        let in_all = between.iter().position(|item| item.has(Tag::SoFar)).and_then(|all| between.get(all..));
        if in_all.is_some_and(|behind| behind.iter().any(|item| item.has(Tag::Count))) {
            return true;
        }
        let counts = |items: Option<&[Item<'_>]>| items.unwrap_or_default().iter().any(|item| item.has(Tag::Count));
        let raised = between.iter().position(|item| item.has(Tag::Raised));
        let brings = raised.is_some_and(|raised| counts(between.get(raised..)) || counts(self.items().get(at..)));
        let said = between.iter().position(|item| item.has(Tag::Said));
        brings || said.is_some_and(|said| counts(between.get(said..)))
    }

    /// "In January six people died, and in May a drone injured nine": the time of a clause with a figure of its own.
    pub(super) fn opens_clause(&self, at: usize) -> bool {
        let between = self.items().get(self.count.items.end..at).unwrap_or_default();
        let opens = matches!(between, [.., comma, and, led]
            if comma.has(Tag::Comma) && and.has(Tag::And) && led.tags.meets(TagSet::of(&[Tag::In, Tag::On])));
        opens && self.items().get(at + 1..).unwrap_or_default().iter().any(|item| item.has(Tag::Count))
    }

    /// "in four weeks of fighting", four weeks into the war; any length of a war that has no file.
    pub(super) fn is_whole_war(&self, time: TimeExpression) -> bool {
        let TimeExpression::OfWar { count, unit } = time else { return false };
        if self.names.is_world() && self.here {
            return false;
        }
        let (Some(start), Some(published)) = (self.names.start, self.published) else { return true };
        let days = |date: Date| i64::from((published - date).get_days());
        let told = crate::extract::time::back(published, count, unit).map_or(0, days);
        let real = days(start);
        // "in 24 hours of shelling" is no whole war, however young it is.
        (told - real).abs() <= told.min(14) + real / 4
    }

    /// "since the ceasefire": whatever came before does not count.
    pub(super) fn since_truce(&self) -> bool {
        let items = self.items();
        let opens = |at: usize| {
            items.get(at + 1..(at + 7).min(items.len())).unwrap_or_default().iter().any(|item| item.has(Tag::Truce))
        };
        let since = |(at, item): (usize, &Item<'_>)| item.has(Tag::Since) && opens(at) && !self.is_compared(at);
        // "Since it came into force"
        let it = |three: &[Item<'_>]| matches!(three, [since, it, began] if since.has(Tag::Since) && it.has(Tag::It) && began.has(Tag::Start));
        let in_force = self.truce.is_some() && items.windows(3).any(it);
        self.sentence.has(Tag::Since)
            && (in_force || self.sentence.has(Tag::Truce) && items.iter().enumerate().any(since))
    }
}
