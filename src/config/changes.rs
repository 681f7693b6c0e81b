//! What a new configuration changes, for the log of a reload.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::config::files::Files;
use crate::config::outputs::OutputConfig;
use crate::model::Digest;
use crate::model::OutputId;
use crate::model::Source;

/// The digest of each file of conflicts and languages.
pub(super) fn digests(files: &Files) -> BTreeMap<String, Digest> {
    let named = |folder: &'static str, name: &String| format!("{folder}/{name}");
    let conflicts = files.conflicts.iter().map(|(name, file)| (named("conflicts", name), file));
    let languages = files.languages.iter().map(|(name, file)| (named("languages", name), file));
    conflicts.chain(languages).map(|(name, file)| (name, Digest::of(file.text.as_bytes()))).collect()
}

impl Config {
    /// What is other in `new`, one change a line; empty if nothing is.
    pub fn changes(&self, new: &Self) -> Vec<String> {
        let mut out = Vec::new();
        let (old_sources, new_sources) = (by_id(self), by_id(new));
        let listed = |what: &str, ids: Vec<&str>| {
            let several = if ids.len() == 1 { "source" } else { "sources" };
            (!ids.is_empty()).then(|| format!("{several} {what}: {}", ids.join(", ")))
        };
        let added = new_sources.keys().filter(|id| !old_sources.contains_key(*id)).copied().collect();
        let removed = old_sources.keys().filter(|id| !new_sources.contains_key(*id)).copied().collect();
        let changed = new_sources.iter().filter(|(id, source)| old_sources.get(*id).is_some_and(|old| old != *source));
        let changed = changed.map(|(id, _)| *id).collect();
        out.extend(listed("added", added));
        out.extend(listed("removed", removed));
        out.extend(listed("changed", changed));
        for (name, digest) in &new.digests {
            match self.digests.get(name) {
                None => out.push(format!("{name} added")),
                Some(old) if old != digest => out.push(format!("{name} changed")),
                Some(_) => {}
            }
        }
        out.extend(
            self.digests.keys().filter(|name| !new.digests.contains_key(*name)).map(|name| format!("{name} removed")),
        );
        out.extend(outputs(&self.outputs, &new.outputs));
        let settings = [
            (self.http != new.http, "[http] changed"),
            (self.schedule != new.schedule, "[schedule] changed"),
            (self.store != new.store, "[store] changed (used after a restart)"),
            (self.web != new.web, "[web] changed (used after a restart)"),
            (self.log != new.log, "[log] changed (used after a restart)"),
        ];
        out.extend(settings.into_iter().filter(|(differs, _)| *differs).map(|(_, told)| told.to_owned()));
        out
    }
}

/// Outputs that came, went or are others now.
fn outputs(old: &[OutputConfig], new: &[OutputConfig]) -> Vec<String> {
    let find = |list: &'_ [OutputConfig], id: &OutputId| list.iter().find(|output| output.id == *id).cloned();
    let mut out = Vec::new();
    for output in new {
        match find(old, &output.id) {
            None => out.push(format!("output added: {}", output.id)),
            Some(old) if old != *output => out.push(format!("output changed: {}", output.id)),
            Some(_) => {}
        }
    }
    let gone = old.iter().filter(|output| find(new, &output.id).is_none());
    out.extend(gone.map(|output| format!("output removed: {}", output.id)));
    out
}

fn by_id(config: &Config) -> BTreeMap<&str, &Source> {
    config.enabled().map(|source| (source.id.as_str(), source)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reload_names_what_it_changes() {
        let old = Config::embedded().unwrap();
        assert_eq!(old.changes(&old), Vec::<String>::new());
        let mut new = old.clone();
        let mut enabled = new.sources.iter_mut().filter(|source| source.enabled);
        let off = enabled.next().map(|source| {
            source.enabled = false;
            source.id.to_string()
        });
        let renamed = enabled.next().map(|source| {
            "Another name".clone_into(&mut source.name);
            source.id.to_string()
        });
        new.digests.insert("conflicts/sudan".to_owned(), Digest::of(b""));
        new.http.per_host = 2;
        new.web.listen = None;
        let expected = [
            format!("source removed: {}", off.unwrap()),
            format!("source changed: {}", renamed.unwrap()),
            "conflicts/sudan changed".to_owned(),
            "[http] changed".to_owned(),
            "[web] changed (used after a restart)".to_owned(),
        ];
        assert_eq!(old.changes(&new), expected);
    }
}
