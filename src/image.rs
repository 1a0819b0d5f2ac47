//! A device image as a request's body, or as read from an answer.
//!
//! Source of the members: <https://learn.microsoft.com/graph/api/resources/cloudpcdeviceimage>

use std::borrow::Cow;

use indexmap::IndexMap;
use indexmap::map::Entry;
use serde_json::value::RawValue;

use crate::date;
use crate::error::{Error, ErrorKind};
use crate::json;

/// A documented member of a device image. All are texts on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// `id`
    Id,
    /// `displayName`
    DisplayName,
    /// `errorCode`
    ErrorCode,
    /// `expirationDate`, a date: `yyyy-MM-dd`
    ExpirationDate,
    /// `lastModifiedDateTime`, a moment in UTC: `yyyy-MM-ddTHH:mm:ss.fffffffZ`
    LastModifiedDateTime,
    /// `operatingSystem`
    OperatingSystem,
    /// `osBuildNumber`
    OsBuildNumber,
    /// `osStatus`
    OsStatus,
    /// `sourceImageResourceId`
    SourceImageResourceId,
    /// `status`
    Status,
    /// `version`
    Version,
}

impl Member {
    /// Every member, in the order in which a body holds them.
    pub const ALL: [Member; 11] = [
        Member::Id,
        Member::DisplayName,
        Member::ErrorCode,
        Member::ExpirationDate,
        Member::LastModifiedDateTime,
        Member::OperatingSystem,
        Member::OsBuildNumber,
        Member::OsStatus,
        Member::SourceImageResourceId,
        Member::Status,
        Member::Version,
    ];

    /// The member's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Member::Id => "id",
            Member::DisplayName => "displayName",
            Member::ErrorCode => "errorCode",
            Member::ExpirationDate => "expirationDate",
            Member::LastModifiedDateTime => "lastModifiedDateTime",
            Member::OperatingSystem => "operatingSystem",
            Member::OsBuildNumber => "osBuildNumber",
            Member::OsStatus => "osStatus",
            Member::SourceImageResourceId => "sourceImageResourceId",
            Member::Status => "status",
            Member::Version => "version",
        }
    }

    /// The member with this name, in any case.
    pub fn from_name(name: &str) -> Option<Member> {
        let mut members = Self::ALL.into_iter();
        // Nearly every name is written as Graph writes it, and is found sooner so.
        let exact = members.clone().find(|member| member.name() == name);
        exact.or_else(|| members.find(|member| member.name().eq_ignore_ascii_case(name)))
    }

    /// The text as the wire has it: dates in their one form, everything else as it is.
    fn normalize(self, text: String) -> Result<String, Error> {
        let (date, kind) = match self {
            Member::ExpirationDate => (date::calendar_date(&text), "date"),
            Member::LastModifiedDateTime => (date::utc_date_time(&text), "date and time"),
            _ => return Ok(text),
        };
        date.ok_or_else(|| {
            invalid(format!(
                "{} must be a {kind} in ISO 8601 form, like 2030-12-31.",
                self.name()
            ))
        })
    }
}

/// What an image holds of a member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// The member is not there: an update leaves it as it is.
    #[default]
    Absent,
    /// The member is null: an update clears it.
    Null,
    /// The member has this text, which may be empty.
    Text(String),
}

/// A device image: each member absent, null or a text, and additional members as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    members: [Value; Member::ALL.len()],
    additional: IndexMap<String, String>,
}

