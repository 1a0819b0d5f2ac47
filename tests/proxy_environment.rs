//! The proxy that the environment names. Each case runs in a process of its own, whose environment is made for it.

mod graph_emulator;
mod proxies;
mod tools;

use std::env;
use std::process::Command;

use graph_emulator::{GraphEmulator, Tls, root_pem};
use mgdeviceimage::environment::Environment;
use mgdeviceimage::image::Image;
use mgdeviceimage::proxy::Proxy;
use mgdeviceimage::retry::RetryPolicy;
use mgdeviceimage::update::Update;
use proxies::{ForwardProxy, Socks5Proxy};
use tools::client;

/// What a process is told besides the variables under test.
const ENDPOINT: &str = "PROXY_TEST_ENDPOINT";
const ROOT: &str = "PROXY_TEST_ROOT";
const EXPLICIT_PROXY: &str = "PROXY_TEST_EXPLICIT_PROXY";
/// The environment that the client is given, as lines `NAME=value`.
const GIVEN: &str = "PROXY_TEST_GIVEN";

/// What stands before the outcome in a process's output.
const OUTCOME: &str = "outcome: ";

/// Every variable that says something about proxies. `REQUEST_METHOD` marks a CGI program.
const VARIABLES: [&str; 9] = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "REQUEST_METHOD",
];

#[test]
#[ignore = "sends one update as the environment says; the other tests run it in a process of its own"]
fn one_update() {
    let endpoint = env::var(ENDPOINT).expect("set by the other tests");
    let once = RetryPolicy {
        max_retries: 0,
        ..RetryPolicy::default()
    };
    let mut builder = client::builder(&endpoint)
        .add_root_certificate(env::var(ROOT).expect("a root").as_bytes())
        .expect("a root")
        .retry(once);
    if let Ok(proxy) = env::var(EXPLICIT_PROXY) {
        builder = builder.proxy(Proxy::parse(&proxy).expect("a proxy"));
    }
    if let Ok(lines) = env::var(GIVEN) {
        let variables = lines.lines().filter_map(|line| line.split_once('='));
        builder = builder.environment(Environment::given(variables).expect("an environment"));
    }
    let update = Update::new("img-1", &Image::new()).expect("an update");
    let outcome = builder.build().and_then(|client| client.send(&update));
    match outcome {
        Ok(response) => println!("{OUTCOME}{}", response.status()),
        Err(error) => println!("{OUTCOME}{:?}: {error}", error.kind()),
    }
}

/// The outcome of an update with these variables: a status, or an error's kind and message.
fn update_with(emulator: &GraphEmulator, variables: &[(&str, &str)]) -> String {
    let mut process = Command::new(env::current_exe().expect("this program"));
    process.args(["--exact", "one_update", "--ignored", "--nocapture"]);
    for variable in VARIABLES {
        process.env_remove(variable);
    }
    process
        .env(ENDPOINT, emulator.endpoint())
        .env(ROOT, root_pem())
        .envs(variables.iter().copied());
    let output = process.output().expect("a process");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let outcome = text.lines().find_map(|line| line.split_once(OUTCOME));
    outcome.expect(&text).1.to_owned()
}

fn https() -> GraphEmulator {
    GraphEmulator::builder()
        .tls(Tls::Valid)
        .start()
        .expect("a free port")
}

/// A proxy that no case may use: nobody could reach it.
const ELSEWHERE: &str = "http://proxy.invalid:8080";

#[test]
fn each_scheme_has_its_variable_in_either_case() {
    for (emulator, names) in [
        (
            https(),
            ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
        ),
        (
            GraphEmulator::start(),
            ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
        ),
    ] {
        for name in names {
            let forward = ForwardProxy::start();
            let outcome = update_with(&emulator, &[(name, forward.url())]);
            assert_eq!(outcome, "200", "{name}");
            assert_eq!(forward.seen().len(), 1, "{name}");
        }
    }
}

