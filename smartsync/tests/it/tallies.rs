//! What is counted by the hour: what became of notifications and looks, and how long it is kept.

use jiff::Timestamp;
use smartsync::{
    Inbox, Store, server,
    store::{ContractFilter, Counted, SqliteState, State as _, Tallied, Tenant},
};
use smartsync_core::Clock;
use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use crate::support::{Home, canary_contract, post, sign_key_of, signed, until};

/// So many seconds after a day in the future of the tests.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_930_000_000 + seconds).unwrap()
}

/// A clock that stands.
#[derive(Clone, Copy, Debug)]
struct Standing(Timestamp);

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        self.0
    }
}

#[tokio::test]
async fn what_was_counted_is_kept_for_thirty_five_days() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("state.db")).unwrap();
    let overview = SqliteState::new(store.clone()).overview(&Tenant::default());
    let day = 24 * 3600;
    for seconds in [0, day] {
        overview.tally(at(seconds), &[(Tallied::NotificationAccepted, 1)]).await.unwrap();
    }
    let kept = async |days: i64| {
        let clock = Standing(at(days * day));
        Inbox::new(store.clone().clock(clock)).forget_old().await.unwrap();
        let all = overview.tallies(at(day), 24, 35).await.unwrap();
        all.iter().map(|tallies| tallies.all(Tallied::ALL)).sum::<u64>()
    };
    assert_eq!((kept(35).await, kept(36).await, kept(37).await), (2, 1, 0));
}

#[tokio::test]
async fn what_became_of_notifications_and_looks_is_counted_for_their_tenant_once_the_server_has_stopped() {
    let start = || HttpSandbox::start(SandboxSettings::new());
    let services = [start().await.unwrap(), start().await.unwrap()];
    let home = Home::of_tenants(&[("north", &services[0]), ("south", &services[1])]);
    let (_, contract) = canary_contract(&services[0]);
    let server = server::bind(home.tenants()).await.unwrap();
    let url = format!("http://{}/webhooks/oneflow/north", server.address());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(server.run(async { drop(stopped.await) }));
    let body = signed("one", contract.into(), &sign_key_of("north"));
    assert_eq!(post(&url, body.clone()).await, 200);
    assert_eq!(post(&url, body).await, 200);
    assert_eq!(post(&url, signed("two", contract.into(), &sign_key_of("south"))).await, 401);
    let state = SqliteState::open(&home.database()).unwrap();
    let overviews = ["north", "south"].map(|name| state.overview(&name.parse().unwrap()));
    until("the contract was looked at", async || {
        overviews[0].count(&ContractFilter::new()).await.unwrap().number == 1
    })
    .await;
    drop(stop);
    server.await.unwrap();

    // Two hours, since one may have ended meanwhile.
    let counted = async |of: usize| overviews[of].tallies(Timestamp::now(), 2, 1).await.unwrap().remove(0);
    let (north, south) = (counted(0).await, counted(1).await);
    for (what, expected) in [
        (Tallied::NotificationAccepted, 1),
        (Tallied::NotificationRepeated, 1),
        (Tallied::RefusedSignature, 1),
        (Tallied::LookWrote, 1),
    ] {
        assert_eq!((north.of(what), south.of(what)), (expected, 0), "{what:?}");
    }
    assert_eq!(north.all(&Tallied::DELAYS), 1);
    let page = overviews[0].contracts(&ContractFilter::new(), None, 10).await.unwrap();
    let template_type = page.rows[0].standing.template_type.unwrap();
    assert_eq!(template_type, services[0].sandbox().seeded().template_type);
    let filter = ContractFilter::new().template_type(template_type);
    assert_eq!(overviews[0].count(&filter).await.unwrap(), Counted::new(1, false));
}
