//! Who may see the page: whoever has the token or, without one, whoever is on this machine.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep},
};

/// How long somebody stays logged in.
const LIFETIME: Duration = Duration::from_secs(12 * 60 * 60);

/// So many are logged in at once; the one that logged in first is logged out for another.
const MOST_SESSIONS: usize = 1_000;

/// So many tokens are compared in a second, right and wrong ones. It takes nobody who types, and leaves whoever guesses no more.
const MOST_COMPARED: u32 = 100;
const SECOND: Duration = Duration::from_secs(1);

/// So many wrong tokens wait for their answer at once; whoever has more tried is turned away.
const MOST_WRONG: usize = 16;

/// The answer to the first wrong token takes so long, each further one within a minute twice as long, up to the longest.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(8);
const PERIOD: Duration = Duration::from_secs(60);

/// What is compared in the place of a secret: it tells nothing about it, and takes as long for every secret.
type Digest = [u8; 32];

/// Who may see the page. Nobody stays logged in beyond the end of the process.
pub(crate) struct Access {
    /// Drawn at the start, so that nothing that is compared can be foreseen.
    key: [u8; 32],
    /// Under one lock: nobody is logged in by a token that has just been replaced.
    lock: Mutex<Lock>,
    wrong: Semaphore,
    /// Since when tokens are counted, and how many were compared since then.
    compared: Mutex<Option<(Instant, u32)>>,
    /// The last wrong token, and how many there were in its period.
    last_wrong: Mutex<Option<(Instant, u32)>>,
}

/// The token that counts, and who has come in by it.
#[derive(Default)]
struct Lock {
    token: Option<Digest>,
    /// Those who are logged in, by the digest of what their browser keeps, with their end.
    sessions: BTreeMap<Digest, Instant>,
}

/// How a try to log in ended.
#[derive(PartialEq, Eq)]
pub(super) enum Tried {
    /// What the browser is to keep.
    LoggedIn(String),
    /// Wrong, and how many were, one after the other with no more than a minute in between.
    Wrong(u32),
    /// Not compared, as too many were in this second; or wrong, and too many others wait for their answer.
    TooMany,
}

/// Without what the browser is to keep.
impl fmt::Debug for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LoggedIn(_) => f.write_str("LoggedIn(_)"),
            Self::Wrong(count) => write!(f, "Wrong({count})"),
            Self::TooMany => f.write_str("TooMany"),
        }
    }
}

