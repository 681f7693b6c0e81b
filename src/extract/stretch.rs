//! The stretch that a figure covers: its scope, its first and its last day.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::extract::time::Days;
use crate::model::Scope;

/// The stretch that a figure covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stretch {
    pub(super) scope: Scope,
    pub(super) since: Option<Date>,
    pub(super) as_of: Option<Date>,
    pub(super) give: u16,
    /// The text dates it, rather than the day of publication.
    pub(super) stated: bool,
    /// The sentence itself says which scope it is.
    pub(super) sure: bool,
    /// The day of the event, for later sentences about it.
    pub(super) event: Option<Days>,
}

impl Stretch {
    /// A bounded stretch that the sentence tells.
    pub(super) fn period(days: Days, sure: bool) -> Self {
        Self {
            scope: Scope::Period,
            since: Some(days.first),
            as_of: Some(days.last),
            give: days.give,
            stated: true,
            sure,
            event: None,
        }
    }

    /// "from 24.02.22 to 18.07.24": what covers the war from its first day on is its total.
    pub(super) fn since_start(self, start: Option<Date>) -> Self {
        let is_total = self.scope == Scope::Period && start.is_some() && self.since == start && !self.is_a_day();
        if is_total { Self { scope: Scope::Cumulative, ..self } } else { self }
    }

    /// The day that stands for vague ones.
    pub(super) fn middle(days: Days) -> Date {
        if days.give == 0 {
            return days.last;
        }
        let half = i64::from((days.last - days.first).get_days() / 2);
        days.first.checked_add(half.days()).unwrap_or(days.last)
    }

    /// Whether it is a stretch of about a day.
    pub(super) fn is_a_day(&self) -> bool {
        let days = self.since.zip(self.as_of).map(|(since, as_of)| (as_of - since).get_days());
        self.scope == Scope::Period && days.is_some_and(|days| days <= 2)
    }

    /// Its last day alone: what a printed increase covers.
    pub(super) fn last_day(self) -> Self {
        let since = self.as_of.and_then(|as_of| as_of.checked_sub(1.days()).ok());
        Self { scope: Scope::Period, since, ..self }
    }
}
