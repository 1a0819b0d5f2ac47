//! JSON values, and the ways of writing them.

use std::fmt::Write;

use mgdeviceimage::image::Member;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::text::{any_text, digits};

#[derive(Clone, Debug)]
pub(crate) enum Json {
    /// Written as it is: `null`, `true`, `false`, a number by its own digits.
    Bare(String),
    Text(String),
    Array(Vec<Json>),
    Object(Members),
}

pub(crate) type Members = Vec<(String, Json)>;

impl Json {
    pub(crate) fn bare(json: impl Into<String>) -> Self {
        Self::Bare(json.into())
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The one form in which the library writes it: no white space, nothing escaped that need not be.
    pub(crate) fn canonical(&self) -> String {
        self.written(&mut Pen { way: 0 })
    }

    /// One of the forms in which others may write it.
    pub(crate) fn in_any_form(&self, way: u64) -> String {
        self.written(&mut Pen { way })
    }

    fn written(&self, pen: &mut Pen) -> String {
        let mut out = String::new();
        pen.value(self, &mut out);
        out
    }
}

/// Any value. Objects have no name twice.
pub(crate) fn any_value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        1 => select(&["null", "true", "false"][..]).prop_map(Json::bare),
        2 => number().prop_map(Json::bare),
        2 => any_text().prop_map(Json::text),
    ];
    leaf.prop_recursive(3, 6, 2, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Json::Array),
            vec((any_text(), inner), 0..3).prop_map(|members| Json::Object(numbered(members))),
        ]
    })
}

/// Members of any name but a documented one, and no name twice.
pub(crate) fn any_members() -> impl Strategy<Value = Members> {
    vec((any_text(), any_value()), 0..3).prop_map(numbered)
}

/// Some of these documented members, in their order.
pub(crate) fn some_of(
    members: &'static [Member],
    value: impl Strategy<Value = Json>,
) -> impl Strategy<Value = Members> {
    btree_map(0..members.len(), value, 0..4).prop_map(|values| {
        let values = values.into_iter();
        let named = values.map(|(index, value)| (members[index].name().to_owned(), value));
        named.collect()
    })
}

/// A number of any size, with any digits.
pub(crate) fn number() -> impl Strategy<Value = String> {
    let sign = select(&["", "-"][..]);
    let fraction = option::of(digits(1..12));
    let exponent = option::of((select(&["e", "E", "e+", "E-"][..]), digits(1..4)));
    (sign, digits(1..25), fraction, exponent).prop_map(|(sign, whole, fraction, exponent)| {
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            whole => whole,
        };
        let mut number = format!("{sign}{whole}");
        if let Some(fraction) = fraction {
            number += &format!(".{fraction}");
        }
        if let Some((mark, digits)) = exponent {
            number += &format!("{mark}{digits}");
        }
        number
    })
}

/// Puts a number after each name, so that none stands there twice and none is a documented one.
fn numbered(mut members: Members) -> Members {
    for (index, (name, _)) in members.iter_mut().enumerate() {
        write!(name, "{index}").expect("a text can be written to");
    }
    members
}

/// Chooses white space and escapes; way 0 chooses none.
struct Pen {
    way: u64,
}

impl Pen {
    fn choose(&mut self, of: u64) -> usize {
        // xorshift: 0 stays 0.
        self.way ^= self.way << 13;
        self.way ^= self.way >> 7;
        self.way ^= self.way << 17;
        (self.way % of) as usize
    }

    fn value(&mut self, value: &Json, out: &mut String) {
        self.space(out);
        match value {
            Json::Bare(bare) => out.push_str(bare),
            Json::Text(text) => self.text(text, out),
            Json::Array(items) => {
                self.list('[', ']', items, out, |pen, item, out| pen.value(item, out));
            }
            Json::Object(members) => {
                self.list('{', '}', members, out, |pen, (name, value), out| {
                    pen.space(out);
                    pen.text(name, out);
                    pen.space(out);
                    out.push(':');
                    pen.value(value, out);
                });
            }
        }
        self.space(out);
    }

    fn list<T>(
        &mut self,
        open: char,
        close: char,
        items: &[T],
        out: &mut String,
        write: impl Fn(&mut Self, &T, &mut String),
    ) {
        out.push(open);
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            write(self, item, out);
        }
        if items.is_empty() {
            self.space(out);
        }
        out.push(close);
    }

    fn space(&mut self, out: &mut String) {
        out.push_str(["", "", "", " ", "\n", "\t\r\n"][self.choose(6)]);
    }

    fn text(&mut self, text: &str, out: &mut String) {
        out.push('"');
        for character in text.chars() {
            match (self.choose(8), character) {
                (1, _) => escape(character, out),
                (2, '/') => out.push_str("\\/"),
                _ => plain(character, out),
            }
        }
        out.push('"');
    }
}

fn escape(character: char, out: &mut String) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        write!(out, "\\u{unit:04X}").expect("a text can be written to");
    }
}

fn plain(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\0'..='\u{1f}' => {
            write!(out, "\\u{:04x}", u32::from(character)).expect("a text can be written to");
        }
        _ => out.push(character),
    }
}
