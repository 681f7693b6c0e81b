//! A count with its outcome → a claim: who says it, whose people, over which time, where.

use std::rc::Rc;

use jiff::civil::Date;

use crate::extract::confidence::confidence;
use crate::extract::count::Count;
use crate::extract::dated;
use crate::extract::governing::governing;
use crate::extract::link::{INCREASE, Linked, PART};
use crate::extract::meaning::Meaning;
use crate::extract::nearest::nearest;
use crate::extract::place::Spot;
use crate::extract::read::{Found, Reading};
use crate::extract::reject;
use crate::extract::scan::Sentence;
use crate::extract::speaker::{Sort, Speaker};
use crate::extract::stretch::Stretch;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::time::Days;
use crate::extract::together::Current;
use crate::extract::when::stretch;
use crate::extract::whose::{Evidence, Whose};
use crate::model::{Claim, Claimant, Outcome, Quote, Scope, Victims, Wording};

/// More people than one dated event harms.
const LARGEST_EVENT: u64 = 5_000;

/// So many that they are rarely those of an event that nobody dates or places.
const LARGE: u64 = 200;

/// So many that an army does not claim them of its enemy in a few days: "up to 200 Ukrainian troops were killed".
const LARGE_CLAIM: u64 = 500;

/// Days that one event may take.
const LONGEST_EVENT: i32 = 14;

/// A claim with what only the reading of its article needs.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) claim: Claim,
    pub(super) in_title: bool,
    /// The sentence it stands in, counted from the top.
    pub(super) sentence: usize,
    pub(super) speaker: Option<Rc<Speaker>>,
    /// The sentence itself says who says it.
    pub(super) attributed: bool,
    /// The text gives it as what was said before: "at first".
    pub(super) superseded: bool,
    /// The entry of a live blog that it stands in, counted from the top.
    pub(super) entry: usize,
    pub(super) number: std::ops::Range<usize>,
}

/// A draft whose speaker and place are known, and no more yet.
pub(super) struct Begun {
    pub(super) tied: Linked,
    /// The place of what is said among the sayings of the sentence.
    saying: Option<usize>,
    speaker: Option<Rc<Speaker>>,
    /// Somebody else speaks than before.
    turned: bool,
    /// The day on which the war began, if the sentence tells that.
    begins: Option<Date>,
    spot: Option<Spot>,
    /// The place of the nearest place among those of the sentence.
    near: Option<usize>,
}

