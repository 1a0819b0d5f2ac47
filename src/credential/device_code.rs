//! A person who signs in elsewhere, with a code (RFC 8628).
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::asker::{Asker, Role};
use super::authority::{self, Authority};
use super::entra::{self, Form, Grant, Service};
use super::{AccessToken, TokenFuture, TokenRequest, TokenSource};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::identity::{Actor, Identity};
use crate::response::Response;
use crate::route::{Connector, Routes};
use crate::secret::Secret;
use crate::sign_in;

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The time between two questions, unless the service says another (RFC 8628 section 3.2).
const INTERVAL: Duration = Duration::from_secs(5);

/// How much longer it becomes when the service asks for it (RFC 8628 section 3.5).
const SLOWER: Duration = Duration::from_secs(5);

/// The errors that only a person can mend.
const PERSON_NEEDED: [&str; 4] = [
    "invalid_grant",
    "interaction_required",
    "consent_required",
    "login_required",
];

/// An application by way of which people sign in.
#[derive(Clone)]
pub(super) struct DeviceCode {
    authority: Authority,
    client_id: String,
}

impl DeviceCode {
    pub(super) fn new(authority: Authority, client_id: &str) -> Result<Self, Error> {
        authority::check_guid("client id", client_id)?;
        let client_id = client_id.to_owned();
        Ok(Self {
            authority,
            client_id,
        })
    }

    pub(super) fn known(&self) -> Identity {
        Identity::known(
            self.authority.tenant_id(),
            Some(&self.client_id),
            Some(Actor::Person),
        )
    }

    pub(super) fn open(&self, connector: &Connector) -> Result<Arc<dyn TokenSource>, Error> {
        Ok(Arc::new(Opened {
            application: self.clone(),
            routes: connector.open(self.authority.host().clone())?,
            person: Mutex::default(),
        }))
    }
}

struct Opened {
    application: DeviceCode,
    routes: Routes,
    person: Mutex<Person>,
}

/// Who signed in last.
#[derive(Clone, Default)]
enum Person {
    #[default]
    Nobody,
    /// The person's refresh token.
    SignedIn(Secret),
    /// Why the service wants the person again.
    Refused(String),
}

impl TokenSource for Opened {
    fn fetch<'a>(&'a self, request: TokenRequest, asker: &'a Asker) -> TokenFuture<'a> {
        Box::pin(async move {
            let service = Service {
                routes: &self.routes,
                proxy: asker.proxy.as_ref(),
                limit: asker.limit,
                who: "The sign-in with a device code",
            };
            let conversation = Conversation {
                opened: self,
                service,
                request,
            };
            conversation.token(asker).await
        })
    }

    fn asks_person(&self) -> bool {
        true
    }

    fn place(&self) -> Option<&Endpoint> {
        Some(self.routes.endpoint())
    }
}

impl Opened {
    fn person(&self) -> MutexGuard<'_, Person> {
        self.person.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What it takes to get one token.
struct Conversation<'a> {
    opened: &'a Opened,
    service: Service<'a>,
    request: TokenRequest,
}

/// A code that was given out.
struct Code {
    device_code: Secret,
    message: String,
    lifetime: Duration,
    interval: Duration,
}

