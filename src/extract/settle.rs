//! Drafts → claims: what an article says twice is said once, by the better attributed.

use std::rc::Rc;

use crate::extract::draft::Draft;
use crate::extract::speaker::{Sort, Speaker};
use crate::extract::spelling::folded;
use crate::extract::{Reason, Rejection};
use crate::model::{Bounds, Claim, Outcome, Outcomes, Scope};

/// Merges repetitions, drops headlines that the text repeats, and reads "casualties" as the article defines it.
pub(super) fn settle(drafts: Vec<Draft>, mix: &[(Outcomes, Option<Rc<Speaker>>)]) -> (Vec<Claim>, Vec<Rejection>) {
    let mut drafts = drafts;
    for draft in &mut drafts {
        define(draft, mix);
    }
    let mut rejected = Vec::new();
    let replaced = |draft: &Draft| draft.superseded && drafts.iter().any(|newer| replaces(newer, draft));
    let old: Vec<usize> = (0..).zip(&drafts).filter(|(_, draft)| replaced(draft)).map(|(at, _)| at).collect();
    for at in old.into_iter().rev() {
        rejected.push(rejection(&drafts.remove(at), Reason::Replaced));
    }
    let (mut kept, mut titles): (Vec<Draft>, Vec<Draft>) = (Vec::with_capacity(drafts.len()), Vec::new());
    for draft in drafts {
        if draft.in_title {
            titles.push(draft);
            continue;
        }
        match kept.iter_mut().find(|known| repeats(known, &draft)) {
            Some(known) => {
                if !rounds(&draft, known) && (rounds(known, &draft) || better(&draft, known)) {
                    let older = std::mem::replace(known, draft);
                    rejected.push(rejection(&older, Reason::Repeated));
                } else {
                    rejected.push(rejection(&draft, Reason::Repeated));
                }
            }
            None => kept.push(draft),
        }
    }
    for title in titles {
        // "Shoigu: 5,937 dead" says what the 5,937 are that the text has lost.
        let lost = kept.iter_mut().find(|known| names_losses(&title, known));
        if let Some(known) = lost {
            known.claim.outcomes = title.claim.outcomes;
        }
        let told = kept.iter().any(|known| tells(known, &title));
        if told || kept.iter().any(|known| known.in_title && repeats(known, &title)) {
            rejected.push(rejection(&title, Reason::Repeated));
        } else {
            kept.push(title);
        }
    }
    kept.sort_by_key(|draft| draft.number.start);
    (kept.into_iter().map(|draft| draft.claim).collect(), rejected)
}

/// Whether a figure stands in for one that the text gives as an earlier one.
fn replaces(newer: &Draft, older: &Draft) -> bool {
    let (one, other) = (&newer.claim, &older.claim);
    // "In December he had put the number at 43,000": an older figure of another time stands, and so does one of somebody
    // else's.
    let others = older.attributed
        && newer.speaker.as_ref().zip(older.speaker.as_ref()).is_some_and(|(new, old)| !same_name_or_id(new, old));
    !newer.superseded
        && !others
        && !apart(one, other)
        && newer.entry == older.entry
        && one.outcomes.iter().any(|outcome| other.outcomes.contains(outcome))
        && one.party == other.party
        && one.scope == other.scope
        && one.figure.bounds != other.figure.bounds
}

fn rejection(draft: &Draft, reason: Reason) -> Rejection {
    Rejection { span: draft.number.clone(), text: draft.claim.wording.figure.clone(), reason }
}

/// "Casualties" of a speaker whose article says what they are.
fn define(draft: &mut Draft, mix: &[(Outcomes, Option<Rc<Speaker>>)]) {
    if draft.claim.outcomes != Outcomes::only(Outcome::Casualties) {
        return;
    }
    let same = |speaker: &Option<Rc<Speaker>>| match (speaker, &draft.speaker) {
        (Some(one), Some(other)) => one.name == other.name || (one.id.is_some() && one.id == other.id),
        (None, _) => true,
        (Some(_), None) => false,
    };
    if let Some((outcomes, _)) = mix.iter().find(|(_, speaker)| same(speaker)) {
        draft.claim.outcomes = *outcomes;
    }
}

