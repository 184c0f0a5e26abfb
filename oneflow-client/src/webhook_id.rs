//! The id of a webhook.

use crate::{ids::WebhookId, webhooks::Webhook};

impl Webhook {
    /// The id, whichever member it stands in: `webhook_id` as documented, or `id` as seen.
    #[must_use]
    pub fn id(&self) -> Option<WebhookId> {
        self.webhook_id.or(self.seen_id)
    }
}
