//! How the elements of a pattern are matched along a sentence, and what their gaps skip.

use crate::extract::count::{Count, Head};
use crate::extract::pattern::{Element, OUTCOME};
use crate::extract::scan::Item;
use crate::extract::tag::{Tag, TagSet};

/// What no gap crosses.
const WALL: TagSet = TagSet::of(&[Tag::Count, Tag::Semicolon, Tag::Colon, Tag::Said, Tag::Barrier]).with(OUTCOME);

/// What may begin something that a gap skips as one.
const OPENERS: TagSet = TagSet::of(&[
    Tag::And,
    Tag::Comma,
    Tag::Dash,
    Tag::Bracket,
    Tag::Age,
    Tag::Said,
    Tag::Names,
    Tag::Relative,
    Tag::Including,
    Tag::Be,
    Tag::It,
    Tag::They,
    Tag::He,
]);

/// Which way from the count.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Left,
    Right,
}

/// How far a match has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor {
    /// The boundary reached: items left of it (going left) or from it on (going right) are still free.
    pub(super) position: usize,
    pub(super) skipped: usize,
    pub(super) outcome: Option<usize>,
}

impl Cursor {
    pub(super) fn at(position: usize) -> Self {
        Self { position, skipped: 0, outcome: None }
    }
}

/// A way along the items of a sentence.
pub(super) struct Walk<'s, 'a> {
    pub(super) items: &'s [Item<'a>],
    pub(super) counts: &'s [Count],
    pub(super) step: Step,
}

impl Walk<'_, '_> {
    /// The next free item and the boundary behind it.
    fn next(&self, position: usize) -> Option<(usize, usize)> {
        match self.step {
            Step::Left => position.checked_sub(1).map(|at| (at, at)),
            Step::Right => (position < self.items.len()).then_some((position, position + 1)),
        }
    }

    pub(super) fn run(&self, elements: &[Element], cursor: Cursor) -> Option<Cursor> {
        let Some((element, rest)) = elements.split_first() else { return Some(cursor) };
        match *element {
            Element::One { tags, optional } => {
                let taken = self.next(cursor.position).and_then(|(at, position)| {
                    let item = self.items.get(at)?;
                    let outcome = if tags.meets(OUTCOME) { Some(at) } else { cursor.outcome };
                    item.tags.meets(tags).then_some(Cursor { position, outcome, ..cursor })
                });
                taken
                    .and_then(|next| self.run(rest, next))
                    .or_else(|| optional.then(|| self.run(rest, cursor)).flatten())
            }
            Element::Gap(most) => self.gap(most, rest, cursor),
        }
    }

    fn gap(&self, most: usize, rest: &[Element], cursor: Cursor) -> Option<Cursor> {
        let mut here = cursor;
        let mut left = most;
        // Behind most items the pattern does not go on, which their tags show.
        let wanted = match rest.first() {
            Some(Element::One { tags, optional: false }) => Some(*tags),
            Some(Element::One { .. } | Element::Gap(_)) | None => None,
        };
        loop {
            let next = self.next(here.position).and_then(|(at, position)| Some((at, position, self.items.get(at)?)));
            let fits = wanted.is_none_or(|tags| next.is_some_and(|(_, _, item)| item.tags.meets(tags)));
            if let Some(end) = if fits { self.run(rest, here) } else { None } {
                return Some(end);
            }
            let (at, position, item) = next?;
            let opens = item.tags.meets(OPENERS);
            if let Some(beyond) = if opens {
                self.over(at)
            } else if item.is_hedge() {
                self.limit_of_age(at)
            } else {
                None
            } {
                here = Cursor { position: beyond, skipped: here.skipped + 1, ..here };
                continue;
            }
            // "have probably been" says no more than "were"; a long name is one word.
            let beside = match self.step {
                Step::Right => at.checked_sub(1),
                Step::Left => Some(at + 1),
            };
            let named =
                item.has(Tag::Name) && beside.and_then(|at| self.items.get(at)).is_some_and(|item| item.has(Tag::Name));
            if !(item.has(Tag::Auxiliary) || named) || here.skipped > most + 6 {
                left = left.checked_sub(1)?;
            }
            if let Some(mut beyond) = if opens { self.insertion(at) } else { None } {
                // "Six doctors, it said, two of them surgeons, were seized": one insertion closes where the next opens.
                if let Step::Right = self.step {
                    beyond = self.insertion(beyond - 1).unwrap_or(beyond);
                }
                here = Cursor { position: beyond, skipped: here.skipped + 2, ..here };
            } else if (item.tags.meets(WALL) && !self.is_aside(at, most))
                || self.counts_anew(at)
                || (most <= 2 && item.has(Tag::Comma))
            {
                return None;
            } else {
                here = Cursor { position, skipped: here.skipped + 1, ..here };
            }
        }
    }

