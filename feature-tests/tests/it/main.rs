//! What a client does with the features that it was built with. In a build of the whole workspace features add up, so the gate runs this
//! crate by itself, once with each: `cargo test -p smartsync-feature-tests --no-default-features --features native-tls`. Both clients have
//! their settings from one macro of the transport, so one of them stands for both.

#[cfg(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))]
mod tls;
#[cfg(not(feature = "reqwest"))]
mod without_reqwest;
#[cfg(all(
    feature = "reqwest",
    not(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))
))]
mod without_tls;
