//! Where a count was harmed: which of the places that a text names, and which only tell where an office sits.

use crate::extract::count::Count;
use crate::extract::link::Linked;
use crate::extract::place::Spot;
use crate::extract::read::Reading;
use crate::extract::scan::Sentence;
use crate::extract::speaker::{Saying, Sort};
use crate::extract::tag::{Tag, TagSet};

/// "In Moscow, the ministry said": the capital that opens a sentence for an office tells where it sits, not where anybody
/// was harmed.
pub(super) fn seat(sentence: &Sentence<'_>, sayings: &[Saying]) -> Option<usize> {
    let opens = sentence.items.first().is_some_and(|item| item.has(Tag::In));
    let has = |at: &usize| sentence.items.get(*at).is_some_and(|item| item.has(Tag::Government));
    let capital = (1..3).find(has).filter(|_| opens)?;
    let office = |saying: &Saying| saying.speaker.as_ref().is_some_and(|one| one.sort == Sort::Body);
    let behind = |saying: &Saying| (capital + 1..capital + 4).contains(&saying.subject.start);
    sayings.iter().any(|saying| office(saying) && behind(saying)).then_some(capital)
}

/// "the health ministry in Moscow counted 153 injured": where a government's office sits.
pub(super) fn is_of_ministry(sentence: &Sentence<'_>, sayings: &[Saying], spot: &Spot) -> bool {
    let has = |back: usize, tags: TagSet| {
        let at = spot.at.checked_sub(back).and_then(|at| sentence.items.get(at));
        at.is_some_and(|item| item.tags.meets(tags))
    };
    let capital = sentence.items.get(spot.at).is_some_and(|item| item.has(Tag::Government));
    let office = has(1, Tag::In.set()) && has(2, TagSet::of(&[Tag::Body, Tag::Claimant]));
    capital && office && sayings.iter().any(|saying| saying.subject.contains(&spot.at))
}

impl<'a> Reading<'_, 'a> {
    /// Where a count was harmed.
    pub(super) fn place(
        &self,
        sentence: &Sentence<'a>,
        (count, tied): (&Count, &Linked),
        saying: Option<&Saying>,
        (spots, near): (&[Spot], Option<&Spot>),
    ) -> Option<Spot> {
        // "two in Nikopol and three in Orikhiv": the place that makes it an item of the list.
        let lead = tied.lead.and_then(|lead| spots.iter().find(|spot| spot.at == lead));
        let here = lead.or(near).cloned();
        // A land told of is the dateline's town, if that lies there.
        let dateline = |land: &Spot| self.memory.dateline.clone().filter(|town| town.party == land.party);
        let remembered = || match &self.memory.spot {
            Some(spot) if spot.name.is_none() => dateline(spot).or_else(|| Some(spot.clone())),
            Some(spot) => Some(spot.clone()),
            None => self.memory.dateline.clone(),
        };
        match here {
            Some(spot) if spot.name.is_some() => Some(spot),
            Some(country) => Some(
                self.memory
                    .spot
                    .clone()
                    .filter(|spot| spot.name.is_some() && spot.party == country.party && sentence.has(Tag::Attack))
                    .or_else(|| dateline(&country).filter(|_| sentence.has(Tag::Attack)))
                    .unwrap_or(country),
            ),
            // "Mariupol officials said": who speaks for a place speaks of it.
            None => {
                let speaks = |spot: &&Spot| saying.is_some_and(|saying| saying.subject.contains(&spot.at));
                // "In Kramatorsk, a bomb hit a house; one person was killed."
                let governs = |at: usize| {
                    let led = sentence.items.get(at.saturating_sub(2)..at).unwrap_or_default();
                    sentence.items.get(at).is_some_and(|item| item.has(Tag::Government))
                        && !led.iter().any(|led| led.has(Tag::In))
                };
                let behind = |at: usize| {
                    let between = sentence.items.get(at..count.number).unwrap_or_default();
                    between.iter().any(|item| item.has(Tag::Semicolon))
                };
                let framed = |spot: &&Spot| {
                    let plain = !governs(spot.at) && spot.situates && !spot.qualifies && !spot.dateline;
                    plain && (spot.at <= 3 || behind(spot.at))
                };
                // "the foreign ministry in Nairobi said": an office of a third country speaks of people elsewhere.
                let third =
                    |spot: &Spot| spot.party.as_ref().is_some_and(|party| !self.war.takes_part(self.names, party));
                let speaks = |spot: &&Spot| speaks(spot) && !governs(spot.at) && !third(spot);
                let mut named = spots.iter().filter(|spot| spot.name.is_some());
                let framed = named.clone().find(|spot| framed(spot) && !speaks(spot) && spot.at < count.number);
                framed.or_else(|| named.find(speaks)).cloned().or_else(remembered)
            }
        }
    }
}
