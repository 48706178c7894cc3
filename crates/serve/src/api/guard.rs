//! Who may ask at all: requests by the server's own names and from its own pages. And what browsers are told of every answer.

use crate::app::{ServeSettings, SharedApp};
use crate::error::ServeError;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What pages may load: from this server alone.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; img-src 'self' data: blob:; \
                      style-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'; object-src 'none'";

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Refuses requests by other names and from other pages, and tells browsers what to keep to.
pub(super) async fn guard(State(app): State<SharedApp>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = match check(&app.settings, request.method(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    response
}

/// The name of a host without its port, lower case.
fn name_of(host: &str) -> String {
    let host = host.to_lowercase();
    // an address of IPv6 has colons of its own, within brackets
    match host.rfind(':') {
        Some(at) if !host.ends_with(']') => host[..at].to_owned(),
        _ => host,
    }
}

fn check(settings: &ServeSettings, method: &Method, headers: &HeaderMap) -> Result<(), ServeError> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let host = text(header::HOST).unwrap_or_default();
    if !settings.hosts.iter().any(|known| *known == name_of(host)) {
        return Err(ServeError::Forbidden(format!("this server is not called '{}'", host.escape_default())));
    }
    if let Some(origin) = text(header::ORIGIN) {
        let from = origin.split_once("://").map_or("", |(_, from)| from);
        let is_own = if settings.behind_proxy {
            name_of(from) == name_of(host)
        } else {
            from.eq_ignore_ascii_case(host)
        };
        if !is_own {
            return Err(ServeError::Forbidden("requests from pages of others are refused".to_owned()));
        }
    }
    let site = text(HeaderName::from_static("sec-fetch-site")).unwrap_or("same-origin");
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    let is_visit = is_read && text(HeaderName::from_static("sec-fetch-mode")) == Some("navigate");
    if !matches!(site, "same-origin" | "none") && !is_visit {
        return Err(ServeError::Forbidden("requests from pages of others are refused".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(method: Method, pairs: &[(&str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        check(&ServeSettings::default(), &method, &headers).is_ok()
    }

    #[test]
    fn only_own_names_and_own_pages_are_answered() {
        let local = ("host", "localhost:8080");
        assert!(checked(Method::GET, &[local]));
        assert!(checked(Method::GET, &[("host", "127.0.0.1:1")]));
        assert!(checked(Method::GET, &[("host", "[::1]:8080")]));
        assert!(!checked(Method::GET, &[]));
        assert!(!checked(Method::GET, &[("host", "evil.example:8080")]));
        assert!(!checked(Method::GET, &[("host", "localhost.evil.example")]));
        assert!(checked(Method::POST, &[local, ("origin", "http://localhost:8080")]));
        assert!(!checked(Method::POST, &[local, ("origin", "http://localhost:9090")]));
        assert!(!checked(Method::POST, &[local, ("origin", "http://evil.example")]));
        assert!(!checked(Method::POST, &[local, ("origin", "null")]));
        assert!(!checked(Method::GET, &[local, ("sec-fetch-site", "cross-site")]));
        assert!(checked(
            Method::GET,
            &[local, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")]
        ));
        assert!(!checked(
            Method::POST,
            &[local, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")]
        ));
    }
}
