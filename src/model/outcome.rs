//! What happened to the people counted.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that can happen to a person in a war.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Dead.
    Killed,
    /// Hurt, however badly.
    Wounded,
    /// Taken prisoner or hostage, or still held.
    Captured,
    /// Unaccounted for.
    Missing,
    /// An unspecified mix ("casualties", "losses"); never read as killed.
    Casualties,
}

impl Outcome {
    /// Every outcome, in the order in which they are listed.
    pub const ALL: [Self; 5] = [Self::Killed, Self::Wounded, Self::Captured, Self::Missing, Self::Casualties];

    /// The word used in JSON, in the log and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Killed => "killed",
            Self::Wounded => "wounded",
            Self::Captured => "captured",
            Self::Missing => "missing",
            Self::Casualties => "casualties",
        }
    }

    /// Reads the word back.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The set of outcomes that one figure covers; `casualties` stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Outcomes(u8);

impl Outcomes {
    /// A set of one.
    pub fn only(outcome: Outcome) -> Self {
        Self(outcome.bit())
    }

    /// This set and one more; naming a definite outcome replaces the unspecified `casualties`.
    #[must_use]
    pub fn with(self, outcome: Outcome) -> Self {
        match outcome {
            Outcome::Casualties if self.0 != 0 => self,
            Outcome::Casualties => Self::only(outcome),
            definite @ (Outcome::Killed | Outcome::Wounded | Outcome::Captured | Outcome::Missing) => {
                Self((self.0 & !Outcome::Casualties.bit()) | definite.bit())
            }
        }
    }

    /// Whether the set has this outcome.
    pub fn contains(self, outcome: Outcome) -> bool {
        self.0 & outcome.bit() != 0
    }

    /// Whether nothing is in it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The outcomes in their fixed order.
    pub fn iter(self) -> impl Iterator<Item = Outcome> {
        Outcome::ALL.into_iter().filter(move |outcome| self.contains(*outcome))
    }
}

impl FromIterator<Outcome> for Outcomes {
    fn from_iter<I: IntoIterator<Item = Outcome>>(outcomes: I) -> Self {
        outcomes.into_iter().fold(Self::default(), Self::with)
    }
}

/// `killed`, `killed+wounded`: the form used in the store, the log and on the command line.
impl fmt::Display for Outcomes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, outcome) in self.iter().enumerate() {
            if position > 0 {
                f.write_str("+")?;
            }
            f.write_str(outcome.as_str())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definite_outcome_replaces_casualties_and_never_the_other_way_round() {
        let mix = Outcomes::only(Outcome::Casualties).with(Outcome::Killed).with(Outcome::Wounded);
        assert_eq!(mix.to_string(), "killed+wounded");
        assert_eq!(mix.with(Outcome::Casualties), mix);
    }
}
