//! TLS by feature: rustls over aws-lc, rustls over ring, or the system's own. Where several are on, the first of these counts.

use reqwest::ClientBuilder;

use crate::config_error::ConfigError;

/// Whether one of the features is on.
pub(crate) const IS_ON: bool = cfg!(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"));

#[cfg(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))]
const NO_CERTIFICATE: ConfigError = ConfigError::Unusable {
    setting: "root_certificate",
    why: "holds no certificate in PEM form (`-----BEGIN CERTIFICATE-----`)",
};

#[cfg(not(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
const NO_EFFECT: ConfigError = ConfigError::Unusable {
    setting: "root_certificate",
    why: "has no effect, since the crate was built without TLS: enable one of the features `rustls`, `rustls-ring` and `native-tls`",
};

/// `builder` with TLS that trusts what the system trusts, and `roots`: each one or several certificates in PEM form.
#[cfg(any(feature = "rustls", all(feature = "native-tls", not(feature = "rustls-ring"))))]
pub(crate) fn with_tls(builder: ClientBuilder, roots: &[Vec<u8>]) -> Result<ClientBuilder, ConfigError> {
    #[cfg(feature = "rustls")]
    let mut builder = builder.tls_backend_rustls();
    #[cfg(not(feature = "rustls"))]
    let mut builder = builder.tls_backend_native();
    for pem in roots {
        let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(|_| NO_CERTIFICATE)?;
        if certificates.is_empty() {
            return Err(NO_CERTIFICATE);
        }
        builder = builder.tls_certs_merge(certificates);
    }
    Ok(builder)
}

/// The same over ring. reqwest would take ring only as the provider of the whole process, which a library does not choose.
#[cfg(all(feature = "rustls-ring", not(feature = "rustls")))]
pub(crate) fn with_tls(builder: ClientBuilder, roots: &[Vec<u8>]) -> Result<ClientBuilder, ConfigError> {
    use std::sync::Arc;

    use rustls::pki_types::{CertificateDer, pem::PemObject as _};
    use rustls_platform_verifier::Verifier;

    let stack = |error: rustls::Error| ConfigError::Stack(error.into());
    let mut certificates = Vec::new();
    for pem in roots {
        let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let found = found.ok().filter(|found| !found.is_empty()).ok_or(NO_CERTIFICATE)?;
        certificates.extend(found);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(certificates, Arc::clone(&provider)).map_err(stack)?;
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(stack)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(builder.tls_backend_preconfigured(config))
}

/// Without TLS: for plain http, unless another crate has turned TLS on in reqwest.
#[cfg(not(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
pub(crate) fn with_tls(builder: ClientBuilder, roots: &[Vec<u8>]) -> Result<ClientBuilder, ConfigError> {
    if roots.is_empty() { Ok(builder) } else { Err(NO_EFFECT) }
}
