//! Counts → outcomes: what happened to the people that a number counts, or why nothing did.

use std::cell::OnceCell;

use crate::extract::Reason;
use crate::extract::breakdown::{tie_parts, tie_shares};
use crate::extract::count::{Count, Head, Part};
use crate::extract::language::Language;
use crate::extract::meaning::Meaning;
use crate::extract::pattern::{Link, OUTCOME, Pattern};
use crate::extract::scan::{Item, Sentence};
use crate::extract::tag::{Tag, TagSet};
use crate::model::{Outcome, Outcomes, Victims};

/// The rule by which a daily increase is read.
pub(super) const INCREASE: &str = "increase";
/// The rule of the names on a list of the dead.
pub(super) const ENTRIES: &str = "names-on-a-list";
/// The rule of bodies that are told of with the wounded.
pub(super) const BODIES: &str = "bodies-and-wounded";
/// The rule of a figure that is a part of another.
pub(super) const PART: &str = "part";

/// A count with its outcome.
#[derive(Debug, Clone)]
pub(super) struct Linked {
    /// The count, by its place in the sentence.
    pub(super) count: usize,
    pub(super) outcomes: Outcomes,
    /// The item of the outcome word, if the sentence has one for it.
    pub(super) trigger: Option<usize>,
    /// The rule that tied them.
    pub(super) rule: String,
    /// The count, in the same sentence, of which this one is a part or whose outcome it shares.
    pub(super) antecedent: Option<usize>,
    /// Its antecedent is the last claim of an earlier sentence.
    pub(super) from_before: bool,
    /// How many items stood between the count and its outcome.
    pub(super) skipped: usize,
    /// The noun is not a known word for people.
    pub(super) doubtful: bool,
    /// How much surer its rule is than the average rule, in log-odds.
    pub(super) surety: f32,
    /// The place, side or name that a figure of a list has instead of a verb: "Sumy 14".
    pub(super) lead: Option<usize>,
}

impl Linked {
    /// An outcome word without a count: what a list says for its lines.
    pub(super) fn of_word(trigger: usize, sentence: &Sentence<'_>) -> Self {
        let outcome = sentence.items.get(trigger).and_then(outcome_of).unwrap_or(Outcome::Casualties);
        Self {
            count: 0,
            outcomes: Outcomes::only(outcome),
            trigger: Some(trigger),
            rule: String::new(),
            antecedent: None,
            from_before: false,
            skipped: 0,
            doubtful: false,
            surety: 0.0,
            lead: None,
        }
    }
}

/// A figure that the article told before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Recent {
    pub(super) figure: u64,
    pub(super) outcomes: Outcomes,
    /// How many sentences ago.
    pub(super) ago: usize,
    /// No sentence since has counted anything.
    pub(super) is_last: bool,
}

/// What an earlier sentence left open.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Before {
    /// The outcomes of its last claim.
    pub(super) outcomes: Option<Outcomes>,
    /// The outcomes of its last two, where they differ: "14 were killed and 53 hurt".
    pub(super) pair: Option<(Outcomes, Outcomes)>,
    /// What the question over the passage asks after: "How many have been killed?"
    pub(super) asked: Option<Outcomes>,
    /// The figures told last in the article, the latest first.
    pub(super) recent: [Option<Recent>; 4],
    /// It opened a list, and this sentence is a line of it.
    pub(super) listed: bool,
    /// The article has told of names on a list of the dead.
    pub(super) lists_dead: bool,
}

impl Linked {
    /// One past the last item of the count and its outcome.
    pub(super) fn end(&self, count: &Count) -> usize {
        self.trigger.map_or(count.items.end, |trigger| count.items.end.max(trigger + 1))
    }
}

