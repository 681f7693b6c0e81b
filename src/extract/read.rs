//! An article → claims: the sentences one after the other, each read with what the ones before it said.

use std::ops::Range;
use std::rc::Rc;

use crate::extract::context::Names;
use crate::extract::count::{Count, Head, Part};
use crate::extract::draft::Draft;
use crate::extract::frame::opens_list;
use crate::extract::link::{Before, ENTRIES, PART, Recent, link};
use crate::extract::passage::Memory;
use crate::extract::place::Spot;
use crate::extract::scan::{Item, Scan, Sentence};
use crate::extract::scene::{is_of_ministry, seat};
use crate::extract::speaker::{Saying, Speaker};
use crate::extract::stretch::Stretch;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::together::Current;
use crate::extract::war::War;
use crate::extract::whose::{Evidence, Whose};
use crate::extract::{Document, Reason, Rejection, settle};
use crate::extract::{elsewhere, reject};
use crate::model::{Claim, PartyId, Victims};

/// Most claims of one article; long lists of names have a few hundred.
const MOST_CLAIMS: usize = 1_000;

/// Room for the claims of an article before it is made anew; most have fewer.
const DRAFTS: usize = 16;

/// A claim of the sentence being read, for those behind it.
pub(super) struct Found {
    /// The place of its count among those of the sentence.
    pub(super) count: usize,
    pub(super) whose: Whose,
    pub(super) stretch: Stretch,
    /// It is a part of another.
    pub(super) part: bool,
}

/// Reads an article.
pub(super) struct Reading<'s, 'a> {
    pub(super) scan: &'s Scan<'a>,
    pub(super) names: &'s Names,
    pub(super) document: &'s Document<'a>,
    pub(super) war: War,
    /// The office that publishes the text, if the conflict file knows it as one that states figures.
    pub(super) house: Option<Rc<Speaker>>,
    /// Whether that is the publisher itself.
    pub(super) publishes: bool,
    pub(super) memory: Memory,
    /// The sentence being read.
    pub(super) index: usize,
    pub(super) drafts: Vec<Draft>,
    rejected: Vec<Rejection>,
}

impl<'s, 'a> Reading<'s, 'a> {
    pub(super) fn new(
        scan: &'s Scan<'a>,
        names: &'s Names,
        document: &'s Document<'a>,
        house: Option<Rc<Speaker>>,
    ) -> Self {
        let war = War::new(names, scan, document.conflicts);
        let memory = Memory { titled_other_cause: is_of_other_cause(scan), ..Memory::default() };
        let publishes = house.is_some();
        Self {
            scan,
            names,
            document,
            war,
            house,
            publishes,
            memory,
            index: 0,
            drafts: Vec::with_capacity(DRAFTS),
            rejected: Vec::new(),
        }
    }

