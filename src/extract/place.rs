//! Where: the narrowest place that a figure is tied to.

use crate::extract::context::Names;
use crate::extract::meaning::Meaning;
use crate::extract::scan::{Item, Scan, Sentence};
use crate::extract::tag::{Tag, TagSet};
use crate::extract::war::War;
use crate::model::PartyId;

/// A place in the text.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::struct_excessive_bools, reason = "each is an observation of its own")]
pub(super) struct Spot {
    /// Its item in the sentence.
    pub(super) at: usize,
    /// Its English name, with the word for its kind as printed; none for a whole country.
    pub(super) name: Option<String>,
    /// The side whose people live there, if the place is known.
    pub(super) party: Option<PartyId>,
    /// The side whose soldiers were harmed there, as the article told.
    pub(super) soldiers: Option<PartyId>,
    /// Something is said to be there: "in Kharkiv", "the city of Kharkiv", not "from Kharkiv".
    pub(super) situates: bool,
    /// It is wider than a town, or nobody knows.
    pub(super) wide: bool,
    /// It is a building or a yard, not where people live.
    pub(super) site: bool,
    /// It only says where the place named right before it lies: "Hroza, in the Kharkiv region".
    pub(super) qualifies: bool,
    /// It stands before the dash that opens an agency story, so that it tells where the reporter sat.
    pub(super) dateline: bool,
}

impl Spot {
    /// A place of which nothing is known but where it is named.
    fn anywhere(at: usize, dateline: bool) -> Self {
        Self {
            at,
            name: None,
            party: None,
            soldiers: None,
            situates: true,
            wide: true,
            site: false,
            qualifies: false,
            dateline,
        }
    }
}

/// What may name a place.
const PLACES: TagSet = TagSet::of(&[Tag::Place, Tag::Country, Tag::Name]);

/// The places of a sentence, in a list that served another.
pub(super) fn spots(
    scan: &Scan<'_>,
    (names, war): (&Names, &War),
    sentence: &Sentence<'_>,
    mut out: Vec<Spot>,
) -> Vec<Spot> {
    out.clear();
    let spotted = PLACES.with(Tag::Side.set());
    if !sentence.meets(spotted) {
        return out;
    }
    // "APRIL 4, KRYVYI RIH - A missile hits a playground": what opens a later entry is where it happened.
    let dateline_end = if sentence.paragraph <= 2 { dateline(scan, sentence) } else { 0 };
    let places = sentence.items.iter().enumerate().filter(|(_, item)| item.tags.meets(spotted));
    for (at, item) in places.filter(|(at, _)| !is_origin(&sentence.items, *at) && !is_home(&sentence.items, *at)) {
        let row = item.meaning(|meaning| if let Meaning::Place(row) = meaning { Some(row) } else { None });
        let Some(place) = row.and_then(|row| names.place(row)) else {
            let anywhere = Spot::anywhere(at, at < dateline_end);
            if let Some(party) = country(names, sentence, at) {
                out.push(Spot { party: Some(party), ..anywhere });
            } else if let Some(name) = unknown(scan, sentence, at).filter(|_| item.tags.meets(PLACES)) {
                out.push(Spot { name: Some(name), ..anywhere });
            }
            continue;
        };
        let is_country = place.level == "country";
        let name = (!is_country).then(|| full_name(scan, sentence, at, &place.name));
        // "the Moscow-installed mayor"
        let joined = sentence.items.get(at + 1).is_some_and(|next| next.has(Tag::Dash) && is_glued(scan, next));
        if joined && sentence.items.get(at + 2).is_some_and(|next| !next.tags.meets(PLACES)) {
            continue;
        }
        // "the spokesman, Abdifatah Aden Hassan, said": a part of a person's name.
        let named =
            |at: Option<usize>| at.and_then(|at| sentence.items.get(at)).is_some_and(|item| item.has(Tag::Name));
        let is_surname = named(at.checked_sub(1)) && !is_led(sentence, at - 1);
        if is_surname || (named(at.checked_sub(1)) && named(Some(at + 1))) {
            continue;
        }
        if item.has(Tag::Government) && is_government(sentence, at) {
            continue;
        }
        // "In Washington, the spokesman said", "told reporters in Geneva": a city outside the war is where people speak.
        // "Geneva: Thousands of civilians have died", "GENEVA" on a line of its own
        let opens = at == 0 && sentence.items.get(1).is_none_or(|next| next.has(Tag::Colon));
        let speaks = item.has(Tag::Government) || sentence.has(Tag::Said) || opens;
        let third = speaks && place.level == "city" && !war.takes_part(names, &place.party);
        let led = sentence.items.get(at.saturating_sub(5)..at).unwrap_or_default();
        if third && !led.iter().any(|item| item.has(Tag::Attack)) {
            continue;
        }
        let situates = situates(sentence, at);
        // "said that Russia lost 40 men": a country that acts is no place.
        let owns = sentence.items.get(at + 1).is_some_and(|next| next.has(Tag::Possessive));
        // "KHARKIV, Ukraine — Russia rained drones on the city"
        let opens = at.checked_sub(1).and_then(|dash| sentence.items.get(dash)).is_some_and(|item| item.has(Tag::Dash));
        let ends = TagSet::of(&[Tag::Comma, Tag::Dash, Tag::Colon, Tag::Bracket]);
        let closes = sentence.items.get(at + 1).is_none_or(|next| next.tags.is_empty() || next.tags.meets(ends));
        if is_country && (owns || (opens && !closes) || !is_led(sentence, at)) {
            continue;
        }
        let party = Some(place.party.clone());
        let (site, dateline) = (place.level == "site", at < dateline_end);
        let wide = matches!(place.level.as_str(), "region" | "country" | "front");
        out.push(Spot { at, name, party, soldiers: None, situates, wide, site, qualifies: false, dateline });
    }
    if out.len() < 2 {
        return out;
    }
    let heads: Vec<(usize, bool)> = out.iter().map(|spot| (spot.at, spot.wide)).collect();
    for (spot, (head, wide)) in out.iter_mut().skip(1).zip(heads) {
        // "in Kosti, White Nile state,"
        let comma = spot.at == head + 2 && sentence.items.get(head + 1).is_some_and(|item| item.has(Tag::Comma));
        spot.qualifies = (comma && spot.wide && !wide) || qualifies(sentence, head, spot.at);
    }
    out
}

