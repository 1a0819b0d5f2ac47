//! Link options of the shared library.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let os = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    let options: &[&str] = match os.as_str() {
        // A worker thread may still run in the library's code after dlclose; nodelete keeps the code in memory.
        "linux" | "freebsd" => &[
            "-Wl,-z,nodelete",
            "-Wl,-z,relro,-z,now",
            "-Wl,-soname,libmgdeviceimage.so",
        ],
        "macos" => &["-Wl,-install_name,@rpath/libmgdeviceimage.dylib"],
        _ => &[],
    };
    for option in options {
        println!("cargo::rustc-cdylib-link-arg={option}");
    }
}
