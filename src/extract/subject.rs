//! The words of a speaker: the phrase that is the subject of a saying, and who is meant by it.

use std::ops::Range;

use crate::extract::context::Names;
use crate::extract::lexicon::{Meaning, folded};
use crate::extract::pattern::OUTCOME;
use crate::extract::scan::{Item, Scan};
use crate::extract::speaker::{Sort, Speaker};
use crate::extract::tag::{Tag, TagSet};

const NAME: TagSet = TagSet::of(&[
    Tag::Name,
    Tag::Claimant,
    Tag::Title,
    Tag::Officials,
    Tag::Body,
    Tag::Outlet,
    Tag::Qualifier,
    Tag::Country,
    Tag::Side,
    Tag::Government,
    Tag::Forces,
    Tag::Nation,
    Tag::Place,
    Tag::Region,
    Tag::People,
    Tag::Direction,
    Tag::Report,
]);

/// Joins the parts of a name, but never begins or ends it.
const GLUE: TagSet = TagSet::of(&[
    Tag::Of,
    Tag::In,
    Tag::Possessive,
    Tag::Article,
    Tag::And,
    Tag::Dash,
    Tag::One,
    Tag::Own,
    Tag::Preposition,
    Tag::Modifier,
]);

/// What makes a phrase one that can speak.
const CORE: TagSet = TagSet::of(&[
    Tag::Name,
    Tag::Claimant,
    Tag::Title,
    Tag::Officials,
    Tag::Body,
    Tag::Outlet,
    Tag::Country,
    Tag::Government,
    Tag::Forces,
    Tag::People,
    Tag::Place,
    Tag::Report,
]);

