//! Listens where the server will, before there is one: so that the way in can be tested while an installation is set up.

use std::{io, sync::Arc};

use async_trait::async_trait;
use oneflow_client::webhook::Verifier;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    config::Config,
    server::{
        current::Current,
        http_server,
        lifecycle::ServeError,
        meters::Meters,
        receiver::{Receiver, routes},
    },
    store::{Accepted, Intake, Item, StoreError},
};

/// Receives at `[server] listen` and takes nothing in: a notification of Oneflow's is answered with 503, so that it comes again later. A test
/// notification (`setup::test_way_in`) is answered as by a server. It ends when it is dropped.
#[derive(Debug)]
pub struct WaitingReceiver {
    server: JoinHandle<()>,
}

impl WaitingReceiver {
    /// Begins to listen; `None` where somebody listens there already: most likely the server.
    ///
    /// # Errors
    ///
    /// [`ServeError::Config`], [`ServeError::NoSignKeys`] and [`ServeError::SignKey`] where nothing could be verified, and
    /// [`ServeError::Listen`].
    pub async fn bind(config: &Config) -> Result<Option<Self>, ServeError> {
        let keys = config.sign_keys()?;
        if keys.is_empty() {
            return Err(ServeError::NoSignKeys);
        }
        let verifier = Verifier::new(keys).map_err(ServeError::SignKey)?;
        let address = config.server.listen;
        let listener = match TcpListener::bind(address).await {
            Ok(listener) => listener,
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Ok(None),
            Err(source) => {
                return Err(ServeError::Listen { section: "server", key: "listen", address, source });
            }
        };
        let intake: Arc<dyn Intake> = Arc::new(NotYet);
        let receiver = Receiver::new(Current::new(verifier), Arc::clone(&intake), Meters::default());
        let router = routes(intake, [(config.server.path.clone(), receiver)]);
        let server = tokio::spawn(http_server::serve(listener, router, std::future::pending()));
        Ok(Some(Self { server }))
    }
}

impl Drop for WaitingReceiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// There is no database yet.
#[derive(Debug)]
struct NotYet;

#[async_trait]
impl Intake for NotYet {
    async fn accept(&self, _: &str, _: Item) -> Result<Accepted, StoreError> {
        Err(StoreError::Busy)
    }

    async fn is_ready(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
