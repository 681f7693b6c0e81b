//! Parts and wholes of one sentence: which noun a figure lends to another.

use crate::extract::count::{Builder, Count, Head, Part};
use crate::extract::number::Odd;
use crate::extract::pattern::OUTCOME;
use crate::extract::scan::{Item, Sentence};
use crate::extract::tag::{Tag, TagSet};
use crate::model::Bounds;

/// "Of the dead, 12 were children", "of those, three are nurses": parts of what the sentence opens with.
pub(super) fn shares(sentence: &Sentence<'_>, counts: &mut [Count]) {
    let opens = TagSet::of(&[Tag::Of, Tag::OfThem]);
    let opened = sentence.items.first().is_some_and(|item| item.tags.meets(opens));
    let between = TagSet::of(&[Tag::Auxiliary, Tag::Modifier, Tag::One, Tag::Qualifier]);
    // "Six were children": the whole is in the sentence before.
    let of_them = |count: &Count| {
        let before = count.items.start.checked_sub(1).and_then(|at| sentence.items.get(at));
        before.is_some_and(|item| item.has(Tag::OfThem))
    };
    // "Four of the dead were teachers, and three were children."
    let parts = counts.first().is_some_and(|first| first.part == Some(Part::OfDead));
    let told = sentence.items.iter().any(|item| item.has(Tag::Done)) && counts.len() > 1;
    let joined = |count: &Count| {
        let and = count.items.start.checked_sub(1).and_then(|at| sentence.items.get(at));
        // "counted 129 wounded by evening; fifteen were children"
        and.is_some_and(|item| (parts && item.has(Tag::And)) || (told && item.has(Tag::Semicolon)))
    };
    let shares = |count: &&mut Count| {
        if opened { count.items.start >= 2 } else { count.items.start == 0 || of_them(count) || joined(count) }
    };
    for count in counts.iter_mut().filter(|count| count.head == Head::Bare).filter(shares) {
        let behind = sentence.items.get(count.items.end..).unwrap_or_default();
        let noun = behind.iter().take(4).position(|item| !item.tags.meets(between) || item.has(Tag::People));
        let is = behind.first().is_some_and(|item| item.has(Tag::Be));
        let row = noun.and_then(|noun| behind.get(noun)).and_then(|item| item.people());
        // "Of these, 111 were Palestinian, three Lebanese and two Israeli."
        let nation =
            behind.get(1).filter(|item| is && opened && item.tags.meets(TagSet::of(&[Tag::Side, Tag::Nation])));
        let ends = behind
            .get(2)
            .is_none_or(|next| next.tags.is_empty() || next.tags.meets(TagSet::of(&[Tag::Comma, Tag::And])));
        if let Some(nation) = nation.filter(|_| ends) {
            Builder::note_side(count, nation);
            count.head = Head::People;
            count.part = Some(Part::OfFigure);
            count.items.end += 2;
            continue;
        }
        if let Some(row) = row.filter(|_| is) {
            count.people = Some(row);
            count.part = Some(Part::OfFigure);
            count.items.end += noun.map_or(0, |noun| noun + 1);
        }
    }
}

/// "killed 42 and wounded 61 Russian soldiers": the noun of two verbs that a side names.
pub(super) fn noun_of_two_verbs(sentence: &Sentence<'_>, counts: &mut [Count]) {
    for at in 1..counts.len() {
        let (Some(first), Some(second)) = (counts.get(at - 1), counts.get(at)) else { return };
        let between = sentence.items.get(first.items.end..second.items.start).unwrap_or_default();
        let verb = |item: &Item<'_>| item.has(Tag::Verb) && item.tags.meets(OUTCOME);
        let joined = matches!(between, [and, then] if and.has(Tag::And) && verb(then));
        let led = first.items.start.checked_sub(1).and_then(|led| sentence.items.get(led)).is_some_and(verb);
        let sided = second.head == Head::People && second.party.is_some() && second.part.is_none();
        let (people, party) = (second.people, second.party);
        if let Some(first) = counts.get_mut(at - 1).filter(|first| joined && led && sided && first.head == Head::Bare) {
            (first.people, first.party, first.head) = (people, party, Head::People);
        }
    }
}

