//! The requests to both services, counted for whoever watches the server.

use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use smartsync_transport::{OperationName, RateLimit, Response, StatusCode, TransportError};

/// Counts the requests of the clients that it was given to. Clones are one.
#[derive(Clone, Debug, Default)]
pub(crate) struct UpstreamRequests {
    sent: Family<[(&'static str, &'static str); 3], Counter>,
    remaining: Family<[(&'static str, &'static str); 1], Gauge>,
}

impl UpstreamRequests {
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "requests",
            "Requests to the services, repeated ones included, by the class of the answer's status",
            self.sent.clone(),
        );
        registry.register(
            "rate_limit_remaining",
            "Requests that the service still allowed in its period, by its last answer that said so",
            self.remaining.clone(),
        );
    }

    /// Counts one that has ended.
    pub(crate) fn note(&self, name: Option<OperationName>, answer: &Result<Response, TransportError>) {
        let name = name.unwrap_or(OperationName::new("unknown", "unknown"));
        let status = answer.as_ref().map_or("none", |answer| class(answer.status()));
        let labels = [("service", name.service), ("operation", name.operation), ("status", status)];
        self.sent.get_or_create(&labels).inc();
        let limit = answer.as_ref().ok().map(|answer| RateLimit::from_headers(answer.headers()));
        if let Some(remaining) = limit.and_then(|limit| limit.remaining) {
            let remaining = i64::try_from(remaining).unwrap_or(i64::MAX);
            self.remaining.get_or_create(&[("service", name.service)]).set(remaining);
        }
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
}
