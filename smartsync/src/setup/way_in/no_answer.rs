//! Why nobody answered: what the connection, TLS or the wait for an answer failed of.

use std::{error::Error, io, time::Duration};

use rustls::{AlertDescription, CertificateError};
use smartsync_transport::{CauseChain, TransportError, Url, reqwest};

use super::{Stage, StageFinding};
use crate::words::commands::way_in as words;

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// Nobody listens.
    Refused,
    /// No way leads there.
    Unreachable,
    /// No connection in time.
    NoConnection,
    /// Who listens does not speak TLS.
    NoTls,
    /// What is wrong with the certificate.
    Certificate(Fault),
    /// TLS failed of something else.
    Tls(String),
    /// Connected, and no answer in time.
    Silence,
    /// The answer is larger than any of ours.
    TooLarge,
    /// The connection broke off.
    BrokenOff(String),
    /// No connection, and nothing else is known.
    NotConnected(String),
}

/// What is wrong with a certificate.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Expired,
    NotValidYet,
    OtherName,
    UnknownIssuer,
    Revoked,
    Other(String),
}

impl NoAnswer {
    pub(super) fn of(error: &TransportError) -> Self {
        let chain = || CauseChain(error).to_string();
        if error.is_too_large() {
            return Self::TooLarge;
        }
        if let Some(tls) = causes(error).find_map(tls_error) {
            return Self::of_tls(tls);
        }
        let kind = causes(error).find_map(|cause| Some(cause.downcast_ref::<io::Error>()?.kind()));
        let is_late = causes(error)
            .any(|cause| cause.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout));
        match (error.was_never_sent(), kind) {
            (true, Some(io::ErrorKind::ConnectionRefused)) => Self::Refused,
            (true, Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable)) => {
                Self::Unreachable
            }
            (true, Some(io::ErrorKind::TimedOut)) => Self::NoConnection,
            (true, _) if is_late => Self::NoConnection,
            (true, _) => Self::NotConnected(chain()),
            (false, _) if error.is_timeout() => Self::Silence,
            (false, _) => Self::BrokenOff(chain()),
        }
    }

    fn of_tls(error: &rustls::Error) -> Self {
        if matches!(error, rustls::Error::InvalidMessage(_)) {
            return Self::NoTls;
        }
        if let rustls::Error::InvalidCertificate(error) = error {
            return Self::Certificate(Fault::of(error));
        }
        if matches!(error, rustls::Error::AlertReceived(AlertDescription::UnrecognisedName)) {
            return Self::Certificate(Fault::OtherName);
        }
        Self::Tls(error.to_string())
    }

    /// The stages that it got through, and the one that it did not.
    pub(super) fn judge(&self, url: &Url, waited: Duration) -> Vec<StageFinding> {
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or(443);
        let seconds = waited.as_secs();
        let (stage, told) = match self {
            Self::Refused => (Stage::Connection, words::nobody_listens(host, port)),
            Self::Unreachable => (Stage::Connection, words::unreachable(host)),
            Self::NoConnection => (Stage::Connection, words::no_connection(host, port, seconds)),
            Self::NotConnected(why) => (Stage::Connection, words::not_connected(why)),
            Self::NoTls => (Stage::Certificate, words::no_tls(host, port)),
            Self::Tls(why) => (Stage::Certificate, words::tls(why)),
            Self::Certificate(fault) => (Stage::Certificate, fault.told(host)),
            Self::Silence => (Stage::Proxy, words::silence(seconds)),
            Self::TooLarge => (Stage::Proxy, words::answered_at_length()),
            Self::BrokenOff(why) => (Stage::Proxy, words::broken_off(why)),
        };
        let mut stages = Vec::new();
        if stage > Stage::Connection {
            stages.push(StageFinding::good(Stage::Connection, words::CONNECTED));
        }
        if stage > Stage::Certificate && url.scheme() == "https" {
            stages.push(StageFinding::good(Stage::Certificate, words::TRUSTED));
        }
        stages.push(StageFinding::failed(stage, told));
        stages
    }
}

