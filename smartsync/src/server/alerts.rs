//! Tells whoever is on call when a person has to see to something: one webhook, in the form of Standard Webhooks. Nothing waits for it, and
//! what cannot be delivered is dropped. What stops everything goes first.

use std::{
    collections::VecDeque,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use jiff::Timestamp;
use oneflow_client::ContractId;
use serde::Serialize;
use smartsync_core::Clock;
use smartsync_transport::{Sleep, Wait};
use tokio::sync::mpsc;

use super::current::Current;
use crate::{
    engine::{alert_receiver::AlertReceiver, tenant_label::TenantLabel},
    store::Look,
};

/// So many wait to be delivered.
const QUEUE: usize = 64;

/// So many places in it are not for what is about one contract: whoever gets many parked must not silence the rest.
const RESERVED: usize = 16;

/// So many of a kind are sent in an hour for a tenant: whoever is told of a hundred contracts looks at `smartsync status` anyway.
const MAX_PER_HOUR: usize = 30;

const CREDENTIALS: &str = "credentials.refused";

const PARKED: &str = "contract.parked";

const HOUR: Duration = Duration::from_secs(60 * 60);

/// The waits before further tries.
const WAITS: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
];

/// What a person has to see to. No value of a field is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alert {
    kind: &'static str,
    /// About whom it is.
    tenant: TenantLabel,
    contract: Option<ContractId>,
    reason: Option<String>,
    contracts: Option<u32>,
}

impl Alert {
    fn of(kind: &'static str) -> Self {
        Self { kind, tenant: TenantLabel::default(), contract: None, reason: None, contracts: None }
    }

    /// A service does not take the credentials any more, or they are another account's.
    pub(crate) fn credentials(errand: &'static str) -> Self {
        Self { reason: Some(errand.to_owned()), ..Self::of(CREDENTIALS) }
    }

    /// The contract of this look was given up.
    pub(crate) fn parked(look: &Look) -> Self {
        let reason = look.reasons().first().map(|reason| (*reason).to_owned());
        Self { contract: Some(look.occasion.contract), reason, ..Self::of(PARKED) }
    }

    /// The limit of changes is reached.
    pub(crate) fn limit(contract: ContractId) -> Self {
        Self { contract: Some(contract), ..Self::of("limit.reached") }
    }

    /// More contracts drift than an hour ago.
    pub(crate) fn drift(contracts: u32) -> Self {
        Self { contracts: Some(contracts), ..Self::of("drift.grown") }
    }

    /// A pass over all contracts was not finished.
    pub(crate) fn sweep() -> Self {
        Self::of("sweep.failed")
    }

    fn urgency(&self) -> Urgency {
        match self.kind {
            CREDENTIALS => Urgency::Stops,
            PARKED => Urgency::OneContract,
            _ => Urgency::Concerns,
        }
    }
}

/// What is told first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Urgency {
    /// Nothing goes on.
    Stops,
    /// It is about many contracts.
    Concerns,
    /// It is about one.
    OneContract,
}

/// Takes alerts from whoever raises them. Clones are one; the default drops everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alerts {
    queue: Option<Queue>,
    /// About whom its alerts are.
    tenant: TenantLabel,
}

#[derive(Clone, Debug)]
struct Queue {
    sender: mpsc::Sender<Alert>,
    dropped: Arc<AtomicU32>,
}

impl Alerts {
    /// With what was raised.
    #[cfg(test)]
    pub(crate) fn for_test() -> (Self, mpsc::Receiver<Alert>) {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let queue = Some(Queue { sender, dropped: Arc::default() });
        (Self { queue, tenant: TenantLabel::default() }, receiver)
    }

    /// The same for alerts about a tenant.
    pub(crate) fn of(&self, tenant: TenantLabel) -> Self {
        Self { queue: self.queue.clone(), tenant }
    }

    /// Never waits.
    pub(crate) fn raise(&self, alert: Alert) {
        let Some(queue) = &self.queue else { return };
        let alert = Alert { tenant: self.tenant.clone(), ..alert };
        if !has_room(&alert, queue.sender.capacity()) || queue.sender.try_send(alert).is_err() {
            queue.dropped.fetch_add(1, Relaxed);
        }
    }
}