/// Ties each count of a sentence to its outcome.
pub(super) fn link(
    language: &Language,
    sentence: &Sentence<'_>,
    counts: &[Count],
    before: Before,
) -> (Vec<Linked>, Vec<(usize, Reason)>) {
    let linker = Linker { language, sentence, patterns: OnceCell::new(), items: &sentence.items, counts };
    let mut linked: Vec<Linked> = Vec::with_capacity(counts.len());
    let mut rejected = Vec::new();
    for at in 0..counts.len() {
        match linker.tie(at, &linked, before) {
            Ok(tied) => linked.push(tied),
            Err(reason) => rejected.push((at, reason)),
        }
    }
    // From the last to the first, so that each finds the next one tied.
    for place in (0..rejected.len()).rev() {
        let next = rejected.get(place).and_then(|(at, _)| linker.by_next(*at, &linked));
        if let Some((before, tied)) = next {
            rejected.remove(place);
            linked.insert(before, tied);
        }
    }
    tie_parts(counts, &mut linked, &mut rejected);
    tie_shares(sentence, counts, &mut linked, &mut rejected);
    (linked, rejected)
}

/// Ties the counts of one sentence.
pub(super) struct Linker<'s, 'a> {
    /// The patterns that the words of the sentence allow, once a count asks for them.
    patterns: OnceCell<Vec<&'s Pattern>>,
    pub(super) language: &'s Language,
    pub(super) sentence: &'s Sentence<'a>,
    pub(super) items: &'s [Item<'a>],
    pub(super) counts: &'s [Count],
}

impl Linker<'_, '_> {
    fn tie(&self, at: usize, linked: &[Linked], before: Before) -> Result<Linked, Reason> {
        let Some(count) = self.counts.get(at) else { return Err(Reason::NoHarm) };
        match count.head {
            Head::Odd(_) => return Err(Reason::NotACount),
            Head::Thing => {
                let tied = self.names_on_list(at, count, before).or_else(|| self.bodies_received(at, count));
                return tied.ok_or(Reason::Things);
            }
            Head::Replaced => return Err(Reason::Replaced),
            Head::People | Head::Lives | Head::Bare | Head::Unknown => {}
        }
        if self.is_pronoun(count) || self.is_spoken_of(count) {
            return Err(Reason::NotACount);
        }
        if let Some(tied) = self.by_predicate(at, count) {
            return self.check(count, &tied).map(|()| tied);
        }
        if let Some(tied) = self.of_other_side(at, count, linked) {
            return Ok(tied);
        }
        let by_pattern = || if self.is_increase(count) { None } else { self.by_pattern(at, count) };
        let tied =
            self.died_later(at, count).or_else(by_pattern).or_else(|| self.by_antecedent(at, count, linked, before));
        let Some(tied) = tied else { return Err(Reason::NoHarm) };
        // "Of those 14,900 were destroyed": of no people, if none were told of.
        let opens = self.items.first().is_some_and(|item| item.has(Tag::OfThem)) && count.head == Head::Bare;
        if opens && before.outcomes.is_none() && tied.outcomes == Outcomes::only(Outcome::Casualties) {
            return Err(Reason::Things);
        }
        self.check(count, &tied)?;
        if count.related && !self.befalls(at, count, &tied) {
            return Err(Reason::NotACount);
        }
        if self.elides_things(at, count, &tied) {
            return Err(Reason::Things);
        }
        Ok(tied)
    }

