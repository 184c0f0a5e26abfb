//! What a test of the way in and the receiver agree on: a notification of ours, and how a receiver says that it has it.

use oneflow_client::ContractId;
use sha2::{Digest as _, Sha256};

/// The contract that a test names: no service counts that far, so there is nothing to look at.
pub(crate) const TEST_CONTRACT: ContractId = ContractId::new(i64::MAX);

/// The header by which a request asks who receives it.
pub(crate) const TEST_HEADER: &str = "smartsync-test";

/// The header of the answer, to such a request only. It says nothing that whoever asks does not know: what they have sent.
pub(crate) const RECEIVED_HEADER: &str = "smartsync-received";

/// What it says where the body came to no receiver: at another path, by another method, or not whole.
pub(crate) const NOTHING: &str = "nothing";

/// What it says of a body: a digest, by which the sender knows whether it was changed on the way.
pub(crate) fn received(body: &[u8]) -> String {
    hex::encode(Sha256::digest(body))
}
