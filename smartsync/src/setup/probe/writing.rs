//! A run that writes: undo is proven first, then one candidate and two drafts show what reading cannot, and everything is undone.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use smartsync_transport::{Body, Request, Sleep, Timeout, Transport as _, Url, Wait, http::HeaderMap};

use super::{
    ONE_ANSWER,
    answers::{Answer, Answers},
    asked::without_slash,
    mine::{Mine, Own},
    of_written::{self, Fields},
    write_fence::WriteFence,
    written::{self, MadeKind, Written},
};
use crate::config::FactService;

/// What Teamtailor allows in its window, unless its answers say something else.
const TEAMTAILOR_LIMIT: u64 = 50;
const TEAMTAILOR_WINDOW: Duration = Duration::from_secs(10);
/// A run takes so much of it: one part in five.
const SHARE: u32 = 5;
/// Times of both services may have whole seconds, and a change must not fall into that of the create.
const NEXT_SECOND: Duration = Duration::from_millis(1_050);
/// Before each time that something is searched for that was asked for without an answer: lists may lag half a minute behind.
const ROUNDS: [Duration; 3] = [Duration::ZERO, Duration::from_secs(10), Duration::from_secs(31)];

/// How requests get to a service.
pub(super) struct WriteWay {
    pub(super) base_url: Url,
    /// Credentials among them.
    pub(super) headers: HeaderMap,
    pub(super) fence: WriteFence,
}

/// Without the headers, where the credentials are.
impl std::fmt::Debug for WriteWay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WriteWay").field("fence", &self.fence).finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub(super) struct Writing {
    pub(super) oneflow: WriteWay,
    pub(super) teamtailor: WriteWay,
    pub(super) own: Arc<Own>,
    pub(super) sleep: Arc<dyn Sleep>,
    pub(super) answers: Answers,
    pub(super) fields: Fields,
    pub(super) requests: usize,
    /// Between two requests to Teamtailor.
    pub(super) teamtailor_pause: Duration,
}

/// The pause that keeps a run at its share of the limit that these answers tell of.
pub(super) fn teamtailor_pause(read: &Answers) -> Duration {
    let told = read.of(&["company", "candidates"]).find_map(|answer| answer.limit);
    let limit = u32::try_from(told.unwrap_or(TEAMTAILOR_LIMIT).max(1)).unwrap_or(u32::MAX);
    TEAMTAILOR_WINDOW.saturating_mul(SHARE) / limit
}

impl Writing {
    /// Everything, with what a run that only reads has found: `read`. False: undo could not be proven, and nothing but that was tried.
    pub(super) async fn settle(&mut self, read: &Answers) -> std::io::Result<bool> {
        self.teach(read);
        if !self.undoes("bare-candidate").await? {
            return Ok(false);
        }
        if self.own.knows("workspace") {
            self.send("templates", None, "templates").await;
            let template = self.answers.items("templates").first().and_then(|one| one["id"].as_u64());
            if template.is_some_and(|id| self.own.teach("template", &id.to_string()))
                && !self.undoes("bare-contract").await?
            {
                return Ok(false);
            }
        }
        self.try_candidate().await;
        if self.own.knows("template") {
            self.try_contract().await?;
        }
        Ok(true)
    }

    /// What reading has shown, and requests of this run name.
    fn teach(&mut self, read: &Answers) {
        let workspace = read.items("workspaces").first().and_then(|one| one["id"].as_u64());
        if let Some(id) = workspace {
            self.own.teach("workspace", &id.to_string());
        }
        for (name, kind) in [
            ("text-field", "CustomField::Text"),
            ("checkbox-field", "CustomField::Checkbox"),
            ("number-field", "CustomField::Number"),
            ("date-field", "CustomField::Date"),
            ("select-field", "CustomField::Select"),
            ("multi-field", "CustomField::MultiSelect"),
        ] {
            let of_candidates = |one: &&Value| {
                let attributes = &one["attributes"];
                attributes["field-type"] == kind && attributes["owner-type"] == "Candidate"
            };
            let field = read.items("more-custom-fields").iter().find(of_candidates);
            if let Some(id) = field.and_then(|one| one["id"].as_str())
                && self.own.teach(name, id)
            {
                self.fields.insert(name, id.to_owned());
            }
        }
    }

