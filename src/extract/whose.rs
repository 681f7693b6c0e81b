//! Whose people: the evidence for a side, from what is stated to what merely follows.

use crate::extract::question::Question;
use crate::extract::scan::Item;
use crate::extract::soldiers::is_of_troop;
use crate::extract::speaker::Sort;
use crate::extract::tag::Tag;
use crate::model::{Outcome, Outcomes, PartyId, Victims};

/// The parts of a claim that say whose people.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Whose {
    pub(super) party: Option<PartyId>,
    pub(super) victims: Option<Victims>,
    pub(super) group: Option<String>,
    /// What tells the side; none if nothing does.
    pub(super) evidence: Option<Evidence>,
}

impl Whose {
    /// Whether the sentence itself names the side.
    pub(super) fn is_stated(&self) -> bool {
        self.evidence == Some(Evidence::Stated)
    }
}

/// What tells whose people were harmed, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// The sentence names the side.
    Stated,
    /// The sentence says that they are of both sides.
    Both,
    /// The figure is a part of another, or stands in a list with it.
    Inherited,
    /// The attack that began the war fell on one side.
    FirstDay,
    /// Only one side has soldiers, and the other fighters.
    Soldiers,
    /// Whoever counts, counts one side's losses alone.
    Counter,
    /// The speaker owns to losses, or captives are held on the enemy's land.
    Owned,
    /// The sentence names a place.
    Here,
    /// The sentence says who did it.
    Agent,
    /// An army speaks of soldiers.
    Army,
    /// The passage spoke of that side's people.
    Topic,
    /// The passage told of a place.
    Near,
    /// An office speaks of people.
    Told,
    /// The article told of a place.
    Place,
    /// The sentence names a place that nobody knows, and the headline or the dateline one that is known.
    Around,
    /// The sentence names an attacker.
    Attacker,
    /// The speaker has a side.
    Speaker,
    /// The headline is about one side's people.
    Subject,
    /// It is the land the war is fought on.
    Land,
}

/// Which side, from what is stated to what merely follows.
pub(super) fn whose(
    question: &Question<'_, '_>,
    kind: (Option<Victims>, Option<String>),
    antecedent: Option<&Whose>,
) -> Whose {
    let (victims, group) = kind;
    if let Some(party) = question.serves() {
        let evidence = Some(Evidence::Stated);
        return Whose { party: Some(party), victims: Some(Victims::Military), group, evidence };
    }
    // "fighting between the two has cost the life of a civilian on the Cambodian side"
    if question.of_both_sides() && question.on_the_side().is_none() {
        return Whose { party: None, victims, group, evidence: Some(Evidence::Both) };
    }
    let found = ORDER.iter().find_map(|evidence| Some((*evidence, side(*evidence, question, victims, antecedent)?)));
    let victims = victims.or_else(|| antecedent.and_then(|whole| whole.victims));
    let (evidence, party) = found.map_or((None, None), |(evidence, party)| (Some(evidence), Some(party)));
    // "Five UN peacekeepers have been wounded": of many countries.
    let told = matches!(evidence, Some(Evidence::Stated | Evidence::Inherited | Evidence::Owned | Evidence::Topic));
    // "UNIFIL said two of its peacekeepers were injured"
    let own = question.count.whose == Some(Tag::Own)
        && question.speaker.is_some_and(|one| one.sort == Sort::Body && one.side.is_none());
    // "UNIFIL said two of its soldiers were hurt"
    // "Five UNIFIL soldiers have been injured"
    let counted = question.items().get(question.count.items.clone()).unwrap_or_default();
    let of_body = |item: &Item<'_>| item.has(Tag::Claimant) && !item.has(Tag::Forces) && question.party(item).is_none();
    let of_many = question.military && counted.iter().any(of_body);
    let abroad = question.abroad || of_many || (own && question.military && evidence != Some(Evidence::Stated));
    if abroad && (!told || own) && !question.names.is_world() {
        return Whose { party: None, victims, group, evidence: Some(Evidence::Both) };
    }
    // "The war has killed 150,000 people": in a civil war only fighters are an army's.
    let stated = evidence == Some(Evidence::Stated) && victims != Some(Victims::Civilian);
    let lost = question.linked.outcomes.contains(Outcome::Casualties);
    // "ACLED has recorded 16,650 deaths": whoever is of no side counts all.
    let neutral = question.speaker.is_some_and(|one| one.id.is_some() && one.side.is_none());
    let bare = victims.is_none() && neutral && antecedent.is_none() && question.count.people.is_none();
    let people = question.war.is_civil()
        && !stated
        && !lost
        && (bare || matches!(victims, Some(Victims::Civilian | Victims::Unspecified)));
    let fights = |party: &PartyId| question.war.is_side(party) && question.war.opponent(party).is_some();
    let party = match party {
        Some(party) if people && fights(&party) => question.war.land().cloned(),
        other => other,
    };
    Whose { party, victims, group, evidence }
}

