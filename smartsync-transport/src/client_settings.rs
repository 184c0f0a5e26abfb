//! The settings that every client has, whatever its service.

/// Gives the builder of a client the settings that all clients have: base URL, headers, transport, sleep, limiter, retry, and those
/// of the default transport.
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

        /// Sends the header `name` with every request to the service, for a gateway in between. Its value is treated as a secret: no
        /// `Debug` prints it. Files are fetched without it.
        #[must_use]
        pub fn header(
            mut self,
            name: impl ::std::convert::Into<::std::string::String>,
            value: impl ::std::convert::Into<$crate::SecretString>,
        ) -> Self {
            self.api = self.api.header(name, value);
            self
        }

        /// The header `User-Agent`: this crate and its version unless set. A service's support finds requests by it.
        #[must_use]
        pub fn user_agent(mut self, name: impl ::std::convert::Into<::std::string::String>) -> Self {
            self.api = self.api.user_agent(name);
            self
        }

        $crate::reqwest_settings!();

        /// Carries the requests over `transport`, not over the default one (feature `reqwest`), whose settings (timeouts, proxy,
        /// certificates) then have no effect and are refused by `build`.
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

/// The settings of the default transport, if there is one.
#[cfg(feature = "reqwest")]
#[doc(hidden)]
#[macro_export]
macro_rules! reqwest_settings {
    () => {
        /// Gives up on each try of a request after `timeout`, body included: 30 seconds unless set. Files have
        /// [`idle_timeout`](Self::idle_timeout) instead.
        #[must_use]
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.api = self.api.with_reqwest(|reqwest| reqwest.timeout(timeout));
            self
        }

        /// Gives up on a connection (name, TCP, TLS) after `timeout`: 10 seconds unless set.
        #[must_use]
        pub fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.api = self.api.with_reqwest(|reqwest| reqwest.connect_timeout(timeout));
            self
        }

        /// Gives up on a file after so long without a byte: 30 seconds unless set. As long as bytes come, it may take any time.
        #[must_use]
        pub fn idle_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.api = self.api.with_reqwest(|reqwest| reqwest.idle_timeout(timeout));
            self
        }

        /// Goes through this proxy, and not through one that the environment names. User name and password may be in the URL.
        /// Files go through no proxy all the same, as an address that somebody else gave must be a public one, and behind a
        /// proxy nobody can say whether it is.
        #[must_use]
        pub fn proxy(mut self, proxy: $crate::Url) -> Self {
            self.api = self.api.with_reqwest(|reqwest| reqwest.proxy(proxy));
            self
        }

        /// Trusts this certificate as well, or several in one file: in PEM form. Call it again for another file.
        #[must_use]
        pub fn root_certificate(mut self, pem: impl ::std::convert::Into<::std::vec::Vec<u8>>) -> Self {
            self.api = self.api.with_reqwest(|reqwest| reqwest.root_certificate(pem));
            self
        }

        /// Carries the requests with this client of reqwest. Its own settings count: `connect_timeout`, `proxy` and
        /// `root_certificate` beside it are refused by `build`, and its total timeout counts unless `timeout` is set.
        ///
        /// **Build it with `redirect::Policy::none()`.** reqwest follows redirects by itself, and takes the token along to the other
        /// host. Whether a client does cannot be asked; where one has, the answer is an error that says so, but the token has gone.
        ///
        /// Files do not go over it: they are fetched by a client that knows public addresses only, no proxy and no redirect.
        #[must_use]
        pub fn http_client(mut self, client: $crate::reqwest::Client) -> Self {
            self.api = self.api.with_reqwest(|reqwest| reqwest.http_client(client));
            self
        }
    };
}

/// The settings of the default transport: there is none.
#[cfg(not(feature = "reqwest"))]
#[doc(hidden)]
#[macro_export]
macro_rules! reqwest_settings {
    () => {};
}
