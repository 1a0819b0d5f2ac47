//! The proxy that requests go through.

use std::fmt;

use hyper_util::client::proxy::matcher::Matcher;
use percent_encoding::percent_decode_str;
use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::endpoint::{Endpoint, is_loopback};
use crate::environment::Environment;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

const SCHEMES: [&str; 5] = ["http", "https", "socks4", "socks5", "socks5h"];

/// The longest user name and password that SOCKS 5 can carry, in bytes (RFC 1929 section 2).
const MAX_SOCKS_LOGIN: usize = 255;

/// A proxy: its address, and the credentials that it wants.
///
/// `Debug` shows neither user name nor password.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    url: Url,
    credentials: Option<Credentials>,
}

#[derive(Clone, PartialEq, Eq)]
enum Credentials {
    Login {
        user: Secret,
        password: Secret,
    },
    /// The value of `Proxy-Authorization`, as the environment's settings are read.
    Header(HeaderValue),
}

impl Credentials {
    fn login(user: &str, password: &str) -> Self {
        Self::Login {
            user: Secret::new(user),
            password: Secret::new(password),
        }
    }
}

impl Proxy {
    /// Reads the address of a proxy, like `http://proxy.example:8080`. Schemes: http, https, socks4, socks5, socks5h (names are
    /// resolved by the proxy). Credentials may stand in it (`http://user:password@proxy.example:8080`).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if it is no such address. The message does not show it: it may hold a password.
    pub fn parse(address: &str) -> Result<Self, Error> {
        let mut url = Url::parse(address)
            .map_err(|error| invalid(format!("The proxy's address is not a URL: {error}.")))?;
        let is_address = SCHEMES.contains(&url.scheme())
            && url.host_str().is_some_and(|host| !host.is_empty())
            && matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none();
        if !is_address {
            return Err(invalid(
                "The proxy's address must be like http://proxy.example:8080 (http, https, socks4, socks5 or socks5h; no path).",
            ));
        }
        let decoded = |text| {
            percent_decode_str(text)
                .decode_utf8()
                .map_err(|_| invalid("The credentials in the proxy's address are not UTF-8."))
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, password) => Some(Credentials::login(
                &decoded(user)?,
                &decoded(password.unwrap_or_default())?,
            )),
        };
        let bare = url.set_username("").and_then(|()| url.set_password(None));
        bare.map_err(|()| invalid("The proxy's address cannot carry credentials."))?;
        Ok(Self { url, credentials })
    }

    /// Signs in to the proxy with Basic, in place of credentials in its address.
    pub fn with_credentials(mut self, user: &str, password: &str) -> Self {
        self.credentials = Some(Credentials::login(user, password));
        self
    }

    /// Refuses a proxy on another machine for an endpoint on this one: the token would go there in plain text.
    pub(crate) fn check_for(&self, endpoint: &Endpoint) -> Result<(), Error> {
        match endpoint.is_https() || is_loopback(&self.url) {
            true => Ok(()),
            false => Err(invalid(format!(
                "Requests to {endpoint} are plain http and hold a token, so they cannot go through the proxy {self} on another machine."
            ))),
        }
    }

    fn is_over_socks_limit(&self) -> bool {
        match &self.credentials {
            Some(Credentials::Login { user, password })
                if self.url.scheme().starts_with("socks") =>
            {
                user.expose().len().max(password.expose().len()) > MAX_SOCKS_LOGIN
            }
            _ => false,
        }
    }

    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    pub(crate) fn to_reqwest(&self) -> Result<reqwest::Proxy, Error> {
        if self.is_over_socks_limit() {
            return Err(invalid(format!(
                "The proxy {self} takes a user name and a password of at most {MAX_SOCKS_LOGIN} bytes each."
            )));
        }
        let proxy = reqwest::Proxy::all(self.url.clone())
            .map_err(|_| invalid(format!("The proxy {self} cannot be used.")))?;
        Ok(match &self.credentials {
            Some(Credentials::Login { user, password }) => {
                proxy.basic_auth(user.expose(), password.expose())
            }
            Some(Credentials::Header(value)) => proxy.custom_http_auth(value.clone()),
            None => proxy,
        })
    }
}

/// The address alone.
impl fmt::Display for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.url.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Proxy({self})")
    }
}

/// The proxy that the environment names for an endpoint (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, in either case; also
/// the system's settings on Windows and macOS), or None where requests go straight.
pub(crate) fn of_environment(
    environment: &Environment,
    endpoint: &Endpoint,
) -> Result<Option<Proxy>, Error> {
    let settings = Settings::of(environment);
    // The matcher takes `*` for every name, but not for every address.
    if settings.no.expose().trim() == "*" {
        return Ok(None);
    }
    let target = endpoint.to_string().parse().expect("an origin is a URI");
    let Some(intercept) = settings.matcher().intercept(&target) else {
        return Ok(None);
    };
    let mut proxy = Proxy::parse(&intercept.uri().to_string())
        .map_err(|error| invalid(format!("In the environment: {error}")))?;
    if let Some((user, password)) = intercept.raw_auth() {
        proxy = proxy.with_credentials(user, password);
    }
    if let Some(value) = intercept.basic_auth() {
        proxy.credentials = Some(Credentials::Header(value.clone()));
    }
    // A development proxy in the environment is no reason to refuse an endpoint on this machine.
    Ok(Some(proxy).filter(|proxy| proxy.check_for(endpoint).is_ok()))
}

/// What an environment says of proxies.
#[derive(PartialEq, Eq)]
struct Settings {
    http: Secret,
    https: Secret,
    all: Secret,
    no: Secret,
    is_cgi: bool,
}

impl Settings {
    fn of(environment: &Environment) -> Self {
        let in_either_case = |upper: &str, lower: &str| {
            let value = environment.get(upper).or_else(|| environment.get(lower));
            value.unwrap_or_else(|| Secret::new(""))
        };
        Self {
            http: in_either_case("HTTP_PROXY", "http_proxy"),
            https: in_either_case("HTTPS_PROXY", "https_proxy"),
            all: in_either_case("ALL_PROXY", "all_proxy"),
            no: in_either_case("NO_PROXY", "no_proxy"),
            is_cgi: environment.get("REQUEST_METHOD").is_some(),
        }
    }

    fn matcher(&self) -> Matcher {
        // The system's settings come with the process's environment alone.
        if *self == Self::of(&Environment::default()) {
            return Matcher::from_system();
        }
        let builder = Matcher::builder();
        if self.is_cgi {
            return builder.build();
        }
        builder
            .http(self.http.expose())
            .https(self.https.expose())
            .all(self.all.expose())
            .no(self.no.expose())
            .build()
    }
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}
