//! What a sandbox is started with.

use std::{fmt, time::Duration};

use jiff::Timestamp;

use crate::unknowns::{
    ContractEvents, CustomIdPlace, DataFieldTimes, DateReadForm, ListsWithValues, MyParty, NumberReadForm,
    ParticipantEvents, ParticipantTimes, SelectReadForm, Unknowns, UploadInternal, WebhookList,
};

/// Credentials, start of the virtual time, and how the services behave where the public documentation does not say.
///
/// ```
/// use smartsync_sandbox::{Sandbox, SandboxSettings};
///
/// let sandbox = Sandbox::new(SandboxSettings::new().null_clears(true));
/// assert_eq!(sandbox.oneflow_token().len(), 40);
/// ```
#[derive(Clone)]
pub struct SandboxSettings {
    pub(crate) oneflow_token: String,
    pub(crate) user_email: String,
    pub(crate) teamtailor_key: String,
    pub(crate) start: Timestamp,
    pub(crate) action_time: Duration,
    pub(crate) link_lifetime: Duration,
    pub(crate) oneflow_limit: u32,
    pub(crate) teamtailor_limit: u32,
    pub(crate) unknowns: Unknowns,
    pub(crate) null_clears: bool,
    pub(crate) delegation: Delegation,
    pub(crate) delegation_as_update: bool,
    pub(crate) merged: Merged,
    pub(crate) stage_delay: Duration,
    pub(crate) logged_requests: usize,
    pub(crate) seeded: bool,
    pub(crate) account: Option<i64>,
    pub(crate) company: String,
}

/// How a contract looks after a participant has handed over to somebody else. The public documentation does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "somebody else is the same participant or another one")]
pub enum Delegation {
    /// The same participant, with the owner side's id, under the new name and address.
    #[default]
    SameParticipant,
    /// A new participant who has to sign; the one who handed over no longer has to.
    NewParticipant,
}

/// What Teamtailor answers about a candidate who was merged into another. The public documentation does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the id is gone, leads to the other, or stays")]
pub enum Merged {
    /// 404, as for one who was deleted.
    #[default]
    Missing,
    /// 301 to the one who stays. As an owner in a body it is refused.
    Redirects,
    /// The candidate stays as it was, without what was moved to the other.
    Stays,
}

/// In which form Teamtailor reads a custom field value back. The sources disagree, so each form can be switched on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadBack {
    /// A number comes back as text: `"42000"` in place of `42000`.
    pub number_as_text: bool,
    /// A select comes back as a list of one label: `["Permanent"]` in place of `"Permanent"`.
    pub select_as_list: bool,
    /// A date comes back with a time and the company's offset, not as written.
    pub date_with_time: bool,
}

impl ReadBack {
    /// Text and numbers as they are, one label for a select, dates as written.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets [`ReadBack::number_as_text`].
    #[must_use]
    pub fn number_as_text(mut self, yes: bool) -> Self {
        self.number_as_text = yes;
        self
    }

    /// Sets [`ReadBack::select_as_list`].
    #[must_use]
    pub fn select_as_list(mut self, yes: bool) -> Self {
        self.select_as_list = yes;
        self
    }

    /// Sets [`ReadBack::date_with_time`].
    #[must_use]
    pub fn date_with_time(mut self, yes: bool) -> Self {
        self.date_with_time = yes;
        self
    }
}

impl SandboxSettings {
    /// Fixed sample credentials, 2031-03-03 09:00 UTC, the documented rate limits and the sample data.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The token that Oneflow accepts. A real one has 40 characters; another length is refused at every request.
    #[must_use]
    pub fn oneflow_token(mut self, token: impl Into<String>) -> Self {
        self.oneflow_token = token.into();
        self
    }

    /// E-mail of the registered Oneflow user that contracts are created for.
    #[must_use]
    pub fn user_email(mut self, email: impl Into<String>) -> Self {
        self.user_email = email.into();
        self
    }

    /// The API key that Teamtailor accepts.
    #[must_use]
    pub fn teamtailor_key(mut self, key: impl Into<String>) -> Self {
        self.teamtailor_key = key.into();
        self
    }

    /// Where the virtual time begins.
    #[must_use]
    pub fn start(mut self, start: Timestamp) -> Self {
        self.start = start;
        self
    }

