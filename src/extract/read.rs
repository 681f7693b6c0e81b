//! An article → claims: the sentences one after the other, each read with what the ones before it said.

use crate::extract::confidence::confidence;
use crate::extract::context::Names;
use crate::extract::count::{Count, Head, Part, counts};
use crate::extract::dated;
use crate::extract::frame::{Frame, is_line, opens_list};
use crate::extract::lexicon::Meaning;
use crate::extract::link::{Before, INCREASE, Linked, link, outcome_of};
use crate::extract::pattern::OUTCOME;
use crate::extract::place::{Spot, nearest, spots};
use crate::extract::reject;
use crate::extract::scan::{Item, Scan, Sentence};
use crate::extract::side;
use crate::extract::speaker::{Saying, Speaker, Speakers, governing};
use crate::extract::stretch::Stretch;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::war::War;
use crate::extract::when::{self, stretch};
use crate::extract::whose::{Evidence, Whose, whose};
use crate::extract::{Document, Reason, Rejection, settle};
use crate::model::{Claim, Claimant, Outcome, Outcomes, PartyId, Quote, Scope, Victims, Wording};

/// Most claims of one article; long lists of names have a few hundred.
const MOST_CLAIMS: usize = 1_000;

/// A claim with what only the reading of its article needs.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) claim: Claim,
    pub(super) in_title: bool,
    /// The sentence it stands in, counted from the top.
    pub(super) sentence: usize,
    pub(super) speaker: Option<Speaker>,
    /// The sentence itself says who says it.
    pub(super) attributed: bool,
    /// The text gives it as what was said before: "at first".
    pub(super) superseded: bool,
    pub(super) number: std::ops::Range<usize>,
}

/// What later sentences of an article build on.
#[derive(Debug, Default)]
struct Memory {
    speakers: Speakers,
    /// The place of the event told last, and the paragraph it was named in.
    spot: Option<Spot>,
    spot_paragraph: usize,
    dateline: Option<Spot>,
    stretch: Option<(Stretch, usize)>,
    /// The day of the event told last.
    event: Option<super::time::Days>,
    /// The day that a sentence named last.
    day: Option<super::time::Days>,
    /// The paragraph that told it.
    event_paragraph: Option<usize>,
    /// Who stood behind the claim before.
    claimed: Option<Speaker>,
    whose: Option<Whose>,
    /// The paragraph of the claim before.
    claim_paragraph: usize,
    outcomes: Option<(Outcomes, usize)>,
    /// The paragraph that turned to deaths of another cause.
    other_cause: Option<usize>,
    /// The headline, or the article as a whole, is about deaths of another cause.
    titled_other_cause: bool,
    /// The paragraph that turned to another war.
    other_war: Option<usize>,
    /// The side that the sentence before named last.
    mentioned: Option<PartyId>,
    /// The list whose lines are being read.
    frame: Option<Frame>,
    /// The longer stretch told of last.
    span: Option<Stretch>,
    /// The stretch of a roundup, as its beginning told it: "over the past day".
    roundup: Option<Stretch>,
    /// What "casualties" means in this article, and for whom.
    mix: Vec<(Outcomes, Option<Speaker>)>,
}

/// Reads an article.
pub(super) struct Reading<'s, 'a> {
    pub(super) scan: &'s Scan<'a>,
    pub(super) names: &'s Names,
    pub(super) document: &'s Document<'a>,
    war: War,
    /// The office that publishes the text, if the conflict file knows it as one that states figures.
    house: Option<Speaker>,
    memory: Memory,
    /// The sentence being read.
    index: usize,
    drafts: Vec<Draft>,
    rejected: Vec<Rejection>,
}

impl<'s, 'a> Reading<'s, 'a> {
    pub(super) fn new(
        scan: &'s Scan<'a>,
        names: &'s Names,
        document: &'s Document<'a>,
        house: Option<Speaker>,
    ) -> Self {
        let war = War::new(names, scan, document.conflicts);
        let memory = Memory { titled_other_cause: is_of_other_cause(scan), ..Memory::default() };
        Self { scan, names, document, war, house, memory, index: 0, drafts: Vec::new(), rejected: Vec::new() }
    }

