//! Oneflow's webhook notifications: who gets them, and when they are sent again.

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha1::{Digest, Sha1};

use crate::{
    counters::Counted,
    oneflow::Happening,
    state::{oneflow::Webhook, outbox::Notification},
    unknowns::{WebhookSignatureForm, WebhookUnsigned},
    world::World,
};

/// Seconds between the attempts to deliver one notification. The first attempt is made at once.
const RETRY_AFTER: [i64; 9] = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600];

/// What became of a notification after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth end")]
pub enum Acknowledged {
    /// The status was 200: it will not be sent again.
    Delivered,
    /// Any other status: it is due again at this time.
    TriedAgain(Timestamp),
    /// The tenth attempt failed: it is given up.
    GivenUp,
    /// No such notification is waiting: it was delivered or given up before.
    NotPending,
}

impl World {
    /// Raises events of a contract: they are stored, and every webhook that wants at least one of them gets one
    /// notification.
    pub(crate) fn raise(&mut self, contract: i64, happenings: &[Happening]) {
        let Some((template_type, workspace)) = self
            .oneflow
            .contracts
            .get(&contract)
            .map(|contract| (contract.template_type, contract.workspace))
        else {
            return;
        };
        let mut events: Vec<(i64, &'static str)> = Vec::new();
        for happening in happenings {
            let id = self.counters.next(Counted::Event);
            self.note(contract, id, happening);
            events.push((id, happening.kind));
        }
        let webhooks: Vec<Webhook> = self.oneflow.webhooks.values().cloned().collect();
        for webhook in webhooks {
            if webhook.template_group.is_some() && webhook.template_group != template_type {
                continue;
            }
            let wanted: Vec<_> =
                events.iter().copied().filter(|(_, event)| webhook.wants(event, workspace)).collect();
            if !wanted.is_empty() {
                self.post_notification(&webhook, contract, &wanted);
            }
        }
    }

    fn post_notification(&mut self, webhook: &Webhook, contract: i64, events: &[(i64, &'static str)]) {
        let number = self.counters.next(Counted::Notification);
        let callback_id =
            hex::encode(Sha1::digest(format!("notification {number} of webhook {}", webhook.id)));
        let created_time = self.written(self.now);
        let listed: Vec<_> = events
            .iter()
            .map(|(id, kind)| json!({ "created_time": created_time, "id": id, "type": kind }))
            .collect();
        let mut body =
            json!({ "callback_id": callback_id, "contract": { "id": contract }, "events": listed });
        let unknowns = self.oneflow_unknowns();
        let signs_with_nothing = unknowns.webhook_unsigned == WebhookUnsigned::OfNothing;
        let key = webhook.sign_key.as_deref().or(signs_with_nothing.then_some(""));
        if let Some(key) = key {
            let digest = Sha1::digest(format!("{callback_id}{key}"));
            body["signature"] = match unknowns.webhook_signature_form {
                WebhookSignatureForm::Lower => hex::encode(digest).into(),
                WebhookSignatureForm::Upper => hex::encode_upper(digest).into(),
                WebhookSignatureForm::Else => format!("sha1={}", hex::encode(digest)).into(),
            };
        }
        let notification = Notification {
            number,
            callback_id,
            callback_url: webhook.callback_url.clone(),
            contract,
            events: events.iter().map(|(_, kind)| *kind).collect(),
            failed_attempts: 0,
            due: self.now,
            body: Bytes::from(body.to_string()),
        };
        self.outbox.pending.insert(number, notification);
    }

    /// What is due by now, oldest first.
    pub(crate) fn due_notifications(&self) -> Vec<Notification> {
        let mut due: Vec<_> =
            self.outbox.pending.values().filter(|one| one.due <= self.now).cloned().collect();
        due.sort_by_key(|one| (one.due, one.number));
        due
    }

    pub(crate) fn pending_notifications(&self) -> Vec<Notification> {
        self.outbox.pending.values().cloned().collect()
    }

    pub(crate) fn acknowledge(&mut self, callback_id: &str, status: u16) -> Acknowledged {
        let now = self.now;
        let Some(one) = self.outbox.pending.values_mut().find(|one| one.callback_id == callback_id) else {
            return Acknowledged::NotPending;
        };
        if status == 200 {
            let number = one.number;
            self.outbox.pending.remove(&number);
            self.outbox.delivered += 1;
            return Acknowledged::Delivered;
        }
        match RETRY_AFTER.get(one.failed_attempts) {
            Some(seconds) => {
                one.failed_attempts += 1;
                one.due = now.saturating_add(SignedDuration::from_secs(*seconds)).unwrap_or(Timestamp::MAX);
                Acknowledged::TriedAgain(one.due)
            }
            None => {
                let number = one.number;
                self.outbox.pending.remove(&number);
                self.outbox.given_up += 1;
                Acknowledged::GivenUp
            }
        }
    }

    pub(crate) fn delivered_notifications(&self) -> usize {
        self.outbox.delivered
    }

    pub(crate) fn given_up_notifications(&self) -> usize {
        self.outbox.given_up
    }
}
