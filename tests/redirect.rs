//! Redirects: the same request to the same origin, or an error that shows where it should have gone.

mod graph_emulator;
mod tools;

use graph_emulator::{Fault, GraphEmulator};
use mgdeviceimage::error::{Error, ErrorKind};
use mgdeviceimage::image::{Image, Member};
use mgdeviceimage::response::Response;
use mgdeviceimage::update::Update;
use tools::client::client;

const OTHER: &str = "/v1.0/deviceManagement/virtualEndpoint/deviceImages/img-2";

fn send(emulator: &GraphEmulator) -> Result<Response, Error> {
    let mut image = Image::new();
    image.set_text(Member::Version, "2").expect("a text");
    client(emulator.endpoint()).send(&Update::new("img-1", &image).expect("an update"))
}

#[test]
fn a_redirect_within_the_origin_repeats_the_request() {
    for status in [307, 308] {
        for relative in [true, false] {
            let emulator = GraphEmulator::start();
            let location = match relative {
                true => OTHER.to_owned(),
                false => format!("{}{OTHER}", emulator.endpoint()),
            };
            emulator.script([Fault::redirect(status, &location)]);
            assert_eq!(send(&emulator).expect("a response").status(), 200);

            let requests = emulator.requests();
            assert_eq!(requests[1].target, OTHER);
            assert_eq!(requests[1].method, "PATCH");
            assert_eq!(requests[1].body, requests[0].body);
            assert_eq!(
                requests[1].header("Authorization"),
                requests[0].header("Authorization")
            );
        }
    }
}

#[test]
fn other_redirects_are_refused_and_show_where_to() {
    for (status, location) in [
        (301, OTHER),
        (302, OTHER),
        (303, OTHER),
        (304, OTHER),
        (307, "https://login.example/"),
        (308, "http://127.0.0.1:1/"),
        (307, "//other.example/x"),
        (307, "http://["),
    ] {
        let emulator = GraphEmulator::start();
        emulator.script([Fault::redirect(status, location)]);
        let error = send(&emulator).expect_err(location);
        assert_eq!(
            error.kind(),
            ErrorKind::RedirectRefused,
            "{status} {location}"
        );
        assert!(error.message().contains(location), "{error}");
        assert_eq!(error.response().expect("the answer").status(), status);
        assert_eq!(emulator.requests().len(), 1, "{status} {location}");
    }
}

#[test]
fn a_304_is_no_redirect() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::answer(304).into()]);
    let error = send(&emulator).expect_err("no success");
    assert_eq!(error.kind(), ErrorKind::ServiceError);
    assert!(error.message().contains("NotModified"), "{error}");
}

/// As an answer that a host makes itself.
#[test]
fn a_redirect_from_elsewhere_is_refused() {
    for (location, told) in [(Some(OTHER), OTHER), (None, "no Location")] {
        let headers = location.map(|location| ("Location", location));
        let error = Response::from_parts(307, headers, b"").expect_err("a redirect");
        assert_eq!(error.kind(), ErrorKind::RedirectRefused);
        assert!(error.message().contains(told), "{error}");
        assert_eq!(error.response().expect("the answer").status(), 307);
    }
}

#[test]
fn the_token_never_leaves_its_origin() {
    let other = GraphEmulator::start();
    let emulator = GraphEmulator::start();
    emulator.script([Fault::redirect(
        307,
        &format!("{}{OTHER}", other.endpoint()),
    )]);
    let error = send(&emulator).expect_err("another origin");
    assert_eq!(error.kind(), ErrorKind::RedirectRefused);
    assert!(other.requests().is_empty());
}

#[test]
fn a_circle_of_redirects_ends() {
    let emulator = GraphEmulator::start();
    emulator.script(vec![Fault::redirect(307, OTHER); 10]);
    let error = send(&emulator).expect_err("too many");
    assert_eq!(error.kind(), ErrorKind::RedirectRefused);
    assert!(error.message().contains(OTHER), "{error}");
    assert_eq!(emulator.requests().len(), 6);
}