const ORDER: [Evidence; 18] = [
    Evidence::Stated,
    Evidence::Inherited,
    Evidence::FirstDay,
    Evidence::Soldiers,
    Evidence::Counter,
    Evidence::Owned,
    Evidence::Here,
    Evidence::Agent,
    Evidence::Army,
    Evidence::Topic,
    Evidence::Near,
    Evidence::Told,
    Evidence::Place,
    Evidence::Around,
    Evidence::Subject,
    Evidence::Attacker,
    Evidence::Speaker,
    Evidence::Land,
];

/// The side that one kind of evidence tells, if there is any of that kind.
fn side(
    evidence: Evidence,
    question: &Question<'_, '_>,
    victims: Option<Victims>,
    antecedent: Option<&Whose>,
) -> Option<PartyId> {
    let war = question.war;
    let military = victims == Some(Victims::Military);
    let of_speaker = || question.speaker_side().filter(|side| war.is_side(side)).cloned();
    // The armies of a civil war kill people of one country.
    let fought = military || !war.is_civil();
    // "over a coffee in Brussels an official offered 175,000": no country outside the war has so many.
    let few = question.count.figure.bounds.midpoint() < 1_000;
    let captives = question.count.captives && question.attributed;
    let of_place = || {
        question
            .place
            .cloned()
            // "took 14 prisoners near Lyman": where captives were taken tells nothing of whose they are.
            .filter(|place| !military && !question.abroad && !captives && (few || question.names.takes_part(place)))
    };
    // "Uruguay's defence ministry reported one peacekeeper killed": a country speaks of its own who serve abroad.
    let serves = question.abroad && question.attributed;
    // "a brigade had 90 killed"
    let of_troop = || is_of_troop(question.sentence, question.count, question.linked);
    let bare = victims.is_none() && question.count.people.is_none() && question.count.part.is_none();
    let told_people =
        !military && question.count.people.is_some() && !question.linked.outcomes.contains(Outcome::Captured);
    match evidence {
        // "killed seven people, with two children among the dead": a part is of the side that the whole is of.
        Evidence::Stated if question.count.part.is_some() && question.count.party.is_none() => {
            // "four of them farm workers from Thailand"
            let elsewhere = question.comes_from().or_else(|| question.nationals());
            // "Of those seized, 79 are still being held in Gaza"
            let held = || question.captors_enemy().filter(|_| antecedent.is_none());
            let elsewhere = elsewhere.or_else(held);
            let before = || antecedent.and_then(|whole| whole.party.clone());
            elsewhere.or_else(before).or_else(|| question.them()).or_else(|| question.stated())
        }
        Evidence::Stated => question.stated().or_else(|| question.captors_enemy()),
        // "three journalists and two officers were killed by a rebel drone"
        Evidence::Inherited if military && war.is_civil() => antecedent
            .filter(|whole| whole.victims == Some(Victims::Military) || question.count.part.is_some())
            .and_then(|whole| whole.party.clone()),
        // "Three militants and two policemen were killed in Kharkiv": soldiers come from elsewhere, civilians live there.
        Evidence::Inherited if lives_there(question, victims, antecedent) => None,
        // "Strikes killed 39 across the country; a day later shelling of Belgorod killed 25": where it was tells.
        Evidence::Inherited if question.opens_elsewhere(antecedent) => question.place.cloned(),
        // "Thailand reported nine dead soldiers; Cambodia's ministry said eight civilians had died": whoever speaks next speaks
        // of its own.
        Evidence::Inherited if own_people(question, victims, antecedent) => of_speaker(),
        Evidence::Inherited => antecedent.and_then(|whole| whole.party.clone()),
        // "murdered 1,190 people in southern Israel", in a text of the Gaza health ministry: not what it counts.
        Evidence::Counter => {
            let counted = question.speaker.and_then(|speaker| speaker.counts.clone());
            let elsewhere = |party: &PartyId| {
                let place = question.place.filter(|_| question.here && !question.attributed);
                place.is_some_and(|place| war.is_side(place) && place != party)
            };
            counted.or_else(|| question.counter_named()).filter(|party| !elsewhere(party))
        }
        Evidence::Owned if serves => question.speaker_side().cloned(),
        // "Cambodia's defence ministry has reported the deaths of eight civilians": a government tells of its own.
        Evidence::Owned
            if question.names.is_between_states()
                && question.attributed
                && !question.here
                && !question.hostile
                && question.count.people.is_some()
                && !question.linked.outcomes.contains(Outcome::Captured)
                && question.speaker.is_some_and(|speaker| speaker.sort == Sort::Body) =>
        {
            of_speaker()
        }
        Evidence::Owned if (military && question.admits) || is_held_abroad(question) => of_speaker(),
        Evidence::Both | Evidence::Owned => None,
        Evidence::Here if military && !question.abroad && question.names.is_between_states() && question.here => {
            question.place.cloned()
        }
        Evidence::Here => of_place().filter(|_| question.here),
        Evidence::Agent if (military || bare) && question.target().is_some() => question.target(),
        Evidence::Agent => question.agent().filter(|_| fought).and_then(|agent| war.opponent(&agent).cloned()),
        Evidence::FirstDay => {
            question.names.attacked().filter(|_| question.first_day && (!military || question.soldiers)).cloned()
        }
        // "The Lebanese army said a soldier had been hurt by Israeli fire": an army that harms soldiers harms others.
        Evidence::Soldiers if question.soldiers && question.agent().as_ref() == question.names.army() => None,
        Evidence::Soldiers if question.irregular => question.names.army().and_then(|army| war.opponent(army)).cloned(),
        Evidence::Soldiers => question.names.army().filter(|_| question.soldiers).cloned(),
        // "Eight marines laid down their arms": no army tells that of its own.
        Evidence::Army
            if question.linked.outcomes == Outcomes::only(Outcome::Captured)
                && (military || bare || question.count.captives) =>
        {
            question
                .speaker_side()
                .or(question.voice)
                .or_else(|| question.names.attacked().filter(|_| question.count.captives && question.is_ours()))
                .filter(|_| (!question.captive || question.is_ours()) && !question.admits)
                .and_then(|side| war.opponent(side))
                .cloned()
        }
        Evidence::Army if military && question.attributed && question.other_army().is_some() => question.other_army(),
        Evidence::Army => of_speaker()
            .filter(|_| military && question.attributed && !question.captive)
            .filter(|_| question.count.people.is_some() || of_troop())
            // "It puts Ukraine's losses at 2,030 men. In the past day alone, it says, 420 soldiers were lost."
            .filter(|side| !question.goes_on || question.topic.is_none_or(|topic| topic == side)),
        Evidence::Topic => question.topic.cloned(),
        // "Governor Gladkov says that shelling of the district killed seven": a governor speaks of his own.
        Evidence::Near if question.local && !military => of_speaker(),
        Evidence::Near => of_place().filter(|_| question.near && !question.of_war),
        // "Rwanda said nine civilians died": a government speaks of its own people.
        Evidence::Told if question.names.is_between_states() && told_people && question.attributed => {
            question.speaker.filter(|speaker| speaker.sort == Sort::Body).and_then(|speaker| speaker.side.clone())
        }
        // In a civil war neither army speaks for its own civilians.
        Evidence::Told => of_speaker().filter(|_| question.attributed && !military && !war.is_civil()),
        Evidence::Place => of_place().filter(|_| !question.of_war),
        Evidence::Around => question.around.cloned().filter(|_| !military),
        Evidence::Attacker => {
            question.attacker().filter(|_| fought).and_then(|attacker| war.opponent(&attacker).cloned())
        }
        Evidence::Speaker => of_speaker(),
        Evidence::Subject => question.subject.cloned(),
        Evidence::Land => war.land().filter(|_| !military || question.names.is_between_states()).cloned(),
    }
}

