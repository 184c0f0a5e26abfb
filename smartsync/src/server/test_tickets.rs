//! Which tests of the way in are genuine: signed with a key of the receiver, for its path, made just now, and not seen before. Nobody else is
//! told that this program is here.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use oneflow_client::webhook::Verifier;
use smartsync_core::{Clock, engine::SystemClock};

use crate::{
    config::WebhookPath,
    engine::test_notification::{TEST_TIME, made_for},
};

/// The tests of one receiver. Clones are one.
#[derive(Clone, Debug)]
pub(super) struct TestTickets {
    /// `None`: it has no path, and no test is for it.
    path: Option<WebhookPath>,
    clock: Arc<dyn Clock>,
    /// The callback ids that were used, and when they were made: only genuine ones, so nobody without a key fills it.
    used: Arc<Mutex<BTreeMap<String, Timestamp>>>,
}

/// A test that was genuine, and is used up.
#[derive(Clone, Debug)]
pub(crate) struct UsedTicket {
    pub(super) callback_id: String,
}

impl Default for TestTickets {
    fn default() -> Self {
        Self { path: None, clock: Arc::new(SystemClock), used: Arc::default() }
    }
}

impl TestTickets {
    /// The same of a receiver at this path.
    pub(super) fn at(self, path: &WebhookPath) -> Self {
        Self { path: Some(path.clone()), ..self }
    }

    /// Uses up what a header says, if that is a genuine test.
    pub(super) fn use_header(&self, verifier: &Verifier, header: &str) -> Option<UsedTicket> {
        let (callback_id, signature) = header.split_once('.')?;
        let is_signed = verifier.has_signed(callback_id, signature);
        (is_signed && self.use_signed(callback_id))
            .then(|| UsedTicket { callback_id: callback_id.to_owned() })
    }

    /// Uses up a callback id that one of our keys has signed. Returns whether it is that of a test which counts.
    pub(super) fn use_signed(&self, callback_id: &str) -> bool {
        let made = self.path.as_ref().and_then(|path| made_for(path.as_str(), callback_id));
        let Some(made) = made else { return false };
        let now = self.clock.now();
        let is_recent = |made: Timestamp| now.duration_since(made).unsigned_abs() <= TEST_TIME;
        if !is_recent(made) {
            return false;
        }
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, made| is_recent(*made));
        used.insert(callback_id.to_owned(), made).is_none()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use oneflow_client::{SecretString, webhook::sign};

    use super::*;
    use crate::engine::test_notification::callback_id;

    #[derive(Debug)]
    struct At(Mutex<Timestamp>);

    impl Clock for At {
        fn now(&self) -> Timestamp {
            *self.0.lock().unwrap()
        }
    }

    fn path(path: &str) -> WebhookPath {
        WebhookPath::try_from(path.to_owned()).unwrap()
    }

    fn key(key: &str) -> SecretString {
        SecretString::from(key)
    }

    #[test]
    fn a_test_counts_once_for_its_path_its_key_and_its_moment() {
        let start = Timestamp::from_second(1_930_000_000).unwrap();
        let clock = Arc::new(At(Mutex::new(start)));
        let all = TestTickets { clock: Arc::clone(&clock) as _, ..TestTickets::default() };
        let (ours, other) = (all.clone().at(&path("/a")), all.clone().at(&path("/b")));
        let verifier = Verifier::new([key("the sign key of this test")]).unwrap();
        let header = |id: &str, with: &str| format!("{id}.{}", sign(id, &key(with)));
        let counts = |tickets: &TestTickets, header: &str| tickets.use_header(&verifier, header).is_some();

        let id = callback_id("/a", start).unwrap();
        assert!(!counts(&ours, &header(&id, "another sign key of this test")));
        assert!(!counts(&ours, &id));
        assert!(!counts(&ours, "1"));
        let good = header(&id, "the sign key of this test");
        assert!(!counts(&other, &good));
        assert!(!counts(&all, &good), "of no path");
        assert!(counts(&ours, &good));
        assert!(!counts(&ours, &good), "once");
        assert!(!ours.use_signed(&id), "nor by its body");

        let next = callback_id("/a", start).unwrap();
        let good = header(&next, "the sign key of this test");
        *clock.0.lock().unwrap() = start + TEST_TIME + Duration::from_secs(1);
        assert!(!counts(&ours, &good), "too old");
        *clock.0.lock().unwrap() = start - TEST_TIME - Duration::from_secs(1);
        assert!(!counts(&ours, &good), "not yet");
        *clock.0.lock().unwrap() = start + TEST_TIME;
        assert!(counts(&ours, &good));

        // What is over is forgotten, and does not count again.
        *clock.0.lock().unwrap() = start + TEST_TIME * 3;
        assert!(ours.use_signed(&callback_id("/a", clock.now()).unwrap()));
        assert_eq!(ours.used.lock().unwrap().len(), 1);
        assert!(!counts(&ours, &good));
    }
}
