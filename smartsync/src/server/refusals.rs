//! What was refused, in the log: each one at first, then a count a minute, so that who is refused cannot fill a disk.

use std::{
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

/// So many of a minute are logged one by one.
const LOGGED_SINGLY: u32 = 5;

/// How long they are counted together.
const COUNTING_PERIOD: Duration = Duration::from_secs(60);

/// Refusals of one kind. Clones count together.
#[derive(Clone, Debug)]
pub(crate) struct Refusals {
    what: &'static str,
    is_ours: bool,
    round: Arc<Mutex<Round>>,
}

#[derive(Debug, Default)]
struct Round {
    end: Option<Instant>,
    count: u32,
}

impl Refusals {
    /// `what` is said of each, with the peer and why.
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, is_ours: false, round: Arc::default() }
    }

    /// The same for what is no fault of the peer's: logged as errors.
    pub(crate) fn ours(what: &'static str) -> Self {
        Self { is_ours: true, ..Self::new(what) }
    }

    /// Tells of one, or counts it. `peer` is who holds the connection: with a proxy in front, that proxy. What a header says
    /// of others behind it is not shown, since anybody can write one.
    pub(crate) fn note(&self, peer: Option<SocketAddr>, why: &dyn fmt::Display) {
        if self.count() > LOGGED_SINGLY {
            return;
        }
        let peer = peer.map_or_else(|| "unknown".to_owned(), |peer| peer.to_string());
        if self.is_ours {
            tracing::error!(%peer, error = %why, "{}", self.what);
        } else {
            tracing::warn!(%peer, error = %why, "{}", self.what);
        }
    }

    /// How many there were in this round, this one included.
    fn count(&self) -> u32 {
        let now = Instant::now();
        let mut round = self.round.lock().unwrap_or_else(PoisonError::into_inner);
        if round.end.is_none_or(|end| now >= end) {
            *round = Round { end: Some(now + COUNTING_PERIOD), count: 0 };
        }
        round.count = round.count.saturating_add(1);
        if round.count == LOGGED_SINGLY + 1
            && let Some(end) = round.end
        {
            // Told at the end of the round also if nothing more is refused by then.
            let this = self.clone();
            tokio::spawn(async move {
                sleep_until(end).await;
                this.log_others(end);
            });
        }
        round.count
    }

    fn log_others(&self, end: Instant) {
        let mut round = self.round.lock().unwrap_or_else(PoisonError::into_inner);
        // Another round may have begun in this very moment, with a count of its own.
        if round.end == Some(end) {
            let others = round.count.saturating_sub(LOGGED_SINGLY);
            *round = Round::default();
            drop(round);
            let what = self.what;
            if self.is_ours {
                tracing::error!(others, "{what}: more of these in the last minute");
            } else {
                tracing::warn!(others, "{what}: more of these in the last minute");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_round_ends_by_itself_and_the_next_one_counts_anew() {
        let refusals = Refusals::new("refused");
        let counts: Vec<u32> = (0..200).map(|_| refusals.count()).collect();
        assert_eq!((counts[0], counts[199]), (1, 200));
        tokio::time::sleep(COUNTING_PERIOD + Duration::from_secs(1)).await;
        assert_eq!(refusals.round.lock().unwrap().count, 0, "the rest was told without another refusal");
        assert_eq!(refusals.count(), 1);
    }

    /// What is logged.
    #[derive(Clone, Debug, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn those_beyond_the_fifth_are_told_as_a_number_at_the_level_of_the_others() {
        for (refusals, level) in [(Refusals::new("refused"), " WARN "), (Refusals::ours("failed"), "ERROR ")]
        {
            let log = Log::default();
            let writer = log.clone();
            let subscriber =
                tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
            let _guard = tracing::subscriber::set_default(subscriber);
            for _ in 0..200 {
                refusals.note(None, &"why");
            }
            tokio::time::sleep(COUNTING_PERIOD + Duration::from_secs(1)).await;
            let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
            assert_eq!(text.lines().count(), 6, "{text}");
            assert!(text.lines().all(|line| line.contains(level)), "{text}");
            assert!(text.contains("more of these in the last minute others=195"), "{text}");
        }
    }
}
