//! From the bytes of a webhook to the contract that has to be looked at.

use oneflow_client::{
    ContractId,
    webhook::{Verifier, WebhookError},
};

/// Verifies a notification and returns the contract it is about.
///
/// The signature covers neither the contract id nor the events, so even a verified notification only means: go and look
/// at this contract.
///
/// # Errors
///
/// [`WebhookError`] when the bytes are no notification, or no key signed them.
pub fn verify(body: &[u8], verifier: &Verifier) -> Result<ContractId, WebhookError> {
    verifier.verify(body).map(|verified| verified.contract())
}