    fn by_pattern(&self, at: usize, count: &Count) -> Option<Linked> {
        let matches = self
            .patterns
            .get_or_init(|| self.language.patterns.possible(self.sentence))
            .iter()
            .filter_map(|pattern| Some((pattern, pattern.link(self.items, self.counts, count)?)));
        let armed =
            |pattern: &Pattern| !pattern.is_of_soldiers() || count.kind(self.language).0 == Some(Victims::Military);
        let matches = matches.filter(|(pattern, link)| {
            armed(pattern) && !self.opens_another(count, link) && !self.describes(count, link)
        });
        let (pattern, link) = matches
            .min_by_key(|(_, link)| link.skipped + self.across_and(count, link) + self.vagueness(count, link))?;
        let outcomes = match pattern.outcome {
            Some(outcome) => Outcomes::only(outcome),
            // "Forty lives were lost", "lost 2,300 killed and 150 prisoners"
            None if count.head == Head::Lives => Outcomes::only(Outcome::Killed),
            None if self.is_taken(count, &link) => Outcomes::only(Outcome::Captured),
            None if self.are_killed(count, &link) => Outcomes::only(Outcome::Killed),
            None if self.is_bereft(count, &link) => Outcomes::only(Outcome::Killed),
            None => self.outcomes(&link)?,
        };
        Some(Linked {
            count: at,
            outcomes,
            trigger: link.outcome,
            rule: pattern.name.clone(),
            antecedent: None,
            // "Of those, 275 were killed": the people are the ones just spoken of.
            from_before: at == 0
                && (self.items.iter().take(2).any(|item| item.has(Tag::OfThem))
                    || self.opens_with_the_dead()
                    || (count.items.start == 0 && count.part == Some(Part::OfFigure))
                    || self.is_others(count)
                    || self.is_among_the_dead()),
            skipped: link.skipped,
            doubtful: count.head == Head::Unknown,
            surety: pattern.surety,
            lead: None,
        })
    }

    /// "Of the dead soldiers, 15 fell in Gaza": of the sentence before.
    fn opens_with_the_dead(&self) -> bool {
        let dead = |item: &Item<'_>| item.tags.meets(TagSet::of(&[Tag::TheDead, Tag::Done]));
        let opening = self.items.get(1..4).unwrap_or_default();
        self.items.first().is_some_and(|item| item.has(Tag::Of))
            && opening.iter().any(dead)
            && !opening.iter().any(|item| item.has(Tag::Count))
    }

    /// "Among the dead are 14 scientists": the dead of the sentence before.
    fn is_among_the_dead(&self) -> bool {
        let dead = |item: &Item<'_>| item.has(Tag::TheDead) || item.tags.meets(OUTCOME);
        let opening = self.items.get(..4).unwrap_or_default();
        let among = self.items.first().is_some_and(|item| item.has(Tag::Among));
        let include = opening.iter().any(|item| item.has(Tag::Include));
        // "The toll includes two police officers."
        let toll = opening.iter().take(2).any(|item| item.has(Tag::Toll));
        (among && opening.iter().skip(1).any(dead))
            || (include && (toll || self.items.first().is_some_and(|item| item.has(Tag::TheDead))))
    }

    /// "One person was killed and 11 others, mostly students, were wounded": what stands behind "and" has its own verb.
    fn across_and(&self, count: &Count, link: &Link) -> usize {
        let before = link.outcome.filter(|outcome| *outcome < count.items.start);
        let between = before.and_then(|outcome| self.items.get(outcome..count.items.start)).unwrap_or_default();
        if between.iter().any(|item| item.has(Tag::And)) { 6 } else { 0 }
    }

    /// "The losses bring to 723 the number of troops killed", "lost 180,000 men killed": what happened says more than "lost".
    fn vagueness(&self, count: &Count, link: &Link) -> usize {
        // "losses came to more than 60 troops, and nine surrendered"
        let led = count.items.start.checked_sub(1).and_then(|led| self.items.get(led));
        let noun = link.outcome.filter(|at| *at < count.items.start).and_then(|at| self.items.get(at));
        if led.is_some_and(|led| led.has(Tag::Reach) && !led.tags.meets(TagSet::of(&[Tag::Raised, Tag::To])))
            && noun.is_some_and(|noun| noun.tags.meets(TagSet::of(&[Tag::Noun, Tag::Toll])))
        {
            return 0;
        }
        let outcome = link.outcome.and_then(|at| self.items.get(at)).and_then(outcome_of);
        if outcome == Some(Outcome::Casualties) { 3 } else { 0 }
    }

