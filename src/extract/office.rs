//! Figures that somebody has rather than says: papers, lists and headlines, and whose they are.

use std::ops::Range;

use crate::extract::link::outcome_of;
use crate::extract::meaning::Meaning;
use crate::extract::pattern::OUTCOME;
use crate::extract::phrase::{GLUE, NAME};
use crate::extract::scan::Item;
use crate::extract::speaker::{Sort, Speaker};
use crate::extract::spelling::folded;
use crate::extract::subject::Reader;
use crate::extract::tag::{Tag, TagSet};
use crate::model::Outcome;

impl Reader<'_, '_> {
    /// "General Staff: losses reach 91,150", "Army loses 1,500 — Defence Ministry": who speaks in a headline.
    pub(super) fn headline(&self) -> Option<(usize, Range<usize>)> {
        let told = TagSet::of(&[Tag::Claimant, Tag::Government, Tag::Body, Tag::Title, Tag::Officials]);
        let speaks = |range: &Range<usize>| {
            self.items.get(range.clone()).unwrap_or_default().iter().any(|item| item.tags.meets(told))
        };
        let colon = self.items.iter().take(14).position(|item| item.has(Tag::Colon));
        if let Some(colon) = colon {
            // "Sergei Shoigu, on 21 September:" says so too, as long as nothing happens before the colon.
            let verbs = TagSet::of(&[Tag::Said, Tag::Be, Tag::Have, Tag::Count, Tag::Names]).with(OUTCOME);
            // "The office has a different number:"
            let figure = TagSet::of(&[Tag::Report, Tag::NumberOf]);
            let has = self.items.get(..colon)?.iter().rposition(|item| item.has(Tag::Have)).filter(|have| {
                let object = self.items.get(have + 1..colon).unwrap_or_default();
                object.len() <= 4 && object.iter().any(|item| item.tags.meets(figure))
            });
            let told = has.unwrap_or(colon);
            let plain = !self.items.get(..told)?.iter().any(|item| item.tags.meets(verbs));
            // "21:10 Evening bulletin of the Health Ministry:", "From the regional administration:"
            let led = TagSet::of(&[Tag::From, Tag::Article, Tag::Time, Tag::Word]);
            let from =
                self.items.iter().take(3).take_while(|item| item.tags.meets(led) || item.number().is_some()).count();
            let opening = (0..=from.max(1))
                .map(|at| self.phrase_right(at))
                .find(|range| !range.is_empty() && range.end <= colon)?;
            // "bulletin of the Health Ministry": its author.
            let of = opening.clone().take(4).position(|at| self.has(at, Tag::Of)).map(|of| opening.start + of);
            let author = of.filter(|of| of.checked_sub(1).is_some_and(|paper| self.has(paper, Tag::Report)));
            let author = author.map(|of| self.trimmed(of + 1..opening.end)).filter(&speaks);
            let opening = author.map_or(opening.clone(), |author| author);
            let from = from.max(opening.start);
            let person = opening.clone().all(|at| self.has(at, Tag::Name));
            return (plain && opening.start <= from.max(1) && (speaks(&opening) || person)).then_some((colon, opening));
        }
        let dash = self.items.iter().rposition(|item| item.has(Tag::Dash) && self.separates(item))?;
        let behind = self.phrase_right(dash + 1);
        (behind.end == self.items.len() && dash > 3 && speaks(&behind)).then_some((dash, behind))
    }

    /// Whether a phrase names a role, not a person alone.
    pub(super) fn is_office(&self, range: &Range<usize>) -> bool {
        let office = TagSet::of(&[Tag::Title, Tag::Body, Tag::Officials]);
        self.items.get(range.clone()).is_some_and(|items| items.iter().any(|item| item.tags.meets(office)))
    }

    /// "two children killed (governor Kyrylenko)": who stands in brackets behind a figure, at the end of the sentence.
    pub(super) fn credit(&self) -> Option<(usize, Range<usize>)> {
        let last = self.items.iter().rposition(|item| !item.tags.is_empty())?;
        if !self.has(last, Tag::Bracket) {
            return None;
        }
        let open = self.items.get(..last)?.iter().rposition(|item| item.has(Tag::Bracket))?;
        let told = self.items.get(..open)?.iter().any(|item| item.has(Tag::Count));
        // "(source: Interior Ministry)"
        let label = (open + 1..open + 3).find(|at| self.has(*at, Tag::Colon));
        let opening = label.unwrap_or(open);
        let subject = self.phrase_right(opening + 1);
        let sort = self.sort_of(&subject);
        // "injured (police)"
        let office = sort.is_some() && subject.len() <= 3 && subject.clone().any(|at| self.has(at, Tag::Officials));
        let person = office || label.is_some() || sort == Some(Sort::Person);
        let named = office
            || (label.is_some() && sort.is_some())
            || subject.clone().any(|at| self.has(at, Tag::Name) || self.has(at, Tag::Claimant));
        let closes = last - open <= 9 && subject.start == opening + 1;
        // "the Line of Control (LoC)": short for the name before it.
        let names = TagSet::of(&[Tag::Name, Tag::Place, Tag::Claimant, Tag::Forces]);
        let short = subject.len() == 1
            && label.is_none()
            && !self.is_office(&subject)
            && open.checked_sub(1).and_then(|name| self.items.get(name)).is_some_and(|item| item.tags.meets(names));
        let number = short || (open..last).any(|at| self.has(at, Tag::Count));
        (told && person && named && closes && !number).then_some((open, subject))
    }

