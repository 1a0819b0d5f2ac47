//! A function of the caller's that gives tokens.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use mgdeviceimage::credential::{AccessToken, Credential};
use mgdeviceimage::error::ErrorKind;

use crate::graph_emulator::tokens::Tokens;
use crate::graph_emulator::{DEFAULT_TOKEN, root_pem};
use crate::services::{builder, graph_with, update};

/// A credential whose function takes a while, and the most calls of it that there were at once.
fn slow() -> (Credential, Arc<AtomicUsize>) {
    let inside = AtomicUsize::new(0);
    let most = Arc::new(AtomicUsize::new(0));
    let seen = most.clone();
    let credential = Credential::callback(move |_| {
        seen.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(400));
        inside.fetch_sub(1, Ordering::SeqCst);
        AccessToken::new(DEFAULT_TOKEN, None).map_err(|error| error.to_string())
    });
    (credential, most)
}

/// Who does not wait for it any longer is no reason to call it twice at once.
#[test]
fn it_is_called_once_at_a_time() {
    let graph = graph_with(Tokens::default());
    let (credential, most) = slow();
    let builder = builder(graph.endpoint(), &root_pem()).credential(credential);
    let client = builder.build().expect("a client");
    let mut hasty = update();
    hasty
        .set_timeout(Duration::from_millis(100))
        .expect("a limit");
    let error = client.send(&hasty).expect_err("the function is slower");
    assert_eq!(error.kind(), ErrorKind::OperationTimeout);

    assert_eq!(client.send(&update()).expect("a response").status(), 200);
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

#[test]
fn it_is_called_once_at_a_time_for_all_clients_of_a_builder() {
    let graph = graph_with(Tokens::default());
    let (credential, most) = slow();
    let builder = builder(graph.endpoint(), &root_pem()).credential(credential);
    let clients = [(); 3].map(|()| builder.build().expect("a client"));
    let operations = clients.map(|client| client.start(&update()).expect("an operation"));
    for mut operation in operations {
        assert!(operation.wait(Duration::from_secs(30)).expect("a wait"));
        assert_eq!(operation.take_response().expect("a response").status(), 200);
    }
    assert_eq!(most.load(Ordering::SeqCst), 1);
}
