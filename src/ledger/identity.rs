//! When are two reports the same claim, and which figures form a series.

use crate::model::{Claim, ClaimId, ConflictId, Digest, Scope, SeriesId};

/// What all figures of a series share, and all reports of a claim: everything but the figure and the day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thread(String);

impl Thread {
    /// Of a claim about a conflict: claimant × party × victims × group × outcomes × scope × place.
    pub fn of(conflict: &ConflictId, claim: &Claim) -> Self {
        let parts = [
            conflict.to_string(),
            claimant_key(claim),
            claim.party.as_ref().map(ToString::to_string).unwrap_or_default(),
            claim.victims.to_string(),
            claim.group.as_deref().map(folded).unwrap_or_default(),
            claim.outcomes.to_string(),
            claim.scope.to_string(),
            claim.place.as_deref().map(folded).unwrap_or_default(),
        ];
        Self(parts.join("\u{1f}"))
    }

    /// As stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The series of a claim: the thread, and for incidents the day of the event, so that each attack has its own.
    pub fn series(&self, claim: &Claim) -> SeriesId {
        let day = match claim.scope {
            Scope::Incident => claim.since.or(claim.as_of),
            Scope::Cumulative | Scope::Period => None,
        };
        let day = day.map(|day| day.to_string()).unwrap_or_default();
        SeriesId::of_digest(&digest(&["series", &self.0, &day]))
    }

    /// The claim's own id: the same in any store that reads the same claim first.
    pub fn claim(&self, claim: &Claim) -> ClaimId {
        let bounds = format!("{:?}-{:?}", claim.figure.bounds.min(), claim.figure.bounds.max());
        let since = claim.since.map(|day| day.to_string()).unwrap_or_default();
        let as_of = claim.as_of.map(|day| day.to_string()).unwrap_or_default();
        ClaimId::of_digest(&digest(&["claim", &self.0, &bounds, &since, &as_of]))
    }
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