    /// How much of the virtual time passes before each thing that a person does: makes, sends, fills in, signs, edits. Default: 1 second, so
    /// that what is done later has a later time, also in Oneflow's whole seconds. With zero, time moves by [`advance`] only.
    ///
    /// [`advance`]: crate::Sandbox::advance
    #[must_use]
    pub fn action_time(mut self, time: Duration) -> Self {
        self.action_time = time;
        self
    }

    /// How long a download address of the storage is valid. Default: 60 seconds.
    #[must_use]
    pub fn link_lifetime(mut self, lifetime: Duration) -> Self {
        self.link_lifetime = lifetime;
        self
    }

    /// Requests that Oneflow allows in 5 minutes. Default: the documented 2,000.
    #[must_use]
    pub fn oneflow_limit(mut self, requests: u32) -> Self {
        self.oneflow_limit = requests;
        self
    }

    /// Requests that Teamtailor allows in 10 seconds. Default: the documented 50.
    #[must_use]
    pub fn teamtailor_limit(mut self, requests: u32) -> Self {
        self.teamtailor_limit = requests;
        self
    }

    /// Which answers are true where no page says so. What was said before of one of them is forgotten.
    #[must_use]
    pub fn unknowns(mut self, unknowns: Unknowns) -> Self {
        self.unknowns = unknowns;
        self
    }

    /// Whether writing `null`, empty text or an empty list clears a custom field. Not documented; `value` is called
    /// mandatory, so by default it is refused with 422.
    #[must_use]
    pub fn null_clears(mut self, yes: bool) -> Self {
        self.null_clears = yes;
        self
    }

    /// Whether a contract's data field has `custom_id` at its top level and not under `_private_ownerside`. The
    /// sources disagree.
    #[must_use]
    pub fn custom_id_on_top(mut self, yes: bool) -> Self {
        self.unknowns.oneflow.custom_id_place =
            if yes { CustomIdPlace::Top } else { CustomIdPlace::OwnerSide };
        self
    }

    /// In which form custom field values are read back.
    #[must_use]
    pub fn read_back(mut self, forms: ReadBack) -> Self {
        let ReadBack { number_as_text, select_as_list, date_with_time } = forms;
        let values = &mut self.unknowns.teamtailor;
        values.number_read_form = if number_as_text { NumberReadForm::Text } else { NumberReadForm::Number };
        values.select_read_form = if select_as_list { SelectReadForm::List } else { SelectReadForm::Label };
        values.date_read_form = if date_with_time { DateReadForm::WithTime } else { DateReadForm::AsWritten };
        self
    }

    /// How a contract looks after a participant has handed over.
    #[must_use]
    pub fn delegation(mut self, form: Delegation) -> Self {
        self.delegation = form;
        self
    }

    /// Whether handing over is reported as `participant:update`. `participant:delegate` is only seen in other
    /// people's code.
    #[must_use]
    pub fn delegation_as_update(mut self, yes: bool) -> Self {
        self.delegation_as_update = yes;
        self
    }

    /// What Teamtailor answers about a candidate who was merged into another: [`Merged::Missing`] at first.
    #[must_use]
    pub fn merged(mut self, form: Merged) -> Self {
        self.merged = form;
        self
    }

    /// Whether participants have `created_time` and `updated_time`, which are not documented; else they are null. Default: yes.
    #[must_use]
    pub fn participant_times(mut self, yes: bool) -> Self {
        self.unknowns.oneflow.participant_times =
            if yes { ParticipantTimes::Both } else { ParticipantTimes::None };
        self
    }

    /// Whether data fields have `created_time` and `updated_time`, which are not documented; else they are null. Default: yes.
    #[must_use]
    pub fn data_field_times(mut self, yes: bool) -> Self {
        self.unknowns.oneflow.data_field_times =
            if yes { DataFieldTimes::Both } else { DataFieldTimes::None };
        self
    }

    /// Whether a contract's events can be read, whose path is not documented; else it is a 404. Default: yes.
    #[must_use]
    pub fn contract_events(mut self, yes: bool) -> Self {
        self.unknowns.oneflow.contract_events =
            if yes { ContractEvents::Listed } else { ContractEvents::Missing };
        self
    }

