//! Who is asked, and with whose token.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderValue};
use rustls::pki_types::CertificateDer;

use crate::VERSION;
use crate::call::{Call, Retries};
use crate::cloud::Cloud;
use crate::credential::{Asker, Credential, Role, Tokens};
use crate::endpoint::Endpoint;
use crate::environment::Environment;
use crate::error::{Error, ErrorKind};
use crate::identity::Identity;
use crate::operation::{Completion, Operation};
use crate::progress::Outcome;
use crate::proxy::Proxy;
use crate::response::Response;
use crate::retry::RetryPolicy;
use crate::route::{Connector, Routes};
use crate::runtime::{self, Worker};
use crate::sign_in;
use crate::tls;
use crate::update::{CLIENT_REQUEST_ID, Update, check_timeout, fresh_request_id};

/// How long an update may take as a whole, unless it is told otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(300);

/// How long a connection may take to be made, unless it is told otherwise.
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// Gathers what a [`Client`] needs.
#[derive(Clone, Debug)]
pub struct ClientBuilder {
    endpoint: Endpoint,
    credential: Option<Credential>,
    environment: Environment,
    timeout: Duration,
    connect_timeout: Duration,
    retry: RetryPolicy,
    application: Option<String>,
    proxy: Option<Proxy>,
    roots: Vec<CertificateDer<'static>>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl ClientBuilder {
    /// A builder for the worldwide cloud, without a credential.
    pub fn new() -> Self {
        Self {
            endpoint: Cloud::Global.into(),
            credential: None,
            environment: Environment::default(),
            timeout: DEFAULT_TIMEOUT,
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            retry: RetryPolicy::default(),
            application: None,
            proxy: None,
            roots: Vec::new(),
        }
    }

    /// Asks Microsoft Graph in this cloud.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.endpoint = cloud.into();
        self
    }

    /// Asks this origin.
    pub fn endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = endpoint;
        self
    }

    /// Signs requests with this access token: short for [`Credential::token`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the text is no bearer token.
    pub fn token(self, token: &str) -> Result<Self, Error> {
        Ok(self.credential(Credential::token(token)?))
    }

    /// Signs requests with the tokens of this credential.
    pub fn credential(mut self, credential: Credential) -> Self {
        self.credential = Some(credential);
        self
    }

    /// Sees this environment in place of the process's. It counts for proxies, [`Credential::environment`],
    /// [`Credential::managed_identity`] and [`Credential::azure_cli`], and is read when the client is built, so the order of a builder's
    /// calls does not matter. Which roots the platform trusts (`SSL_CERT_FILE`) is the process's matter still.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Limits the time of an update as a whole. Default: [`DEFAULT_TIMEOUT`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the limit is zero.
    pub fn timeout(mut self, timeout: Duration) -> Result<Self, Error> {
        self.timeout = check_timeout(timeout)?;
        Ok(self)
    }

    /// Limits the time to make a connection. Default: [`DEFAULT_CONNECT_TIMEOUT`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the limit is zero.
    pub fn connect_timeout(mut self, timeout: Duration) -> Result<Self, Error> {
        self.connect_timeout = check_timeout(timeout)?;
        Ok(self)
    }

    /// Says how often an update is tried again, and after which delays; a request for a token too. Default: [`RetryPolicy::default`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How often an update is tried again, as set so far.
    pub fn retry_policy(&self) -> RetryPolicy {
        self.retry
    }

    /// Names the calling application in `User-Agent`, after the library: `contoso-agent/2.1`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the text has characters that a header cannot carry.
    pub fn application(mut self, application: &str) -> Result<Self, Error> {
        if application.is_empty()
            || !application
                .bytes()
                .all(|byte| (b' '..=b'~').contains(&byte))
        {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                "The application's name must be printable ASCII text, like contoso-agent/2.1.",
            ));
        }
        self.application = Some(application.to_owned());
        Ok(self)
    }

    /// Sends requests through this proxy. Without one, the environment counts (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, in
    /// either case, when the client is built).
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// Trusts the certificates in this PEM text as roots too, beside the platform's.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the text holds no certificate, or one that cannot be a root.
    pub fn add_root_certificate(mut self, pem: &[u8]) -> Result<Self, Error> {
        self.roots.extend(tls::parse_pem(pem)?);
        Ok(self)
    }

    /// Starts a client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AuthenticationNeeded`] if there is no credential; [`ErrorKind::InvalidArgument`] if the endpoint is plain http and the
    /// proxy stands on another machine, the proxy's login is longer than SOCKS can carry, or the environment lacks what the credential
    /// needs; [`ErrorKind::Internal`] if the worker or TLS could not be set up on this machine.
    pub fn build(&self) -> Result<Client, Error> {
        let credential = self.credential.as_ref().ok_or_else(|| {
            Error::new(
                ErrorKind::AuthenticationNeeded,
                "The client has no credential. Give it an access token, or what gets one.",
            )
        })?;
        let origin = self.endpoint.to_string();
        let connector = Connector {
            roots: self.roots.clone(),
            proxy: self.proxy.clone(),
            environment: self.environment.clone(),
            connect_timeout: self.connect_timeout,
            retry: self.retry,
        };
        let routes = connector.open(self.endpoint.clone())?;
        let tokens = Tokens::new(credential, &origin, &connector)?;
        Ok(Client(Arc::new(Inner {
            worker: Arc::new(Worker::start()?),
            routes,
            tokens: Arc::new(tokens),
            origin,
            headers: own_headers(self.application.as_deref()),
            timeout: self.timeout,
            retry: self.retry,
        })))
    }
}

