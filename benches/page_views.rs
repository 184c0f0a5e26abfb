//! How long the page takes for each of its views, over 100,000 contracts and a month of looks in SQLite, and how large the answer is: over HTTP on one
//! connection of loopback, in turns with a bare axum page of the same size.
//!
//! `cargo bench -p smartsync-benches --bench page_views`. The aim is 10 ms at the 99th percentile, and less than 40 KB.

use std::{
    error::Error, fmt::Write as _, io::Write as _, net::SocketAddr, os::unix::fs::OpenOptionsExt as _,
    path::Path, time::Instant,
};

use axum::{Router, extract, response::Html, routing::get};
use jiff::Timestamp;
use smartsync::{Config, server, store::SqliteState};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::filled_journal::fill_sqlite;

#[path = "filled_journal.rs"]
mod filled_journal;

const ROUNDS: usize = 500;

/// The one that was looked at most often, with the most fields.
const BUSIEST: usize = 77_777;

/// Three looks at each contract, all over a month, and 500 at one with 40 fields.
const LOOKS: &str = "
    INSERT INTO looks (tenant, contract_id, candidate_id, at, cause, state, plan, fields, document, next, duration, requests)
        SELECT '', n, 'candidate', NOW - n * 8640 - again * 864000000, 'notification', 'pending', '0a', 'FEW', 'nothing', 'rest', 180, 2
        FROM series JOIN (SELECT 0 AS again UNION SELECT 1 UNION SELECT 2);
    INSERT INTO looks (tenant, contract_id, candidate_id, at, cause, state, plan, fields, document, next, duration, requests)
        SELECT '', BUSIEST, 'candidate', NOW - n * 1000, 'notification', 'pending', '0a', 'MANY', 'nothing', 'rest', 180, 2
        FROM series WHERE n <= 500;
";

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A view, and which address is asked for in which round.
enum View {
    /// Always this one.
    At(String),
    /// The first, and from then on what its link to the next ones leads to.
    PageByPage(String),
    /// One contract after another.
    EachContract,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let config = configured(folder.path())?;
    let path = folder.path().join("state.db");
    drop(SqliteState::open(&path)?);
    let now = Timestamp::now().as_millisecond();
    let looks = LOOKS
        .replace("NOW", &now.to_string())
        .replace("BUSIEST", &BUSIEST.to_string())
        .replace("FEW", &fields(5))
        .replace("MANY", &fields(40));
    fill_sqlite(&path, now, &looks)?;
    let page = server::bind_page(&config).await?;
    let address = page.address();
    tokio::spawn(page.run(std::future::pending()));
    let (mut ours, mut bare) = (Connection::to(address).await?, Connection::to(bare_page().await?).await?);

    println!(
        "median and 99th percentile of {ROUNDS} answers in milliseconds, the same of a bare page of that size, their ratio, bytes of the largest"
    );
    let at = |path: &str| View::At(path.to_owned());
    let further = |path: &str| View::PageByPage(path.to_owned());
    for (name, view) in [
        ("now", at("/")),
        ("contracts", at("/contracts")),
        ("contracts, page by page", further("/contracts")),
        ("contracts, outcome held", further("/contracts?outcome=held")),
        ("contracts, reason", further("/contracts?reason=conflict-held")),
        ("contracts, state", further("/contracts?state=signed")),
        ("contracts, template type", further("/contracts?template_type=4")),
        ("contracts, of the last 24 hours", further("/contracts?age=within-24h")),
        ("contracts, held and of none in this state", at("/contracts?outcome=held&state=draft")),
        ("contracts, reason and none of this type", at("/contracts?reason=refused&template_type=77")),
        ("contract", View::EachContract),
        ("contract, 500 looks and 40 fields", View::At(format!("/contracts/{BUSIEST}"))),
        ("held", at("/held")),
        ("held, page by page", further("/held")),
        ("parked", at("/parked")),
        ("parked, page by page", further("/parked")),
        ("intake", at("/intake")),
        ("mapping", at("/mapping")),
    ] {
        let (mut times, mut yardstick, mut most) = (Vec::new(), Vec::new(), 0);
        let mut next = match &view {
            View::At(first) | View::PageByPage(first) => first.clone(),
            View::EachContract => String::new(),
        };
        for round in 0..ROUNDS {
            if matches!(view, View::EachContract) {
                next = format!("/contracts/{}", round * 200 + 1);
            }
            let begun = Instant::now();
            let answer = ours.get(&next).await?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            most = most.max(answer.len());
            let size = format!("/{}", answer.len());
            let begun = Instant::now();
            bare.get(&size).await?;
            yardstick.push(begun.elapsed().as_secs_f64() * 1e3);
            if let View::PageByPage(first) = &view {
                next = link_behind(&answer).unwrap_or_else(|| first.clone());
            }
        }
        let (ours, bare) = (Percentiles::of(&mut times), Percentiles::of(&mut yardstick));
        println!(
            "{:7.2} {:7.2}   {:7.2} {:7.2}   {:6.1}   {most:6}  {name}",
            ours.median,
            ours.p99,
            bare.median,
            bare.p99,
            ours.p99 / bare.p99
        );
    }
    Ok(())
}

