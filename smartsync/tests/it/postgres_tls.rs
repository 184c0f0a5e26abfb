//! TLS to a real PostgreSQL: whoever can be verified is talked to, and nobody else is told a user or a password.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair};
use smartsync::{
    ContractId, StoreError,
    store::{Intake as _, PostgresAddress, PostgresState, PostgresStore, PostgresWork, State as _},
};
use smartsync_transport::CauseChain;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{TcpListener, TcpStream},
};

use crate::support::{Database, Home, PostgresServer};

/// What a client sends that wants TLS, before anything else.
const WISH: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// Somebody who signs certificates.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A server with a certificate for this name.
    fn server(&self, name: &str) -> PostgresServer {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &*self.0).unwrap();
        PostgresServer::start_with_tls(&certificate.pem(), &key.serialize_pem())
    }

    fn file(&self, folder: &TempDir, name: &str) -> PathBuf {
        let path = folder.path().join(name);
        fs::write(&path, self.0.pem()).unwrap();
        path
    }
}

/// Between a client and the database: keeps what the client says.
struct Wiretap {
    port: u16,
    said: Arc<Mutex<Vec<u8>>>,
}

impl Wiretap {
    async fn before(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let tap = Self { port: listener.local_addr().unwrap().port(), said: Arc::default() };
        let said = Arc::clone(&tap.said);
        tokio::spawn(async move {
            while let Ok((from, _)) = listener.accept().await {
                let to = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let ((mut words, mut back), (mut answers, mut on)) = (from.into_split(), to.into_split());
                tokio::spawn(async move { copy(&mut answers, &mut back).await });
                let said = Arc::clone(&said);
                tokio::spawn(async move {
                    let mut bytes = [0; 16384];
                    while let Ok(count @ 1..) = words.read(&mut bytes).await {
                        said.lock().unwrap().extend_from_slice(&bytes[..count]);
                        if on.write_all(&bytes[..count]).await.is_err() {
                            break;
                        }
                    }
                });
            }
        });
        tap
    }

    fn said(&self) -> Vec<u8> {
        self.said.lock().unwrap().clone()
    }

    /// Whether a text was said in the clear.
    fn heard(&self, text: &str) -> bool {
        self.said().windows(text.len()).any(|part| part == text.as_bytes())
    }

    /// The database behind it, by the name that the host has in the URL.
    fn url(&self, host: &str, database: &Database, options: &str) -> String {
        format!("postgres://smartsync@{host}:{}/{}?{options}", self.port, database.name)
    }
}

fn password(database: &Database) -> &str {
    use secrecy::ExposeSecret as _;

    database.password.expose_secret()
}