const PRONOUN: TagSet = TagSet::of(&[Tag::He, Tag::She, Tag::It, Tag::They, Tag::We]);

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

    /// The items of whoever says it.
    pub(super) fn subject(&self, at: usize, item: &Item<'_>) -> Option<Range<usize>> {
        if item.has(Tag::According) {
            let range = self.phrase_right(at + 1);
            if self.is_report(&range)
                && let Some(author) = self.report_owner(range.end.saturating_sub(1))
            {
                return Some(author);
            }
            return if self.can_speak(&range) { Some(range) } else { self.plain_phrase(at + 1) };
        }
        if self.is_passive(at) {
            let by = (at + 1..at + 4).find(|at| self.has(*at, Tag::By))?;
            return Some(self.phrase_right(by + 1)).filter(|range| self.can_speak(range));
        }
        let left = self.left(at).filter(|range| self.can_speak(range));
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
            (says && self.can_speak(&range)).then_some(range)
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
        if is_report { left } else { inverted().or(left).or_else(turned) }
    }

    /// "General Staff: losses reach 91,150", "Army loses 1,500 — Defence Ministry": who speaks in a headline.
    pub(super) fn headline(&self) -> Option<(usize, Range<usize>)> {
        let told = TagSet::of(&[Tag::Claimant, Tag::Government, Tag::Body, Tag::Title, Tag::Officials]);
        let speaks = |range: &Range<usize>| {
            self.items.get(range.clone()).unwrap_or_default().iter().any(|item| item.tags.meets(told))
        };
        let colon = self.items.iter().take(14).position(|item| item.has(Tag::Colon));
        if let Some(colon) = colon {
            // "Sergei Shoigu, on 21 September:" says so too, as long as nothing happens before the colon.
            let verbs = TagSet::of(&[Tag::Said, Tag::Auxiliary, Tag::Count, Tag::Reach, Tag::Names]).with(OUTCOME);
            let plain = !self.items.get(..colon)?.iter().any(|item| item.tags.meets(verbs));
            let opening =
                (0..2).map(|at| self.phrase_right(at)).find(|range| !range.is_empty() && range.end <= colon)?;
            let person = opening.len() >= 2 && opening.clone().all(|at| self.has(at, Tag::Name));
            return (plain && opening.start <= 1 && (speaks(&opening) || person)).then_some((colon, opening));
        }
        let dash = self.items.iter().rposition(|item| item.has(Tag::Dash) && self.separates(item))?;
        let behind = self.phrase_right(dash + 1);
        (behind.end == self.items.len() && dash > 3 && speaks(&behind)).then_some((dash, behind))
    }

    /// Whose paper it is: "the Pentagon's figure", "the Kremlin, whose own count", "a tally by the ministry".
    pub(super) fn report_owner(&self, report: usize) -> Option<Range<usize>> {
        let between = TagSet::of(&[Tag::Own, Tag::Modifier, Tag::Qualifier, Tag::Last, Tag::Another, Tag::Report]);
        let mut at = report;
        for _ in 0..4 {
            let before = at.checked_sub(1)?;
            let item = self.items.get(before)?;
            if item.has(Tag::Possessive) {
                let owner = self.phrase_left(before);
                // "Russia's death toll" is suffered, "the ministry's toll" is told.
                let items = self.items.get(owner.clone())?;
                let suffers = TagSet::of(&[Tag::Country, Tag::Forces, Tag::Place, Tag::Nation, Tag::Enemy, Tag::War]);
                let told = !self.has(report, Tag::Toll)
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
        let author = self.phrase_right(by + 1);
        (self.can_speak(&author) && self.pronoun(&author).is_none()).then_some(author)
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

    /// "in the words of the local emergency room": any noun can be cited.
    fn plain_phrase(&self, from: usize) -> Option<Range<usize>> {
        let inside = TagSet::of(&[Tag::Word, Tag::Thing, Tag::Region, Tag::Modifier]).with(NAME).with(GLUE);
        let end = (from..from + 7).find(|at| self.items.get(*at).is_none_or(|item| !item.tags.meets(inside)))?;
        let range = self.trimmed(from..end);
        let opens = self.has(from, Tag::Article) || self.has(from, Tag::One) || self.has(from, Tag::Own);
        (opens && !range.is_empty()).then_some(range)
    }

    /// Reads a phrase without any word for a speaker as one.
    pub(super) fn anybody(&self, range: &Range<usize>) -> Option<Speaker> {
        if self.can_speak(range) || self.is_report(range) {
            return None;
        }
        let last = range.end.checked_sub(1)?;
        let tokens = self.items.get(range.start)?.tokens.start..self.items.get(last)?.tokens.end;
        let name = self.scan.text(&tokens).split_whitespace().collect::<Vec<_>>().join(" ");
        let key = folded(name.rsplit(' ').next().unwrap_or_default());
        Some(Speaker { name, id: None, side: None, counts: None, sort: Sort::Body, key })
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
        let counts = number == have + 1 || (hedge && number == have + 2) || puts;
        let subject = self.left(have).filter(|_| counts)?;
        let items = self.items.get(subject.clone())?;
        let office = TagSet::of(&[Tag::Body, Tag::Claimant, Tag::Report]);
        let army = TagSet::of(&[Tag::Forces, Tag::Country, Tag::Nation, Tag::Enemy]);
        let keeps =
            items.last().is_some_and(|item| item.tags.meets(office)) && !items.iter().any(|item| item.tags.meets(army));
        keeps.then_some(subject)
    }

    /// Whether the conflict file calls a known claimant so: "president" for the one it lists as "Ukrainian President".
    pub(super) fn is_called(&self, known: &Speaker, role: &str) -> bool {
        let Some(id) = known.id.as_ref().filter(|_| known.sort == Sort::Person) else { return false };
        let spelled = self.names.spellings(id, &self.scan.language.code);
        spelled.iter().any(|name| name.split(' ').any(|word| folded(word) == role))
    }

    /// "was confirmed": what stands before the verb is no speaker.
    fn is_passive(&self, verb: usize) -> bool {
        (verb.saturating_sub(2)..verb).rev().any(|at| self.has(at, Tag::Be)) && !self.has(verb, Tag::Report)
    }

    /// "whose", not "who".
    fn owns(&self, relative: usize) -> bool {
        self.has(relative + 1, Tag::Own) || self.has(relative, Tag::Own)
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
        let mut end = verb;
        let mut adverbs = 0;
        for _ in 0..10 {
            let at = end.checked_sub(1)?;
            let item = self.items.get(at)?;
            if item.tags.meets(PRONOUN.with(Tag::OfThem.set())) {
                return Some(at..end);
            }
            if item.tags.meets(NAME) {
                return Some(self.with_apposition(self.phrase_left(end)));
            }
            if item.has(Tag::Comma) {
                let opening = (at.saturating_sub(16)..at).rev().find(|before| self.has(*before, Tag::Comma))?;
                let inside = opening + 1..at;
                let inside_names = self.phrase_left(at);
                if self.can_speak(&inside_names) && inside_names.start == inside.start {
                    return Some(self.with_apposition(inside_names));
                }
                end = self.before_relative(opening);
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

    /// "…, who toured the town of Jermuk, where a shell landed, says": the comma before the first of such clauses.
    fn before_relative(&self, comma: usize) -> usize {
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
        let is_role = role
            .clone()
            .any(|at| self.items.get(at).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Title, Tag::Body]))));
        let has_name = name
            .clone()
            .any(|at| self.items.get(at).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Name, Tag::Claimant]))));
        let role_has_name = role.clone().any(|at| self.has(at, Tag::Name));
        if is_role && has_name && !role_has_name && name.len() <= 4 { role.start..name.end } else { name }
    }

    pub(super) fn phrase_left(&self, end: usize) -> Range<usize> {
        let mut start = end;
        while let Some(at) = start.checked_sub(1) {
            let Some(item) = self.items.get(at) else { break };
            let belongs = item.tags.meets(NAME) || (item.tags.meets(GLUE) && at + 12 > end) || self.possesses(at);
            if !belongs || item.has(Tag::Comma) || self.separates(item) || end - at > 14 {
                break;
            }
            start = at;
            // A phrase begins with its article, unless it belongs to one before: "the governor of the region".
            let belongs_on =
                at.checked_sub(1).is_some_and(|before| self.has(before, Tag::Of) || self.has(before, Tag::In));
            if item.has(Tag::Article) && !belongs_on {
                break;
            }
        }
        self.trimmed(start..end)
    }

    pub(super) fn phrase_right(&self, start: usize) -> Range<usize> {
        let mut end = start;
        while let Some(item) = self.items.get(end) {
            let belongs = item.tags.meets(NAME)
                || item.tags.meets(GLUE)
                || self.possesses(end)
                || (end > start && item.tags.meets(PRONOUN))
                || (end == start && item.tags.meets(PRONOUN));
            if !belongs || self.separates(item) || end - start > 14 {
                break;
            }
            end += 1;
            if item.tags.meets(PRONOUN) {
                break;
            }
        }
        self.trimmed(start..end)
    }

    /// "the country's health ministry": a common noun that owns what follows.
    fn possesses(&self, at: usize) -> bool {
        let noun = self.items.get(at).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Thing, Tag::Word])));
        noun && self.has(at + 1, Tag::Possessive)
    }

    /// A dash with spaces around it separates; a hyphen joins.
    fn separates(&self, item: &Item<'_>) -> bool {
        item.has(Tag::Dash) && self.scan.token(item.tokens.start).is_some_and(|token| !token.glued)
    }

    pub(super) fn trimmed(&self, mut range: Range<usize>) -> Range<usize> {
        let is_glue =
            |at: usize| self.items.get(at).is_some_and(|item| item.tags.meets(GLUE) && !item.tags.meets(NAME));
        while range.start < range.end && is_glue(range.start) {
            range.start += 1;
        }
        while range.start < range.end && is_glue(range.end - 1) {
            range.end -= 1;
        }
        range
    }

    /// "the governor", "the ministry": a role with an article and without a name.
    pub(super) fn is_role(&self, range: &Range<usize>) -> bool {
        let items = self.items.get(range.clone()).unwrap_or_default();
        let names = TagSet::of(&[
            Tag::Name,
            Tag::Claimant,
            Tag::Country,
            Tag::Government,
            Tag::Side,
            Tag::Place,
            Tag::Officials,
        ]);
        let definite = range.start.checked_sub(1).is_some_and(|before| self.has(before, Tag::Article));
        definite && !items.iter().any(|item| item.tags.meets(names))
    }

    /// "a statement", "the study": a paper, not who wrote it.
    pub(super) fn is_report(&self, range: &Range<usize>) -> bool {
        let items = self.items.get(range.clone()).unwrap_or_default();
        let names = TagSet::of(&[
            Tag::Name,
            Tag::Claimant,
            Tag::Country,
            Tag::Government,
            Tag::Body,
            Tag::Officials,
            Tag::Title,
        ]);
        items.iter().any(|item| item.has(Tag::Report)) && !items.iter().any(|item| item.tags.meets(names))
    }

    pub(super) fn can_speak(&self, range: &Range<usize>) -> bool {
        let items = self.items.get(range.clone()).unwrap_or_default();
        items.iter().any(|item| item.tags.meets(CORE) || item.tags.meets(PRONOUN) || item.has(Tag::OfThem))
    }

    pub(super) fn pronoun(&self, range: &Range<usize>) -> Option<Tag> {
        let item = self.items.get(range.start)?;
        if range.len() == 1 && item.has(Tag::OfThem) {
            return Some(Tag::They);
        }
        [Tag::He, Tag::She, Tag::It, Tag::They, Tag::We].into_iter().find(|tag| item.has(*tag))
    }

    /// Reads a phrase as a speaker.
    pub(super) fn speaker(&self, range: &Range<usize>) -> Option<Speaker> {
        let items = self.items.get(range.clone()).filter(|items| items.iter().any(|item| item.tags.meets(CORE)))?;
        let row = items
            .iter()
            .rev()
            .find_map(|item| item.meaning(|m| if let Meaning::Claimant(row) = m { Some(row) } else { None }));
        let known = row.and_then(|row| self.names.claimant(row));
        let party = items
            .iter()
            .find_map(|item| item.meaning(|m| if let Meaning::Party(_, row) = m { Some(row) } else { None }));
        let place =
            items.iter().find_map(|item| item.meaning(|m| if let Meaning::Place(row) = m { Some(row) } else { None }));
        let side = known.and_then(|known| known.side.clone());
        let side = side.or_else(|| party.and_then(|row| self.names.party(row)).cloned());
        let side = side.or_else(|| place.and_then(|row| self.names.place(row)).map(|place| place.party.clone()));
        let first = range.start;
        let last = range.end.checked_sub(1)?;
        let tokens = self.items.get(first)?.tokens.start..self.items.get(last)?.tokens.end;
        let name = self.scan.text(&tokens).split_whitespace().collect::<Vec<_>>().join(" ");
        let sort = Self::sort(items, known.map(|known| known.kind.as_str()));
        let key = folded(name.rsplit(' ').next().unwrap_or_default());
        // A printed name in any case is nobody's name: the conflict file's stands for it.
        let canonical = known.filter(|_| self.names.inflected());
        let (name, key) = match canonical {
            Some(known) => {
                let first = known.names.get(&self.scan.language.code).and_then(|names| names.first());
                let plain = first.filter(|name| !name.contains('*')).unwrap_or(&known.name).clone();
                let key = folded(plain.rsplit(' ').next().unwrap_or_default());
                (plain, key)
            }
            None => (name, key),
        };
        let (id, counts) = (known.map(|known| known.id.clone()), known.and_then(|known| known.counts.clone()));
        Some(Speaker { name, id, side, counts, sort, key })
    }

    pub(super) fn sort(items: &[Item<'_>], kind: Option<&str>) -> Sort {
        let has = |tag: Tag| items.iter().any(|item| item.has(tag));
        let ends_in = |tag: Tag| items.last().is_some_and(|item| item.has(tag));
        if has(Tag::Officials) || ends_in(Tag::Nation) {
            Sort::Several
        } else if ends_in(Tag::Body)
            || (kind.is_none() && (has(Tag::Country) || has(Tag::Government)) && !has(Tag::Title))
        {
            Sort::Body
        } else if has(Tag::Title) || kind.is_some_and(is_person) {
            Sort::Person
        } else if has(Tag::Claimant) || has(Tag::Body) || has(Tag::Report) {
            Sort::Body
        } else {
            Sort::Person
        }
    }
}

/// Kinds of claimants in conflict files that are persons.
fn is_person(kind: &str) -> bool {
    matches!(
        kind,
        "head_of_state"
            | "commander"
            | "minister"
            | "mayor"
            | "governor"
            | "adviser"
            | "spokesperson"
            | "ombudsman"
            | "person"
            | "official"
    )
}