#[test]
fn the_variable_of_the_scheme_goes_before_the_one_for_all() {
    let emulator = https();
    let (own, all) = (ForwardProxy::start(), ForwardProxy::start());
    let outcome = update_with(
        &emulator,
        &[
            ("HTTPS_PROXY", own.url()),
            ("ALL_PROXY", all.url()),
            ("HTTP_PROXY", all.url()),
        ],
    );
    assert_eq!(outcome, "200");
    assert_eq!((own.seen().len(), all.seen().len()), (1, 0));
}

#[test]
fn the_other_schemes_variable_does_not_count() {
    let emulator = https();
    let forward = ForwardProxy::start();
    assert_eq!(
        update_with(&emulator, &[("HTTP_PROXY", forward.url())]),
        "200"
    );
    assert!(forward.seen().is_empty());
}

#[test]
fn without_variables_requests_go_straight() {
    for emulator in [https(), GraphEmulator::start()] {
        assert_eq!(update_with(&emulator, &[]), "200");
        assert_eq!(emulator.requests().len(), 1);
    }
}

#[test]
fn a_scheme_may_be_left_out() {
    let emulator = https();
    let forward = ForwardProxy::start();
    let outcome = update_with(&emulator, &[("HTTPS_PROXY", forward.authority())]);
    assert_eq!(outcome, "200");
    assert_eq!(forward.seen().len(), 1);
}

#[test]
fn a_login_may_stand_in_the_variable() {
    for emulator in [https(), GraphEmulator::start()] {
        let forward = ForwardProxy::builder().login("user", "p@ss:wörd").start();
        let with_login = forward.url().replace("//", "//user:p%40ss%3Aw%C3%B6rd@");
        assert_eq!(update_with(&emulator, &[("ALL_PROXY", &with_login)]), "200");
        let [request] = emulator.requests().try_into().expect("one request");
        assert_eq!(request.header("Proxy-Authorization"), None);
    }
}

#[test]
fn a_login_that_is_wrong_is_told_and_not_shown() {
    let emulator = https();
    let forward = ForwardProxy::builder().login("user", "right").start();
    let with_login = forward.url().replace("//", "//user:planted@");
    let outcome = update_with(&emulator, &[("HTTPS_PROXY", &with_login)]);
    assert!(
        outcome.starts_with("ProxyAuthenticationRequired"),
        "{outcome}"
    );
    assert!(outcome.contains(forward.url()), "{outcome}");
    assert!(!outcome.contains("planted"), "{outcome}");
}

#[test]
fn a_socks5_proxy_may_stand_in_the_variable() {
    let emulator = https();
    let socks = Socks5Proxy::start(Some(("user", "word")));
    let address = format!("socks5h://user:word@{}", socks.authority());
    assert_eq!(update_with(&emulator, &[("ALL_PROXY", &address)]), "200");
    assert_eq!(socks.seen().len(), 1);
}

#[test]
fn no_proxy_names_hosts_that_are_reached_straight() {
    let emulator = https();
    for name in ["NO_PROXY", "no_proxy"] {
        for hosts in ["127.0.0.1", "127.0.0.0/8", "*", "graph.example, 127.0.0.1"] {
            let variables = [("HTTPS_PROXY", ELSEWHERE), (name, hosts)];
            assert_eq!(update_with(&emulator, &variables), "200", "{name}={hosts}");
        }
    }
}

#[test]
fn no_proxy_lets_other_hosts_through_the_proxy() {
    let emulator = https();
    for hosts in ["127.0.0.2", "10.0.0.0/8", "graph.example", ""] {
        let forward = ForwardProxy::start();
        let variables = [("HTTPS_PROXY", forward.url()), ("NO_PROXY", hosts)];
        assert_eq!(update_with(&emulator, &variables), "200", "{hosts}");
        assert_eq!(forward.seen().len(), 1, "{hosts}");
    }
}

#[test]
fn a_proxy_that_is_given_goes_before_the_environment() {
    let emulator = https();
    let (given, in_environment) = (ForwardProxy::start(), ForwardProxy::start());
    let outcome = update_with(
        &emulator,
        &[
            (EXPLICIT_PROXY, given.url()),
            ("HTTPS_PROXY", in_environment.url()),
            ("NO_PROXY", "*"),
        ],
    );
    assert_eq!(outcome, "200");
    assert_eq!((given.seen().len(), in_environment.seen().len()), (1, 0));
}

