//! Where requests go.

use http::Uri;
use http::header::{HeaderName, HeaderValue};
use http::uri::{Authority, InvalidUri, Parts, PathAndQuery, Scheme};

use crate::endpoint::Endpoint;
use crate::error::BoxError;

/// An endpoint, taken apart so that it is parsed once a call.
#[derive(Debug)]
pub(super) struct Target {
    scheme: Scheme,
    authority: Authority,
    /// Without a slash at its end.
    base_path: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The region to sign for, where the endpoint has one of its own.
    signing_region: Option<String>,
}

impl Target {
    pub(super) fn new(endpoint: Endpoint) -> Result<Self, BoxError> {
        let signing_region = endpoint
            .auth_schemes()
            .find(|scheme| scheme.name() == "sigv4")
            .and_then(|scheme| scheme.signing_region().map(ToOwned::to_owned));
        let mut headers = Vec::with_capacity(endpoint.headers.len());
        for (name, value) in endpoint.headers {
            headers.push((
                HeaderName::try_from(name.as_ref())?,
                HeaderValue::try_from(value)?,
            ));
        }
        let parts = Uri::try_from(endpoint.url)?.into_parts();
        let base_path = parts.path_and_query.as_ref().map_or("", PathAndQuery::path);
        let base_path = base_path.trim_end_matches('/').to_owned();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err("it has no scheme or no host".into());
        };
        Ok(Self {
            scheme,
            authority,
            base_path,
            headers,
            signing_region,
        })
    }

    /// With a prefix of the host.
    pub(super) fn with_prefix(mut self, prefix: &str) -> Result<Self, BoxError> {
        if !prefix.is_empty() {
            self.authority = Authority::try_from(format!("{prefix}{}", self.authority))?;
        }
        Ok(self)
    }

    pub(super) fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    pub(super) fn authority(&self) -> &Authority {
        &self.authority
    }

    pub(super) fn signing_region(&self) -> Option<&str> {
        self.signing_region.as_deref()
    }

    /// Completes a request whose URI is a path and query.
    pub(super) fn address(&self, request: &mut http::request::Parts) -> Result<(), http::Error> {
        request.uri = self.join(std::mem::take(&mut request.uri))?;
        for (name, value) in &self.headers {
            request.headers.append(name, value.clone());
        }
        Ok(())
    }

    fn join(&self, relative: Uri) -> Result<Uri, http::Error> {
        let relative = relative.into_parts().path_and_query;
        let mut parts = Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(match relative {
            Some(relative) if self.base_path.is_empty() => relative,
            Some(relative) => self.under_base(relative.as_str())?,
            None => self.under_base("/")?,
        });
        Ok(Uri::from_parts(parts)?)
    }

    fn under_base(&self, relative: &str) -> Result<PathAndQuery, InvalidUri> {
        [self.base_path.as_str(), relative].concat().try_into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::Property;

    fn join(base: &str, relative: &'static str) -> String {
        let target = Target::new(Endpoint::new(base)).unwrap();
        target.join(Uri::from_static(relative)).unwrap().to_string()
    }

    /// A base path goes before the operation's, with one slash between.
    #[test]
    fn joins_paths() {
        assert_eq!(join("https://a", "/v1?x=1"), "https://a/v1?x=1");
        assert_eq!(join("https://a/", "/v1"), "https://a/v1");
        assert_eq!(join("http://a:1/base/", "/v1?x"), "http://a:1/base/v1?x");
        assert_eq!(join("http://a/base", "/"), "http://a/base/");
    }

    /// What a rule set could give by mistake is an error.
    #[test]
    fn refuses_what_is_no_endpoint() {
        for url in ["", "/path", "host", "https://", "https://a b"] {
            assert!(Target::new(Endpoint::new(url)).is_err(), "{url}");
        }
        let broken = Endpoint::new("https://a").header("x", "a\nb");
        assert!(Target::new(broken).is_err());
    }

    /// A prefix becomes part of the host and of nothing else.
    #[test]
    fn prefixes_hosts() {
        let prefixed = |prefix| {
            let target = Target::new(Endpoint::new("https://a.example:1/base"))?;
            let uri = target.with_prefix(prefix)?.join(Uri::from_static("/v1"))?;
            Ok::<_, BoxError>(uri.to_string())
        };
        assert_eq!(prefixed("").unwrap(), "https://a.example:1/base/v1");
        assert_eq!(
            prefixed("data.").unwrap(),
            "https://data.a.example:1/base/v1"
        );
        assert!(prefixed("a/").is_err());
    }

    /// Headers and the signing region of a rule set reach the request.
    #[test]
    fn an_endpoint_has_its_say() {
        let scheme = Property::object([
            ("name", Property::from("sigv4")),
            ("signingRegion", Property::from("us-east-1")),
        ]);
        let endpoint = Endpoint::new("https://a")
            .header("x-route", "blue")
            .property("authSchemes", Property::array([scheme]));
        let target = Target::new(endpoint).unwrap();
        assert_eq!(target.signing_region(), Some("us-east-1"));
        let (mut parts, ()) = http::Request::new(()).into_parts();
        target.address(&mut parts).unwrap();
        assert_eq!(parts.headers["x-route"], "blue");
        assert_eq!(parts.uri, "https://a/");
    }
}
