//! How many notifications a second are on the disk and answered, over 64 connections: our receiver beside FastAPI and Express.
//!
//! `cargo bench -p smartsync-benches --bench intake` runs five rounds of each in turns; `-- 1000000` instead sends ours so many, and says
//! how much memory it has then. The peers are set up as `benches/README.md` says; one that is not there is left out.

use std::{
    env,
    error::Error,
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use oneflow_client::{
    SecretString,
    webhook::{Verifier, test_notification},
};
use smartsync::{Inbox, Store, config::WebhookPath, router};
use smartsync_benches::median;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

type Failed = Box<dyn Error + Send + Sync>;

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(4);
const CONNECTIONS: usize = 64;
const CONTRACTS: u64 = 10_000;
const KEY: &str = "a sign key for a benchmark";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Receiver {
    Ours,
    FastApi,
    Express,
}

/// What one round showed.
struct Round {
    per_second: f64,
    p99: Duration,
    resident: u64,
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    if let Ok(port) = env::var("INTAKE_SERVE") {
        return serve(port.parse()?).await;
    }
    let number = env::args().skip(1).find_map(|argument| argument.parse::<u64>().ok());
    if let Some(number) = number {
        let round = measure(Receiver::Ours, number, Duration::MAX).await?;
        println!("{number} notifications: {}", said(&round));
        return Ok(());
    }
    let receivers: Vec<Receiver> = [Receiver::Ours, Receiver::FastApi, Receiver::Express]
        .into_iter()
        .filter(|one| one.is_there())
        .collect();
    let mut rounds: Vec<Vec<Round>> = receivers.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for (receiver, rounds) in receivers.iter().zip(&mut rounds) {
            rounds.push(measure(*receiver, u64::MAX, ROUND).await?);
        }
    }
    let mut fastest_peer: f64 = 0.0;
    let mut ours: f64 = 0.0;
    for (receiver, mut rounds) in receivers.into_iter().zip(rounds) {
        rounds.sort_by(|one, other| one.per_second.total_cmp(&other.per_second));
        let middle = median(&mut rounds.iter().map(|round| round.per_second).collect::<Vec<_>>());
        if receiver == Receiver::Ours {
            ours = middle;
        } else {
            fastest_peer = fastest_peer.max(middle);
        }
        println!("{}: {}", receiver.name(), said(&rounds[ROUNDS / 2]));
        let all: Vec<String> = rounds.iter().map(|round| format!("{:.0}", round.per_second)).collect();
        println!("    a second in each round: {}", all.join(", "));
    }
    println!("{:.1} times the faster peer (goal: 10)", ours / fastest_peer);
    Ok(())
}

fn said(round: &Round) -> String {
    let Round { per_second, p99, resident } = round;
    format!("{per_second:.0} a second, p99 {:.1} ms, {resident} kB resident", p99.as_secs_f64() * 1e3)
}

/// The receiver of `smartsync serve`, without the looks.
async fn serve(port: u16) -> Result<(), Failed> {
    let inbox = Inbox::new(Store::open(Path::new(&env::var("DATABASE")?))?);
    let verifier = Verifier::new([SecretString::from(KEY)])?;
    let path = WebhookPath::try_from("/webhooks/oneflow".to_owned())?;
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    axum::serve(listener, router(&path, verifier, inbox)).await?;
    Ok(())
}

impl Receiver {
    fn name(self) -> &'static str {
        match self {
            Self::Ours => "smartsync",
            Self::FastApi => "FastAPI, uvicorn, sqlite3",
            Self::Express => "Express, better-sqlite3",
        }
    }

    fn is_there(self) -> bool {
        match self {
            Self::Ours => true,
            Self::FastApi => peers().join("venv/bin/python").exists(),
            Self::Express => peers().join("node_modules/express").exists(),
        }
    }

    fn start(self, port: u16, database: &Path) -> Result<Child, Failed> {
        let mut command = match self {
            Self::Ours => {
                let mut command = Command::new(env::current_exe()?);
                command.env("INTAKE_SERVE", port.to_string());
                command
            }
            Self::FastApi => {
                let mut command = Command::new(peers().join("venv/bin/python"));
                command.args([
                    "-m",
                    "uvicorn",
                    "receiver:app",
                    "--no-access-log",
                    "--log-level",
                    "warning",
                    "--port",
                ]);
                command.arg(port.to_string());
                command
            }
            Self::Express => {
                let mut command = Command::new("node");
                command.arg("receiver.js").env("PORT", port.to_string()).env("NODE_ENV", "production");
                command
            }
        };
        command.current_dir(peers()).env("DATABASE", database).env("SIGN_KEY", KEY);
        Ok(command.stdout(Stdio::null()).spawn()?)
    }
}

fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

/// Starts a receiver over an empty database, and sends so many notifications, for so long at most.
async fn measure(receiver: Receiver, most: u64, time: Duration) -> Result<Round, Failed> {
    let folder = tempfile::tempdir()?;
    let database = folder.path().join("state.db");
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let mut process = receiver.start(port, &database)?;
    let sent = send(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), most, time).await;
    let resident = resident(process.id());
    process.kill()?;
    process.wait()?;
    let (latencies, elapsed) = sent?;
    // What was answered is there.
    let noted: i64 =
        rusqlite::Connection::open(&database)?
            .query_row("SELECT count(*) FROM inbox", [], |row| row.get(0))?;
    if usize::try_from(noted)? < latencies.len() {
        return Err(format!("{} were answered, and {noted} are noted", latencies.len()).into());
    }
    let count = u32::try_from(latencies.len())?;
    let p99 = latencies.get(latencies.len() * 99 / 100).copied().unwrap_or_default();
    Ok(Round { per_second: f64::from(count) / elapsed.as_secs_f64(), p99, resident: resident? })
}

/// How long each answer took, sorted, and all of them together.
async fn send(address: SocketAddr, most: u64, time: Duration) -> Result<(Vec<Duration>, Duration), Failed> {
    let give_up = Instant::now() + Duration::from_secs(20);
    let mut streams = Vec::new();
    while streams.len() < CONNECTIONS {
        match TcpStream::connect(address).await {
            Ok(stream) => streams.push(stream),
            Err(error) if Instant::now() > give_up => return Err(error.into()),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    let next = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let mut senders = JoinSet::new();
    for stream in streams {
        senders.spawn(send_over(stream, Arc::clone(&next), most, begun, time));
    }
    let mut latencies = Vec::new();
    while let Some(of_one) = senders.join_next().await {
        latencies.extend(of_one??);
    }
    let elapsed = begun.elapsed();
    latencies.sort();
    Ok((latencies, elapsed))
}

async fn send_over(
    mut stream: TcpStream,
    next: Arc<AtomicU64>,
    most: u64,
    begun: Instant,
    time: Duration,
) -> Result<Vec<Duration>, Failed> {
    stream.set_nodelay(true)?;
    let (key, mut latencies) = (SecretString::from(KEY), Vec::new());
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= most || begun.elapsed() >= time {
            return Ok(latencies);
        }
        let contract = i64::try_from(number % CONTRACTS)? + 1;
        let body = test_notification(&format!("callback {number}"), contract, &["data_field:update"], &key);
        let request = format!(
            "POST /webhooks/oneflow HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let sent = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        answered(&mut stream).await?;
        latencies.push(sent.elapsed());
    }
}

/// Reads an answer to its end. It has to be 200.
async fn answered(stream: &mut TcpStream) -> Result<(), Failed> {
    let mut answer = Vec::with_capacity(512);
    loop {
        if stream.read_buf(&mut answer).await? == 0 {
            return Err("the connection was closed".into());
        }
        let Some(end) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&answer[..end])?.to_ascii_lowercase();
        let length = head.split("\r\n").find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.unwrap_or("0").trim().parse()?;
        if answer.len() >= end + 4 + length {
            return if head.starts_with("http/1.1 200 ") { Ok(()) } else { Err(head.into()) };
        }
    }
}

/// Kilobytes of memory that a process has.
fn resident(process: u32) -> Result<u64, Failed> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