/// Delivers alerts, one after the other, the most urgent first.
#[derive(Debug)]
pub(crate) struct AlertSender {
    receiver: mpsc::Receiver<Alert>,
    /// In the order in which they were raised. One that was tried is before those that are as urgent.
    waiting: VecDeque<Waiting>,
    dropped: Arc<AtomicU32>,
    to: Current<Option<AlertReceiver>>,
    clock: Arc<dyn Clock>,
    sleep: Arc<dyn Sleep>,
    /// Those of the last hour, when they were sent, and whether they were taken.
    sent: VecDeque<(Timestamp, Alert, bool)>,
}

/// What waits to be delivered.
#[derive(Debug)]
struct Waiting {
    alert: Alert,
    /// Unless it was not tried yet.
    message: Option<Begun>,
}

/// A message that was begun: the same, under one id, however often it is tried.
#[derive(Debug)]
struct Begun {
    id: String,
    at: Timestamp,
    /// Alerts before it that were not sent.
    dropped: u32,
    /// The waits before the tries that are left.
    waits: std::array::IntoIter<Duration, { WAITS.len() }>,
}

/// How a try ended.
enum Tried {
    Taken,
    /// Not taken, and no other try is of any use.
    Lost,
    Again(Duration),
}

/// The body of a message.
#[derive(Serialize)]
struct Message<'a> {
    r#type: &'a str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contract: Option<ContractId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contracts: Option<u32>,
    /// Alerts before this one that were not sent.
    dropped: u32,
}

impl AlertSender {
    /// `to` may be replaced. While it is `None`, what is raised is for nobody, and not counted.
    pub(crate) fn new(
        to: Current<Option<AlertReceiver>>,
        clock: Arc<dyn Clock>,
        sleep: Arc<dyn Sleep>,
    ) -> (Alerts, Self) {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let dropped = Arc::<AtomicU32>::default();
        let queue = Some(Queue { sender, dropped: Arc::clone(&dropped) });
        let alerts = Alerts { queue, tenant: TenantLabel::default() };
        let (waiting, sent) = (VecDeque::new(), VecDeque::new());
        (alerts, Self { receiver, waiting, dropped, to, clock, sleep, sent })
    }

    /// Until nobody can raise any more.
    pub(crate) async fn run(&mut self) {
        loop {
            while let Ok(alert) = self.receiver.try_recv() {
                self.take_in(alert);
            }
            let Some(Waiting { alert, message }) = self.take_most_urgent() else {
                match self.receiver.recv().await {
                    Some(alert) => self.take_in(alert),
                    None => return,
                }
                continue;
            };
            let Some(mut message) = message.or_else(|| self.begin(&alert)) else { continue };
            match self.attempt(&alert, &mut message).await {
                Tried::Again(wait) => {
                    let urgency = alert.urgency();
                    self.waiting.push_front(Waiting { alert, message: Some(message) });
                    self.pause(wait, urgency).await;
                }
                Tried::Taken => self.sent.push_back((message.at, alert, true)),
                Tried::Lost => {
                    self.dropped.fetch_add(message.dropped.saturating_add(1), Relaxed);
                    self.sent.push_back((message.at, alert, false));
                }
            }
        }
    }

    /// What waits has no more room than what was raised and is not taken in.
    fn take_in(&mut self, alert: Alert) {
        if has_room(&alert, QUEUE.saturating_sub(self.waiting.len())) {
            self.waiting.push_back(Waiting { alert, message: None });
        } else {
            self.dropped.fetch_add(1, Relaxed);
        }
    }

    /// The first of those that are the most urgent.
    fn take_most_urgent(&mut self) -> Option<Waiting> {
        let waiting = self.waiting.iter().enumerate();
        let (place, _) = waiting.min_by_key(|(_, waiting)| waiting.alert.urgency())?;
        self.waiting.remove(place)
    }