    /// The boundary beyond what belongs together and is skipped as one.
    fn over(&self, at: usize) -> Option<usize> {
        // "19 people over brawls, and two boys were hurt": a list begins with its first count.
        let listed = self.listed(at).filter(|_| self.is_first_joint(at));
        let listed = listed.or_else(|| self.age_before(at)).or_else(|| self.age(at));
        let listed = listed.or_else(|| self.coordinated(at)).or_else(|| self.reported(at));
        listed.or_else(|| self.relative(at)).or_else(|| self.including(at))
    }

    /// "the number of soldiers killed when a missile hit a school has risen to 89": a clause that a long gap passes.
    fn is_aside(&self, at: usize, most: usize) -> bool {
        let when = TagSet::of(&[Tag::Barrier, Tag::Relative]);
        matches!(self.step, Step::Left) && most >= 14 && self.items.get(at).is_some_and(|item| item.tags == when)
    }

    /// "pulled two boys from the rubble, bringing the number of dead to 28": the dead of another count.
    fn counts_anew(&self, at: usize) -> bool {
        let verb = at.saturating_sub(2)..at;
        let raised = self.items.get(verb).unwrap_or_default().iter().any(|item| item.has(Tag::Raised));
        matches!(self.step, Step::Right) && raised && self.items.get(at).is_some_and(|item| item.has(Tag::NumberOf))
    }

    /// Whether nothing has been joined since the count before: "19 people over brawls and fraud, and two boys were hurt".
    fn is_first_joint(&self, at: usize) -> bool {
        // "40 civilians, seven of them women, and 11 soldiers": the comma closes what was put in.
        let end = at
            - usize::from(
                at.checked_sub(1).is_some_and(|comma| self.items.get(comma).is_some_and(|item| item.has(Tag::Comma))),
            );
        // "The governor, Oleh Kiper, says a nurse and three other medics were wounded."
        let begins = TagSet::of(&[Tag::Count, Tag::Said, Tag::Semicolon, Tag::Colon]);
        let mut before =
            self.items.get(..end).unwrap_or_default().iter().rev().take_while(|item| !item.tags.meets(begins));
        !before.any(|item| item.tags.meets(TagSet::of(&[Tag::And, Tag::Comma])))
    }

    /// The boundary beyond the next counts of a list: "five men, seven women and two children were killed".
    fn listed(&self, at: usize) -> Option<usize> {
        let Step::Right = self.step else { return None };
        let joins = TagSet::of(&[Tag::And, Tag::Comma]);
        let (mut end, mut closes) = (self.over_age_aside(at), false);
        while let Some(joint) = self.items.get(end).filter(|item| item.tags.meets(joins)) {
            // "a man and his two sons"
            let own = usize::from(self.items.get(end + 1).is_some_and(|item| item.has(Tag::Own)));
            let next = self.counts.iter().find(|count| count.items.start == end + 1 + own);
            // "90 militants, two cars and a howitzer were destroyed"
            let thing = next.is_none()
                && self.items.get(end + 1).is_some_and(|item| item.has(Tag::One))
                && self.items.get(end + 2).is_some_and(|item| item.has(Tag::Thing));
            if thing {
                closes |= joint.has(Tag::And);
                end += 3;
                continue;
            }
            let Some(next) = next else { break };
            if !matches!(next.head, Head::People | Head::Thing) {
                break;
            }
            closes |= joint.has(Tag::And);
            end = next.items.end;
            // "one electronic warfare station"
            let rest = self.items.get(end..).unwrap_or_default().iter().take(3);
            let compound = rest.take_while(|item| item.has(Tag::Thing)).count();
            end += if next.head == Head::Thing { compound } else { 0 };
            end = self.over_age_aside(end);
        }
        let end = self.over_complement(end);
        // "Eleven soldiers and eight people who had come to see them off were killed"
        let end = self.relative(end).unwrap_or(end);
        // "Five women and two men, all of them on the morning shift, died"
        let comma = self.items.get(end).is_some_and(|item| item.has(Tag::Comma));
        let end = if comma && closes { self.insertion(end).unwrap_or(end) } else { end };
        let predicate = TagSet::of(&[Tag::Auxiliary, Tag::Done, Tag::QuoteMark]);
        let has = |at: usize, tags: TagSet| self.items.get(at).is_some_and(|item| item.tags.meets(tags));
        // "cost two women and a boy their lives"
        let goes_on = has(end, predicate) || (has(end, Tag::Own.set()) && has(end + 1, Tag::Lives.set()));
        (closes && goes_on).then_some(end)
    }

