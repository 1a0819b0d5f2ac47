//! Addresses of proxies.

use mgdeviceimage::proxy::Proxy;
use proptest::prelude::*;
use proptest::sample::select;

use crate::text::{any_text, host, pieces, text_of};
use crate::{checks, config};

const PASSWORD: &str = "hunter2";

const SCHEMES: &[&str] = &["http", "https", "socks4", "socks5", "socks5h"];

fn address() -> impl Strategy<Value = String> {
    pieces(&[
        "http",
        "socks5",
        "socks5h",
        "HTTPS",
        "ftp",
        ":",
        "//",
        "/",
        "\\",
        "@",
        "user",
        "%40",
        "%ff",
        "proxy.example",
        "127.0.0.1",
        "[::1]",
        ":8080",
        ":0",
        ":65536",
        "?",
        "#",
        "\t",
    ])
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_address_is_shown_without_its_credentials(
        scheme in select(SCHEMES),
        user in text_of(select(&['a', '%', '@'][..]), 0..4),
        host in host(),
        port in 1024..=65535_u16,
    ) {
        let user = user.replace('%', "%25").replace('@', "%40");
        let proxy = Proxy::parse(&format!("{scheme}://{user}:{PASSWORD}@{host}:{port}"));
        let proxy = proxy.expect("a proxy");
        assert_eq!(proxy.to_string(), format!("{scheme}://{host}:{port}"));
        assert!(!format!("{proxy:?}").contains(PASSWORD));
    }

    #[test]
    fn no_error_shows_a_password(
        scheme in prop_oneof![select(SCHEMES), Just("ftp"), Just("")],
        host in address(),
        rest in address(),
    ) {
        let text = format!("{scheme}://user:{PASSWORD}@{host}{rest}");
        match Proxy::parse(&text) {
            Ok(proxy) => assert!(!format!("{proxy} {proxy:?}").contains(PASSWORD)),
            Err(error) => assert!(!format!("{error} {error:?}").contains(PASSWORD)),
        }
    }

    #[test]
    fn any_text_is_an_address_or_refused(
        start in select(&["", "http://", "https://", "socks5://"][..]),
        text in prop_oneof![any_text(), address()],
    ) {
        checks::proxy(&format!("{start}{text}"));
    }
}
