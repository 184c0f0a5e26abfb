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

        /// Waits with `sleep` between two tries. A client with a transport of its own and without this does not retry.
        #[must_use]
        pub fn sleep(mut self, sleep: impl $crate::Sleep + 'static) -> Self {
            self.api = self.api.sleep(sleep);
            self
        }

        /// Shares the rate limit with other clients of the same key: give each a clone of one limiter. Without this, the
        /// client and its clones keep inside the documented limit by themselves.
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
    };
}
