//! Which requests go through a proxy, and through which.

use std::fmt;
use std::sync::Arc;

use http::Uri;
use http::header::PROXY_AUTHORIZATION;
use http::uri::{Authority, Scheme};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use crate::auth::is_confidential;
use crate::body::Body;
use crate::error::{BoxError, ConfigError};
use crate::request::set_header;

/// Which proxies to use for which hosts.
#[derive(Clone, Debug, Default)]
pub(super) struct Proxies {
    /// `None` where there are none, which is not asked again for every request.
    matcher: Option<Arc<Matcher>>,
}

impl Proxies {
    pub(super) fn none() -> Self {
        Self::default()
    }

    /// What the variables of `environment` say. Each is looked for in upper case first.
    ///
    /// # Errors
    ///
    /// A variable that holds something else than the URL of an http proxy: going past a proxy that
    /// somebody asked for would be worse.
    pub(super) fn from_environment(environment: Variables<'_>) -> Result<Self, ConfigError> {
        // Where a web server starts the program, it sets this one to what a request's `Proxy` header
        // says, which anyone may send.
        let is_cgi = environment("REQUEST_METHOD").is_some();
        let http: &[&str] = match is_cgi {
            false => &["HTTP_PROXY", "http_proxy"],
            true => &["http_proxy"],
        };
        let http = proxy(environment, http)?;
        let https = proxy(environment, &["HTTPS_PROXY", "https_proxy"])?;
        let all = proxy(environment, &["ALL_PROXY", "all_proxy"])?;
        if [&http, &https, &all].into_iter().all(String::is_empty) {
            return Ok(Self::none());
        }
        let except = first(environment, &["NO_PROXY", "no_proxy"]);
        let except = except.map(|(_, list)| list).unwrap_or_default();
        let builder = Matcher::builder().http(http).https(https).all(all);
        Ok(Self::from(builder.no(except).build()))
    }

    /// One for everything.
    ///
    /// # Errors
    ///
    /// What is not the URL of an http proxy.
    pub(super) fn of(url: &str, except: &str) -> Result<Self, ConfigError> {
        check("the URL of the proxy", url)?;
        Ok(Self::from(Matcher::builder().all(url).no(except).build()))
    }

    /// The proxy to use for `to`.
    ///
    /// None for plain http to this machine: such a request may carry a token, for nobody can read it
    /// on its way, and through a proxy somebody could.
    pub(super) fn intercept(&self, to: &Uri) -> Option<Intercept> {
        let proxy = self.matcher.as_ref()?.intercept(to)?;
        let plain = to.scheme() == Some(&Scheme::HTTP);
        (!plain || !is_confidential(to)).then_some(proxy)
    }

    /// Shows the proxy who is asking, where the request itself passes through it. A tunnel shows it
    /// when it is made.
    pub(super) fn authenticate(&self, request: &mut http::Request<Body>) {
        if request.uri().scheme() != Some(&Scheme::HTTP) {
            return;
        }
        let proxy = self.intercept(request.uri());
        if let Some(auth) = proxy.as_ref().and_then(Intercept::basic_auth) {
            set_header(request.headers_mut(), PROXY_AUTHORIZATION, auth.clone());
        }
    }
}

impl From<Matcher> for Proxies {
    fn from(matcher: Matcher) -> Self {
        Self {
            matcher: Some(Arc::new(matcher)),
        }
    }
}

/// Gives the value of the variable with this name.
///
/// Not an [`Environment`](crate::identity::Environment), which every program would then carry whole, with
/// its files and commands.
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The first of these variables that is set to something.
fn first<'a>(environment: Variables<'_>, names: &[&'a str]) -> Option<(&'a str, String)> {
    names
        .iter()
        .filter_map(|name| Some((*name, environment(name)?)))
        .find(|(_, value)| !value.is_empty())
}

fn proxy(environment: Variables<'_>, names: &[&str]) -> Result<String, ConfigError> {
    let Some((name, url)) = first(environment, names) else {
        return Ok(String::new());
    };
    check(&format!("the environment variable {name}"), &url)?;
    Ok(url)
}

/// Refuses what the matcher would silently pass over, and proxies that speak something else. The URL is
/// not shown, for it may hold a password.
fn check(what: &str, url: &str) -> Result<(), ConfigError> {
    let wrong = |why: &str| Err(ConfigError::new(format!("{what} {why}")));
    let Ok(uri) = Uri::try_from(url) else {
        return wrong("is not a URL");
    };
    match uri.scheme_str() {
        // `host:port` is what many write.
        None | Some("http") if uri.host().is_some_and(|host| !host.is_empty()) => Ok(()),
        None | Some("http") => wrong("has no host"),
        Some(_) => wrong("must begin with http://, since no other proxies are supported"),
    }
}

/// What went wrong with the proxy between.
#[derive(Debug)]
pub(super) struct ProxyFailed {
    /// The proxy, without credentials.
    proxy: Option<Authority>,
    source: BoxError,
}

impl ProxyFailed {
    pub(super) fn new(proxy: &Uri, source: impl Into<BoxError>) -> Self {
        Self {
            proxy: proxy.authority().cloned(),
            source: source.into(),
        }
    }
}

