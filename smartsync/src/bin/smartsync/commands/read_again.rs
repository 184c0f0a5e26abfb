//! The configuration of a command that runs on is read again at each SIGHUP.

use std::convert::Infallible;

use smartsync::{ServeError, config::Tenants};

use crate::{commands::Named, failure::Failure, output::Output, signals::HangUps};

/// Reads the configuration again at each SIGHUP, and has it taken on. What is wrong with it is told as at a start, and then the one before stays.
pub(crate) async fn read_again_at(
    mut hang_ups: HangUps,
    named: &Named,
    output: &mut Output,
    take_on: impl AsyncFn(Tenants) -> Result<Vec<String>, ServeError>,
) -> Infallible {
    loop {
        hang_ups.next().await;
        let applied = match named.tenants() {
            Ok(config) => take_on(config).await.map_err(Failure::from),
            Err(error) => Err(error.into()),
        };
        match applied {
            Ok(later) if later.is_empty() => tracing::info!("the configuration was read again"),
            Ok(later) => tracing::warn!(
                settings = later.join(", "),
                "the configuration was read again: these settings take effect at the next start"
            ),
            Err(failure) => {
                output.tell(&failure);
                tracing::error!("the configuration was refused, and the one before stays in effect");
            }
        }
    }
}
