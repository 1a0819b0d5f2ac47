//! Signing in: each credential against stand-ins for Graph, Entra ID and the services of the platforms.
//!
//! | file | what it shows |
//! | --- | --- |
//! | `arguments.rs` | what is refused before anything is sent |
//! | `client_secret.rs` | an application with a secret |
//! | `certificate.rs`, `certificate_files.rs` | an application with a certificate, and the files that hold one |
//! | `workload_identity.rs` | an application with a federated token in a file |
//! | `device_code.rs` | a person who signs in elsewhere with a code |
//! | `managed_identity.rs` | the identity of a virtual machine, of App Service |
//! | `azure_cli.rs` | the person who is signed in to the Azure CLI |
//! | `environment.rs` | the credential that the environment describes |
//! | `callback.rs` | a function of the caller's |
//! | `host_token.rs` | whoever waits for the operation |
//! | `identity.rs` | signing in before the first update, and who one is then |
//! | `held_identity.rs` | who one is with the token got last |
//! | `renewal.rs` | when a token is asked for, and for whom |
//! | `answers.rs` | answers that hold no token |
//! | `retry.rs` | a sign-in service that is busy |
//! | `waiting.rs` | the time limit, and cancelling |
//! | `proxy.rs` | the way to the sign-in service |
//! | `secrets.rs` | secrets are not shown |
//! | `services.rs` | the stand-ins, and clients for them |
//! | `pfx.rs` | PFX files of the application's certificate |
//! | `process.rs` | a sign-in in a process with an environment of its own |

#[path = "../entra_emulator/mod.rs"]
mod entra_emulator;
#[path = "../graph_emulator/mod.rs"]
mod graph_emulator;
#[path = "../proxies/mod.rs"]
mod proxies;

mod pfx;
mod process;
mod services;

mod answers;
mod arguments;
#[cfg(unix)]
mod azure_cli;
mod callback;
mod certificate;
mod certificate_files;
mod client_secret;
mod device_code;
mod environment;
mod held_identity;
mod host_token;
mod identity;
mod managed_identity;
mod proxy;
mod renewal;
mod retry;
mod secrets;
mod waiting;
mod workload_identity;
