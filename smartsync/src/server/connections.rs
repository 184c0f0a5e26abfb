//! The connections that are held, and which one has to go when there is no room: never one that has said all it has to say.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// Connections held at once.
pub(crate) const MAX_CONNECTIONS: usize = 512;

/// Connections of one peer that wait for it to say more.
const MAX_CONNECTIONS_OF_PEER: usize = 128;

/// All connections. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connections(Arc<Mutex<Table>>);

#[derive(Debug, Default)]
struct Table {
    /// By age: a higher number came later, or has begun to wait later.
    held: BTreeMap<u64, Entry>,
    next: u64,
}

#[derive(Debug)]
struct Entry {
    address: SocketAddr,
    /// Whom it counts for.
    peer: IpAddr,
    /// Whether the peer has yet to send the rest of a request, or another one.
    waits: bool,
    /// Dropped to end the connection.
    _end: oneshot::Sender<()>,
}

/// A connection that has its slot until this is dropped.
#[derive(Debug)]
pub(crate) struct ConnectionSlot {
    connections: Connections,
    number: Mutex<u64>,
}

/// Who had to make room for a new connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// Nobody.
    Free,
    /// The connection from this address.
    Evicted(SocketAddr),
}

impl Connections {
    /// A slot for a connection from `address`, and what resolves when it has to be given up. `None` if every connection that is held
    /// has sent a whole request and is about to be answered.
    pub(crate) fn slot(
        &self,
        address: SocketAddr,
    ) -> Option<(ConnectionSlot, oneshot::Receiver<()>, Admission)> {
        let peer = network(address.ip());
        let (end, ended) = oneshot::channel();
        let mut table = self.table();
        let admission = table.make_room(peer)?;
        let number = table.add(Entry { address, peer, waits: true, _end: end });
        drop(table);
        Some((ConnectionSlot { connections: self.clone(), number: Mutex::new(number) }, ended, admission))
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn make_room(&mut self, peer: IpAddr) -> Option<Admission> {
        let waiting = self.waiting();
        let is_full = self.held.len() >= MAX_CONNECTIONS;
        // Who holds most makes room. A peer with too many makes it for itself.
        let from = if waiting.get(&peer).is_some_and(|count| *count >= MAX_CONNECTIONS_OF_PEER) {
            peer
        } else if is_full {
            let most = waiting.values().max()?;
            // Of those who hold as many, the one that has waited longest.
            self.held.values().find(|entry| waiting.get(&entry.peer) == Some(most)).map(|entry| entry.peer)?
        } else {
            return Some(Admission::Free);
        };
        let (oldest, _) = self.held.iter().find(|(_, entry)| entry.waits && entry.peer == from)?;
        let oldest = *oldest;
        self.held.remove(&oldest).map(|entry| Admission::Evicted(entry.address))
    }

    /// How many connections of each peer wait.
    fn waiting(&self) -> BTreeMap<IpAddr, usize> {
        let mut waiting = BTreeMap::new();
        for entry in self.held.values().filter(|entry| entry.waits) {
            *waiting.entry(entry.peer).or_default() += 1;
        }
        waiting
    }

    fn add(&mut self, entry: Entry) -> u64 {
        let number = self.next;
        self.next += 1;
        self.held.insert(number, entry);
        number
    }
}

impl ConnectionSlot {
    /// The whole request has come: from here on it is for us to do something.
    pub(crate) fn has_all(&self) {
        self.set(false);
    }

    /// The request is answered: another one may come.
    pub(crate) fn waits_again(&self) {
        self.set(true);
    }

    fn set(&self, waits: bool) {
        let mut number = self.number.lock().unwrap_or_else(PoisonError::into_inner);
        let mut table = self.connections.table();
        // One that was ended has no entry any more.
        if let Some(entry) = table.held.remove(&number) {
            *number = table.add(Entry { waits, ..entry });
        }
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let number = *self.number.lock().unwrap_or_else(PoisonError::into_inner);
        self.connections.table().held.remove(&number);
    }
}

/// Who has one address of IPv6 has a whole network of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Held = (ConnectionSlot, oneshot::Receiver<()>, Admission);

    fn from(connections: &Connections, peer: &str) -> Option<Held> {
        connections.slot(SocketAddr::new(peer.parse().unwrap(), 4711))
    }

    fn ended(held: &mut Held) -> bool {
        held.1.try_recv() == Err(oneshot::error::TryRecvError::Closed)
    }

    #[test]
    fn a_peer_with_too_many_makes_room_for_itself_and_for_nobody_else() {
        let connections = Connections::default();
        let mut greedy: Vec<Held> =
            (0..MAX_CONNECTIONS_OF_PEER).map(|_| from(&connections, "192.0.2.1").unwrap()).collect();
        let mut other = from(&connections, "198.51.100.7").unwrap();
        let one_more = from(&connections, "192.0.2.1").unwrap();
        assert_eq!(
            (other.2, one_more.2),
            (Admission::Free, Admission::Evicted("192.0.2.1:4711".parse().unwrap()))
        );
        assert!(ended(&mut greedy[0]) && !ended(&mut greedy[1]) && !ended(&mut other));
    }

    #[test]
    fn what_has_sent_a_whole_request_is_never_ended() {
        let connections = Connections::default();
        let mut first = from(&connections, "192.0.2.1").unwrap();
        first.0.has_all();
        let _others: Vec<Held> =
            (0..2 * MAX_CONNECTIONS_OF_PEER).map(|_| from(&connections, "192.0.2.1").unwrap()).collect();
        assert!(!ended(&mut first));
        first.0.waits_again();
        let _more: Vec<Held> =
            (0..=MAX_CONNECTIONS_OF_PEER).map(|_| from(&connections, "192.0.2.1").unwrap()).collect();
        assert!(ended(&mut first), "answered, it is one that waits like the others");
    }

    #[test]
    fn when_all_are_held_the_one_with_most_makes_room() {
        let connections = Connections::default();
        let mut genuine = from(&connections, "198.51.100.7").unwrap();
        let mut attacker: Vec<Held> =
            (0..MAX_CONNECTIONS_OF_PEER).map(|_| from(&connections, "192.0.2.1").unwrap()).collect();
        let _many: Vec<Held> = (0..MAX_CONNECTIONS - MAX_CONNECTIONS_OF_PEER - 1)
            .map(|n| from(&connections, &format!("203.0.{}.{}", n / 250, n % 250)).unwrap())
            .collect();
        let next = from(&connections, "198.51.100.8").unwrap();
        assert_eq!(next.2, Admission::Evicted("192.0.2.1:4711".parse().unwrap()));
        assert!(ended(&mut attacker[0]) && !ended(&mut genuine));
    }

    #[test]
    fn where_every_request_is_being_answered_there_is_no_room() {
        let connections = Connections::default();
        let held: Vec<Held> = (0..MAX_CONNECTIONS)
            .map(|_| {
                let held = from(&connections, "192.0.2.1").unwrap();
                held.0.has_all();
                held
            })
            .collect();
        assert!(from(&connections, "198.51.100.7").is_none());
        drop(held);
        assert_eq!(from(&connections, "198.51.100.7").unwrap().2, Admission::Free);
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_peer() {
        for (address, peer) in [
            ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("192.0.2.1", "192.0.2.1"),
        ] {
            assert_eq!(network(address.parse().unwrap()), peer.parse::<IpAddr>().unwrap());
        }
    }
}
