//! A task of the server that is not to end: a pass, a watch, the delivery of alerts.

use std::time::Duration;

use tokio::{task::JoinSet, time};

/// So long after it broke off it begins again: a defect that comes at once does not fill the log.
const REST: Duration = Duration::from_secs(60);

/// Runs what `begin` makes. If that breaks off by a defect, it is said, and begun anew after a minute: the server goes on meanwhile.
pub(super) async fn keep_running<T>(name: &'static str, begin: impl Fn() -> T)
where
    T: Future<Output = ()> + Send + 'static,
{
    loop {
        // It ends with whoever waits for it.
        let mut task = JoinSet::new();
        task.spawn(begin());
        if let Some(Ok(())) | None = task.join_next().await {
            return;
        }
        tracing::error!(
            task = name,
            "a task of the server broke off by a defect, and begins again in a minute"
        );
        time::sleep(REST).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    };

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_breaks_off_begins_again_a_minute_later() {
        let begun = Arc::new(AtomicU32::new(0));
        let task = tokio::spawn(keep_running("test", {
            let begun = Arc::clone(&begun);
            move || {
                let number = begun.fetch_add(1, Relaxed);
                async move { assert!(number >= 2, "a defect") }
            }
        }));
        time::sleep(REST / 2).await;
        assert_eq!((begun.load(Relaxed), task.is_finished()), (1, false));
        time::sleep(REST).await;
        assert_eq!((begun.load(Relaxed), task.is_finished()), (2, false));
        task.await.unwrap();
        assert_eq!(begun.load(Relaxed), 3, "one that ends is not begun again");
    }
}
