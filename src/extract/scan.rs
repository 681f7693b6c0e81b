//! Tokens → items: the text cut into sentences, each a row of phrases with their meanings, numbers and times.

use std::ops::Range;

use crate::extract::calendar::time_expression;
use crate::extract::language::Language;
use crate::extract::lexicon::{Lexicon, Sense, UNKNOWN};
use crate::extract::meaning::Meaning;
use crate::extract::number::{Numeral, numeral};
use crate::extract::pattern::OUTCOME;
use crate::extract::spelling::Symbols;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::time::TimeExpression;
use crate::extract::token::{Case, Kind, Token, tokens};
use crate::extract::vocabulary::TimeUnit;

/// A text cut into tokens, with the phrase that begins at each.
pub(super) struct Scan<'a> {
    pub(super) source: &'a str,
    pub(super) language: &'a Language,
    pub(super) tokens: Vec<Token>,
    hits: Vec<(u8, &'a Sense)>,
    /// The senses among them that are names of the conflict files, for what the whole text is asked.
    named: Vec<&'a Sense>,
    /// The tags of all of them.
    tags: TagSet,
}

/// One phrase of a sentence.
#[derive(Debug, Clone)]
pub(super) struct Item<'a> {
    /// Its tokens.
    pub(super) tokens: Range<usize>,
    pub(super) tags: TagSet,
    pub(super) meanings: &'a [Meaning],
    pub(super) value: Value,
}

/// What an item carries beside its meanings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value {
    /// Nothing.
    None,
    /// A number.
    Number(Numeral),
    /// A date or a stretch of time.
    Time(TimeExpression),
}

impl Item<'_> {
    pub(super) fn has(&self, tag: Tag) -> bool {
        self.tags.has(tag)
    }

    /// The first of its meanings for which `pick` gives something.
    pub(super) fn meaning<T>(&self, pick: impl Fn(Meaning) -> Option<T>) -> Option<T> {
        self.meanings.iter().copied().find_map(pick)
    }

    /// "with" opens parts and losses as well as what somebody has.
    pub(super) fn is_with(&self) -> bool {
        self.has(Tag::Including) && self.has(Tag::Lose)
    }

    pub(super) fn is_hedge(&self) -> bool {
        self.meaning(|meaning| if let Meaning::Hedge(_) = meaning { Some(()) } else { None }).is_some()
    }

    pub(super) fn number(&self) -> Option<Numeral> {
        match self.value {
            Value::Number(numeral) => Some(numeral),
            Value::None | Value::Time(_) => None,
        }
    }

    /// The row of the word for people in the language file.
    pub(super) fn people(&self) -> Option<u16> {
        let row = |meaning| if let Meaning::People(row) = meaning { Some(row) } else { None };
        if self.has(Tag::People) { self.meaning(row) } else { None }
    }

    /// Of each of which unit of time a figure is by a word such as "daily".
    pub(super) fn rate(&self) -> Option<TimeUnit> {
        self.meaning(|meaning| if let Meaning::Rate(unit) = meaning { Some(unit) } else { None })
    }

    pub(super) fn time(&self) -> Option<TimeExpression> {
        match self.value {
            Value::Time(time) => Some(time),
            Value::None | Value::Number(_) => None,
        }
    }
}

/// A sentence, or a line that stands alone.
#[derive(Debug)]
pub(super) struct Sentence<'a> {
    /// Its bytes in the source.
    pub(super) span: Range<usize>,
    /// Which paragraph it is in, counted from the top.
    pub(super) paragraph: usize,
    pub(super) items: Vec<Item<'a>>,
    /// The tags of all its items.
    tags: TagSet,
}

impl Sentence<'_> {
    /// Whether an item has this tag.
    #[inline]
    pub(super) fn has(&self, tag: Tag) -> bool {
        self.tags.has(tag)
    }

    /// Whether for each of these tags an item has it.
    #[inline]
    pub(super) fn has_all(&self, tags: TagSet) -> bool {
        self.tags.with(tags) == self.tags
    }

    /// Whether an item has one of these tags.
    #[inline]
    pub(super) fn meets(&self, tags: TagSet) -> bool {
        self.tags.meets(tags)
    }
}

