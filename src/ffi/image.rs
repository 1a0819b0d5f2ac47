//! `mgdi_image`: an update's new content, or a server's image.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use super::boundary::{fallible, fallible_with, infallible};
use super::error::mgdi_error;
use super::handle::{self, Handle, Out, Owned};
use super::result::mgdi_result;
use super::text::{self, mgdi_str};
use crate::image::{Image, Member, Value};

/// A documented member of a device image, in the order in which a body holds them. New members of Graph's are new
/// enumerators at the end.
#[derive(Clone, Copy, Debug)]
#[repr(i32)]
pub enum mgdi_member {
    /// `id`
    MGDI_MEMBER_ID = 0,
    /// `displayName`
    MGDI_MEMBER_DISPLAY_NAME = 1,
    /// `errorCode`
    MGDI_MEMBER_ERROR_CODE = 2,
    /// `expirationDate`: a date, sent as `yyyy-MM-dd`
    MGDI_MEMBER_EXPIRATION_DATE = 3,
    /// `lastModifiedDateTime`: a moment, sent in UTC as `yyyy-MM-ddTHH:mm:ss.fffffffZ`
    MGDI_MEMBER_LAST_MODIFIED_DATE_TIME = 4,
    /// `operatingSystem`
    MGDI_MEMBER_OPERATING_SYSTEM = 5,
    /// `osBuildNumber`
    MGDI_MEMBER_OS_BUILD_NUMBER = 6,
    /// `osStatus`
    MGDI_MEMBER_OS_STATUS = 7,
    /// `sourceImageResourceId`
    MGDI_MEMBER_SOURCE_IMAGE_RESOURCE_ID = 8,
    /// `status`
    MGDI_MEMBER_STATUS = 9,
    /// `version`
    MGDI_MEMBER_VERSION = 10,
}

/// What an image holds of a member.
#[derive(Clone, Copy, Debug)]
#[repr(i32)]
pub enum mgdi_state {
    /// The member is not there: an update leaves it as it is.
    MGDI_STATE_ABSENT = 0,
    /// The member is null: an update clears it.
    MGDI_STATE_NULL = 1,
    /// The member has a text, which may be empty.
    MGDI_STATE_TEXT = 2,
}

/// A device image: each documented member absent, null or a text, and additional members as JSON.
///
/// Made by `mgdi_image_new`, `mgdi_image_from_json` and `mgdi_response_image`; given back with `mgdi_image_free`. It belongs
/// to one thread at a time.
///
/// Methods: `mgdi_image_new`, `mgdi_image_from_json`, `mgdi_image_set_text`, `mgdi_image_set_null`, `mgdi_image_unset`,
/// `mgdi_image_get`, `mgdi_image_set_additional_json`, `mgdi_image_to_json`, `mgdi_image_free`.
pub struct mgdi_image {
    _opaque: [u8; 0],
}

impl Handle for mgdi_image {
    type Value = ImageHandle;
}

impl Owned for mgdi_image {}

/// An image, and its JSON once it was asked for, so that C can look at it.
#[derive(Default)]
pub(super) struct ImageHandle {
    pub(super) image: Image,
    json: String,
}

impl From<Image> for ImageHandle {
    fn from(image: Image) -> Self {
        let json = String::new();
        Self { image, json }
    }
}

/// An enumerator from C may be any number, so it is read as one before it becomes a member.
fn member(number: MaybeUninit<mgdi_member>) -> Result<Member, mgdi_error> {
    // SAFETY: a C caller always passes some number, and the enumeration is an i32.
    let number = unsafe { std::mem::transmute::<MaybeUninit<mgdi_member>, i32>(number) };
    usize::try_from(number)
        .ok()
        .and_then(|index| Member::ALL.get(index).copied())
        .ok_or_else(|| mgdi_error::argument(format!("{number} is no member of an image.")))
}

/// Makes an image without members; its JSON is `{}`. The caller frees it with `mgdi_image_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_image_new(out_image: *mut *mut mgdi_image) -> mgdi_result {
    fallible(|| {
        // SAFETY: the header's conventions.
        let out_image = unsafe { Out::new(out_image, "out_image")? };
        out_image.set(handle::into_box(Image::new()));
        Ok(())
    })
}

