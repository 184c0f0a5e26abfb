//! The handle to the sandbox.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{Uri, uri::Authority};
use jiff::Timestamp;
use smartsync_transport::{Request, Response, Url};

use crate::{
    action_error::ActionError,
    candidate_card::CandidateCard,
    contract_card::ContractCard,
    notifications::Acknowledged,
    origins::{Origin, Origins},
    request_log::LoggedRequest,
    seed::{CandidateSeed, ContractSeed, CustomFieldSeed, SeededIds, TemplateSeed, TemplateTypeSeed},
    settings::SandboxSettings,
    state::outbox::Notification,
    world::World,
};

/// Oneflow, Teamtailor and their file storage as one state machine. Cheap to clone: all clones share the state.
///
/// The same settings and the same calls give the same answers, byte for byte: time moves only by
/// [`Sandbox::advance`] and by what people do ([`SandboxSettings::action_time`]), ids come from counters.
///
/// ```
/// use smartsync_sandbox::{Sandbox, SandboxSettings};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::new(SandboxSettings::new());
/// let candidate = sandbox.seeded().candidate;
/// sandbox.edit_candidate(&candidate, "phone", Some("+46701740606"))?;
/// let card = sandbox.candidate_card(&candidate).ok_or("no such candidate")?;
/// assert_eq!(card.get("phone"), Some("+46701740606"));
/// assert_eq!(card.get("oneflow-contract-type"), Some("Permanent"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Sandbox {
    world: Arc<Mutex<World>>,
}

impl Sandbox {
    /// A sandbox for the same process, under the host names of the real services.
    #[must_use]
    pub fn new(settings: SandboxSettings) -> Self {
        Self::at(settings, Origins::in_process())
    }

    pub(crate) fn at(settings: SandboxSettings, origins: Origins) -> Self {
        Self { world: Arc::new(Mutex::new(World::new(settings, origins))) }
    }

    /// A second sandbox in the same state. From here on the two are independent, so that many runs can begin where
    /// one preparation ended.
    ///
    /// ```
    /// use smartsync_sandbox::{Sandbox, SandboxSettings};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sandbox = Sandbox::new(SandboxSettings::new());
    /// let candidate = sandbox.seeded().candidate;
    /// let other = sandbox.fork();
    /// other.edit_candidate(&candidate, "phone", Some("+46701740606"))?;
    /// assert_ne!(sandbox.candidate_card(&candidate), other.candidate_card(&candidate));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn fork(&self) -> Self {
        Self { world: Arc::new(Mutex::new(self.world().clone())) }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what a person does: it takes its time, unless it is refused.
    pub(crate) fn act<T>(
        &self,
        action: impl FnOnce(&mut World) -> Result<T, ActionError>,
    ) -> Result<T, ActionError> {
        self.world().act(action)
    }

    // --- the services ---

    /// Answers one request to one of the three hosts. Only path, query, headers and body are looked at. There is no wire on which
    /// anything could go wrong: transports and HTTP meet [faults](crate::Fault), this does not.
    #[must_use]
    pub fn handle(&self, origin: Origin, request: Request) -> Response {
        self.world().handle(origin, request)
    }

    /// The base URL that a client of this host is configured with; Oneflow's ends in `/v1`.
    #[must_use]
    pub fn base_url(&self, origin: Origin) -> Option<Url> {
        self.world().origins.base_url(origin)
    }

    /// Whether an address is one of this host.
    pub(crate) fn is_at(&self, origin: Origin, address: &Uri) -> bool {
        let world = self.world();
        let parts = world.origins.of(origin).split_once("://");
        parts == address.scheme_str().zip(address.authority().map(Authority::as_str))
    }

    /// The token that Oneflow accepts.
    #[must_use]
    pub fn oneflow_token(&self) -> String {
        self.world().settings.oneflow_token.clone()
    }

    /// E-mail of the registered Oneflow user.
    #[must_use]
    pub fn user_email(&self) -> String {
        self.world().settings.user_email.clone()
    }

    /// The API key that Teamtailor accepts.
    #[must_use]
    pub fn teamtailor_key(&self) -> String {
        self.world().settings.teamtailor_key.clone()
    }

    /// Requests so far, oldest first: no headers, no query, no bodies. The newest 100,000, unless
    /// [`SandboxSettings::logged_requests`] says otherwise.
    #[must_use]
    pub fn request_log(&self) -> Vec<LoggedRequest> {
        self.world().log.requests()
    }

