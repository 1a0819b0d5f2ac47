//! Waiting for a token ends with the update: at its time limit, and when it is cancelled.

use std::time::{Duration, Instant};

use mgdeviceimage::error::ErrorKind;

use crate::graph_emulator::Fault;
use crate::services::{Services, update};

const LONG: Duration = Duration::from_secs(60);

#[test]
fn the_time_limit_ends_it() {
    for fault in [Fault::Hang, Fault::DelayBody(LONG)] {
        let services = Services::start();
        services.entra.stage().script([fault]);
        let client = services.client(services.application());
        let mut update = update();
        update
            .set_timeout(Duration::from_millis(300))
            .expect("a limit");

        let started = Instant::now();
        let error = client.send(&update).expect_err("a time-out");
        assert!(started.elapsed() < Duration::from_secs(5));
        assert_eq!(error.kind(), ErrorKind::OperationTimeout);
        let service = services.entra.authority();
        let told = format!("It was waiting for an access token of {service}.");
        assert!(error.message().contains(&told), "{error}");
        services
            .entra
            .stage()
            .wait_until(|requests| requests[0].client_gone);
        assert_eq!(services.graph.requests().len(), 0);
    }
}

#[test]
fn cancelling_ends_it() {
    let services = Services::start();
    services.entra.stage().script([Fault::Hang]);
    let client = services.client(services.application());
    let mut operation = client.start(&update()).expect("an operation");
    let stage = services.entra.stage();
    stage.wait_until(|requests| requests.len() == 1);

    operation.cancel();
    let error = operation.take_response().expect_err("it is cancelled");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    stage.wait_until(|requests| requests[0].client_gone);
    assert_eq!(services.graph.requests().len(), 0);
}

#[test]
fn cancelling_ends_it_while_the_service_is_busy() {
    let services = Services::start();
    let busy = Fault::answer(503).header("Retry-After", "60");
    services.entra.stage().script([busy.into()]);
    let client = services.client(services.application());
    let mut operation = client.start(&update()).expect("an operation");
    services
        .entra
        .stage()
        .wait_until(|requests| requests.len() == 1);
    assert!(!operation.wait(Duration::from_millis(200)).expect("a wait"));

    operation.cancel();
    let error = operation.take_response().expect_err("it is cancelled");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}