impl Access {
    /// # Errors
    ///
    /// Where the system gives no random bytes.
    pub(crate) fn new(token: Option<&SecretString>) -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        let access = Self {
            key,
            lock: Mutex::default(),
            wrong: Semaphore::new(MOST_WRONG),
            compared: Mutex::default(),
            last_wrong: Mutex::default(),
        };
        if let Some(token) = token {
            access.take_on(token);
        }
        Ok(access)
    }

    /// Has this token count from now on. If it is another than before, everybody is logged out: whoever has come in by the old one has to show the new one.
    /// Returns whether it is another.
    pub(crate) fn take_on(&self, token: &SecretString) -> bool {
        let digest = self.digest("token", token.expose_secret());
        let mut lock = self.lock();
        if lock.token == Some(digest) {
            return false;
        }
        *lock = Lock { token: Some(digest), sessions: BTreeMap::new() };
        true
    }

    /// Whether a token is asked for.
    pub(crate) fn asks_for_token(&self) -> bool {
        self.lock().token.is_some()
    }

    /// Whether the browser that keeps this is logged in.
    pub(super) fn is_logged_in(&self, kept: Option<&str>) -> bool {
        let (lock, now) = (self.lock(), Instant::now());
        lock.token.is_none()
            || kept.is_some_and(|kept| {
                lock.sessions.get(&self.digest("session", kept)).is_some_and(|end| now < *end)
            })
    }

    /// Logs in with a token. A wrong one is slow.
    pub(super) async fn log_in(&self, token: &str) -> Result<Tried, getrandom::Error> {
        if !self.may_compare() {
            return Ok(Tried::TooMany);
        }
        // Whoever has the right one waits for no wrong one's answer.
        if let Some(kept) = self.begin_with(token)? {
            return Ok(Tried::LoggedIn(kept));
        }
        let Ok(_permit) = self.wrong.try_acquire() else { return Ok(Tried::TooMany) };
        let count = self.count_wrong();
        sleep(SHORTEST_WAIT.saturating_mul(2_u32.saturating_pow(count - 1)).min(LONGEST_WAIT)).await;
        Ok(Tried::Wrong(count))
    }

    pub(super) fn log_out(&self, kept: Option<&str>) {
        if let Some(kept) = kept {
            self.lock().sessions.remove(&self.digest("session", kept));
        }
    }

    /// What each form of this browser has to say. Another site can send a form here, but cannot read this.
    pub(super) fn form_token(&self, kept: Option<&str>) -> String {
        hex::encode(self.digest("form", kept.filter(|_| self.asks_for_token()).unwrap_or_default()))
    }

    /// Whether a form says what one of this browser has to.
    pub(super) fn is_form_token(&self, kept: Option<&str>, said: &str) -> bool {
        self.form_token(kept).as_bytes().ct_eq(said.as_bytes()).into()
    }

    /// Counts what is compared. Returns whether there is room for it in this second.
    fn may_compare(&self) -> bool {
        let now = Instant::now();
        let mut compared = self.compared.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, count) =
            compared.filter(|(since, _)| now.duration_since(*since) < SECOND).unwrap_or((now, 0));
        let may = count < MOST_COMPARED;
        *compared = Some((since, if may { count + 1 } else { count }));
        may
    }

    /// Logs in with the right token, and with no other.
    fn begin_with(&self, token: &str) -> Result<Option<String>, getrandom::Error> {
        let mut kept = [0; 32];
        getrandom::fill(&mut kept)?;
        let (kept, now, digest) = (hex::encode(kept), Instant::now(), self.digest("token", token));
        let mut lock = self.lock();
        if !lock.token.is_some_and(|own| own.ct_eq(&digest).into()) {
            return Ok(None);
        }
        let sessions = &mut lock.sessions;
        sessions.retain(|_, end| now < *end);
        if sessions.len() >= MOST_SESSIONS
            && let Some(first) = sessions.iter().min_by_key(|(_, end)| **end).map(|(digest, _)| *digest)
        {
            sessions.remove(&first);
        }
        sessions.insert(self.digest("session", &kept), now + LIFETIME);
        Ok(Some(kept))
    }

    /// Counts a wrong token. Returns how many there were, this one included.
    fn count_wrong(&self) -> u32 {
        let now = Instant::now();
        let mut last = self.last_wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let before = last.filter(|(at, _)| now.duration_since(*at) < PERIOD).map_or(0, |(_, count)| count);
        let count = before.saturating_add(1);
        *last = Some((now, count));
        count
    }

    fn digest(&self, what: &str, text: &str) -> Digest {
        // A key of any length is taken.
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(&self.key) else { return [0; 32] };
        mac.chain_update(what).chain_update([0]).chain_update(text).finalize().into_bytes().into()
    }

    fn lock(&self) -> MutexGuard<'_, Lock> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("asks_for_token", &self.asks_for_token()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    fn access() -> Access {
        Access::new(Some(&"the token of the page".into())).unwrap()
    }

    async fn logged_in(access: &Access) -> String {
        match access.log_in("the token of the page").await.unwrap() {
            Tried::LoggedIn(kept) => kept,
            other @ (Tried::Wrong(_) | Tried::TooMany) => panic!("{other:?}"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_the_token_stays_logged_in_for_twelve_hours() {
        let access = access();
        let kept = logged_in(&access).await;
        assert!(access.is_logged_in(Some(&kept)) && !access.is_logged_in(None));
        assert!(!access.is_logged_in(Some("another")) && !access.is_logged_in(Some("")));
        advance(LIFETIME - Duration::from_secs(1)).await;
        assert!(access.is_logged_in(Some(&kept)));
        advance(Duration::from_secs(1)).await;
        assert!(!access.is_logged_in(Some(&kept)));
        let (one, other) = (logged_in(&access).await, logged_in(&access).await);
        access.log_out(Some(&one));
        assert!(!access.is_logged_in(Some(&one)) && access.is_logged_in(Some(&other)));
    }

    #[tokio::test(start_paused = true)]
    async fn another_token_logs_everybody_out_and_the_old_one_logs_nobody_in() {
        let access = access();
        let kept = logged_in(&access).await;
        assert!(!access.take_on(&"the token of the page".into()), "it is the same");
        assert!(access.is_logged_in(Some(&kept)));
        assert!(access.take_on(&"another token of the page".into()));
        assert!(!access.is_logged_in(Some(&kept)));
        assert_eq!(access.log_in("the token of the page").await.unwrap(), Tried::Wrong(1));
        let Tried::LoggedIn(kept) = access.log_in("another token of the page").await.unwrap() else {
            panic!()
        };
        assert!(access.is_logged_in(Some(&kept)));
        // Where there was none, there is one from then on.
        let open = Access::new(None).unwrap();
        assert!(open.is_logged_in(None) && open.take_on(&"the token of the page".into()));
        assert!(!open.is_logged_in(None));
    }

    #[tokio::test(start_paused = true)]
    async fn each_wrong_token_is_answered_later_than_the_one_before_and_the_right_one_at_once() {
        let access = access();
        for (count, seconds) in (1..).zip([1, 2, 4, 8, 8]) {
            let begin = Instant::now();
            assert_eq!(access.log_in("the token of the pagf").await.unwrap(), Tried::Wrong(count));
            assert_eq!(begin.elapsed().as_secs(), seconds);
        }
        let begin = Instant::now();
        logged_in(&access).await;
        assert_eq!(begin.elapsed(), Duration::ZERO);
        advance(PERIOD).await;
        let begin = Instant::now();
        access.log_in("").await.unwrap();
        assert_eq!(begin.elapsed(), SHORTEST_WAIT);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_sixteen_are_tried_at_once() {
        let access = access();
        let tries = (0..20).map(|number| {
            let access = &access;
            async move { access.log_in(&number.to_string()).await.unwrap() }
        });
        let ended = futures_of(tries).await;
        assert_eq!(ended.iter().filter(|tried| **tried == Tried::TooMany).count(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_a_hundred_are_compared_in_a_second_the_right_one_among_them() {
        let access = access();
        for _ in 0..MOST_COMPARED {
            logged_in(&access).await;
        }
        for token in ["the token of the page", "another"] {
            assert_eq!(access.log_in(token).await.unwrap(), Tried::TooMany);
        }
        advance(SECOND - Duration::from_millis(1)).await;
        assert_eq!(access.log_in("the token of the page").await.unwrap(), Tried::TooMany);
        advance(Duration::from_millis(1)).await;
        logged_in(&access).await;
    }

    /// All of them at once.
    async fn futures_of(tries: impl Iterator<Item = impl Future<Output = Tried>>) -> Vec<Tried> {
        let mut tries: Vec<_> = tries.map(|tried| (Box::pin(tried), None)).collect();
        std::future::poll_fn(|context| {
            for (tried, ended) in tries.iter_mut().filter(|(_, ended)| ended.is_none()) {
                if let std::task::Poll::Ready(how) = tried.as_mut().poll(context) {
                    *ended = Some(how);
                }
            }
            if tries.iter().all(|(_, ended)| ended.is_some()) {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
        tries.into_iter().filter_map(|(_, ended)| ended).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_form_says_what_only_its_own_browser_was_told() {
        let access = access();
        let (one, other) = (logged_in(&access).await, logged_in(&access).await);
        assert!(access.is_form_token(Some(&one), &access.form_token(Some(&one))));
        assert!(!access.is_form_token(Some(&one), &access.form_token(Some(&other))));
        assert!(
            !access.is_form_token(Some(&one), "")
                && !access.is_form_token(None, &access.form_token(Some(&one)))
        );
        // Two processes on one machine: a form of one is none of the other.
        let (here, there) = (Access::new(None).unwrap(), Access::new(None).unwrap());
        assert!(here.is_logged_in(None) && here.is_form_token(None, &here.form_token(None)));
        assert!(!here.is_form_token(None, &there.form_token(None)));
    }

    #[test]
    fn it_shows_nothing_of_the_token() {
        assert_eq!(format!("{:?}", access()), "Access { asks_for_token: true, .. }");
        assert_eq!(format!("{:?}", Tried::LoggedIn("kept".to_owned())), "LoggedIn(_)");
    }
}
