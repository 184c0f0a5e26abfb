//! Whether a request came through a proxy: one on this machine makes whoever asks it look like somebody of this machine.

use axum::http::HeaderMap;

/// What a proxy says of itself, or of whom it asks for; further ones begin with `x-forwarded-`.
const SAID_BY_PROXIES: [&str; 6] =
    ["forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip"];

/// Whether a proxy has passed this on, as far as proxies say so.
pub(super) fn came_through_proxy(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        name.starts_with("x-forwarded-") || SAID_BY_PROXIES.contains(&name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_proxy_adds_is_noticed_and_what_a_browser_says_is_not() {
        for name in ["Forwarded", "Via", "X-Forwarded-For", "x-forwarded-proto", "X-Real-IP"] {
            let headers: HeaderMap = [(name.parse().unwrap(), "a".parse().unwrap())].into_iter().collect();
            assert!(came_through_proxy(&headers), "{name}");
        }
        for name in ["host", "accept", "cookie", "referer", "viable", "x-forward"] {
            let headers: HeaderMap =
                [(name.parse::<axum::http::HeaderName>().unwrap(), "a".parse().unwrap())]
                    .into_iter()
                    .collect();
            assert!(!came_through_proxy(&headers), "{name}");
        }
    }
}
