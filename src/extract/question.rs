//! What an article has told when it is asked whose people a count counts.

use crate::extract::context::Names;
use crate::extract::count::Count;
use crate::extract::language::Language;
use crate::extract::link::{Linked, outcome_of};
use crate::extract::people::{people_before, people_meant};
use crate::extract::person::PRONOUN;
use crate::extract::place::Spot;
use crate::extract::read::{Found, Reading};
use crate::extract::scan::{Item, Sentence};
use crate::extract::speaker::{Saying, Speaker};
use crate::extract::tag::Tag;
use crate::extract::time::TimeExpression;
use crate::extract::war::War;
use crate::extract::whose::{Whose, whose};
use crate::model::{Outcome, PartyId, Victims};

/// What is known about the people of one count.
#[allow(clippy::struct_excessive_bools, reason = "each is an observation of its own")]
pub(super) struct Question<'s, 'a> {
    pub(super) names: &'s Names,
    pub(super) language: &'s Language,
    pub(super) war: &'s War,
    /// The noun is one for soldiers.
    pub(super) military: bool,
    /// The noun is one that only an army's fighters are called.
    pub(super) soldiers: bool,
    /// The noun is one for people who serve abroad.
    pub(super) abroad: bool,
    /// The noun is one for fighters who are no army's.
    pub(super) irregular: bool,
    /// They were harmed in the attack that the war began with.
    pub(super) first_day: bool,
    /// The noun is one for captives.
    pub(super) captive: bool,
    /// The noun is one for the other side's fighters.
    pub(super) hostile: bool,
    pub(super) sentence: &'s Sentence<'a>,
    pub(super) count: &'s Count,
    pub(super) linked: &'s Linked,
    pub(super) speaker: Option<&'s Speaker>,
    /// The side whose office the article is by.
    pub(super) voice: Option<&'s PartyId>,
    /// The speaker is told by a pronoun: "it said".
    pub(super) by_pronoun: bool,
    /// The sentence itself lets a governor or a mayor speak.
    pub(super) local: bool,
    /// The sentence itself says who speaks.
    pub(super) attributed: bool,
    /// It does so by citing: "by the ministry's count".
    pub(super) cited: bool,
    /// The side of the place where it happened.
    pub(super) place: Option<&'s PartyId>,
    /// The side of the place of the headline or the dateline, where that of the event is unknown.
    pub(super) around: Option<&'s PartyId>,
    /// The side that the sentence before named last.
    pub(super) mentioned: Option<&'s PartyId>,
    /// What the verb of saying tells: somebody owns to it.
    pub(super) admits: bool,
    /// The sentence itself names the place.
    pub(super) here: bool,
    /// It is told of the whole war: "since the full-scale invasion".
    pub(super) of_war: bool,
    /// The passage does.
    pub(super) near: bool,
    /// The claim before is of the same paragraph and the same speaker.
    pub(super) goes_on: bool,
    /// Of which side that claim was.
    pub(super) told: Option<&'s PartyId>,
    /// The side whose people the passage speaks of.
    pub(super) topic: Option<&'s PartyId>,
    /// The side whose people the headline is about.
    pub(super) subject: Option<&'s PartyId>,
}

