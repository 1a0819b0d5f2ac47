//! What the token endpoint and the device code endpoint answer to a form.

use super::Entra;
use super::directory::{check_client, check_tenant};
use super::errors::Refusal;
use super::issue::Subject;
use serde_json::{Value, json};
use std::collections::HashMap;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The parameters of a request.
pub(crate) struct Form(HashMap<String, String>);

impl Form {
    pub(crate) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| {
            Refusal::request(
                "invalid_request",
                900144,
                &format!("The request body must contain the following parameter: '{name}'."),
            )
        })
    }
}

/// `POST /{tenant}/oauth2/v2.0/token`
pub(crate) fn token(entra: &Entra, tenant: &str, form: &Form) -> Result<Value, Refusal> {
    let grant = form.required("grant_type")?;
    check_tenant(tenant, grant != "client_credentials")?;
    check_client(form.required("client_id")?)?;
    match grant {
        "client_credentials" => client_credentials(entra, tenant, form),
        DEVICE_CODE => {
            let scope = entra.device_codes.redeem(form.required("device_code")?)?;
            person(entra, &scope)
        }
        "refresh_token" => refresh(entra, form),
        _ => Err(Refusal::request(
            "unsupported_grant_type",
            70003,
            &format!("The app requested an unsupported grant type '{grant}'."),
        )),
    }
}

/// `POST /{tenant}/oauth2/v2.0/devicecode`
pub(crate) fn device_code(entra: &Entra, tenant: &str, form: &Form) -> Result<Value, Refusal> {
    check_tenant(tenant, true)?;
    check_client(form.required("client_id")?)?;
    let scope = form.required("scope")?;
    audience(scope)?;
    Ok(entra.device_codes.begin(scope))
}

fn client_credentials(entra: &Entra, tenant: &str, form: &Form) -> Result<Value, Refusal> {
    match (form.get("client_secret"), form.get("client_assertion")) {
        (Some(secret), None) => entra.directory.check_secret(secret)?,
        (None, Some(assertion)) => {
            if form.required("client_assertion_type")? != ASSERTION_TYPE {
                return Err(Refusal::request(
                    "invalid_request",
                    900144,
                    "The parameter 'client_assertion_type' is not valid.",
                ));
            }
            entra
                .directory
                .check_assertion(assertion, &entra.authority, tenant)?;
        }
        _ => {
            return Err(Refusal::client(
                7000216,
                "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
            ));
        }
    }
    let scope = form.required("scope")?;
    let audience = scope.strip_suffix("/.default").ok_or_else(|| {
        Refusal::request(
            "invalid_scope",
            1002012,
            &format!(
                "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."
            ),
        )
    })?;
    Ok(access_token(entra, audience, Subject::Application))
}

fn refresh(entra: &Entra, form: &Form) -> Result<Value, Refusal> {
    let scope = entra
        .issuer
        .scope_of(form.required("refresh_token")?)
        .ok_or_else(|| {
            Refusal::request(
                "invalid_grant",
                50173,
                "The provided grant has expired due to it being revoked, a fresh auth token is needed.",
            )
        })?;
    person(entra, form.get("scope").unwrap_or(&scope))
}

/// The tokens of a person: with another refresh token each time, where the scope asks for one.
fn person(entra: &Entra, scope: &str) -> Result<Value, Refusal> {
    let mut answer = access_token(entra, &audience(scope)?, Subject::Person);
    answer["scope"] = json!(scope);
    if scope.split(' ').any(|part| part == "offline_access") {
        answer["refresh_token"] = json!(entra.issuer.refresh_token(scope));
    }
    Ok(answer)
}

fn access_token(entra: &Entra, audience: &str, subject: Subject) -> Value {
    let token = entra.issuer.access_token(audience, subject);
    json!({
        "token_type": "Bearer",
        "expires_in": token.lifetime.as_secs(),
        "ext_expires_in": token.lifetime.as_secs(),
        "access_token": token.text,
    })
}

/// The resource of the first part of a scope that names one: `https://graph.example/.default offline_access`.
fn audience(scope: &str) -> Result<String, Refusal> {
    scope
        .split(' ')
        .find_map(|part| part.rsplit_once('/'))
        .map(|(resource, _)| resource.to_owned())
        .ok_or_else(|| {
            Refusal::request(
                "invalid_scope",
                70011,
                &format!("The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid."),
            )
        })
}
