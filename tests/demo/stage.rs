//! `cargo run --example stage`: builds the library and stages it for the PowerShell module.

#[path = "../tools/mod.rs"]
mod tools;

fn main() -> std::io::Result<()> {
    println!("Staged {}", tools::staging::stage()?.display());
    Ok(())
}
