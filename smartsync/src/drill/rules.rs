//! How the program and the services are set up in a run.

use std::{fmt::Write as _, time::Duration};

use fastrand::Rng;
use smartsync_sandbox::{Delegation, SandboxSettings};

use super::field::{Field, IDENTITY, TOKEN};
use crate::words::commands::drill_deeds as deeds;

/// By what a contract that others have made is linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// As it is where nothing is said: by ledger and token.
    Default,
    /// By token in a data field as well.
    DataField,
    /// By address as well, in one template type.
    Email { attaches: bool },
}

/// Which identity fields are written back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// None, as it is where nothing is said.
    Default,
    /// All but the address, each by an entry that says nothing else.
    Entries,
    /// All, the address with the word that it takes.
    EntriesAndEmail,
}

/// How a run is set up.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) link: Link,
    pub(super) identity: Identity,
    /// Values overwritten or cleared in an hour; `None`: as it is where nothing is said.
    pub(super) limit: Option<u32>,
    /// Whether contracts show on which side a party is.
    pub(super) shows_sides: bool,
    /// Whether times of data fields are shown, without which no edit is proven.
    pub(super) shows_times: bool,
    /// Whether a contract shows when its participants came and changed: their times, or its events.
    pub(super) shows_changes: bool,
    pub(super) sandbox: SandboxSettings,
}

/// Where nothing is said.
const DEFAULT_LIMIT: u32 = 50;

impl Rules {
    pub(super) fn draw(rng: &mut Rng) -> Self {
        let mostly = |rng: &mut Rng| rng.u8(..4) > 0;
        let link = match rng.u8(..10) {
            0..4 => Link::Default,
            4 => Link::DataField,
            number => Link::Email { attaches: number == 5 },
        };
        let identity = match rng.u8(..4) {
            0..2 => Identity::Default,
            2 => Identity::Entries,
            _ => Identity::EntriesAndEmail,
        };
        let (sides, fields, participants, events) = (rng.u8(..8) > 0, mostly(rng), mostly(rng), mostly(rng));
        let sandbox = SandboxSettings::new()
            .unseeded()
            // The run itself says how much time passes, also that none does.
            .action_time(Duration::ZERO)
            .null_clears(rng.bool())
            .my_party_hidden(!sides)
            .data_field_times(fields)
            .participant_times(participants)
            .contract_events(events)
            // From a stream of its own, so that seeds of before draw the same of everything else.
            .participant_events(mostly(&mut Rng::with_seed(rng.clone().u64(..))))
            .delegation(if rng.bool() { Delegation::SameParticipant } else { Delegation::NewParticipant })
            .delegation_as_update(rng.bool())
            .api_uploads_internal(rng.bool());
        Self {
            link,
            identity,
            limit: (rng.u8(..3) == 0).then(|| rng.u32(1..=6)),
            shows_sides: sides,
            shows_times: fields,
            shows_changes: participants || events,
            sandbox,
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit.unwrap_or(DEFAULT_LIMIT) as usize
    }

    /// Whether a field of the card may ever be written from a contract.
    pub(super) fn writes_back(&self, field: Field) -> bool {
        match self.identity {
            _ if !field.is_identity() => true,
            Identity::Default => false,
            Identity::Entries => field.key != "email",
            Identity::EntriesAndEmail => true,
        }
    }

    /// The configuration file, as far as it is about the mapping.
    pub(super) fn as_toml(&self, template_type: i64) -> String {
        let mut text = match self.link {
            Link::Default => "[sync]\n".to_owned(),
            Link::DataField => format!(
                "[sync]\nlink = [\"ledger\", \"participant_custom_id\", \"data_field\"]\nlink_data_field = \"{TOKEN}\"\n"
            ),
            Link::Email { attaches } => format!(
                "[sync]\nlink = [\"ledger\", \"participant_custom_id\", \"email\"]\ntemplate_types = [{template_type}]\n{}",
                if attaches { "document = { by_email = true }\n" } else { "" }
            ),
        };
        for field in IDENTITY.into_iter().filter(|field| self.writes_back(*field)) {
            let word = if field.key == "email" { "allow_identity = true\n" } else { "" };
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{}{word}", entry(field));
        }
        text
    }
}

fn entry(field: Field) -> String {
    format!("[[field]]\noneflow = \"{}\"\nteamtailor = \"{}\"\n", field.key, field.in_mapping())
}

/// Configurations that open a door without saying so: each has to be refused.
pub(super) fn unsafe_configurations() -> [(&'static str, String); 5] {
    let [email, ..] = IDENTITY;
    let remarks = super::field::CUSTOM[0];
    let clears = format!("{}on_empty = \"clear\"\n", entry(remarks));
    [
        (deeds::LINK_WITHOUT_SCOPE, "[sync]\nlink = [\"ledger\", \"email\"]\n".to_owned()),
        (deeds::ADDRESS_WITHOUT_WORD, entry(email)),
        (deeds::CLEARED_BEFORE_SIGNED, clears.clone()),
        (deeds::CLEARED_ONCE_SIGNED, format!("{clears}when = \"candidate_signed\"\n")),
        (
            deeds::ADDRESS_BY_OTHER_NAME,
            "[[field]]\noneflow = \"oneflow-remarks\"\nteamtailor = \"email\"\n".to_owned(),
        ),
    ]
}
