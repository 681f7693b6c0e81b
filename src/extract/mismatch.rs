//! What a pattern matches and does not mean: outcome words of another clause, of another noun, or of what people were.

use crate::extract::count::{Count, Head, Part};
use crate::extract::link::{Linker, outcome_of};
use crate::extract::pattern::Link;
use crate::extract::person::PRONOUN;
use crate::extract::scan::Item;
use crate::extract::tag::{Tag, TagSet};
use crate::model::Outcome;

impl Linker<'_, '_> {
    /// "seven women and 15 children, and wounded 121": the verb behind the list has an object of its own.
    pub(super) fn opens_another(&self, count: &Count, link: &Link) -> bool {
        let trigger = link.outcome.filter(|trigger| *trigger > count.items.end);
        // "Three settlers shot dead two men", "a bomb on a house where 13 relatives were living killed three women"
        let acts =
            link.outcome.filter(|verb| *verb >= count.items.end && count.head == Head::People).is_some_and(|verb| {
                let passive = TagSet::of(&[Tag::Be, Tag::Auxiliary, Tag::Comma, Tag::And]);
                let suffers =
                    verb > count.items.end && self.items.get(verb - 1).is_some_and(|item| item.tags.meets(passive));
                // "A soldier shot two Ukrainians", not "64,900 fallen Ukrainian fighters"
                let acts = |item: &Item<'_>| {
                    item.has(Tag::Verb) || (item.has(Tag::Done) && verb == count.items.end && count.items.len() > 1)
                };
                self.items.get(verb).is_some_and(acts) && !suffers && self.has_victims(verb + 1)
            });
        // "The fourth was a soldier, and eight of his comrades were wounded": what somebody was ends a clause.
        let was = count.head == Head::People && self.has_before(count, 1, Tag::Be);
        let was = was
            && link.outcome.is_some_and(|outcome| {
                let joins =
                    |pair: &[Item<'_>]| matches!(pair, [comma, and] if comma.has(Tag::Comma) && and.has(Tag::And));
                self.items.get(count.items.end..outcome).unwrap_or_default().windows(2).any(joins)
            });
        // "two of them children, officials said, adding that more of the injured might die"
        let told = link.outcome.filter(|outcome| *outcome > count.items.end && count.part.is_some());
        let told = told.and_then(|outcome| self.items.get(count.items.end..outcome)).is_some_and(|between| {
            let said = between.iter().position(|item| item.has(Tag::Said)).unwrap_or(between.len());
            between.iter().skip(said + 1).any(|item| item.has(Tag::Relative))
        });
        // "46, including six children, with 11 residents unaccounted for": a part that a comma closes, and the next have the verb.
        let closed = count.part == Some(Part::OfFigure)
            && self.items.get(count.items.end).is_some_and(|item| item.has(Tag::Comma))
            && link.outcome.is_some_and(|outcome| {
                self.counts.iter().any(|next| {
                    next.items.start > count.items.end && next.items.end <= outcome && next.head != Head::Thing
                })
            });
        self.is_led_apart(count, link)
            || closed
            || was
            || told
            || acts
            || self.closes_before_next(count, link)
            || trigger.is_some_and(|trigger| self.is_of_others(count, trigger))
    }

    /// "Four hostages were freed, and over 200 people killed": a verb of their own stands before the next who are counted.
    fn closes_before_next(&self, count: &Count, link: &Link) -> bool {
        let Some(trigger) = link.outcome.filter(|trigger| *trigger > count.items.end) else { return false };
        let next =
            self.counts.iter().find(|next| next.items.start > count.items.end && !matches!(next.head, Head::Odd(_)));
        let Some(next) = next.filter(|next| next.items.end <= trigger) else { return false };
        let between = self.items.get(count.items.end..next.items.start).unwrap_or_default();
        let spared = TagSet::of(&[Tag::Exchange, Tag::Present]);
        between.windows(2).any(|pair| matches!(pair, [be, done] if be.has(Tag::Be) && done.tags.meets(spared)))
    }

