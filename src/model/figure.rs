//! How many people a claim speaks of, as precisely as the article said it.

use std::fmt;

/// The number itself as bounds, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bounds {
    /// "12 people".
    Exact(u64),
    /// "at least 12", "more than 12", "12-plus".
    AtLeast(u64),
    /// "up to 12", "fewer than 12".
    AtMost(u64),
    /// "7,000 to 15,000"; `low` is smaller than `high`.
    Between {
        /// The smaller end.
        low: u64,
        /// The larger end.
        high: u64,
    },
}

impl Bounds {
    /// Builds a range, whichever way round the article wrote it; equal ends give `Exact`.
    pub fn between(a: u64, b: u64) -> Self {
        match a.cmp(&b) {
            std::cmp::Ordering::Equal => Self::Exact(a),
            std::cmp::Ordering::Less => Self::Between { low: a, high: b },
            std::cmp::Ordering::Greater => Self::Between { low: b, high: a },
        }
    }

    /// Reads the outer shape back; `None` if both ends are open.
    pub fn from_min_max(min: Option<u64>, max: Option<u64>) -> Option<Self> {
        match (min, max) {
            (Some(low), Some(high)) => Some(Self::between(low, high)),
            (Some(low), None) => Some(Self::AtLeast(low)),
            (None, Some(high)) => Some(Self::AtMost(high)),
            (None, None) => None,
        }
    }

    /// The lower bound, if there is one.
    pub fn min(self) -> Option<u64> {
        match self {
            Self::Exact(n) | Self::AtLeast(n) => Some(n),
            Self::AtMost(_) => None,
            Self::Between { low, .. } => Some(low),
        }
    }

    /// The upper bound, if there is one.
    pub fn max(self) -> Option<u64> {
        match self {
            Self::Exact(n) | Self::AtMost(n) => Some(n),
            Self::AtLeast(_) => None,
            Self::Between { high, .. } => Some(high),
        }
    }

    /// The one number that stands for the figure where only one can, as in a step or a chart: the printed one, or the
    /// middle of a range.
    pub fn midpoint(self) -> u64 {
        match self {
            Self::Exact(n) | Self::AtLeast(n) | Self::AtMost(n) => n,
            Self::Between { low, high } => low.midpoint(high),
        }
    }
}

/// A figure with the two ways in which an article may leave it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Figure {
    /// The number.
    pub bounds: Bounds,
    /// The text marks it as approximate: "about", "some", "nearly", "an estimated".
    pub approx: bool,
    /// No numeral was given, only a size word: "dozens", "hundreds".
    pub vague: bool,
}

/// Writes the figure as the log shows it: `7,000–15,000`, `≥ 264`, `≤ 9`, `~1,300`.
impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.approx {
            f.write_str("~")?;
        }
        match self.bounds {
            Bounds::Exact(n) => f.write_str(&grouped(n)),
            Bounds::AtLeast(n) => write!(f, "≥ {}", grouped(n)),
            Bounds::AtMost(n) => write!(f, "≤ {}", grouped(n)),
            Bounds::Between { low, high } => write!(f, "{}–{}", grouped(low), grouped(high)),
        }
    }
}

fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_ordered_and_equal_ends_are_exact() {
        assert_eq!(Bounds::between(9, 3), Bounds::Between { low: 3, high: 9 });
        assert_eq!(Bounds::between(4, 4), Bounds::Exact(4));
    }

    #[test]
    fn a_figure_reads_as_people_write_it() {
        let show = |bounds, approx| Figure { bounds, approx, vague: false }.to_string();
        assert_eq!(show(Bounds::between(7000, 15000), false), "7,000–15,000");
        assert_eq!(show(Bounds::AtLeast(264), false), "≥ 264");
        assert_eq!(show(Bounds::Exact(1_300), true), "~1,300");
        assert_eq!(show(Bounds::AtMost(1_000_000), false), "≤ 1,000,000");
    }
}