    /// Waits before another try. What is more urgent does not wait for it, and the try is due after that.
    async fn pause(&mut self, wait: Duration, urgency: Urgency) {
        let sleep = Arc::clone(&self.sleep);
        let mut pause = pin!(sleep.sleep(Wait { at_least: wait, at_most: wait.saturating_mul(2) }));
        loop {
            let raised = tokio::select! {
                biased;
                () = &mut pause => return,
                raised = self.receiver.recv() => raised,
            };
            let Some(alert) = raised else { return pause.await };
            let is_more_urgent = alert.urgency() < urgency;
            self.take_in(alert);
            if is_more_urgent {
                return;
            }
        }
    }

    /// The message for an alert. `None`: it is for nobody, or nobody is told of it any more.
    fn begin(&mut self, alert: &Alert) -> Option<Begun> {
        let at = self.clock.now();
        self.sent.retain(|(sent, ..)| at.duration_since(*sent).unsigned_abs() < HOUR);
        if self.to.get().is_none() || self.was_told(alert) {
            return None;
        }
        let Some(id) = self.is_within_hour(alert).then(AlertReceiver::new_id).and_then(Result::ok) else {
            self.dropped.fetch_add(1, Relaxed);
            return None;
        };
        Some(Begun { id, at, dropped: self.dropped.swap(0, Relaxed), waits: WAITS.into_iter() })
    }

    /// Looks, passes and the check of a start all find out that credentials are refused.
    fn was_told(&self, alert: &Alert) -> bool {
        alert.kind == CREDENTIALS && self.sent.iter().any(|(_, sent, is_taken)| *is_taken && sent == alert)
    }

    fn is_within_hour(&self, alert: &Alert) -> bool {
        let same = |sent: &Alert| sent.kind == alert.kind && sent.tenant == alert.tenant;
        self.sent.iter().filter(|(_, sent, _)| same(sent)).count() < MAX_PER_HOUR
    }

    /// Each try goes to the address that counts by then, so a wrong one that is put right costs no alert.
    async fn attempt(&self, alert: &Alert, message: &mut Begun) -> Tried {
        let to = self.to.get();
        let (Some(to), Ok(body)) = (&*to, body(alert, message)) else { return Tried::Lost };
        let answer = to.send(&message.id, self.clock.now(), &body).await;
        let (kind, status) = (alert.kind, answer.as_ref().map_or(0, |status| status.as_u16()));
        if (200..300).contains(&status) {
            tracing::debug!(kind, status, "alert sent");
            return Tried::Taken;
        }
        let may_pass = answer.is_err() || matches!(status, 408 | 429 | 500..);
        match message.waits.next().filter(|_| may_pass) {
            Some(wait) => Tried::Again(wait),
            None => {
                tracing::warn!(kind, status, "an alert could not be delivered to `[alerts] url`");
                Tried::Lost
            }
        }
    }
}

/// Whether an alert is still taken where there are so many places left.
fn has_room(alert: &Alert, places: usize) -> bool {
    places > if alert.contract.is_some() { RESERVED } else { 0 }
}

