//! The id of a webhook.

use crate::{Webhook, WebhookId};

impl Webhook {
    /// The id, whichever member it stands in: `webhook_id` as documented, or `id` as seen.
    #[must_use]
    pub fn id(&self) -> Option<WebhookId> {
        self.webhook_id.or(self.seen_id)
    }
}