async fn open(url: &str, database: &Database) -> Result<PostgresStore, StoreError> {
    PostgresStore::open(&PostgresAddress::parse(url).unwrap(), Some(&database.password)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_whose_certificate_is_signed_by_the_root_that_is_named_is_talked_to_under_tls_alone() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("the authority of this test");
    let server = authority.server("localhost");
    let database = server.database().await;
    let tap = Wiretap::before(server.port).await;
    let roots = authority.file(&folder, "root.pem");
    let url =
        tap.url("localhost", &database, &format!("sslmode=verify-full&sslrootcert={}", roots.display()));

    // Every way in which it is connected to: for its questions, for the session of a server, to copy.
    let store = open(&url, &database).await.unwrap();
    PostgresWork::new(store).accept("one", ContractId::new(9001).into()).await.unwrap();
    let address = PostgresAddress::parse(&url).unwrap();
    let state = PostgresState::open(&address, Some(&database.password)).await.unwrap();
    let session = state.serve().await.unwrap();
    let admin = server.admin(&database.name).await;
    let sql = "SELECT count(*) FILTER (WHERE s.ssl), count(*) FILTER (WHERE NOT s.ssl) FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid)
        WHERE a.application_name = 'smartsync'";
    let row = admin.query_one(sql, &[]).await.unwrap();
    let (encrypted, clear): (i64, i64) = (row.get(0), row.get(1));
    assert!(encrypted >= 2 && clear == 0, "{encrypted} encrypted, {clear} not");
    drop(session);

    assert!(tap.said().starts_with(&WISH));
    for secret in [password(&database), "smartsync", "9001"] {
        assert!(!tap.heard(secret), "`{secret}` went over the wire in the clear");
    }
    // The wire is heard: without TLS it tells all of that.
    let in_the_clear = tap.url("localhost", &database, "sslmode=disable");
    open(&in_the_clear, &database).await.unwrap();
    assert!(tap.heard(password(&database)) && tap.heard("smartsync"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_cannot_be_verified_is_refused_with_what_to_do_and_is_told_neither_user_nor_password() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, another) = (Authority::new("ours"), Authority::new("another"));
    let (roots, roots_of_another) = (ours.file(&folder, "ours.pem"), another.file(&folder, "another.pem"));
    let with_tls = ours.server("localhost");
    let without_tls = PostgresServer::shared();
    let roots = format!("sslrootcert={}", roots.display());
    let wrong_roots = format!("sslrootcert={}", roots_of_another.display());
    let verified = "sslmode=verify-full".to_owned();
    for (server, host, options, why, remedy) in [
        (&with_tls, "localhost", &wrong_roots, "UnknownIssuer", "add `?sslrootcert=FILE` to `[store] url`"),
        (&with_tls, "localhost", &verified, "UnknownIssuer", "add `?sslrootcert=FILE` to `[store] url`"),
        (&with_tls, "127.0.0.1", &roots, "not valid for name", "write the name of the server"),
        (without_tls, "localhost", &roots, "server does not support TLS", "switch TLS on"),
        (without_tls, "127.0.0.1", &verified, "server does not support TLS", "switch TLS on"),
    ] {
        let database = server.database().await;
        let tap = Wiretap::before(server.port).await;
        let url = tap.url(host, &database, options);
        let error = open(&url, &database).await.unwrap_err();
        let told = format!("{}\n next: {}", CauseChain(&error), error.advice());
        let place = format!("postgres://{host}:{}/{}", tap.port, database.name);
        let begin = format!("no encrypted connection to the database {place} can be made: ");
        assert!(matches!(error, StoreError::NoTls { .. }), "{told}");
        assert!(told.starts_with(&begin) && told.contains(why) && told.contains(remedy), "{told}");
        assert!(!told.contains(password(&database)) && !told.contains("smartsync@"), "{told}");

        assert!(tap.said().starts_with(&WISH), "{told}");
        assert!(!tap.heard("smartsync") && !tap.heard(password(&database)), "{host}, {options}");
        if why.contains("does not support") {
            assert_eq!(tap.said(), WISH, "nothing else is said to whoever has no TLS");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_says_what_to_do_about_a_certificate_and_about_a_file_of_roots() {
    let home = Home::new("http://127.0.0.1:1", "http://127.0.0.1:1");
    let (ours, another) = (Authority::new("ours"), Authority::new("another"));
    let server = ours.server("localhost");
    let database = server.database().await;
    home.keep_in(&database);
    home.secret("root.pem", &another.0.pem());
    let url =
        format!("postgres://smartsync@localhost:{}/{}?sslrootcert=root.pem", server.port, database.name);
    home.replace(&database.url, &url);
    let place = format!("postgres://localhost:{}/{}", server.port, database.name);
    let refused = home.run(&["status"]).await;
    assert_eq!(
        (refused.code, refused.err.as_str()),
        (
            1,
            format!(
                "error: no encrypted connection to the database {place} can be made: error performing TLS handshake: invalid peer certificate: \
                 UnknownIssuer\n next: if an authority of your own has signed the server's certificate, add `?sslrootcert=FILE` to `[store] \
                 url`, with the file of that authority's certificate\n"
            )
            .as_str()
        )
    );
    home.secret("root.pem", "no certificate");
    let refused = home.run(&["status"]).await;
    assert!(
        refused.code == 1
            && refused
                .err
                .contains("the certificates in root.pem cannot be read: there is none\n next: name a file"),
        "{}",
        refused.err
    );
    home.secret("root.pem", &ours.0.pem());
    let shown = home.run(&["status"]).await;
    assert_eq!(shown.code, 0, "{}", shown.err);
}
