//! What a test of the way in and the receiver agree on: a notification of ours, which is good once, and how a receiver says that it has it.

use std::time::Duration;

use jiff::Timestamp;
use oneflow_client::ContractId;
use sha2::{Digest as _, Sha256};

/// The contract that a test names: no service counts that far, so there is nothing to look at.
pub(crate) const TEST_CONTRACT: ContractId = ContractId::new(i64::MAX);

/// The header by which a request asks who receives it: the callback id of a test, and its signature behind a dot. It is there beside the body,
/// which may not come as far, or not whole.
pub(crate) const TEST_HEADER: &str = "smartsync-test";

/// The header of the answer, to a test only that one of our keys has signed.
pub(crate) const RECEIVED_HEADER: &str = "smartsync-received";

/// What it says where the body came to no receiver: at another path, by another method, or not whole.
pub(crate) const NOTHING: &str = "nothing";

/// So far may a test be from the time of whoever receives it, either way.
pub(crate) const TEST_TIME: Duration = Duration::from_secs(5 * 60);

/// How the callback ids of tests begin; Oneflow's are numbers and digests.
const PREFIX: &str = "smartsync-test-";

/// What it says of a body: a digest, by which the sender knows whether it was changed on the way.
pub(crate) fn received(body: &[u8]) -> String {
    hex::encode(Sha256::digest(body))
}

/// A callback id for one test, of now, of a receiver at this path.
pub(crate) fn callback_id(path: &str, now: Timestamp) -> Result<String, getrandom::Error> {
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce)?;
    Ok(format!("{PREFIX}{}-{}-{}", now.as_second(), mark_of(path), hex::encode(nonce)))
}

/// Whether a notification is a test, good or not.
pub(crate) fn is_test(callback_id: &str) -> bool {
    callback_id.starts_with(PREFIX)
}

/// When the test was made, if it is one of a receiver at this path.
pub(crate) fn made_for(path: &str, callback_id: &str) -> Option<Timestamp> {
    let mut parts = callback_id.strip_prefix(PREFIX)?.splitn(3, '-');
    let made = Timestamp::from_second(parts.next()?.parse().ok()?).ok()?;
    let is_of_path = parts.next()? == mark_of(path);
    (is_of_path && parts.next().is_some()).then_some(made)
}

/// A path may be unguessable on purpose, so it does not stand in the id itself.
fn mark_of(path: &str) -> String {
    hex::encode(&Sha256::digest(path)[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_its_time_to_a_receiver_at_its_path_and_to_no_other() {
        let now = Timestamp::from_second(1_930_000_000).unwrap();
        let id = callback_id("/webhooks/oneflow", now).unwrap();
        assert!(is_test(&id));
        assert_eq!(made_for("/webhooks/oneflow", &id), Some(now));
        assert_eq!(made_for("/webhooks/oneflow/other", &id), None);
        assert_ne!(callback_id("/webhooks/oneflow", now).unwrap(), id);
        for broken in ["", "smartsync-test-", "smartsync-test-1930000000", "smartsync-test-0a", "5d41402a"] {
            assert_eq!(made_for("/webhooks/oneflow", broken), None, "{broken}");
        }
    }
}