    /// Reads all sentences and settles what they say together.
    pub(super) fn run(mut self) -> (Vec<Claim>, Vec<Rejection>) {
        for (index, (paragraph, range)) in self.scan.sentences().into_iter().enumerate() {
            let sentence = self.scan.sentence(paragraph, &range);
            self.index = index;
            self.sentence(index, &sentence);
        }
        let (claims, mut rejected) = settle::settle(self.drafts, &self.memory.mix);
        self.rejected.append(&mut rejected);
        self.rejected.sort_by_key(|rejection| rejection.span.start);
        (claims, self.rejected)
    }

    fn sentence(&mut self, index: usize, sentence: &Sentence<'a>) {
        let sayings = self.memory.speakers.sayings(self.scan, self.names, sentence);
        let spots = spots(self.scan, self.names, sentence);
        if self.memory.dateline.is_none() && sentence.paragraph <= 2 {
            self.memory.dateline = spots.iter().find(|spot| spot.dateline && spot.name.is_some()).cloned();
        }
        self.note_mix(sentence, &sayings);
        let counts = counts(self.scan, sentence);
        let in_list = self.frame_goes_on(sentence);
        let claims_before = self.drafts.len();
        if !counts.is_empty() {
            self.counts(index, sentence, &counts, &sayings, &spots);
        }
        if counts.is_empty() {
            self.attribute_before(index, sentence, &sayings);
        }
        self.note_places(sentence, &spots, &sayings);
        let day = sentence.items.iter().rev().filter_map(Item::time).find(|time| time.is_point());
        let day = day.zip(self.document.published).and_then(|(time, published)| time.days(published));
        self.memory.day = day.or(self.memory.day);
        self.memory.mentioned = self.last_side(sentence).or(self.memory.mentioned.take());
        if !in_list && opens_list(self.scan, sentence) {
            self.open_frame(sentence, &sayings, claims_before);
        }
    }

    /// The side that a sentence names last.
    fn last_side(&self, sentence: &Sentence<'a>) -> Option<PartyId> {
        let side = TagSet::of(&[Tag::Country, Tag::Side, Tag::Government, Tag::Forces, Tag::Nation]);
        let row = |item: &Item<'_>| item.meaning(|m| if let Meaning::Party(_, row) = m { Some(row) } else { None });
        let last = sentence.items.iter().rev().filter(|item| item.tags.meets(side)).find_map(row);
        last.and_then(|row| self.names.party(row)).cloned()
    }

    /// "Governor X reported this on Telegram": who is named right behind an unattributed claim is its source.
    fn attribute_before(&mut self, index: usize, sentence: &Sentence<'a>, sayings: &[Saying]) {
        let short = sentence.items.len() <= 24 && !sentence.items.iter().any(|item| item.tags.meets(OUTCOME));
        let this = |item: &Item<'_>| item.tags.meets(TagSet::of(&[Tag::This, Tag::It]));
        let refers = sentence.items.iter().take(8).any(this);
        let named = sayings.iter().find(|saying| refers || saying.cited).and_then(|saying| saying.speaker.clone());
        let Some(speaker) = named.filter(|_| short) else { return };
        let near = |draft: &&mut Draft| draft.sentence + 2 >= index && !draft.attributed && !draft.in_title;
        for draft in self.drafts.iter_mut().rev().take_while(near) {
            draft.claim.claimant = Some(Claimant { name: speaker.name.clone(), id: speaker.id.clone() });
            draft.speaker = Some(speaker.clone());
        }
        self.memory.claimed = Some(speaker);
    }

    /// Whether a sentence is a line of the list that was opened; closes the list if it is none.
    fn frame_goes_on(&mut self, sentence: &Sentence<'a>) -> bool {
        let Some(frame) = &mut self.memory.frame else { return false };
        let goes_on = sentence.paragraph == frame.paragraph
            || (sentence.paragraph == frame.paragraph + 1 && is_line(self.scan, sentence));
        if goes_on {
            frame.paragraph = sentence.paragraph;
        } else {
            self.memory.frame = None;
        }
        goes_on
    }