    /// Whether a contract's events include those of its participants (`participant:*`); notifications do in any case.
    /// No source shows such a list. Default: yes.
    #[must_use]
    pub fn participant_events(mut self, yes: bool) -> Self {
        self.unknowns.oneflow.participant_events =
            if yes { ParticipantEvents::Included } else { ParticipantEvents::LeftOut };
        self
    }

    /// Whether parties lack `my_party`, as for a caller outside the owner side.
    #[must_use]
    pub fn my_party_hidden(mut self, yes: bool) -> Self {
        self.unknowns.oneflow.my_party = if yes { MyParty::Sometimes } else { MyParty::Always };
        self
    }

    /// What `internal` says of an upload over the API. In the documented sample it is false.
    #[must_use]
    pub fn api_uploads_internal(mut self, yes: bool) -> Self {
        self.unknowns.teamtailor.upload_internal = if yes { UploadInternal::Yes } else { UploadInternal::No };
        self
    }

    /// Whether a list of candidates with their custom field values included is answered with 500, as an importer met it. Default: no.
    #[must_use]
    pub fn candidate_lists_with_values_fail(mut self, yes: bool) -> Self {
        self.unknowns.teamtailor.lists_with_values =
            if yes { ListsWithValues::Error } else { ListsWithValues::Answered };
        self
    }

    /// Whether `GET /webhooks` is answered with an array, without `data` around it, as one code base reads it. Default: no.
    #[must_use]
    pub fn bare_webhook_list(mut self, yes: bool) -> Self {
        self.unknowns.oneflow.webhook_list = if yes { WebhookList::Array } else { WebhookList::Page };
        self
    }

    /// How much of the virtual time passes until a move to another stage over the API can be read, also in the answer to the move itself.
    /// In production it was seen to take 15 to 50 seconds. Default: none.
    #[must_use]
    pub fn stage_delay(mut self, delay: Duration) -> Self {
        self.stage_delay = delay;
        self
    }

    /// How many requests the log keeps: the newest. Default: 100,000, some 15 MB, so that a sandbox that runs for weeks does not grow.
    #[must_use]
    pub fn logged_requests(mut self, most: usize) -> Self {
        self.logged_requests = most;
        self
    }

    /// The id of the Oneflow account. Default: an id from the counters.
    #[must_use]
    pub fn account(mut self, id: i64) -> Self {
        self.account = Some(id);
        self
    }

    /// The id of the Teamtailor company: not a number, unlike the others.
    #[must_use]
    pub fn company(mut self, id: impl Into<String>) -> Self {
        self.company = id.into();
        self
    }

    /// Without sample templates, custom fields and candidate: one workspace, one user, one company and nothing else.
    #[must_use]
    pub fn unseeded(mut self) -> Self {
        self.seeded = false;
        self
    }
}

impl Default for SandboxSettings {
    fn default() -> Self {
        Self {
            oneflow_token: "sandbox-oneflow-token-000000000000000001".to_owned(),
            user_email: "recruiter@example.com".to_owned(),
            teamtailor_key: "sandbox-teamtailor-key".to_owned(),
            // 2031-03-03T09:00:00Z
            start: Timestamp::constant(1_930_294_800, 0),
            action_time: Duration::from_secs(1),
            link_lifetime: Duration::from_secs(60),
            oneflow_limit: 2_000,
            teamtailor_limit: 50,
            unknowns: Unknowns::default(),
            null_clears: false,
            delegation: Delegation::default(),
            delegation_as_update: false,
            merged: Merged::default(),
            stage_delay: Duration::ZERO,
            logged_requests: 100_000,
            seeded: true,
            account: None,
            company: "FkZsandboxA".to_owned(),
        }
    }
}

/// Without the credentials.
impl fmt::Debug for SandboxSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxSettings")
            .field("start", &self.start)
            .field("action_time", &self.action_time)
            .field("link_lifetime", &self.link_lifetime)
            .field("oneflow_limit", &self.oneflow_limit)
            .field("teamtailor_limit", &self.teamtailor_limit)
            .field("unknowns", &self.unknowns)
            .field("null_clears", &self.null_clears)
            .field("delegation", &self.delegation)
            .field("delegation_as_update", &self.delegation_as_update)
            .field("merged", &self.merged)
            .field("stage_delay", &self.stage_delay)
            .field("logged_requests", &self.logged_requests)
            .field("seeded", &self.seeded)
            .field("account", &self.account)
            .field("company", &self.company)
            .finish_non_exhaustive()
    }
}
