//! Where a redirect may lead: to the same origin, with the same request.

use reqwest::Url;

use crate::endpoint::MAX_URL;
use crate::response::Response;

/// How many redirects one try follows.
pub(crate) const MAX_REDIRECTS: u32 = 5;

/// Why a redirect is not followed that did not come from the server.
pub(crate) fn refusal(response: &Response) -> String {
    let status = response.status();
    match response.header("location") {
        Some(location) => {
            let location = String::from_utf8_lossy(location);
            format!("The answer redirects ({status}) to {location}, which is not followed.")
        }
        None => format!("The answer redirects ({status}) without saying where (no Location)."),
    }
}

/// The URL that a redirect leads to, or why it is not followed. Only 307 and 308 keep the method and the body (RFC 9110 section
/// 15.4), and only the same origin may see the token.
pub(crate) fn target(from: &Url, response: &Response, followed: u32) -> Result<Url, String> {
    let status = response.status();
    let Some(location) = response.header("location") else {
        return Err(format!(
            "The server redirects ({status}) without saying where (no Location)."
        ));
    };
    let location = String::from_utf8_lossy(location);
    let refused = |why: &str| {
        Err(format!(
            "The server redirects ({status}) to {location}, {why}."
        ))
    };
    if !matches!(status, 307 | 308) {
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
