//! One request: the operation, the base URL and the credentials.

use http::header;
use url::Url;

use super::{ApiClient, client_request::RequestOptions};
use crate::{
    body::Body,
    build_error::BuildError,
    endpoint::{Endpoint, Service},
    one_line::short_name,
    transport::{OperationName, Request},
};

impl<S: Service> ApiClient<S> {
    pub(super) fn build<E: Endpoint<Service = S>>(
        &self,
        endpoint: &E,
        link: Option<&str>,
        options: &RequestOptions,
    ) -> Result<Request, BuildError> {
        let call = endpoint.call()?;
        let mut address = call.address(&self.inner.base_url)?;
        if let Some(link) = link {
            let mut url: Url = address.parse().map_err(|_| BuildError::Url)?;
            let link = url.join(link).map_err(|_| BuildError::Url)?;
            // Only the query is taken from the link: origin, path and credentials stay ours.
            if link.origin() != url.origin() && !self.inner.allows_foreign_links {
                let origin = |url: &Url| short_name(&url.origin().ascii_serialization()).into_owned();
                return Err(BuildError::ForeignLink { link: origin(&link), base_url: origin(&url) });
            }
            url.set_query(link.query());
            address = url.into();
        }
        let mut request = http::Request::new(Body::empty());
        *request.method_mut() = E::METHOD;
        *request.uri_mut() = address.try_into().map_err(|_| BuildError::Url)?;
        *request.headers_mut() = self.inner.headers.clone();
        if let Some((content_type, body)) = call.body()? {
            request.headers_mut().insert(header::CONTENT_TYPE, content_type);
            *request.body_mut() = body;
        }
        request.extensions_mut().insert(OperationName::new(S::NAME, E::OPERATION));
        options.apply(&mut request)?;
        Ok(request)
    }
}
