//! The ways to the endpoint: straight, or through a proxy. One pool of connections for each.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::proxy::{self, Proxy};
use crate::tls;
use crate::transport::Transport;

/// How many proxies of single updates keep their pool of connections.
const MAX_ROUTES: usize = 8;

/// The way of a client's updates, and the ways of updates with a proxy of their own.
pub(crate) struct Routes {
    plan: Plan,
    usual: Transport,
    // reqwest takes its proxy once and for all, so each proxy has a client of its own.
    others: Mutex<Vec<(Proxy, Transport)>>,
}

/// What every way has in common.
pub(crate) struct Plan {
    pub(crate) endpoint: Endpoint,
    pub(crate) roots: Vec<CertificateDer<'static>>,
    pub(crate) connect_timeout: Duration,
}

impl Routes {
    /// Opens the usual way: through `proxy`, else through the environment's, else straight.
    pub(crate) fn new(plan: Plan, proxy: Option<&Proxy>) -> Result<Self, Error> {
        let usual = match proxy {
            Some(proxy) => plan.open(Some(proxy))?,
            None => plan.open(proxy::of_environment(&plan.endpoint)?.as_ref())?,
        };
        let others = Mutex::default();
        Ok(Self {
            plan,
            usual,
            others,
        })
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.plan.endpoint
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
        let transport = self.plan.open(Some(proxy))?;
        if others.len() == MAX_ROUTES {
            others.remove(0);
        }
        others.push((proxy.clone(), transport.clone()));
        Ok(transport)
    }
}

impl Plan {
    fn open(&self, proxy: Option<&Proxy>) -> Result<Transport, Error> {
        if let Some(proxy) = proxy {
            proxy.check_for(&self.endpoint)?;
        }
        let tls = self.tls(proxy)?;
        Transport::new(&self.endpoint, tls, proxy, self.connect_timeout)
    }

    fn tls(&self, proxy: Option<&Proxy>) -> Result<ClientConfig, Error> {
        if !self.endpoint.is_https() && !proxy.is_some_and(Proxy::is_https) {
            return tls::no_trust_config();
        }
        match self.roots.is_empty() {
            true => tls::platform_config(),
            false => tls::config_with_roots(&self.roots),
        }
    }
}
