//! Takes secrets out of text that is shown.

/// Each also without its underscore, as `accessToken`. PowerShell has the same (Redaction.ps1), since it shows bodies without this library.
const SECRET_NAMES: [&str; 6] = [
    "access_token",
    "refresh_token",
    "client_secret",
    "client_assertion",
    "device_code",
    "password",
];

/// The backslashes of an escape in JSON texts three times inside one another.
const MAX_BACKSLASHES: usize = 8;

const REDACTED: &str = "[redacted]";

/// The shortest text that is taken for a token, in bytes.
const SHORTEST_TOKEN: usize = 16;

/// The text with the value of every secret member or form field replaced: `"password":"x"` and `password=x` alike, also where the
/// JSON stands inside a JSON text or in HTML, or escapes characters of the name.
pub(crate) fn redact(text: &str) -> String {
    hide_bearer_tokens(&hide_named(text))
}

/// The text without this token. One that is too short to be one is left, for it would stand in words.
pub(crate) fn hide_token(text: &str, token: &str) -> String {
    match token.len() < SHORTEST_TOKEN {
        true => text.to_owned(),
        false => text.replace(token, REDACTED),
    }
}

/// The text with every token after `Bearer` (RFC 6750 section 2.1) replaced.
pub(crate) fn hide_bearer_tokens(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, token)) = split_before_token(rest) {
        let is_of_token = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
        let end = token.find(|c| !is_of_token(c)).unwrap_or(token.len());
        shown.push_str(before);
        shown.push_str(if end < SHORTEST_TOKEN {
            &token[..end]
        } else {
            REDACTED
        });
        rest = &token[end..];
    }
    shown.push_str(rest);
    shown
}

/// Splits after the first `Bearer`, in any case, and what stands between it and a token.
fn split_before_token(text: &str) -> Option<(&str, &str)> {
    const SCHEME: &[u8] = b"bearer";
    let bytes = text.as_bytes();
    let at = bytes
        .windows(SCHEME.len())
        .position(|word| word.eq_ignore_ascii_case(SCHEME))?;
    let after = &text[at + SCHEME.len()..];
    let token = after.trim_start_matches([' ', '\t', '+', ':', '=', '"', '\\']);
    Some(text.split_at(text.len() - token.len()))
}

fn hide_named(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after_name)) = split_after_name(rest) {
        shown.push_str(before);
        rest = match split_before_value(after_name) {
            Some((separator, value)) => {
                shown.push_str(separator);
                shown.push_str(REDACTED);
                &value[value_length(value)..]
            }
            None => after_name,
        };
    }
    shown.push_str(rest);
    shown
}

/// Splits after the first secret name, in any case.
fn split_after_name(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let end = (0..bytes.len()).find_map(|at| {
        let mut ends = SECRET_NAMES.iter().map(|name| strip(name, &bytes[at..]));
        let after = ends.find_map(|after| after)?;
        Some(bytes.len() - after.len())
    })?;
    Some(text.split_at(end))
}

/// What follows a name, if the text starts with it.
fn strip<'a>(name: &str, mut text: &'a [u8]) -> Option<&'a [u8]> {
    for expected in name.bytes() {
        match split_first(text) {
            Some((first, rest)) if first.eq_ignore_ascii_case(&expected) => text = rest,
            _ if expected == b'_' => {}
            _ => return None,
        }
    }
    Some(text)
}

/// Splits off the first character. It may be escaped, as `\u0077`, inside JSON texts with more backslashes.
fn split_first(text: &[u8]) -> Option<(u8, &[u8])> {
    unescape_first(text).or_else(|| text.split_first().map(|(first, rest)| (*first, rest)))
}

fn unescape_first(text: &[u8]) -> Option<(u8, &[u8])> {
    let backslashes = text
        .iter()
        .take(MAX_BACKSLASHES)
        .take_while(|byte| **byte == b'\\')
        .count();
    let after = text[backslashes..].strip_prefix(b"u00")?;
    let (digits, rest) = after.split_at_checked(2).filter(|_| backslashes > 0)?;
    let digits = std::str::from_utf8(digits).ok()?;
    Some((u8::from_str_radix(digits, 16).ok()?, rest))
}

/// Splits what follows a name where its value begins, if a `:` or `=` says that there is one.
fn split_before_value(text: &str) -> Option<(&str, &str)> {
    let closed = skip(
        text,
        &["\"", "'", "\\", "&quot;", "&#34;", " ", "\t", "\r", "\n"],
    );
    let value = closed.strip_prefix([':', '='])?.trim_start();
    Some(text.split_at(text.len() - value.len()))
}

fn skip<'a>(mut text: &'a str, parts: &[&str]) -> &'a str {
    while let Some(rest) = parts.iter().find_map(|part| text.strip_prefix(part)) {
        text = rest;
    }
    text
}

