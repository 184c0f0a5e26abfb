//! Sends an operation: its tries, the waits between them, and the answer.

use std::fmt;

use http::{HeaderMap, StatusCode};

use super::{ApiClient, client_request::RequestOptions, permit::RatePermit};
use crate::{
    endpoint::{Endpoint, Service},
    error::{Error, Kind},
    hints::RateLimit,
    retry::{Attempt, Decision, Waited},
    trace,
    transport::{Request, Response},
};

/// A decoded answer with what its headers say.
#[non_exhaustive]
pub struct Reply<T> {
    /// The decoded answer.
    pub value: T,
    /// Its status.
    pub status: StatusCode,
    /// All its headers: `headers.get("x-request-id")`.
    pub headers: HeaderMap,
    /// Its rate-limit headers.
    pub rate_limit: RateLimit,
}

/// Without the headers: a link in them can hold what was searched for.
impl<T: fmt::Debug> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("value", &self.value)
            .field("status", &self.status)
            .field("rate_limit", &self.rate_limit)
            .finish_non_exhaustive()
    }
}

impl<S: Service> ApiClient<S> {
    /// Sends an operation and decodes its answer.
    ///
    /// # Errors
    ///
    /// [`Error`] names the operation and keeps the whole answer.
    pub async fn send<E: Endpoint<Service = S>>(&self, endpoint: &E) -> Result<E::Output, Error> {
        self.send_full(endpoint).await.map(|reply| reply.value)
    }

