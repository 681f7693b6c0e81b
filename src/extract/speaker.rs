//! Who says it: verbs of saying and their subjects, names and roles resolved within the article.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use std::ops::Range;
use std::rc::Rc;

use crate::extract::context::Names;
use crate::extract::scan::{Scan, Sentence};
use crate::extract::spelling::{folded, folds_to};
use crate::extract::subject::Reader;
use crate::extract::tag::{Tag, TagSet};
use crate::model::{ClaimantId, PartyId};

/// Somebody who states figures.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Speaker {
    /// The name as the article gives it.
    pub(super) name: String,
    pub(super) id: Option<ClaimantId>,
    /// The row of the known claimant.
    pub(super) row: Option<u16>,
    /// The side he or it speaks for.
    pub(super) side: Option<PartyId>,
    /// The side whose losses alone he or it counts.
    pub(super) counts: Option<PartyId>,
    pub(super) sort: Sort,
    /// The last word of the name, for later mentions.
    pub(super) key: String,
}

impl Speaker {
    /// Whether it is called by a name, not by a role alone.
    fn is_named(&self) -> bool {
        self.id.is_some() || self.name.contains(char::is_uppercase)
    }
}

/// What a pronoun can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Person,
    Body,
    Several,
}

/// One act of saying in a sentence.
#[derive(Debug, Clone)]
pub(super) struct Saying {
    /// The items of the verb and of the subject.
    pub(super) at: usize,
    pub(super) subject: Range<usize>,
    pub(super) speaker: Option<Rc<Speaker>>,
    /// "according to", "citing": the origin behind whoever says it.
    pub(super) cited: bool,
}

/// What may tell that somebody says something.
const TELLING: TagSet =
    TagSet::of(&[Tag::Said, Tag::Names, Tag::According, Tag::Report, Tag::NumberOf, Tag::Toll, Tag::Have, Tag::Reach]);

/// The speakers of an article so far.
#[derive(Debug, Default)]
pub(super) struct Speakers {
    pub(super) known: Vec<Rc<Speaker>>,
    last: Option<(Rc<Speaker>, usize)>,
}

impl Speakers {
    /// The office of a side that was cited last.
    pub(super) fn office(&self) -> Option<&Rc<Speaker>> {
        let is_office = |one: &&Rc<Speaker>| one.sort != Sort::Several && one.id.is_some() && one.side.is_some();
        self.known.iter().rev().find(is_office)
    }

    /// Finds who says what in a sentence, and remembers them; in a list that served another.
    pub(super) fn sayings(
        &mut self,
        scan: &Scan<'_>,
        names: &Names,
        sentence: &Sentence<'_>,
        mut out: Vec<Saying>,
    ) -> Vec<Saying> {
        let reader = Reader { scan, names, items: &sentence.items };
        out.clear();
        let telling = if sentence.meets(TELLING) { sentence.items.as_slice() } else { &[] };
        for (at, item) in telling.iter().enumerate().filter(|(_, item)| item.tags.meets(TELLING)) {
            let says = item.tags.meets(TagSet::of(&[Tag::Said, Tag::Names, Tag::According]));
            let owner = if item.tags.meets(TagSet::of(&[Tag::Report, Tag::NumberOf, Tag::Toll])) {
                reader.report_owner(at)
            } else {
                None
            };
            // "The council counts 52. The region's stood at 63."
            let counts =
                item.has(Tag::Reach) && at.checked_sub(1).is_some_and(|owner| reader.has(owner, Tag::Possessive));
            let owner = owner.or_else(|| if counts { reader.report_owner(at) } else { None });
            let owner = owner.or_else(|| if item.has(Tag::Have) { reader.keeper(at) } else { None });
            let owner = owner.or_else(|| if item.has(Tag::Reach) { reader.put_by(at) } else { None });
            if !says && owner.is_none() {
                continue;
            }
            // "bombs claimed hundreds of lives"
            let behind = sentence.items.get(at + 1..).unwrap_or_default();
            if item.has(Tag::Take) && behind.iter().take(4).any(|item| item.has(Tag::Lives)) {
                continue;
            }
            let Some(subject) = owner.or_else(|| reader.subject(at, item)) else { continue };
            // "Neither side has said a word about it": nobody speaks.
            if subject.start.checked_sub(1).is_some_and(|no| reader.has(no, Tag::Negation)) {
                continue;
            }
            // "twice the figure that Kyiv gave" is another figure.
            let relative = subject.start.checked_sub(1).is_some_and(|that| reader.has(that, Tag::Relative));
            if relative && subject.start.checked_sub(2).is_some_and(|paper| reader.has(paper, Tag::Report)) {
                continue;
            }
            // "We cannot verify this": whoever speaks anyway.
            if reader.pronoun(&subject) == Some(Tag::We) {
                continue;
            }
            let is_report = reader.is_report(&subject) && !(item.has(Tag::According) && reader.is_new_paper(&subject));
            let found = if is_report { None } else { reader.speaker(&subject) };
            let found = found.or_else(|| if item.has(Tag::According) { reader.anybody(&subject) } else { None });
            let found = found.or_else(|| reader.somebody(&subject));
            let found = found.map(Rc::new);
            let pronoun = if is_report { Some(Tag::It) } else { reader.pronoun(&subject) };
            let found = match found {
                Some(found) if reader.is_role(&subject) => {
                    self.by_role(&reader, &found, sentence.paragraph).or(Some(found))
                }
                other => other,
            };
            // "The ministry has not given a number since September, when it said": the office of the same sentence.
            let office = || reader.office_before(subject.start).filter(|_| pronoun == Some(Tag::It) && !is_report);
            let found = found.or_else(|| if out.is_empty() { office().map(Rc::new) } else { None });
            let speaker = self.resolve(found, pronoun);
            if let Some(speaker) = &speaker {
                self.remember(speaker, sentence.paragraph);
            } else if !item.has(Tag::Said) && !item.has(Tag::According) {
                continue;
            }
            // "by the government's count"
            let article = usize::from(subject.start.checked_sub(1).is_some_and(|at| reader.has(at, Tag::Article)));
            let by = subject.start.checked_sub(1 + article).is_some_and(|by| reader.has(by, Tag::By));
            let cited = item.has(Tag::According) || (by && item.has(Tag::Report));
            out.push(Saying { at, subject, speaker, cited });
        }
        // "According to preliminary data, two were killed, the governor wrote": the governor's data.
        let paper = |said: &Saying| {
            let cites = reader.items.get(said.at).is_some_and(|item| item.has(Tag::According));
            cites && reader.is_report(&said.subject) && said.speaker.as_ref().is_none_or(|one| one.id.is_none())
        };
        if out.len() > 1 && out.iter().any(|said| !paper(said) && said.speaker.is_some()) {
            out.retain(|said| !paper(said));
        }
        let credited = reader.credit().and_then(|(at, subject)| self.cited(&reader, sentence, at, subject, |_| true));
        out.extend(credited);
        if out.is_empty() {
            out.extend(self.named_beside(&reader, sentence));
        }
        if sentence.meets(TagSet::of(&[Tag::Name, Tag::Claimant, Tag::Title])) {
            self.meet_persons(&reader);
        }
        if out.is_empty() {
            self.meet_opener(&reader);
        }
        out
    }

