//! Who one is signed in as.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::error::{Error, ErrorKind};

/// How far the clocks of this machine and of whoever gave a token may differ.
const CLOCK_SKEW: Duration = Duration::from_secs(300);

/// Who one is signed in as, as far as it is known: for people to see, never for a decision.
///
/// It is read from the access token where that is a JWT that can be read. What it does not say is what the credential knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    tenant_id: Option<String>,
    client_id: Option<String>,
    actor: Option<Actor>,
    account: Option<String>,
    scopes: Option<String>,
    expires_on: Option<SystemTime>,
}

/// On whose behalf one acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person's, by way of an application.
    Person,
    /// The application's own.
    Application,
}

impl Identity {
    /// What a credential knows.
    pub(crate) fn known(
        tenant_id: Option<&str>,
        client_id: Option<&str>,
        actor: Option<Actor>,
    ) -> Self {
        Self {
            tenant_id: tenant_id.map(str::to_owned),
            client_id: client_id.map(str::to_owned),
            actor,
            ..Self::default()
        }
    }

    /// What an access token says, and else what is known without it. The token is neither verified nor kept.
    pub(crate) fn read(token: &str, known: &Self, expires_on: Option<SystemTime>) -> Self {
        let claims = claims(token).unwrap_or_default();
        let first = |names: &[&str]| names.iter().find_map(|name| text(&claims[*name]));
        Self {
            tenant_id: first(&["tid"]).or_else(|| known.tenant_id.clone()),
            client_id: first(&["appid", "azp"]).or_else(|| known.client_id.clone()),
            actor: actor(&claims).or(known.actor),
            account: first(&["upn", "preferred_username", "unique_name"]),
            scopes: first(&["scp"]).or_else(|| roles(&claims["roles"])),
            expires_on: time(&claims["exp"]).or(expires_on),
        }
    }

    /// The tenant's id.
    pub fn tenant_id(&self) -> Option<&str> {
        self.tenant_id.as_deref()
    }

    /// The application's id.
    pub fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// On whose behalf one acts.
    pub fn actor(&self) -> Option<Actor> {
        self.actor
    }

    /// The person's name for signing in, like `megan@contoso.com`; None for an application on its own.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The permissions with a space between them: those of a person by way of an application, else the application's own.
    pub fn scopes(&self) -> Option<&str> {
        self.scopes.as_deref()
    }

    /// When the access token expires.
    pub fn expires_on(&self) -> Option<SystemTime> {
        self.expires_on
    }

    /// Refuses a token that has certainly expired.
    pub(crate) fn check_expiry(&self, now: SystemTime) -> Result<(), Error> {
        let expired = |end: &SystemTime| {
            now.duration_since(*end)
                .is_ok_and(|since| since > CLOCK_SKEW)
        };
        match self.expires_on.filter(expired) {
            None => Ok(()),
            Some(end) => Err(Error::new(
                ErrorKind::TokenUnavailable,
                format!(
                    "The access token expired on {}, and there is no other one.",
                    httpdate::fmt_http_date(end)
                ),
            )),
        }
    }
}

/// How long an access token lives from now on, where it is a JWT that says so.
pub(crate) fn lifetime(token: &str) -> Option<Duration> {
    let end = time(&claims(token)?["exp"])?;
    Some(end.duration_since(SystemTime::now()).unwrap_or_default())
}

/// The claims of a JWT (RFC 7519): three parts, the second of them JSON.
fn claims(token: &str) -> Option<Value> {
    let [_, payload, _] = token.split('.').collect::<Vec<_>>().try_into().ok()?;
    let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?;
    serde_json::from_slice(&payload).ok()
}

/// Source: <https://learn.microsoft.com/entra/identity-platform/optional-claims-reference>, on `idtyp`
fn actor(claims: &Value) -> Option<Actor> {
    match claims["idtyp"].as_str() {
        Some("user") => Some(Actor::Person),
        Some("app") => Some(Actor::Application),
        _ if text(&claims["scp"]).is_some() => Some(Actor::Person),
        _ => roles(&claims["roles"]).and(Some(Actor::Application)),
    }
}

fn text(claim: &Value) -> Option<String> {
    let text = claim.as_str().filter(|text| !text.is_empty())?;
    Some(text.to_owned())
}

fn roles(claim: &Value) -> Option<String> {
    let roles: Vec<&str> = claim.as_array()?.iter().filter_map(Value::as_str).collect();
    (!roles.is_empty()).then(|| roles.join(" "))
}

/// A NumericDate: seconds since 1970.
fn time(claim: &Value) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_secs(claim.as_u64()?))
}