fn body(alert: &Alert, message: &Begun) -> Result<String, serde_json::Error> {
    let Alert { kind, tenant, contract, reason, contracts } = alert;
    let data = Data {
        tenant: tenant.as_str(),
        contract: *contract,
        reason: reason.as_deref(),
        contracts: *contracts,
        dropped: message.dropped,
    };
    serde_json::to_string(&Message { r#type: kind, timestamp: message.at.to_string(), data })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;
    use smartsync_transport::{Body, Request, Response, Transport, TransportError, http};

    use super::*;
    use crate::{
        config::AlertKey,
        store::{NextLook, Occasion, Trigger},
    };

    /// A clock that only sleeping moves, and what was waited for.
    #[derive(Clone, Debug, Default)]
    struct Time(Arc<Mutex<Vec<Duration>>>);

    #[async_trait]
    impl Sleep for Time {
        async fn sleep(&self, wait: Wait) {
            self.0.lock().unwrap().push(wait.at_least);
        }
    }

    impl Clock for Time {
        fn now(&self) -> Timestamp {
            let begin: Timestamp = "2031-03-01T09:00:00Z".parse().unwrap();
            begin + self.0.lock().unwrap().iter().sum::<Duration>()
        }
    }

    /// Answers with these, the last one again and again, and keeps the ids, times and bodies.
    #[derive(Debug)]
    struct Receiver(Mutex<(Vec<u16>, Vec<[String; 3]>)>);

    #[async_trait]
    impl Transport for Receiver {
        async fn execute(&self, request: Request) -> Result<Response, TransportError> {
            let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
            let body = String::from_utf8(request.body().as_bytes().to_vec()).unwrap();
            let mut this = self.0.lock().unwrap();
            this.1.push([header("webhook-id"), header("webhook-timestamp"), body]);
            let status = if this.0.len() > 1 { this.0.remove(0) } else { this.0[0] };
            let mut response = Response::new(Body::empty());
            *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
            if status == 599 { Err(TransportError::timeout("no answer")) } else { Ok(response) }
        }
    }

    fn way_to(receiver: &Arc<Receiver>) -> AlertReceiver {
        let url = "https://ops.example.com/hooks/1".parse().unwrap();
        let key = AlertKey::of_text(&"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()).unwrap();
        AlertReceiver::new(url, key, Arc::clone(receiver) as _)
    }

    fn sender(answers: &[u16]) -> (Arc<Receiver>, Time, Alerts, AlertSender) {
        let (receiver, time) =
            (Arc::new(Receiver(Mutex::new((answers.to_vec(), Vec::new())))), Time::default());
        let to = Current::new(Some(way_to(&receiver)));
        let (alerts, sender) = AlertSender::new(to, Arc::new(time.clone()), Arc::new(time.clone()));
        (receiver, time, alerts, sender)
    }

    fn sent(receiver: &Receiver) -> Vec<[String; 3]> {
        receiver.0.lock().unwrap().1.clone()
    }

    #[tokio::test]
    async fn an_alert_is_tried_again_under_its_id_and_given_up_in_the_end() {
        let (receiver, time, alerts, mut sender) = sender(&[599, 503, 429, 200]);
        alerts.raise(Alert::sweep());
        drop(alerts);
        sender.run().await;
        let requests = sent(&receiver);
        assert_eq!(requests.len(), 4, "{requests:?}");
        assert!(requests.iter().all(|[id, ..]| *id == requests[0][0]), "{requests:?}");
        assert_ne!(requests[0][1], requests[3][1], "each try has its own time: an old one is refused");
        assert_eq!(*time.0.lock().unwrap(), WAITS[..3]);

        for (status, tries) in [(503, WAITS.len() + 1), (400, 1), (410, 1), (301, 1)] {
            let (receiver, _, alerts, mut sender) = self::sender(&[status]);
            alerts.raise(Alert::sweep());
            drop(alerts);
            sender.run().await;
            assert_eq!(sent(&receiver).len(), tries, "{status}");
        }
    }

    #[tokio::test]
    async fn refused_credentials_are_told_of_again_where_nobody_took_the_first_message() {
        let (receiver, _, alerts, mut sender) = sender(&[400, 200]);
        for _ in 0..3 {
            alerts.raise(Alert::credentials("read-contract"));
        }
        drop(alerts);
        sender.run().await;
        let [_, taken] = &sent(&receiver)[..] else { panic!("the third is known") };
        assert!(taken[2].ends_with("\"data\":{\"reason\":\"read-contract\",\"dropped\":1}}"), "{}", taken[2]);
    }

    #[tokio::test]
    async fn an_alert_names_its_tenant_and_one_tenant_leaves_the_others_their_own() {
        let (receiver, _, alerts, mut sender) = sender(&[200]);
        let [first, second] =
            ["acme-se", "acme-no"].map(|name| alerts.of(TenantLabel::of(name.parse().ok().as_ref())));
        for contract in 0..40 {
            first.raise(Alert::limit(contract.into()));
        }
        // What was told of the one is not known of the other.
        for tenant in [&first, &first, &second] {
            tenant.raise(Alert::credentials("write-card"));
        }
        second.raise(Alert::limit(1.into()));
        drop((alerts, first, second));
        sender.run().await;
        let bodies: Vec<String> = sent(&receiver).into_iter().map(|[.., body]| body).collect();
        let told =
            |start: &str| bodies.iter().filter(|body| body.contains(&format!("\"data\":{{{start},"))).count();
        for (start, times) in [
            ("\"tenant\":\"acme-se\",\"reason\":\"write-card\"", 1),
            ("\"tenant\":\"acme-no\",\"reason\":\"write-card\"", 1),
            ("\"tenant\":\"acme-no\",\"contract\":1", 1),
        ] {
            assert_eq!(told(start), times, "{start}: {bodies:?}");
        }
        assert_eq!(bodies.len(), MAX_PER_HOUR + 3, "{bodies:?}");
    }

    #[tokio::test]
    async fn whoever_raises_never_waits_and_what_is_dropped_is_counted() {
        let (receiver, time, alerts, mut sender) = sender(&[200]);
        for contract in 0..100 {
            alerts.raise(Alert::limit(contract.into()));
        }
        // However many contracts are told of, there is room for the rest.
        for errand in ["read-contract", "read-contract", "write-card"] {
            alerts.raise(Alert::credentials(errand));
        }
        let run = tokio::spawn(async move { sender.run().await });
        while sent(&receiver).len() < MAX_PER_HOUR + 2 {
            tokio::task::yield_now().await;
        }
        let requests = sent(&receiver);
        let expected = [
            "\"data\":{\"reason\":\"read-contract\",\"dropped\":52}}",
            "\"data\":{\"reason\":\"write-card\",\"dropped\":0}}",
            "\"data\":{\"contract\":0,\"dropped\":0}}",
        ];
        for ([.., request], expected) in requests.iter().zip(expected) {
            assert!(request.ends_with(expected), "{request}");
        }
        time.0.lock().unwrap().push(HOUR);
        alerts.raise(Alert::limit(7.into()));
        alerts.raise(Alert::credentials("write-card"));
        drop(alerts);
        run.await.unwrap();
        let [credentials, limit] = &sent(&receiver)[MAX_PER_HOUR + 2..] else { panic!() };
        let expected = "{\"type\":\"limit.reached\",\"timestamp\":\"2031-03-01T10:00:00Z\",\"data\":{\"contract\":7,\"dropped\":0}}";
        assert_eq!(limit[2], expected);
        assert!(credentials[2].contains("credentials.refused"), "{credentials:?}");
        assert!(credentials[2].ends_with("\"dropped\":18}}"), "{credentials:?}");
    }

    /// The time of the runtime, which is paused.
    #[derive(Clone, Copy, Debug)]
    struct Paused(tokio::time::Instant);

    #[async_trait]
    impl Sleep for Paused {
        async fn sleep(&self, wait: Wait) {
            tokio::time::sleep(wait.at_least).await;
        }
    }

    impl Clock for Paused {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH + self.0.elapsed()
        }
    }

    fn parked(contract: i64) -> Alert {
        let occasion = Occasion::new(contract.into(), Trigger::Notification, Timestamp::UNIX_EPOCH);
        Alert::parked(&Look::without_end(occasion, NextLook::Parked))
    }

    /// The first parked contract waits ten minutes for its last try by then.
    #[tokio::test(start_paused = true)]
    async fn refused_credentials_are_told_of_at_once_while_a_queue_of_parked_contracts_finds_no_receiver() {
        let receiver = Arc::new(Receiver(Mutex::new((vec![503, 503, 503, 503, 503, 200], Vec::new()))));
        let time = Arc::new(Paused(tokio::time::Instant::now()));
        let to = Current::new(Some(way_to(&receiver)));
        let (alerts, mut sender) = AlertSender::new(to, Arc::clone(&time) as _, time);
        for contract in 0..100 {
            alerts.raise(parked(contract));
        }
        let run = tokio::spawn(async move { sender.run().await });
        tokio::time::sleep(Duration::from_secs(4 * 60)).await;
        assert_eq!(sent(&receiver).len(), 5, "one after the other");
        // As many as there is room for wait again, and then what stops everything.
        for contract in 0..100 {
            alerts.raise(parked(contract));
        }
        alerts.raise(Alert::sweep());
        alerts.raise(Alert::credentials("read-contract"));
        tokio::time::sleep(Duration::from_secs(1)).await;
        drop(alerts);
        run.await.unwrap();
        let requests = sent(&receiver);
        let kinds: Vec<_> = requests.iter().map(|[.., body]| body.split('"').nth(3).unwrap()).collect();
        let parked = ["contract.parked"; MAX_PER_HOUR];
        assert_eq!(kinds[..5], parked[..5]);
        assert_eq!(kinds[5..7], ["credentials.refused", "sweep.failed"]);
        assert_eq!(kinds[7..], parked);
        // The one that was set aside is first again, and still the same message.
        assert_eq!((&requests[7][0], &requests[7][2]), (&requests[0][0], &requests[0][2]));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_as_urgent_waits_for_the_tries_of_what_was_raised_before() {
        let receiver = Arc::new(Receiver(Mutex::new((vec![503, 503, 503, 200], Vec::new()))));
        let time = Arc::new(Paused(tokio::time::Instant::now()));
        let to = Current::new(Some(way_to(&receiver)));
        let (alerts, mut sender) = AlertSender::new(to, Arc::clone(&time) as _, time);
        let run = tokio::spawn(async move { sender.run().await });
        for errand in ["read-contract", "write-card"] {
            alerts.raise(Alert::credentials(errand));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        alerts.raise(parked(1));
        drop(alerts);
        run.await.unwrap();
        let requests = sent(&receiver);
        assert!(requests[..4].iter().all(|[id, ..]| *id == requests[0][0]), "{requests:?}");
        let times: Vec<_> = requests.iter().map(|[_, time, _]| time.as_str()).collect();
        assert_eq!(times, ["0", "1", "6", "36", "36", "36"]);
        assert!(requests[4][2].contains("write-card") && requests[5][2].contains("contract.parked"));
    }

    #[tokio::test]
    async fn the_receiver_that_counts_by_then_is_told_and_while_there_is_none_nothing_is_counted() {
        let (first, time, alerts, sender) = sender(&[503]);
        let second = Arc::new(Receiver(Mutex::new((vec![200], Vec::new()))));
        let to = sender.to.clone();
        // The first answer is awaited, and then the configuration is put right.
        let sleep = Replaces { time, to: to.clone(), by: Arc::clone(&second) };
        let mut sender = AlertSender { sleep: Arc::new(sleep), ..sender };
        let run = tokio::spawn(async move { sender.run().await });
        alerts.raise(Alert::sweep());
        while sent(&second).is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!((sent(&first).len(), &sent(&first)[0][0]), (1, &sent(&second)[0][0]), "one message");

        to.set(None);
        alerts.raise(Alert::drift(1));
        while alerts.queue.as_ref().unwrap().sender.capacity() < QUEUE {
            tokio::task::yield_now().await;
        }
        // What is taken in and for nobody is gone by then, since nothing is awaited in between.
        to.set(Some(way_to(&second)));
        alerts.raise(Alert::drift(2));
        drop(alerts);
        run.await.unwrap();
        assert_eq!(sent(&second).len(), 2);
        assert!(sent(&second)[1][2].ends_with("{\"contracts\":2,\"dropped\":0}}"), "{:?}", sent(&second)[1]);
    }

    /// Whoever waits finds another receiver afterwards.
    #[derive(Debug)]
    struct Replaces {
        time: Time,
        to: Current<Option<AlertReceiver>>,
        by: Arc<Receiver>,
    }

    #[async_trait]
    impl Sleep for Replaces {
        async fn sleep(&self, wait: Wait) {
            self.to.set(Some(way_to(&self.by)));
            self.time.sleep(wait).await;
        }
    }
}