    /// Whoever a sentence names beside what is said, where it has no verb of saying: in a headline's "Governor: two
    /// dead", behind a quotation, or as one who announces.
    fn named_beside(&mut self, reader: &Reader<'_, '_>, sentence: &Sentence<'_>) -> Option<Saying> {
        let headed = sentence.meets(TagSet::of(&[Tag::Colon, Tag::Dash])).then(|| reader.headline()).flatten();
        // "Lysak again, on Telegram:", "The governor's latest:", but not any one word.
        let told = |saying: &Saying| {
            let named = saying.speaker.as_ref().is_some_and(|one| one.id.is_some() || words(&one.name) > 1);
            saying.subject.len() > 1 || named || reader.is_office(&saying.subject)
        };
        if let Some((at, subject)) = headed
            && let Some(saying) = self.cited(reader, sentence, at, subject, told)
        {
            return Some(saying);
        }
        let quoted = sentence.meets(TagSet::of(&[Tag::Comma, Tag::QuoteMark])).then(|| reader.quotative()).flatten();
        if let Some((at, subject)) = quoted
            && let Some(saying) = self.cited(reader, sentence, at, subject, |_| true)
        {
            return Some(Saying { cited: false, ..saying });
        }
        let announced = sentence.has(Tag::Colon).then(|| reader.announcer()).flatten();
        announced.and_then(|(at, subject)| self.cited(reader, sentence, at, subject, |_| true))
    }

    /// A saying of whoever is named by some items, if that is anybody who fits; remembered.
    fn cited(
        &mut self,
        reader: &Reader<'_, '_>,
        sentence: &Sentence<'_>,
        at: usize,
        subject: Range<usize>,
        fits: impl Fn(&Saying) -> bool,
    ) -> Option<Saying> {
        let speaker = self.resolve(reader.speaker(&subject).map(Rc::new), None)?;
        let saying = Saying { at, subject, speaker: Some(Rc::clone(&speaker)), cited: true };
        fits(&saying).then(|| self.remember(&speaker, sentence.paragraph))?;
        Some(saying)
    }

    /// The known claimant named last before an item.
    pub(super) fn named(
        &self,
        scan: &Scan<'_>,
        names: &Names,
        sentence: &Sentence<'_>,
        before: usize,
    ) -> Option<Rc<Speaker>> {
        let reader = Reader { scan, names, items: &sentence.items };
        let at = (0..before).rev().find(|at| reader.has(*at, Tag::Claimant))?;
        self.resolve(reader.speaker(&(at..at + 1)).map(Rc::new), None)
    }

    /// Who spoke last in a paragraph.
    pub(super) fn last_in(&self, paragraph: usize) -> Option<&Rc<Speaker>> {
        self.last.as_ref().filter(|(_, there)| *there == paragraph).map(|(speaker, _)| speaker)
    }

    /// Who spoke last at all.
    pub(super) fn last(&self) -> Option<&Rc<Speaker>> {
        self.last.as_ref().map(|(speaker, _)| speaker)
    }