    /// "two Tanzanians of the regional force have died": the boundary beyond what belongs to the last of a list.
    fn over_complement(&self, end: usize) -> usize {
        let opens = TagSet::of(&[Tag::Of, Tag::From, Tag::In]);
        if !self.items.get(end).is_some_and(|item| item.tags.meets(opens)) {
            return end;
        }
        let ends = TagSet::of(&[Tag::Auxiliary, Tag::Done]);
        let wall = WALL.with(TagSet::of(&[Tag::Comma, Tag::And]));
        let inside = self.items.get(end..(end + 8).min(self.items.len())).unwrap_or_default();
        let closing = inside.iter().position(|item| item.tags.meets(ends.with(wall)));
        closing.filter(|at| inside.get(*at).is_some_and(|item| item.tags.meets(ends))).map_or(end, |at| end + at)
    }

    /// "17 men were made to get down from a truck and were shot": the boundary beyond a first predicate.
    fn coordinated(&self, at: usize) -> Option<usize> {
        let Step::Right = self.step else { return None };
        self.items.get(at).filter(|item| item.has(Tag::Be))?;
        let inside = self.items.get(at + 1..(at + 18).min(self.items.len()))?;
        let wall = WALL.with(TagSet::of(&[Tag::Comma, Tag::Relative]));
        let and = inside.iter().position(|item| item.tags.meets(wall.with(Tag::And.set())))?;
        let be = inside.get(and).is_some_and(|item| item.has(Tag::And)) && inside.get(and + 1)?.has(Tag::Be);
        (be && inside.get(and + 2)?.has(Tag::Done)).then_some(at + 2 + and)
    }

    /// "Six people are now confirmed to have died": the boundary beyond a passive verb of saying and its "to".
    fn reported(&self, at: usize) -> Option<usize> {
        let Step::Right = self.step else { return None };
        let has = |at: usize, tags: &[Tag]| self.items.get(at).is_some_and(|item| item.tags.meets(TagSet::of(tags)));
        let is = (at.saturating_sub(2)..at).any(|at| has(at, &[Tag::Be, Tag::Auxiliary]));
        // "the number of Palestinians it says were killed"
        if has(at, &[Tag::It, Tag::They, Tag::He]) && has(at + 1, &[Tag::Said]) && has(at + 2, &[Tag::Be, Tag::Done]) {
            return Some(at + 2);
        }
        let said = is && has(at, &[Tag::Said, Tag::Names]);
        // "was reported killed", "3,450 children reported killed"
        let beside = self.counts.iter().any(|count| count.items.end == at) && has(at, &[Tag::Said]);
        if (said || beside) && has(at + 1, &[Tag::Done]) {
            return Some(at + 1);
        }
        (said && has(at + 1, &[Tag::To])).then_some(at + 2)
    }