/// Whether two drafts say the same thing.
fn repeats(a: &Draft, b: &Draft) -> bool {
    let (one, other) = (&a.claim, &b.claim);
    let same_figure = one.figure.bounds.midpoint() == other.figure.bounds.midpoint()
        || one.figure.bounds == other.figure.bounds
        || rounds(a, b)
        || rounds(b, a);
    let both_mixed = mixed(one) && mixed(other);
    // "a beekeeper and his wife": two single people of one sentence.
    if a.sentence == b.sentence && one.figure.bounds.midpoint() == 1 {
        return false;
    }
    // "15 soldiers and 15 civilians were killed"
    if a.sentence == b.sentence && one.victims != other.victims {
        return false;
    }
    // "killed at Al Nao hospital in Omdurman" and "killed in Omdurman": one sentence names both places.
    let names = |a: &Draft, b: &Claim| b.place.as_deref().is_some_and(|place| a.claim.quote.text.contains(place));
    let placed = || a.sentence != b.sentence && (names(a, other) || names(b, one));
    same_figure
        && (one.outcomes == other.outcomes || both_mixed)
        && one.party == other.party
        && one.group == other.group
        && same_stretch(one, other)
        && !apart(one, other)
        && (compatible(one.place.as_deref(), other.place.as_deref()) || placed())
        && same_speaker(a, b)
        && a.number != b.number
}

/// Whether somebody first rounded a figure that he gives exactly: "almost 5,500", and "5,469" below.
fn rounds(rounded: &Draft, exact: &Draft) -> bool {
    let (round, value) = (rounded.claim.figure.bounds.midpoint(), exact.claim.figure.bounds.midpoint());
    let whole = |value: u64| value >= 1_000 && value.is_multiple_of(100);
    if !whole(round) || value.is_multiple_of(100) || value.abs_diff(round) > round / 10 {
        return false;
    }
    let at_least = matches!(rounded.claim.figure.bounds, Bounds::AtLeast(_));
    let hedged = at_least || rounded.claim.figure.approx;
    let told = matches!(exact.claim.figure.bounds, Bounds::Exact(_)) && !exact.claim.figure.approx;
    let speaker = rounded.speaker.as_ref().zip(exact.speaker.as_ref());
    let same = || speaker.is_some_and(|(one, other)| same_name_or_id(one, other));
    hedged && told && (!at_least || value >= round) && same()
}

/// Whether two claims are of days too far apart to be one.
fn apart(one: &Claim, other: &Claim) -> bool {
    one.as_of.zip(other.as_of).is_some_and(|(one, other)| (one - other).get_days().abs() > 7)
}

/// Whether two stretches can be the same.
fn same_stretch(a: &Claim, b: &Claim) -> bool {
    a.scope == b.scope || a.scope == Scope::Incident || b.scope == Scope::Incident
}

fn mixed(claim: &Claim) -> bool {
    let outcomes = claim.outcomes;
    outcomes.contains(Outcome::Casualties)
        || (outcomes.contains(Outcome::Killed) && outcomes.contains(Outcome::Wounded))
}

fn compatible(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b || a.contains(b) || b.contains(a) || same_name(a, b),
        (None, _) | (_, None) => true,
    }
}

/// "Kursk region" and "Kursk area": the same name with another word for what kind of place it is.
fn same_name(a: &str, b: &str) -> bool {
    fn name(place: &str) -> Option<&str> {
        place.rsplit_once(' ').filter(|(_, kind)| kind.chars().all(char::is_lowercase)).map(|(name, _)| name)
    }
    name(a).is_some_and(|one| name(b) == Some(one))
}

