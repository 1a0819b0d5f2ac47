//! Reads the functions that the header declares.

#![allow(dead_code, reason = "each test uses a part")]

use std::fs;
use std::path::Path;

/// A function of the header.
pub(crate) struct Function {
    pub(crate) name: String,
    /// Without `*`.
    pub(crate) returns: String,
    pub(crate) parameters: Vec<Parameter>,
}

pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) is_pointer: bool,
}

impl Function {
    pub(crate) fn has_pointer(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.is_pointer)
    }

    /// `name(parameter, parameter)`
    pub(crate) fn signature(&self) -> String {
        let names: Vec<&str> = self.parameters.iter().map(|it| it.name.as_str()).collect();
        format!("{}({})", self.name, names.join(", "))
    }
}

/// Every function of include/mgdeviceimage.h, in its order.
pub(crate) fn functions() -> Vec<Function> {
    let header = Path::new(env!("CARGO_MANIFEST_DIR")).join("include/mgdeviceimage.h");
    let text = fs::read_to_string(header).expect("the header is committed");
    let text = without_comments(&text);
    let (_, declarations) = text
        .split_once("extern \"C\" {")
        .expect("functions stand in extern \"C\"");
    let callbacks = callbacks(&text);
    let without_directives: String = declarations
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| format!("{line} "))
        .collect();
    without_directives
        .split(';')
        .filter(|declaration| declaration.contains('('))
        .map(|declaration| parse(declaration, &callbacks))
        .collect()
}

/// The types that are pointers to functions: `typedef void (*mgdi_completion)(void *user_data);`
fn callbacks(header: &str) -> Vec<&str> {
    header
        .lines()
        .filter(|line| line.starts_with("typedef"))
        .filter_map(|line| line.split_once("(*")?.1.split_once(')'))
        .map(|(name, _)| name)
        .collect()
}

fn without_comments(text: &str) -> String {
    let mut parts = text.split("/*");
    let before = parts.next().unwrap_or_default().to_owned();
    parts.fold(before, |code, part| {
        let (_, after) = part.split_once("*/").expect("every comment ends");
        code + after
    })
}

/// Reads one declaration, such as `mgdi_result mgdi_image_new(mgdi_image **out_image)`.
fn parse(declaration: &str, callbacks: &[&str]) -> Function {
    let (head, parameters) = declaration.split_once('(').expect("it was looked for");
    let parameters = parameters.trim().trim_end_matches(')');
    let (returns, name, _) = split_name(head);
    Function {
        name,
        returns,
        parameters: parameters
            .split(',')
            .filter(|parameter| *parameter != "void")
            .map(|parameter| {
                let (kind, name, is_pointer) = split_name(parameter);
                let is_pointer = is_pointer || callbacks.contains(&kind.as_str());
                Parameter { name, is_pointer }
            })
            .collect(),
    }
}

/// Splits `const char *text` into its type without `*`, its name, and whether there is a `*`.
fn split_name(declared: &str) -> (String, String, bool) {
    let declared = declared.trim();
    let start = declared
        .rfind([' ', '*'])
        .expect("a name stands behind a type");
    let (kind, name) = declared.split_at(start + 1);
    let plain = kind.replace('*', "").trim().to_owned();
    (plain, name.to_owned(), kind.contains('*'))
}
