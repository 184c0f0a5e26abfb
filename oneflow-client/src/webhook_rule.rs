//! What a rule of a webhook filters by.

use crate::{
    events::EventType,
    ids::WorkspaceId,
    webhooks::{WebhookRule, WebhookRuleKind},
};

impl WebhookRule {
    /// The event types of a rule about events; none of another rule.
    ///
    /// ```
    /// # use oneflow_client::{events::EventType, webhooks::WebhookRule};
    /// let rule: WebhookRule = serde_json::from_str(r#"{"type": "EVENT_TYPE", "values": ["contract:sign"]}"#)?;
    /// assert_eq!(rule.event_types(), [EventType::ContractSign]);
    /// assert!(rule.workspaces().is_empty());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn event_types(&self) -> Vec<EventType> {
        let values = self.values.iter().filter(|_| self.kind == Some(WebhookRuleKind::EventType));
        values.filter_map(|value| value.as_str()).map(EventType::from).collect()
    }

    /// The workspaces of a rule about workspaces; none of another rule.
    #[must_use]
    pub fn workspaces(&self) -> Vec<WorkspaceId> {
        let values = self.values.iter().filter(|_| self.kind == Some(WebhookRuleKind::Workspace));
        values.filter_map(|value| value.as_i64()).map(WorkspaceId::new).collect()
    }
}
