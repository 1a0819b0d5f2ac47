//! The faults as the control API takes them: `{"kind": "answer", "status": 429, "headers": [["Retry-After", "1"]]}`.

use super::faults::{Answer, Fault};
use axum::body::Bytes;
use base64::prelude::{BASE64_STANDARD, Engine};
use serde::Deserialize;
use std::time::Duration;

/// The kinds and their members. The variants have braces so that members that do not belong are refused.
#[derive(Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub(crate) enum FaultJson {
    None {},
    Answer {
        status: u16,
        #[serde(default)]
        headers: Vec<(String, String)>,
        body: Option<String>,
        body_base64: Option<String>,
        code: Option<String>,
        message: Option<String>,
    },
    DelayHeaders {
        ms: u64,
    },
    DelayBody {
        ms: u64,
    },
    Reset {},
    ResetBeforeRead {},
    Close {},
    ResetInBody {},
    Truncate {},
    Html502 {},
    Redirect {
        status: u16,
        location: String,
    },
    Empty200 {},
    Hang {},
}

impl TryFrom<FaultJson> for Fault {
    type Error = String;

    fn try_from(json: FaultJson) -> Result<Self, String> {
        Ok(match json {
            FaultJson::None {} => Self::None,
            FaultJson::Answer {
                status,
                headers,
                body,
                body_base64,
                code,
                message,
            } => {
                let mut answer = Answer::new(status)?;
                for (name, value) in &headers {
                    answer.add_header(name, value)?;
                }
                answer.body = answer_body(body, body_base64)?;
                answer.code = code;
                answer.message = message;
                Self::Answer(answer)
            }
            FaultJson::DelayHeaders { ms } => Self::DelayHeaders(Duration::from_millis(ms)),
            FaultJson::DelayBody { ms } => Self::DelayBody(Duration::from_millis(ms)),
            FaultJson::Reset {} => Self::Reset,
            FaultJson::ResetBeforeRead {} => Self::ResetBeforeRead,
            FaultJson::Close {} => Self::Close,
            FaultJson::ResetInBody {} => Self::ResetInBody,
            FaultJson::Truncate {} => Self::Truncate,
            FaultJson::Html502 {} => Self::html502(),
            FaultJson::Redirect { status, location } => Self::try_redirect(status, &location)?,
            FaultJson::Empty200 {} => Self::Empty200,
            FaultJson::Hang {} => Self::Hang,
        })
    }
}

fn answer_body(text: Option<String>, base64: Option<String>) -> Result<Option<Bytes>, String> {
    match (text, base64) {
        (Some(_), Some(_)) => Err("body and bodyBase64 exclude each other".to_owned()),
        (Some(text), None) => Ok(Some(text.into())),
        (None, Some(base64)) => match BASE64_STANDARD.decode(base64) {
            Ok(bytes) => Ok(Some(bytes.into())),
            Err(error) => Err(format!("bodyBase64: {error}")),
        },
        (None, None) => Ok(None),
    }
}