impl<'a> Reading<'_, 'a> {
    /// Whose people a count counts.
    pub(super) fn whose(
        &self,
        (sentence, count, tied): (&Sentence<'a>, &Count, &Linked),
        (saying, speaker, turned): (Option<&Saying>, Option<&Speaker>, bool),
        (spots, spot, near): (&[Spot], Option<&Spot>, Option<&Spot>),
        found: &[Found],
    ) -> Whose {
        let neutral = speaker.is_some_and(|one| one.id.is_some() && one.side.is_none() && one.counts.is_none());
        let mut kind = self.kind(sentence, (count, tied), (turned, neutral), found);
        // "The RSF said eight of its own men died": an army of a civil war has no men but its fighters.
        let armed =
            speaker.and_then(|one| one.side.as_ref()).is_some_and(|side| self.war.is_civil() && self.war.is_side(side));
        let verb = saying.and_then(|saying| sentence.items.get(saying.at));
        let admits = verb.is_some_and(|verb| verb.has(Tag::Admits));
        let own = count.whose == Some(Tag::Own) && count.people.is_some();
        // "On its own side the army admitted eight killed": nor does it own to anybody else.
        let bare = count.people.is_none() && count.party.is_none() && !tied.outcomes.contains(Outcome::Captured);
        if armed && kind.1.is_none() && (own || (admits && bare)) {
            kind.0 = Some(Victims::Military);
        }
        let antecedent = self.antecedent(sentence, (count, tied), found);
        let row = count.people.or_else(|| people_before(sentence, count, tied));
        let row = row.or_else(|| if found.is_empty() { people_meant(sentence, count, tied) } else { None });
        let topic = self.topic(sentence, count, near, saying, turned);
        let words = row.and_then(|row| self.scan.language.file.people.get(usize::from(row)));
        let hostile = words.is_some_and(|words| words.enemy);
        let goes_on = !turned && self.memory.claim_paragraph == sentence.paragraph && self.memory.whose.is_some();
        let question = Question {
            names: self.names,
            language: self.scan.language,
            war: &self.war,
            military: kind.0 == Some(Victims::Military),
            soldiers: words.is_some_and(|words| words.army),
            irregular: words.is_some_and(|words| words.irregular),
            abroad: words.is_some_and(|words| words.abroad),
            first_day: self.is_of_first_day(sentence, count),
            voice: self.voice(),
            hostile,
            captive: sentence
                .items
                .get(count.items.clone())
                .is_some_and(|items| items.iter().any(|item| outcome_of(item) == Some(Outcome::Captured)))
                || count.hostages,
            sentence,
            count,
            linked: tied,
            speaker,
            by_pronoun: saying
                .and_then(|saying| sentence.items.get(saying.subject.start))
                .is_some_and(|item| item.tags.meets(PRONOUN)),
            local: saying.is_some_and(|saying| self.is_local(sentence, saying)),
            attributed: saying.is_some(),
            cited: saying.is_some_and(|saying| saying.cited),
            place: spot.and_then(|spot| spot.party.as_ref()),
            around: spot.filter(|spot| spot.name.is_some() && spot.party.is_none()).and_then(|_| self.around()),
            here: near.is_some()
                || saying
                    .zip(spot)
                    .is_some_and(|(saying, spot)| spots.contains(spot) && saying.subject.contains(&spot.at)),
            of_war: self.since_start(sentence)
                || (neutral && turned && of_stretch(sentence))
                || sentence.has(Tag::Since)
                    && sentence.has(Tag::War)
                    && sentence.items.windows(4).any(|words| {
                        words.first().is_some_and(|item| item.has(Tag::Since))
                            && words.iter().any(|item| item.has(Tag::War))
                    }),
            near: self.memory.spot_paragraph + 1 >= sentence.paragraph,
            goes_on,
            told: self.memory.whose.as_ref().filter(|_| goes_on).and_then(|whose| whose.party.as_ref()),
            topic: topic.as_ref(),
            subject: self.memory.subject.as_ref(),
            mentioned: self.memory.mentioned.as_ref(),
            admits,
        };
        let mut whose = whose(&question, kind, antecedent.as_ref());
        let near = self.memory.claim_paragraph + 1 >= sentence.paragraph;
        self.complete(&mut whose, tied, question.is_of_losses(), near, found);
        whose
    }

    /// "since 24 February 2022": since the day on which the war began.
    fn since_start(&self, sentence: &Sentence<'a>) -> bool {
        let Some((start, published)) = self.names.start.zip(self.document.published) else { return false };
        let since = sentence.has(Tag::Since) && sentence.has(Tag::Time);
        since
            && sentence.items.windows(2).any(|pair| match pair {
                [since, day] if since.has(Tag::Since) => {
                    day.time().and_then(|time| time.days(published)).is_some_and(|days| days.first == start)
                }
                _ => false,
            })
    }

    /// The side of the place that the headline or the dateline names.
    fn around(&self) -> Option<&PartyId> {
        [&self.memory.title_spot, &self.memory.dateline].into_iter().flatten().find_map(|spot| spot.party.as_ref())
    }

    /// The side that the article speaks for: that of its house, or the one whose press speaks so.
    pub(super) fn voice(&self) -> Option<&PartyId> {
        let house = self.house.as_ref().and_then(|house| house.side.as_ref());
        house.filter(|side| self.war.is_side(side)).or(self.war.voice())
    }

    /// "Governor Gladkov", "Yuri Slyusar, the acting governor of Rostov": who speaks for a part of the country.
    pub(super) fn is_local(&self, sentence: &Sentence<'a>, saying: &Saying) -> bool {
        let known = saying.speaker.as_ref().and_then(|one| one.row).and_then(|row| self.names.claimant(row));
        // With the role behind the name.
        let behind = sentence.items.get(saying.subject.end).is_some_and(|item| item.has(Tag::Comma));
        let end = (saying.subject.end + if behind { 8 } else { 0 }).min(sentence.items.len());
        let subject = sentence.items.get(saying.subject.start..end).unwrap_or_default();
        let has = |tag: Tag| subject.iter().any(|item| item.has(tag));
        known.is_some_and(|known| matches!(known.kind.as_str(), "governor" | "mayor"))
            || (has(Tag::Title) && has(Tag::Place) && !has(Tag::Country))
    }
}

/// "The UN said October had been the deadliest month": of the war at large, not of where the passage was.
fn of_stretch(sentence: &Sentence<'_>) -> bool {
    let long =
        |time| matches!(time, TimeExpression::Month { .. } | TimeExpression::Months { .. } | TimeExpression::Year(..));
    sentence.items.iter().filter_map(Item::time).any(long)
}