    /// What the line that opens a list says for its lines: by its own claim, or by a word like "losses".
    fn open_frame(&mut self, sentence: &Sentence<'a>, sayings: &[Saying], claims_before: usize) {
        let speaker = sayings.iter().find_map(|saying| saying.speaker.clone()).or_else(|| self.memory.claimed.clone());
        let speaker = speaker.or_else(|| self.memory.speakers.last().cloned());
        let mut frame = Frame {
            whose: self.memory.whose.clone(),
            outcomes: self.memory.outcomes.map(|(outcomes, _)| outcomes),
            speaker,
            stretch: self.memory.stretch.map(|(stretch, _)| stretch),
            paragraph: sentence.paragraph,
        };
        let trigger = sentence.items.iter().rposition(|item| item.tags.meets(OUTCOME));
        if self.drafts.len() == claims_before
            && let Some(trigger) = trigger
        {
            let (tied, count) = (Linked::of_word(trigger, sentence), Count::behind(sentence));
            let question = side::Question {
                names: self.names,
                war: &self.war,
                military: true,
                hostile: false,
                sentence,
                count: &count,
                linked: &tied,
                speaker: frame.speaker.as_ref(),
                attributed: !sayings.is_empty(),
                place: None,
                here: false,
                near: false,
                topic: None,
                mentioned: None,
                admits: false,
            };
            let kind = tied.outcomes.contains(Outcome::Casualties).then_some(Victims::Military);
            let party = question.stated();
            frame.outcomes = Some(tied.outcomes);
            frame.stretch = Some(when::of_frame(self.names, sentence, &count, &tied, self.document.published));
            frame.whose =
                Some(Whose { evidence: party.as_ref().map(|_| Evidence::Stated), party, victims: kind, group: None });
        }
        self.memory.frame = Some(frame);
    }

