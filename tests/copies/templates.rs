//! Stories that newsrooms fill in day by day: the words stay, figures, days and places change.

use crate::Story;

/// Figures that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.roll(of.len() as u64)).unwrap()]
    }
}

const MONTHS: [&str; 5] = ["January", "March", "June", "August", "October"];
const TOWNS: [&str; 8] =
    ["Kherson", "Beryslav", "Kostiantynivka", "Toretsk", "Vovchansk", "Kupiansk", "Nikopol", "Orikhiv"];
const PEOPLE: [&str; 6] =
    ["a 61-year-old man", "a 45-year-old woman", "two brothers", "an elderly couple", "a bus driver", "a postman"];

/// Fills in one story.
type Template = fn(&mut Dice) -> String;

/// Each template with forty stories on it.
pub(crate) fn all() -> Vec<(&'static str, Vec<Story>)> {
    let mut dice = Dice(3);
    let templates: [(&str, Template); 4] =
        [("losses", losses), ("drones", drones), ("shelling", shelling), ("втрати", vtraty)];
    let story =
        |text: String| Story { event: "template".into(), title: text.split('.').next().unwrap().to_owned(), text };
    templates.map(|(name, fill)| (name, (0..40).map(|_| story(fill(&mut dice))).collect())).to_vec()
}

fn thousands(n: u64) -> String {
    if n < 1_000 { n.to_string() } else { format!("{},{:03}", n / 1_000, n % 1_000) }
}

fn losses(dice: &mut Dice) -> String {
    let (total, day) = (thousands(300_000 + dice.roll(700_000)), thousands(600 + dice.roll(1_500)));
    let mut n = |from: u64| thousands(from + dice.roll(from));
    let arms = [n(5_000), n(9_000), n(12_000), n(8_000), n(800), n(600), n(300), n(310), n(7_000), n(20)];
    let (month, date) = (dice.pick(&MONTHS), 1 + dice.roll(28));
    let [tanks, armored, vehicles, artillery, rockets, air, planes, helicopters, drones, boats] = arms;
    format!(
        "Russia has lost {total} troops in Ukraine since the beginning of its full-scale invasion on Feb. 24, 2022, the General Staff of \
         Ukraine's Armed Forces reported on {month} {date}.\n\nThis number includes {day} casualties Russian forces suffered over the past \
         day.\n\nAccording to the report, Russia has also lost {tanks} tanks, {armored} armored fighting vehicles, {vehicles} vehicles and fuel \
         tanks, {artillery} artillery systems, {rockets} multiple launch rocket systems, {air} air defense systems, {planes} airplanes, \
         {helicopters} helicopters, {drones} drones, and {boats} boats."
    )
}

fn drones(dice: &mut Dice) -> String {
    let (sent, down, killed, hurt) = (40 + dice.roll(400), 20 + dice.roll(300), 2 + dice.roll(20), 5 + dice.roll(70));
    let (town, other, who) = (dice.pick(&TOWNS), dice.pick(&TOWNS), dice.pick(&PEOPLE));
    let (month, date) = (dice.pick(&MONTHS), 1 + dice.roll(28));
    format!(
        "Russia attacked Ukraine with {sent} drones overnight on {month} {date}, the Air Force said.\n\nUkrainian air defense shot down {down} of \
         them over {} regions, while {} more were lost due to electronic warfare. At least {killed} people were killed and {hurt} injured, local \
         authorities reported. In {town}, {who} died when debris hit a residential building; fires broke out in {other} and were put out by \
         morning.",
        3 + dice.roll(12),
        4 + dice.roll(90)
    )
}

fn shelling(dice: &mut Dice) -> String {
    let (killed, hurt, shells) = (2 + dice.roll(9), 3 + dice.roll(30), 100 + dice.roll(500));
    let (town, who) = (dice.pick(&TOWNS), dice.pick(&PEOPLE));
    let (month, date) = (dice.pick(&MONTHS), 1 + dice.roll(28));
    format!(
        "Russian attacks on the region killed {killed} people and injured {hurt} over the past day, the governor said on Telegram on {month} \
         {date}.\n\nRussian forces fired {shells} shells at {} settlements, damaging {} houses, {} apartment buildings and a gas pipeline. In {town}, \
         {who} was killed in the street. The wounded were taken to hospital and are in moderate condition.",
        10 + dice.roll(40),
        5 + dice.roll(60),
        2 + dice.roll(20)
    )
}

fn vtraty(dice: &mut Dice) -> String {
    let (total, day) = (thousands(300_000 + dice.roll(700_000)), thousands(600 + dice.roll(1_500)));
    let mut n = |from: u64| thousands(from + dice.roll(from));
    let (tanks, armored, artillery, drones, missiles) = (n(5_000), n(9_000), n(8_000), n(7_000), n(1_500));
    format!(
        "Загальні бойові втрати противника з 24.02.22 по {}.{}.24 орієнтовно становлять: особового складу ‒ близько {total} (+{day}) осіб, танків ‒ \
         {tanks} (+{}), бойових броньованих машин ‒ {armored} (+{}), артилерійських систем – {artillery} (+{}), БПЛА оперативно-тактичного рівня – \
         {drones} (+{}), крилаті ракети ‒ {missiles}. Дані уточнюються.",
        1 + dice.roll(28),
        1 + dice.roll(12),
        1 + dice.roll(30),
        1 + dice.roll(50),
        1 + dice.roll(60),
        1 + dice.roll(90)
    )
}
