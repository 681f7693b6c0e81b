//! What stands over the lines of a list: "The losses of the enemy from 24 February to 5 December are:".

use std::rc::Rc;

use crate::extract::count::Count;
use crate::extract::link::{Before, Linked};
use crate::extract::pattern::OUTCOME;
use crate::extract::question::Question;
use crate::extract::read::Reading;
use crate::extract::scan::{Scan, Sentence};
use crate::extract::speaker::{Saying, Speaker};
use crate::extract::stretch::Stretch;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::token::{Case, Kind};
use crate::extract::when;
use crate::extract::whose::{Evidence, Whose};
use crate::model::{Outcome, Outcomes, Victims};

/// What a line that opens a list says for all its lines.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) whose: Option<Whose>,
    pub(super) outcomes: Option<Outcomes>,
    pub(super) speaker: Option<Rc<Speaker>>,
    pub(super) stretch: Option<Stretch>,
    /// The paragraph of its last line so far.
    pub(super) paragraph: usize,
}

impl Frame {
    /// What its lines take over from it.
    pub(super) fn before(&self, told: Before) -> Before {
        Before { outcomes: self.outcomes, pair: None, asked: None, listed: true, ..told }
    }
}

/// Whether a sentence opens a list: it ends in a colon.
pub(super) fn opens_list(scan: &Scan<'_>, sentence: &Sentence<'_>) -> bool {
    let last = sentence.items.last();
    let end = last.map_or(0, |item| item.tokens.end);
    last.is_some_and(|item| item.has(Tag::Colon)) && scan.token(end).is_some_and(|token| token.kind == Kind::Break)
}

/// Whether a sentence looks like a line of a list: it begins with a dash, a bullet or a small letter.
pub(super) fn is_line(scan: &Scan<'_>, sentence: &Sentence<'_>) -> bool {
    let Some(first) = sentence.items.first().and_then(|item| scan.token(item.tokens.start)) else { return false };
    let bullet = match first.kind {
        Kind::Mark(mark) => matches!(mark, '—' | '-' | '•' | '*' | '·' | '▪' | '●'),
        Kind::Word => first.case == Case::Lower,
        Kind::Digits | Kind::Break => false,
    };
    let ends_open = sentence.items.last().is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Semicolon])));
    bullet || ends_open
}

impl<'a> Reading<'_, 'a> {
    /// What the line that opens a list says for its lines: by its own claim, or by a word like "losses".
    pub(super) fn open_frame(&mut self, sentence: &Sentence<'a>, sayings: &[Saying], claims_before: usize) {
        let speaker = sayings.iter().find_map(|saying| saying.speaker.clone()).or_else(|| self.memory.claimed.clone());
        let speaker = speaker.or_else(|| self.memory.speakers.last().cloned());
        // What an earlier sentence told says nothing of the lines: "Regional authorities reported the following harm:".
        let told = self.drafts.len() > claims_before;
        let mut frame = Frame {
            whose: self.memory.whose.clone().filter(|_| told),
            outcomes: self.memory.outcomes.map(|(outcomes, _)| outcomes),
            speaker,
            stretch: self.memory.times.stretch.map(|(stretch, _)| stretch),
            paragraph: sentence.paragraph,
        };
        let trigger = sentence.items.iter().rposition(|item| item.tags.meets(OUTCOME));
        if self.drafts.len() == claims_before
            && let Some(trigger) = trigger
        {
            let (tied, count) = (Linked::of_word(trigger, sentence), Count::behind(sentence));
            let question = Question {
                names: self.names,
                language: self.scan.language,
                war: &self.war,
                military: true,
                soldiers: false,
                irregular: false,
                abroad: false,
                first_day: false,
                voice: self.voice(),
                hostile: false,
                captive: false,
                sentence,
                count: &count,
                linked: &tied,
                speaker: frame.speaker.as_deref(),
                by_pronoun: false,
                local: false,
                attributed: !sayings.is_empty(),
                cited: false,
                place: None,
                around: None,
                here: false,
                of_war: true,
                near: false,
                goes_on: false,
                told: None,
                topic: None,
                subject: None,
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
}
