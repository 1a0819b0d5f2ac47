//! The real tinyproxy, where it is installed.

use std::env;
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A running tinyproxy. Stops when dropped.
pub(crate) struct Tinyproxy {
    port: u16,
    process: Child,
    directory: TempDir,
}

impl Tinyproxy {
    /// Starts it, or returns `None` where it is not installed.
    pub(crate) fn start(login: Option<(&str, &str)>) -> Option<Self> {
        let program = find()?;
        let directory = tempfile::tempdir().expect("a directory");
        let port = free_port();
        let mut configuration = format!(
            "Port {port}\nListen 127.0.0.1\nAllow 127.0.0.1\nTimeout 60\nLogLevel Connect\nLogFile \"{}\"\n",
            directory.path().join("log").display()
        );
        if let Some((user, password)) = login {
            configuration.push_str(&format!("BasicAuth {user} {password}\n"));
        }
        let file = directory.path().join("tinyproxy.conf");
        fs::write(&file, configuration).expect("a file");
        let process = Command::new(program)
            .arg("-d")
            .arg("-c")
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a process");
        let mut proxy = Self {
            port,
            process,
            directory,
        };
        proxy.wait_until_it_listens();
        Some(proxy)
    }

    /// Like `http://127.0.0.1:50124`.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What it wrote down so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.directory.path().join("log")).unwrap_or_default()
    }

    fn wait_until_it_listens(&mut self) {
        let give_up = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let ended = self.process.try_wait().expect("a process of ours");
            assert!(ended.is_none(), "tinyproxy ended: {ended:?} {}", self.log());
            assert!(Instant::now() < give_up, "tinyproxy does not listen");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Tinyproxy {
    fn drop(&mut self) {
        // Fails only where the process has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn find() -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .chain([PathBuf::from("/usr/sbin")])
        .map(|directory| directory.join("tinyproxy"))
        .find(|file| file.is_file())
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("an address").port()
}
