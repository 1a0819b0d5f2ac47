//! The ways to the endpoint: straight, or through a proxy. One pool of connections for each.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;

use crate::endpoint::Endpoint;
use crate::environment::Environment;
use crate::error::Error;
use crate::proxy::{self, Proxy};
use crate::retry::RetryPolicy;
use crate::tls;
use crate::transport::Transport;

/// How many proxies of single updates keep their pool of connections.
const MAX_ROUTES: usize = 8;

/// What every way of a client has in common.
#[derive(Clone)]
pub(crate) struct Connector {
    pub(crate) roots: Vec<CertificateDer<'static>>,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) environment: Environment,
    pub(crate) connect_timeout: Duration,
    pub(crate) retry: RetryPolicy,
}

impl Connector {
    /// Opens the usual way to an endpoint: through the client's proxy, else through the environment's, else straight.
    pub(crate) fn open(&self, endpoint: Endpoint) -> Result<Routes, Error> {
        let proxy = match &self.proxy {
            Some(proxy) => Some(proxy.clone()),
            None => proxy::of_environment(&self.environment, &endpoint)?,
        };
        self.open_through(endpoint, proxy.as_ref())
    }

    /// Opens the way to an endpoint that no proxy reaches.
    pub(crate) fn open_straight(&self, endpoint: Endpoint) -> Result<Routes, Error> {
        self.open_through(endpoint, None)
    }

    fn open_through(&self, endpoint: Endpoint, proxy: Option<&Proxy>) -> Result<Routes, Error> {
        Ok(Routes {
            usual: self.transport(&endpoint, proxy)?,
            others: Mutex::default(),
            connector: self.clone(),
            endpoint,
        })
    }

    fn transport(&self, endpoint: &Endpoint, proxy: Option<&Proxy>) -> Result<Transport, Error> {
        if let Some(proxy) = proxy {
            proxy.check_for(endpoint)?;
        }
        let tls = self.tls(endpoint, proxy)?;
        Transport::new(endpoint, tls, proxy, self.connect_timeout)
    }

    fn tls(&self, endpoint: &Endpoint, proxy: Option<&Proxy>) -> Result<ClientConfig, Error> {
        if !endpoint.is_https() && !proxy.is_some_and(Proxy::is_https) {
            return tls::no_trust_config();
        }
        match self.roots.is_empty() {
            true => tls::platform_config(),
            false => tls::config_with_roots(&self.roots),
        }
    }
}

/// The usual way to an endpoint, and the ways of updates with a proxy of their own.
pub(crate) struct Routes {
    endpoint: Endpoint,
    connector: Connector,
    usual: Transport,
    // reqwest takes its proxy once and for all, so each proxy has a client of its own.
    others: Mutex<Vec<(Proxy, Transport)>>,
}

impl Routes {
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(crate) fn retry_policy(&self) -> RetryPolicy {
        self.connector.retry
    }

    /// The way through this proxy, or the usual one for None.
    pub(crate) fn through(&self, proxy: Option<&Proxy>) -> Result<Transport, Error> {
        let Some(proxy) = proxy else {
            return Ok(self.usual.clone());
        };
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, transport)) = others.iter().find(|(known, _)| known == proxy) {
            return Ok(transport.clone());
        }
        let transport = self.connector.transport(&self.endpoint, Some(proxy))?;
        if others.len() == MAX_ROUTES {
            others.remove(0);
        }
        others.push((proxy.clone(), transport.clone()));
        Ok(transport)
    }
}
