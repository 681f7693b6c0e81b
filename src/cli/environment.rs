//! The environment, read in one place.

use std::net::TcpListener;
use std::path::PathBuf;

use crate::model::Secret;

/// The state folder of the service.
const SERVICE_FOLDER: &str = "/var/lib/tollwatch";

/// What this process finds around it.
#[derive(Debug, Clone, Default)]
pub(super) struct Environment {
    /// `$TOLLWATCH_CONFIG`.
    pub(super) config: Option<PathBuf>,
    /// `$JOURNAL_STREAM`, which systemd sets.
    pub(super) journal_stream: Option<String>,
    /// `$STATE_DIRECTORY`, which systemd sets; the first of several.
    state_directory: Option<PathBuf>,
    /// `$XDG_STATE_HOME`.
    state_home: Option<PathBuf>,
    /// `$HOME`.
    home: Option<PathBuf>,
    /// `$CREDENTIALS_DIRECTORY`, which systemd sets.
    credentials_directory: Option<PathBuf>,
    /// `$COLUMNS`.
    pub(super) columns: Option<usize>,
}

impl Environment {
    /// Reads it.
    pub(super) fn read() -> Self {
        #[allow(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
        let get = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            config: get("TOLLWATCH_CONFIG").map(PathBuf::from),
            journal_stream: get("JOURNAL_STREAM"),
            state_directory: get("STATE_DIRECTORY").and_then(|list| list.split(':').next().map(PathBuf::from)),
            state_home: get("XDG_STATE_HOME").map(PathBuf::from),
            home: get("HOME").map(PathBuf::from),
            credentials_directory: get("CREDENTIALS_DIRECTORY").map(PathBuf::from),
            columns: get("COLUMNS").and_then(|columns| columns.parse().ok()),
        }
    }

    /// A secret that systemd handed over (`LoadCredential=`).
    ///
    /// # Errors
    ///
    /// If there is none of that name; in words.
    pub(super) fn credential(&self, name: &str) -> Result<Secret, String> {
        let missing = "the unit hands over no credentials: add LoadCredential= to it";
        let folder = self.credentials_directory.as_ref().ok_or_else(|| format!("credential {name}: {missing}"))?;
        let text = std::fs::read_to_string(folder.join(name)).map_err(|error| format!("credential {name}: {error}"))?;
        Ok(Secret::new(text.trim_end_matches(['\n', '\r'])))
    }

    /// Where the ledger is if the configuration does not say: in systemd's state folder; where the service keeps it, if
    /// its configuration is used (`of_the_machine`) by who may see it; else in the user's state folder.
    pub(super) fn default_store(&self, of_the_machine: bool) -> Option<String> {
        let by_systemd = self.state_directory.clone();
        let by_service =
            || Some(PathBuf::from(SERVICE_FOLDER)).filter(|folder| of_the_machine && folder.join("ledger.db").exists());
        let by_user = || {
            self.state_home
                .clone()
                .or_else(|| self.home.as_ref().map(|home| home.join(".local/state")))
                .map(|state| state.join("tollwatch"))
        };
        by_systemd
            .or_else(by_service)
            .or_else(by_user)
            .map(|folder| format!("sqlite://{}", folder.join("ledger.db").display()))
    }
}

/// The first socket that systemd bound for this process and passed on, if it did.
pub(super) fn passed_listener() -> Option<TcpListener> {
    listenfd::ListenFd::from_env().take_tcp_listener(0).ok().flatten()
}
