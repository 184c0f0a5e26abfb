//! Looks up names, and knows of what it finds only what is public.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::public_address::is_public;

/// The system's own resolver, without the addresses that are not public: the connection is made to what was checked, whatever a
/// second look would find.
#[derive(Debug)]
pub(crate) struct PublicNames;

/// A name leads to no public address.
#[derive(Debug, thiserror::Error)]
#[error("the name does not resolve to a public address")]
pub(crate) struct NotPublic;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}
