//! Whose text it is, and of which side the offices are that it names.

use std::rc::Rc;

use crate::extract::meaning::Meaning;
use crate::extract::place::Spot;
use crate::extract::read::Reading;
use crate::extract::scan::{Item, Sentence};
use crate::extract::scene::seat;
use crate::extract::speaker::{Saying, Sort, Speaker};
use crate::extract::subject::Reader;
use crate::extract::tag::{Tag, TagSet};

impl<'a> Reading<'_, 'a> {
    /// "Ministry of Defence: progress of the operation" is a text of that office; a headline's place is the text's.
    pub(super) fn note_title(&mut self, sentence: &Sentence<'a>, sayings: &[Saying], spots: &[Spot]) {
        let mut named = spots.iter().filter(|spot| spot.name.is_some() && !spot.qualifies);
        self.memory.title_spot = named.next().filter(|_| named.next().is_none()).cloned();
        self.memory.subject = self.headline_side(sentence);
        let office = sayings.iter().filter(|saying| saying.cited).find_map(|saying| saying.speaker.clone());
        let office = office.or_else(|| self.reporting_office(sentence));
        let office = office.filter(|office| office.id.is_some() && office.side.is_some() && office.sort == Sort::Body);
        self.house = self.house.take().or(office);
        self.note_bulletin(sentence);
    }

    /// "In Moscow, the ministry said", "Its army says": of the country of the capital, of the one that was spoken of.
    pub(super) fn place_offices(&self, sentence: &Sentence<'a>, sayings: &mut [Saying]) {
        let row = |item: &Item<'_>| item.meaning(|m| if let Meaning::Party(_, row) = m { Some(row) } else { None });
        let capital = seat(sentence, sayings).and_then(|at| sentence.items.get(at)).and_then(row);
        let capital = capital.and_then(|row| self.names.party(row));
        let mentioned = self.memory.mentioned.as_ref().filter(|side| self.war.is_side(side));
        for saying in sayings {
            let its = saying.subject.start.checked_sub(1).and_then(|its| sentence.items.get(its));
            // "Moscow has kept silent since March, when its ministry spoke of 498": of whom the same sentence names.
            let named = TagSet::of(&[Tag::Country, Tag::Government]);
            let before = sentence.items.get(..saying.subject.start).unwrap_or_default();
            let named = before.iter().rev().find(|item| item.tags.meets(named)).and_then(row);
            let named = named.and_then(|row| self.names.party(row)).filter(|side| self.war.is_side(side));
            let side = named.or(mentioned).filter(|_| its.is_some_and(|item| item.has(Tag::Its)));
            let side = side.or(capital.filter(|_| saying.subject.start <= 4));
            // "Russia last gave a number in 2022, when the defence minister said": of the country that the sentence is about.
            let opens = sentence.items.iter().take(2).find(|item| item.has(Tag::Country)).and_then(row);
            let about = opens.and_then(|row| self.names.party(row)).filter(|side| self.war.is_side(side));
            let later =
                |at: usize| sentence.items.get(..at).is_some_and(|led| led.iter().any(|item| item.has(Tag::Barrier)));
            let side = side.or(about.filter(|_| later(saying.subject.start)));
            let office = saying.speaker.as_ref().filter(|one| one.side.is_none() && one.sort != Sort::Several);
            if let Some((side, office)) = side.zip(office) {
                saying.speaker = Some(Rc::new(Speaker { side: Some(side.clone()), ..Speaker::clone(office) }));
            }
        }
    }

    /// A text that calls one side the enemy in its own voice speaks for the office that it cites.
    pub(super) fn note_voice(&mut self, sentence: &Sentence<'a>, sayings: &[Saying]) {
        let speaks_for = sentence.has(Tag::Enemy) && !sentence.has(Tag::QuoteMark) && sayings.is_empty();
        if speaks_for && self.house.is_none() {
            self.house = self.memory.speakers.office().cloned();
        }
    }

    /// "Briefing of the Ministry of Defence on the progress of the operation".
    fn reporting_office(&self, sentence: &Sentence<'a>) -> Option<Rc<Speaker>> {
        let items = &sentence.items;
        let office = items.iter().take(6).position(|item| item.has(Tag::Claimant))?;
        let by = TagSet::of(&[Tag::Of, Tag::By, Tag::From]);
        let led = items.get(..office)?;
        let is_report =
            led.first().is_some_and(|item| item.has(Tag::Report)) && led.iter().any(|item| item.tags.meets(by));
        let reader = Reader { scan: self.scan, names: self.names, items };
        reader.speaker(&(office..office + 1)).filter(|_| is_report).map(Rc::new)
    }
}
