//! Who is named without saying anything yet, and may be "he" or "it" later.

use std::rc::Rc;

use crate::extract::speaker::{Sort, Speakers};
use crate::extract::spelling::folded;
use crate::extract::subject::Reader;
use crate::extract::tag::{Tag, TagSet};

impl Speakers {
    /// "State television has not mentioned the village. It reported instead": whom a sentence is about may be "it" or "he" in
    /// the next one.
    pub(super) fn meet_opener(&mut self, reader: &Reader<'_, '_>) {
        let Some(opener) = reader.opener() else { return };
        let items = reader.items.get(opener.clone()).unwrap_or_default();
        let office = TagSet::of(&[Tag::Claimant, Tag::Title, Tag::Body, Tag::Outlet, Tag::Officials]);
        let owns = reader.has(opener.end, Tag::Possessive);
        if owns || !items.iter().any(|item| item.tags.meets(office)) {
            return;
        }
        // "Rescue workers have dug for days. They speak of 33 dead."
        let several = items.iter().any(|item| item.has(Tag::Officials)) && opener.start == 0;
        let speaker = reader.speaker(&opener).filter(|one| several || one.sort != Sort::Several).map(Rc::new);
        if let Some(speaker) = speaker.and_then(|speaker| self.resolve(Some(speaker), None)) {
            self.known.push(speaker);
            self.forget();
        }
    }

    /// Persons who are named without saying anything may be "he" or "Kirby" later.
    pub(super) fn meet_persons(&mut self, reader: &Reader<'_, '_>) {
        let mut at = 0;
        while at < reader.items.len() {
            if !reader.may_begin_phrase(at) {
                at += 1;
                continue;
            }
            let range = reader.phrase_right(at);
            // Whoever is told something is not the one who speaks later.
            let hears = at.checked_sub(1).is_some_and(|before| reader.has(before, Tag::Told))
                || at.checked_sub(2).is_some_and(|before| reader.has(before, Tag::Told));
            // "on Artyom Street", "BANGKOK (Mekong Wire)"
            let beside = TagSet::of(&[Tag::In, Tag::On, Tag::Bracket]);
            let place = range.start.checked_sub(1).and_then(|before| reader.items.get(before));
            if hears || place.is_some_and(|item| item.tags.meets(beside)) {
                at = range.end.max(at + 1);
                continue;
            }
            let items = reader.items.get(range.clone()).unwrap_or_default();
            let named = |tags: TagSet| items.iter().any(|item| item.tags.meets(tags));
            let is_person = match items.len() {
                0 => false,
                // "I had four wounded before I'd fired a shot"
                _ if named(Tag::Count.set()) => false,
                1 => named(TagSet::of(&[Tag::Claimant])),
                _ => named(TagSet::of(&[Tag::Name, Tag::Claimant])),
            };
            // "A medic laughed": a role that opens a sentence may be "she" later.
            let role = range.start == 1 && reader.has(0, Tag::One) && named(Tag::Title.set()) && items.len() <= 3;
            let is_person = (is_person || role) && reader.sort_of(&range) == Some(Sort::Person);
            let is_new = || {
                let last = range.end.checked_sub(1).and_then(|last| reader.items.get(last));
                let word = last.map(|item| folded(reader.scan.text(&item.tokens))).unwrap_or_default();
                !self.known.iter().any(|known| known.key == word)
            };
            if is_person
                && is_new()
                && let Some(speaker) = reader.speaker(&range)
                && !self.known.iter().any(|known| known.key == speaker.key)
            {
                let place = self.known.len().saturating_sub(1);
                self.known.insert(place, Rc::new(speaker));
                self.forget();
            }
            at = range.end.max(at + 1);
        }
    }
}