impl Image {
    /// An image without members. Its JSON is `{}`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a JSON object. Documented members are known by name in any case; all others are kept as they are, in their order.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidBody`], naming the member, if the text is no JSON object, a name is given twice, a
    /// documented member is neither text nor null, a date is none, a text is not Unicode, or values stand more than 64
    /// levels deep.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let members = json::Members::parse(json)
            .map_err(|what| invalid(format!("The image is not a JSON object: {what}.")))?;
        let mut image = Self::new();
        for (json::Name(name), value) in members.0 {
            image.insert_once(name, value)?;
        }
        Ok(image)
    }

    fn insert_once(&mut self, name: Cow<'_, str>, value: &RawValue) -> Result<(), Error> {
        let Some(member) = Member::from_name(&name) else {
            let json = json::canonical(&name, value).map_err(|what| invalid(format!("{what}.")))?;
            return match self.additional.entry(name.into_owned()) {
                Entry::Vacant(entry) => {
                    entry.insert(json);
                    Ok(())
                }
                Entry::Occupied(entry) => Err(twice(entry.key())),
            };
        };
        if *self.get(member) != Value::Absent {
            return Err(twice(member.name()));
        }
        match json::as_text(value) {
            Some(Ok(text)) => self.set_text(member, text),
            Some(Err(what)) => Err(invalid(format!("{} holds {what}.", member.name()))),
            None if value.get() == "null" => {
                self.set_null(member);
                Ok(())
            }
            None => Err(invalid(format!(
                "{} must be a text or null.",
                member.name()
            ))),
        }
    }

    /// Reads the image of an answer. Nothing is refused that Graph may send: a documented member of an unexpected kind is
    /// kept as an additional one. Annotations of the answer itself (`@odata.context` and the like) are left out, but not
    /// `@odata.type`.
    ///
    /// # Errors
    ///
    /// What is wrong, if the text is no JSON object or is nested too deeply.
    pub(crate) fn from_answer(json: &str) -> Result<Self, String> {
        let mut image = Self::new();
        for (json::Name(name), value) in json::Members::parse(json)?.0 {
            let text = json::as_text(value).transpose()?;
            match (Member::from_name(&name), text) {
                (Some(member), Some(text)) => image.members[member as usize] = Value::Text(text),
                (Some(member), None) if value.get() == "null" => {
                    image.members[member as usize] = Value::Null;
                }
                _ if is_annotation(&name) => {}
                _ => {
                    let json = json::canonical(&name, value)?;
                    image.additional.insert(name.into_owned(), json);
                }
            }
        }
        // Once, at the end: an answer may hold any number of members.
        let Self {
            members,
            additional,
        } = &mut image;
        additional.retain(|name, _| {
            Member::from_name(name).is_none_or(|it| members[it as usize] == Value::Absent)
        });
        Ok(image)
    }

    /// What the image holds of a member.
    pub fn get(&self, member: Member) -> &Value {
        &self.members[member as usize]
    }

    /// Gives a member a text. A date is `yyyy-MM-dd`, alone or with a time (RFC 3339), and is written in its one form.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidBody`] if the member is a date and the text is none.
    pub fn set_text(&mut self, member: Member, text: impl Into<String>) -> Result<(), Error> {
        *self.slot(member) = Value::Text(member.normalize(text.into())?);
        Ok(())
    }

    /// Makes a member null, which clears it on the server.
    pub fn set_null(&mut self, member: Member) {
        *self.slot(member) = Value::Null;
    }

    /// Takes a member out, so that an update leaves it as it is.
    pub fn unset(&mut self, member: Member) {
        *self.slot(member) = Value::Absent;
    }

    /// Sets an additional member, such as `@odata.type`, to a JSON value. A second call for the same name replaces the value.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidBody`] if the name is empty or a documented member's, or the value is no JSON, has a name twice or a text that is
    /// not Unicode, or stands more than 64 levels deep.
    pub fn set_additional_json(&mut self, name: &str, json: &str) -> Result<(), Error> {
        if name.is_empty() {
            return Err(invalid("The additional member's name is empty."));
        }
        if let Some(member) = Member::from_name(name) {
            return Err(invalid(format!(
                "{} is a documented member, not an additional one.",
                member.name()
            )));
        }
        let value: &RawValue = serde_json::from_str(json).map_err(|error| {
            invalid(format!(
                "{} is not valid JSON: {error}.",
                name.escape_debug()
            ))
        })?;
        let json = json::canonical(name, value).map_err(|what| invalid(format!("{what}.")))?;
        self.additional.insert(name.to_owned(), json);
        Ok(())
    }

    /// The image as compact JSON: additional members in the order given, then the documented ones in [`Member::ALL`]'s order.
    pub fn to_json(&self) -> String {
        let mut out = String::from("{");
        for (name, json) in &self.additional {
            write_name(name, &mut out);
            out.push_str(json);
        }
        for member in Member::ALL {
            match self.get(member) {
                Value::Absent => {}
                Value::Null => {
                    write_name(member.name(), &mut out);
                    out.push_str("null");
                }
                Value::Text(text) => {
                    write_name(member.name(), &mut out);
                    json::write_text(text, &mut out);
                }
            }
        }
        out.push('}');
        out
    }

    /// The place of a member. An answer may have had it in another kind, as an additional member: what is set now goes before that.
    fn slot(&mut self, member: Member) -> &mut Value {
        if !self.additional.is_empty() {
            self.additional
                .retain(|name, _| Member::from_name(name) != Some(member));
        }
        &mut self.members[member as usize]
    }
}

fn write_name(name: &str, out: &mut String) {
    if out.len() > 1 {
        out.push(',');
    }
    json::write_text(name, out);
    out.push(':');
}

/// Whether a member of an answer speaks of the answer, not of the image.
fn is_annotation(name: &str) -> bool {
    name.starts_with("@odata.") && name != "@odata.type"
}

fn twice(name: &str) -> Error {
    invalid(format!("{} is given twice.", name.escape_debug()))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidBody, message)
}