impl fmt::Display for ProxyFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not connected by the proxy")?;
        match &self.proxy {
            Some(proxy) => write!(f, " {proxy}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ProxyFailed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{Environment, MemoryEnvironment};

    fn environment(vars: &[(&str, &str)]) -> MemoryEnvironment {
        vars.iter()
            .fold(MemoryEnvironment::default(), |all, (name, value)| {
                all.with_var(*name, *value)
            })
    }

    fn from_variables(environment: &MemoryEnvironment) -> Result<Proxies, ConfigError> {
        Proxies::from_environment(&|name| environment.var(name))
    }

    /// The proxy that these variables give for this URL.
    fn proxy_for(vars: &[(&str, &str)], url: &'static str) -> Option<String> {
        let proxies = from_variables(&environment(vars)).unwrap();
        let proxy = proxies.intercept(&Uri::from_static(url));
        proxy.map(|proxy| proxy.uri().authority().unwrap().to_string())
    }

    /// Each variable in both cases is for what its name says, and the special come before the general.
    #[test]
    fn variables_say_which_proxy() {
        let (http, https) = ("http://a.example/", "https://a.example/");
        for names in [
            ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"],
            ["http_proxy", "https_proxy", "all_proxy"],
        ] {
            let [one, two, all] = names;
            let vars = [(one, "http://one:1"), (two, "http://two:2/")];
            assert_eq!(proxy_for(&vars, http).as_deref(), Some("one:1"));
            assert_eq!(proxy_for(&vars, https).as_deref(), Some("two:2"));
            let vars = [(two, "two:2"), (all, "http://all:3")];
            assert_eq!(proxy_for(&vars, http).as_deref(), Some("all:3"));
            assert_eq!(proxy_for(&vars, https).as_deref(), Some("two:2"));
        }
        let both = [("HTTPS_PROXY", "http://upper"), ("https_proxy", "lower")];
        assert_eq!(proxy_for(&both, https).as_deref(), Some("upper"));
        let empty = [("HTTPS_PROXY", ""), ("https_proxy", "lower")];
        assert_eq!(proxy_for(&empty, https).as_deref(), Some("lower"));
        assert_eq!(proxy_for(&[], https), None);
    }

    /// Names with what is below them, addresses, networks, and everything.
    #[test]
    fn exceptions_go_direct() {
        let proxied = |except, url| {
            let upper = proxy_for(&[("ALL_PROXY", "p:1"), ("NO_PROXY", except)], url);
            let lower = proxy_for(&[("all_proxy", "p:1"), ("no_proxy", except)], url);
            assert_eq!(upper, lower);
            upper.is_some()
        };
        for (except, url) in [
            ("a.example", "https://a.example/"),
            (".a.example", "https://b.a.example:8443/"),
            ("x, a.example", "https://b.a.example/"),
            ("10.0.0.0/8", "https://10.1.2.3/"),
            ("*", "https://anything.example/"),
        ] {
            assert!(!proxied(except, url), "{except} {url}");
        }
        for (except, url) in [
            ("a.example", "https://not-a.example/"),
            ("10.0.0.0/8", "https://11.1.2.3/"),
            ("", "https://a.example/"),
        ] {
            assert!(proxied(except, url), "{except} {url}");
        }
    }

    /// A request's `Proxy` header must not decide where a web server's program sends its own.
    #[test]
    fn a_request_names_no_proxy() {
        let url = "http://a.example/";
        let cgi = ("REQUEST_METHOD", "GET");
        assert_eq!(proxy_for(&[cgi, ("HTTP_PROXY", "evil:1")], url), None);
        let own = proxy_for(&[cgi, ("http_proxy", "own:1")], url);
        assert_eq!(own.as_deref(), Some("own:1"));
    }

    /// What cannot be used is said, and without the password in it, rather than gone past.
    #[test]
    fn refuses_what_is_no_proxy() {
        for url in [
            "https://me:hunter2@proxy",
            "socks5://me:hunter2@proxy",
            "http://me:hunter2@",
            "http://me:hunter2@pro xy",
            "/hunter2",
        ] {
            let variable = environment(&[("https_proxy", url)]);
            let error = from_variables(&variable).unwrap_err();
            assert!(error.to_string().contains("https_proxy"), "{error}");
            for error in [error, Proxies::of(url, "").unwrap_err()] {
                assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
            }
        }
    }

    /// User name and password are unescaped for the proxy, and shown to nobody else.
    #[test]
    fn credentials_are_for_the_proxy_alone() {
        let proxies = Proxies::of("http://me:hunter2%21@proxy:1", "").unwrap();
        assert!(!format!("{proxies:?}").contains("hunter2"), "{proxies:?}");
        let mut request = http::Request::new(Body::empty());
        *request.uri_mut() = Uri::from_static("https://a.example/");
        proxies.authenticate(&mut request);
        assert!(request.headers().is_empty());
        *request.uri_mut() = Uri::from_static("http://a.example/");
        proxies.authenticate(&mut request);
        // me:hunter2!
        let header = &request.headers()[PROXY_AUTHORIZATION];
        assert_eq!(header, "Basic bWU6aHVudGVyMiE=");
        assert!(header.is_sensitive());
    }
}