/// "as Moscow hits energy sites", "as Kyiv's allies met", "cost Kyiv up to 180 troops": a capital that means its government.
fn is_government(sentence: &Sentence<'_>, at: usize) -> bool {
    let has = |at: Option<usize>, tags: TagSet| {
        at.and_then(|at| sentence.items.get(at)).is_some_and(|item| item.tags.meets(tags))
    };
    let before = at.checked_sub(1);
    let cost = has(before, Tag::Take.set());
    // "in Kyiv's Darnytskyi district" is a place.
    let owns = has(Some(at + 1), Tag::Possessive.set())
        && sentence.items.get(at + 2).is_some_and(|item| item.tags == Tag::Word.set());
    let acts = owns || has(Some(at + 1), TagSet::of(&[Tag::Attack, Tag::Verb, Tag::Start]));
    let as_ = has(before, Tag::Preposition.set()) && has(before, Tag::Reach.set());
    let led = has(before, TagSet::of(&[Tag::In, Tag::Of, Tag::On, Tag::Attack, Tag::From])) && !as_;
    cost || ((acts || as_ || has(before, Tag::Barrier.set())) && !led)
}

/// "El Fasher, the capital of North Darfur", "Hroza in Ukraine's Kharkiv region": whether one place only says where the one
/// before it lies.
fn qualifies(sentence: &Sentence<'_>, head: usize, at: usize) -> bool {
    let inside = TagSet::of(&[
        Tag::Comma,
        Tag::In,
        Tag::Of,
        Tag::Article,
        Tag::Possessive,
        Tag::Country,
        Tag::Side,
        Tag::Direction,
        Tag::Settlement,
        Tag::Region,
        Tag::Name,
        Tag::Word,
        Tag::Modifier,
        Tag::Count,
        Tag::Thing,
        Tag::Preposition,
        Tag::From,
        Tag::One,
    ]);
    let between = sentence.items.get(head + 1..at).unwrap_or_default();
    let words = between.iter().filter(|item| item.has(Tag::Word)).count();
    let links = |item: &Item<'_>| item.tags.meets(TagSet::of(&[Tag::In, Tag::Of]));
    // "fired from Gaza into Israel"
    let from =
        head.checked_sub(1).and_then(|before| sentence.items.get(before)).is_some_and(|item| item.has(Tag::From));
    let linked = between.iter().all(|item| item.tags.meets(inside)) && between.iter().any(links);
    let apposed = between.first().is_some_and(|item| item.has(Tag::Comma));
    linked && !from && words <= 2 && between.len() <= if apposed { 12 } else { 7 }
}