    /// Like [`ApiClient::send`], with `None` for a 404.
    ///
    /// # Errors
    ///
    /// [`Error`] for everything but a 404.
    pub async fn send_opt<E: Endpoint<Service = S>>(&self, endpoint: &E) -> Result<Option<E::Output>, Error> {
        match self.send(endpoint).await {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Like [`ApiClient::send`], with the status and the headers.
    ///
    /// # Errors
    ///
    /// [`Error`] names the operation and keeps the whole answer.
    pub async fn send_full<E: Endpoint<Service = S>>(&self, endpoint: &E) -> Result<Reply<E::Output>, Error> {
        self.exchange(endpoint, None, &RequestOptions::default()).await
    }

    /// The request of an operation, credentials included, for a host that does its own I/O.
    ///
    /// # Errors
    ///
    /// [`Error`] when the arguments do not make a request.
    pub fn prepare<E: Endpoint<Service = S>>(&self, endpoint: &E) -> Result<Request, Error> {
        self.built(endpoint, None, &RequestOptions::default())
    }

    /// Decodes the answer to a request of [`ApiClient::prepare`].
    ///
    /// # Errors
    ///
    /// [`Error`] when the service refused, or answered in another shape than documented.
    pub fn finish<E: Endpoint<Service = S>>(
        &self,
        endpoint: &E,
        response: Response,
    ) -> Result<Reply<E::Output>, Error> {
        let rate_limit = RateLimit::from_headers(response.headers());
        self.read(endpoint, response, rate_limit)
    }

    fn read<E: Endpoint<Service = S>>(
        &self,
        endpoint: &E,
        response: Response,
        rate_limit: RateLimit,
    ) -> Result<Reply<E::Output>, Error> {
        let status = response.status();
        if !E::accepts(status) {
            let problems = S::problems(response.body().as_bytes());
            let problems =
                problems.into_iter().map(|problem| problem.known_by(S::TITLES, S::NAMES)).collect();
            return Err(error_of::<E>(Kind::Status { response, problems }));
        }
        match endpoint.decode(&response) {
            Ok(value) => Ok(Reply { value, status, headers: response.into_parts().0.headers, rate_limit }),
            Err(error) => Err(error_of::<E>(Kind::Decode { response, error })),
        }
    }

    /// Sends an operation once, without waiting and without a second try, whatever becomes of it.
    ///
    /// # Errors
    ///
    /// [`Error`] names the operation and keeps the whole answer. Nothing is sent ([`Error::was_held_back`]) where a 429 came since
    /// the permit was given, or where the permit is older than the limit's period and there is no room: ask for another one.
    pub async fn send_with_permit<E: Endpoint<Service = S>>(
        &self,
        permit: RatePermit,
        endpoint: &E,
    ) -> Result<E::Output, Error> {
        let request = self.built(endpoint, None, &RequestOptions::default())?;
        let permit = self.inner.renew_permit(permit).await;
        let permit = permit.map_err(|wait| error_of::<E>(Kind::HeldBack { wait }))?;
        let reply = trace::operation(S::NAME, E::OPERATION, self.attempt(endpoint, request, permit, 1)).await;
        reply.map(|reply| reply.value)
    }

    /// Sends `endpoint` with the query of `link`, the service's own link to the next page.
    pub(crate) async fn send_link<E: Endpoint<Service = S>>(
        &self,
        endpoint: &E,
        link: &str,
    ) -> Result<E::Output, Error> {
        self.exchange(endpoint, Some(link), &RequestOptions::default()).await.map(|reply| reply.value)
    }

    /// The request of an operation, with the query of `link` if there is one.
    pub(super) fn built<E: Endpoint<Service = S>>(
        &self,
        endpoint: &E,
        link: Option<&str>,
        options: &RequestOptions,
    ) -> Result<Request, Error> {
        self.build(endpoint, link, options).map_err(|error| error_of::<E>(Kind::Build(error)))
    }

    pub(super) fn exchange<E: Endpoint<Service = S>>(
        &self,
        endpoint: &E,
        link: Option<&str>,
        options: &RequestOptions,
    ) -> impl Future<Output = Result<Reply<E::Output>, Error>> {
        trace::operation(S::NAME, E::OPERATION, self.tries(endpoint, link, options))
    }

    async fn tries<E: Endpoint<Service = S>>(
        &self,
        endpoint: &E,
        link: Option<&str>,
        options: &RequestOptions,
    ) -> Result<Reply<E::Output>, Error> {
        let (mut number, mut waited, mut failed) = (1, Waited::default(), None);
        loop {
            // Built anew for each try: a copy for a rare second one would cost every first one.
            let request = self.built(endpoint, link, options)?;
            let permit = match self.inner.acquire_permit(&mut waited).await {
                Ok(permit) => permit,
                // An earlier try may have had an effect, so its error is the one to tell.
                Err(wait) => {
                    return Err(failed.unwrap_or_else(|| error_of::<E>(Kind::HeldBack { wait })));
                }
            };
            let error = match self.attempt(endpoint, request, permit, number).await {
                Ok(reply) => {
                    self.inner.quota.refill(number - 1);
                    return Ok(reply);
                }
                Err(error) => error,
            };
            let attempt = Attempt::new(number, waited, E::IDEMPOTENT, &error);
            match (self.inner.retry.decide(&attempt), &self.inner.sleep) {
                (Decision::Wait(wait), Some(sleep))
                    if self.inner.retry.waits_out(&error) || self.inner.quota.take() =>
                {
                    if error.is_rate_limited() {
                        sleep.sleep_for_rate_limit(wait).await;
                        waited.for_limit = waited.for_limit.saturating_add(wait.at_most);
                    } else {
                        sleep.sleep(wait).await;
                        waited.for_failure = waited.for_failure.saturating_add(wait.at_most);
                    }
                    number += 1;
                    failed = Some(error);
                }
                _ => return Err(error),
            }
        }
    }

    /// One try.
    async fn attempt<E: Endpoint<Service = S>>(
        &self,
        endpoint: &E,
        request: Request,
        permit: RatePermit,
        number: u32,
    ) -> Result<Reply<E::Output>, Error> {
        let begun = permit.spend();
        let answer = self.inner.transport.execute(request).await;
        let response = answer.as_ref().ok();
        let rate_limit = response.map(|response| RateLimit::from_headers(response.headers()));
        let rate_limit = rate_limit.unwrap_or_default();
        self.inner.note_answer(number, begun, response, rate_limit).await;
        match answer {
            Ok(response) => self.read(endpoint, response, rate_limit),
            Err(error) => Err(error_of::<E>(Kind::Transport(error))),
        }
    }
}

fn error_of<E: Endpoint>(kind: Kind) -> Error {
    Error::new(E::Service::NAME, E::OPERATION, kind)
}
