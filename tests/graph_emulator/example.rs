//! The program `graph-emulator`: the Graph emulator for tests that run in another process, and for demonstrations.

#[path = "../entra_emulator/mod.rs"]
mod entra_emulator;
#[path = "mod.rs"]
mod graph_emulator;

use entra_emulator::{
    CLIENT_ID, EntraEmulator, IDENTITY_HEADER, ManagedIdentityEmulator, SECRET, TENANT_ID,
};
use graph_emulator::{DEFAULT_TOKEN, GraphEmulator, Tls, root_pem};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tokio::sync::oneshot;

const USAGE: &str = "\
Behaves as Microsoft Graph does for Cloud PC device images, on loopback.

Usage: graph-emulator [options]

  --port N              the port; 0 takes a free one (default 0)
  --token T             the bearer token that is accepted (default emulator-token)
  --tls DIR             speak TLS, and write the test root's certificate into this directory as root.pem
  --tls-as NAME         how to speak TLS (default valid): valid, only-1.2, only-1.3, wrong-name, expired, not-yet-valid,
                        unknown-issuer, revocation-unknown, stall, close, plain-http
  --entra               start a sign-in service too, whose tokens are accepted (with --tls), and the managed identity endpoints
  --no-record           do not record requests
  --until-stdin-closes  exit when standard input reaches its end
  --help                show this text

Other processes script it over HTTP, below /emulator/ (see control.rs).
";

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("graph-emulator: {error}\nTry --help.");
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("graph-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

struct Options {
    port: u16,
    token: String,
    /// Where the test root's certificate is to be written.
    tls: Option<PathBuf>,
    tls_as: Tls,
    entra: bool,
    record: bool,
    until_stdin_closes: bool,
}

impl Options {
    /// `None` asks for the help text.
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut options = Self {
            port: 0,
            token: DEFAULT_TOKEN.to_owned(),
            tls: None,
            tls_as: Tls::default(),
            entra: false,
            record: true,
            until_stdin_closes: false,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || {
                arguments
                    .next()
                    .ok_or_else(|| format!("{argument} needs a value"))
            };
            match argument.as_str() {
                "--port" => {
                    let port = value()?;
                    options.port = port
                        .parse()
                        .map_err(|_| format!("--port: '{port}' is not a port (0 to 65535)"))?;
                }
                "--token" => options.token = value()?,
                "--tls" => options.tls = Some(value()?.into()),
                "--tls-as" => {
                    options.tls_as = value()?
                        .parse()
                        .map_err(|error| format!("--tls-as: {error}"))?;
                }
                "--entra" => options.entra = true,
                "--no-record" => options.record = false,
                "--until-stdin-closes" => options.until_stdin_closes = true,
                "--help" | "-h" => return Ok(None),
                _ => return Err(format!("unknown argument '{argument}'")),
            }
        }
        if options.entra && options.tls.is_none() {
            return Err("--entra needs --tls, for its clients trust the test root".to_owned());
        }
        Ok(Some(options))
    }
}

fn run(options: &Options) -> io::Result<()> {
    let emulators = Emulators::start(options)?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let interrupt = tokio::spawn(tokio::signal::ctrl_c());
            // Has the handler in place before anyone learns that the emulator runs.
            tokio::task::yield_now().await;
            emulators.announce()?;
            tokio::select! {
                interrupted = interrupt => interrupted?,
                () = end_of_stdin(), if options.until_stdin_closes => Ok(()),
            }
        })
}

/// What runs, and the file of the test root's certificate.
struct Emulators {
    graph: GraphEmulator,
    root: Option<PathBuf>,
    sign_in: Option<(EntraEmulator, ManagedIdentityEmulator)>,
}

impl Emulators {
    fn start(options: &Options) -> io::Result<Self> {
        let root = options.tls.as_deref().map(write_root).transpose()?;
        let mut builder = GraphEmulator::builder()
            .port(options.port)
            .token(&options.token)
            .record(options.record);
        if options.tls.is_some() {
            builder = builder.tls(options.tls_as);
        }
        let mut sign_in = None;
        if options.entra {
            let entra = EntraEmulator::start();
            builder = builder.tokens(entra.tokens());
            let managed_identity = ManagedIdentityEmulator::start(entra.tokens());
            sign_in = Some((entra, managed_identity));
        }
        let graph = builder.start().map_err(|error| {
            io::Error::new(error.kind(), format!("port {}: {error}", options.port))
        })?;
        Ok(Self {
            graph,
            root,
            sign_in,
        })
    }

    fn announce(&self) -> io::Result<()> {
        let mut out = io::stdout();
        writeln!(out, "Graph emulator listening on {}", self.graph.endpoint())?;
        writeln!(out, "Bearer token: {}", self.graph.token())?;
        if let Some(root) = &self.root {
            writeln!(out, "Root certificate: {}", root.display())?;
        }
        if let Some((entra, managed_identity)) = &self.sign_in {
            writeln!(out, "Entra emulator listening on {}", entra.authority())?;
            writeln!(out, "Tenant: {TENANT_ID}")?;
            writeln!(out, "Client: {CLIENT_ID}")?;
            writeln!(out, "Client secret: {SECRET}")?;
            writeln!(out, "IMDS: {}", managed_identity.imds())?;
            let endpoint = managed_identity.identity_endpoint();
            writeln!(out, "IDENTITY_ENDPOINT: {endpoint}")?;
            writeln!(out, "IDENTITY_HEADER: {IDENTITY_HEADER}")?;
        }
        out.flush()
    }
}

/// Writes the test root's certificate and returns the path of the file.
fn write_root(directory: &Path) -> io::Result<PathBuf> {
    let named = |error: io::Error| {
        io::Error::new(error.kind(), format!("{}: {error}", directory.display()))
    };
    let file = directory.canonicalize().map_err(named)?.join("root.pem");
    fs::write(&file, root_pem()).map_err(named)?;
    Ok(file)
}

async fn end_of_stdin() {
    let (closed, end) = oneshot::channel::<()>();
    // A thread of its own: a read that waits must not hold up the exit after Ctrl+C.
    std::thread::spawn(move || {
        // An error ends standard input as well.
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        drop(closed);
    });
    // Only says that the sender is gone.
    let _ = end.await;
}
