//! `cargo run --example demo`: the whole way of an update, against the Graph emulator on this machine.
//!
//! Builds and stages the library, then updates an image from C and, where `pwsh` is found, from PowerShell.

#[path = "../graph_emulator/mod.rs"]
mod graph_emulator;
#[path = "../tools/mod.rs"]
mod tools;

use std::env;
use std::io::{Error, Result};
use std::path::Path;
use std::process::Command;

use graph_emulator::GraphEmulator;
use serde_json::Value;
use tools::{pwsh, staging};

const IMAGE: &str = "img-1";

fn main() -> Result<()> {
    step("Build the library and stage it for the PowerShell module");
    let library = staging::stage()?;
    println!("{}", library.display());

    step("Start the Graph emulator");
    let emulator = GraphEmulator::start();
    println!("{}", emulator.endpoint());

    step("Update an image from C (tests/c/update_device_image.c)");
    show_change(&emulator, || run_c(&emulator, &library))?;

    step("Update the same image from PowerShell");
    match pwsh::find() {
        Some(pwsh) => show_change(&emulator, || run_powershell(&emulator, &pwsh))?,
        None => println!(
            "Skipped: no pwsh here. PowerShell 7.4 or later on the PATH, or named by PWSH, would run it."
        ),
    }
    Ok(())
}

fn step(what: &str) {
    println!("\n== {what}");
}

/// Runs a client, then says which members of the stored image it changed.
fn show_change(emulator: &GraphEmulator, client: impl FnOnce() -> Result<()>) -> Result<()> {
    let before = stored(emulator);
    client()?;
    println!("Changed on the server:");
    let after = stored(emulator);
    for (name, value) in after.as_object().expect("an image is an object") {
        if before[name] != *value {
            println!("  {name}: {} -> {value}", before[name]);
        }
    }
    Ok(())
}

fn stored(emulator: &GraphEmulator) -> Value {
    emulator
        .image(IMAGE)
        .expect("the emulator starts with this image")
}

#[cfg(unix)]
fn run_c(emulator: &GraphEmulator, library: &Path) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let program = directory.path().join("update_device_image");
    let library = library.parent().expect("a file is in a directory");
    let compiler = env::var_os("CC").unwrap_or_else(|| "cc".into());
    let mut compile = Command::new(compiler);
    compile
        .args(["-std=c99", "tests/c/update_device_image.c", "-Iinclude"])
        .arg(format!("-L{}", library.display()))
        .arg("-lmgdeviceimage")
        .arg(format!("-Wl,-rpath,{}", library.display()))
        .arg("-o")
        .arg(&program);
    run(compile.current_dir(staging::root()))?;
    run(Command::new(program)
        .args([emulator.endpoint(), IMAGE, "Gold image, from C"])
        .env("MGDI_TOKEN", emulator.token()))
}

#[cfg(not(unix))]
fn run_c(_: &GraphEmulator, library: &Path) -> Result<()> {
    println!(
        "Skipped: compile tests/c/update_device_image.c with {}.",
        library.display()
    );
    Ok(())
}

fn run_powershell(emulator: &GraphEmulator, pwsh: &Path) -> Result<()> {
    let script = format!(
        "$ErrorActionPreference = 'Stop'\n\
         Import-Module ./powershell/MgDeviceImage\n\
         $token = ConvertTo-SecureString '{}' -AsPlainText -Force\n\
         Connect-MgDeviceImage -AccessToken $token -GraphEndpoint {} -NoWelcome\n\
         Update-MgDeviceManagementVirtualEndpointDeviceImage -CloudPcDeviceImageId {IMAGE} -DisplayName 'Gold image, from PowerShell' -OSStatus supported",
        emulator.token(),
        emulator.endpoint(),
    );
    for line in script.lines().skip(1) {
        println!("PS> {}", line.replace(emulator.token(), "..."));
    }
    run(Command::new(pwsh)
        .args(["-NoProfile", "-NonInteractive", "-Command", &script])
        .current_dir(staging::root()))
}

fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .map_err(|error| Error::other(format!("{program} cannot be run: {error}")))?;
    match status.success() {
        true => Ok(()),
        false => Err(Error::other(format!("{program} failed: {status}"))),
    }
}
