//! Which figures form a series, and the ids of claims, series and tellings: the same in every store.

use jiff::civil::Date;

use crate::model::{Bounds, Claim, ClaimId, ConflictId, Digest, Figure, Outcome, Outcomes, Scope, SeriesId, TellingId};

/// What all figures of a series share, and all reports of a claim: everything but the figure and the day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thread(String);

impl Thread {
    /// Of a claim about a conflict: claimant × party × victims × group × outcomes × scope × place.
    pub fn of(conflict: &ConflictId, claim: &Claim) -> Self {
        Self::with(conflict, claim, claim.outcomes)
    }

    /// The threads on which the claim would be if its outcome had been told less or more exactly: "losses" for
    /// "killed", or the other way round.
    pub fn siblings(conflict: &ConflictId, claim: &Claim) -> Vec<Self> {
        let (killed, wounded, missing) = (Outcome::Killed, Outcome::Wounded, Outcome::Missing);
        let mix = |outcomes: &[Outcome]| outcomes.iter().copied().collect::<Outcomes>();
        let unspecified = Outcomes::only(Outcome::Casualties);
        let exact = [
            mix(&[killed]),
            mix(&[killed, wounded]),
            mix(&[killed, missing]),
            mix(&[killed, wounded, missing]),
            mix(&[wounded]),
        ];
        let told: &[Outcomes] = if claim.outcomes == unspecified {
            &exact
        } else if exact.contains(&claim.outcomes) {
            &[unspecified]
        } else {
            &[]
        };
        told.iter().map(|outcomes| Self::with(conflict, claim, *outcomes)).collect()
    }

    fn with(conflict: &ConflictId, claim: &Claim, outcomes: Outcomes) -> Self {
        let parts = [
            conflict.to_string(),
            claimant_key(claim),
            claim.party.as_ref().map(ToString::to_string).unwrap_or_default(),
            claim.victims.to_string(),
            claim.group.as_deref().map(folded).unwrap_or_default(),
            outcomes.to_string(),
            claim.scope.to_string(),
            claim.place.as_deref().map(folded).unwrap_or_default(),
        ];
        Self(parts.join("\u{1f}"))
    }

    /// Takes over a thread as it is stored.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// As stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The series of figures: the thread, and for an incident its day, so that each attack has its own.
    pub fn series(&self, event: Option<Date>) -> SeriesId {
        SeriesId::of_digest(&digest(&["series", &self.0, &shown(event)]))
    }

    /// The id of a claim that is told so; the hedge makes no difference.
    pub fn claim(&self, claim: &Claim) -> ClaimId {
        let stretch = match claim.scope {
            Scope::Period => stretch(claim.since, claim.as_of).to_string(),
            Scope::Cumulative | Scope::Incident => String::new(),
        };
        let day = shown(day(claim.scope, claim.since, claim.as_of));
        ClaimId::of_digest(&digest(&["claim", &self.0, &number(&claim.figure), &day, &stretch]))
    }

    /// The id of one way of telling a claim: of all that an article may say differently about it.
    pub fn telling(&self, claim: &Claim) -> TellingId {
        let name = claim.claimant.as_ref().map(|claimant| claimant.name.as_str()).unwrap_or_default();
        let attribution = claim.attribution.join("\u{1f}");
        let printed = [&claim.group, &claim.place].map(|part| part.as_deref().unwrap_or_default());
        let open = format!("{} {} {}", claim.figure.approx, claim.as_of_days, claim.as_of_stated);
        let bounds = format!("{:?}-{:?}", claim.figure.bounds.min(), claim.figure.bounds.max());
        let [group, place] = printed;
        let (since, as_of) = (shown(claim.since), shown(claim.as_of));
        let parts = ["telling", &self.0, &bounds, &open, &since, &as_of, name, &attribution, group, place, &claim.rule];
        TellingId::of_digest(&digest(&parts))
    }
}

/// The printed number, whatever hedge stands before it: what all tellings of a claim share.
pub fn number(figure: &Figure) -> String {
    let vague = if figure.vague { "~" } else { "" };
    match figure.bounds {
        Bounds::Between { low, high } => format!("{vague}{low}-{high}"),
        Bounds::Exact(n) | Bounds::AtLeast(n) | Bounds::AtMost(n) => format!("{vague}{n}"),
    }
}

/// The day by which reports of a claim are told apart: that of the event for an incident, else the last one covered.
pub fn day(scope: Scope, since: Option<Date>, as_of: Option<Date>) -> Option<Date> {
    match scope {
        Scope::Incident => since.or(as_of),
        Scope::Cumulative | Scope::Period => as_of,
    }
}

/// How long a stretch is, roughly: two figures for a day compare, one for a day and one for a month do not.
pub fn stretch(since: Option<Date>, as_of: Option<Date>) -> u8 {
    match since.zip(as_of).map(|(since, as_of)| (as_of - since).get_days()) {
        None => 0,
        Some(..=2) => 1,
        Some(3..=10) => 2,
        Some(11..=45) => 3,
        Some(46..=200) => 4,
        Some(_) => 5,
    }
}

fn shown(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// A digest of the parts, so that they may be as long as they like.
fn digest(parts: &[&str]) -> Digest {
    Digest::of(parts.join("\u{1e}").as_bytes())
}

/// The claimant's id if it is known, else its name without case and titles; empty for the article's own voice, so that
/// the same unattributed figure in two outlets is one claim.
pub fn claimant_key(claim: &Claim) -> String {
    match &claim.claimant {
        Some(claimant) => claimant.id.as_ref().map_or_else(|| folded(&claimant.name), ToString::to_string),
        None => String::new(),
    }
}

/// Lower case, letters and digits only, single spaces.
fn folded(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    plain.to_lowercase().split_whitespace().filter(|word| *word != "the").collect::<Vec<_>>().join(" ")
}
