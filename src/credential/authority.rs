//! A tenant at a sign-in service.

use reqwest::Url;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use crate::cloud::Cloud;
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};

/// What stands for a tenant where any will do.
const ANY_TENANT: [&str; 2] = ["organizations", "common"];

/// A tenant at a sign-in service.
#[derive(Clone, Debug)]
pub struct Authority {
    host: Endpoint,
    tenant: String,
}

impl Authority {
    /// A tenant of a cloud: its GUID, or one of its domains.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the tenant is neither.
    pub fn new(cloud: Cloud, tenant: &str) -> Result<Self, Error> {
        Self::at(cloud.authority(), tenant)
    }

    /// A tenant at a sign-in service of one's own, an https origin.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the host is no https origin, or the tenant is neither a GUID nor a domain.
    pub fn at(host: &str, tenant: &str) -> Result<Self, Error> {
        Self::of(check_host(host)?, tenant)
    }

    /// A tenant at a sign-in service that was checked.
    pub(super) fn of(host: Endpoint, tenant: &str) -> Result<Self, Error> {
        check_tenant(tenant)?;
        let tenant = tenant.to_owned();
        Ok(Self { host, tenant })
    }

    /// Where people sign in: a tenant as in [`Authority::at`], `organizations` for the tenant of whoever signs in, or `common` for
    /// personal accounts too.
    ///
    /// # Errors
    ///
    /// As [`Authority::at`].
    pub fn for_people(host: &str, tenant: &str) -> Result<Self, Error> {
        let host = check_host(host)?;
        if !ANY_TENANT.contains(&tenant) {
            check_tenant(tenant)?;
        }
        let tenant = tenant.to_owned();
        Ok(Self { host, tenant })
    }

    pub(super) fn host(&self) -> &Endpoint {
        &self.host
    }

    /// The tenant's id, where it is named by it.
    pub(super) fn tenant_id(&self) -> Option<&str> {
        Some(self.tenant.as_str()).filter(|tenant| is_guid(tenant))
    }

    /// Where tokens are asked for.
    pub(super) fn token_url(&self) -> Url {
        self.url("token")
    }

    /// Where device codes are asked for.
    pub(super) fn device_code_url(&self) -> Url {
        self.url("devicecode")
    }

    fn url(&self, endpoint: &str) -> Url {
        let Self { host, tenant } = self;
        Url::parse(&format!("{host}/{tenant}/oauth2/v2.0/{endpoint}"))
            .expect("an origin and a checked tenant make a URL")
    }
}

pub(super) fn check_host(host: &str) -> Result<Endpoint, Error> {
    let host = Endpoint::parse(host)
        .map_err(|error| error.retold(|told| format!("The authority cannot be used. {told}")))?;
    match host.is_https() {
        true => Ok(host),
        false => Err(invalid(format!("The authority {host} must be https."))),
    }
}

pub(super) fn check_tenant(tenant: &str) -> Result<(), Error> {
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_domain = tenant.contains('.') && tenant.split('.').all(is_label);
    match is_domain || is_guid(tenant) {
        true => Ok(()),
        false => Err(invalid(format!(
            "The tenant id \"{}\" is neither a GUID nor a domain.",
            tenant.escape_debug()
        ))),
    }
}

/// Checks an id that is named so, like `client id`.
pub(super) fn check_guid(name: &str, id: &str) -> Result<(), Error> {
    match is_guid(id) {
        true => Ok(()),
        false => Err(invalid(format!(
            "The {name} \"{}\" is no GUID.",
            id.escape_debug()
        ))),
    }
}

/// The form with hyphens alone: URLs and forms get it as it is.
pub(super) fn is_guid(text: &str) -> bool {
    text.len() == Hyphenated::LENGTH && Uuid::try_parse(text).is_ok()
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}
