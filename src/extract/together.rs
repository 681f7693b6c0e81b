//! Articles read side by side: each step is taken for a sentence of every one of them before the next step is, so that the
//! code of the step stays in the processor's cache. What an article says bears on no other.

use std::collections::BTreeMap;
use std::ops::Range;
use std::ptr;
use std::rc::Rc;

use crate::extract::count::{Count, counts};
use crate::extract::draft::Begun;
use crate::extract::link::Linked;
use crate::extract::place::{Spot, spots};
use crate::extract::read::{Found, Reading};
use crate::extract::scan::{Scan, Sentence};
use crate::extract::speaker::{Saying, Speaker};
use crate::extract::whose::Whose;
use crate::extract::{Document, Edition, Extraction, Extractor, Reason, Rejection};
use crate::model::{Claim, LangCode, Outcomes};

/// How many sentences are taken through each step that needs no other sentence of their article.
const TOGETHER: usize = 8;

/// Room for the items of a sentence; few have more.
const ITEMS: usize = 48;

impl Extractor {
    /// Reads texts side by side, which takes less time than one after the other and gives the same.
    pub fn extract_each(&self, documents: &[Document<'_>]) -> Vec<Extraction> {
        let editions: Vec<(Option<LangCode>, Option<&Edition>)> = documents
            .iter()
            .map(|document| {
                let lang = self.lang(document);
                let edition = lang.as_ref().and_then(|lang| self.edition(lang, document));
                (lang, edition)
            })
            .collect();
        let known =
            || documents.iter().zip(&editions).filter_map(|(document, (_, edition))| Some((document, (*edition)?)));
        let scans: Vec<Scan<'_>> =
            known().map(|(document, edition)| Scan::new(document.text, &edition.language, &edition.lexicon)).collect();
        // Many articles are of one house.
        let mut houses: BTreeMap<(&str, *const Edition), Option<Rc<Speaker>>> = BTreeMap::new();
        let readings = known().zip(&scans).map(|((document, edition), scan)| {
            let house = document.publisher.and_then(|name| {
                houses.entry((name, ptr::from_ref(edition))).or_insert_with(|| edition.house(name)).clone()
            });
            Reading::new(scan, &edition.names, document, house)
        });
        let mut read = read_all(readings.collect()).into_iter();
        let answer = |(lang, edition): (Option<LangCode>, Option<&Edition>)| {
            let (claims, rejected) = edition.and_then(|_| read.next()).unwrap_or_default();
            Extraction { lang, conflict: edition.and_then(|edition| edition.conflict.clone()), claims, rejected }
        };
        editions.into_iter().map(answer).collect()
    }
}

/// An article with the sentences that are being read.
struct Desk<'s, 'a> {
    reading: Reading<'s, 'a>,
    sentences: std::vec::IntoIter<(usize, Range<usize>)>,
    /// Those that are cut and counted together.
    ahead: Vec<Current<'a>>,
    /// Which of them is taken through the other steps.
    turn: usize,
}

impl<'s, 'a> Desk<'s, 'a> {
    fn new(reading: Reading<'s, 'a>) -> Self {
        Self { sentences: reading.scan.sentences().into_iter(), reading, ahead: Vec::new(), turn: 0 }
    }

    /// Cuts the next sentences, in the lists that served those before them.
    fn cut(&mut self, most: usize) {
        let mut cut = 0;
        for bounds in self.sentences.by_ref().take(most) {
            let spare = self.ahead.get_mut(cut).map(|now| std::mem::take(&mut now.sentence.items));
            let sentence = self.reading.cut(&bounds, spare.unwrap_or_else(|| Vec::with_capacity(ITEMS)));
            match self.ahead.get_mut(cut) {
                Some(now) => now.sentence = sentence,
                None => self.ahead.push(Current::new(sentence)),
            }
            cut += 1;
        }
        self.ahead.truncate(cut);
        self.turn = 0;
    }
}

/// A sentence being read, with what the steps so far found in it.
pub(super) struct Current<'a> {
    pub(super) sentence: Sentence<'a>,
    pub(super) counts: Vec<Count>,
    pub(super) spots: Vec<Spot>,
    pub(super) sayings: Vec<Saying>,
    /// It is a line of a list that was opened before it.
    pub(super) in_list: bool,
    /// How many claims the article had made before it.
    pub(super) claims_before: usize,
    /// Why none of its figures is a claim.
    pub(super) whole: Option<Reason>,
    /// What the sentence before told.
    pub(super) told: Option<Outcomes>,
    /// The figures that are tied to something and still to be read.
    pub(super) tied: std::vec::IntoIter<Linked>,
    /// The claim that is being made, and whose people it counts.
    pub(super) begun: Option<Begun>,
    pub(super) whose: Whose,
    pub(super) found: Vec<Found>,
}

impl<'a> Current<'a> {
    fn new(sentence: Sentence<'a>) -> Self {
        Self {
            sentence,
            counts: Vec::new(),
            spots: Vec::new(),
            sayings: Vec::new(),
            in_list: false,
            claims_before: 0,
            whole: None,
            told: None,
            tied: Vec::new().into_iter(),
            begun: None,
            whose: Whose::default(),
            found: Vec::new(),
        }
    }
}

/// Reads articles, and tells of each what it claims and what was turned down.
fn read_all(readings: Vec<Reading<'_, '_>>) -> Vec<(Vec<Claim>, Vec<Rejection>)> {
    let each = (TOGETHER / readings.len().max(1)).max(1);
    let mut desks: Vec<Desk<'_, '_>> = readings.into_iter().map(Desk::new).collect();
    loop {
        for desk in &mut desks {
            desk.cut(each);
        }
        if desks.iter().all(|desk| desk.ahead.is_empty()) {
            break;
        }
        for desk in &mut desks {
            for now in &mut desk.ahead {
                now.counts = counts(desk.reading.scan, &now.sentence, std::mem::take(&mut now.counts));
            }
        }
        for desk in &mut desks {
            for now in &mut desk.ahead {
                let spare = std::mem::take(&mut now.spots);
                now.spots = spots(desk.reading.scan, (desk.reading.names, &desk.reading.war), &now.sentence, spare);
            }
        }
        for _ in 0..each {
            take(&mut desks, Reading::hear);
            take(&mut desks, Reading::open);
            take(&mut desks, Reading::tie);
            let mut goes_on = true;
            while goes_on {
                goes_on = false;
                take(&mut desks, |reading, now| goes_on |= reading.begin_next(now));
                take(&mut desks, Reading::find_side);
                take(&mut desks, Reading::finish);
            }
            take(&mut desks, Reading::compare);
            take(&mut desks, Reading::close);
            for desk in &mut desks {
                desk.turn += 1;
            }
        }
    }
    desks.into_iter().map(|desk| desk.reading.settle()).collect()
}

/// Takes a step in every article that has a sentence left.
fn take<'s, 'a>(desks: &mut [Desk<'s, 'a>], mut step: impl FnMut(&mut Reading<'s, 'a>, &mut Current<'a>)) {
    for desk in desks {
        if let Some(now) = desk.ahead.get_mut(desk.turn) {
            step(&mut desk.reading, now);
        }
    }
}
