//! What to do where no encrypted connection came about.

use std::{error::Error, io};

use rustls::CertificateError;

use super::postgres_error::PostgresError;

/// What the driver says of any handshake that failed. It does not tell the kinds of its errors apart otherwise.
const HANDSHAKE: &str = "error performing TLS handshake";

/// What to do, if it is for want of an encrypted connection that nothing could be asked.
pub(super) fn remedy(error: &PostgresError) -> Option<&'static str> {
    let PostgresError::Driver(error) = error else { return None };
    if error.to_string() != HANDSHAKE {
        return None;
    }
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    let cause = cause.and_then(|cause| cause.get_ref()).and_then(|cause| cause.downcast_ref());
    Some(match cause {
        Some(rustls::Error::InvalidCertificate(error)) => of_certificate(error),
        Some(_) => "check the TLS settings of the database's server; TLS 1.2 or 1.3 is needed",
        // It was asked for TLS and has said no, or the host's name cannot stand in a certificate.
        None => {
            "switch TLS on in the database's server (`ssl = on`), or write `sslmode=disable` in `[store] url` where nobody else can listen"
        }
    })
}

fn of_certificate(error: &CertificateError) -> &'static str {
    use CertificateError::{
        BadSignature, Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet,
        NotValidYetContext, UnknownIssuer,
    };

    if matches!(error, UnknownIssuer | BadSignature) {
        "if an authority of your own has signed the server's certificate, add `?sslrootcert=FILE` to `[store] url`, with the file of that authority's certificate"
    } else if matches!(error, NotValidForName | NotValidForNameContext { .. }) {
        "in `[store] url`, write the name of the server that is in its certificate, or have a certificate made for this one"
    } else if matches!(error, Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. }) {
        "have the server's certificate renewed, and check the clock of this machine"
    } else {
        "have a certificate made for the server that can be verified"
    }
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::{ServerName, UnixTime};

    use super::*;

    #[test]
    fn what_is_wrong_with_a_certificate_has_its_remedy() {
        let name = ServerName::try_from("db.example.com").unwrap();
        let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(1));
        for (error, remedy) in [
            (CertificateError::UnknownIssuer, "sslrootcert"),
            (CertificateError::NotValidForName, "write the name"),
            (
                CertificateError::NotValidForNameContext { expected: name, presented: Vec::new() },
                "write the name",
            ),
            (CertificateError::Expired, "renewed"),
            (CertificateError::ExpiredContext { time, not_after: time }, "renewed"),
            (CertificateError::NotValidYet, "check the clock"),
            (CertificateError::BadEncoding, "have a certificate made"),
        ] {
            assert!(of_certificate(&error).contains(remedy), "{error:?}");
        }
    }
}