    /// Whose paper it is: "the Pentagon's figure", "the Kremlin, whose own count", "a tally by the ministry".
    pub(super) fn report_owner(&self, report: usize) -> Option<Range<usize>> {
        if let Some(owner) = self.of_office(report) {
            return Some(owner);
        }
        // "By its own account the regiment has lost 61 soldiers"
        if report == 2 && self.has(0, Tag::By) && self.has(1, Tag::Own) {
            let comma = usize::from(self.has(report + 1, Tag::Comma));
            return Some(self.phrase_right(report + 1 + comma)).filter(|owner| self.can_speak(owner));
        }
        let between = TagSet::of(&[Tag::Own, Tag::Modifier, Tag::Qualifier, Tag::Last, Tag::Another, Tag::Report]);
        let between = between.with(Tag::Time.set());
        let mut at = report;
        for _ in 0..4 {
            let before = at.checked_sub(1)?;
            let item = self.items.get(before)?;
            if item.has(Tag::Possessive) {
                let owner = self.phrase_left(before);
                // "Russia's death toll" is suffered, "the ministry's toll" is told.
                let items = self.items.get(owner.clone())?;
                let suffers = TagSet::of(&[
                    Tag::Country,
                    Tag::Government,
                    Tag::Forces,
                    Tag::Place,
                    Tag::Nation,
                    Tag::Enemy,
                    Tag::War,
                ]);
                // "the Ukrainian side's losses" are suffered, whoever it is.
                if self.items.get(report).and_then(outcome_of) == Some(Outcome::Casualties) {
                    return None;
                }
                let told = !(self.has(report, Tag::Toll) || self.has(report, Tag::Reach))
                    || (items.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Body, Tag::Claimant])))
                        && !items.iter().any(|item| item.tags.meets(suffers)));
                return (told && self.can_speak(&owner)).then_some(owner);
            }
            if item.has(Tag::Relative) && before.checked_sub(1).is_some_and(|comma| self.has(comma, Tag::Comma)) {
                let owner = self.phrase_left(before - 1);
                return (self.can_speak(&owner) && self.owns(before)).then_some(owner);
            }
            // "the volunteers have a list"
            let has = |at: usize| self.has(at, Tag::Auxiliary) || self.has(at, Tag::Names);
            if item.has(Tag::One) && before.checked_sub(1).is_some_and(has) {
                let keeper = self.left(before - 1)?;
                return self.can_speak(&keeper).then_some(keeper);
            }
            if !(item.tags.meets(between) || item.has(Tag::Word)) {
                break;
            }
            at = before;
        }
        let by = (report + 1..report + 4).find(|at| self.has(*at, Tag::By))?;
        // "the number of those killed by Israeli soldiers", "casualties were suffered by the troops"
        let harmed = OUTCOME.with(Tag::Lose.set());
        let done = by.checked_sub(1).and_then(|done| self.items.get(done));
        if done.is_some_and(|item| item.tags.meets(harmed) && !item.has(Tag::Report)) {
            return None;
        }
        let author = self.phrase_right(by + 1);
        (self.can_speak(&author) && self.pronoun(&author).is_none()).then_some(author)
    }

    /// "the toll of the health ministry, which", "All three numbers are those of the prosecutor's office": a figure that is
    /// an office's.
    fn of_office(&self, report: usize) -> Option<Range<usize>> {
        let of = (report + 1..report + 5).find(|at| self.has(*at, Tag::Of))?;
        let those = of > report + 1;
        let led = self.items.get(report + 1..of)?;
        if those && !(led.len() <= 2 && led.first()?.has(Tag::Be)) {
            return None;
        }
        let owner = self.phrase_right(of + 1);
        let items = self.items.get(owner.clone())?;
        let speaks = TagSet::of(&[Tag::Body, Tag::Claimant, Tag::Title]);
        let suffers = TagSet::of(&[Tag::Forces, Tag::People, Tag::Country, Tag::Nation, Tag::Government, Tag::Place]);
        // "the prosecutor's office": a title is no victim.
        let harmed = |item: &Item<'_>| item.tags.meets(suffers) && !item.has(Tag::Title);
        let office = items.last()?.tags.meets(speaks) && !items.iter().any(harmed);
        let ends = TagSet::of(&[Tag::Comma, Tag::Be, Tag::Auxiliary, Tag::Reach]);
        let closes = self.items.get(owner.end).is_none_or(|item| item.tags.is_empty() || item.tags.meets(ends));
        (office && closes).then_some(owner)
    }

    /// "The toll was put at ten by rescuers": who stands behind the figure.
    pub(super) fn put_by(&self, reach: usize) -> Option<Range<usize>> {
        let by = (reach + 2..reach + 6).find(|at| self.has(*at, Tag::By))?;
        let counted = (reach + 1..by).any(|at| self.has(at, Tag::Count));
        Some(self.phrase_right(by + 1)).filter(|author| counted && author.start <= by + 2 && self.can_speak(author))
    }

    /// "in the words of the local emergency room": any noun can be cited.
    pub(super) fn plain_phrase(&self, from: usize) -> Option<Range<usize>> {
        let inside = TagSet::of(&[Tag::Word, Tag::Thing, Tag::Region, Tag::Modifier]).with(NAME).with(GLUE);
        let end = (from..from + 7).find(|at| self.items.get(*at).is_none_or(|item| !item.tags.meets(inside)))?;
        let range = self.trimmed(from..end);
        let opens = self.has(from, Tag::Article) || self.has(from, Tag::One) || self.has(from, Tag::Own);
        (opens && !range.is_empty()).then_some(range)
    }

    /// "according to local reports": papers that nobody spoke of before stand for themselves.
    pub(super) fn is_new_paper(&self, range: &Range<usize>) -> bool {
        let definite = TagSet::of(&[Tag::Article, Tag::Own]);
        let led = range.start.checked_sub(1).and_then(|before| self.items.get(before));
        range.len() >= 2
            && self.is_report(range)
            && !led.is_some_and(|item| item.tags.meets(definite))
            && !self.items.get(range.start).is_some_and(|item| item.tags.meets(definite))
    }

    /// Reads a phrase without any word for a speaker as one.
    pub(super) fn anybody(&self, range: &Range<usize>) -> Option<Speaker> {
        if self.can_speak(range) || self.is_report(range) {
            return None;
        }
        // "according to preliminary data": nobody's.
        let paper = self.items.get(range.end.checked_sub(1)?)?.has(Tag::Report);
        if paper {
            return None;
        }
        let last = range.end.checked_sub(1)?;
        let tokens = self.items.get(range.start)?.tokens.start..self.items.get(last)?.tokens.end;
        let name = self.scan.text(&tokens).split_whitespace().collect::<Vec<_>>().join(" ");
        let key = folded(name.rsplit(' ').next().unwrap_or_default());
        Some(Speaker { name, id: None, row: None, side: None, counts: None, sort: Sort::Body, key })
    }

    /// "The doctors' union has 958 civilian deaths": an office that has a figure gives it.
    pub(super) fn keeper(&self, have: usize) -> Option<Range<usize>> {
        let next = self.items.get(have + 1)?;
        let hedge = next.meaning(|meaning| matches!(meaning, Meaning::Hedge(_)).then_some(())).is_some();
        let number = (have + 1..have + 9).find(|at| self.has(*at, Tag::Count))?;
        let between = self.items.get(have + 1..number)?;
        let wall = TagSet::of(&[Tag::Said, Tag::Verb, Tag::Comma, Tag::Semicolon, Tag::Auxiliary, Tag::Done]);
        let sum = TagSet::of(&[Tag::Toll, Tag::NumberOf, Tag::Report, Tag::Noun]);
        let puts = between.iter().any(|item| item.tags.meets(sum)) && !between.iter().any(|item| item.tags.meets(wall));
        // "has it now at 90 dead", "had, on Wednesday, up to 75"
        let aside =
            TagSet::of(&[Tag::It, Tag::SoFar, Tag::Time, Tag::In, Tag::On, Tag::Reach, Tag::Comma, Tag::Auxiliary]);
        let set_off = between.iter().all(|item| item.tags.meets(aside) || item.is_hedge());
        let counts = number == have + 1 || (hedge && number == have + 2) || puts || set_off;
        let subject = self.left(have).filter(|_| counts)?;
        let items = self.items.get(subject.clone())?;
        let office = TagSet::of(&[Tag::Body, Tag::Claimant, Tag::Report, Tag::Officials]);
        let army = TagSet::of(&[Tag::Forces, Tag::Country, Tag::Nation, Tag::Enemy]);
        // "A brigade had 90 killed": a unit counts its own.
        let keeps = items.last().is_some_and(|item| item.tags.meets(office) && !item.has(Tag::Thing))
            && !items.iter().any(|item| item.tags.meets(army));
        keeps.then_some(subject)
    }

    /// The office that a sentence speaks of before a place in it.
    pub(super) fn office_before(&self, at: usize) -> Option<Speaker> {
        let office = (0..at).rev().find(|at| self.has(*at, Tag::Claimant) || self.has(*at, Tag::Body))?;
        let follows = self.items.get(office + 1)?;
        let owns = follows.has(Tag::Possessive);
        let acts = follows.tags.meets(TagSet::of(&[Tag::Auxiliary, Tag::Have, Tag::Negation]));
        self.speaker(&self.phrase_left(office + 1)).filter(|one| acts && !owns && one.sort == Sort::Body)
    }

    /// "whose", not "who".
    fn owns(&self, relative: usize) -> bool {
        self.has(relative + 1, Tag::Own) || self.has(relative, Tag::Own)
    }
}
