//! No number that a service writes, and no clock that is set back, ends the server or keeps a contract waiting for ever.

use oneflow_client::ContractId;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::support::{Home, looks, mock_services, notification, post, until};

const CONTRACT: ContractId = ContractId::new(9001);

/// Services that always answer this, and an installation.
async fn services(answer: ResponseTemplate) -> (MockServer, Home) {
    let services = mock_services().await;
    Mock::given(any()).respond_with(answer).mount(&services).await;
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    (services, home)
}

/// Seconds until the contract is due; `None` before a look at it has failed.
fn seconds_left(home: &Home) -> Option<i64> {
    let database = rusqlite::Connection::open(home.database()).unwrap();
    let due =
        "SELECT run_at FROM waiting WHERE id = ?1 AND last_error IS NOT NULL AND claimed_generation IS NULL";
    let due: i64 = database.query_row(due, [CONTRACT.get()], |row| row.get(0)).ok()?;
    Some(due / 1000 - jiff::Timestamp::now().as_second())
}

#[tokio::test]
async fn an_absurd_wait_is_an_hour_and_the_server_lives_on() {
    let absurd = [
        ("429", "18446744073709551615"),
        ("503", "18446744073709551615"),
        ("503", "99999999999999999999999"),
    ];
    for (status, wait) in absurd {
        let answer = ResponseTemplate::new(status.parse::<u16>().unwrap()).insert_header("retry-after", wait);
        let (services, home) = services(answer).await;
        for callback in ["the first start", "the next start"] {
            let mut server = home.serve().await;
            assert_eq!(post(&server.url, notification(callback, CONTRACT)).await, 200);
            until("the contract waits for an hour", async || {
                seconds_left(&home).is_some_and(|left| (3500..=3601).contains(&left))
            })
            .await;
            assert_eq!(server.process.try_wait().unwrap(), None, "{status} {wait}");
            assert_eq!(post(&server.url, notification(callback, CONTRACT)).await, 200);
            server.process.kill().await.unwrap();
        }
        let looks = looks(&services).await.len();
        // The server asks for the account and the fields as well. Where one of these was refused with 429 first, the look is not even
        // sent.
        let least = usize::from(status != "429");
        assert!((least..=1).contains(&looks), "what the service asked for outlasts a restart: {looks}");
    }
}

#[tokio::test]
async fn a_wait_without_end_that_an_older_version_noted_ends_and_so_does_one_of_a_clock_that_was_set_back() {
    let (services, home) = services(ResponseTemplate::new(503)).await;
    let server = home.serve().await;
    let day = 24 * 3600 * 1000;
    for (number, wait) in (1_usize..).zip([i64::MAX, day]) {
        assert_eq!(post(&server.url, notification(&number.to_string(), CONTRACT)).await, 200);
        until("it is looked at", async || seconds_left(&home).is_some()).await;
        let before = looks(&services).await.len();
        let database = rusqlite::Connection::open(home.database()).unwrap();
        let late = "UPDATE waiting SET run_at = ?1, retry_at = ?1, not_before = ?1 WHERE id = 9001";
        let due = jiff::Timestamp::now().as_millisecond().saturating_add(wait);
        assert_eq!(database.execute(late, [due]).unwrap(), 1);
        // Whatever wakes the server.
        let other = ContractId::new(9002);
        assert_eq!(post(&server.url, notification(&format!("other {number}"), other)).await, 200);
        until("it is looked at again", async || {
            let looks = looks(&services).await;
            looks[before..].iter().any(|path| path.ends_with("/9001"))
        })
        .await;
    }
}