    fn counts(&mut self, index: usize, sentence: &Sentence<'a>, counts: &[Count], sayings: &[Saying], spots: &[Spot]) {
        let before = self.memory.outcomes.filter(|(_, there)| index - there <= 1).map(|(outcomes, _)| outcomes);
        let whole = reject::sentence(self.names, self.document.published, sentence);
        let whole = whole.or_else(|| {
            self.memory
                .other_war
                .filter(|there| *there == sentence.paragraph && !reject::returns(sentence))
                .map(|_| Reason::OtherWar)
        });
        // "Of those, eight million died": the people of the sentence before.
        let refers = sentence.items.first().is_some_and(|item| item.has(Tag::OfThem));
        let told_before = self.memory.other_war.is_some_and(|there| there + 1 >= sentence.paragraph);
        let whole = whole.or_else(|| (refers && told_before).then_some(Reason::OtherWar));
        if sentence.span.end <= self.document.title.len() && reject::other_cause(sentence) {
            self.memory.titled_other_cause = true;
        }
        let goes_on = (self.memory.titled_other_cause || self.memory.other_cause == Some(sentence.paragraph))
            && !reject::returns_to_war(sentence);
        let whole = whole.or_else(|| (goes_on || reject::other_cause(sentence)).then_some(Reason::OtherCause));
        if whole == Some(Reason::OtherCause) {
            self.memory.other_cause = Some(sentence.paragraph);
        }
        if whole == Some(Reason::OtherWar) {
            self.memory.other_war = Some(sentence.paragraph);
        }
        let before = Before { outcomes: before, listed: false };
        let before = self.memory.frame.as_ref().map_or(before, Frame::before);
        let (linked, turned_down) = link(self.scan.language, sentence, counts, before);
        for (at, reason) in turned_down {
            self.reject(counts.get(at), sentence, reason);
        }
        let mut found: Vec<(usize, Whose, Stretch)> = Vec::new();
        for tied in linked {
            let Some(count) = counts.get(tied.count) else { continue };
            if let Some(reason) = whole.or_else(|| reject::count(sentence, count, &tied)) {
                self.reject(Some(count), sentence, reason);
                continue;
            }
            if self.drafts.len() >= MOST_CLAIMS {
                self.reject(Some(count), sentence, Reason::TooMany);
                continue;
            }
            let (draft, whose, stretch) = self.draft(sentence, (count, counts), &tied, sayings, spots, &found);
            found.push((tied.count, whose, stretch));
            self.drafts.push(draft);
        }
        if let Some((_, whose, stretch)) = found.last() {
            self.memory.whose = Some(whose.clone());
            self.memory.claim_paragraph = sentence.paragraph;
            let told = whose.party.clone().filter(|_| whose.victims != Some(Victims::Civilian));
            if let (Some(spot), Some(party)) = (&mut self.memory.spot, told)
                && (whose.is_stated() || whose.victims == Some(Victims::Military))
            {
                spot.soldiers = Some(party);
            }
            self.memory.stretch = Some((*stretch, sentence.paragraph));
            self.memory.outcomes = self.drafts.last().map(|draft| (draft.claim.outcomes, index));
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one sentence, all of which bear on a claim")]
    fn draft(
        &mut self,
        sentence: &Sentence<'a>,
        (count, counts): (&Count, &[Count]),
        tied: &Linked,
        sayings: &[Saying],
        spots: &[Spot],
        found: &[(usize, Whose, Stretch)],
    ) -> (Draft, Whose, Stretch) {
        let saying = governing(sayings, sentence, &count.items);
        let in_title = sentence.span.end <= self.document.title.len();
        let listed = || self.memory.frame.as_ref().and_then(|frame| frame.speaker.clone());
        let speaker = saying.and_then(|saying| saying.speaker.clone()).or_else(listed);
        let speaker = speaker.or_else(|| self.continued(sentence, spots)).or_else(|| self.house.clone());
        let name = |speaker: &Option<Speaker>| speaker.as_ref().map(|speaker| speaker.name.clone());
        let turned = saying.is_some() && name(&speaker) != name(&self.memory.claimed);
        if speaker.is_some() {
            self.memory.claimed.clone_from(&speaker);
        }
        let spot = self.place(sentence, count, saying, spots);
        let kind = self.kind(sentence, count, tied, found);
        let antecedent = self.antecedent(tied, found);
        let row = count.people.or_else(|| people_before(sentence, count, tied));
        let row = row.or_else(|| if found.is_empty() { people_meant(sentence, count, tied) } else { None });
        let topic = self.topic(sentence, count, spots, saying, turned);
        let hostile =
            row.and_then(|row| self.scan.language.file.people.get(usize::from(row))).is_some_and(|words| words.enemy);
        let question = side::Question {
            names: self.names,
            war: &self.war,
            military: kind.0 == Some(Victims::Military),
            hostile,
            sentence,
            count,
            linked: tied,
            speaker: speaker.as_ref(),
            attributed: saying.is_some(),
            place: spot.as_ref().and_then(|spot| spot.party.as_ref()),
            here: nearest(sentence, spots, count.number, saying.map(|saying| &saying.subject)).is_some(),
            near: self.memory.spot_paragraph + 1 >= sentence.paragraph,
            topic: topic.as_ref(),
            mentioned: self.memory.mentioned.as_ref(),
            admits: saying.and_then(|saying| sentence.items.get(saying.at)).is_some_and(|verb| verb.has(Tag::Admits)),
        };
        let mut whose = whose(&question, kind, antecedent.as_ref());
        self.complete(&mut whose, tied, found);
        let before = found.last().map(|(_, _, stretch)| *stretch);
        let before = before.or_else(|| self.memory.frame.as_ref().and_then(|frame| frame.stretch));
        let before = before.or_else(|| {
            self.memory
                .stretch
                .filter(|(_, there)| *there == sentence.paragraph || *there + 1 == sentence.paragraph)
                .map(|(stretch, _)| stretch)
        });
        let placed = spot.as_ref().is_some_and(|spot| spot.name.is_some());
        let held = tied.outcomes.contains(Outcome::Captured) || tied.outcomes.contains(Outcome::Missing);
        let army = whose.is_stated() && whose.victims == Some(Victims::Military) && !held;
        let around = placed && !army && self.memory.spot_paragraph + 1 >= sentence.paragraph;
        let here = placed
            && nearest(sentence, spots, count.number, saying.map(|saying| &saying.subject))
                .is_some_and(|spot| spot.name.is_some());
        let listed = found.last().is_some_and(|(at, _, _)| Self::same_time(sentence, counts, *at, tied.count));
        let stretch = stretch(&dated::Question {
            names: self.names,
            sentence,
            count,
            outcomes: tied.outcomes,
            victims: whose.victims,
            stated: whose.is_stated()
                || speaker.as_ref().is_some_and(|speaker| speaker.side.is_some() && speaker.side == whose.party),
            here,
            around,
            shares: tied.antecedent.is_some() || listed,
            told_here: self.memory.event_paragraph == Some(sentence.paragraph),
            own: speaker.as_ref().is_some_and(|speaker| speaker.side.is_some() && speaker.side == whose.party)
                && saying.is_some(),
            elsewhere: self.memory.claim_paragraph != sentence.paragraph,
            size_before: self.drafts.last().map_or(0, |draft| draft.claim.figure.bounds.midpoint()),
            turned,
            day: self.memory.day,
            told: self.memory.event,
            saying,
            published: self.document.published,
            before: before.as_ref(),
            span: self.memory.span.as_ref(),
            roundup: self.memory.roundup.as_ref(),
        });
        let stretch = if tied.rule == INCREASE { stretch.last_day() } else { stretch };
        let place = spot.and_then(|spot| spot.name).filter(|_| here || stretch.scope != Scope::Cumulative);
        if stretch.event.is_some() {
            self.memory.event = stretch.event;
            self.memory.event_paragraph = Some(sentence.paragraph);
        }
        if stretch.scope == Scope::Period && !stretch.is_a_day() {
            self.memory.span = Some(stretch);
        }
        if self.memory.roundup.is_none() && sentence.paragraph <= 2 && stretch.is_a_day() {
            self.memory.roundup = Some(stretch);
        }
        let claim = self.claim(sentence, count, tied, speaker.as_ref(), &whose, &stretch, place);
        let number = self.scan.span(&Self::tokens(sentence, &count.figure_items));
        let superseded = reject::is_superseded(sentence, count);
        (
            Draft { claim, in_title, sentence: self.index, speaker, attributed: saying.is_some(), superseded, number },
            whose,
            stretch,
        )
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one claim")]
    fn claim(
        &self,
        sentence: &Sentence<'a>,
        count: &Count,
        tied: &Linked,
        speaker: Option<&Speaker>,
        whose: &Whose,
        stretch: &Stretch,
        place: Option<String>,
    ) -> Claim {
        let figure_tokens = Self::tokens(sentence, &count.figure_items);
        let trigger = tied.trigger.and_then(|at| sentence.items.get(at));
        let quote = self.scan.source.get(sentence.span.clone()).unwrap_or_default();
        Claim {
            outcomes: tied.outcomes,
            figure: count.figure,
            party: whose.party.clone(),
            victims: whose.victims.unwrap_or(Victims::Unspecified),
            group: whose.group.clone(),
            claimant: speaker.map(|speaker| Claimant { name: speaker.name.clone(), id: speaker.id.clone() }),
            attribution: Vec::new(),
            scope: stretch.scope,
            since: stretch.since,
            as_of: stretch.as_of,
            as_of_days: stretch.give,
            as_of_stated: stretch.stated,
            place,
            quote: Quote { text: quote.to_owned(), span: sentence.span.clone() },
            wording: Wording {
                figure: self.scan.text(&figure_tokens).to_owned(),
                outcome: trigger.map(|item| self.scan.text(&item.tokens).to_owned()).unwrap_or_default(),
            },
            rule: tied.rule.clone(),
            confidence: confidence(count, tied, whose, stretch.scope, speaker.is_some()),
        }
    }

    fn tokens(sentence: &Sentence<'a>, items: &std::ops::Range<usize>) -> std::ops::Range<usize> {
        let start = sentence.items.get(items.start).map_or(0, |item| item.tokens.start);
        let end =
            items.end.checked_sub(1).and_then(|last| sentence.items.get(last)).map_or(start, |item| item.tokens.end);
        start..end
    }

    /// Whether no date stands between two counts or behind the second, so that what dates the first dates both.
    fn same_time(sentence: &Sentence<'a>, counts: &[Count], first: usize, second: usize) -> bool {
        let (Some(first), Some(_)) = (counts.get(first), counts.get(second)) else { return false };
        let behind = sentence.items.get(first.items.end..).unwrap_or_default();
        !behind.iter().any(|item| item.has(Tag::Time) || item.has(Tag::Since) || item.has(Tag::Semicolon))
    }

    /// Whoever spoke in this paragraph goes on speaking, unless the sentence turns to another day and place.
    fn continued(&self, sentence: &Sentence<'a>, spots: &[Spot]) -> Option<Speaker> {
        let dated = sentence.items.iter().any(|item| item.time().is_some_and(super::time::TimeExpression::is_point));
        let placed = spots.iter().any(|spot| spot.name.is_some() && !spot.dateline);
        let turns = dated && placed;
        let here = self.memory.speakers.last_in(sentence.paragraph);
        // A paragraph that turns to a dated event is told by the article itself.
        let attacked = sentence.items.iter().any(|item| item.has(Tag::Attack));
        let before = self.memory.claimed.as_ref().filter(|_| !(dated && attacked));
        here.or(before).filter(|_| !turns).cloned()
    }

    fn place(&self, sentence: &Sentence<'a>, count: &Count, saying: Option<&Saying>, spots: &[Spot]) -> Option<Spot> {
        let here = nearest(sentence, spots, count.number, saying.map(|saying| &saying.subject)).cloned();
        let remembered = self.memory.spot.clone().or_else(|| self.memory.dateline.clone());
        match here {
            Some(spot) if spot.name.is_some() => Some(spot),
            Some(country) => Some(
                remembered
                    .filter(|spot| {
                        spot.party == country.party && sentence.items.iter().any(|item| item.has(Tag::Attack))
                    })
                    .unwrap_or(country),
            ),
            // "Mariupol officials said": who speaks for a place speaks of it.
            None => saying
                .and_then(|saying| spots.iter().find(|spot| spot.name.is_some() && saying.subject.contains(&spot.at)))
                .cloned()
                .or(remembered),
        }
    }

    /// What kind of people a count without a noun counts: those of the count before it.
    fn kind(
        &self,
        sentence: &Sentence<'a>,
        count: &Count,
        tied: &Linked,
        found: &[(usize, Whose, Stretch)],
    ) -> (Option<Victims>, Option<String>) {
        let meant = || if found.is_empty() { people_meant(sentence, count, tied) } else { None };
        let before = || people_before(sentence, count, tied).or_else(meant);
        let named = count.people.is_none().then(before).flatten();
        let count_with_noun = Count { people: count.people.or(named), ..count.clone() };
        let (victims, group) = count_with_noun.kind(self.scan.language);
        let unspecified = victims == Some(Victims::Unspecified);
        let whole = tied.antecedent.and_then(|whole| found.iter().find(|(at, _, _)| *at == whole));
        if let Some((_, whole, _)) = whole.filter(|_| unspecified && count.part.is_some()) {
            return (whole.victims.or(victims), group.or_else(|| whole.group.clone()));
        }
        let counted = sentence.items.get(count.items.clone()).unwrap_or_default();
        let alone = count.items.end.checked_sub(1).and_then(|last| sentence.items.get(last));
        let others = unspecified
            && group.is_none()
            && (tied.from_before
                || alone.is_some_and(|item| item.has(Tag::Others))
                || counted.iter().any(|item| item.has(Tag::Own)));
        if unspecified && group.is_none() && civilian_harm(self.scan, sentence, count) {
            return (Some(Victims::Civilian), group);
        }
        if (victims.is_some() && !others) || tied.antecedent.is_some() {
            return (victims, group);
        }
        let previous = found.last().filter(|(at, _, _)| at + 2 > tied.count).map(|(_, whose, _)| whose);
        let army = |whose: &Whose| whose.victims == Some(Victims::Military) && count.head == Head::Bare;
        let beside = |_: &&Whose| self.memory.claim_paragraph == sentence.paragraph && count.head == Head::Bare;
        let same_side =
            self.memory.whose.as_ref().filter(|whose| tied.from_before || army(whose) || others || beside(whose));
        match previous.or(same_side) {
            Some(whose) => (whose.victims, whose.group.clone().filter(|_| previous.is_some() || tied.from_before)),
            None => (None, group),
        }
    }

    fn antecedent(&self, tied: &Linked, found: &[(usize, Whose, Stretch)]) -> Option<Whose> {
        let inside = tied
            .antecedent
            .and_then(|at| found.iter().find(|(count, _, _)| *count == at))
            .map(|(_, whose, _)| whose.clone());
        let before = || if tied.from_before { self.memory.whose.clone() } else { None };
        let beside = || found.last().map(|(_, whose, _)| whose.clone());
        inside.or_else(before).or_else(beside)
    }

    /// The side that the passage speaks of, for people who are not said to be anybody's: the ones of the claim before,
    /// or the soldiers whom the event befell.
    fn topic(
        &self,
        sentence: &Sentence<'a>,
        count: &Count,
        spots: &[Spot],
        saying: Option<&Saying>,
        turned: bool,
    ) -> Option<PartyId> {
        let here = nearest(sentence, spots, count.number, saying.map(|saying| &saying.subject));
        if here.is_some_and(|spot| spot.name.is_some()) {
            return None;
        }
        if let Some(party) = self.memory.frame.as_ref().and_then(|frame| frame.whose.as_ref()?.party.clone()) {
            return Some(party);
        }
        let before = self.memory.whose.as_ref()?;
        let (kind, group) = count.kind(self.scan.language);
        let fits = match kind {
            None => true,
            Some(Victims::Military) => before.victims == Some(Victims::Military),
            Some(Victims::Unspecified) => group.is_none() && before.victims != Some(Victims::Military),
            Some(Victims::Civilian) => false,
        };
        let near = self.memory.claim_paragraph == sentence.paragraph
            || (self.memory.claim_paragraph + 1 == sentence.paragraph && count.head == Head::Bare);
        let same = before.party.clone().filter(|_| fits && near && !turned);
        let other = |party: &PartyId| {
            let side = saying.and_then(|saying| saying.speaker.as_ref()?.side.as_ref());
            side.is_some_and(|side| self.war.is_side(side) && side != party) && kind != Some(Victims::Military)
        };
        let befell = || {
            let spot = self.memory.spot.as_ref().filter(|_| kind != Some(Victims::Civilian) && group.is_none())?;
            spot.soldiers.clone().filter(|party| !other(party))
        };
        same.or_else(befell)
    }

    /// Fills in what only the passage tells: losses of an army are soldiers, an elided side is the one just spoken of.
    fn complete(&self, whose: &mut Whose, tied: &Linked, found: &[(usize, Whose, Stretch)]) {
        let vague = whose.victims.is_none() || (whose.victims == Some(Victims::Unspecified) && whose.group.is_none());
        let lost = tied.outcomes == Outcomes::only(Outcome::Casualties) && whose.is_stated();
        if whose.victims.is_none() && tied.outcomes.contains(Outcome::Casualties) && whose.is_stated()
            || (vague && lost)
        {
            whose.victims = Some(Victims::Military);
        }
        if whose.party.is_none() {
            let topic = found.last().map(|(_, whose, _)| whose).or(self.memory.whose.as_ref());
            whose.party = topic.and_then(|topic| topic.party.clone());
        }
    }

    fn note_places(&mut self, sentence: &Sentence<'a>, spots: &[Spot], sayings: &[Saying]) {
        // A capital stands for its government more often than for a place where something happened.
        let attacked = sentence.items.iter().any(|item| item.has(Tag::Attack));
        let speaks = |at: usize| {
            let governs = sentence.items.get(at).is_some_and(|item| item.has(Tag::Government));
            sayings.iter().any(|saying| saying.subject.contains(&at)) || (governs && !attacked)
        };
        if let Some(spot) =
            spots.iter().rev().find(|spot| spot.name.is_some() && !spot.dateline && spot.situates && !speaks(spot.at))
        {
            self.memory.spot = Some(spot.clone());
            self.memory.spot_paragraph = sentence.paragraph;
        }
    }

    /// "…refers to killed and wounded": what the unspecified losses of this article are.
    fn note_mix(&mut self, sentence: &Sentence<'a>, sayings: &[Saying]) {
        let Some(define) = sentence.items.iter().position(|item| item.has(Tag::Define)) else { return };
        let behind = sentence.items.get(define..(define + 12).min(sentence.items.len())).unwrap_or_default();
        let until = behind.iter().position(|item| item.has(Tag::Count)).unwrap_or(behind.len());
        let named = behind.iter().take(until).filter(|item| item.tags.meets(OUTCOME)).filter_map(outcome_of);
        let mix: Outcomes = named.collect();
        if mix.iter().count() > 1 {
            // "Stoltenberg's estimates refer to": whose word is explained stands before the verb.
            let named = self.memory.speakers.named(self.scan, self.names, sentence, define);
            let speaker = named.or_else(|| sayings.first().and_then(|saying| saying.speaker.clone()));
            let speaker = speaker.or_else(|| self.memory.speakers.last().cloned());
            self.memory.mix.push((mix, speaker));
        }
    }

    fn reject(&mut self, count: Option<&Count>, sentence: &Sentence<'a>, reason: Reason) {
        let Some(count) = count else { return };
        let tokens = Self::tokens(sentence, &count.figure_items);
        self.rejected.push(Rejection {
            span: self.scan.span(&tokens),
            text: self.scan.text(&tokens).to_owned(),
            reason,
        });
    }
}

/// Whether an article speaks of cholera or of an earthquake more than of any war.
fn is_of_other_cause(scan: &Scan<'_>) -> bool {
    let war = TagSet::of(&[Tag::Attack, Tag::Battle, Tag::War, Tag::Forces, Tag::Enemy]);
    let (mut causes, mut wars) = (0, 0);
    scan.each_meaning(|meaning| {
        causes += usize::from(meaning.tags().has(Tag::OtherCause));
        wars += usize::from(meaning.tags().meets(war));
    });
    causes >= 4 && causes > 2 * wars
}

/// "Civilian casualties rose, with 232 people killed": what the sentence calls the harm tells who they are.
fn civilian_harm(scan: &Scan<'_>, sentence: &Sentence<'_>, count: &Count) -> bool {
    let before = sentence.items.get(..count.items.start).unwrap_or_default();
    before.windows(2).any(|pair| {
        let [people, harm] = pair else { return false };
        let row = people.meaning(|meaning| if let Meaning::People(row) = meaning { Some(row) } else { None });
        let words = row.and_then(|row| scan.language.file.people.get(usize::from(row)));
        let civilian = words.is_some_and(|words| words.victims == Victims::Civilian && words.group.is_none());
        civilian && harm.tags.meets(TagSet::of(&[Tag::Noun, Tag::Toll]))
    })
}

/// "a mosque from which gunmen were firing was bombed and around 30 of them were killed": who they are.
fn people_meant(sentence: &Sentence<'_>, count: &Count, tied: &Linked) -> Option<u16> {
    if count.part != Some(Part::OfFigure) || tied.antecedent.is_some() || tied.from_before {
        return None;
    }
    let before = sentence.items.get(..count.items.start)?;
    let told = |at: usize| at.checked_sub(1).and_then(|at| before.get(at)).is_some_and(|item| item.has(Tag::Told));
    before
        .iter()
        .enumerate()
        .rev()
        .filter(|(at, _)| !told(*at))
        .find_map(|(_, item)| item.meaning(|meaning| if let Meaning::People(row) = meaning { Some(row) } else { None }))
}

/// "the number of its own dead soldiers, 5,937": the noun stands with the outcome, before the figure.
fn people_before(sentence: &Sentence<'_>, count: &Count, tied: &Linked) -> Option<u16> {
    let row = |item: &Item<'_>| item.meaning(|m| if let Meaning::People(row) = m { Some(row) } else { None });
    if let Some(trigger) = tied.trigger.filter(|trigger| *trigger >= count.items.end) {
        // "11,973 killings of civilians"
        let of = sentence.items.get(trigger + 1)?.has(Tag::Of);
        let behind = sentence.items.get(trigger + 2..(trigger + 5).min(sentence.items.len()))?;
        return behind.iter().filter(|_| of).find_map(row);
    }
    let trigger = tied.trigger.filter(|trigger| *trigger < count.items.start)?;
    let around = sentence.items.get(trigger.saturating_sub(4)..count.items.start)?;
    around
        .iter()
        .find_map(|item| item.meaning(|meaning| if let Meaning::People(row) = meaning { Some(row) } else { None }))
}