impl<'a> Reading<'_, 'a> {
    /// Finds who speaks of a count, and where.
    pub(super) fn begin(&mut self, now: &Current<'a>, count: &Count, tied: Linked) -> Begun {
        let Current { sentence, sayings, spots, .. } = now;
        let saying = governing(sayings, sentence, &count.items);
        let listed = || self.memory.frame.as_ref().and_then(|frame| frame.speaker.clone());
        let speaker = saying.and_then(|saying| saying.speaker.clone()).or_else(listed);
        // "120 are still in Gaza; the army believes that 43 are dead": whoever speaks behind the figure is not its speaker.
        let behind = saying.is_none() && sayings.iter().any(|saying| saying.speaker.is_some());
        let earlier = || self.memory.claimed.clone().filter(|_| self.memory.claim_paragraph == sentence.paragraph);
        let goes_on = || if behind { earlier() } else { self.continued(sentence, spots) };
        let speaker = speaker.or_else(goes_on).or_else(|| self.house.clone());
        let same = match (&speaker, &self.memory.claimed) {
            (Some(one), Some(other)) => one.name == other.name,
            (one, other) => one.is_none() && other.is_none(),
        };
        let turned = saying.is_some() && !same;
        self.memory.claimed.clone_from(&speaker);
        let begins = self.names.start.filter(|_| begins_war(sentence));
        let near = nearest(sentence, spots, count.number, saying.map(|saying| &saying.subject));
        let spot = self.place(sentence, (count, &tied), saying, (spots, near));
        // What the war began with happened before all that the passage told.
        let spot = spot
            .filter(|spot| begins.is_none() || spots.iter().any(|here| here.at == spot.at && here.name == spot.name));
        let saying = saying.and_then(|saying| sayings.iter().position(|one| std::ptr::eq(one, saying)));
        let near = near.and_then(|near| spots.iter().position(|one| std::ptr::eq(one, near)));
        Begun { tied, saying, speaker, turned, begins, spot, near }
    }

    /// Finds whose people a count counts.
    pub(super) fn side(&self, now: &Current<'a>, count: &Count, begun: &Begun) -> Whose {
        let Current { sentence, sayings, spots, found, .. } = now;
        let saying = begun.saying.and_then(|saying| sayings.get(saying));
        let near = begun.near.and_then(|near| spots.get(near));
        self.whose(
            (sentence, count, &begun.tied),
            (saying, begun.speaker.as_deref(), begun.turned),
            (spots, begun.spot.as_ref(), near),
            found,
        )
    }

    /// Finds of which time a count is, and puts the claim together.
    pub(super) fn draft(&mut self, now: &Current<'a>, count: &Count, begun: Begun, whose: &Whose) -> (Draft, Stretch) {
        let Current { sentence, counts, sayings, spots, found, .. } = now;
        let Begun { tied, saying, speaker, turned, begins, spot, near } = begun;
        let (tied, saying) = (&tied, saying.and_then(|saying| sayings.get(saying)));
        let speaker = speaker.filter(|one| saying.is_some() || !self.is_of_others(one, whose));
        let near = near.and_then(|near| spots.get(near));
        // A page may print its headline once more above the text.
        let title = self.document.title;
        let in_title = sentence.span.end <= title.len() || self.scan.source.get(sentence.span.clone()) == Some(title);
        let before = self.stretch_before(sentence, found);
        let here = near.is_some_and(|spot| spot.name.is_some());
        // "Across the country 12 people were killed": not where the sentence before was.
        let placed = spot.as_ref().is_some_and(|spot| spot.name.is_some()) && (here || !is_of_everywhere(sentence));
        let held = tied.outcomes.contains(Outcome::Captured) || tied.outcomes.contains(Outcome::Missing);
        let own = speaker.as_ref().is_some_and(|speaker| speaker.side.is_some() && speaker.side == whose.party);
        let stated = whose.is_stated() || own;
        // "The ministry in Moscow puts the number at 63": of the event that others told of.
        let army =
            (whose.is_stated() || (own && !tied.from_before)) && whose.victims == Some(Victims::Military) && !held;
        let around = placed && !army && self.memory.spot_paragraph + 1 >= sentence.paragraph;
        let here = here && placed;
        let listed = found.last().is_some_and(|one| Self::same_time(sentence, counts, one.count, tied.count));
        let neutral = || self.house.as_ref().is_some_and(|house| house.side.is_none());
        let release = self.publishes && saying.is_none() && neutral();
        let stretch = stretch(&dated::Question {
            names: self.names,
            sentence,
            count,
            outcomes: tied.outcomes,
            victims: whose.victims,
            stated,
            here,
            around,
            shares: tied.antecedent.is_some() || listed || (tied.from_before && tied.rule == PART),
            told_here: self.memory.times.event_paragraph == Some(sentence.paragraph),
            own: own && saying.is_some(),
            nationals: speaker.as_ref().is_some_and(|one| self.tells_of_nationals(one, count)),
            neutral: speaker
                .as_ref()
                .is_some_and(|one| one.id.is_some() && one.side.is_none() && one.sort == Sort::Body),
            national: own && saying.is_some_and(|saying| !self.is_local(sentence, saying)),
            elsewhere: self.memory.claim_paragraph != sentence.paragraph,
            size_before: self.drafts.last().map_or(0, |draft| draft.claim.figure.bounds.midpoint()),
            turned,
            day: self.memory.times.day,
            told: begins.map(Days::of).or(self.memory.times.event),
            begins: begins.is_some(),
            counter: speaker.as_ref().is_some_and(|speaker| speaker.counts.is_some()),
            war_before: self.memory.times.war_sentence.is_some_and(|there| there + 1 == self.index),
            told_near: self.memory.times.event_paragraph.is_some_and(|there| there + 2 >= sentence.paragraph),
            truce: self.truce(sentence),
            saying,
            published: self.document.published,
            before: before.as_ref(),
            span: if release { self.memory.times.first_span.as_ref() } else { self.memory.times.span.as_ref() },
            roundup: self.memory.times.roundup.as_ref(),
            release,
            bulletin: self.memory.times.bulletin,
        });
        let stretch = if tied.rule == INCREASE { stretch.last_day() } else { stretch };
        // An event of another day than the one told of before happened elsewhere.
        let told = self.memory.times.event.zip(stretch.event);
        let elsewhere = told.is_some_and(|(told, event)| event.last < told.first || event.first > told.last);
        let spoken =
            || saying.is_some_and(|saying| spot.as_ref().is_some_and(|spot| saying.subject.contains(&spot.at)));
        // An army's toll of a day is that of the whole front.
        let whole_front = army && stretch.scope == Scope::Period;
        let placed = here
            || (placed
                && (stretch.scope == Scope::Incident || stretch.is_a_day())
                && !whole_front
                && (!elsewhere || spoken()));
        let place = spot.as_ref().and_then(|spot| spot.name.clone()).filter(|_| placed);
        let place = self.area(speaker.as_deref(), whose, &stretch).or(place);
        // "killing 170 and capturing 300": of the event that the figure before is of.
        let beside = found.last().is_some_and(|one| one.stretch.scope == Scope::Incident);
        let claimed = speaker.as_ref().is_some_and(|one| self.is_claimed_of_enemy(one, whose, count));
        let told = place.is_some() || beside || claimed || sentence.has(Tag::Attack);
        // "8,000 people have been killed in Mariupol" is that of its siege.
        let siege = here && spot.as_ref().is_some_and(|spot| !spot.wide && spot.name.is_some());
        let stretch = if siege { stretch } else { self.of_the_war(stretch, count.figure.bounds.midpoint(), told) };
        let event = stretch.event.filter(|days| (days.last - days.first).get_days() <= LONGEST_EVENT);
        if let Some(event) = event {
            self.memory.times.tell(event, sentence.paragraph, self.document.published);
        }
        if stretch.scope == Scope::Period && !stretch.is_a_day() {
            self.memory.times.span = Some(stretch);
            self.memory.times.first_span = self.memory.times.first_span.or(Some(stretch));
        }
        if self.memory.times.roundup.is_none() && sentence.paragraph <= 2 && stretch.is_a_day() {
            self.memory.times.roundup = Some(stretch);
        }
        let claim = self.claim(sentence, count, tied, speaker.as_deref(), whose, &stretch, place);
        let number = self.scan.span(&Self::tokens(sentence, &count.figure_items));
        let superseded = reject::is_superseded(sentence, count);
        (
            Draft {
                claim,
                in_title,
                sentence: self.index,
                speaker,
                attributed: saying.is_some(),
                superseded,
                entry: self.memory.entry,
                number,
            },
            stretch,
        )
    }

    /// "Beirut's ministry counted 22 dead. Medics treated five people in Haifa": who counts one side's dead alone does not go on
    /// with the other's, nor does an office with whoever was harmed in the enemy's towns.
    fn is_of_others(&self, speaker: &Speaker, whose: &Whose) -> bool {
        let counts_others = speaker.counts.is_some() && whose.party.is_some() && speaker.counts != whose.party;
        let placed = matches!(whose.evidence, Some(Evidence::Here | Evidence::Near | Evidence::Place));
        counts_others || (placed && self.is_of_enemy(speaker, whose))
    }

    /// "Up to 200 Ukrainian troops were killed, Russia's ministry claimed": of some days, not of the war.
    fn is_claimed_of_enemy(&self, speaker: &Speaker, whose: &Whose, count: &Count) -> bool {
        count.figure.bounds.midpoint() < LARGE_CLAIM && self.is_of_enemy(speaker, whose)
    }

    /// Whether the people are those whom the speaker's side fights.
    fn is_of_enemy(&self, speaker: &Speaker, whose: &Whose) -> bool {
        let enemy = speaker.side.as_ref().and_then(|side| self.war.opponent(side));
        enemy.is_some() && enemy == whose.party.as_ref()
    }

    /// "Colombia's government said 64 of its nationals were dead": who fights in no army of his own is counted by his country.
    fn tells_of_nationals(&self, speaker: &Speaker, count: &Count) -> bool {
        let country = speaker.side.as_ref().filter(|side| !self.names.is_world() && !self.war.is_side(side));
        let counted = count.party.and_then(|(row, _)| self.names.party(row));
        country.is_some_and(|side| counted.map_or(count.whose == Some(Tag::Own), |party| party == side))
    }

    /// A figure too large for one event, or a large one of which no event and no place is told, is that of the whole war.
    fn of_the_war(&self, stretch: Stretch, size: u64, told: bool) -> Stretch {
        let dated = stretch.since.is_some();
        // A battle of months may have harmed as many.
        let lasted =
            stretch.since.zip(stretch.as_of).is_some_and(|(since, as_of)| (as_of - since).get_days() > LONGEST_EVENT);
        let large = (dated && !lasted && size >= LARGEST_EVENT) || (!dated && !told && size >= LARGE);
        match self.names.start.filter(|_| large && stretch.scope == Scope::Incident) {
            Some(start) => Stretch { scope: Scope::Cumulative, since: Some(start), event: None, ..stretch },
            None => stretch,
        }
    }

    /// The stretch of the claim before in the same passage.
    fn stretch_before(&self, sentence: &Sentence<'a>, found: &[Found]) -> Option<Stretch> {
        let near = |there: usize| there == sentence.paragraph || there + 1 == sentence.paragraph;
        let before = found.last().map(|one| one.stretch);
        let before = before.or_else(|| self.memory.frame.as_ref().and_then(|frame| frame.stretch));
        before.or_else(|| self.memory.times.stretch.filter(|(_, there)| near(*there)).map(|(stretch, _)| stretch))
    }

    /// A ministry that counts the dead of one part of a country: its totals are of that part.
    fn area(&self, speaker: Option<&Speaker>, whose: &Whose, stretch: &Stretch) -> Option<String> {
        let office = speaker.and_then(|speaker| speaker.row).and_then(|row| self.names.claimant(row))?;
        let of_its = office.counts.is_some() && office.counts == whose.party && stretch.scope == Scope::Cumulative;
        office.area.clone().filter(|_| of_its)
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

    pub(super) fn tokens(sentence: &Sentence<'a>, items: &std::ops::Range<usize>) -> std::ops::Range<usize> {
        let start = sentence.items.get(items.start).map_or(0, |item| item.tokens.start);
        let end =
            items.end.checked_sub(1).and_then(|last| sentence.items.get(last)).map_or(start, |item| item.tokens.end);
        start..end
    }

    /// Whether no date stands between two counts or right behind the second, so that what dates the first dates both.
    fn same_time(sentence: &Sentence<'a>, counts: &[Count], first: usize, second: usize) -> bool {
        let (Some(first), Some(second)) = (counts.get(first), counts.get(second)) else { return false };
        // "232 people were killed and 1,343 injured, the mission said today": the day of what is said dates neither.
        let ends = TagSet::of(&[Tag::Comma, Tag::Said]);
        let rest = sentence.items.get(second.items.end..).unwrap_or_default();
        let clause = rest.iter().position(|item| item.tags.meets(ends)).unwrap_or(rest.len());
        let until = (second.items.end + clause).max(first.items.end);
        let behind = sentence.items.get(first.items.end..until).unwrap_or_default();
        // "1,050 soldiers over the past day, bringing its losses to 453,650": what it comes to is of a longer time.
        let wall = TagSet::of(&[Tag::Time, Tag::Since, Tag::Semicolon, Tag::Raised]);
        !behind.iter().any(|item| item.tags.meets(wall))
    }
}

/// "across the country", "elsewhere": whether a sentence turns away from the place that the passage told of.
fn is_of_everywhere(sentence: &Sentence<'_>) -> bool {
    let everywhere = |meaning| if let Meaning::Everywhere = meaning { Some(()) } else { None };
    sentence.items.iter().any(|item| item.meaning(everywhere).is_some())
}

/// "The war began when gunmen stormed the south, killing 1,200 people".
pub(super) fn begins_war(sentence: &Sentence<'_>) -> bool {
    let items = &sentence.items;
    sentence.has(Tag::War)
        && sentence.has(Tag::Start)
        && !sentence.has(Tag::Since)
        && items.iter().take(6).zip(items.iter().skip(1)).any(|(war, began)| war.has(Tag::War) && began.has(Tag::Start))
}
