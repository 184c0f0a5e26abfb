//! A way to a service that is closed at first.

use std::sync::Arc;

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Lets connections through to a service once it is opened, and holds them until then.
pub(crate) struct Gate {
    /// Where it listens.
    pub(crate) origin: String,
    open: watch::Sender<bool>,
}

impl Gate {
    /// Before Oneflow, closed.
    pub(crate) async fn before(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let target: Arc<str> = target.trim_start_matches("http://").trim_end_matches("/v1").into();
        let (open, opened) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((mut from, _)) = listener.accept().await {
                let (target, mut opened) = (Arc::clone(&target), opened.clone());
                tokio::spawn(async move {
                    opened.wait_for(|open| *open).await.unwrap();
                    let mut to = TcpStream::connect(&*target).await.unwrap();
                    copy_bidirectional(&mut from, &mut to).await.ok();
                });
            }
        });
        Self { origin, open }
    }

    /// Lets through what waits, and whatever comes.
    pub(crate) fn open(&self) {
        self.open.send_replace(true);
    }
}