impl Fault {
    fn of(error: &CertificateError) -> Self {
        if matches!(error, CertificateError::Expired | CertificateError::ExpiredContext { .. }) {
            Self::Expired
        } else if matches!(error, CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. })
        {
            Self::NotValidYet
        } else if matches!(
            error,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
        ) {
            Self::OtherName
        } else if matches!(error, CertificateError::UnknownIssuer) {
            Self::UnknownIssuer
        } else if matches!(error, CertificateError::Revoked) {
            Self::Revoked
        } else {
            Self::Other(error.to_string())
        }
    }

    fn told(&self, host: &str) -> words::Told {
        match self {
            Self::Expired => words::expired(host),
            Self::NotValidYet => words::not_valid_yet(host),
            Self::OtherName => words::other_name(host),
            Self::UnknownIssuer => words::unknown_issuer(host),
            Self::Revoked => words::revoked(host),
            Self::Other(why) => words::unusable_certificate(host, why),
        }
    }
}

/// The error of TLS that an error is, or wraps: the source of an error of the system is that of what it wraps, not what it wraps; and one may
/// wrap another.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    error.downcast_ref().or_else(|| tls_error(error.downcast_ref::<io::Error>()?.get_ref()?))
}

/// The error and its causes, outermost first.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the HTTP stack hands it up: wrapped in an error of the system, and that in another.
    fn tls(error: rustls::Error) -> NoAnswer {
        let wrapped = io::Error::new(io::ErrorKind::InvalidData, error);
        NoAnswer::of(&TransportError::connect(io::Error::other(wrapped)))
    }

    #[test]
    fn what_is_wrong_with_a_certificate_is_told_apart() {
        for (error, fault) in [
            (CertificateError::Expired, Fault::Expired),
            (CertificateError::NotValidYet, Fault::NotValidYet),
            (CertificateError::NotValidForName, Fault::OtherName),
            (CertificateError::UnknownIssuer, Fault::UnknownIssuer),
            (CertificateError::Revoked, Fault::Revoked),
        ] {
            let found = tls(rustls::Error::InvalidCertificate(error));
            assert_eq!(found, NoAnswer::Certificate(fault));
        }
        let found = tls(rustls::Error::InvalidCertificate(CertificateError::BadEncoding));
        assert!(matches!(found, NoAnswer::Certificate(Fault::Other(_))), "{found:?}");
        assert!(matches!(tls(rustls::Error::HandshakeNotComplete), NoAnswer::Tls(_)));
    }

    #[test]
    fn a_connection_that_was_not_made_is_told_by_what_the_system_says() {
        for (kind, found) in [
            (io::ErrorKind::ConnectionRefused, NoAnswer::Refused),
            (io::ErrorKind::NetworkUnreachable, NoAnswer::Unreachable),
            (io::ErrorKind::HostUnreachable, NoAnswer::Unreachable),
            (io::ErrorKind::TimedOut, NoAnswer::NoConnection),
        ] {
            assert_eq!(NoAnswer::of(&TransportError::connect(io::Error::from(kind))), found);
        }
        assert_eq!(NoAnswer::of(&TransportError::timeout("late")), NoAnswer::Silence);
        assert_eq!(NoAnswer::of(&TransportError::too_large(1)), NoAnswer::TooLarge);
        let reset = TransportError::other(io::Error::from(io::ErrorKind::ConnectionReset));
        assert!(matches!(NoAnswer::of(&reset), NoAnswer::BrokenOff(_)));
    }

    #[test]
    fn the_stages_before_the_one_that_failed_are_good() {
        let url: Url = "https://hooks.example.com/webhooks/oneflow".parse().unwrap();
        let stages = |found: NoAnswer| -> Vec<Stage> {
            found.judge(&url, Duration::from_secs(15)).iter().map(|found| found.stage).collect()
        };
        assert_eq!(stages(NoAnswer::Refused), [Stage::Connection]);
        assert_eq!(stages(NoAnswer::NoTls), [Stage::Connection, Stage::Certificate]);
        assert_eq!(stages(NoAnswer::Silence), [Stage::Connection, Stage::Certificate, Stage::Proxy]);
    }
}