/// Starts updates and sign-ins. Cheap to clone and safe to share between threads; the clones are one client.
///
/// A client owns one background thread, on which its requests run. It ends when the client's last clone and its last
/// operation are gone.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    worker: Arc<Worker>,
    routes: Routes,
    origin: String,
    headers: HeaderMap,
    tokens: Arc<Tokens>,
    timeout: Duration,
    retry: RetryPolicy,
}

impl Client {
    /// Starts an update and returns at once.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Forked`] in a process that was forked after the client was built; [`ErrorKind::InvalidArgument`] if the endpoint
    /// is plain http and the update's proxy stands on another machine, or that proxy's login is longer than SOCKS can carry.
    pub fn start(&self, update: &Update) -> Result<Operation, Error> {
        self.launch(update, Role::Update, None)
    }

    /// Starts an update and returns at once. `completion` is called exactly once, on the library's thread, when the operation has
    /// ended: also when it fails, is cancelled or is dropped. It must return soon, for other requests wait meanwhile. If this call
    /// fails it is not called.
    ///
    /// # Errors
    ///
    /// As [`Client::start`].
    pub fn start_with(&self, update: &Update, completion: Completion) -> Result<Operation, Error> {
        self.launch(update, Role::Update, Some(completion))
    }

    fn launch(
        &self,
        update: &Update,
        role: Role,
        completion: Option<Completion>,
    ) -> Result<Operation, Error> {
        let retries = Retries::default();
        let timeout = update.timeout.unwrap_or(self.0.timeout);
        let asker = Asker::new(role, update.proxy.clone(), timeout);
        let call = Call {
            url: self.0.routes.endpoint().device_image(&update.id),
            headers: self.headers_of(update),
            body: update.body.clone(),
            tokens: self.0.tokens.clone(),
            asker: asker.clone(),
            timeout,
            retry: self.0.retry,
            retries: retries.clone(),
        };
        let transport = self.0.routes.through(update.proxy.as_ref())?;
        let task = async {
            let response = call.run(transport).await?;
            Ok(Outcome::Response(Box::new(response)))
        };
        Operation::start(&self.0.worker, &asker, retries, task, completion)
    }

    /// Gets a token now, unless there is one that is good still, and returns at once. The operation ends with an [`Identity`], or with
    /// what went wrong, such as a secret that is refused. The client's time limit is its own, but for a person's part, which is limited
    /// by the life of the device code. A token that cannot be renewed is there already: nothing is sent, and whether the service accepts
    /// it is not known. One that says of itself that it expired more than five minutes ago is [`ErrorKind::TokenUnavailable`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Forked`] in a process that was forked after the client was built.
    pub fn sign_in(&self) -> Result<Operation, Error> {
        let asker = Asker::new(Role::SignIn, None, self.0.timeout);
        let sign_in = sign_in::run(self.0.tokens.clone(), asker.clone());
        let task = async { sign_in.await.map(Outcome::Identity) };
        Operation::start(&self.0.worker, &asker, Retries::default(), task, None)
    }

    /// Who one is with the access token got last: after a renewal, the new one. Before the first token, and where the token says nothing, it
    /// is what the credential knows. Nobody is asked, nothing is sent and nothing is waited for.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Forked`] in a process that was forked after the client was built.
    pub fn identity(&self) -> Result<Identity, Error> {
        self.0.worker.check_process()?;
        Ok(Identity::clone(&self.0.tokens.identity()))
    }

    /// Starts an update and waits for its end.
    ///
    /// # Errors
    ///
    /// Whatever can go wrong on the way to the server and back; see [`ErrorKind`]. [`ErrorKind::TokenUnavailable`] if it needs a token of
    /// [`Credential::host`], for which it cannot ask.
    pub fn send(&self, update: &Update) -> Result<Response, Error> {
        runtime::check_may_block()?;
        let mut operation = self.launch(update, Role::Unattended, None)?;
        while !operation.wait(Duration::MAX)? {}
        operation.take_response()
    }

    /// The origin that is asked, like `https://graph.microsoft.com`.
    pub fn endpoint(&self) -> &str {
        &self.0.origin
    }

    /// The request as [`Client::start`] would send it, for a log: `PATCH <URL>`, then a line `name: value` for each header. Without
    /// `Authorization`, and without what the connection adds. An update without a `client-request-id` gets one and keeps it, so that
    /// what is shown is what goes out.
    pub fn describe(&self, update: &mut Update) -> String {
        update.keep_request_id();
        let mut head = format!(
            "PATCH {}",
            self.0.routes.endpoint().device_image(&update.id)
        );
        for (name, value) in &self.headers_of(update) {
            let value = String::from_utf8_lossy(value.as_bytes());
            head.push_str(&format!("\n{name}: {value}"));
        }
        head
    }

    /// The library's own headers, and the caller's over them. `Authorization` is the tokens' alone.
    fn headers_of(&self, update: &Update) -> HeaderMap {
        let mut headers = self.0.headers.clone();
        headers
            .entry(CLIENT_REQUEST_ID)
            .or_insert_with(fresh_request_id);
        for name in update.headers.keys() {
            headers.remove(name);
        }
        for (name, value) in &update.headers {
            headers.append(name, value.clone());
        }
        headers.remove(header::AUTHORIZATION);
        headers
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("endpoint", &self.0.origin)
            .finish_non_exhaustive()
    }
}

fn own_headers(application: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::ACCEPT, json.clone());
    headers.insert(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static("gzip, br"),
    );
    headers.insert(header::CONTENT_TYPE, json);
    headers.insert(header::USER_AGENT, user_agent(application));
    headers
}

fn user_agent(application: Option<&str>) -> HeaderValue {
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let mut agent = format!("mgdeviceimage/{VERSION} ({os}; {arch})");
    if let Some(application) = application {
        agent.push(' ');
        agent.push_str(application);
    }
    HeaderValue::try_from(agent).expect("the application's name was checked to be printable ASCII")
}