    /// The next sentence of the article, in a list of items that served another.
    pub(super) fn cut(&self, (paragraph, range): &(usize, Range<usize>), items: Vec<Item<'a>>) -> Sentence<'a> {
        let mut sentence = self.scan.sentence(*paragraph, range, items);
        self.date_first_day(&mut sentence);
        self.forget_comparison(&mut sentence);
        sentence
    }

    /// Settles what all sentences say together.
    pub(super) fn settle(mut self) -> (Vec<Claim>, Vec<Rejection>) {
        let (claims, mut rejected) = settle::settle(self.drafts, &self.memory.mix);
        self.rejected.append(&mut rejected);
        self.rejected.sort_by_key(|rejection| rejection.span.start);
        (claims, self.rejected)
    }

    /// Finds who says what.
    pub(super) fn hear(&mut self, now: &mut Current<'a>) {
        let sentence = &now.sentence;
        self.opens_entry(sentence);
        self.opens_region(sentence);
        self.memory.times.resume(sentence.paragraph, self.document.published);
        if self.memory.led_by_other_cause {
            self.memory.led_by_other_cause = !elsewhere::returns_to_war(sentence);
        }
        let sayings = std::mem::take(&mut now.sayings);
        now.sayings = self.memory.speakers.sayings(self.scan, self.names, sentence, sayings);
    }

    /// Notes what a sentence tells before its figures.
    pub(super) fn open(&mut self, now: &mut Current<'a>) {
        let Current { sentence, sayings, spots, .. } = now;
        self.place_offices(sentence, sayings);
        for speaker in sayings.iter().filter_map(|saying| saying.speaker.as_ref()) {
            self.memory.speakers.place(speaker);
        }
        let seat = seat(sentence, sayings);
        let of_side = |spot: &Spot| spot.party.as_ref().is_some_and(|side| self.war.is_side(side));
        spots.retain(|spot| Some(spot.at) != seat && !(of_side(spot) && is_of_ministry(sentence, sayings, spot)));
        if sentence.span.end <= self.document.title.len() {
            self.note_title(sentence, sayings, spots);
        } else if self.index == 0 {
            // A text without a headline says what it is about as it begins.
            self.memory.subject = self.headline_side(sentence);
        }
        if self.memory.dateline.is_none() && sentence.paragraph <= 2 {
            // "GENEVA/KYIV –": where nobody fights, nobody is hit.
            let takes_part =
                |spot: &Spot| spot.party.as_ref().is_none_or(|party| self.war.takes_part(self.names, party));
            let mut datelines = spots.iter().filter(|spot| spot.dateline && spot.name.is_some());
            let dateline = datelines.find(|spot| takes_part(spot)).cloned();
            // "MOSCOW —": where the desk is.
            let desk = |spot: &Spot| sentence.items.get(spot.at).is_some_and(|item| item.has(Tag::Government));
            self.memory.dateline = dateline.map(|spot| if desk(&spot) { Spot { name: None, ..spot } } else { spot });
        }
        self.note_voice(sentence, sayings);
        self.note_mix(sentence, sayings);
        now.in_list = self.frame_goes_on(sentence);
        now.claims_before = self.drafts.len();
    }

    /// Notes what a sentence tells beside its figures, for those behind it.
    pub(super) fn close(&mut self, now: &mut Current<'a>) {
        let Current { sentence, counts, sayings, spots, .. } = now;
        if self.drafts.len() == now.claims_before {
            self.note_event(sentence);
            self.note_stretch(sentence);
        }
        if counts.is_empty() {
            self.attribute_before(self.index, sentence, sayings);
        }
        self.note_quotation(sentence, sayings);
        self.note_entry(sayings);
        self.note_places(sentence, spots, sayings);
        self.note_mentions(sentence, sayings);
        if !now.in_list && opens_list(self.scan, sentence) {
            self.open_frame(sentence, sayings, now.claims_before);
        }
        if counts.iter().any(|count| !matches!(count.head, Head::Odd(_))) {
            self.memory.counted = self.index;
        }
        self.memory.paragraph = sentence.paragraph;
        self.index += 1;
        now.found.clear();
    }

    /// Ties the figures of a sentence to what befell the people they count.
    pub(super) fn tie(&mut self, now: &mut Current<'a>) {
        let (index, sentence, counts) = (self.index, &now.sentence, &now.counts);
        if counts.is_empty() {
            // "Cholera has reached the camps." is what the next sentence counts the dead of.
            let opens = sentence.items.iter().take(4).any(|item| item.has(Tag::OtherCause));
            if opens && elsewhere::other_cause(sentence) {
                self.memory.other_cause = Some(sentence.paragraph);
            }
            return;
        }
        // "104 civilians were killed. That covers three towns. Forty-three of them were children."
        let opens = counts.first().is_some_and(|count| count.items.start == 0 && count.part == Some(Part::OfFigure));
        // "We have the names of 830. But a list is no count. It's not fewer than 1,200."
        let short = sentence.items.len() <= 10 && sentence.has(Tag::It) && counts.len() == 1;
        let apart = if (opens || short) && self.memory.claim_paragraph == sentence.paragraph { 2 } else { 1 };
        let before = self.memory.outcomes.filter(|(_, there)| index - there <= apart).map(|(outcomes, _)| outcomes);
        let whole = elsewhere::sentence(self.names, self.document.published, sentence);
        let whole = whole.or_else(|| {
            self.memory
                .other_war
                .filter(|there| *there == sentence.paragraph && !elsewhere::returns(sentence))
                .map(|_| Reason::OtherWar)
        });
        // "Of those, eight million died": the people of the sentence before.
        let refers = sentence.items.first().is_some_and(|item| item.has(Tag::OfThem));
        let told_before = self.memory.other_war.is_some_and(|there| there + 1 >= sentence.paragraph);
        let whole = whole.or_else(|| (refers && told_before).then_some(Reason::OtherWar));
        let goes_on = (self.memory.titled_other_cause
            || self.memory.led_by_other_cause
            || self.memory.other_cause == Some(sentence.paragraph))
            && !elsewhere::returns_to_war(sentence);
        let whole = whole.or_else(|| (goes_on || elsewhere::other_cause(sentence)).then_some(Reason::OtherCause));
        if whole == Some(Reason::OtherCause) {
            self.memory.other_cause = Some(sentence.paragraph);
            // An article whose first figures are those of an earthquake is about it, until it speaks of the war.
            self.memory.led_by_other_cause |= self.drafts.is_empty();
        }
        if whole == Some(Reason::OtherWar) {
            self.memory.other_war = Some(sentence.paragraph);
        }
        let told = before;
        let pair = self.memory.pair.filter(|_| before.is_some());
        // "The deal says 600" of the trucks of the sentence before.
        let counted = self.memory.counted;
        let mut told_last = self.drafts.iter().rev().map(|one| Recent {
            figure: one.claim.figure.bounds.midpoint(),
            outcomes: one.claim.outcomes,
            ago: index - one.sentence,
            is_last: one.sentence == counted,
        });
        let recent = std::array::from_fn(|_| told_last.next());
        let before = Before {
            outcomes: before,
            pair,
            asked: self.memory.asked_outcomes,
            recent,
            listed: false,
            lists_dead: self.memory.lists_dead,
        };
        let before = self.memory.frame.as_ref().map_or(before, |frame| frame.before(before));
        let (linked, turned_down) = link(self.scan.language, sentence, counts, before);
        // "A quarrel over the wounded" is no headline of an accident: it tells no figure of anybody harmed.
        let titled = sentence.span.end <= self.document.title.len() && !linked.is_empty();
        self.memory.titled_other_cause |= titled && elsewhere::other_cause(sentence);
        for (at, reason) in turned_down {
            self.reject(counts.get(at), sentence, reason);
        }
        now.found.reserve(linked.len());
        now.tied = linked.into_iter();
        (now.whole, now.told) = (whole, told);
    }

    /// Begins a claim of the next figure of a sentence that is tied to something, or turns it down; tells whether there was
    /// one.
    pub(super) fn begin_next(&mut self, now: &mut Current<'a>) -> bool {
        let Some(tied) = now.tied.next() else { return false };
        let Current { sentence, counts, sayings, .. } = &*now;
        let Some(count) = counts.get(tied.count) else { return true };
        let told_apart = now.whole == Some(Reason::OtherWar) && tied.end(count) <= elsewhere::other_war_from(sentence);
        let whole = now.whole.filter(|_| !told_apart);
        if let Some(reason) = whole.or_else(|| reject::count(sentence, count, &tied, now.told)) {
            self.reject(Some(count), sentence, reason);
            return true;
        }
        if is_who_speaks(sentence, count, sayings) {
            self.reject(Some(count), sentence, Reason::NoHarm);
            return true;
        }
        if self.drafts.len() >= MOST_CLAIMS {
            self.reject(Some(count), sentence, Reason::TooMany);
            return true;
        }
        now.begun = Some(self.begin(now, count, tied));
        true
    }

    /// Finds whose people the figure of a claim counts.
    pub(super) fn find_side(&mut self, now: &mut Current<'a>) {
        let Some(begun) = &now.begun else { return };
        let whose = now.counts.get(begun.tied.count).map(|count| self.side(now, count, begun));
        now.whose = whose.unwrap_or_default();
    }

    /// Puts a claim together, or turns its figure down.
    pub(super) fn finish(&mut self, now: &mut Current<'a>) {
        let Some(begun) = now.begun.take() else { return };
        let whose = std::mem::take(&mut now.whose);
        let Some(count) = now.counts.get(begun.tied.count) else { return };
        let (at, is_part) = (begun.tied.count, begun.tied.rule == PART);
        let lists = begun.tied.rule == ENTRIES;
        let (draft, stretch) = self.draft(now, count, begun, &whose);
        let (sentence, found) = (&now.sentence, &mut now.found);
        // "In Korea 36,000 Americans died": of a country that has no thousand people in this war.
        let elsewhere = || whose.party.as_ref().is_some_and(|party| !self.names.takes_part(party));
        if count.party.is_some() && count.figure.bounds.midpoint() >= 1_000 && elsewhere() {
            self.reject(Some(count), sentence, Reason::OtherWar);
            return;
        }
        self.memory.lists_dead |= lists;
        // "with 183 civilians killed and 903 hurt": the first figure of a sentence is no part of another.
        let part = is_part || (count.part.is_some() && !found.is_empty());
        let sides = self.each_side(sentence, count, &whose);
        found.push(Found { count: at, whose, stretch, part });
        for side in sides {
            let mut draft = draft.clone();
            draft.claim.party = Some(side.clone());
            self.drafts.push(draft);
        }
        if sides.is_empty() {
            self.drafts.push(draft);
        }
    }

    /// Notes what the claims of a sentence tell together, for those behind it.
    pub(super) fn compare(&mut self, now: &mut Current<'a>) {
        let (index, sentence, counts, found) = (self.index, &now.sentence, &now.counts, &now.found);
        self.share_noun(sentence, counts, found);
        self.set_against_soldiers(counts, found);
        self.split_whole(counts, found);
        if let Some(Found { stretch, .. }) = found.last() {
            let Some(Found { whose, .. }) = found.iter().rev().find(|one| !one.part).or(found.last()) else { return };
            // "A US citizen was among them. More than 140 others were hurt": a foreigner among the dead says nothing of the rest.
            let guest =
                found.iter().all(|one| one.part) && whose.party.as_ref().is_some_and(|party| !self.war.is_side(party));
            if !guest || self.names.is_world() {
                self.memory.whose = Some(whose.clone());
            }
            self.memory.claim_paragraph = sentence.paragraph;
            let told = whose.party.clone().filter(|_| whose.victims != Some(Victims::Civilian));
            if let (Some(spot), Some(party)) = (&mut self.memory.spot, told)
                && (whose.is_stated() || whose.victims == Some(Victims::Military))
            {
                spot.soldiers = Some(party);
            }
            self.memory.times.stretch = Some((*stretch, sentence.paragraph));
            self.memory.outcomes = self.drafts.last().map(|draft| (draft.claim.outcomes, index));
            let mut last = self.drafts.iter().rev().map(|draft| (draft.sentence == index, draft.claim.outcomes));
            self.memory.pair = match (last.next(), last.next()) {
                (Some((true, second)), Some((true, first))) if first != second => Some((first, second)),
                _ => None,
            };
        }
    }

    /// "Each side has lost more than 100,000": a figure that is told of both sides, each by itself.
    fn each_side(&self, sentence: &Sentence<'a>, count: &Count, whose: &Whose) -> &'s [PartyId] {
        let both = whose.evidence == Some(Evidence::Both) && sentence.has(Tag::BothSides);
        let each = |item: &Item<'a>| {
            let mut words =
                item.tokens.clone().filter_map(|at| self.scan.token(at)).map(|token| token.text(self.scan.source));
            words.any(|word| self.scan.language.file.text.each.iter().any(|each| each.eq_ignore_ascii_case(word)))
        };
        let near = sentence.items.get(count.items.end..(count.items.end + 2).min(sentence.items.len()));
        let mut told = sentence.items.iter().filter(|item| item.has(Tag::BothSides)).chain(near.unwrap_or_default());
        if both && told.any(each) { self.names.sides().get(..2).unwrap_or_default() } else { &[] }
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

/// "three teachers and a pregnant woman, a doctor said": one person who speaks is nobody harmed.
fn is_who_speaks(sentence: &Sentence<'_>, count: &Count, sayings: &[Saying]) -> bool {
    // "its head nurse said"
    let one = count.related || sentence.items.get(count.number).is_some_and(|item| item.has(Tag::One));
    let noun = count.items.end.saturating_sub(1);
    one && sayings.iter().any(|saying| saying.subject.contains(&noun) || saying.subject.contains(&count.number))
}

/// Whether an article speaks of cholera or of an earthquake more than of any war.
fn is_of_other_cause(scan: &Scan<'_>) -> bool {
    if !scan.has(Tag::OtherCause) {
        return false;
    }
    let war = TagSet::of(&[Tag::Attack, Tag::Battle, Tag::War, Tag::Forces, Tag::Enemy]);
    let causes = scan.senses().filter(|sense| sense.tags.has(Tag::OtherCause)).count();
    causes >= 4 && causes > 2 * scan.senses().filter(|sense| sense.tags.meets(war)).count()
}