    /// How many older requests [`Sandbox::request_log`] no longer has, since the log was last cleared.
    #[must_use]
    pub fn dropped_log_entries(&self) -> u64 {
        self.world().log.dropped()
    }

    /// Forgets the requests so far.
    pub fn clear_request_log(&self) {
        self.world().log.clear();
    }

    // --- time ---

    /// The virtual time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.world().now
    }

    /// Lets time pass: rate limits reset, download addresses end, notifications become due.
    pub fn advance(&self, by: Duration) {
        self.world().advance(by);
    }

    // --- data ---

    /// Ids of the sample data.
    #[must_use]
    pub fn seeded(&self) -> SeededIds {
        self.world().seeded.clone()
    }

    /// Adds a template type and returns its id.
    pub fn add_template_type(&self, seed: TemplateTypeSeed) -> i64 {
        self.world().add_template_type(seed)
    }

    /// Adds a template and returns its id.
    ///
    /// # Errors
    ///
    /// [`ActionError::TemplateType`].
    pub fn add_template(&self, seed: TemplateSeed) -> Result<i64, ActionError> {
        self.world().add_template(seed)
    }

    /// Adds a custom field of candidates and returns its id.
    pub fn add_custom_field(&self, seed: CustomFieldSeed) -> String {
        self.world().add_custom_field(seed)
    }

    /// Adds a candidate and returns its id.
    ///
    /// # Errors
    ///
    /// [`ActionError::Field`] and [`ActionError::Value`]; nothing is added then.
    pub fn add_candidate(&self, seed: CandidateSeed) -> Result<String, ActionError> {
        self.act(|world| world.add_candidate(seed))
    }

    /// Adds a job with three stages and an application of the candidate in the first; returns the ids of the
    /// application and of the stages.
    ///
    /// # Errors
    ///
    /// [`ActionError::Candidate`].
    pub fn add_job_application(&self, candidate: &str) -> Result<(String, Vec<String>), ActionError> {
        self.act(|world| world.add_job_application(candidate))
    }

    /// Adds a contract as somebody would create it in Oneflow's own app, and returns its id.
    ///
    /// # Errors
    ///
    /// [`ActionError::Template`].
    pub fn add_contract(&self, seed: ContractSeed) -> Result<i64, ActionError> {
        self.act(|world| world.add_contract(seed))
    }

    /// Lets Teamtailor fetch `bytes` from `url`, as from your own host.
    pub fn serve_elsewhere(&self, url: impl Into<String>, bytes: impl Into<Bytes>) {
        self.world().serve_elsewhere(url.into(), bytes.into());
    }

    // --- people at the contract ---

    /// A participant fills in, changes or empties a data field.
    ///
    /// # Errors
    ///
    /// [`ActionError::Contract`], [`ActionError::DataField`], [`ActionError::Value`] (over 1,024 characters), and
    /// [`ActionError::State`] unless the contract is a draft or pending.
    pub fn fill_data_field(&self, contract: i64, custom_id: &str, value: &str) -> Result<(), ActionError> {
        self.act(|world| world.fill_data_field(contract, custom_id, value))
    }

    /// Sends a draft to its participants.
    ///
    /// # Errors
    ///
    /// [`ActionError::Contract`], and [`ActionError::State`] unless it is a draft.
    pub fn publish(&self, contract: i64) -> Result<(), ActionError> {
        self.act(|world| world.publish(contract))
    }

    /// `participant` signs; without one, the first signatory who has not yet, counterparties first.
    ///
    /// # Errors
    ///
    /// [`ActionError::Contract`], [`ActionError::Participant`], and [`ActionError::State`] unless it is pending.
    pub fn sign(&self, contract: i64, participant: Option<i64>) -> Result<(), ActionError> {
        self.act(|world| world.sign(contract, participant))
    }

    /// Every signatory who has not signed yet signs.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::sign`].
    pub fn sign_all(&self, contract: i64) -> Result<(), ActionError> {
        self.world().sign_all(contract)
    }

    /// `participant` declines; without one, the first signatory who has not decided.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::sign`].
    pub fn decline(&self, contract: i64, participant: Option<i64>) -> Result<(), ActionError> {
        self.act(|world| world.decline(contract, participant))
    }

    /// The signing period ends: pending becomes overdue.
    ///
    /// # Errors
    ///
    /// [`ActionError::Contract`] and [`ActionError::State`].
    pub fn expire(&self, contract: i64) -> Result<(), ActionError> {
        self.act(|world| world.expire(contract))
    }

    /// Somebody deletes the contract.
    ///
    /// # Errors
    ///
    /// [`ActionError::Contract`].
    pub fn delete_contract(&self, contract: i64) -> Result<(), ActionError> {
        self.act(|world| world.delete_contract(contract))
    }

    /// Sets whether the contract's PDF is missing. Until it is there, a download answers 404.
    ///
    /// # Errors
    ///
    /// [`ActionError::Contract`].
    pub fn set_file_missing(&self, contract: i64, missing: bool) -> Result<(), ActionError> {
        self.world().set_file_missing(contract, missing)
    }

    /// What a person sees of a contract.
    #[must_use]
    pub fn contract_card(&self, contract: i64) -> Option<ContractCard> {
        self.world().contract_card(contract)
    }

    /// Ids of all contracts that were not deleted, oldest first.
    #[must_use]
    pub fn contracts(&self) -> Vec<i64> {
        self.world().oneflow.contracts.values().filter(|one| !one.deleted).map(|one| one.id).collect()
    }

    // --- people at the candidate's card ---

    /// A recruiter changes or empties a default field, by attribute name: `first-name`.
    ///
    /// # Errors
    ///
    /// [`ActionError::Candidate`], [`ActionError::Field`], [`ActionError::Value`].
    pub fn edit_candidate(
        &self,
        candidate: &str,
        attribute: &str,
        value: Option<&str>,
    ) -> Result<(), ActionError> {
        self.act(|world| world.edit_candidate(candidate, attribute, value))
    }

    /// A recruiter changes or empties a custom field, by api-name. Options are given as labels, several separated by
    /// `, `; a checkbox as `true` or `false`.
    ///
    /// # Errors
    ///
    /// [`ActionError::Candidate`], [`ActionError::Field`], [`ActionError::Value`].
    pub fn edit_custom_field(
        &self,
        candidate: &str,
        api_name: &str,
        value: Option<&str>,
    ) -> Result<(), ActionError> {
        self.act(|world| world.edit_custom_field(candidate, api_name, value))
    }

    /// Ids of all candidates, oldest first.
    #[must_use]
    pub fn candidates(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.world().teamtailor.candidates.keys().cloned().collect();
        ids.sort_by_key(|id| (id.len(), id.clone()));
        ids
    }

    /// What a recruiter sees of a candidate.
    #[must_use]
    pub fn candidate_card(&self, candidate: &str) -> Option<CandidateCard> {
        self.world().candidate_card(candidate)
    }

    /// Takes the scope away from the Teamtailor key: every request is answered with 403 and an empty body.
    pub fn take_away_key(&self) {
        self.world().teamtailor.key_lacks_scope = true;
    }

    /// Undoes [`Sandbox::take_away_key`].
    pub fn give_back_key(&self) {
        self.world().teamtailor.key_lacks_scope = false;
    }

    /// Refuses the next uploads, this many, with 422, as for an expired address.
    pub fn refuse_uploads(&self, number: u32) {
        self.world().teamtailor.refused_uploads = number;
    }

    /// Changes the names of files from now on: spaces become underscores, parentheses are removed.
    pub fn clean_file_names(&self) {
        self.world().teamtailor.cleans_file_names = true;
    }

    // --- webhook notifications ---

    /// Notifications that are due. They stay due until they are acknowledged, so a caller can deliver one twice, in
    /// another order, or lose it by acknowledging 200 without delivering it.
    #[must_use]
    pub fn due_notifications(&self) -> Vec<Notification> {
        self.world().due_notifications()
    }

    /// Notifications that are still to be delivered, now or later.
    #[must_use]
    pub fn pending_notifications(&self) -> Vec<Notification> {
        self.world().pending_notifications()
    }

    /// Records the status that the receiver answered; 0 for no answer. Only 200 is a success; otherwise the
    /// notification is due again after 1, 5, 10, 30, 60, 300, 600, 1800 and 3600 seconds, and given up after the
    /// tenth attempt.
    pub fn acknowledge(&self, callback_id: &str, status: u16) -> Acknowledged {
        self.world().acknowledge(callback_id, status)
    }

    /// How many notifications were delivered.
    #[must_use]
    pub fn delivered_notifications(&self) -> usize {
        self.world().delivered_notifications()
    }

    /// How many notifications were given up.
    #[must_use]
    pub fn given_up_notifications(&self) -> usize {
        self.world().given_up_notifications()
    }
}
