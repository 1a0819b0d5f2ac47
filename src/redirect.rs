//! Where a redirect may lead: to the same origin, with the same request.

use reqwest::Url;

use crate::endpoint::MAX_URL;
use crate::response::Response;

/// How many redirects one try follows.
pub(crate) const MAX_REDIRECTS: u32 = 5;

/// Says that a redirect is not followed, and why. One that does not say where to needs no other reason.
pub(crate) fn refusal(response: &Response, why: &str) -> String {
    let status = response.status();
    match response.header("location") {
        Some(location) => {
            let location = String::from_utf8_lossy(location);
            format!("The server redirects ({status}) to {location}, {why}.")
        }
        None => format!("The server redirects ({status}) without saying where (no Location)."),
    }
}

/// The URL that a redirect leads to, or why it is not followed. Only 307 and 308 keep the method and the body (RFC 9110 section
/// 15.4), and only the same origin may see the token.
pub(crate) fn target(from: &Url, response: &Response, followed: u32) -> Result<Url, String> {
    let refused = |why: &str| Err(refusal(response, why));
    let Some(location) = response.header("location") else {
        return refused("");
    };
    let location = String::from_utf8_lossy(location);
    if !matches!(response.status(), 307 | 308) {
        return refused("which would not repeat the update");
    }
    let Ok(to) = from.join(&location) else {
        return refused("which is no URL");
    };
    if to.as_str().len() > MAX_URL {
        return refused("which is too long");
    }
    if to.origin() != from.origin() {
        return refused("another origin, which must not see the token");
    }
    if followed == MAX_REDIRECTS {
        return refused(&format!("the last of more than {MAX_REDIRECTS} redirects"));
    }
    Ok(to)
}