/// The length of a value: to its closing quote or bracket, else to where the next field begins. All there is, if that is missing.
fn value_length(value: &str) -> usize {
    let backslashes = value.len() - value.trim_start_matches('\\').len();
    let quote = ["\"", "'", "&quot;", "&#34;"]
        .into_iter()
        .find(|quote| value[backslashes..].starts_with(quote));
    match (quote, value.as_bytes().first()) {
        (Some(quote), _) => quoted_length(value, backslashes, quote),
        (None, Some(b'[' | b'{')) => bracketed_length(value),
        _ => value
            .find(['&', ',', ';', '}', '"', '<', '\r', '\n'])
            .unwrap_or(value.len()),
    }
}

/// The closing quote has as many backslashes before it as the opening one.
fn quoted_length(value: &str, backslashes: usize, quote: &str) -> usize {
    let mut at = backslashes + quote.len();
    while let Some(found) = value[at..].find(quote) {
        let before = &value[at..at + found];
        at += found + quote.len();
        if before.len() - before.trim_end_matches('\\').len() == backslashes {
            return at;
        }
    }
    value.len()
}

/// To the bracket that closes the first, whatever texts hold between. All quotes of these texts have as many backslashes before
/// them as the first one.
fn bracketed_length(value: &str) -> usize {
    let (mut depth, mut is_quoted) = (0_usize, false);
    let (mut backslashes, mut of_quotes) = (0_usize, None);
    for (index, byte) in value.bytes().enumerate() {
        match byte {
            b'"' if backslashes == *of_quotes.get_or_insert(backslashes) => is_quoted = !is_quoted,
            b'[' | b'{' if !is_quoted => depth += 1,
            b']' | b'}' if !is_quoted => {
                depth -= 1;
                if depth == 0 {
                    return index + 1;
                }
            }
            _ => {}
        }
        backslashes = if byte == b'\\' { backslashes + 1 } else { 0 };
    }
    value.len()
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn values_of_secret_names_are_replaced() {
        for (text, shown) in [
            (
                r#"{"access_token":"eyJ","x":1}"#,
                r#"{"access_token":[redacted],"x":1}"#,
            ),
            (
                r#"{"Password" : "a\"b", "x":1}"#,
                r#"{"Password" : [redacted], "x":1}"#,
            ),
            (
                "client_secret=s3&grant=x",
                "client_secret=[redacted]&grant=x",
            ),
            ("refresh_token=abc", "refresh_token=[redacted]"),
            (
                "grant_type=urn:x:device_code&device_code=abc",
                "grant_type=urn:x:device_code&device_code=[redacted]",
            ),
            (
                r#"{"client_assertion":"cut off"#,
                r#"{"client_assertion":[redacted]"#,
            ),
            (r#"{"password":12}"#, r#"{"password":[redacted]}"#),
            (
                r#"{"password":["a","b"],"x":1}"#,
                r#"{"password":[redacted],"x":1}"#,
            ),
            (
                r#"{"password":{"v":"a}"},"x":1}"#,
                r#"{"password":[redacted],"x":1}"#,
            ),
            (
                r#"{"a":"{\"password\":\"x\"}"}"#,
                r#"{"a":"{\"password\":[redacted]}"}"#,
            ),
            (
                r#"{"pass\u0077ord":"x","a":1}"#,
                r#"{"pass\u0077ord":[redacted],"a":1}"#,
            ),
            (
                r#"{"\u0043lient\u005fsecre\u0074":"x"}"#,
                r#"{"\u0043lient\u005fsecre\u0074":[redacted]}"#,
            ),
            (
                r#"{"a":"{\"pass\\u0077ord\":\"x\"}"}"#,
                r#"{"a":"{\"pass\\u0077ord\":[redacted]}"}"#,
            ),
            (
                r#"{"passu0077ord":"x","pass\u0078ord":"x","pass\u00"}"#,
                r#"{"passu0077ord":"x","pass\u0078ord":"x","pass\u00"}"#,
            ),
            ("password='a b' x", "password=[redacted] x"),
            ("password: a b", "password: [redacted]"),
            (
                "&quot;password&quot;:&quot;x&quot;,",
                "&quot;password&quot;:[redacted],",
            ),
            (
                "authorization: Bearer eyJ0eXAi.eyJhdWQi.c2ln, x",
                "authorization: Bearer [redacted], x",
            ),
            (
                r#"{"headers":{"Authorization":"bearer eyJ0eXAi.eyJhdWQi.c2ln"}}"#,
                r#"{"headers":{"Authorization":"bearer [redacted]"}}"#,
            ),
            (
                "Bearer authentication failed",
                "Bearer authentication failed",
            ),
            ("the password is wrong", "the password is wrong"),
            ("größe", "größe"),
            ("", ""),
        ] {
            assert_eq!(redact(text), shown);
        }
    }
}