impl Conversation<'_> {
    async fn token(&self, asker: &Asker) -> Result<AccessToken, Error> {
        let is_sign_in = asker.role == Role::SignIn;
        let refreshed = self.within_limit(self.refresh()).await?;
        let grant = match refreshed {
            Refreshed::Granted(grant) => grant,
            Refreshed::PersonNeeded(_) if is_sign_in => self.ask_person(asker).await?,
            Refreshed::PersonNeeded(why) => return Err(self.service.failed(&why)),
        };
        if let Some(refresh_token) = grant.refresh_token {
            *self.opened.person() = Person::SignedIn(refresh_token);
        }
        Ok(grant.token)
    }

    /// Gets a token for the person who signed in before.
    async fn refresh(&self) -> Result<Refreshed, Error> {
        let person = self.opened.person().clone();
        let refresh_token = match person {
            Person::SignedIn(refresh_token) => refresh_token,
            Person::Nobody => {
                let why = "nobody has signed in. Sign in first.".to_owned();
                return Ok(Refreshed::PersonNeeded(why));
            }
            Person::Refused(why) => return Ok(Refreshed::PersonNeeded(why)),
        };
        let form = self
            .form()
            .with("grant_type", "refresh_token")
            .with("refresh_token", refresh_token.expose());
        let response = self.ask(form).await?;
        if is_person_needed(&response) {
            let why = format!("{} Sign in again.", entra::refusal(&response));
            // Kept, since it may not be told now: a token that is good still is used on.
            *self.opened.person() = Person::Refused(why.clone());
            return Ok(Refreshed::PersonNeeded(why));
        }
        self.service.grant(&response).map(Refreshed::Granted)
    }

    /// Shows the person a code, and waits until they have signed in with it.
    async fn ask_person(&self, asker: &Asker) -> Result<Grant, Error> {
        let code = self.within_limit(self.code()).await?;
        asker.progress.show(code.message.clone());
        tokio::time::timeout(code.lifetime, self.redeem(&code))
            .await
            .unwrap_or_else(|_| Err(self.service.failed("the code has expired. Sign in again.")))
    }

    /// Does what is not a person's part.
    async fn within_limit<T>(
        &self,
        part: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        sign_in::within(
            self.service.limit,
            Some(self.opened.routes.endpoint()),
            part,
        )
        .await
    }

    async fn code(&self) -> Result<Code, Error> {
        let url = self.opened.application.authority.device_code_url();
        let response = self.service.post(&url, self.form()).await?;
        if response.status() != 200 {
            return Err(self.service.refused(&response));
        }
        read_code(response.body())
            .ok_or_else(|| self.service.failed("the answer has no device code."))
    }

    /// Asks again and again whether the person has signed in.
    async fn redeem(&self, code: &Code) -> Result<Grant, Error> {
        let mut interval = code.interval;
        loop {
            tokio::time::sleep(interval).await;
            let form = self
                .form()
                .with("grant_type", DEVICE_CODE)
                .with("device_code", code.device_code.expose());
            // The person may be at it: an answer that does not come is no reason to give the code up (RFC 8628 section 3.5).
            let Ok(response) = self.within_limit(self.ask(form)).await else {
                interval += SLOWER;
                continue;
            };
            match entra::error_code(&response).as_deref() {
                Some("authorization_pending") => {}
                Some("slow_down") => interval += SLOWER,
                _ => return self.service.grant(&response),
            }
        }
    }

    async fn ask(&self, form: Form) -> Result<Response, Error> {
        let url = self.opened.application.authority.token_url();
        self.service.post(&url, form).await
    }

    /// What all requests have in common.
    fn form(&self) -> Form {
        Form::default()
            .with("client_id", &self.opened.application.client_id)
            .with("scope", &format!("{} offline_access", self.request.scope))
            .with_claims(&self.request)
    }
}

enum Refreshed {
    Granted(Grant),
    /// Why, unless a person can be asked.
    PersonNeeded(String),
}

fn is_person_needed(response: &Response) -> bool {
    entra::error_code(response).is_some_and(|code| PERSON_NEEDED.contains(&code.as_str()))
}

fn read_code(body: &[u8]) -> Option<Code> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let text = |name: &str| answer[name].as_str();
    let time = |name: &str| entra::seconds(&answer[name]).map(Duration::from_secs);
    let message = match text("message") {
        Some(message) => message.to_owned(),
        None => format!(
            "To sign in, open the page {} and enter the code {}.",
            text("verification_uri")?,
            text("user_code")?
        ),
    };
    Some(Code {
        device_code: Secret::new(text("device_code")?),
        message,
        lifetime: time("expires_in")?,
        interval: time("interval")
            .filter(|interval| !interval.is_zero())
            .unwrap_or(INTERVAL),
    })
}
