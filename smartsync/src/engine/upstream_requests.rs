//! The requests to both services, counted for whoever watches the server.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use smartsync_transport::{OperationName, RateLimit, Response, StatusCode, TransportError};
use tokio::time::Instant;

use super::tenant_label::TenantLabel;

/// How long what a service says of its limit counts if it does not say: no period of either is longer.
const LONGEST_PERIOD: Duration = Duration::from_secs(5 * 60);

type Labels<const WORDS: usize> = (TenantLabel, [(&'static str, &'static str); WORDS]);

type PerService = Family<Labels<1>, Gauge>;

/// Counts the requests of the clients that it was given to. Clones are one.
#[derive(Clone, Debug, Default)]
pub(crate) struct UpstreamRequests {
    /// Whose they are.
    tenant: TenantLabel,
    sent: Family<Labels<3>, Counter>,
    limit: PerService,
    remaining: PerService,
    /// Until when what each service has said to whom counts.
    ends: Arc<Mutex<BTreeMap<(TenantLabel, &'static str), Instant>>>,
    /// Whether each service has refused the credentials, by its last answer that says so or shows that it has not.
    refused: Arc<Mutex<BTreeMap<(TenantLabel, &'static str), bool>>>,
}

/// What a service has said of a credential so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CredentialState {
    /// So many requests are left in the period, and so many it allows.
    pub(crate) left: Option<(i64, Option<i64>)>,
    /// Whether it has refused the credential; `None`: it was not asked yet.
    pub(crate) is_refused: Option<bool>,
}

impl UpstreamRequests {
    /// The same for the clients of a tenant.
    pub(crate) fn of(&self, tenant: TenantLabel) -> Self {
        Self { tenant, ..self.clone() }
    }

    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "requests",
            "Requests to the services, repeated ones included, by the class of the answer's status",
            self.sent.clone(),
        );
        registry.register(
            "rate_limit_remaining",
            "Requests that the service still allows in its period, by its last answer that said so; all of them once that period is over",
            self.remaining.clone(),
        );
        registry.register(
            "rate_limit",
            "Requests that the service allows in a period, by its last answer that said so",
            self.limit.clone(),
        );
    }

    /// Counts one that has ended.
    pub(crate) fn note(&self, name: Option<OperationName>, answer: &Result<Response, TransportError>) {
        let name = name.unwrap_or(OperationName::new("unknown", "unknown"));
        let status = answer.as_ref().map_or("none", |answer| class(answer.status()));
        let labels = [("service", name.service), ("operation", name.operation), ("status", status)];
        self.sent.get_or_create(&(self.tenant.clone(), labels)).inc();
        if let Ok(answer) = answer {
            self.note_limit(name.service, RateLimit::from_headers(answer.headers()));
            if let Some(is_refused) = is_refused(name.service, answer.status()) {
                self.refused().insert((self.tenant.clone(), name.service), is_refused);
            }
        }
    }

    /// What a service has said of the tenant's credential so far.
    pub(crate) fn state_of(&self, service: &'static str, now: Instant) -> CredentialState {
        self.forget_what_is_over(now);
        let labels = (self.tenant.clone(), [("service", service)]);
        let limit = self.limit.get(&labels).map(|limit| limit.get());
        let left = self.remaining.get(&labels).map(|remaining| remaining.get());
        let is_refused = self.refused().get(&(self.tenant.clone(), service)).copied();
        CredentialState { left: left.map(|left| (left, limit)), is_refused }
    }

    fn note_limit(&self, service: &'static str, said: RateLimit) {
        let labels = (self.tenant.clone(), [("service", service)]);
        let number = |number| i64::try_from(number).unwrap_or(i64::MAX);
        if let Some(limit) = said.limit {
            self.limit.get_or_create(&labels).set(number(limit));
        }
        if let Some(remaining) = said.remaining {
            self.remaining.get_or_create(&labels).set(number(remaining));
            let period = said.reset.unwrap_or(LONGEST_PERIOD).min(LONGEST_PERIOD);
            self.ends().insert((self.tenant.clone(), service), Instant::now() + period);
        }
    }

    /// Drops what has been said of periods that are over.
    pub(crate) fn forget_what_is_over(&self, now: Instant) {
        self.ends().retain(|(tenant, service), end| {
            let is_over = *end <= now;
            if is_over {
                let labels = (tenant.clone(), [("service", *service)]);
                match self.limit.get(&labels).map(|limit| limit.get()) {
                    Some(limit) => drop(self.remaining.get_or_create(&labels).set(limit)),
                    None => drop(self.remaining.remove(&labels)),
                }
            }
            !is_over
        });
    }

    fn refused(&self) -> MutexGuard<'_, BTreeMap<(TenantLabel, &'static str), bool>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ends(&self) -> MutexGuard<'_, BTreeMap<(TenantLabel, &'static str), Instant>> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a service refuses the credential with this answer; `None`: it does not say. A 403 of Teamtailor is about the key; one of Oneflow may be about a
