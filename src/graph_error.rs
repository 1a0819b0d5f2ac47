//! Graph's error body: `{"error":{"code","message","innerError":{…}}}`.
//!
//! Source: <https://learn.microsoft.com/graph/errors>

use std::fmt;

use serde_json::{Map, Value};

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

impl GraphError {
    /// Reads the body of an answer. None if it is not an error of Graph's: an object with an `error` that has a code.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        let Value::Object(mut body) = serde_json::from_slice(body).ok()? else {
            return None;
        };
        let Value::Object(mut error) = body.remove("error")? else {
            return None;
        };
        let code = take_text(&mut error, "code")?;
        let message = take_text(&mut error, "message").unwrap_or_default();
        let inner = error
            .remove("innerError")
            .or_else(|| error.remove("innererror"));
        let text = |name| inner.as_ref()?.get(name)?.as_str().map(str::to_owned);
        Some(Self {
            code,
            message,
            date: text("date"),
            request_id: text("request-id"),
            client_request_id: text("client-request-id"),
            inner_error: inner.map(|inner| inner.to_string()),
        })
    }
}

impl fmt::Display for GraphError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "[{}] : {}", self.code, self.message)
    }
}

fn take_text(object: &mut Map<String, Value>, name: &str) -> Option<String> {
    match object.remove(name)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::GraphError;

    #[test]
    fn an_error_of_graph_is_read_whole() {
        let error = GraphError::parse(
            br#"{"error":{"code":"ResourceNotFound","message":"No image.","innerError":
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
            GraphError::parse(br#"{"error":{"code":"generalException"}}"#).expect("Graph's error");
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
            assert!(GraphError::parse(body.as_bytes()).is_none(), "{body}");
        }
    }
}
