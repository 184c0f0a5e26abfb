//! Where the database is, and how it is reached.

use std::{fmt, fs, net::IpAddr, str::FromStr as _, sync::Arc, time::Duration};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use rustls_platform_verifier::BuilderVerifierExt as _;
use secrecy::{ExposeSecret as _, SecretString};
use tokio_postgres::{
    Config,
    config::{Host, SslMode, TargetSessionAttrs},
};
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

use crate::store::store_error::StoreError;

/// A database that does not answer is given up after this.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What was sent and is not confirmed for so long went to a machine that is gone.
const UNCONFIRMED: Duration = Duration::from_secs(10);

/// Where a database is, and how it is reached. Cheap to clone.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
    /// For people: without the password.
    pub(super) place: Arc<str>,
}

/// Why a URL names no database.
#[derive(Debug, thiserror::Error)]
pub(super) enum AddressError {
    #[error("the URL is none of a PostgreSQL database, such as postgres://smartsync@db.example.com/smartsync")]
    Url,
    #[error("the URL holds a password: set it in `[store] password`")]
    Password,
    #[error("the URL has `sslmode={0}`: write `verify-full`, or `disable` where nobody else can read the network")]
    Mode(String),
    #[error("the URL has the parameter `{0}`, which means nothing here")]
    Parameter(String),
    #[error("the certificates of `sslrootcert` cannot be read")]
    Certificates(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the certificates of the system cannot be read")]
    Verifier(#[source] rustls::Error),
}

impl Address {
    /// That of `postgres://USER@HOST:PORT/DATABASE`.
    pub(super) fn new(url: &str, password: Option<&SecretString>) -> Result<Self, StoreError> {
        Self::parse(url, password).map_err(|source| StoreError::Open {
            path: "of `[store] url`".to_owned(),
            source: Arc::new(source),
        })
    }

    fn parse(url: &str, password: Option<&SecretString>) -> Result<Self, AddressError> {
        let mut url = Url::parse(url).map_err(|_| AddressError::Url)?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(AddressError::Url);
        }
        if url.password().is_some() {
            return Err(AddressError::Password);
        }
        let (mut mode, mut certificates) = (None, None);
        for (name, value) in url.query_pairs() {
            match &*name {
                "sslmode" => mode = Some(value.into_owned()),
                "sslrootcert" => certificates = Some(value.into_owned()),
                _ => return Err(AddressError::Parameter(name.into_owned())),
            }
        }
        url.set_query(None);
        let place = url.to_string().into();
        let mut config = Config::from_str(url.as_str()).map_err(|_| AddressError::Url)?;
        config.ssl_mode(match mode.as_deref() {
            None if is_here(&config) => SslMode::Disable,
            None | Some("require" | "verify-full") => SslMode::Require,
            Some("disable") => SslMode::Disable,
            Some(other) => return Err(AddressError::Mode(other.to_owned())),
        });
        let tls = MakeRustlsConnect::new(client_config(config.get_ssl_mode(), certificates.as_deref())?);
        if let Some(password) = password {
            config.password(password.expose_secret());
        }
        config
            .application_name("smartsync")
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_user_timeout(UNCONFIRMED)
            .keepalives_idle(CONNECT_TIMEOUT)
            .keepalives_interval(Duration::from_secs(1))
            .keepalives_retries(5)
            // After a failover the machine of before may still answer.
            .target_session_attrs(TargetSessionAttrs::ReadWrite);
        Ok(Self { config, tls, place })
    }
}

/// Whether all that is sent stays on this machine.
fn is_here(config: &Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

/// Trusts the certificates of the file, or those that the system trusts.
fn client_config(mode: SslMode, certificates: Option<&str>) -> Result<ClientConfig, AddressError> {
    let provider = CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(AddressError::Verifier)?;
    let builder = match certificates {
        _ if mode == SslMode::Disable => builder.with_root_certificates(RootCertStore::empty()),
        None => builder.with_platform_verifier().map_err(AddressError::Verifier)?,
        Some(path) => {
            let unreadable =
                |error: Box<dyn std::error::Error + Send + Sync>| AddressError::Certificates(error);
            let pem = fs::read(path).map_err(|error| unreadable(error.into()))?;
            let mut roots = RootCertStore::empty();
            for certificate in CertificateDer::pem_slice_iter(&pem) {
                let certificate = certificate.map_err(|error| unreadable(error.into()))?;
                roots.add(certificate).map_err(|error| unreadable(error.into()))?;
            }
            builder.with_root_certificates(roots)
        }
    };
    Ok(builder.with_no_client_auth())
}

/// Without the password.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("place", &self.place).finish_non_exhaustive()
    }
}