    /// Whether a bare object can be made and is gone once it was deleted.
    async fn undoes(&mut self, create: &'static str) -> std::io::Result<bool> {
        match self.make(create).await {
            Some(mine) => {
                if mine.kind() == MadeKind::Contract {
                    self.send("contract", Some(&mine), "contract-bare").await;
                }
                self.discard(&mine).await
            }
            None => Ok(false),
        }
    }

    async fn try_candidate(&mut self) {
        let Some(candidate) = self.make("new-candidate").await else { return };
        let of = Some(&candidate);
        self.send("same-address", None, "same-address").await;
        for name in ["by-address", "by-capitals", "by-part"] {
            self.send(name, None, name).await;
        }
        self.send("card", of, "card-new").await;
        self.wait(NEXT_SECOND).await;
        self.send("text", of, "text").await;
        self.send("card", of, "card-text").await;
        self.send("text-again", of, "text-again").await;
        self.send("card", of, "card-again").await;
        self.send("text-changed", of, "text-changed").await;
        for name in ["checkbox", "number", "date"] {
            self.send(name, of, name).await;
        }
        if self.choose("options", &["select-option"]).await {
            self.send("select", of, "select").await;
        }
        if self.choose("multi-options", &["multi-option", "multi-other"]).await {
            self.send("multi", of, "multi").await;
        }
        self.send("card", of, "card-forms").await;
        self.send("bad-attribute", of, "bad-attribute").await;
        self.send("card", of, "card-bad").await;
        for (name, card) in [
            ("clear-null", "card-null"),
            ("clear-empty-text", "card-empty-text"),
            ("clear-empty-list", "card-empty-list"),
            ("clear-delete", "card-delete"),
        ] {
            self.send(name, None, name).await;
            self.send("card", of, card).await;
            // One that is cleared cannot be cleared again.
            let held = of_written::values(&self.answers, card, &self.fields, of_written::TEXT);
            if held.is_none_or(|held| held.is_empty()) {
                break;
            }
        }
    }