/// "fire from Lebanon", "rockets launched from the Gaza Strip": where an attack came from is not where it struck.
pub(super) fn is_origin(items: &[Item<'_>], at: usize) -> bool {
    let has = |back: usize, tags: TagSet| {
        at.checked_sub(back).and_then(|before| items.get(before)).is_some_and(|item| item.tags.meets(tags))
    };
    let from = 1 + usize::from(has(1, Tag::Article.set()));
    let attack = TagSet::of(&[Tag::Attack]);
    has(from, Tag::From.set()) && (has(from + 1, attack) || has(from + 2, attack))
}

/// "seasonal workers from Idlib": whose home is named without their being counted by it.
fn is_home(items: &[Item<'_>], at: usize) -> bool {
    let Some(from) = at.checked_sub(1).filter(|from| items.get(*from).is_some_and(|item| item.has(Tag::From))) else {
        return false;
    };
    let people = from.checked_sub(1).and_then(|at| items.get(at)).is_some_and(|item| item.people().is_some());
    let near = items.get(from.saturating_sub(5)..from).unwrap_or_default().iter().rev();
    let mut phrase = near.take_while(|item| !item.tags.meets(TagSet::of(&[Tag::Comma, Tag::Semicolon])));
    people && !phrase.any(|item| item.has(Tag::Count))
}

/// "in Israel": a side as the country where it happened.
fn country(names: &Names, sentence: &Sentence<'_>, at: usize) -> Option<PartyId> {
    // "in Ukrainian cities"
    let land =
        sentence.items.get(at + 1).is_some_and(|next| next.tags.meets(TagSet::of(&[Tag::Settlement, Tag::Region])));
    let item = sentence.items.get(at).filter(|item| item.has(Tag::Country) || (item.has(Tag::Side) && land))?;
    let leads =
        if land { TagSet::of(&[Tag::In, Tag::Direction, Tag::On]) } else { TagSet::of(&[Tag::In, Tag::Direction]) };
    let before = |back: usize| at.checked_sub(back).and_then(|before| sentence.items.get(before));
    // "in neighbouring Niger", "in a Polish village"
    let plain = TagSet::of(&[Tag::Word, Tag::Modifier, Tag::Article, Tag::One]);
    let word = usize::from(before(1).is_some_and(|item| item.tags.meets(plain) && !item.tags.meets(leads)));
    let led = before(1 + word).filter(|item| item.tags.meets(leads));
    let possessed = sentence.items.get(at + 1).is_some_and(|next| next.has(Tag::Possessive));
    led.filter(|_| !possessed)?;
    let row = item.meaning(|meaning| if let Meaning::Party(_, row) = meaning { Some(row) } else { None })?;
    names.party(row).cloned()
}

fn is_glued(scan: &Scan<'_>, dash: &Item<'_>) -> bool {
    scan.token(dash.tokens.start).is_some_and(|token| token.glued)
}

fn is_led(sentence: &Sentence<'_>, at: usize) -> bool {
    let leads =
        TagSet::of(&[Tag::In, Tag::Of, Tag::On, Tag::From, Tag::Preposition, Tag::Direction, Tag::Comma, Tag::Dash]);
    // "Ukraine: five killed", not "Russia denies it".
    let ends = TagSet::of(&[Tag::Colon, Tag::Comma, Tag::Dash]);
    let opens = at == 0 && sentence.items.get(1).is_some_and(|next| next.tags.meets(ends));
    // "in the Russian Federation"
    let article =
        at.checked_sub(1).and_then(|before| sentence.items.get(before)).is_some_and(|item| item.has(Tag::Article));
    let at = at - usize::from(article);
    // "the war with Israel"
    if at.checked_sub(1).and_then(|before| sentence.items.get(before)).is_some_and(Item::is_with) {
        return false;
    }
    let tagged = |back: usize, tags: TagSet| {
        at.checked_sub(back).and_then(|before| sentence.items.get(before)).is_some_and(|item| item.tags.meets(tags))
    };
    // "in Kyiv, Ukraine", not "In Kursk, the general said, Ukraine has lost 22,000 men".
    if tagged(1, Tag::Comma.set()) && !tagged(2, PLACES) {
        return false;
    }
    // "as Russia stepped up its attacks"
    let as_ = |item: &Item<'_>| item.has(Tag::Preposition) && item.has(Tag::Reach);
    let led = at.checked_sub(1).and_then(|before| sentence.items.get(before));
    opens || led.is_some_and(|item| item.tags.meets(leads) && !as_(item))
}

fn situates(sentence: &Sentence<'_>, at: usize) -> bool {
    let leads = TagSet::of(&[
        Tag::In,
        Tag::Of,
        Tag::On,
        Tag::Settlement,
        Tag::Attack,
        Tag::Battle,
        Tag::Comma,
        Tag::Direction,
        Tag::Modifier,
        Tag::Side,
    ]);
    // "in Russian-held Sudzha"
    let inside = TagSet::of(&[Tag::Modifier, Tag::Qualifier, Tag::Side, Tag::Dash, Tag::Direction]);
    let words = (at.saturating_sub(4)..at).rev();
    let held = words.take_while(|at| sentence.items.get(*at).is_some_and(|item| item.tags.meets(inside))).count();
    let before = sentence.items.get(at.saturating_sub(2.max(held + 1))..at).unwrap_or_default();
    before.is_empty() || before.iter().any(|item| item.tags.meets(leads))
}

/// A capitalised name that no list knows, right behind a word that puts something into a place: "in Kalogi", "the
/// village of Hroza".
fn unknown(scan: &Scan<'_>, sentence: &Sentence<'_>, at: usize) -> Option<String> {
    let has = |at: Option<usize>, tag: Tag| at.and_then(|at| sentence.items.get(at)).is_some_and(|item| item.has(tag));
    let before = at.checked_sub(1);
    let settlement = has(before, Tag::Of) && has(at.checked_sub(2), Tag::Settlement);
    // "a strike on Aitou"
    let struck = has(before, Tag::On)
        && has(at.checked_sub(2), Tag::Attack)
        && !sentence.items.get(at + 1).is_some_and(|next| next.tags.meets(TagSet::of(&[Tag::Thing, Tag::Name])));
    // "bombed Kanan village"
    let called = has(Some(at + 1), Tag::Settlement) && !has(Some(at + 2), Tag::Thing);
    let mut end = at + 1;
    while end < at + 3 && has(Some(end), Tag::Name) {
        end += 1;
    }
    // "in the Solomianskyi district"
    let district = has(before, Tag::Article) && has(at.checked_sub(2), Tag::In) && has(Some(end), Tag::Region);
    let led = has(before, Tag::In) || has(before, Tag::Settlement) || settlement || struck || called || district;
    if !has(Some(at), Tag::Name) || !led {
        return None;
    }
    let speaks = has(Some(end), Tag::Said) || has(Some(end), Tag::Names) || has(Some(end), Tag::Possessive);
    let last = sentence.items.get(end - 1)?;
    let text = scan.text(&(sentence.items.get(at)?.tokens.start..last.tokens.end));
    let is_word = text.chars().count() > 2 && text.chars().all(|c| c.is_alphabetic() || " -'’.".contains(c));
    let region = sentence.items.get(end).filter(|item| item.has(Tag::Region)).map(|item| scan.text(&item.tokens));
    let name = region.map_or_else(|| text.to_owned(), |region| format!("{text} {region}"));
    (is_word && !speaks).then_some(name)
}

/// "Kharkiv" and the word behind it make "Kharkiv region"; "southern" before a country makes it narrower than that.
fn full_name(scan: &Scan<'_>, sentence: &Sentence<'_>, at: usize, name: &str) -> String {
    let next = sentence.items.get(at + 1).filter(|item| item.has(Tag::Region));
    match next {
        Some(region) if !name.contains(' ') && scan.language.code.as_str() == "en" => {
            format!("{name} {}", scan.text(&region.tokens))
        }
        // "the border region of Belgorod"
        _ if !name.contains(' ') && scan.language.code.as_str() == "en" => {
            let before = at.checked_sub(2).and_then(|before| sentence.items.get(before..at)).unwrap_or_default();
            match before {
                [region, of] if region.has(Tag::Region) && !region.has(Tag::Direction) && of.has(Tag::Of) => {
                    format!("{name} {}", scan.text(&region.tokens))
                }
                _ => name.to_owned(),
            }
        }
        Some(_) | None => name.to_owned(),
    }
}

/// Where the dateline of an agency story ends: "KYIV, Ukraine (Agency) —".
fn dateline(scan: &Scan<'_>, sentence: &Sentence<'_>) -> usize {
    if !sentence.has(Tag::Dash) {
        return 0;
    }
    let dash = sentence.items.iter().take(14).position(|item| item.has(Tag::Dash));
    let first = sentence.items.first().and_then(|item| scan.token(item.tokens.start));
    let opens = first.is_some_and(|token| token.case == crate::extract::token::Case::Upper);
    let plain = |end: usize| {
        let verbs = TagSet::of(&[Tag::Said, Tag::Auxiliary, Tag::Count, Tag::Verb, Tag::Done]);
        !sentence.items.get(..end).unwrap_or_default().iter().any(|item| item.tags.meets(verbs))
    };
    match dash {
        Some(end) if opens && plain(end) => end,
        Some(_) | None => 0,
    }
}