/// "437 medical and 972 educational facilities": what two numbers count stands behind the second.
pub(super) fn things_joined(sentence: &Sentence<'_>, counts: &mut [Count]) {
    for at in 1..counts.len() {
        let (Some(first), Some(second)) = (counts.get(at - 1), counts.get(at)) else { return };
        let between = sentence.items.get(first.items.end..second.items.start).unwrap_or_default();
        let [described @ .., and] = between else { continue };
        let plain = described.iter().all(|item| item.tags.meets(TagSet::of(&[Tag::Modifier, Tag::Qualifier])));
        let joined = and.tags == Tag::And.set() && plain;
        let noun = first.head == Head::Unknown || (first.head == Head::Bare && !described.is_empty());
        let things = noun && second.head == Head::Thing;
        if let Some(first) = counts.get_mut(at - 1).filter(|_| joined && things) {
            first.head = Head::Thing;
        }
    }
}

/// "485 of the roughly 550 troops": the second number is what the first is a share of, and lends it its noun.
pub(super) fn wholes(sentence: &Sentence<'_>, counts: &mut [Count]) {
    for at in 1..counts.len() {
        let (Some(share), Some(whole)) = (counts.get(at - 1).cloned(), counts.get(at).cloned()) else { return };
        // "22 of its 30 men", "nine members of one family"
        let begun = if share.people.is_some() { share.items.end } else { share.figure_items.end };
        let between = sentence.items.get(begun..whole.items.start).unwrap_or_default();
        let glue = TagSet::of(&[Tag::Of, Tag::Article, Tag::Own, Tag::Possessive]);
        let is_of = between.first().is_some_and(|item| item.has(Tag::Of))
            && (between.iter().all(|item| item.tags.meets(glue)) || owned(between));
        // "nine members of one family"
        let family = share.people.is_some()
            && matches!(whole.head, Head::Unknown | Head::Thing)
            && whole.figure.bounds == Bounds::Exact(1);
        // "nine of the 15 people killed were women", but "12 of the 15 passengers died"
        let behind = sentence.items.get(whole.items.end..).unwrap_or_default();
        let ends = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Barrier]);
        let clause = behind.iter().take_while(|item| !item.tags.meets(ends));
        let died =
            behind.first().is_some_and(|item| item.has(Tag::Done)) && clause.skip(1).any(|item| item.has(Tag::Be));
        // "one of 56 doctors to have been killed", "one of 26 people who died"
        let opens = matches!(behind, [to, have, ..]
            if to.tags.meets(TagSet::of(&[Tag::To, Tag::Relative]))
                && have.tags.meets(TagSet::of(&[Tag::Auxiliary, Tag::Done])));
        let harmed = died || (opens && behind.iter().take(5).any(|item| item.has(Tag::Done)));
        let smaller = share.figure.bounds.midpoint() <= whole.figure.bounds.midpoint();
        // "250,000 of the roughly 950,000 Russian casualties to date were killed": each has an outcome of its own.
        let dead = behind.iter().take(6).skip(1).position(|item| item.has(Tag::Be));
        let noun = behind.first().is_some_and(|item| item.has(Tag::Noun))
            && dead.is_some_and(|be| behind.get(be + 2).is_some_and(|item| item.has(Tag::Done)));
        if is_of && smaller && noun && matches!(share.head, Head::Bare | Head::Unknown) && whole.head == Head::Bare {
            if let Some(share) = counts.get_mut(at - 1) {
                share.head = Head::Bare;
                share.party = share.party.or(whole.party);
                share.items.end = whole.items.end + 1;
            }
            continue;
        }
        if is_of && (whole.head == Head::Bare || harmed) && smaller && kinds(sentence, counts, at) {
            continue;
        }
        if !is_of
            || harmed && !family
            || !(smaller || family)
            || !(matches!(whole.head, Head::People | Head::Thing | Head::Unknown)
                || (whole.head == Head::Bare && befalls(behind)))
        {
            continue;
        }
        if let Some(share) = counts.get_mut(at - 1) {
            share.head = match (share.head, share.people) {
                (Head::Bare, Some(_)) => Head::People,
                (Head::Bare, None) => whole.head,
                (head, _) => head,
            };
            share.people = share.people.or(whole.people);
            share.party = share.party.or(whole.party);
            share.items.end = whole.items.end;
        }
        // "96 of the 251 hostages abducted remain": the whole has its own outcome.
        let told = matches!(behind, [done, by, ..] if done.has(Tag::Done) && by.has(Tag::By));
        if let Some(whole) = counts.get_mut(at).filter(|_| !told) {
            whole.head = Head::Odd(Odd::Label);
        }
    }
}