/// What a name that begins with a number may stand for.
const NAMED: TagSet = TagSet::of(&[Tag::Forces, Tag::Claimant, Tag::Place]);

impl<'a> Scan<'a> {
    /// Cuts the text and looks up every phrase.
    pub(super) fn new(source: &'a str, language: &'a Language, lexicon: &'a Lexicon) -> Self {
        let tokens = tokens(source, &language.file.text.possessive);
        let mut symbols = Symbols::with_capacity(tokens.len());
        for token in &tokens {
            lexicon.symbols(token, source, &mut symbols);
        }
        let (mut named, mut tags) = (Vec::with_capacity(tokens.len() / 8), TagSet::EMPTY);
        let hits = (0..tokens.len())
            .map(|at| {
                let Some((len, sense)) = lexicon.longest(&symbols, at) else { return (0, &UNKNOWN) };
                tags = tags.with(sense.tags);
                if sense.named {
                    named.push(sense);
                }
                (u8::try_from(len).unwrap_or(1), sense)
            })
            .collect();
        Self { source, language, tokens, hits, named, tags }
    }

    /// The phrase that begins at a token: how many tokens, and what it means.
    pub(super) fn hit(&self, at: usize) -> (usize, &'a [Meaning]) {
        self.hits.get(at).map_or((0, &[]), |(len, sense)| (usize::from(*len), sense.meanings.as_slice()))
    }

