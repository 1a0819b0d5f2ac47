//! Takes secrets out of text that is shown.

const SECRET_NAMES: [&str; 5] = [
    "access_token",
    "refresh_token",
    "client_secret",
    "client_assertion",
    "password",
];

const REDACTED: &str = "[redacted]";

/// The text with the value of every secret member or form field replaced: `"password":"x"` and `password=x` alike.
pub(crate) fn redact(text: &str) -> String {
    // ASCII lower case keeps every byte position.
    let lower = text.to_ascii_lowercase();
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(name_end) = next_name_end(&lower, at) {
        let value_start = value_start(text, name_end);
        shown.push_str(&text[at..value_start.unwrap_or(name_end)]);
        at = match value_start {
            Some(start) => {
                shown.push_str(REDACTED);
                value_end(text, start)
            }
            None => name_end,
        };
    }
    shown.push_str(&text[at..]);
    shown
}

fn next_name_end(lower: &str, from: usize) -> Option<usize> {
    SECRET_NAMES
        .iter()
        .filter_map(|name| {
            lower[from..]
                .find(name)
                .map(|at| (at, from + at + name.len()))
        })
        .min()
        .map(|(_, end)| end)
}

/// Where the value begins, if a `:` or `=` follows the name.
fn value_start(text: &str, name_end: usize) -> Option<usize> {
    let rest = text[name_end..].trim_start_matches(['"', '\'', '\\', ' ', '\t', '\r', '\n']);
    let value = rest.strip_prefix([':', '='])?.trim_start();
    Some(text.len() - value.len())
}

fn value_end(text: &str, start: usize) -> usize {
    let value = &text[start..];
    let length = match value.strip_prefix('"') {
        Some(quoted) => quoted_length(quoted) + 1,
        None => value
            .find(['&', ',', ';', '}', '"', '<', ' ', '\r', '\n'])
            .unwrap_or(value.len()),
    };
    start + length
}

/// The length up to and with the closing quote, or of all there is (a text that was cut).
fn quoted_length(quoted: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in quoted.bytes().enumerate() {
        match byte {
            b'"' if !escaped => return index + 1,
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    quoted.len()
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
                r#"{"client_assertion":"cut off"#,
                r#"{"client_assertion":[redacted]"#,
            ),
            (r#"{"password":12}"#, r#"{"password":[redacted]}"#),
            ("the password is wrong", "the password is wrong"),
            ("größe", "größe"),
            ("", ""),
        ] {
            assert_eq!(redact(text), shown);
        }
    }
}
