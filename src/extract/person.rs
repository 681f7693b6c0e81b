//! Who is meant by a phrase: a known claimant, a role, a pronoun, somebody new.

use std::ops::Range;

use crate::extract::meaning::Meaning;
use crate::extract::scan::Item;
use crate::extract::speaker::{Sort, Speaker};
use crate::extract::spelling::{folded, folds_to};
use crate::extract::subject::Reader;
use crate::extract::tag::{Tag, TagSet};
use crate::model::PartyId;

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
    Tag::Nation,
    Tag::People,
    Tag::Place,
    Tag::Report,
]);

pub(super) const PRONOUN: TagSet = TagSet::of(&[Tag::He, Tag::She, Tag::It, Tag::They, Tag::We]);

/// The row of the known claimant that a phrase names last.
fn claimant(items: &[Item<'_>]) -> Option<u16> {
    let row = |meaning| if let Meaning::Claimant(row) = meaning { Some(row) } else { None };
    items.iter().rev().find_map(|item| item.meaning(row))
}

impl Reader<'_, '_> {
    /// What a phrase that can speak stands for.
    pub(super) fn sort_of(&self, range: &Range<usize>) -> Option<Sort> {
        let items = self.speaking(range)?;
        let known = claimant(items).and_then(|row| self.names.claimant(row));
        Some(Self::sort(items, known.map(|known| known.kind.as_str())))
    }

    fn speaking(&self, range: &Range<usize>) -> Option<&[Item<'_>]> {
        self.items.get(range.clone()).filter(|items| {
            let people = items.len() == 1 && items.iter().any(|item| item.has(Tag::Side));
            people || items.iter().any(|item| item.tags.meets(CORE))
        })
    }

    /// Reads a phrase as a speaker.
    pub(super) fn speaker(&self, range: &Range<usize>) -> Option<Speaker> {
        let items = self.speaking(range)?;
        let row = claimant(items);
        let known = row.and_then(|row| self.names.claimant(row));
        // "the Moscow-installed mayor of Donetsk" speaks for Donetsk.
        let installed = |at: usize| items.get(at + 1).is_some_and(|next| next.has(Tag::Dash) && !self.separates(next));
        let own = || items.iter().enumerate().filter(|(at, _)| !installed(*at)).map(|(_, item)| item);
        let party =
            own().find_map(|item| item.meaning(|m| if let Meaning::Party(_, row) = m { Some(row) } else { None }));
        let place = own().find_map(|item| item.meaning(|m| if let Meaning::Place(row) = m { Some(row) } else { None }));
        let side = known.and_then(|known| known.side.clone());
        let side = side.or_else(|| party.and_then(|row| self.names.party(row)).cloned());
        let side = side.or_else(|| place.and_then(|row| self.names.place(row)).map(|place| place.party.clone()));
        let side = side.or_else(|| self.apposed_side(range));
        let first = range.start;
        let last = range.end.checked_sub(1)?;
        let tokens = self.items.get(first)?.tokens.start..self.items.get(last)?.tokens.end;
        let name = plain_spaces(self.scan.text(&tokens));
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
        Some(Speaker { name, id, row, side, counts, sort, key })
    }

    /// "Yuri Slyusar, the acting governor of Rostov": the side of the place in the role behind a name.
    fn apposed_side(&self, range: &Range<usize>) -> Option<PartyId> {
        let role = self.phrase_right(range.end + 2);
        let items = self
            .items
            .get(role)
            .filter(|_| self.has(range.end, Tag::Comma) && self.has(range.end + 1, Tag::Article))?;
        let titled = items.iter().any(|item| item.has(Tag::Title));
        let row = |item: &Item<'_>| item.meaning(|m| if let Meaning::Place(row) = m { Some(row) } else { None });
        let place = items.iter().filter(|_| titled).find_map(row).and_then(|row| self.names.place(row))?;
        Some(place.party.clone())
    }

    fn sort(items: &[Item<'_>], kind: Option<&str>) -> Sort {
        let has = |tag: Tag| items.iter().any(|item| item.has(tag));
        let ends_in = |tag: Tag| items.last().is_some_and(|item| item.has(tag));
        // "Maj. Gen. Ori Gordin of Northern Command"
        let of = items.iter().position(|item| item.has(Tag::Of)).unwrap_or(items.len());
        let named = items.get(1..of).unwrap_or_default().iter().any(|item| item.has(Tag::Name));
        if items.first().is_some_and(|item| item.has(Tag::Title)) && named && of < items.len() {
            return Sort::Person;
        }
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
        // "the British say"
        let people = range.len() == 1
            && items.iter().any(|item| item.has(Tag::Side))
            && range.start.checked_sub(1).is_some_and(|before| self.has(before, Tag::Article));
        // "a family of four" says nothing.
        let core = |item: &Item<'_>| item.tags.meets(CORE) && !(item.has(Tag::People) && item.has(Tag::Of));
        people || items.iter().any(|item| core(item) || item.tags.meets(PRONOUN) || item.has(Tag::OfThem))
    }

    pub(super) fn pronoun(&self, range: &Range<usize>) -> Option<Tag> {
        let item = self.items.get(range.start)?;
        if range.len() == 1 && item.has(Tag::OfThem) {
            return Some(Tag::They);
        }
        [Tag::He, Tag::She, Tag::It, Tag::They, Tag::We].into_iter().find(|tag| item.has(*tag))
    }

    /// Whether the conflict file calls a known claimant so: "president" for the one it lists as "Ukrainian President".
    pub(super) fn is_called(&self, known: &Speaker, role: &Speaker) -> bool {
        let Some(row) = known.row.filter(|_| known.sort != Sort::Several) else { return false };
        let spelled = self.names.spellings(row, &self.scan.language.code);
        let has = |name: &str, role: &str| name.split(' ').any(|word| folds_to(word, role));
        if known.sort == Sort::Person {
            return spelled.iter().any(|name| has(name, &role.key));
        }
        // "the civil defence" is not the Israel Defence Forces: an office is called by all its words.
        let words = folded(&role.name);
        spelled.iter().any(|name| words.split(' ').all(|word| has(name, word)))
    }
}

/// The text with one space between words.
fn plain_spaces(text: &str) -> String {
    // As most are printed.
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if plain && !text.as_bytes().windows(2).any(|pair| pair == [b' '; 2]) {
        return text.trim_matches(' ').to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
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
