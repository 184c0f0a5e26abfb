//! Sees on the wire which contracts are being read.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::Instant,
};

/// Between a server and Oneflow: notes when a contract is read, and whether it is read twice at the same time.
pub(crate) struct Witness {
    /// Where it listens.
    pub(crate) origin: String,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    connections: usize,
    reads: Vec<Read>,
    under_way: BTreeSet<u64>,
    at_once: usize,
    overlaps: Vec<u64>,
}

struct Read {
    connection: usize,
    contract: u64,
    at: Instant,
}

impl Witness {
    pub(crate) async fn before(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let target: Arc<str> = target.trim_start_matches("http://").trim_end_matches("/v1").into();
        let seen = Arc::<Mutex<Seen>>::default();
        tokio::spawn({
            let seen = Arc::clone(&seen);
            async move {
                while let Ok((from, _)) = listener.accept().await {
                    let connection = {
                        let mut seen = seen.lock().unwrap();
                        seen.connections += 1;
                        seen.connections
                    };
                    tokio::spawn(pass(connection, from, Arc::clone(&target), Arc::clone(&seen)));
                }
            }
        });
        Self { origin, seen }
    }

    /// So many connections were made until now.
    pub(crate) fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }

    /// When a contract was first read over a connection after the first `connections`.
    pub(crate) fn first_read_after(&self, connections: usize) -> Option<Instant> {
        let seen = self.seen.lock().unwrap();
        seen.reads.iter().find(|read| read.connection > connections).map(|read| read.at)
    }

    /// When a contract was first read after a time.
    pub(crate) fn read_since(&self, contract: i64, since: Instant) -> Option<Instant> {
        let seen = self.seen.lock().unwrap();
        let is_it = |read: &&Read| i64::try_from(read.contract) == Ok(contract) && read.at > since;
        seen.reads.iter().find(is_it).map(|read| read.at)
    }

    /// The contracts of which two reads were under way at the same time.
    pub(crate) fn overlaps(&self) -> Vec<u64> {
        self.seen.lock().unwrap().overlaps.clone()
    }

    /// So many contracts at most were read at the same time.
    pub(crate) fn most_at_once(&self) -> usize {
        self.seen.lock().unwrap().at_once
    }
}

/// Carries the bytes of one connection, on which one request follows the answer to the other.
async fn pass(connection: usize, from: TcpStream, target: Arc<str>, seen: Arc<Mutex<Seen>>) {
    let Ok(to) = TcpStream::connect(&*target).await else { return };
    from.set_nodelay(true).unwrap();
    to.set_nodelay(true).unwrap();
    let ((mut requests, mut back), (mut answers, mut on)) = (from.into_split(), to.into_split());
    let (mut asked, mut answered) = ([0; 16384], [0; 16384]);
    let mut read = None;
    loop {
        tokio::select! {
            request = requests.read(&mut asked) => {
                let Ok(count @ 1..) = request else { break };
                if let Some(contract) = contract(&asked[..count]) {
                    seen.lock().unwrap().begins(contract, connection);
                    read = Some(contract);
                }
                if on.write_all(&asked[..count]).await.is_err() { break }
            }
            answer = answers.read(&mut answered) => {
                let Ok(count @ 1..) = answer else { break };
                if let Some(contract) = read.take() {
                    seen.lock().unwrap().under_way.remove(&contract);
                }
                if back.write_all(&answered[..count]).await.is_err() { break }
            }
        }
    }
    if let Some(contract) = read {
        seen.lock().unwrap().under_way.remove(&contract);
    }
}

impl Seen {
    fn begins(&mut self, contract: u64, connection: usize) {
        self.reads.push(Read { connection, contract, at: Instant::now() });
        if !self.under_way.insert(contract) {
            self.overlaps.push(contract);
        }
        self.at_once = self.at_once.max(self.under_way.len());
    }
}

/// The contract that a request reads.
fn contract(request: &[u8]) -> Option<u64> {
    let line = request.split(|byte| *byte == b'\r').next()?;
    let path = str::from_utf8(line).ok()?.strip_prefix("GET /v1/contracts/")?;
    path.split([' ', '?']).next()?.parse().ok()
}