    /// The outcome of the word, and of those joined to it ("killed or wounded").
    fn outcomes(&self, link: &Link) -> Option<Outcomes> {
        let trigger = link.outcome?;
        let mut outcomes = Outcomes::only(outcome_of(self.items.get(trigger)?)?);
        let mut last = trigger;
        while let Some((next, outcome)) = self.joined(last, Direction::Right, false) {
            outcomes = outcomes.with(outcome);
            last = next;
        }
        let mut first = trigger;
        // "dead, wounded and missing": the commas of a row join what "and" closes.
        while let Some((next, outcome)) = self.joined(first, Direction::Left, first < trigger) {
            outcomes = outcomes.with(outcome);
            first = next;
        }
        Some(outcomes)
    }

    /// The next outcome word in the same row of words, if no count stands beside it.
    fn joined(&self, from: usize, direction: Direction, in_row: bool) -> Option<(usize, Outcome)> {
        let step = |at: usize| match direction {
            Direction::Right => Some(at + 1),
            Direction::Left => at.checked_sub(1),
        };
        let skippable = TagSet::of(&[Tag::And, Tag::Or, Tag::Comma, Tag::Auxiliary, Tag::Modifier, Tag::Severity]);
        let (mut at, mut joins, mut comma, mut crossed) = (step(from)?, false, false, false);
        for _ in 0..4 {
            let item = self.items.get(at)?;
            if item.tags.meets(OUTCOME) {
                // "left 25 civilians dead and injured 63": the dead have been counted.
                let object = self.counts.iter().any(|count| count.items.start == from + 1);
                if matches!(direction, Direction::Left) && object && self.is_counted(at) {
                    return None;
                }
                // "killed and wounded around Vovchansk", "over the previous day": what hedges no number is none.
                let mut beside = step(at);
                for _ in 0..2 {
                    beside =
                        beside.and_then(|next| if self.items.get(next)?.is_hedge() { step(next) } else { Some(next) });
                }
                let has_own_count =
                    beside.and_then(|next| self.items.get(next)).is_some_and(|next| next.has(Tag::Count));
                // "has left 72 martyrs, and the wounded number 437"
                let reach = beside.filter(|_| matches!(direction, Direction::Right) && crossed);
                let told = TagSet::of(&[Tag::Reach, Tag::Numbers, Tag::To]);
                let has_own_count =
                    has_own_count || reach.and_then(|at| self.items.get(at)).is_some_and(|item| item.tags.meets(told));
                return (joins && !has_own_count).then(|| outcome_of(item)).flatten().map(|outcome| (at, outcome));
            }
            // "missing in action or in Russian captivity"
            let led = joins && item.tags.meets(TagSet::of(&[Tag::In, Tag::Side]));
            // "71 of them wounded, have given themselves up": a verb of its own.
            if !(led || item.tags.meets(skippable)) || (comma && item.has(Tag::Auxiliary)) {
                return None;
            }
            comma = item.has(Tag::Comma);
            crossed |= comma;
            joins |= item.tags.meets(TagSet::of(&[Tag::And, Tag::Or]));
            joins |= item.has(Tag::Comma) && (in_row || matches!(direction, Direction::Right));
            at = step(at)?;
        }
        None
    }

    /// Whether a count with its noun stands right before an outcome word.
    fn is_counted(&self, outcome: usize) -> bool {
        self.counts.iter().any(|count| count.items.end == outcome && count.head == Head::People)
    }

    /// "Seven others were wounded": people like those before.
    pub(super) fn is_others(&self, count: &Count) -> bool {
        self.items.get(count.items.clone()).unwrap_or_default().iter().any(|item| item.has(Tag::Others))
    }
}

#[derive(Debug, Clone, Copy)]
enum Direction {
    Left,
    Right,
}

/// The outcome that an item names.
pub(super) fn outcome_of(item: &Item<'_>) -> Option<Outcome> {
    let outcome = |meaning| if let Meaning::Outcome(_, outcome) = meaning { Some(outcome) } else { None };
    if item.tags.meets(OUTCOME) { item.meaning(outcome) } else { None }
}