    /// Whether a select has as many options as there are names for.
    async fn choose(&mut self, list: &'static str, names: &[&'static str]) -> bool {
        self.send(list, None, list).await;
        let ids: Vec<String> =
            self.answers.items(list).iter().filter_map(|one| one["id"].as_str().map(str::to_owned)).collect();
        ids.len() >= names.len() && names.iter().zip(&ids).all(|(name, id)| self.own.teach(name, id))
    }

    async fn try_contract(&mut self) -> std::io::Result<()> {
        // The first field with a key of its own that a person fills in.
        let bare = self.answers.success("contract-bare");
        let fields = bare.and_then(|contract| contract["data_fields"].as_array()).into_iter().flatten();
        let key = fields.filter(|field| field["source"] != "system").find_map(|field| {
            let own = field["_private_ownerside"]["custom_id"].as_str();
            own.or_else(|| field["custom_id"].as_str())
        });
        let knows_key = key.is_some_and(|key| self.own.teach("data-field-key", key));
        if !knows_key {
            return Ok(());
        }
        let mut made = self.make("new-contract").await;
        if self.answers.get("new-contract").is_some_and(|answer| matches!(answer.status, 400 | 422)) {
            made = self.make("plain-contract").await;
        }
        if let Some(contract) = made {
            let of = Some(&contract);
            self.send("contract-list", None, "contract-list").await;
            self.send("contract", of, "contract-new").await;
            let field = of_written::filled_field(&self.answers, "contract-new")
                .and_then(|field| field["id"].as_u64())
                .map(|id| id.to_string());
            if field.is_some_and(|id| self.own.teach("data-field", &id)) {
                self.wait(NEXT_SECOND).await;
                self.send("change-field", of, "change-field").await;
                self.send("contract", of, "contract-changed").await;
            }
        }
        if let Some(contract) = self.make("valued-contract").await {
            self.send("contract", Some(&contract), "contract-valued").await;
        }
        Ok(())
    }

    /// What of this run a create has made; `None`: nothing that an answer names.
    async fn make(&mut self, name: &'static str) -> Option<Mine> {
        let kind = written::named(name).makes?;
        let before = self.own.last(kind);
        self.send(name, None, name).await;
        self.own.last(kind).filter(|mine| before.as_ref() != Some(mine))
    }

    /// Undoes everything that is left. What cannot be undone is returned.
    pub(super) async fn undo(&mut self) -> std::io::Result<Vec<Mine>> {
        for wait in ROUNDS {
            let is_open = |own: &Own| MadeKind::ALL.into_iter().any(|kind| own.is_open(kind));
            if self.own.left().is_empty() && !is_open(&self.own) {
                break;
            }
            if is_open(&self.own) {
                self.wait(wait).await;
            }
            for kind in MadeKind::ALL.into_iter().filter(|kind| self.own.is_open(*kind)).collect::<Vec<_>>() {
                let searches: &[&str] = match kind {
                    MadeKind::Candidate => &["by-bare-address", "by-address"],
                    MadeKind::Contract => &["contract-list", "contract-list-2"],
                };
                for search in searches {
                    self.send(search, None, "search").await;
                }
            }
            for mine in self.own.left() {
                self.discard(&mine).await?;
            }
        }
        for kind in MadeKind::ALL {
            // It was searched for in each round.
            if self.own.is_open(kind) {
                self.own.never_made(kind)?;
            }
        }
        let left = self.own.left();
        if left.is_empty() {
            self.own.end()?;
        }
        Ok(left)
    }

    /// Deletes one, and sees whether it is gone.
    async fn discard(&mut self, mine: &Mine) -> std::io::Result<bool> {
        let (delete, gone) = match mine.kind() {
            MadeKind::Candidate => ("delete-candidate", "candidate-gone"),
            MadeKind::Contract => ("delete-contract", "contract-gone"),
        };
        self.send(delete, Some(mine), delete).await;
        self.send(gone, Some(mine), gone).await;
        let is_gone = self.answers.get(gone).is_some_and(|answer| matches!(answer.status, 404 | 410));
        if is_gone {
            self.own.gone(mine)?;
        }
        Ok(is_gone)
    }

    /// Sends one request of the list, and keeps its answer under this name. One whose ids are not known is left out; one without an answer leaves
    /// its facts open.
    async fn send(&mut self, name: &'static str, mine: Option<&Mine>, kept_as: &'static str) {
        let written = written::named(name);
        self.answers.remove(kept_as);
        let Some(request) = self.request(written, mine) else { return };
        let way = match written.service {
            FactService::Oneflow => &self.oneflow,
            FactService::Teamtailor => {
                self.wait(self.teamtailor_pause).await;
                &self.teamtailor
            }
        };
        self.requests += 1;
        if let Ok(response) = way.fence.execute(request).await {
            self.answers.insert(kept_as, Answer::of(response));
        }
    }

    async fn wait(&self, time: Duration) {
        self.sleep.sleep(Wait { at_least: time, at_most: time }).await;
    }

    fn request(&self, written: &Written, mine: Option<&Mine>) -> Option<Request> {
        let (target, body) = self.own.filled(written, mine)?;
        let (way, media_type) = match written.service {
            FactService::Oneflow => (&self.oneflow, "application/json"),
            FactService::Teamtailor => (&self.teamtailor, "application/vnd.api+json"),
        };
        let mut request = Request::new(body.clone().map_or_else(Body::empty, Body::from));
        *request.method_mut() = written.verb.method();
        *request.uri_mut() = format!("{}{target}", without_slash(&way.base_url)).parse().ok()?;
        *request.headers_mut() = way.headers.clone();
        if body.is_some() {
            request.headers_mut().insert("content-type", media_type.parse().ok()?);
        }
        request.extensions_mut().insert(Timeout(ONE_ANSWER));
        Some(request)
    }
}
