//! Pages and items as a `Stream`.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::{FusedStream, Stream};

use crate::{
    endpoint::Paged,
    pages::{Items, PageError, Pages},
};

impl<E: Paged> Pages<E> {
    /// The pages as a [`Stream`], for the combinators of `futures` or `tokio-stream`.
    ///
    /// Dropping a `next()` of the stream loses nothing: the request under way stays in the stream, and the next call goes on
    /// with it. Errors are as in [`Pages::next`]: the stream ends where the walk does. It is `Unpin`, and `Send` where the
    /// operation and its pages are.
    pub fn into_stream(self) -> impl FusedStream<Item = Result<E::Output, PageError>> + Unpin {
        Walk::new(self, |mut pages: Self| async move { (pages.next().await, pages) })
    }
}

impl<E: Paged> Items<E> {
    /// The items as a [`Stream`], for the combinators of `futures` or `tokio-stream`.
    ///
    /// Dropping a `next()` of the stream loses nothing: the request under way stays in the stream, and the next call goes on
    /// with it. Errors are as in [`Items::next`]: the stream ends where the walk does. It is `Unpin`, and `Send` where the
    /// operation and its items are.
    pub fn into_stream(self) -> impl FusedStream<Item = Result<E::Item, PageError>> + Unpin {
        Walk::new(self, |mut items: Self| async move { (items.next().await, items) })
    }
}

/// A walk as a stream: `step` takes the walker and gives it back with what it found.
struct Walk<T, F, Fut> {
    /// `None` while a step is under way.
    walker: Option<T>,
    step: F,
    /// Pinned once: the next step takes the room of the last.
    under_way: Pin<Box<Option<Fut>>>,
    is_over: bool,
}

impl<T, F, Fut> Walk<T, F, Fut> {
    fn new(walker: T, step: F) -> Self {
        Self { walker: Some(walker), step, under_way: Box::pin(None), is_over: false }
    }
}

/// Only the step under way must not move, and that has a box of its own.
impl<T, F, Fut> Unpin for Walk<T, F, Fut> {}

impl<T, R, F, Fut> Stream for Walk<T, F, Fut>
where
    F: FnMut(T) -> Fut,
    Fut: Future<Output = (Option<R>, T)>,
{
    type Item = R;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<R>> {
        let this = self.get_mut();
        if this.is_over {
            return Poll::Ready(None);
        }
        if let Some(walker) = this.walker.take() {
            let step = (this.step)(walker);
            this.under_way.set(Some(step));
        }
        let Some(step) = this.under_way.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let (found, walker) = ready!(step.poll(context));
        this.under_way.set(None);
        this.walker = Some(walker);
        this.is_over = found.is_none();
        Poll::Ready(found)
    }
}

impl<T, R, F, Fut> FusedStream for Walk<T, F, Fut>
where
    F: FnMut(T) -> Fut,
    Fut: Future<Output = (Option<R>, T)>,
{
    fn is_terminated(&self) -> bool {
        self.is_over
    }
}
