//! The program `graph-emulator`.

use crate::client::{Client, get};
use crate::graph_emulator::Tls;
use mgdeviceimage::client::ClientBuilder;
use mgdeviceimage::credential::Credential;
use mgdeviceimage::endpoint::Endpoint;
use mgdeviceimage::image::Image;
use mgdeviceimage::update::Update;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn program() -> Command {
    let tests = std::env::current_exe().unwrap();
    let target = tests.parent().unwrap().parent().unwrap();
    let program = target
        .join("examples/graph-emulator")
        .with_extension(std::env::consts::EXE_EXTENSION);
    assert!(
        program.exists(),
        "`cargo build --examples` makes {program:?}"
    );
    Command::new(program)
}

fn output_of(arguments: &[&str]) -> Output {
    program()
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Starts the program and reads its first lines.
fn start<const LINES: usize>(arguments: &[&str]) -> (Child, ChildStdin, [String; LINES]) {
    let mut child = program()
        .arg("--until-stdin-closes")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stdin = child.stdin.take().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let lines: Vec<_> = lines.take(LINES).map(Result::unwrap).collect();
    (child, stdin, lines.try_into().unwrap())
}

fn endpoint(line: &str) -> &str {
    line.strip_prefix("Graph emulator listening on ").unwrap()
}

fn wait(child: &mut Child) -> Option<i32> {
    let give_up = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if Instant::now() > give_up {
            child.kill().unwrap();
            panic!("still running");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn serves_until_stdin_closes() {
    let (mut child, stdin, [listening, token]) = start(&["--token", "t0ken"]);
    assert_eq!(token, "Bearer token: t0ken");
    let mut client = Client::connect(endpoint(&listening));
    client.send(get("img-1").replace("emulator-token", "t0ken"));
    assert_eq!(client.receive().json()["id"], "img-1");
    drop(stdin);
    assert_eq!(wait(&mut child), Some(0));
}

#[cfg(unix)]
#[test]
fn interrupt_ends_it() {
    let (mut child, _stdin, [_, _]) = start(&[]);
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    assert_eq!(wait(&mut child), Some(0));
}

#[test]
fn no_record_keeps_no_requests() {
    let (mut child, stdin, [listening, _]) = start(&["--no-record"]);
    let mut client = Client::connect(endpoint(&listening));
    client.send(get("img-1"));
    assert_eq!(client.receive().status, 200);
    client.send("GET /emulator/requests HTTP/1.1\r\nHost: e\r\n\r\n");
    assert_eq!(client.receive().body, b"[]");
    drop(stdin);
    assert_eq!(wait(&mut child), Some(0));
}

#[test]
fn tls_can_be_trusted_by_the_file_it_names() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path().to_str().unwrap();
    let (mut child, stdin, [listening, _, root]) =
        start(&["--tls", directory, "--tls-as", "only-1.2"]);
    let root = root.strip_prefix("Root certificate: ").unwrap();
    let client = ClientBuilder::new()
        .endpoint(Endpoint::parse(endpoint(&listening)).unwrap())
        .credential(Credential::token("emulator-token").unwrap())
        .add_root_certificate(&fs::read(root).unwrap())
        .unwrap()
        .build()
        .unwrap();
    let update = Update::new("img-1", &Image::new()).unwrap();
    assert_eq!(client.send(&update).unwrap().status(), 200);
    drop(stdin);
    assert_eq!(wait(&mut child), Some(0));
}

#[test]
fn sign_in_services_are_announced() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path().to_str().unwrap();
    let (mut child, stdin, lines) = start::<10>(&["--tls", directory, "--entra"]);
    let value = |name: &str| {
        let line = lines.iter().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {lines:?}"))
    };
    assert!(value("Entra emulator listening on ").starts_with("https://127.0.0.1:"));
    for name in [
        "Tenant: ",
        "Client: ",
        "Client secret: ",
        "IDENTITY_HEADER: ",
    ] {
        assert!(!value(name).is_empty());
    }
    let path = value("IDENTITY_ENDPOINT: ")
        .strip_prefix(value("IMDS: "))
        .unwrap();
    let mut client = Client::connect(value("IMDS: "));
    client.send(format!(
        "GET {path}?api-version=2019-08-01&resource=https%3A%2F%2Fgraph.example HTTP/1.1\r\n\
         Host: e\r\nX-IDENTITY-HEADER: {}\r\n\r\n",
        value("IDENTITY_HEADER: ")
    ));
    assert_eq!(client.receive().json()["token_type"], "Bearer");
    drop(stdin);
    assert_eq!(wait(&mut child), Some(0));
}

#[test]
fn a_directory_that_is_not_there_is_named() {
    let output = output_of(&["--tls", "/no/such/directory"]);
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("/no/such/directory"), "{message}");
}

#[test]
fn taken_port_is_an_error() {
    let (mut child, stdin, [listening, _]) = start(&[]);
    let port = listening.rsplit(':').next().unwrap();
    let output = output_of(&["--port", port]);
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.starts_with(&format!("graph-emulator: port {port}: ")),
        "{message}"
    );
    drop(stdin);
    assert_eq!(wait(&mut child), Some(0));
}

#[test]
fn help_names_every_option() {
    let output = output_of(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    for option in [
        "--port",
        "--token",
        "--tls",
        "--tls-as",
        "--entra",
        "--no-record",
        "--until-stdin-closes",
    ] {
        assert!(text.contains(option), "{option}");
    }
    for (name, _) in Tls::NAMES {
        assert!(text.contains(name), "{name}");
    }
}

#[test]
fn bad_arguments_end_with_2() {
    for (arguments, message) in [
        (&["--prot", "1"][..], "unknown argument '--prot'"),
        (&["--port"], "--port needs a value"),
        (&["--port", "70000"], "'70000' is not a port"),
        (&["--tls-as", "ssl"], "'ssl' is none of valid, only-1.2"),
        (&["--entra"], "--entra needs --tls"),
        (&["8080"], "unknown argument '8080'"),
    ] {
        let output = output_of(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(message), "{error}");
        assert!(output.stdout.is_empty());
    }
}
