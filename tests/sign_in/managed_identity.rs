//! The identity of the platform that the program runs on.

use crate::entra_emulator::{IDENTITY_HEADER, ManagedIdentityEmulator, USER_ASSIGNED};
use crate::graph_emulator::tokens::Tokens;
use crate::graph_emulator::{Fault, GraphEmulator, RecordedRequest};
use crate::process::Process;
use crate::proxies::ForwardProxy;
use crate::services::graph_with;

/// Graph, and the platform whose tokens it accepts.
struct Platform {
    graph: GraphEmulator,
    identity: ManagedIdentityEmulator,
}

impl Platform {
    fn start() -> Self {
        let tokens = Tokens::default();
        Self {
            graph: graph_with(tokens.clone()),
            identity: ManagedIdentityEmulator::start(tokens),
        }
    }

    /// A process on a virtual machine.
    fn virtual_machine(&self, credential: &str) -> Process {
        Process::new(&self.graph, credential)
            .env("AZURE_POD_IDENTITY_AUTHORITY_HOST", self.identity.imds())
    }

    /// A process in App Service.
    fn app_service(&self, credential: &str) -> Process {
        Process::new(&self.graph, credential)
            .env("IDENTITY_ENDPOINT", self.identity.identity_endpoint())
            .env("IDENTITY_HEADER", IDENTITY_HEADER)
    }

    /// The one request for a token.
    fn asked(&self) -> RecordedRequest {
        let requests = self.identity.stage().requests();
        let [request] = requests.try_into().expect("one request");
        request
    }
}

/// The parameters of a request, in their order.
fn query(request: &RecordedRequest) -> Vec<(String, String)> {
    let (_, query) = request.target.split_once('?').expect("a query");
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
    pairs.iter().map(owned).collect()
}

#[test]
fn a_virtual_machine_has_an_identity() {
    let platform = Platform::start();
    assert_eq!(platform.virtual_machine("system").outcome(), "200");
    let request = platform.asked();
    assert_eq!(request.method, "GET");
    assert!(
        request
            .target
            .starts_with("/metadata/identity/oauth2/token?")
    );
    assert_eq!(request.header("Metadata"), Some("true"));
    let expected = [
        ("api-version", "2018-02-01"),
        ("resource", platform.graph.endpoint()),
    ];
    assert_eq!(query(&request), pairs(&expected));
}

#[test]
fn app_service_has_an_identity() {
    let platform = Platform::start();
    assert_eq!(platform.app_service("system").outcome(), "200");
    let request = platform.asked();
    assert_eq!(request.method, "GET");
    assert!(request.target.starts_with("/msi/token?"));
    assert_eq!(request.header("X-IDENTITY-HEADER"), Some(IDENTITY_HEADER));
    let expected = [
        ("api-version", "2019-08-01"),
        ("resource", platform.graph.endpoint()),
    ];
    assert_eq!(query(&request), pairs(&expected));
}

#[test]
fn an_assigned_identity_has_three_names() {
    let (client, object, resource) = (
        USER_ASSIGNED.client_id,
        USER_ASSIGNED.object_id,
        USER_ASSIGNED.resource_id,
    );
    for (kind, id, at_virtual_machine, at_app_service) in [
        ("client-id", client, "client_id", "client_id"),
        ("object-id", object, "object_id", "principal_id"),
        ("resource-id", resource, "msi_res_id", "mi_res_id"),
    ] {
        let credential = format!("{kind} {id}");
        let named = |process: fn(&Platform, &str) -> Process| {
            let platform = Platform::start();
            assert_eq!(process(&platform, &credential).outcome(), "200", "{kind}");
            let query = query(&platform.asked());
            query.last().expect("a parameter").clone()
        };
        let parameter = |name: &str| (name.to_owned(), id.to_owned());
        assert_eq!(
            named(Platform::virtual_machine),
            parameter(at_virtual_machine)
        );
        assert_eq!(named(Platform::app_service), parameter(at_app_service));
    }
}

#[test]
fn an_identity_that_is_not_there_is_told() {
    let credential = "client-id 00000000-0000-4000-8000-000000000000";
    let platform = Platform::start();
    for process in [
        platform.virtual_machine(credential),
        platform.app_service(credential),
    ] {
        let outcome = process.outcome();
        let begin = format!(
            "TokenUnavailable: The managed identity got no access token from {}: ",
            platform.identity.imds()
        );
        assert!(outcome.starts_with(&begin), "{outcome}");
        assert!(outcome.contains("Identity not found"), "{outcome}");
    }
    assert_eq!(platform.graph.requests().len(), 0);
}

