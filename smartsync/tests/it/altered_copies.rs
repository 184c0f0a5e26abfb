//! A copy of a notification with another contract id does not hide the genuine one.

use oneflow_client::ContractId;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{any, path},
};

use crate::support::{Home, looks, mock_services, notification, post, until};

const GENUINE: ContractId = ContractId::new(9001);

/// Services that have every contract as a draft, and an installation.
async fn services() -> (MockServer, Home) {
    let services = mock_services().await;
    let fields = ResponseTemplate::new(200).set_body_string(r#"{ "data": [] }"#);
    Mock::given(path("/v1/custom-fields")).respond_with(fields).with_priority(1).mount(&services).await;
    let draft = |asked: &wiremock::Request| {
        let id = asked.url.path().rsplit('/').next().unwrap_or_default();
        let body = format!(r#"{{ "id": {id}, "state": "draft", "data_fields": [], "parties": [] }}"#);
        ResponseTemplate::new(200).set_body_string(body)
    };
    Mock::given(any()).respond_with(draft).mount(&services).await;
    let home = Home::new(&format!("{}/v1", services.uri()), &services.uri());
    (services, home)
}

#[tokio::test]
async fn the_genuine_notification_is_acted_on_though_altered_copies_came_first() {
    for copies in [1, 2, 3, 7] {
        let (services, home) = services().await;
        let server = home.serve_with_log().await;
        for copy in 0..copies {
            assert_eq!(post(&server.url, notification("one", ContractId::new(424_242 + copy))).await, 200);
        }
        assert_eq!(post(&server.url, notification("one", GENUINE)).await, 200);
        assert_eq!(post(&server.url, notification("one", GENUINE)).await, 200);
        let all = usize::try_from(copies + 1).unwrap();
        until("all of them will be looked at", async || looks(&services).await.len() == all).await;
        assert!(looks(&services).await.contains(&"/v1/contracts/9001".to_owned()));
        let told =
            home.log_lines().iter().filter(|line| line.contains("WARN recorded a notification")).count();
        assert_eq!(told, all.min(4) - 1, "{:#?}", home.log_lines());
    }
}

#[tokio::test]
async fn many_altered_copies_are_looked_at_after_everything_else_and_no_faster_than_one_a_second() {
    let (services, home) = services().await;
    let server = home.serve().await;
    for copy in 0..50 {
        assert_eq!(post(&server.url, notification("one", ContractId::new(424_242 + copy))).await, 200);
    }
    for other in 0..5 {
        let contract = ContractId::new(9001 + other);
        assert_eq!(post(&server.url, notification(&format!("genuine {other}"), contract)).await, 200);
    }
    until("the others are looked at", async || {
        looks(&services).await.iter().filter(|path| path.contains("/90")).count() == 5
    })
    .await;
    let altered = looks(&services).await.len() - 5;
    assert!((3..20).contains(&altered), "{altered}");
}
