//! Where a PostgreSQL database is, and how it is talked to; without the password.

use std::{fmt, net::IpAddr, path::PathBuf};

use percent_encoding::percent_decode_str;
use url::{Host, Url};

const PORT: u16 = 5432;

/// `postgres://USER@HOST:PORT/DATABASE`: a database on a server. The password stands elsewhere, and is in none of its texts.
///
/// ```
/// use smartsync::store::{PostgresAddress, PostgresTls};
///
/// let address = PostgresAddress::parse("postgres://smartsync@db.example.com/smartsync").unwrap();
/// assert_eq!(address.to_string(), "postgres://db.example.com:5432/smartsync");
/// assert_eq!(address.tls, PostgresTls::Verified { roots: None });
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PostgresAddress {
    /// Where the server listens.
    pub host: PostgresHost,
    /// Its port, 5432 unless the URL names another; with a socket, a part of its name.
    pub port: u16,
    /// The database.
    pub database: String,
    /// The role.
    pub user: String,
    /// Whether the connection is encrypted.
    pub tls: PostgresTls,
}

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PostgresHost {
    /// A name or an IP address, IPv6 without brackets.
    Tcp(String),
    /// The folder of a Unix socket.
    Socket(PathBuf),
}

/// Whether a connection is encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PostgresTls {
    /// In the clear (`sslmode=disable`). The default for a server on this machine.
    Off,
    /// With a certificate that is for the host and signed by somebody who is trusted (`sslmode=verify-full`). The default for any other server.
    Verified {
        /// A PEM file with the certificates that are trusted (`sslrootcert`); `None`: those that everybody trusts.
        roots: Option<PathBuf>,
    },
}

impl PostgresAddress {
    /// Of a URL with the scheme `postgres` or `postgresql`. Of the options of libpq there are `sslmode` (`disable`, `verify-full`) and
    /// `sslrootcert`; the folder of a socket stands in the place of the host, as `%2Frun%2Fpostgresql`.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and what to write. It repeats nothing of the URL, which may hold a password.
    pub fn parse(url: &str) -> Result<Self, &'static str> {
        let url = Url::parse(url).map_err(|_| "not a valid URL: write `postgres://USER@HOST/DATABASE`")?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err("write `postgres://USER@HOST/DATABASE`");
        }
        if url.password().is_some() {
            return Err(PASSWORD);
        }
        let user = decoded(url.username())
            .filter(|user| !user.is_empty())
            .ok_or("the URL names no user: write `postgres://USER@HOST/DATABASE`")?;
        let database = decoded(url.path().trim_start_matches('/'))
            .filter(|database| !database.is_empty() && !database.contains('/'))
            .ok_or("the URL names no database: write `postgres://USER@HOST/DATABASE`")?;
        if url.fragment().is_some() {
            return Err("a URL of a database has no `#`: write it as `%23`");
        }
        let options = Options::of(&url)?;
        let host = match url.host() {
            Some(Host::Domain(name)) => PostgresHost::of(decoded(name).ok_or(NO_HOST)?),
            Some(Host::Ipv4(address)) => PostgresHost::Tcp(address.to_string()),
            Some(Host::Ipv6(address)) => PostgresHost::Tcp(address.to_string()),
            None => return Err(NO_HOST),
        };
        let tls = match (options.sslmode.as_deref(), options.sslrootcert) {
            (Some("disable"), None) => PostgresTls::Off,
            (Some("disable"), Some(_)) => return Err("`sslrootcert` is for `sslmode=verify-full`"),
            (Some("verify-full"), roots) => PostgresTls::Verified { roots: roots.map(PathBuf::from) },
            (None, Some(roots)) => PostgresTls::Verified { roots: Some(roots.into()) },
            (None, None) if host.is_here() => PostgresTls::Off,
            (None, None) => PostgresTls::Verified { roots: None },
            // The other modes of libpq encrypt for whoever answers.
            (Some(_), _) => {
                return Err("write `sslmode=verify-full`, or `sslmode=disable` where nobody else can listen");
            }
        };
        if tls != PostgresTls::Off && matches!(host, PostgresHost::Socket(_)) {
            return Err("a socket has no TLS: remove `sslmode` and `sslrootcert`");
        }
        Ok(Self { host, port: url.port().unwrap_or(PORT), database, user, tls })
    }
}

const NO_HOST: &str = "the URL names no host: write `postgres://USER@HOST/DATABASE`";
const PASSWORD: &str = "contains a password: remove it, and set it with `[store] password`";

/// The options behind the `?`.
#[derive(Default)]
struct Options {
    sslmode: Option<String>,
    sslrootcert: Option<String>,
}

impl Options {
    fn of(url: &Url) -> Result<Self, &'static str> {
        let mut options = Self::default();
        for (name, value) in url.query_pairs() {
            let option = match &*name {
                "sslmode" => &mut options.sslmode,
                "sslrootcert" => &mut options.sslrootcert,
                "password" => return Err(PASSWORD),
                _ => return Err("an option of the URL is unknown: there are `sslmode` and `sslrootcert`"),
            };
            if value.is_empty() || option.replace(value.into_owned()).is_some() {
                return Err("an option of the URL is empty, or there twice");
            }
        }
        Ok(options)
    }
}