/// Makes an image of a JSON object of `json_len` bytes. Documented members are known by name in any case; all others are
/// kept value for value, in their order. The caller frees it with `mgdi_image_free`.
///
/// `MGDI_RESULT_INVALID_BODY`, naming the member, if the text is no JSON object, a name is given twice, a documented
/// member is neither text nor null, a date is none, a text is not Unicode, or values stand more than 64 levels deep.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_image_from_json(
    json: *const c_char,
    json_len: usize,
    out_image: *mut *mut mgdi_image,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let json = text::counted(json, json_len, "json")?;
            let out_image = Out::new(out_image, "out_image")?;
            out_image.set(handle::into_box(Image::from_json(json)?));
            Ok(())
        })
    }
}

/// Gives a member a text of `text_len` bytes, which is copied. A date is `yyyy-MM-dd`, alone or with a time (RFC 3339); without a zone it
/// counts as UTC. `MGDI_RESULT_INVALID_BODY` if the member is a date and the text is none; the image is then as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_image_set_text(
    image: *mut mgdi_image,
    member: MaybeUninit<mgdi_member>,
    text: *const c_char,
    text_len: usize,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let image = handle::borrow_mut(image, "image")?;
            let text = text::counted(text, text_len, "text")?;
            image.image.set_text(self::member(member)?, text)?;
            Ok(())
        })
    }
}

/// Makes a member null, which clears it on the server.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_image_set_null(
    image: *mut mgdi_image,
    member: MaybeUninit<mgdi_member>,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let image = handle::borrow_mut(image, "image")?;
            image.image.set_null(self::member(member)?);
            Ok(())
        })
    }
}

/// Takes a member out, so that an update leaves it as it is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_image_unset(
    image: *mut mgdi_image,
    member: MaybeUninit<mgdi_member>,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let image = handle::borrow_mut(image, "image")?;
            image.image.unset(self::member(member)?);
            Ok(())
        })
    }
}

/// Reads a member: its state, and its text, which is `{NULL, 0}` unless the state is `MGDI_STATE_TEXT`. The view belongs to the
/// image and is valid until the image is changed or freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_image_get(
    image: *const mgdi_image,
    member: MaybeUninit<mgdi_member>,
    out_state: *mut mgdi_state,
    out_text: *mut mgdi_str,
) -> mgdi_result {
    fallible(|| {
        // SAFETY: the header's conventions.
        let (image, out_state, out_text) = unsafe {
            (
                handle::borrow(image, "image")?,
                Out::new(out_state, "out_state")?,
                Out::new(out_text, "out_text")?,
            )
        };
        let (state, text) = match image.image.get(self::member(member)?) {
            Value::Absent => (mgdi_state::MGDI_STATE_ABSENT, mgdi_str::NONE),
            Value::Null => (mgdi_state::MGDI_STATE_NULL, mgdi_str::NONE),
            Value::Text(text) => (mgdi_state::MGDI_STATE_TEXT, mgdi_str::of(text.as_bytes())),
        };
        out_state.set(state);
        out_text.set(text);
        Ok(())
    })
}

/// Sets an additional member, such as `@odata.type`, to a JSON value; both are copied. A second call for the same name replaces
/// the value. `MGDI_RESULT_INVALID_BODY` if the name is empty or a documented member's, or the value is no JSON, has a name twice or
/// a text that is not Unicode, or stands more than 64 levels deep; the image is then as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_image_set_additional_json(
    image: *mut mgdi_image,
    name: *const c_char,
    name_len: usize,
    json: *const c_char,
    json_len: usize,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let image = handle::borrow_mut(image, "image")?;
            let name = text::counted(name, name_len, "name")?;
            let json = text::counted(json, json_len, "json")?;
            image.image.set_additional_json(name, json)?;
            Ok(())
        })
    }
}

/// Writes the image as compact JSON, exactly as an update sends it: additional members in the order given, then the documented
/// ones in the order of `mgdi_member`. The view belongs to the image and is valid until the image is changed, written again or
/// freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_image_to_json(
    image: *mut mgdi_image,
    out_json: *mut mgdi_str,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let image = handle::borrow_mut(image, "image")?;
            let out_json = Out::new(out_json, "out_json")?;
            image.json = image.image.to_json();
            out_json.set(mgdi_str::of(image.json.as_bytes()));
            Ok(())
        })
    }
}

/// Frees an image. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_image_free(image: *mut mgdi_image) {
    // SAFETY: the header's conventions.
    infallible((), || unsafe { handle::free_box(image) });
}