    /// Whether the item so many before a count has a tag.
    fn has_before(&self, count: &Count, back: usize, tag: Tag) -> bool {
        count.items.start.checked_sub(back).and_then(|at| self.items.get(at)).is_some_and(|item| item.has(tag))
    }

    /// "soldiers killed by two rounds", "39,000 have lost one parent": what stands before the count keeps the outcome off it.
    fn is_led_apart(&self, count: &Count, link: &Link) -> bool {
        let has = |back: usize, tag: Tag| self.has_before(count, back, tag);
        // "soldiers killed by two rounds": what did it is not killed.
        let by = has(1, Tag::By);
        // "two ledgers of the dead" counts ledgers.
        let of = self
            .items
            .get(count.items.end)
            .is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Of, Tag::Preposition, Tag::On])) && !item.is_with());
        if of && count.head == Head::Unknown && link.outcome == Some(count.items.end + 1) {
            return true;
        }
        // "9,860: Russian losses" is a line of a list, "the list is a short one: a reservist killed" is none.
        let colon = self.items.get(count.items.end).is_some_and(|item| item.has(Tag::Colon));
        if colon && count.items.start > 0 && link.outcome.is_some_and(|at| at > count.items.end) {
            return true;
        }
        // "Two people were killed, three officials said": who speaks.
        let says =
            self.items.get(count.items.end).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Said, Tag::Told])));
        if says && has(1, Tag::Comma) && link.outcome.is_some_and(|at| at < count.items.start) {
            return true;
        }
        // "died in the fighting, according to the force, which had 2,900 troops"
        if has(2, Tag::Relative) && has(1, Tag::Have) && link.outcome.is_some_and(|at| at < count.items.start) {
            return true;
        }
        // "killed the mayor and 12 people fled"
        let stays = self.items.get(count.items.end).is_some_and(|item| item.has(Tag::Present));
        if stays && has(1, Tag::And) && link.outcome.is_some_and(|at| at < count.items.start) {
            return true;
        }
        // "Convoy deaths: two versions", "has lost most of its tanks: 2,200 of them"
        let between = link.outcome.and_then(|at| self.items.get(at..count.items.start)).unwrap_or_default();
        let lists = between.last().is_some_and(|item| item.has(Tag::Colon));
        if lists
            && (count.head == Head::Unknown
                || between.iter().any(|item| item.has(Tag::Thing) && !item.has(Tag::Attack)))
        {
            return true;
        }
        // "28 villages with 2,000 people in them are in their hands": the villages are.
        let with = count.items.start.checked_sub(1).and_then(|with| self.items.get(with)).is_some_and(Item::is_with);
        if with && has(2, Tag::Thing) && link.outcome.is_some_and(|at| at >= count.items.end) {
            return true;
        }
        // "Three were killed and ten others were treated": the second have a verb of their own.
        let own = self.items.get(count.items.end).is_some_and(|item| item.has(Tag::Be));
        if own
            && has(1, Tag::And)
            && count.head == Head::People
            && link.outcome.is_some_and(|at| at < count.items.start)
        {
            return true;
        }
        // "five media workers killed in one tent"
        let within = count.head == Head::Unknown && has(1, Tag::In);
        // "by seven the wounded were still coming in", "rose by 12": an hour or a growth.
        if by && count.head == Head::Bare && link.outcome.is_some_and(|trigger| trigger >= count.items.end) {
            return true;
        }
        if (by || within) && link.outcome.is_some_and(|trigger| trigger < count.items.start) {
            return true;
        }
        // "claimed that three captives were killed": who claims takes nobody.
        let that = self.items.get(link.start..count.number).unwrap_or_default();
        if link.outcome.is_none() && that.iter().any(|item| item.has(Tag::Relative)) {
            return true;
        }
        // "We have 150 wounded and three doctors": the wounded have been counted.
        let counted = |trigger: usize| self.counts.iter().any(|other| other.items.end == trigger);
        let beside = link.outcome.filter(|trigger| *trigger + 2 == count.items.start && has(1, Tag::And));
        if count.head == Head::People && !count.captives && beside.is_some_and(counted) {
            return true;
        }
        // "39,000 children have lost one parent": each of them.
        let lost = link.outcome.filter(|at| *at < count.items.start);
        let lost = lost.filter(|at| self.items.get(*at).is_some_and(|item| item.has(Tag::Lose)));
        let many = |lost: usize| {
            self.counts.iter().any(|other| {
                let subject = other.head == Head::People && other.figure.bounds.midpoint() > 1;
                subject && other.items.end <= lost && lost - other.items.end <= 6
            })
        };
        if count.figure.bounds.midpoint() == 1 && count.people.is_some() && lost.is_some_and(many) {
            return true;
        }
        false
    }

    /// "65 people, among them relatives of the victims": the outcome word behind the count is that of others.
    fn is_of_others(&self, count: &Count, trigger: usize) -> bool {
        let has = |back: usize, tag: Tag| self.has_before(count, back, tag);
        // "a volunteer asked for stretchers as the wounded kept arriving"
        let noun = self.items.get(trigger).is_some_and(|item| item.has(Tag::TheDead) && item.tokens.len() == 2);
        // "600,000 for the injured" is what they get.
        let gets = self.items.get(count.items.end).is_some_and(|item| item.has(Tag::Preposition));
        if noun && gets && count.head == Head::Bare && trigger == count.items.end + 1 {
            return true;
        }
        // "a map with 17 pins, and next to it a photograph of her nephew, who fell"
        if count.head == Head::Unknown && trigger - count.items.end > 5 {
            return true;
        }
        // "two men after an officer was shot dead": whoever stands right before the verb.
        let other =
            self.counts.iter().rfind(|other| other.items.start >= count.items.end && other.items.end <= trigger);
        let nearer = other.filter(|other| other.head == Head::People && other.part.is_none()).is_some_and(|other| {
            let verb = self.items.get(other.items.end..trigger).unwrap_or_default();
            let led = self.items.get(other.items.start - 1);
            let apart =
                TagSet::of(&[Tag::And, Tag::Comma, Tag::Or, Tag::Dash, Tag::Bracket, Tag::Including, Tag::OfThem]);
            !verb.is_empty()
                && verb.iter().all(|item| item.tags.meets(TagSet::of(&[Tag::Auxiliary, Tag::Be])))
                && led.is_some_and(|led| {
                    !led.tags.meets(apart) && led.tags.meets(TagSet::of(&[Tag::Preposition, Tag::Barrier]))
                })
        });
        if nearer {
            return true;
        }
        let links = TagSet::of(&[
            Tag::Among,
            Tag::Be,
            Tag::Of,
            Tag::OfThem,
            Tag::Include,
            Tag::And,
            Tag::Or,
            Tag::Comma,
            Tag::NumberOf,
        ]);
        let led = self.items.get(trigger - 1).is_some_and(|item| item.tags.meets(links));
        if noun && !led && trigger > count.items.end + 1 {
            return true;
        }
        // "who had six children and died": what somebody has does not die.
        let and = self.items.get(count.items.end).is_some_and(|item| item.has(Tag::And));
        if has(1, Tag::Have) && and && trigger == count.items.end + 1 && count.people.is_some() {
            return true;
        }
        // "65 people, among them relatives of the victims"
        let at = |back: usize| trigger.checked_sub(back).and_then(|at| self.items.get(at));
        let of_victims = at(1).is_some_and(|of| of.has(Tag::Of)) && at(2).is_some_and(|item| item.people().is_some());
        if of_victims && trigger > count.items.end + 2 {
            return true;
        }
        let is_verb = self.items.get(trigger).is_some_and(|item| item.has(Tag::Verb));
        // "48,000 relatives of missing servicemen": the word belongs to another noun.
        let describes = self.items.get(trigger + 1).is_some_and(|next| next.has(Tag::People))
            && !self.items.get(trigger).is_some_and(|item| item.has(Tag::TheDead));
        if count.people.is_some() && describes && count.items.end + 3 > trigger && count.items.end < trigger {
            return true;
        }
        let between = self.items.get(count.items.end..trigger).unwrap_or_default();
        // "13,883 deaths, including 726 children, and 35,548 people injured": a part ends at the comma before "and".
        let next_clause = between.windows(3).any(|three| {
            matches!(three, [comma, and, number]
                if comma.has(Tag::Comma) && and.has(Tag::And) && (number.has(Tag::Count) || number.is_hedge()))
        });
        if next_clause && count.part == Some(Part::OfFigure) {
            return true;
        }
        // "to 54,056 and the wounded to 123,000": the noun behind "and" has a figure of its own.
        let ahead = self.items.get(trigger + 1..(trigger + 4).min(self.items.len())).unwrap_or_default();
        let figure = |item: &Item<'_>| item.has(Tag::Count) || item.is_hedge();
        let reach = TagSet::of(&[Tag::To, Tag::Reach]);
        let own_figure = matches!(ahead, [to, number, ..] if to.tags.meets(reach) && figure(number));
        // "the dead number 61,599 and the injured 154,088"
        let own_figure = own_figure || matches!(ahead, [number, ..] if number.has(Tag::Count) && between.len() == 1);
        if own_figure && count.head == Head::Bare && between.first().is_some_and(|item| item.has(Tag::And)) {
            return true;
        }
        let joined = between.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::And, Tag::Comma])));
        // "600 people have been evacuated, and an elderly man was wounded"
        let stays = between.iter().take(4).position(|item| item.has(Tag::Present));
        let another = |stays: usize| {
            let clause = between.get(stays + 1..).unwrap_or_default();
            let opens = TagSet::of(&[Tag::Count, Tag::One, Tag::Another]);
            clause.windows(2).any(|pair| {
                matches!(pair, [join, number] if join.tags.meets(TagSet::of(&[Tag::And, Tag::Comma]))
                    && number.tags.meets(opens))
            })
        };
        if stays.is_some_and(another) {
            return true;
        }
        let next = self.items.get(trigger + 1);
        // "the bodies of 80 soldiers after it captured the base": whoever does it is not counted.
        if is_verb && between.last().is_some_and(|item| item.tags.meets(PRONOUN)) {
            return true;
        }
        // "12 militants killed three soldiers", "two brothers linked to the group murdered three people"
        let passive = between.iter().any(|item| item.has(Tag::Be));
        if count.head == Head::People && !passive && self.has_victims(trigger + 1) {
            return true;
        }
        // "put 37 soldiers out of action and captured their flag"
        let object = |next: &Item<'_>| {
            next.has(Tag::Count) || next.is_hedge() || next.tags.meets(TagSet::of(&[Tag::Own, Tag::Another]))
        };
        // "killed two farmers on Monday and wounded a nurse", not "were shot and wounded a block away"
        let one = next.is_some_and(|next| next.has(Tag::One)) && !between.iter().any(|item| item.has(Tag::Auxiliary));
        is_verb && joined && (one || next.is_some_and(object))
    }

    /// Whether people stand as the object right behind a verb.
    fn has_victims(&self, at: usize) -> bool {
        let opens = TagSet::of(&[Tag::Count, Tag::One, Tag::Another, Tag::Article, Tag::Own]);
        // "shot both attackers dead"
        let verbal = TagSet::of(&[Tag::Be, Tag::Have, Tag::Perfect]);
        let both = self.items.get(at).is_some_and(|item| item.has(Tag::Auxiliary) && !item.tags.meets(verbal))
            && self.items.get(at + 1).is_some_and(|item| item.has(Tag::People));
        // "“neutralised” both attackers"
        let quotes = |at: usize| self.items.get(at).is_some_and(|item| item.has(Tag::QuoteMark));
        if quotes(at) {
            return !at.checked_sub(1).is_some_and(quotes) && self.has_victims(at + 1);
        }
        let led = both || self.items.get(at).is_some_and(|item| item.tags.meets(opens) || item.is_hedge());
        let noun = self.items.get(at + 1..(at + 5).min(self.items.len())).unwrap_or_default();
        let described = TagSet::of(&[Tag::Modifier, Tag::Side, Tag::Count, Tag::Another, Tag::Word, Tag::Qualifier]);
        // "A gunman killed three Israelis", "killed Russian soldiers"
        let people = TagSet::of(&[Tag::People, Tag::Nation, Tag::Forces]);
        let noun = noun.iter().find(|item| item.tags.meets(people) || !item.tags.meets(described));
        let soldiers = self.items.get(at).is_some_and(|item| item.has(Tag::Forces));
        // "killed a Russian"
        let national = self.items.get(at).is_some_and(|item| item.has(Tag::One))
            && self.items.get(at + 1).is_some_and(|item| item.has(Tag::Side))
            && self.items.get(at + 2).is_none_or(|next| {
                next.tags.is_empty()
                    || next.tags.meets(TagSet::of(&[Tag::In, Tag::On, Tag::Comma, Tag::And, Tag::Time]))
            });
        soldiers || national || led && noun.is_some_and(|item| item.tags.meets(people))
    }

    /// "all 74 had died, among them 65 captured soldiers": what they were says nothing of what happened to them.
    pub(super) fn describes(&self, count: &Count, link: &Link) -> bool {
        let led = count.items.start.checked_sub(1).and_then(|led| self.items.get(led));
        let noun = self.items.get(count.items.end + 1..(count.items.end + 3).min(self.items.len()));
        let noun = noun.unwrap_or_default().iter().any(|item| item.has(Tag::People) || item.has(Tag::Forces));
        let captured = self.items.get(count.items.end).and_then(outcome_of) == Some(Outcome::Captured);
        let within = link.outcome == Some(count.items.end) && captured && noun;
        // "65 of them were captured servicemen"
        let predicate = link.outcome.filter(|at| count.part == Some(Part::OfFigure) && *at == count.items.end + 1);
        let predicate = predicate.is_some_and(|at| {
            let noun = self.items.get(at + 1..(at + 3).min(self.items.len())).unwrap_or_default();
            let is = self.items.get(count.items.end).is_some_and(|item| item.has(Tag::Be));
            is && self.items.get(at).and_then(outcome_of) == Some(Outcome::Captured)
                && noun.iter().any(|item| item.has(Tag::People))
        });
        // "48,000 relatives gave samples to find missing soldiers", "said a captured Russian lieutenant": of the noun behind it.
        let adjective = link.outcome.filter(|at| *at > count.items.end).is_some_and(|at| {
            let has =
                |at: usize, tags: &[Tag]| self.items.get(at).is_some_and(|item| item.tags.meets(TagSet::of(tags)));
            let led = has(at - 1, &[Tag::Be, Tag::Auxiliary, Tag::Perfect, Tag::And, Tag::Or, Tag::Comma]);
            let side = usize::from(has(at + 1, &[Tag::Side]));
            let noun = has(at + 1 + side, &[Tag::People, Tag::Forces, Tag::Title]);
            let led_by = has(at - 1, &[Tag::One, Tag::Word, Tag::Article]);
            noun && !led && led_by && self.items.get(at).is_some_and(|item| item.tokens.len() == 1)
        });
        adjective || predicate || (within && led.is_some_and(|item| item.has(Tag::Including)))
    }
}