    /// Somebody mentioned before by the last word of the name.
    pub(super) fn resolve(&self, found: Option<Rc<Speaker>>, pronoun: Option<Tag>) -> Option<Rc<Speaker>> {
        let Some(found) = found else { return self.by_pronoun(pronoun?) };
        let same =
            |known: &&Rc<Speaker>| known.key == found.key && known.sort == found.sort && is_same_name(known, &found);
        let earlier = self.known.iter().rev().find(same);
        match earlier {
            Some(earlier) if found.id.is_none() || earlier.id == found.id => {
                let fuller =
                    if words(&earlier.name) > words(&found.name) || (found.id.is_none() && earlier.id.is_some()) {
                        earlier
                    } else {
                        &found
                    };
                let side = found.side.as_ref().or(earlier.side.as_ref());
                if fuller.side.as_ref() == side {
                    return Some(Rc::clone(fuller));
                }
                Some(Rc::new(Speaker { side: side.cloned(), ..Speaker::clone(fuller) }))
            }
            Some(_) | None => Some(found),
        }
    }

    /// "the governor", "the ministry": whoever was called so before, or is called so in the conflict file, else for a
    /// person without a role the last one named in the same paragraph.
    fn by_role(&self, reader: &Reader<'_, '_>, found: &Speaker, paragraph: usize) -> Option<Rc<Speaker>> {
        let role = folded(&found.name);
        let same = self.last.as_ref().filter(|(_, there)| *there == paragraph).map(|(last, _)| last);
        let called = |known: &&Rc<Speaker>| {
            if known.sort != found.sort {
                return false;
            }
            let has = |word: &str| known.name.split(' ').any(|known| folds_to(known, word));
            // "the prosecutor general's office" is not the military office that spoke before.
            let whole = found.sort == Sort::Person || role.split(' ').all(has);
            // "officials say" in another paragraph are not "city officials".
            let there = found.sort != Sort::Several || same.is_some_and(|last| last.name == known.name);
            let printed = has(&found.key) && whole && there;
            printed || reader.is_called(known, found)
        };
        let last_person = || {
            same.filter(|last| {
                // Whose part of a transcript it is speaks of others.
                let label = !last.name.contains(char::is_lowercase);
                let fits = last.sort == Sort::Person && found.sort == Sort::Person && last.is_named();
                fits && !label && words(&last.name) <= 2
            })
        };
        self.known.iter().rev().find(called).or_else(last_person).cloned()
    }

    fn by_pronoun(&self, pronoun: Tag) -> Option<Rc<Speaker>> {
        let wanted: &[Sort] = match pronoun {
            Tag::He | Tag::She => &[Sort::Person],
            Tag::It => &[Sort::Body],
            _ => &[Sort::Several, Sort::Body],
        };
        // A pronoun stands for a person with a name rather than for "a reporter".
        let named = self.known.iter().rev().take(3).find(|known| known.sort == Sort::Person && known.is_named());
        let named = named.filter(|_| wanted.contains(&Sort::Person));
        named
            .or_else(|| wanted.iter().find_map(|sort| self.known.iter().rev().find(|known| known.sort == *sort)))
            .cloned()
    }

    /// Notes the side of somebody who was remembered without one: "In Moscow the ministry said … It put enemy losses at 85."
    pub(super) fn place(&mut self, speaker: &Rc<Speaker>) {
        let same =
            |known: &Rc<Speaker>| known.name == speaker.name && known.sort == speaker.sort && known.side.is_none();
        if speaker.side.is_none() {
            return;
        }
        if let Some(known) = self.known.iter_mut().rev().take(4).find(|known| same(known)) {
            *known = Rc::clone(speaker);
        }
        if let Some((last, _)) = self.last.as_mut().filter(|(last, _)| same(last)) {
            *last = Rc::clone(speaker);
        }
    }

    fn remember(&mut self, speaker: &Rc<Speaker>, paragraph: usize) {
        self.known.push(Rc::clone(speaker));
        self.forget();
        self.last = Some((Rc::clone(speaker), paragraph));
    }

    /// Only the last few hundred are remembered, so that a text of names alone takes no longer than another.
    pub(super) fn forget(&mut self) {
        if self.known.len() > 400 {
            self.known.drain(..200);
        }
    }
}

/// Whether two names that end in the same word can be one: "the prime minister's office" is not "the media office".
fn is_same_name(one: &Speaker, other: &Speaker) -> bool {
    // "the prosecutor's office" is not "the UN human rights office", although that is known.
    let proper = |speaker: &Speaker| {
        speaker.name.split(' ').next_back().is_some_and(|last| last.starts_with(char::is_uppercase))
    };
    if one.sort == Sort::Person || proper(one) || proper(other) {
        return true;
    }
    let (one, other) = (folded(&one.name), folded(&other.name));
    let within = |one: &str, other: &str| one.split(' ').all(|word| other.split(' ').any(|other| other == word));
    within(&one, &other) || within(&other, &one)
}

fn words(name: &str) -> usize {
    name.split_whitespace().count()
}