/// A token in plain text stays on this machine, and a proxy for the network is no reason to refuse a server on this one.
#[test]
fn http_is_never_sent_through_another_machine() {
    let emulator = GraphEmulator::start();
    for name in ["HTTP_PROXY", "ALL_PROXY"] {
        assert_eq!(
            update_with(&emulator, &[(name, ELSEWHERE)]),
            "200",
            "{name}"
        );
    }
    assert_eq!(emulator.requests().len(), 2);
}

/// A web server hands the request header `Proxy` to a CGI program as HTTP_PROXY.
#[test]
fn in_a_cgi_program_http_proxy_does_not_count() {
    let emulator = GraphEmulator::start();
    let forward = ForwardProxy::start();
    let variables = [("HTTP_PROXY", forward.url()), ("REQUEST_METHOD", "GET")];
    assert_eq!(update_with(&emulator, &variables), "200");
    assert!(forward.seen().is_empty());
}

/// The outcome of an update whose client is given these variables, in a process whose own lead nowhere.
fn update_with_given(emulator: &GraphEmulator, variables: &[(&str, &str)]) -> String {
    let lines: Vec<String> = variables
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let lines = lines.join("\n");
    let own = [("ALL_PROXY", ELSEWHERE), ("HTTPS_PROXY", ELSEWHERE)];
    update_with(emulator, &[&own[..], &[(GIVEN, &lines)]].concat())
}

#[test]
fn a_given_environment_counts_and_the_processs_does_not() {
    let emulator = https();
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let forward = ForwardProxy::start();
        let outcome = update_with_given(&emulator, &[(name, forward.url())]);
        assert_eq!(outcome, "200", "{name}");
        assert_eq!(forward.seen().len(), 1, "{name}");
    }
    assert_eq!(update_with_given(&emulator, &[]), "200");
}

#[test]
fn the_rules_are_the_same_for_a_given_environment() {
    type Variables<'a> = &'a [(&'a str, &'a str)];
    let (plain, tls) = (GraphEmulator::start(), https());
    let forward = ForwardProxy::builder().login("user", "word").start();
    let with_login = forward.url().replace("//", "//user:word@");
    let proxy = with_login.as_str();
    let cases: [(&GraphEmulator, Variables, bool); 11] = [
        (
            &tls,
            &[("HTTPS_PROXY", proxy), ("ALL_PROXY", ELSEWHERE)],
            true,
        ),
        (
            &tls,
            &[("HTTPS_PROXY", proxy), ("https_proxy", ELSEWHERE)],
            true,
        ),
        (&tls, &[("HTTPS_PROXY", ""), ("https_proxy", proxy)], false),
        (&tls, &[("HTTP_PROXY", proxy)], false),
        (
            &tls,
            &[("HTTPS_PROXY", proxy), ("NO_PROXY", "10.0.0.0/8")],
            true,
        ),
        (
            &tls,
            &[("HTTPS_PROXY", proxy), ("NO_PROXY", "127.0.0.0/8")],
            false,
        ),
        (&tls, &[("HTTPS_PROXY", proxy), ("no_proxy", "*")], false),
        (&tls, &[("HTTPS_PROXY", proxy), ("HTTPS_PROXY", "")], false),
        (&plain, &[("HTTP_PROXY", proxy)], true),
        (&plain, &[("http_proxy", ELSEWHERE)], false),
        (
            &plain,
            &[("HTTP_PROXY", proxy), ("REQUEST_METHOD", "GET")],
            false,
        ),
    ];
    for (emulator, variables, is_used) in cases {
        for update in [update_with, update_with_given] {
            let before = forward.seen().len();
            assert_eq!(update(emulator, variables), "200", "{variables:?}");
            assert_eq!(forward.seen().len() > before, is_used, "{variables:?}");
        }
    }
}
