//! The settings that every client has, whatever its service.

/// Gives the builder of a client the settings that all clients have: base URL, transport, sleep, limiter, retry.
///
/// It stands in an `impl` of a struct with two fields: `api`, an [`ApiClientBuilder`](crate::ApiClientBuilder), and `base_url`, an
/// `Option<Url>`, since what a base URL has to look like is the service's. The comment above `base_url` becomes that of the method.
#[macro_export]
macro_rules! client_settings {
    ( $(#[$docs:meta])* base_url ) => {
        $(#[$docs])*
        #[must_use]
        pub fn base_url(mut self, base_url: $crate::Url) -> Self {
            self.base_url = ::std::option::Option::Some(base_url);
            self
        }

        /// Carries the requests over `transport`, not over the default one (feature `reqwest`).
        #[must_use]
        pub fn transport(mut self, transport: impl $crate::Transport + 'static) -> Self {
            self.api = self.api.transport(transport);
            self
        }

        /// Waits with `sleep` between two tries and for the rate limit. With the feature `reqwest`, whatever carries the requests,
        /// tokio's clock does unless this is set. Without that feature, a client without this neither retries nor keeps the rate limit.
        #[must_use]
        pub fn sleep(mut self, sleep: impl $crate::Sleep + 'static) -> Self {
            self.api = self.api.sleep(sleep);
            self
        }

        /// Keeps inside the rate limit with `limiter`, which is shared with the clients that have a clone of it and with nobody
        /// else. Without this, a client keeps inside the documented limit by itself, and shares it with all other clients in this
        /// process that have the same key and base URL, as long as there are any. (A client whose `sleep` has a clock of its
        /// own shares it with its clones only.) [`Limiter::none`]($crate::Limiter::none) keeps no limit at all, as in tests.
        #[must_use]
        pub fn limiter(mut self, limiter: $crate::Limiter) -> Self {
            self.api = self.api.limiter(limiter);
            self
        }

        /// Decides on retries by `policy`.
        #[must_use]
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            self.api = self.api.retry(policy);
            self
        }

        /// Follows a link to the next page that names another origin than the base URL: for a gateway in front of a service that
        /// writes links to itself. Only the link's query is ever used: requests and credentials go to the base URL alone.
        #[must_use]
        pub fn allow_foreign_next_links(mut self) -> Self {
            self.api = self.api.allow_foreign_next_links();
            self
        }
    };
}
