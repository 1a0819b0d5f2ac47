//! Graph's error body: `{"error":{"code","message","innerError":{…}}}`.
//!
//! Source: <https://learn.microsoft.com/graph/errors>

use std::fmt;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json;

/// What Graph says of a failure.
#[derive(Debug)]
pub(crate) struct GraphError {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) inner_error: Option<String>,
    pub(crate) date: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) client_request_id: Option<String>,
}

// Values are left unread, so that nothing in them can spoil the rest, and numbers keep their digits.

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    error: &'a RawValue,
}

#[derive(Deserialize)]
struct Story<'a> {
    #[serde(borrow)]
    code: &'a RawValue,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow, rename = "innerError", alias = "innererror")]
    inner_error: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Inner<'a> {
    #[serde(borrow)]
    date: Option<&'a RawValue>,
    #[serde(borrow)]
    request_id: Option<&'a RawValue>,
    #[serde(borrow)]
    client_request_id: Option<&'a RawValue>,
}

impl GraphError {
    /// Reads the body of an answer. None if it is not an error of Graph's: an object with an `error` that has a code.
    pub(crate) fn parse(body: &str) -> Option<Self> {
        let body: Body<'_> = serde_json::from_str(body).ok()?;
        let story: Story<'_> = serde_json::from_str(body.error.get()).ok()?;
        let inner = story
            .inner_error
            .and_then(|inner| serde_json::from_str(inner.get()).ok())
            .unwrap_or_default();
        let Inner {
            date,
            request_id,
            client_request_id,
        } = inner;
        Some(Self {
            code: text(Some(story.code))?,
            message: text(story.message).unwrap_or_default(),
            inner_error: story.inner_error.map(|inner| inner.get().to_owned()),
            date: text(date),
            request_id: text(request_id),
            client_request_id: text(client_request_id),
        })
    }

    /// Whether there is neither a code nor a message.
    pub(crate) fn is_empty(&self) -> bool {
        self.code.is_empty() && self.message.is_empty()
    }
}

fn text(value: Option<&RawValue>) -> Option<String> {
    json::as_text(value?)?.ok()
}

impl fmt::Display for GraphError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "[{}] : {}", self.code, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::GraphError;

    #[test]
    fn an_error_of_graph_is_read_whole() {
        let error = GraphError::parse(
            r#"{"error":{"code":"ResourceNotFound","message":"No image.","innerError":
               {"date":"2026-01-02T03:04:05","request-id":"r","client-request-id":"c","x":[1]}}}"#,
        )
        .expect("Graph's error");
        assert_eq!(error.to_string(), "[ResourceNotFound] : No image.");
        assert_eq!(error.date.as_deref(), Some("2026-01-02T03:04:05"));
        assert_eq!(error.request_id.as_deref(), Some("r"));
        assert_eq!(error.client_request_id.as_deref(), Some("c"));
        let inner = error.inner_error.expect("the inner error");
        assert!(inner.contains(r#""x":[1]"#), "{inner}");
    }

    #[test]
    fn a_code_alone_is_enough() {
        let error =
            GraphError::parse(r#"{"error":{"code":"generalException"}}"#).expect("Graph's error");
        assert_eq!(error.to_string(), "[generalException] : ");
    }

    #[test]
    fn other_bodies_are_not_errors_of_graph() {
        for body in [
            "",
            "<html>",
            "[]",
            "{}",
            r#"{"error":"x"}"#,
            r#"{"error":{}}"#,
            r#"{"error":{"code":1}}"#,
        ] {
            assert!(GraphError::parse(body).is_none(), "{body}");
        }
    }
}
