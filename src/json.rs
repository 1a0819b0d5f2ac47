//! JSON that is kept value for value: names in their order, numbers by their own digits.
//!
//! Texts are written again with only `"`, `\` and control characters escaped, without white space between tokens.

use std::borrow::Cow;

use indexmap::IndexSet;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// How many objects and arrays may stand inside one another below the image itself.
const MAX_DEPTH: usize = 64;

/// Room for the members of an image as Graph answers it, with annotations.
const USUAL_MEMBERS: usize = 16;

const WHITE_SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// The members of a JSON object, in their order, each value unread.
pub(crate) struct Members<'a>(pub(crate) Vec<(Name<'a>, &'a RawValue)>);

/// A name in a JSON object, read in place where it is written without escapes.
#[derive(Deserialize)]
pub(crate) struct Name<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

impl<'a> Members<'a> {
    /// Reads an object. The error says what is wrong and where, and shows nothing of the text.
    pub(crate) fn parse(text: &'a str) -> Result<Self, String> {
        match text.trim_start_matches(WHITE_SPACE).bytes().next() {
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
                let mut members = Vec::with_capacity(USUAL_MEMBERS);
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
    let mut rewriting = Rewriting {
        name,
        levels: Vec::new(),
        out: String::with_capacity(value.get().len()),
    };
    for token in Tokens(value.get()) {
        rewriting.push(token)?;
    }
    Ok(rewriting.out)
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

/// The text of a JSON string that is known to be valid, but for escapes that are no Unicode.
fn parse_text(raw: &str) -> Result<String, String> {
    if !raw.contains('\\') {
        return Ok(raw.trim_matches('"').to_owned());
    }
    serde_json::from_str(raw).map_err(|_| "a text that is not Unicode".to_owned())
}

/// The tokens of text that is valid JSON: marks, texts with their quotes, numbers and words.
struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.0.trim_start_matches(WHITE_SPACE);
        let length = match text.bytes().next()? {
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            b'"' => quoted_length(text),
            _ => bare_length(text),
        };
        let (token, rest) = text.split_at(length);
        self.0 = rest;
        Some(token)
    }
}

fn quoted_length(text: &str) -> usize {
    // The first quote ends nothing.
    let mut is_escaped = true;
    let end = text.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    });
    end.map_or(text.len(), |end| end + 1)
}

fn bare_length(text: &str) -> usize {
    let ends = |c: char| matches!(c, ',' | ']' | '}') || WHITE_SPACE.contains(&c);
    text.find(ends).unwrap_or(text.len())
}

/// A value that is written again, token by token.
struct Rewriting<'a> {
    name: &'a str,
    /// The objects and arrays around the next token, the outermost first.
    levels: Vec<Level>,
    out: String,
}

enum Level {
    /// An array, at the item with this index.
    Array(usize),
    /// An object. The last of its names so far is the one whose value is read.
    Object {
        names: IndexSet<String>,
        awaits_name: bool,
    },
}

impl Rewriting<'_> {
    fn push(&mut self, token: &str) -> Result<(), String> {
        match (token, self.levels.last_mut()) {
            ("[", _) => self.enter(Level::Array(0))?,
            ("{", _) => self.enter(Level::Object {
                names: IndexSet::new(),
                awaits_name: true,
            })?,
            ("]" | "}", _) => drop(self.levels.pop()),
            (",", Some(Level::Array(index))) => *index += 1,
            (",", Some(Level::Object { awaits_name, .. })) => *awaits_name = true,
            (":", Some(Level::Object { awaits_name, .. })) => *awaits_name = false,
            _ if token.starts_with('"') => return self.push_quoted(token),
            _ => {}
        }
        self.out.push_str(token);
        Ok(())
    }

    fn enter(&mut self, level: Level) -> Result<(), String> {
        if self.levels.len() == MAX_DEPTH {
            let what = format!("objects or arrays more than {MAX_DEPTH} levels deep");
            return Err(self.error(MAX_DEPTH, &what));
        }
        self.levels.push(level);
        Ok(())
    }

    fn push_quoted(&mut self, token: &str) -> Result<(), String> {
        let depth = self.levels.len();
        let text = parse_text(token);
        match self.levels.last_mut() {
            Some(Level::Object {
                names,
                awaits_name: true,
            }) => {
                let Ok(name) = text else {
                    return Err(self.error(depth - 1, "a name that is not Unicode"));
                };
                write_text(&name, &mut self.out);
                if let (index, false) = names.insert_full(name) {
                    let what = format!("the name {} twice", names[index].escape_debug());
                    return Err(self.error(depth - 1, &what));
                }
            }
            _ => {
                let text = text.map_err(|what| self.error(depth, &what))?;
                write_text(&text, &mut self.out);
            }
        }
        Ok(())
    }

    /// Says what is wrong, and where: in the value that stands inside so many levels, like `x.a[1].k`.
    fn error(&self, levels: usize, what: &str) -> String {
        let mut path = self.name.to_owned();
        for level in &self.levels[..levels] {
            match level {
                Level::Array(index) => path.push_str(&format!("[{index}]")),
                Level::Object { names, .. } => {
                    path.push('.');
                    path.push_str(names.last().map_or("", String::as_str));
                }
            }
        }
        format!("{} holds {what}", path.escape_debug())
    }
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