struct Percentiles {
    median: f64,
    p99: f64,
}

impl Percentiles {
    fn of(times: &mut [f64]) -> Self {
        times.sort_by(f64::total_cmp);
        Self { median: times[times.len() / 2], p99: times[times.len() * 99 / 100] }
    }
}

/// A configuration with 60 pairs, of services that no view asks.
fn configured(folder: &Path) -> Outcome<Config> {
    for (name, secret) in [
        ("token", "a-token-that-nobody-asks-for"),
        ("sign-key", "a-sign-key-for-a-benchmark"),
        ("state.db.key", &"0123456789abcdef".repeat(4)),
    ] {
        // A key that others may read is refused.
        let mut file =
            std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.join(name))?;
        file.write_all(secret.as_bytes())?;
    }
    let folder = folder.display();
    let mut text = format!(
        r#"
        [oneflow]
        base_url = "http://127.0.0.1:9/v1"
        token = {{ file = "{folder}/token" }}
        user_email = "benchmark@example.com"
        sign_keys = [{{ file = "{folder}/sign-key" }}]
        [teamtailor]
        base_url = "http://127.0.0.1:9"
        token = {{ file = "{folder}/token" }}
        [store]
        url = "sqlite://{folder}/state.db"
        [page]
        listen = "127.0.0.1:0"
        "#
    );
    for number in 0..60 {
        write!(text, "\n[[field]]\noneflow = \"field-{number}\"\nteamtailor = \"custom:field-{number}\"\n")?;
    }
    Ok(Config::from_toml(&text)?)
}

/// So many fields of a look, as its row has them.
fn fields(number: usize) -> String {
    let field = |number| {
        format!(
            r#"["field-{number}","custom:field-{number}","held","conflict-held",null,["value","moved","differs"]]"#
        )
    };
    format!("[{}]", (0..number).map(field).collect::<Vec<_>>().join(","))
}

/// A server that answers with so many bytes as the address says.
async fn bare_page() -> Outcome<SocketAddr> {
    let text = async |extract::Path(size): extract::Path<usize>| Html("x".repeat(size));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/{size}", get(text))).await });
    Ok(address)
}

/// Where the link to the next ones leads.
fn link_behind(view: &str) -> Option<String> {
    let links = view.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    links.map(|link| link.replace("&#38;", "&").replace("&amp;", "&")).find(|link| link.contains("after="))
}

/// One that is kept open.
struct Connection {
    address: SocketAddr,
    stream: TcpStream,
}

impl Connection {
    async fn to(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { address, stream })
    }

    /// The text of the answer, which has to be good.
    async fn get(&mut self, path: &str) -> Outcome<String> {
        let head = format!("GET {path} HTTP/1.1\r\nhost: {}\r\n\r\n", self.address);
        self.stream.write_all(head.as_bytes()).await?;
        let mut read = Vec::new();
        let end = loop {
            if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if self.stream.read_buf(&mut read).await? == 0 {
                return Err("the connection was closed".into());
            }
        };
        let head = String::from_utf8_lossy(&read[..end]).to_lowercase();
        if !head.starts_with("http/1.1 200 ") {
            return Err(format!("{path} was answered with {head}").into());
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.ok_or("the answer has no length")?.parse()?;
        while read.len() < end + length {
            if self.stream.read_buf(&mut read).await? == 0 {
                return Err("the connection was closed".into());
            }
        }
        Ok(String::from_utf8(read.split_off(end))?)
    }
}
