//! Whether a sentence tells of one attack or of attacks at large.

use crate::extract::dated::Question;
use crate::extract::scan::Item;
use crate::extract::tag::{Tag, TagSet};

impl Question<'_, '_> {
    /// "25 people were killed in Israeli strikes on Friday": strikes of which none was told of before.
    pub(super) fn is_roundup(&self) -> bool {
        self.elsewhere && self.attacked() && self.strikes_at_large()
    }

    /// "killed after troops opened fire on a crowd": one attack, on one thing.
    pub(super) fn hits_one(&self) -> bool {
        let one = |pair: &[Item<'_>]| matches!(pair, [attack, one] if attack.has(Tag::Attack) && one.has(Tag::One));
        let on = |three: &[Item<'_>]| matches!(three, [attack, on, one] if attack.has(Tag::Attack) && on.has(Tag::On) && one.has(Tag::One));
        self.items().windows(2).any(one) || self.items().windows(3).any(on)
    }

    /// "in strikes", "by shelling", rather than in the strike that the text tells of.
    pub(super) fn strikes_at_large(&self) -> bool {
        let told = TagSet::of(&[Tag::Article, Tag::One, Tag::This]);
        let led = |at: usize, tags: TagSet| (at.saturating_sub(3)..at).any(|led| self.has_any(led, tags));
        // "Short-range drones killed at least 35 civilians in February"
        let dash = self.items().iter().take(9).rposition(|item| item.has(Tag::Dash) && item.tags == Tag::Dash.set());
        let begun = dash.map_or(0, |dash| dash + 1);
        let subject = |at: usize| {
            let owned = TagSet::of(&[Tag::Possessive, Tag::Own, Tag::Count, Tag::Be]);
            at <= begun + 3 && at < self.count.items.start && !led(at, owned)
        };
        let fresh = |at: usize| !led(at, told) && (led(at, TagSet::of(&[Tag::In, Tag::By])) || subject(at));
        let strikes = |(at, item): (usize, &Item<'_>)| item.has(Tag::Attack) && fresh(at);
        self.items().iter().enumerate().any(strikes)
    }

    /// The sentence tells of a single attack.
    pub(super) fn attacked(&self) -> bool {
        self.sentence.meets(TagSet::of(&[Tag::Attack, Tag::Battle]))
    }

    /// "An air strike in recent days killed 12": one event of the stretch.
    pub(super) fn attacked_once(&self) -> bool {
        let before = self.items().get(..self.count.items.start).unwrap_or_default();
        before.windows(2).any(|pair| matches!(pair, [one, attack] if one.has(Tag::One) && attack.has(Tag::Attack)))
    }
}
