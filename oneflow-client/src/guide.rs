//! One page for each thing worth knowing before the first line of code.

#[doc = include_str!("../guide/anyhow.md")]
pub mod anyhow {}

#[doc = include_str!("../guide/embedding.md")]
pub mod embedding {}

#[doc = include_str!("../guide/enums.md")]
pub mod enums {}

#[doc = include_str!("../guide/errors.md")]
pub mod errors {}

#[doc = include_str!("../guide/files.md")]
pub mod files {}

#[doc = include_str!("../guide/http_client.md")]
pub mod http_client {}

#[doc = include_str!("../guide/own_operation.md")]
pub mod own_operation {}

#[doc = include_str!("../guide/paging.md")]
pub mod paging {}

#[doc = include_str!("../guide/patching.md")]
pub mod patching {}

#[cfg(all(feature = "reqwest", feature = "test-util"))]
#[doc = include_str!("../guide/recorded_answers.md")]
pub mod recorded_answers {}

#[doc = include_str!("../guide/testing.md")]
pub mod testing {}

#[doc = include_str!("../guide/webhooks.md")]
pub mod webhooks {}
