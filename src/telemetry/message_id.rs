//! The fixed ids of the events of the log. `systemd/tollwatch.catalog` explains each; they never change.

/// Each event with its id.
const IDS: [(&str, &str); 25] = [
    ("claim.new", "b38472fc8f1e4de88e20a3876785852d"),
    ("claim.step", "ece7704875e244dfa9dc1b617d9361e1"),
    ("claim.seen", "ac9d36c65af44e6b92b37b9008b21548"),
    ("claim.drift", "aba8700fcf92477fbe9799c339b2d1d9"),
    ("claim.withdrawn", "8911a11ae75a4c538f5db181bc90eae5"),
    ("claim.restored", "2b47b3c28e88419087b1cc923101b3a3"),
    ("article.edited", "05842f01316e4cffa9496fbf7f7efe5f"),
    ("source.failing", "2a2a9d107b0b4bf0a0198317a567537e"),
    ("source.recovered", "982c1c3264b64d6e9ca098b2a18720ba"),
    ("source.moved", "dce96b50692d4937b170a2b549267d4a"),
    ("source.gone", "ad8d4fb783dc4e8b884ab096b9a980c6"),
    ("start", "e090743f50254a25bb1a6d64898bce75"),
    ("stop", "5ee72d520627495cb92ac2a1d91d2776"),
    ("config.reloaded", "74e15ac515ac4cbea5e7e8e6e5a2b3c1"),
    ("config.rejected", "4d41174f57b54238bcbdec793d91ce71"),
    ("store.error", "f40f834b118940a1b1f90ac3acd3ccb9"),
    ("store.recovered", "9eeabc50c04c4a259dd5685c5081d3d1"),
    ("store.full", "57de5aabb6894b109cb9f0269232baa5"),
    ("clock.jumped", "3ae0da5591af43d091840c31ffb61534"),
    ("log.dropped", "601702f239564526af46d70cc399d7c3"),
    ("output.failing", "545aed7aa9da43468e22512808ff936d"),
    ("output.recovered", "e737f188dc3f4bdeb85e3d3455dd5480"),
    ("network.down", "de33bc3f8dc84df8982e03d00f56e117"),
    ("network.up", "f34cf8e82c7642c880542a6bc99caaec"),
    ("poll.panicked", "6f75a738ab51498d98146a2e14417c9b"),
];

/// The id of an event, if it has one.
pub(super) fn message_id(event: &str) -> Option<&'static str> {
    IDS.iter().find(|(name, _)| *name == event).map(|(_, id)| *id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Event;

    #[test]
    fn every_event_has_one_id_that_the_catalog_explains() {
        let catalog = include_str!("../../systemd/tollwatch.catalog");
        let explained: Vec<&str> = catalog.lines().filter_map(|line| line.strip_prefix("-- ")).collect();
        let known: Vec<&str> = IDS.iter().map(|(_, id)| *id).collect();
        assert_eq!(explained, known);
        assert!(Event::NAMES.iter().all(|event| message_id(event).is_some()));
        for (event, id) in IDS {
            assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{event}");
            assert!(catalog.contains(&format!("-- {id}\nSubject: ")), "{event}");
        }
    }
}
