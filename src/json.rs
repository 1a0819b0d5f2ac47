//! JSON that is kept value for value: names in their order, numbers by their own digits.
//!
//! Texts are written again with only `"`, `\` and control characters escaped, without white space between tokens.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// How many objects and arrays may stand inside one another below the image itself.
const MAX_DEPTH: usize = 64;

/// The members of a JSON object, in their order, each value unread.
pub(crate) struct Members<'a>(pub(crate) Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    /// Reads an object. The error says what is wrong and where, and shows nothing of the text.
    pub(crate) fn parse(text: &'a str) -> Result<Self, String> {
        match text
            .trim_start_matches([' ', '\t', '\r', '\n'])
            .bytes()
            .next()
        {
            None => Err("it is empty".to_owned()),
            Some(b'{') => serde_json::from_str(text).map_err(|error| error.to_string()),
            Some(_) => match serde_json::from_str::<&RawValue>(text) {
                Ok(_) => Err("it is not an object".to_owned()),
                Err(error) => Err(error.to_string()),
            },
        }
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// Writes one value again. The error names the path of what is wrong, starting at `name`.
pub(crate) fn canonical(name: &str, value: &RawValue) -> Result<String, String> {
    let mut out = String::with_capacity(value.get().len());
    write_value(value.get(), &mut Path(vec![name.to_owned()]), &mut out)?;
    Ok(out)
}

/// Appends a text as a JSON string.
pub(crate) fn write_text(text: &str, out: &mut String) {
    let quoted = serde_json::to_string(text).expect("a text is always serializable");
    out.push_str(&quoted);
}

/// The text of a JSON string, or None for a value of another kind.
pub(crate) fn as_text(value: &RawValue) -> Option<Result<String, String>> {
    value
        .get()
        .starts_with('"')
        .then(|| parse_text(value.get()))
}

fn parse_text(raw: &str) -> Result<String, String> {
    serde_json::from_str(raw).map_err(|_| "a text that is not Unicode".to_owned())
}

/// Where a value stands, for error messages: `x.a[1].k`.
struct Path(Vec<String>);

impl Path {
    fn error(&self, what: &str) -> String {
        format!("{} holds {what}", self.0.concat().escape_debug())
    }
}

// Each level is parsed by itself, so that numbers keep their digits and the depth is checked here; the limit bounds the work.
fn write_value(raw: &str, path: &mut Path, out: &mut String) -> Result<(), String> {
    if matches!(raw.as_bytes().first(), Some(b'{' | b'[')) && path.0.len() > MAX_DEPTH {
        return Err(path.error(&format!(
            "objects or arrays more than {MAX_DEPTH} levels deep"
        )));
    }
    match raw.as_bytes().first() {
        Some(b'{') => write_object(raw, path, out),
        Some(b'[') => write_array(raw, path, out),
        Some(b'"') => {
            let text = parse_text(raw).map_err(|what| path.error(&what))?;
            write_text(&text, out);
            Ok(())
        }
        _ => {
            out.push_str(raw);
            Ok(())
        }
    }
}

fn write_object(raw: &str, path: &mut Path, out: &mut String) -> Result<(), String> {
    let members: Members<'_> = parse_level(raw, path)?;
    let mut names = std::collections::HashSet::new();
    out.push('{');
    for (index, (name, value)) in members.0.iter().enumerate() {
        if !names.insert(name) {
            return Err(path.error(&format!("the name {} twice", name.escape_debug())));
        }
        if index > 0 {
            out.push(',');
        }
        write_text(name, out);
        out.push(':');
        path.0.push(format!(".{name}"));
        write_value(value.get(), path, out)?;
        path.0.pop();
    }
    out.push('}');
    Ok(())
}

fn write_array(raw: &str, path: &mut Path, out: &mut String) -> Result<(), String> {
    let items: Vec<&RawValue> = parse_level(raw, path)?;
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        path.0.push(format!("[{index}]"));
        write_value(item.get(), path, out)?;
        path.0.pop();
    }
    out.push(']');
    Ok(())
}

/// Names that are not Unicode are all that can be wrong here: the whole text was parsed before.
fn parse_level<'a, T: Deserialize<'a>>(raw: &'a str, path: &Path) -> Result<T, String> {
    serde_json::from_str(raw).map_err(|_| path.error("a name that is not Unicode"))
}

#[cfg(test)]
mod tests {
    use super::{Members, canonical};

    fn rewritten(value: &str) -> Result<String, String> {
        let value: &serde_json::value::RawValue =
            serde_json::from_str(value).expect("the test's own JSON is valid");
        canonical("x", value)
    }

    #[test]
    fn values_keep_their_digits_and_lose_their_white_space() {
        for (given, written) in [
            (
                "[ 1 , 2.50, -0, 1E5, 123456789012345678901234567890 ]",
                "[1,2.50,-0,1E5,123456789012345678901234567890]",
            ),
            (r#"{ "b" : true, "a" : null }"#, r#"{"b":true,"a":null}"#),
            (r#""\u00fc\/\u0001\n\ud83d\ude00""#, "\"ü/\\u0001\\n😀\""),
            ("{}", "{}"),
            ("[]", "[]"),
        ] {
            assert_eq!(rewritten(given).as_deref(), Ok(written));
        }
    }

    #[test]
    fn errors_name_the_path() {
        for (given, message) in [
            (
                r#"{"a":[1,"\ud800"]}"#,
                "x.a[1] holds a text that is not Unicode",
            ),
            (r#"{"a":1,"a":2}"#, "x holds the name a twice"),
            (r#"[{"\udc00":1}]"#, "x[0] holds a name that is not Unicode"),
        ] {
            assert_eq!(rewritten(given).expect_err(given), message);
        }
    }

    #[test]
    fn sixty_four_levels_are_the_limit() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert_eq!(rewritten(&nested(64)).as_deref(), Ok(nested(64).as_str()));
        let error = rewritten(&nested(65)).expect_err("65 levels");
        assert!(error.starts_with("x[0][0]"), "{error}");
        assert!(error.ends_with("more than 64 levels deep"), "{error}");
        rewritten(&nested(100_000)).expect_err("100,000 levels");
    }

    #[test]
    fn what_is_no_object_is_said() {
        for (given, said) in [
            ("", "empty"),
            (" \n", "empty"),
            ("[1]", "not an object"),
            ("\"a\"", "not an object"),
            ("{\"a\":1", "EOF"),
            ("{a:1}", "key must be a string"),
            ("nul", "EOF"),
            ("nil", "expected"),
        ] {
            let error = Members::parse(given).err().expect(given);
            assert!(error.contains(said), "{given}: {error}");
        }
    }
}