    /// What the phrase that begins at a token means, all in all.
    pub(super) fn sense(&self, at: usize) -> &'a Sense {
        self.hits.get(at).map_or(&UNKNOWN, |(_, sense)| sense)
    }

    /// How many phrases have a meaning of this kind.
    pub(super) fn count_hits(&self, wanted: impl Fn(Meaning) -> bool) -> usize {
        self.hits.iter().filter(|(_, sense)| sense.meanings.iter().any(|meaning| wanted(*meaning))).count()
    }

    /// Whether a phrase has this tag.
    pub(super) fn has(&self, tag: Tag) -> bool {
        self.tags.has(tag)
    }

    /// What every name of the conflict files means.
    pub(super) fn named(&self) -> impl Iterator<Item = Meaning> {
        self.named.iter().flat_map(|sense| &sense.meanings).copied()
    }

    /// What every phrase means.
    pub(super) fn senses(&self) -> impl Iterator<Item = &'a Sense> {
        self.hits.iter().map(|(_, sense)| *sense)
    }

    pub(super) fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    /// The bytes that some tokens cover.
    pub(super) fn span(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.tokens.get(range.start).map_or(0, |token| token.start as usize);
        let end =
            range.end.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.end as usize);
        start..end.max(start)
    }

    /// The text that some tokens cover.
    pub(super) fn text(&self, range: &Range<usize>) -> &'a str {
        self.source.get(self.span(range)).unwrap_or_default()
    }

    /// The items of a sentence, in a list that served another.
    pub(super) fn sentence(&self, paragraph: usize, range: &Range<usize>, mut items: Vec<Item<'a>>) -> Sentence<'a> {
        items.clear();
        let (mut at, mut tags) = (range.start, TagSet::EMPTY);
        while at < range.end {
            // "a woman born in 1986"
            let aged = items.last().is_some_and(|before| before.has(Tag::Age));
            let item = self.item(at, range.end, aged);
            at = item.tokens.end.max(at + 1);
            tags = tags.with(item.tags);
            items.push(item);
        }
        Sentence { span: self.span(range), paragraph, items, tags }
    }

    /// The item that begins at a token; no time behind a word for how old somebody is.
    fn item(&self, at: usize, end: usize, aged: bool) -> Item<'a> {
        let is_digits = self.token(at).is_some_and(|token| matches!(token.kind, Kind::Digits));
        let (len, sense) = self.hits.get(at).map_or((0, &UNKNOWN), |(len, sense)| (usize::from(*len), *sense));
        // Most words begin neither a time nor a number.
        if (is_digits || sense.opening.is_some())
            && let Some((time, taken)) = time_expression(self, at, end)
            && !self.goes_on(at + taken)
        {
            let (tags, value) =
                if aged { (Tag::Word.set(), Value::None) } else { (time_tags(time), Value::Time(time)) };
            return Item { tokens: at..at + taken, tags, meanings: &[], value };
        }
        // "the 22nd Infantry Division" is a name.
        let named = |taken: usize| sense.tags.meets(NAMED) && len > taken;
        if (is_digits || sense.numeric)
            && let Some((numeral, taken)) = numeral(self, at, end)
            && !(numeral.odd.is_some() && named(taken))
        {
            // "36th" or "12:45" counts nobody, so that it walls nothing off.
            let tags = if numeral.odd.is_some() { Tag::Word.set() } else { Tag::Count.set() };
            return Item { tokens: at..at + taken, tags, meanings: &[], value: Value::Number(numeral) };
        }
        if let Some(item) = self.bracketed(at, end) {
            return item;
        }
        if len > 0 && at + len <= end {
            // "School No. 9" denies nothing.
            let tags = if sense.tags.has(Tag::Negation) && self.labels(at) { Tag::Word.set() } else { sense.tags };
            if self.is_part_of_name(at, len, tags) {
                return Item { tokens: at..at + len, tags: Tag::Name.set(), meanings: &[], value: Value::None };
            }
            let tags = if tags.is_empty() { Tag::Word.set() } else { tags };
            let tokens = at..self.behind_stop(at + len, end);
            return Item { tokens, tags, meanings: &sense.meanings, value: Value::None };
        }
        let tokens = at..self.behind_stop(at + 1, end);
        Item { tokens, tags: self.plain_tags(at), meanings: &[], value: Value::None }
    }

    /// "has killed (5,599) people": some registers set every number off. "two (2) men" says it twice.
    fn bracketed(&self, at: usize, end: usize) -> Option<Item<'a>> {
        let is = |at: usize, mark: char| self.token(at).is_some_and(|token| token.is(mark));
        let number = at + 1;
        if !is(at, '(') || self.token(number).is_none_or(|token| token.kind != Kind::Digits) {
            return None;
        }
        let (numeral, taken) = numeral(self, number, end)?;
        let behind = number + taken + 1;
        let twice = at.checked_sub(1).is_some_and(|before| self.sense(before).numeric);
        let counts = is(behind - 1, ')') && self.sense(behind).tags.has(Tag::People) && behind < end && !twice;
        let value = Value::Number(numeral);
        counts.then(|| Item { tokens: at..behind, tags: Tag::Count.set(), meanings: &[], value })
    }

    /// Whether a word stands before the number of a thing's name.
    fn labels(&self, at: usize) -> bool {
        let stop = usize::from(self.token(at + 1).is_some_and(|token| token.glued && token.is('.')));
        let number = self.token(at + 1 + stop).is_some_and(|token| token.kind == Kind::Digits);
        let word = self.token(at).map(|token| token.text(self.source)).unwrap_or_default();
        number && self.language.file.text.labels.iter().any(|label| label == word)
    }

    /// "Dr." keeps its stop.
    fn behind_stop(&self, at: usize, end: usize) -> usize {
        let stop = at < end && self.token(at).is_some_and(|token| token.glued && token.is('.')) && self.abbreviates(at);
        at + usize::from(stop)
    }

    /// "Association for Political Prisoners", "Dead Sea": a word of harm with a capital beside another word with one.
    fn is_part_of_name(&self, at: usize, len: usize, tags: TagSet) -> bool {
        let capital =
            |at: usize| self.token(at).is_some_and(|token| token.kind == Kind::Word && token.case == Case::Capital);
        let opens = |at: usize| {
            at.checked_sub(1)
                .is_none_or(|before| !self.token(before).is_some_and(|token| token.kind == Kind::Word || token.is(',')))
        };
        if !tags.meets(OUTCOME) || len > 1 || !capital(at) || opens(at) {
            return false;
        }
        let beside = at.checked_sub(1).is_some_and(|before| capital(before) && !opens(before)) || capital(at + len);
        // A headline writes every word so.
        let around = at.saturating_sub(6)..(at + 7);
        let (capitals, words) = around.fold((0, 0), |(capitals, words), at| {
            let is_word = self.token(at).is_some_and(|token| token.kind == Kind::Word && token.end - token.start > 3);
            (capitals + usize::from(is_word && capital(at)), words + usize::from(is_word))
        });
        beside && capitals * 3 < words * 2
    }

    /// "15-year-olds": a hyphen and a word behind what looks like a stretch of time.
    fn goes_on(&self, at: usize) -> bool {
        let hyphen = self.token(at).is_some_and(|token| token.glued && token.is('-'));
        hyphen && self.token(at + 1).is_some_and(|token| token.glued && token.kind == Kind::Word)
    }

    /// "the doctors' union": an ending that is an apostrophe behind certain letters.
    fn closes_possessive(&self, at: usize) -> bool {
        let Some(token) = self.token(at).filter(|token| token.glued && token.is('\'')) else { return false };
        let next_is_word = self.token(at + 1).is_some_and(|next| !next.glued && next.kind == Kind::Word);
        let before = at.checked_sub(1).and_then(|before| self.token(before)).filter(|_| next_is_word);
        let Some(before) = before.filter(|before| before.kind == Kind::Word && before.end == token.start) else {
            return false;
        };
        let word = before.text(self.source);
        let endings = self.language.file.text.possessive.iter().filter_map(|ending| ending.strip_suffix('\''));
        endings.into_iter().any(|letters| !letters.is_empty() && word.ends_with(letters))
    }

    /// "What Moscow admits": a word has its capital from the sentence it opens, unless what follows shows a name.
    fn merely_opens(&self, at: usize) -> bool {
        let opens = at
            .checked_sub(1)
            .and_then(|before| self.token(before))
            .is_none_or(|before| matches!(before.kind, Kind::Break | Kind::Mark('.' | '!' | '?' | ':' | '"' | '\'')));
        let (len, meanings) = self.hit(at + 1);
        let known_next =
            len > 0 && meanings.iter().any(|meaning| !matches!(meaning, Meaning::Plain(Tag::Said | Tag::Names)));
        let next = self.token(at + 1);
        let name_next = next.is_some_and(|next| next.kind == Kind::Word && next.case != Case::Lower) && !known_next;
        let says = |at: usize| self.sense(at).tags.meets(TagSet::of(&[Tag::Said, Tag::Names]));
        // "Kim now says"
        let said_next = says(at + 1) || (len > 0 && self.sense(at + 1).tags.has(Tag::Auxiliary) && says(at + 1 + len));
        let marked = next.is_some_and(|next| !matches!(next.kind, Kind::Word | Kind::Digits));
        let owns = next.is_some_and(|next| {
            next.glued && self.language.file.text.possessive.iter().any(|ending| ending == next.text(self.source))
        });
        opens && !name_next && !said_next && !marked && !owns
    }

    fn plain_tags(&self, at: usize) -> TagSet {
        let Some(token) = self.token(at) else { return TagSet::EMPTY };
        let endings = &self.language.file.text.possessive;
        let glued = token.glued && matches!(token.kind, Kind::Word);
        if glued && endings.iter().any(|ending| ending == token.text(self.source)) {
            return Tag::Possessive.set();
        }
        if self.closes_possessive(at) {
            return Tag::Possessive.set();
        }
        match token.kind {
            Kind::Word if token.case == Case::Lower => Tag::Word.set(),
            Kind::Word if token.case == Case::Capital && self.merely_opens(at) => Tag::Word.set(),
            Kind::Word => Tag::Name.set(),
            Kind::Digits => Tag::Word.set(),
            Kind::Mark(',') => Tag::Comma.set(),
            Kind::Mark(';') => Tag::Semicolon.set(),
            Kind::Mark(':') => Tag::Colon.set(),
            Kind::Mark('—' | '-') => Tag::Dash.set(),
            Kind::Mark('(' | ')' | '[' | ']') => Tag::Bracket.set(),
            Kind::Mark('"' | '\'') => Tag::QuoteMark.set(),
            Kind::Mark('+') => Tag::Plus.set(),
            Kind::Mark('%') => Tag::Percent.set(),
            Kind::Mark('$' | '€' | '£' | '₴' | '₽') => Tag::Money.set(),
            Kind::Mark(_) | Kind::Break => TagSet::EMPTY,
        }
    }
}

fn time_tags(time: TimeExpression) -> TagSet {
    if matches!(time, TimeExpression::Rate(_)) { TagSet::of(&[Tag::Time, Tag::Per]) } else { Tag::Time.set() }
}
