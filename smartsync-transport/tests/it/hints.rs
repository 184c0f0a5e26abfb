use std::time::Duration;

use smartsync_transport::{Body, LONGEST_HINT, Response, ScriptedTransport};

use crate::support::service::{GetBook, client_with};

/// What `Error::retry_after` makes of an answer with this status and these headers.
async fn retry_after(status: u16, headers: &[(&'static str, &str)]) -> Option<Duration> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    let client = client_with(ScriptedTransport::new().answer(Ok(response)));
    client.send(&GetBook("1".to_owned())).await.unwrap_err().retry_after()
}

#[tokio::test]
async fn retry_after_is_read_as_seconds_and_as_a_date_against_the_answers_own_clock() {
    let seconds = |s| Some(Duration::from_secs(s));
    assert_eq!(retry_after(429, &[("retry-after", "7")]).await, seconds(7));
    assert_eq!(retry_after(503, &[("retry-after", " 120 ")]).await, seconds(120));
    let date = ("date", "Mon, 03 Feb 2031 04:05:00 GMT");
    assert_eq!(
        retry_after(503, &[("retry-after", "Mon, 03 Feb 2031 04:05:30 GMT"), date]).await,
        seconds(30)
    );
    assert_eq!(retry_after(503, &[("retry-after", "Mon, 03 Feb 2031 04:00:00 GMT"), date]).await, seconds(0));
    assert_eq!(retry_after(503, &[("retry-after", "Mon, 03 Feb 2031 04:05:30 GMT")]).await, None);
    assert_eq!(retry_after(503, &[("retry-after", "soon")]).await, None);
}

#[tokio::test]
async fn the_reset_of_an_exhausted_rate_limit_counts_only_for_a_429() {
    let reset = [("x-rate-limit-limit", "50"), ("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", "4")];
    assert_eq!(retry_after(429, &reset).await, Some(Duration::from_secs(4)));
    assert_eq!(retry_after(500, &reset).await, None);
    assert_eq!(
        retry_after(429, &[("retry-after", "9"), ("x-rate-limit-reset", "4")]).await,
        Some(Duration::from_secs(9))
    );
}

#[tokio::test]
async fn no_number_of_a_service_is_a_wait_of_more_than_an_hour() {
    let longest = Some(LONGEST_HINT);
    for wait in ["3600", "3601", "18446744073709551615", "99999999999999999999999999"] {
        assert_eq!(retry_after(503, &[("retry-after", wait)]).await, longest, "{wait}");
        let reset = ("x-rate-limit-reset", wait);
        assert_eq!(retry_after(429, &[reset]).await, longest, "{wait}");
    }
    let far = [("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"), ("date", "Mon, 03 Feb 2031 04:05:00 GMT")];
    assert_eq!(retry_after(503, &far).await, longest);
    for nonsense in ["-1", "+7", "7.5", "0x10", "", "1e9"] {
        assert_eq!(retry_after(503, &[("retry-after", nonsense)]).await, None, "{nonsense}");
    }
}

#[tokio::test]
async fn the_rate_headers_of_a_success_reach_the_caller() {
    let mut response = Response::new(Body::from(r#"{"id":1}"#));
    for (name, value) in
        [("x-rate-limit-limit", "50"), ("x-rate-limit-remaining", "49"), ("x-rate-limit-reset", "10")]
    {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    let client = client_with(ScriptedTransport::new().answer(Ok(response)));
    let reply = client.send_full(&GetBook("1".to_owned())).await.unwrap();
    assert_eq!(reply.rate_limit.limit, Some(50));
    assert_eq!(reply.rate_limit.remaining, Some(49));
    assert_eq!(reply.rate_limit.reset, Some(Duration::from_secs(10)));
}