/// contract.
fn is_refused(service: &str, status: StatusCode) -> Option<bool> {
    match status {
        StatusCode::UNAUTHORIZED => Some(true),
        StatusCode::FORBIDDEN if service == "teamtailor" => Some(true),
        status if status.is_success() => Some(false),
        _ => None,
    }
}

/// A service can answer with any of 900 numbers: these are the words for them. A rate limit is a matter of its own.
fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        429 => "429",
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        500..600 => "5xx",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use prometheus_client::encoding::prometheus_text::encode;
    use smartsync_transport::Body;

    use super::*;

    #[test]
    fn whatever_a_service_answers_there_are_few_series() {
        let (requests, mut registry) = (UpstreamRequests::default(), Registry::default());
        requests.register(&mut registry);
        let name = Some(OperationName::new("oneflow", "get_contract"));
        for status in 100..1000 {
            let mut answer = Response::new(Body::empty());
            *answer.status_mut() = StatusCode::from_u16(status).unwrap();
            answer.headers_mut().insert("x-rate-limit-remaining", u64::MAX.into());
            requests.note(name, &Ok(answer));
        }
        requests.note(name, &Err(TransportError::timeout("no answer")));
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        let statuses: BTreeSet<&str> =
            text.lines().filter_map(|line| line.split("status=\"").nth(1)).collect();
        let expected = [
            "1xx\"} 100",
            "2xx\"} 100",
            "3xx\"} 100",
            "429\"} 1",
            "4xx\"} 99",
            "5xx\"} 100",
            "none\"} 1",
            "other\"} 400",
        ];
        assert_eq!(statuses, expected.into(), "{text}");
        assert!(text.contains("rate_limit_remaining{service=\"oneflow\"} 9223372036854775807\n"), "{text}");
    }

    /// Who watches a host that has nothing to do would see what was left in the middle of its last burst, for hours.
    #[tokio::test(start_paused = true)]
    async fn what_a_service_said_of_its_period_counts_until_the_end_of_it() {
        let (requests, mut registry) = (UpstreamRequests::default(), Registry::default());
        requests.register(&mut registry);
        let say = |service, headers: &[(&'static str, u64)]| {
            let mut answer = Response::new(Body::empty());
            for (name, value) in headers {
                answer.headers_mut().insert(*name, (*value).into());
            }
            requests.note(Some(OperationName::new(service, "anything")), &Ok(answer));
        };
        say(
            "teamtailor",
            &[("x-rate-limit-limit", 50), ("x-rate-limit-remaining", 2), ("x-rate-limit-reset", 7)],
        );
        say("oneflow", &[("x-rate-limit-remaining", 3)]);
        let shown = |seconds| {
            requests.forget_what_is_over(Instant::now() + Duration::from_secs(seconds));
            let mut text = String::new();
            encode(&mut text, &registry).unwrap();
            let lines = text.lines().filter(|line| line.starts_with("rate_limit"));
            lines.map(str::to_owned).collect::<BTreeSet<String>>()
        };
        let limit = "rate_limit{service=\"teamtailor\"} 50";
        let [of_oneflow, left, all] = [
            "rate_limit_remaining{service=\"oneflow\"} 3",
            "rate_limit_remaining{service=\"teamtailor\"} 2",
            "rate_limit_remaining{service=\"teamtailor\"} 50",
        ];
        let expected = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        assert_eq!(shown(6), expected(&[limit, left, of_oneflow]));
        assert_eq!(shown(7), expected(&[limit, all, of_oneflow]));
        assert_eq!(shown(300), expected(&[limit, all]));
        let teamtailor = requests.state_of("teamtailor", Instant::now());
        assert_eq!(teamtailor, CredentialState { left: Some((50, Some(50))), is_refused: Some(false) });
    }

    #[test]
    fn a_credential_is_refused_until_an_answer_shows_that_it_is_not() {
        let (requests, now) = (UpstreamRequests::default(), Instant::now());
        assert_eq!(requests.state_of("oneflow", now), CredentialState::default());
        for (service, status, is_refused) in [
            ("oneflow", 403, None),
            ("oneflow", 200, Some(false)),
            ("oneflow", 401, Some(true)),
            ("oneflow", 503, Some(true)),
            ("oneflow", 403, Some(true)),
            ("oneflow", 204, Some(false)),
            ("teamtailor", 404, None),
            ("teamtailor", 403, Some(true)),
        ] {
            let mut answer = Response::new(Body::empty());
            *answer.status_mut() = StatusCode::from_u16(status).unwrap();
            requests.note(Some(OperationName::new(service, "anything")), &Ok(answer));
            assert_eq!(requests.state_of(service, now).is_refused, is_refused, "{service} {status}");
        }
        let other = requests.of(TenantLabel::of(Some(&"other".parse().unwrap())));
        assert_eq!(other.state_of("oneflow", now), CredentialState::default(), "another tenant's is another");
    }
}