impl PostgresHost {
    fn of(text: String) -> Self {
        if text.starts_with('/') { Self::Socket(text.into()) } else { Self::Tcp(text) }
    }

    /// Whether nothing leaves this machine on the way there.
    pub(crate) fn is_here(&self) -> bool {
        match self {
            Self::Socket(_) => true,
            Self::Tcp(host) => {
                host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
            }
        }
    }
}

/// What the percent signs stand for. `None`: no text.
fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned())
}

/// Without the user.
impl fmt::Display for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, database, .. } = self;
        match host {
            PostgresHost::Tcp(host) if host.contains(':') => {
                write!(f, "postgres://[{host}]:{port}/{database}")
            }
            PostgresHost::Tcp(host) => write!(f, "postgres://{host}:{port}/{database}"),
            PostgresHost::Socket(folder) => {
                let folder = folder.display().to_string().replace('/', "%2F");
                write!(f, "postgres://{folder}:{port}/{database}")
            }
        }
    }
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresAddress({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(url: &str) -> PostgresAddress {
        PostgresAddress::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    #[test]
    fn a_url_names_host_port_database_and_user() {
        let address = parsed("postgresql://sync%40eu@db.example.com:6432/smart%20sync");
        assert_eq!(address.host, PostgresHost::Tcp("db.example.com".to_owned()));
        assert_eq!((address.port, address.database.as_str()), (6432, "smart sync"));
        assert_eq!(address.user, "sync@eu");
        assert_eq!(parsed("postgres://u@[2001:db8::1]/d").to_string(), "postgres://[2001:db8::1]:5432/d");
    }

    #[test]
    fn a_folder_in_the_place_of_the_host_is_that_of_a_socket() {
        let address = parsed("postgres://u@%2Frun%2Fpostgresql/d");
        assert_eq!(address.host, PostgresHost::Socket("/run/postgresql".into()));
        assert_eq!(address.to_string(), "postgres://%2Frun%2Fpostgresql:5432/d");
    }

    #[test]
    fn only_what_stays_on_this_machine_goes_in_the_clear_unless_somebody_says_so() {
        let of = |url: &str| parsed(url).tls;
        for here in ["localhost", "127.0.0.1", "127.8.0.1", "[::1]", "%2Frun"] {
            assert_eq!(of(&format!("postgres://u@{here}/d")), PostgresTls::Off, "{here}");
        }
        let verified = PostgresTls::Verified { roots: None };
        for away in ["db.example.com", "10.0.0.5", "localhost.example.com", "[2001:db8::1]"] {
            assert_eq!(of(&format!("postgres://u@{away}/d")), verified, "{away}");
        }
        assert_eq!(of("postgres://u@localhost/d?sslmode=verify-full"), verified);
        assert_eq!(of("postgres://u@db/d?sslmode=disable"), PostgresTls::Off);
        assert_eq!(
            of("postgres://u@db/d?sslrootcert=%2Fetc%2Fca.pem"),
            PostgresTls::Verified { roots: Some("/etc/ca.pem".into()) }
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_the_remedy_and_without_the_url() {
        for (url, said) in [
            (
                "postgres://u:canary@db/canary",
                "contains a password: remove it, and set it with `[store] password`",
            ),
            ("postgres://u@db/canary?password=canary", "`[store] password`"),
            ("postgres://db/canary", "names no user"),
            ("postgres://canary@db", "names no database"),
            ("postgres://canary@db/", "names no database"),
            ("postgres://canary@db/a/b", "names no database"),
            ("postgres:///canary", "names no"),
            ("postgres://canary@/d", "not a valid URL"),
            ("postgres://u@db/canary?sslmode=require", "write `sslmode=verify-full`"),
            ("postgres://u@db/canary?sslmode=disable&sslrootcert=a", "`sslrootcert` is for"),
            ("postgres://u@db/canary?sslmode=disable&sslmode=disable", "there twice"),
            ("postgres://u@db/canary?sslmode=", "is empty"),
            ("postgres://u@db/canary?target_session_attrs=any", "there are `sslmode` and `sslrootcert`"),
            ("postgres://u@%2Frun/canary?sslmode=verify-full", "a socket has no TLS"),
            ("postgres://u@db/d#canary", "`%23`"),
            ("mysql://u@db/canary", "write `postgres://"),
        ] {
            let error = PostgresAddress::parse(url).unwrap_err();
            assert!(error.contains(said) && !error.contains("canary"), "{url}: {error}");
        }
    }

    #[test]
    fn no_text_of_an_address_names_the_user() {
        let address = parsed("postgres://canary@db/d?sslrootcert=/ca.pem");
        assert_eq!(
            format!("{address} {address:?}"),
            "postgres://db:5432/d PostgresAddress(postgres://db:5432/d)"
        );
    }
}
