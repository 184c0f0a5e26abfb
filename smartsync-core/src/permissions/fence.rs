//! Lets through what the permissions list, and nothing else.

mod known;
mod members;
mod strict_json;

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use oneflow_client::Url;
use smartsync_transport::{ByteSink, Request, Response, Transport, TransportError, plain_text};

use self::{known::Known, members::Named, members::written};
use super::{Access, Permission, Permissions};

/// A fence around the transports of both clients: a request that the permissions do not list does not leave. What is not
/// understood is not listed: another method, origin or path, a parameter of the query, a member of the body that no row is for.
///
/// It believes no engine. Which custom field an id stands for it reads from Teamtailor's own answers, as they pass. A request that
/// it refuses ends as an error of the operation, as one that was never sent; below its [`cause`](oneflow_client::Error::cause) is
/// [`OutsidePermissions`].
///
/// ```
/// use oneflow_client::{OneflowClient, contracts::DeleteContract};
/// use smartsync_core::{Mapping, permissions::Fence};
/// use smartsync_transport::ScriptedTransport;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (oneflow, teamtailor) = ("https://api.oneflow.com/v1".parse()?, "https://api.teamtailor.com/v1".parse()?);
/// let fence = Fence::new(Mapping::default().permissions(&oneflow, &teamtailor));
/// let client = OneflowClient::builder()
///     .api_token("token")
///     .transport(fence.around(ScriptedTransport::new())) // here, the host's own
///     .build()?;
/// let error = client.send(&DeleteContract::new(9001)).await.unwrap_err();
/// assert!(error.was_never_sent());
/// assert!(error.to_string().starts_with("oneflow.delete_contract: the request was blocked before it was sent"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Fence {
    known: Arc<Mutex<Known>>,
}

/// A transport inside of a [`Fence`].
#[derive(Clone, Debug)]
pub struct Fenced<T> {
    fence: Fence,
    inner: T,
}

/// A request was refused, since the permissions do not list it. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the permissions do not allow {method} {what}; they are derived from the mapping alone (`smartsync permissions` \
     shows them), so either the mapping is missing an entry or the program made a request that it must not make"
)]
pub struct OutsidePermissions {
    method: &'static str,
    what: String,
}

impl Fence {
    /// A fence that lets through what these permissions list.
    #[must_use]
    pub fn new(permissions: Permissions) -> Self {
        Self { known: Arc::new(Mutex::new(Known::new(permissions))) }
    }

    /// Puts `inner` inside. The transports of both clients belong inside of one fence.
    pub fn around<T: Transport>(&self, inner: T) -> Fenced<T> {
        Fenced { fence: self.clone(), inner }
    }

    fn check(&self, request: &Request) -> Result<Passed, OutsidePermissions> {
        let method = known_method(request.method().as_str());
        let outside = |what: &str| OutsidePermissions { method, what: what.to_owned() };
        let text = request.uri().to_string();
        let url: Url = text.parse().map_err(|_| outside("of an invalid URL"))?;
        // What one parser reads otherwise than the other may be read in a third way by the server.
        let is_plain = url.as_str() == text && url.username().is_empty() && url.password().is_none();
        if !is_plain {
            return Err(outside("of a URL in this form"));
        }
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = known.permissions().rows().iter();
        let rows: Vec<&Permission> = rows.filter(|row| row.is_for(request.method().as_str(), &url)).collect();
        let (anywhere, here): (Vec<&Permission>, Vec<_>) =
            rows.into_iter().partition(|row| row.is_for_anywhere());
        let Some(first) = here.first() else {
            // The address of a file, whoever gave it: nothing of ours goes there.
            let is_bare = request.headers().is_empty() && request.body().is_empty();
            return match anywhere.is_empty() {
                false if is_bare => Ok(Passed::Nothing),
                _ => Err(outside("of this path")),
            };
        };
        if !here.iter().any(|row| row.lists_query(&url)) {
            return Err(outside(&format!("of {} with this query", first.path)));
        }
        if here.iter().all(|row| row.access == Access::Read) {
            return match request.body().is_empty() {
                true => Ok(Passed::Read(first.operation)),
                false => Err(outside(&format!("of {} with a body", first.path))),
            };
        }
        let unknown = || outside(&format!("of {} with this body", first.path));
        let fields = written(request, first.operation).ok_or_else(unknown)?;
        if fields.is_empty() {
            return Err(unknown());
        }
        for field in fields {
            let names = match field {
                Named::As(name) => vec![name],
                Named::ByField(id) => known.names(&id),
                Named::ByValue(id) => known.names_of_value(&id).ok_or_else(unknown)?,
            };
            let is_listed =
                |row: &&Permission| row.access == Access::Write && names.iter().any(|name| row.is_of(name));
            if !here.iter().any(is_listed) {
                let names: Vec<_> = names.iter().map(|name| plain_text(name)).collect();
                return Err(outside(&format!("of {} for {}", first.path, names.join(" or "))));
            }
        }
        Ok(Passed::Nothing)
    }

    fn learn(&self, passed: Passed, answer: &Response) {
        if let (Passed::Read(operation), true) = (passed, answer.status().is_success()) {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.learn(operation, answer.body().as_bytes());
        }
    }
}

/// What an answer may be learnt from.
#[derive(Clone, Copy)]
enum Passed {
    Read(&'static str),
    Nothing,
}

/// A method is said in an error only as one of these.
fn known_method(method: &str) -> &'static str {
    ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().find(|known| *known == method).unwrap_or("request")
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl<T: Transport> Transport for Fenced<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let passed = self.fence.check(&request).map_err(TransportError::refused)?;
        let answer = self.inner.execute(request).await?;
        self.fence.learn(passed, &answer);
        Ok(answer)
    }

    async fn execute_into(
        &self,
        request: Request,
        sink: &mut dyn ByteSink,
        max_bytes: u64,
    ) -> Result<Response, TransportError> {
        self.fence.check(&request).map_err(TransportError::refused)?;
        self.inner.execute_into(request, sink, max_bytes).await
    }
}