#[cfg(test)]
mod tests {
    use super::{Actor, Identity, lifetime};
    use crate::error::ErrorKind;
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    fn read(claims: &str) -> Identity {
        let payload = BASE64_URL_SAFE_NO_PAD.encode(claims);
        Identity::read(&format!("e30.{payload}.c2ln"), &Identity::default(), None)
    }

    #[test]
    fn a_persons_token_is_read() {
        let identity = read(
            r#"{"tid":"t","appid":"a","upn":"megan@contoso.com","unique_name":"other","scp":"CloudPC.ReadWrite.All openid","roles":["x"],"exp":100}"#,
        );
        assert_eq!(identity.tenant_id(), Some("t"));
        assert_eq!(identity.client_id(), Some("a"));
        assert_eq!(identity.account(), Some("megan@contoso.com"));
        assert_eq!(identity.scopes(), Some("CloudPC.ReadWrite.All openid"));
        let expires_on = UNIX_EPOCH + Duration::from_secs(100);
        assert_eq!(identity.expires_on(), Some(expires_on));
    }

    #[test]
    fn an_applications_token_is_read() {
        let identity = read(r#"{"azp":"a","roles":["CloudPC.Read.All","CloudPC.ReadWrite.All"]}"#);
        assert_eq!(identity.client_id(), Some("a"));
        assert_eq!(identity.account(), None);
        let scopes = "CloudPC.Read.All CloudPC.ReadWrite.All";
        assert_eq!(identity.scopes(), Some(scopes));
    }

    #[test]
    fn a_token_says_on_whose_behalf_one_acts() {
        for (claims, actor) in [
            (r#"{"scp":"openid","roles":["x"]}"#, Some(Actor::Person)),
            (r#"{"roles":["x"]}"#, Some(Actor::Application)),
            (r#"{"idtyp":"user","roles":["x"]}"#, Some(Actor::Person)),
            (r#"{"idtyp":"app"}"#, Some(Actor::Application)),
            (
                r#"{"idtyp":"device","roles":["x"]}"#,
                Some(Actor::Application),
            ),
            (r#"{"idtyp":"device"}"#, None),
            (r#"{"upn":"megan@contoso.com"}"#, None),
        ] {
            assert_eq!(read(claims).actor(), actor, "{claims}");
        }
    }

    #[test]
    fn other_names_of_an_account_are_read() {
        let named = [
            r#"{"preferred_username":"a","unique_name":"b"}"#,
            r#"{"upn":"","unique_name":"a"}"#,
        ];
        for claims in named {
            assert_eq!(read(claims).account(), Some("a"), "{claims}");
        }
    }

    #[test]
    fn a_token_says_how_long_it_lives() {
        let token = |exp: u64| {
            let payload = BASE64_URL_SAFE_NO_PAD.encode(format!(r#"{{"exp":{exp}}}"#));
            format!("e30.{payload}.c2ln")
        };
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("after 1970");
        let left = lifetime(&token(now.as_secs() + 1000)).expect("a lifetime");
        assert!((990..=1000).contains(&left.as_secs()), "{left:?}");
        assert_eq!(lifetime(&token(1)), Some(Duration::ZERO));
        assert_eq!(lifetime("opaque"), None);
    }

    #[test]
    fn a_token_has_expired_five_minutes_after_its_end() {
        let identity = read(r#"{"exp":1000000000}"#);
        let check = |now| identity.check_expiry(UNIX_EPOCH + Duration::from_secs(now));
        check(1_000_000_300).expect("the clocks may differ");
        let error = check(1_000_000_301).expect_err("it has expired");
        assert_eq!(error.kind(), ErrorKind::TokenUnavailable);
        let told =
            "The access token expired on Sun, 09 Sep 2001 01:46:40 GMT, and there is no other one.";
        assert_eq!(error.message(), told);
    }

    #[test]
    fn claims_of_another_kind_are_left_out() {
        for claims in [
            "",
            "[]",
            "null",
            r#"{"tid":7,"appid":{},"upn":[],"scp":null,"roles":"x","exp":"soon"}"#,
            r#"{"roles":[7],"exp":-1}"#,
            r#"{"exp":18446744073709551615}"#,
        ] {
            assert_eq!(read(claims), Identity::default(), "{claims}");
        }
    }

    #[test]
    fn of_an_opaque_token_there_is_what_is_known() {
        let known = Identity::known(Some("t"), None, Some(Actor::Application));
        let end = UNIX_EPOCH + Duration::from_secs(7);
        for token in ["opaque", "a.b", "a.b.c", "....", "e30.%%%.x"] {
            let identity = Identity::read(token, &known, Some(end));
            assert_eq!(identity.tenant_id(), Some("t"), "{token}");
            assert_eq!(identity.actor(), Some(Actor::Application), "{token}");
            assert_eq!(identity.expires_on(), Some(end), "{token}");
        }
    }
}