/// "20,000 of Wagner's 50,000 fighters", "59 of the village's 330 residents": whether somebody owns the whole.
fn owned(between: &[Item<'_>]) -> bool {
    let wall = TagSet::of(&[Tag::Comma, Tag::And, Tag::In, Tag::Said]).with(OUTCOME);
    between.split_last().is_some_and(|(last, owner)| {
        last.has(Tag::Possessive) && owner.len() <= 4 && !owner.iter().any(|item| item.tags.meets(wall))
    })
}

/// "six of the ten were killed": whether a predicate of harm follows at once.
fn befalls(behind: &[Item<'_>]) -> bool {
    let over = behind.iter().take(3).take_while(|item| item.has(Tag::Auxiliary)).count();
    over > 0 && behind.get(over).is_some_and(|item| item.has(Tag::Done))
}

/// "Four of the five were children", "four of the 13 killed were children": the predicate says who the share are.
fn kinds(sentence: &Sentence<'_>, counts: &mut [Count], whole: usize) -> bool {
    let Some(end) = counts.get(whole).map(|whole| whole.items.end) else { return false };
    let behind = sentence.items.get(end..).unwrap_or_default();
    let done = usize::from(behind.first().is_some_and(|item| item.has(Tag::Done)));
    let where_and_when = TagSet::of(&[Tag::In, Tag::On, Tag::Place, Tag::Time, Tag::Article, Tag::Attack]);
    let skipped =
        behind.get(done..).unwrap_or_default().iter().take_while(|item| item.tags.meets(where_and_when)).count();
    let done = if done > 0 { done + skipped } else { done };
    let is = behind.get(done).is_some_and(|item| item.has(Tag::Be));
    let between = TagSet::of(&[Tag::Modifier, Tag::One, Tag::Qualifier]);
    let rest = behind.get(done + 1..).unwrap_or_default();
    let row =
        rest.iter().take(3).find(|item| !item.tags.meets(between) || item.has(Tag::People)).and_then(Item::people);
    let Some(row) = row.filter(|_| is) else { return false };
    if let Some(share) = counts.get_mut(whole - 1) {
        share.people = Some(row);
        share.head = Head::People;
        share.part = Some(Part::OfFigure);
        share.items.end = share.figure_items.end;
    }
    if done == 0
        && let Some(whole) = counts.get_mut(whole)
    {
        whole.head = Head::Odd(Odd::Label);
    }
    true
}

/// "Two people, a mother and her grown son, were killed": who they are to each other, set off behind their number.
pub(super) fn kin(sentence: &Sentence<'_>, counts: &mut [Count]) {
    let has = |at: usize, tag: Tag| sentence.items.get(at).is_some_and(|item| item.has(tag));
    for at in 0..counts.len() {
        let Some([whole, first, second]) = counts.get(at..at + 3) else { return };
        let one = |count: &Count| count.figure.bounds == Bounds::Exact(1) && count.head == Head::People;
        let two = whole.figure.bounds == Bounds::Exact(2) && whole.head == Head::People;
        let opens = has(whole.items.end, Tag::Comma) && first.items.start == whole.items.end + 1;
        let and = has(first.items.end, Tag::And) && second.items.start == first.items.end + 1;
        let own = sentence.items.get(second.items.clone()).unwrap_or_default().iter().any(|item| item.has(Tag::Own));
        if two && one(first) && one(second) && opens && and && own && has(second.items.end, Tag::Comma) {
            for part in counts.iter_mut().skip(at + 1).take(2) {
                part.head = Head::Odd(Odd::Label);
            }
        }
    }
}

/// "One man, an employee of the city, was killed": the second is the first again.
pub(super) fn appositions(sentence: &Sentence<'_>, counts: &mut [Count]) {
    let has = |at: usize, tag: Tag| sentence.items.get(at).is_some_and(|item| item.has(tag));
    for at in 1..counts.len() {
        let (Some(first), Some(second)) = (counts.get(at - 1), counts.get(at)) else { return };
        let single = |count: &Count| count.figure.bounds == Bounds::Exact(1) && count.head == Head::People;
        // "one of the injured a girl of six", "One of the dead was a girl of nine"
        let between_them = sentence.items.get(first.items.end..second.items.start).unwrap_or_default();
        let says = OUTCOME.with(TagSet::of(&[Tag::Be, Tag::Auxiliary]));
        let of_dead = first.part.is_some() && first.figure.bounds == Bounds::Exact(1);
        // "one of the wounded, a woman, had died"
        let apposed = matches!(between_them, [dead, comma] if dead.has(Tag::TheDead) && comma.has(Tag::Comma))
            && has(second.items.end, Tag::Comma);
        let told = of_dead
            && single(second)
            && (apposed || (between_them.len() <= 2 && between_them.iter().all(|item| item.tags.meets(says))));
        let between = first.items.end..second.items.start;
        let beside = between.len() == 1 && has(between.start, Tag::Comma) && has(second.number, Tag::One);
        // "21 wounded and one, a radio operator, missing"
        let bare = first.head == Head::Bare && first.figure.bounds == Bounds::Exact(1) && !has(first.number, Tag::One);
        let closed = (second.items.end..second.items.end + 5).any(|at| has(at, Tag::Comma));
        if told || (beside && bare && closed && single(second)) {
            let people = second.people;
            if let Some(second) = counts.get_mut(at) {
                second.head = Head::Odd(Odd::Label);
            }
            if let Some(first) = counts.get_mut(at - 1) {
                first.people = people;
            }
            continue;
        }
        if !(beside && single(first) && single(second)) {
            continue;
        }
        // "a man, a woman and a child were killed"
        let closes = (second.items.end..second.items.end + 8).find(|at| has(*at, Tag::Comma) || has(*at, Tag::And));
        let predicate = TagSet::of(&[Tag::Be, Tag::Auxiliary, Tag::Done]);
        // "the death of a soldier, a 20-year-old sergeant, in fighting"
        let old =
            |item: &Item<'_>| item.has(Tag::Age) || item.number().is_some_and(|one| one.odd == Some(Odd::Compound));
        let aged = sentence.items.get(second.items.clone()).unwrap_or_default().iter().any(old);
        let predicate = if aged { predicate.with(TagSet::of(&[Tag::In, Tag::On])) } else { predicate };
        let ends = closes.is_some_and(|comma| {
            has(comma, Tag::Comma) && sentence.items.get(comma + 1).is_some_and(|item| item.tags.meets(predicate))
        });
        // "It killed its driver, a man of 63."
        let own = sentence.items.get(first.items.clone()).unwrap_or_default().iter().any(|item| item.has(Tag::Own));
        let listed = TagSet::of(&[Tag::And, Tag::One, Tag::Count]);
        let last = closes.is_none_or(|comma| {
            has(comma, Tag::Comma) && !sentence.items.get(comma + 1).is_some_and(|item| item.tags.meets(listed))
        });
        if (ends || (own && last))
            && let Some(second) = counts.get_mut(at)
        {
            second.head = Head::Odd(Odd::Label);
        }
    }
}

/// "Women account for 8,304", "Volunteers: 2,611", "Of the mobilised, 489": a figure whose noun opens the sentence, which
/// says nothing else: a part of the figure before.
pub(super) fn nouns_ahead(sentence: &Sentence<'_>, counts: &mut [Count]) {
    let Some(count) = counts.iter_mut().find(|count| !matches!(count.head, Head::Odd(_))) else { return };
    if count.head != Head::Bare || sentence.meets(OUTCOME) {
        return;
    }
    if let Some(row) = noun_ahead(&sentence.items, count) {
        count.people = Some(row);
        count.head = Head::People;
        count.part = Some(Part::OfFigure);
    }
}

/// "Women account for 736 of those killed, and children for 241": a noun that a preposition ties to its figure.
pub(super) fn nouns_by_preposition(sentence: &Sentence<'_>, counts: &mut [Count]) {
    let joins = TagSet::of(&[Tag::And, Tag::Comma]);
    let leads = TagSet::of(&[Tag::Preposition, Tag::On]);
    for count in counts.iter_mut().skip(1).filter(|count| count.head == Head::Bare) {
        let Some([before @ .., led]) = sentence.items.get(..count.items.start) else { continue };
        // "ahead of convicts on 17,962 and mobilised reservists on 14,508"
        let (join, people) = match before {
            [.., join, modifier, people] if modifier.has(Tag::Modifier) => (join, people),
            [.., join, people] => (join, people),
            _ => continue,
        };
        let row = people.people().filter(|_| join.tags.meets(joins) && led.tags.meets(leads));
        if let Some(row) = row {
            count.people = Some(row);
            count.head = Head::People;
            count.part = Some(Part::OfFigure);
        }
    }
}

fn noun_ahead(items: &[Item<'_>], count: &Count) -> Option<u16> {
    let opening = items.get(..count.items.start)?;
    let people = opening.iter().take(4).position(|item| item.people().is_some())?;
    let led = TagSet::of(&[Tag::Article, Tag::Of, Tag::OfThem, Tag::Modifier, Tag::Qualifier, Tag::Side]);
    let opens = opening.get(..people)?.iter().all(|item| item.tags.meets(led));
    let between = opening.get(people + 1..)?;
    // "Civilians, he said, make up about 8,500 of it."
    let between = match between {
        [comma, who, said, closing, rest @ ..]
            if comma.has(Tag::Comma) && closing.has(Tag::Comma) && said.has(Tag::Said) && !who.has(Tag::Count) =>
        {
            rest
        }
        _ => between,
    };
    let last = between.last()?;
    let verbs = TagSet::of(&[Tag::Auxiliary, Tag::Said, Tag::Names, Tag::Modal, Tag::According, Tag::Barrier]);
    // What stands between explains: "Volunteers, meaning anyone who signed up: 2,611".
    let explains = between.len() <= 8 && !between.iter().any(|item| item.tags.meets(verbs));
    let set_off = last.tags.meets(TagSet::of(&[Tag::Colon, Tag::Comma, Tag::Dash, Tag::Bracket])) && explains;
    let numbers = last.has(Tag::Numbers) && between.len() <= 3;
    let closes = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Bracket, Tag::And, Tag::Of]);
    let ends = items.get(count.items.end).is_none_or(|next| next.tags.is_empty() || next.tags.meets(closes));
    opening.get(people)?.people().filter(|_| opens && ends && (set_off || numbers))
}

/// "a police officer and a nurse among them": what stands behind both makes the first a part as well.
pub(super) fn among_them(sentence: &Sentence<'_>, counts: &mut [Count]) {
    for at in 1..counts.len() {
        let (Some(first), Some(last)) = (counts.get(at - 1), counts.get(at)) else { return };
        let among = last.items.end.checked_sub(1).and_then(|end| sentence.items.get(end));
        let between = sentence.items.get(first.items.end..last.items.start).unwrap_or_default();
        let opens = first.items.start.checked_sub(1).and_then(|comma| sentence.items.get(comma));
        let joined = matches!(between, [and] if and.has(Tag::And)) && opens.is_some_and(|item| item.has(Tag::Comma));
        let people = first.head == Head::People && first.part.is_none() && last.part == Some(Part::OfFigure);
        if joined
            && people
            && among.is_some_and(|item| item.has(Tag::OfThem))
            && let Some(first) = counts.get_mut(at - 1)
        {
            first.part = Some(Part::OfFigure);
        }
    }
}