#[test]
fn a_platform_that_is_busy_is_asked_again() {
    let platform = Platform::start();
    let busy = Fault::answer(429).header("Retry-After", "0");
    platform.identity.stage().script([busy.into()]);
    assert_eq!(platform.virtual_machine("system").outcome(), "200");
    assert_eq!(platform.identity.stage().requests().len(), 2);
}

#[test]
fn a_platform_is_never_asked_through_a_proxy() {
    let platform = Platform::start();
    let forward = ForwardProxy::start();
    for process in [
        platform.virtual_machine("system"),
        platform.app_service("system"),
    ] {
        let outcome = process.env("HTTP_PROXY", forward.url()).outcome();
        assert_eq!(outcome, "200");
    }
    assert_eq!(forward.seen().len(), 0);
}

#[test]
fn the_header_of_app_service_is_not_shown() {
    let platform = Platform::start();
    let outcome = platform
        .app_service("system")
        .env("IDENTITY_HEADER", "planted-secret")
        .outcome();
    assert!(outcome.starts_with("TokenUnavailable: "), "{outcome}");
    assert!(outcome.contains("Unauthorized"), "{outcome}");
    assert!(!outcome.contains("planted"), "{outcome}");
}

#[test]
fn variables_that_cannot_be_used_are_named() {
    let platform = Platform::start();
    let app_service = |endpoint: &str| {
        platform
            .app_service("system")
            .env("IDENTITY_ENDPOINT", endpoint)
    };
    let pod = |host: &str| {
        platform
            .virtual_machine("system")
            .env("AZURE_POD_IDENTITY_AUTHORITY_HOST", host)
    };
    let without_header = Process::new(&platform.graph, "system")
        .env("IDENTITY_ENDPOINT", "http://127.0.0.1:1/msi/token");
    for (process, named) in [
        (app_service("no URL"), "IDENTITY_ENDPOINT is no URL"),
        (
            app_service("http://graph.example/msi/token"),
            "http://graph.example is plain http",
        ),
        (without_header, "IDENTITY_HEADER is not"),
        (
            app_service("http://127.0.0.1:1").env("IDENTITY_HEADER", "a\nb"),
            "IDENTITY_HEADER",
        ),
        (pod("no URL"), "AZURE_POD_IDENTITY_AUTHORITY_HOST is no URL"),
        (
            pod("http://graph.example"),
            "http://graph.example is plain http",
        ),
    ] {
        let outcome = process.outcome();
        let begin = "InvalidArgument: The managed identity cannot be used. ";
        assert!(outcome.starts_with(begin), "{outcome}");
        assert!(outcome.contains(named), "{outcome}");
    }
    assert_eq!(platform.identity.stage().requests().len(), 0);
}

#[test]
fn ids_that_cannot_be_used_are_named() {
    let platform = Platform::start();
    for (credential, named) in [
        ("client-id images", "The client id \"images\" is no GUID."),
        ("client-id ", "The client id \"\" is no GUID."),
        ("object-id images", "The object id \"images\" is no GUID."),
        (
            "resource-id images",
            "The resource id \"images\" does not begin with /subscriptions/.",
        ),
    ] {
        let outcome = platform.virtual_machine(credential).outcome();
        assert_eq!(outcome, format!("InvalidArgument: {named}"));
    }
}

#[test]
fn a_given_environment_counts_and_the_processs_does_not() {
    let platform = Platform::start();
    let identity = &platform.identity;
    let endpoint = identity.identity_endpoint();
    let virtual_machine = [("AZURE_POD_IDENTITY_AUTHORITY_HOST", identity.imds())];
    let app_service = [
        ("IDENTITY_ENDPOINT", endpoint.as_str()),
        ("IDENTITY_HEADER", IDENTITY_HEADER),
    ];
    for given in [&virtual_machine[..], &app_service] {
        let outcome = Process::new(&platform.graph, "system")
            .env("AZURE_POD_IDENTITY_AUTHORITY_HOST", "no URL")
            .env("IDENTITY_ENDPOINT", "no URL")
            .env("IDENTITY_HEADER", "the process's")
            .given(given)
            .outcome();
        assert_eq!(outcome, "200", "{given:?}");
    }
    let paths: Vec<String> = identity
        .stage()
        .requests()
        .iter()
        .map(|request| {
            request
                .target
                .split('?')
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect();
    assert_eq!(paths, ["/metadata/identity/oauth2/token", "/msi/token"]);
}
