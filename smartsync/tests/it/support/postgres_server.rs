//! A PostgreSQL server of the tests' own: started by themselves, on a port and in a folder of its own, and gone with them.

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        LazyLock, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use secrecy::SecretString;
use smartsync::store::PostgresAddress;
use tokio_postgres::{Client, NoTls};

/// What the role of the tests signs in with.
const PASSWORD: &str = "a password of the tests";

/// A server that runs. Dropped, it ends.
pub(crate) struct PostgresServer {
    pub(crate) port: u16,
    /// Where its log is.
    folder: PathBuf,
    /// Ends with this process at the latest: that ends the server.
    lifeline: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    _shell: Child,
    databases: AtomicU32,
}

/// An empty database of a role that may do no more than own it.
pub(crate) struct Database {
    pub(crate) address: PostgresAddress,
    pub(crate) url: String,
    port: u16,
    pub(crate) password: SecretString,
    pub(crate) name: String,
}

/// The one that tests share, each with a database of its own. Nothing of it outlives a power failure.
static SHARED: LazyLock<PostgresServer> =
    LazyLock::new(|| PostgresServer::start(&["fsync = off", "full_page_writes = off"]));

impl PostgresServer {
    /// The one that tests share.
    pub(crate) fn shared() -> &'static Self {
        &SHARED
    }

    /// One with these settings.
    pub(crate) fn start(settings: &[&str]) -> Self {
        Self::start_in(&folder(), settings)
    }

    /// One that has TLS, with this certificate and its key as PEM.
    pub(crate) fn start_with_tls(certificate: &str, key: &str) -> Self {
        let folder = folder();
        let tls = folder.join("tls");
        fs::create_dir(&tls).unwrap();
        fs::write(tls.join("certificate"), certificate).unwrap();
        fs::write(tls.join("key"), key).unwrap();
        let file = |setting: &str, name: &str| format!("{setting} = '{}'", tls.join(name).display());
        let files = [file("ssl_cert_file", "certificate"), file("ssl_key_file", "key")];
        Self::start_in(&folder, &["ssl = on", &files[0], &files[1], "fsync = off"])
    }

    fn start_in(folder: &Path, settings: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut shell = Command::new("sh")
            .arg("-c")
            .arg(include_str!("postgres_server.sh"))
            .arg("postgres_server.sh")
            .arg(folder)
            .arg(programs())
            .arg(port.to_string())
            .args(["max_connections = 300", "shared_buffers = 64MB", "log_min_messages = warning"])
            .args(settings)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What ends the tests by the keyboard lets it clean up.
            .process_group(0)
            .spawn()
            .unwrap();
        let (input, output) = (shell.stdin.take().unwrap(), BufReader::new(shell.stdout.take().unwrap()));
        let server = Self {
            port,
            folder: folder.to_owned(),
            lifeline: Mutex::new((input, output)),
            _shell: shell,
            databases: AtomicU32::new(0),
        };
        server.expect("ready");
        server
    }

    /// What it has logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("server.log")).unwrap()
    }

    /// Ends it at once, as by a crash.
    pub(crate) fn kill(&self) {
        self.tell("kill");
    }

    /// Starts it again.
    pub(crate) fn start_again(&self) {
        self.tell("start");
    }

    fn tell(&self, command: &str) {
        writeln!(self.lifeline.lock().unwrap().0, "{command}").unwrap();
        self.expect("done");
    }

    fn expect(&self, word: &str) {
        let mut answer = String::new();
        self.lifeline.lock().unwrap().1.read_line(&mut answer).unwrap();
        assert_eq!(answer.trim(), word, "PostgreSQL's server did not start: see above");
    }

    /// A database that nobody else has.
    pub(crate) async fn database(&self) -> Database {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let admin = self.admin("postgres").await;
        let role = format!(
            "DO $$ BEGIN CREATE ROLE smartsync LOGIN PASSWORD '{PASSWORD}'; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$"
        );
        admin.batch_execute(&role).await.unwrap();
        admin.batch_execute(&format!("CREATE DATABASE {name} OWNER smartsync")).await.unwrap();
        let url = format!("postgres://smartsync@127.0.0.1:{}/{name}", self.port);
        let address = PostgresAddress::parse(&url).unwrap();
        Database { address, url, port: self.port, password: SecretString::from(PASSWORD), name }
    }

    /// Another handle of a database.
    pub(crate) fn database_again(&self, database: &Database) -> Database {
        let Database { address, url, name, password, .. } = database;
        let (address, url, name) = (address.clone(), url.clone(), name.clone());
        Database { address, url, port: self.port, password: password.clone(), name }
    }

    /// Somebody who may do everything.
    pub(crate) async fn admin(&self, database: &str) -> Client {
        connect(&format!("host=127.0.0.1 port={} user=admin password=admin dbname={database}", self.port))
            .await
    }
}

impl Database {
    /// A connection beside those of the program.
    pub(crate) async fn connect(&self) -> Client {
        connect(&format!(
            "host=127.0.0.1 port={} user=smartsync password='{PASSWORD}' dbname={}",
            self.port, self.name
        ))
        .await
    }
}

async fn connect(settings: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(settings, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A new folder for a server.
fn folder() -> PathBuf {
    tempfile::Builder::new().prefix("smartsync-postgres-").tempdir().unwrap().keep()
}

/// The folder of PostgreSQL's server programs: the one that is named, or the newest of those that Debian's packages bring.
fn programs() -> PathBuf {
    if let Some(named) = env::var_os("SMARTSYNC_POSTGRES_PROGRAMS") {
        return named.into();
    }
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let number = |path: &Path| {
        path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<u32>().ok())
    };
    let newest = versions.map(|version| version.path()).max_by_key(|path| number(path));
    let programs = newest.map(|version| version.join("bin")).filter(|folder| folder.join("initdb").exists());
    programs.expect(
        "PostgreSQL's server is not there, and these tests need one: install the package `postgresql`, or name the folder of `initdb` in \
         SMARTSYNC_POSTGRES_PROGRAMS",
    )
}
