//! Endpoints.

use mgdeviceimage::endpoint::Endpoint;
use proptest::prelude::*;
use proptest::sample::select;

use crate::text::{any_text, host, pieces};
use crate::{checks, config};

const PASSWORD: &str = "hunter2";

fn address() -> impl Strategy<Value = String> {
    pieces(&[
        "https",
        "http",
        "HTTP",
        "ftp",
        ":",
        "//",
        "/",
        "\\",
        "@",
        "graph.microsoft.com",
        "localhost",
        "LocalHost",
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "10.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        ":443",
        ":0",
        ":65536",
        "?",
        "#",
        "%6c",
        "xn--",
        "\t",
        "ß",
        "。",
    ])
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_origin_is_read(
        secure: bool,
        host in host(),
        last in 0..=255_u8,
        port in 1..=65535_u16,
        slash in select(&["", "/"][..]),
    ) {
        let (origin, usual) = match secure {
            true => (format!("https://{host}"), 443),
            false => (format!("http://127.0.0.{last}"), 80),
        };
        let endpoint = Endpoint::parse(&format!("{origin}:{port}{slash}")).expect("an origin");
        let shown = match port == usual {
            true => origin,
            false => format!("{origin}:{port}"),
        };
        assert_eq!(endpoint.to_string(), shown);
    }

    #[test]
    fn an_endpoint_with_a_password_is_refused_and_does_not_show_it(
        scheme in select(&["https", "http", "ftp"][..]),
        user in select(&["", "u", "user"][..]),
        host in address(),
        rest in address(),
    ) {
        let text = format!("{scheme}://{user}:{PASSWORD}@{host}{rest}");
        let error = Endpoint::parse(&text).expect_err("a password");
        assert!(!error.message().contains(PASSWORD), "{error}");
        assert!(!format!("{error:?}").contains(PASSWORD));
    }

    #[test]
    fn any_text_is_an_origin_or_refused(
        start in select(&["", "http://", "https://"][..]),
        text in prop_oneof![any_text(), address()],
    ) {
        checks::endpoint(&format!("{start}{text}"));
    }
}
