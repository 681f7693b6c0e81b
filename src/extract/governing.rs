//! Which of the sayings of a sentence a figure is in.

use std::ops::Range;

use crate::extract::scan::Sentence;
use crate::extract::speaker::Saying;
use crate::extract::tag::Tag;

/// The saying that governs a count: the nearest one before it, else the nearest behind.
pub(super) fn governing<'s>(
    sayings: &'s [Saying],
    sentence: &Sentence<'_>,
    count: &Range<usize>,
) -> Option<&'s Saying> {
    let separated = |from: usize, to: usize| {
        sentence.items.get(from..to).unwrap_or_default().iter().any(|item| item.has(Tag::Semicolon))
    };
    let heard = |saying: &&Saying| saying.speaker.is_some();
    let before = sayings.iter().filter(heard).rfind(|saying| saying.at < count.start && !saying.cited);
    // "71,380 killed (it includes 540 names approved by the committee)": what is said aside is of something else.
    let aside = |saying: &&Saying| {
        let between = sentence.items.get(count.end..saying.at).unwrap_or_default();
        between.iter().filter(|item| item.has(Tag::Bracket)).count() % 2 == 1
    };
    let heard = |saying: &&Saying| heard(saying) && !aside(saying);
    let cited = sayings.iter().filter(heard).find(|saying| saying.cited);
    // "90,000 are listed as missing in Ukraine's register, the commissioner said": the register says nothing itself.
    let paper = |saying: &Saying| {
        sentence.items.get(saying.at).is_some_and(|item| item.has(Tag::Report) && !item.has(Tag::Said))
    };
    let mut behind = sayings.iter().filter(heard).filter(|saying| saying.at >= count.end);
    let first = behind.next();
    let told = behind.next().filter(|told| first.is_some_and(paper) && !paper(told) && !told.cited);
    let behind = told.or(first);
    // "28 died, officials said, while another 24 were shot, according to witnesses": what was cited is of the second.
    let counted = |from: usize, to: usize| {
        sentence.items.get(from..to).unwrap_or_default().iter().any(|item| item.has(Tag::Count))
    };
    // "The newspaper, citing the ministry, reported that 11 people were killed."
    let origin = before.zip(cited).filter(|(before, cited)| before.subject.end <= cited.at && cited.at < before.at);
    // "The agency reported, citing the ministry, that 11 people were killed."
    let inserted =
        |before: &Saying, cited: &Saying| before.at < cited.at && cited.at <= before.at + 2 && cited.at < count.start;
    let origin = origin.or_else(|| before.zip(cited).filter(|(before, cited)| inserted(before, cited)));
    // "Citing the ministry, the agency reported that 11 people were killed."
    let opens = |cited: &Saying| sentence.items.first().is_some_and(|item| cited.at == 0 && item.tokens.len() == 1);
    let origin = origin.or_else(|| before.zip(cited).filter(|(_, cited)| opens(cited)));
    if let Some((_, cited)) = origin {
        return Some(cited);
    }
    // "Israel said it would return after strikes that, by the tally of the health ministry, left 104 dead."
    let between = before
        .zip(cited)
        .filter(|(before, cited)| before.at < cited.at && cited.at < count.start && !counted(cited.at, count.start));
    if let Some((_, cited)) = between {
        return Some(cited);
    }
    let nearer = behind
        .filter(|behind| !behind.cited)
        .filter(|behind| cited.is_some_and(|cited| behind.at < cited.at && counted(behind.at, cited.at)));
    if let Some(nearer) = nearer.filter(|_| before.is_none()) {
        return Some(nearer);
    }
    // "Israel says 1,200 died; its campaign has killed 69,000, according to the ministry": of the second clause.
    let apart = before.is_some_and(|before| !separated(before.at, count.start))
        && cited.is_some_and(|cited| cited.at > count.end && separated(count.end, cited.at));
    if let Some(cited) = cited
        && !apart
        && (before.is_none() || cited.at > count.end)
    {
        return Some(cited);
    }
    match (before, behind) {
        (Some(before), _) if !separated(before.at, count.start) => Some(before),
        (_, Some(behind)) if !separated(count.end, behind.at) => Some(behind),
        (Some(before), _) => Some(before),
        // "120 are still in Gaza; the army believes that 43 are dead": what follows is said, not what stands before.
        (None, behind) => {
            behind.filter(|behind| !sentence.items.get(behind.at + 1).is_some_and(|item| item.has(Tag::Relative)))
        }
    }
}
