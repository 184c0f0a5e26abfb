//! How the database is reached.

use std::{error::Error, fmt, fs, path::Path, sync::Arc, time::Duration};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use rustls_platform_verifier::BuilderVerifierExt as _;
use secrecy::{ExposeSecret as _, SecretString};
use tokio_postgres::{
    Config,
    config::{SslMode, TargetSessionAttrs},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::store::{
    postgres_address::{PostgresAddress, PostgresHost, PostgresTls},
    store_error::StoreError,
};

/// A database that does not answer is given up after this.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What was sent and is not confirmed for so long went to a machine that is gone.
const UNCONFIRMED: Duration = Duration::from_secs(10);

/// How the database is reached. Cheap to clone.
#[derive(Clone)]
pub(super) struct Reach {
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
    /// For people: without the password.
    pub(super) place: Arc<str>,
}

/// Why nobody can be trusted to be the server.
#[derive(Debug, thiserror::Error)]
enum NoTrust {
    #[error("the certificates in {path} cannot be read")]
    Certificates { path: String, source: Box<dyn Error + Send + Sync> },
    #[error("TLS cannot be used")]
    Tls(#[from] rustls::Error),
}

impl NoTrust {
    fn remedy(&self) -> &'static str {
        match self {
            Self::Certificates { .. } => {
                "name a file that this user may read, with certificates in PEM form, as `sslrootcert` in `[store] url`; a relative path starts from the working directory"
            }
            Self::Tls(_) => {
                "install the system's certificates (`ca-certificates`), or name a file as `sslrootcert` in `[store] url`"
            }
        }
    }
}

impl Reach {
    /// The way to the database at `address`.
    pub(super) fn new(
        address: &PostgresAddress,
        password: Option<&SecretString>,
    ) -> Result<Self, StoreError> {
        let place = address.to_string();
        let config = client_config(&address.tls);
        let tls = config.map_err(|source| StoreError::NoTls {
            path: place.clone(),
            remedy: source.remedy(),
            source: Arc::new(source),
        })?;
        let mut config = Config::new();
        match &address.host {
            PostgresHost::Tcp(host) => config.host(host),
            #[cfg(unix)]
            PostgresHost::Socket(folder) => config.host_path(folder),
            #[cfg(not(unix))]
            PostgresHost::Socket(folder) => config.host(folder.display().to_string()),
        };
        config
            .port(address.port)
            .user(&address.user)
            .dbname(&address.database)
            .ssl_mode(if address.tls == PostgresTls::Off { SslMode::Disable } else { SslMode::Require })
            .application_name("smartsync")
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_user_timeout(UNCONFIRMED)
            .keepalives_idle(CONNECT_TIMEOUT)
            .keepalives_interval(Duration::from_secs(1))
            .keepalives_retries(5)
            // After a failover the machine of before may still answer.
            .target_session_attrs(TargetSessionAttrs::ReadWrite);
        if let Some(password) = password {
            config.password(password.expose_secret());
        }
        Ok(Self { config, tls: MakeRustlsConnect::new(tls), place: place.into() })
    }
}

/// Trusts the certificates of the file, or those that the system trusts.
fn client_config(tls: &PostgresTls) -> Result<ClientConfig, NoTrust> {
    let provider = CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let builder = match tls {
        // Never asked.
        PostgresTls::Off => builder.with_root_certificates(RootCertStore::empty()),
        PostgresTls::Verified { roots: None } => builder.with_platform_verifier()?,
        PostgresTls::Verified { roots: Some(path) } => {
            let roots = roots(path);
            let roots =
                roots.map_err(|source| NoTrust::Certificates { path: path.display().to_string(), source })?;
            builder.with_root_certificates(roots)
        }
    };
    Ok(builder.with_no_client_auth())
}

fn roots(path: &Path) -> Result<RootCertStore, Box<dyn Error + Send + Sync>> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&fs::read(path)?) {
        roots.add(certificate?)?;
    }
    if roots.is_empty() { Err("there is none".into()) } else { Ok(roots) }
}

/// Without the password.
impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reach").field("place", &self.place).finish_non_exhaustive()
    }
}
