//! One page for each thing worth knowing before the first line of code.

#[doc = include_str!("../guide/reasons.md")]
pub mod reasons {}

#[doc = include_str!("../guide/receive_webhooks.md")]
pub mod receive_webhooks {}

#[doc = include_str!("../guide/test_your_mapping.md")]
pub mod test_your_mapping {}

#[doc = include_str!("../guide/your_own_reading.md")]
pub mod your_own_reading {}
