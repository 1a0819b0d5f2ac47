//! The C programs of tests/c: each is compiled, linked to the shared library and run against a Graph emulator, on Linux also
//! under valgrind and AddressSanitizer.
#![cfg(unix)]

#[path = "c/compiler.rs"]
mod compiler;
mod entra_emulator;
mod graph_emulator;
#[path = "c/runner.rs"]
mod runner;

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Duration;

use entra_emulator::{CLIENT_ID, Decision, EntraEmulator, SECRET, TENANT_ID};
use graph_emulator::{Fault, root_pem};
use runner::{Program, Ran, Tool};

const A_SECOND: Duration = Duration::from_secs(1);

/// Makes a module of tests for each program, and the list of their sources.
macro_rules! programs {
    ($($(#[$where:meta])* $name:ident($source:literal)$(.$step:ident($($argument:expr),*))*;)*) => {
        const SOURCES: &[&str] = &[$($source),*];

        $($(#[$where])* mod $name {
            use super::*;

            fn program() -> Program {
                Program::new($source)$(.$step($($argument),*))*
            }

            #[test]
            fn runs() {
                program().run(Tool::Nothing);
            }

            #[cfg(target_os = "linux")]
            #[test]
            fn runs_under_valgrind() {
                program().run(Tool::Valgrind);
            }

            #[cfg(target_os = "linux")]
            #[test]
            fn runs_under_address_sanitizer() {
                program().run(Tool::AddressSanitizer);
            }
        })*
    };
}

programs! {
    example_that_succeeds("update_device_image.c")
        .arguments(&["img-1", "Gold image"])
        .check(the_example_prints_the_image);
    example_that_fails("update_device_image.c")
        .arguments(&["no-such-image", "Gold image"])
        .exit_code(1)
        .check(the_example_prints_graphs_error);
    example_without_arguments("update_device_image.c")
        .exit_code(2)
        .check(the_example_prints_its_usage);

    version("version.c");
    image("image.c");
    client("client.c").check(three_clients_sent);
    credentials("credentials.c");
    token_callback("token_callback.c").faults([
        Fault::None,
        Fault::None,
        // The claims are {"access_token":{}}.
        Fault::answer(401)
            .header("WWW-Authenticate", "Bearer claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\"")
            .into()
    ]);
    host_token("host_token.c").faults([
        Fault::None,
        // The claims are {"access_token":{}}.
        Fault::answer(401)
            .header("WWW-Authenticate", "Bearer claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\"")
            .into()
    ]);
    identity("identity.c");
    update("update.c").check(updates_arrived_as_they_were_made);
    operation("operation.c").faults([Fault::DelayHeaders(A_SECOND), Fault::Hang]);
    cancel("cancel.c")
        .faults([Fault::Hang])
        .told_when(|requests| requests.len() == 1)
        .told_when(|requests| requests[0].client_gone);
    // Elsewhere a program's own function is not called in place of the system's.
    #[cfg(target_os = "linux")]
    resolving("resolving.c");
    free_in_flight("free_in_flight.c")
        .faults([Fault::DelayHeaders(A_SECOND), Fault::Hang])
        .told_when(|requests| requests.len() == 2)
        .told_when(|requests| requests[1].client_gone);
    return_in_flight("exit_in_flight.c")
        .arguments(&["return"])
        .faults(vec![Fault::Hang; 8])
        .told_when(|requests| requests.len() == 8)
        .leaks();
    exit_in_flight("exit_in_flight.c")
        .arguments(&["exit"])
        .faults(vec![Fault::Hang; 8])
        .told_when(|requests| requests.len() == 8)
        .leaks();
    exit_on_another_thread("exit_in_flight.c")
        .arguments(&["exit on another thread"])
        .faults(vec![Fault::Hang; 8])
        .told_when(|requests| requests.len() == 8)
        .leaks();
    // Elsewhere every program is linked to the library.
    #[cfg(target_os = "linux")]
    reload("reload.c");
    retry("retry.c").faults([
        Fault::answer(503).into(),
        Fault::answer(503).into(),
        Fault::None,
        Fault::answer(429).header("Retry-After", "181").into()
    ]);
    response("response.c").faults([
        Fault::None,
        Fault::answer(200)
            .header("Warning", "199 - \"first\"")
            .header("Warning", "199 - \"second\"")
            .header("x-empty", "")
            .body("{}")
            .into(),
        Fault::Empty200
    ]);
    error("error.c").faults([
        Fault::None,
        Fault::answer(429).header("Retry-After", "7").into(),
        Fault::html502()
    ]);
    bad_servers("bad_servers.c").faults([
        Fault::Close,
        Fault::Truncate,
        Fault::answer(200).header("Content-Type", "text/html").body("<html></html>").into(),
        Fault::redirect(307, "https://login.example/")
    ]);
    sigpipe("sigpipe.c").faults(vec![Fault::ResetBeforeRead; 5]);
    completion("completion.c").faults([Fault::None, Fault::None, Fault::Hang, Fault::Hang]);
    event_loop("event_loop.c").check(each_update_arrived);
    threads("threads.c").check(every_thread_sent);
    // The worker's memory in the child: its thread lives in the parent, and nobody can end it.
    fork("fork.c").leaks();
    header_from_cpp("header.cpp");
}

/// Too many for the emulator to record, and for valgrind.
#[test]
fn sixty_four_threads_send_a_thousand_updates_each() {
    let program = Program::new("threads.c").arguments(&["64", "1000"]);
    program.run(Tool::Nothing);
}

/// The programs that speak TLS. Not under valgrind, which takes what ring's assembler has written for uninitialised.
mod with_entra {
    use super::*;

    pub(super) const SOURCES: [&str; 2] = ["client_secret.c", "device_code.c"];

    /// The sign-in service, where the person approves every device code, and its certificate's root.
    static ENTRA: LazyLock<(EntraEmulator, String)> = LazyLock::new(|| {
        let entra = EntraEmulator::start();
        entra.decide_device_codes(Decision::Approved);
        entra.set_device_code_times(Duration::from_secs(900), A_SECOND);
        (entra, root_pem())
    });

    fn client_secret() -> Program {
        let (entra, root) = &*ENTRA;
        program(SOURCES[0]).arguments(&[entra.authority(), TENANT_ID, CLIENT_ID, SECRET, root])
    }

    fn device_code() -> Program {
        let (entra, root) = &*ENTRA;
        program(SOURCES[1]).arguments(&[entra.authority(), TENANT_ID, CLIENT_ID, root])
    }

    fn program(source: &str) -> Program {
        Program::new(source)
            // The Graph emulator does not know Entra's tokens, so it is told what to answer.
            .faults([Fault::answer(200).body("{}").into()])
            .check(entra_gave_the_token)
    }

    fn entra_gave_the_token(ran: &Ran) {
        let [request] = &ran.requests[..] else {
            panic!("not one request: {:?}", ran.requests);
        };
        let authorization = request.header("Authorization").expect("a token");
        let token = authorization.strip_prefix("Bearer ").expect(authorization);
        let origin = format!("http://{}", request.header("Host").expect("a host"));
        assert_eq!(ENTRA.0.tokens().check(token, &origin), Ok(()));
    }

    #[test]
    fn client_secret_runs() {
        client_secret().run(Tool::Nothing);
    }

    #[test]
    fn device_code_runs() {
        device_code().run(Tool::Nothing);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn client_secret_runs_under_address_sanitizer() {
        client_secret().run(Tool::AddressSanitizer);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn device_code_runs_under_address_sanitizer() {
        device_code().run(Tool::AddressSanitizer);
    }
}

#[test]
fn every_program_is_run() {
    let there: BTreeSet<String> = std::fs::read_dir(runner::folder())
        .expect("tests/c is there")
        .map(|entry| entry.expect("an entry").file_name().into_string())
        .map(|name| name.expect("a name in ASCII"))
        .filter(|name| name.ends_with(".c") || name.ends_with(".cpp"))
        .collect();
    let all = SOURCES.iter().chain(&with_entra::SOURCES);
    let run: BTreeSet<String> = all.map(ToString::to_string).collect();
    assert_eq!(there, run);
}

/// Whoever looks for how a function is called finds it in a program.
#[test]
fn every_function_is_called_by_a_program() {
    let all = SOURCES.iter().chain(&with_entra::SOURCES);
    let text: String = all
        .chain(&["check.h", "connect.h"])
        .map(|source| std::fs::read_to_string(runner::folder().join(source)).expect("UTF-8"))
        .collect();
    let exported = include_str!("data/exports.txt").lines();
    let never: Vec<&str> = exported
        .filter(|function| !text.contains(&format!("{function}(")))
        .collect();
    assert_eq!(never, [""; 0]);
}

fn the_example_prints_the_image(ran: &Ran) {
    let (status, image) = ran.stdout.split_once('\n').expect("two lines");
    assert_eq!(status, "status: 200");
    let image = image.strip_prefix("image: ").expect("the image");
    let image: serde_json::Value = serde_json::from_str(image).expect("the image is JSON");
    assert_eq!(image["displayName"], "Gold image");
    assert_eq!(ran.stderr, "");

    let [request] = &ran.requests[..] else {
        panic!("not one request: {:?}", ran.requests);
    };
    assert_eq!(request.method, "PATCH");
    assert_eq!(
        request.target,
        "/v1.0/deviceManagement/virtualEndpoint/deviceImages/img-1"
    );
    assert_eq!(
        request.header("Authorization"),
        Some("Bearer emulator-token")
    );
    assert_eq!(request.body_text(), r#"{"displayName":"Gold image"}"#);
}

fn the_example_prints_graphs_error(ran: &Ran) {
    assert_eq!(ran.stdout, "");
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "error: ServiceError",
            "message: [ResourceNotFound] : Resource 'no-such-image' could not be found.",
            "code: ResourceNotFound"
        ]
    );
    let request_id = lines[3].strip_prefix("request-id: ").expect("an id");
    uuid::Uuid::parse_str(request_id).expect("the emulator's ids are GUIDs");
    assert_eq!(lines[4..], ["status: 404"]);
}

fn the_example_prints_its_usage(ran: &Ran) {
    assert!(ran.stderr.starts_with("usage: "), "{}", ran.stderr);
    assert_eq!(ran.requests.len(), 0);
}

fn three_clients_sent(ran: &Ran) {
    let bodies: Vec<String> = ran.requests.iter().map(|it| it.body_text()).collect();
    assert_eq!(
        bodies,
        [
            r#"{"displayName":"of the first client"}"#,
            r#"{"displayName":"of the second client"}"#,
            r#"{"displayName":"of a client that is held once more"}"#,
        ]
    );
    let agents: Vec<bool> = ran
        .requests
        .iter()
        .map(|it| it.header("User-Agent").expect("an agent"))
        .map(|agent| agent.ends_with(" contoso-agent/2.1"))
        .collect();
    assert_eq!(agents, [true, true, false]);
}

fn updates_arrived_as_they_were_made(ran: &Ran) {
    let [body, headers, again, id] = &ran.requests[..] else {
        panic!("not four requests: {:?}", ran.requests);
    };
    assert_eq!(body.body_text(), r#"{"errorCode":null,"status":"ready"}"#);

    for request in [headers, again] {
        let all = |name: &str| -> Vec<&str> {
            let named = |(given, _): &&(String, String)| given.eq_ignore_ascii_case(name);
            let values = request.headers.iter().filter(named);
            values.map(|(_, value)| value.as_str()).collect()
        };
        assert_eq!(all("If-Match"), [r#""new""#]);
        assert_eq!(all("x-ms-tag"), ["first", "second"]);
        assert_eq!(all("Authorization"), ["Bearer emulator-token"]);
        assert_eq!(all("Content-Type"), ["application/json"]);
    }
    assert!(
        id.target.ends_with("/deviceImages/a%2Fb%20c%00%C3%BC"),
        "{}",
        id.target
    );
}

fn each_update_arrived(ran: &Ran) {
    assert_eq!(different_bodies(ran), 64);
}

fn every_thread_sent(ran: &Ran) {
    assert_eq!(different_bodies(ran), 200);
}

/// How many requests arrived, where each has a body of its own.
fn different_bodies(ran: &Ran) -> usize {
    let bodies: BTreeSet<String> = ran.requests.iter().map(|it| it.body_text()).collect();
    assert_eq!(bodies.len(), ran.requests.len(), "a body came twice");
    bodies.len()
}