    /// "138 people who fled when the camp fell are missing": the boundary beyond a clause about those who are counted.
    fn relative(&self, at: usize) -> Option<usize> {
        let Step::Right = self.step else { return None };
        self.items.get(at).filter(|item| item.has(Tag::Relative))?;
        let inside = self.items.get(at + 1..(at + 14).min(self.items.len()))?;
        let wall = WALL.with(TagSet::of(&[Tag::Comma, Tag::People, Tag::Names, Tag::Name]));
        // "when the camp fell" opens no clause of its own there; "at Nan Nein" says where.
        let led = TagSet::of(&[Tag::In, Tag::From, Tag::To, Tag::Of, Tag::Name]);
        let placed =
            |at: usize| at.checked_sub(1).and_then(|at| inside.get(at)).is_some_and(|item| item.tags.meets(led));
        let plain = |(at, item): (usize, &Item<'_>)| {
            !item.tags.meets(wall) || item.has(Tag::Barrier) || (item.tags == Tag::Name.set() && placed(at))
        };
        // "three workers who had gone to put out a fire died when another drone hit the yard"
        let dies = inside.iter().skip(2).position(|item| item.has(Tag::Done) && !item.has(Tag::Verb));
        if let Some(dies) =
            dies.filter(|dies| inside.get(..dies + 2).is_some_and(|clause| clause.iter().enumerate().all(plain)))
        {
            return Some(at + 3 + dies);
        }
        let predicate = inside.iter().skip(1).position(|item| item.has(Tag::Be))? + 1;
        let done = inside.get(predicate + 1..)?.iter().take(2).any(|item| item.has(Tag::Done));
        (done && inside.get(..predicate)?.iter().enumerate().all(plain)).then_some(at + 1 + predicate)
    }

    /// The boundary beyond a part: "four people including two children died".
    fn including(&self, at: usize) -> Option<usize> {
        let Step::Right = self.step else { return None };
        self.items.get(at).filter(|item| item.has(Tag::Including))?;
        let part = self.counts.iter().find(|count| count.items.start > at && count.items.start <= at + 2)?;
        (part.head == Head::People).then_some(part.items.end)
    }

    /// The boundary beyond a limit of age: "three children under 10 were among the dead".
    fn limit_of_age(&self, at: usize) -> Option<usize> {
        let Step::Right = self.step else { return None };
        let limit = self.counts.iter().find(|count| count.items.start == at && at < count.number)?;
        matches!(limit.head, Head::Odd(_)).then_some(limit.items.end)
    }

    /// The boundary beyond an age behind somebody.
    fn age(&self, at: usize) -> Option<usize> {
        let Step::Right = self.step else { return None };
        self.items.get(at).filter(|item| item.has(Tag::Age))?;
        let numbers = TagSet::of(&[Tag::Count, Tag::RangeTo, Tag::And, Tag::Between]);
        let inside = self.items.get(at + 1..)?.iter().take(4).take_while(|item| item.tags.meets(numbers)).count();
        let end = at + 1 + inside;
        // "four women aged 42 to 48 and a man of 46"
        let and = self.items.get(end.saturating_sub(1)).is_some_and(|item| item.has(Tag::And));
        let end = if and { self.listed(end - 1).unwrap_or(end - 1) } else { end };
        (inside > 0).then_some(end)
    }

    /// "a woman, 68, and a man, 61, were killed": the boundary beyond an age that is put in.
    fn over_age_aside(&self, at: usize) -> usize {
        let comma = |at: usize| self.items.get(at).is_some_and(|item| item.has(Tag::Comma));
        let age = self.counts.iter().find(|count| count.items.start == at + 1 && matches!(count.head, Head::Odd(_)));
        let Some(closing) = age.map(|age| age.items.end).filter(|closing| comma(at) && comma(*closing)) else {
            return at;
        };
        let goes_on = TagSet::of(&[Tag::And, Tag::Auxiliary, Tag::Done]);
        closing + usize::from(self.items.get(closing + 1).is_some_and(|item| item.tags.meets(goes_on)))
    }

    /// The boundary before an age set off behind somebody, going left.
    fn age_before(&self, at: usize) -> Option<usize> {
        let Step::Left = self.step else { return None };
        let opening = at.checked_sub(2)?;
        let comma = |at: usize| self.items.get(at).is_some_and(|item| item.has(Tag::Comma));
        let age = self.counts.iter().find(|count| count.items == (opening + 1..at))?;
        (comma(opening) && comma(at) && matches!(age.head, Head::Odd(_))).then_some(opening)
    }
}