/// The same claimant, or one of them is not named: the better attributed is the claim.
fn same_speaker(a: &Draft, b: &Draft) -> bool {
    match (&a.speaker, &b.speaker) {
        (Some(one), Some(other)) => {
            let roles = is_role(one) || is_role(other);
            // Two people with names are two, whatever side they are on.
            let people = !roles && one.sort == Sort::Person && other.sort == Sort::Person;
            same_name_or_id(one, other)
                || (one.side == other.side && (one.side.is_some() || roles) && !people)
                || speaks_for(one, other)
                || speaks_for(other, one)
                || !(a.attributed && b.attributed)
        }
        (None, _) | (_, None) => true,
    }
}

/// "regional authorities" under a headline that says "Ukraine": a role of a country that no list has a row for.
fn speaks_for(role: &Speaker, country: &Speaker) -> bool {
    let plain = country.side.is_some() && country.id.is_none() && country.sort != Sort::Person;
    !role.name.contains(char::is_uppercase) && role.side.is_none() && plain
}

/// Whether two speakers are called alike, or are the same office.
fn same_name_or_id(one: &Speaker, other: &Speaker) -> bool {
    // As most are that are called alike at all.
    if one.name == other.name {
        return true;
    }
    let (one_name, other_name) = (folded(&one.name), folded(&other.name));
    let alike = one_name.contains(&other_name) || other_name.contains(&one_name);
    alike || (one.id.is_some() && one.id == other.id)
}

/// "governor": somebody by nothing but the one word for an office, who may be named elsewhere.
fn is_role(speaker: &Speaker) -> bool {
    speaker.name.chars().all(char::is_lowercase)
}

fn better(new: &Draft, old: &Draft) -> bool {
    let score = |draft: &Draft| {
        let known = draft.speaker.as_ref().is_some_and(|speaker| speaker.id.is_some());
        // "At least 15 people died": a lead hedges what somebody is quoted for below.
        let exact = matches!(draft.claim.figure.bounds, Bounds::Exact(_));
        (draft.speaker.is_some(), draft.attributed, known, exact)
    };
    let speakers = new.speaker.as_ref().zip(old.speaker.as_ref());
    score(new) > score(old) || (score(new) == score(old) && speakers.is_some_and(|(new, old)| speaks_for(new, old)))
}

/// Whether a headline tells what became of people whom the text only calls lost.
fn names_losses(title: &Draft, text: &Draft) -> bool {
    let (title, text) = (&title.claim, &text.claim);
    text.outcomes == Outcomes::only(Outcome::Casualties)
        && title.outcomes == Outcomes::only(Outcome::Killed)
        && title.figure.bounds == text.figure.bounds
        && title.party == text.party
}

/// Whether the text gives what a headline says, perhaps more exactly.
fn tells(text: &Draft, title: &Draft) -> bool {
    let (exact, rounded) = (&text.claim, &title.claim);
    let (value, round) = (exact.figure.bounds.midpoint(), rounded.figure.bounds.midpoint());
    // "Toll nears 20,000" over 19,667.
    let nears = round >= 1000 && round.is_multiple_of(1000) && value < round && round - value <= round / 20;
    let near = value == round || nears || (round >= 1000 && value >= round && value - round <= round / 10);
    let shares =
        exact.outcomes.iter().any(|outcome| rounded.outcomes.contains(outcome)) || (mixed(exact) && mixed(rounded));
    // "Israel loses eight soldiers" says of the eight killed what a headline has room for.
    let shares = shares || rounded.outcomes == Outcomes::only(Outcome::Casualties);
    // "Dozens killed" is what a headline makes of 52.
    let worded = rounded.figure.vague
        && !exact.figure.vague
        && exact.party == rounded.party
        && rounded.figure.bounds.min().is_some_and(|least| value >= least);
    // "More than 100 die" is what it makes of at least 112.
    let least = rounded.figure.bounds.min().filter(|_| rounded.figure.bounds.max().is_none());
    let floor = exact.party == rounded.party
        && least.is_some_and(|least| {
            exact.figure.bounds.min().is_some_and(|told| told >= least && told <= least + least / 4)
        });
    (near || worded || floor) && shares
}