impl Question<'_, '_> {
    /// Whether the clause of a figure, behind a semicolon, names a place of the other side than that of the figure before.
    fn opens_elsewhere(&self, antecedent: Option<&Whose>) -> bool {
        let start = self.count.items.start.min(self.linked.trigger.unwrap_or(usize::MAX));
        let before = self.items().get(..start).unwrap_or_default();
        let anew = before.iter().rposition(|item| item.has(Tag::Semicolon));
        let counted = |at: usize| before.get(at..).unwrap_or_default().iter().any(|item| item.has(Tag::Count));
        let party = antecedent.and_then(|whole| whole.party.as_ref());
        anew.is_some_and(|at| !counted(at))
            && self.here
            && !self.military
            && self.count.part.is_none()
            && self.count.party.is_none()
            && self.place.is_some_and(|place| self.war.is_side(place) && party.is_some_and(|party| party != place))
    }
}

/// Whether a government of a war between two states speaks of people behind those whom the other one counted.
fn own_people(question: &Question<'_, '_>, victims: Option<Victims>, antecedent: Option<&Whose>) -> bool {
    // "India's foreign ministry said at least 13 civilians lost their lives"
    let civilians = victims == Some(Victims::Civilian) && question.speaker.is_some_and(|one| one.sort != Sort::Several);
    let other = |side: &PartyId| {
        let before = antecedent.and_then(|whole| whole.party.as_ref());
        question.war.is_side(side) && before.is_some_and(|party| question.war.opponent(side) == Some(party))
    };
    question.names.is_between_states()
        && question.attributed
        && (!question.here || civilians)
        && !question.hostile
        && question.count.people.is_some()
        && question.count.part.is_none()
        && !question.linked.outcomes.contains(Outcome::Captured)
        && question.speaker_side().is_some_and(|side| other(side) || (civilians && question.war.is_side(side)))
}

/// Whether civilians stand beside soldiers, in a place that tells whose the civilians are.
fn lives_there(question: &Question<'_, '_>, victims: Option<Victims>, antecedent: Option<&Whose>) -> bool {
    let soldiers = antecedent.is_some_and(|before| before.victims == Some(Victims::Military));
    let civilians = victims == Some(Victims::Civilian) && question.count.part.is_none();
    soldiers && civilians && question.here && question.place.is_some()
}

/// Where captives are held tells whose they are not, unlike where soldiers gave themselves up.
fn is_held_abroad(question: &Question<'_, '_>) -> bool {
    let enemy = question.speaker_side().and_then(|side| question.war.opponent(side));
    let held = question.linked.outcomes.contains(Outcome::Captured) && question.sentence.has(Tag::Hold);
    held && enemy.is_some() && enemy == question.place
}
