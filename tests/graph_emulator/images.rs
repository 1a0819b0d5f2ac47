//! The stored device images.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard};
use time::OffsetDateTime;
use time::macros::format_description;

/// The ids of the images that are there at the start.
pub(crate) const SEED_IDS: [&str; 4] = [
    "img-1",
    "img-2",
    "img-3",
    "eb1f0a3c-5d8e-4c6a-9f0b-7a1d2c3e4f50",
];

const SEED: [&str; 4] = [
    r#"{"id":"img-1","displayName":"Windows 11 Enterprise, finance","errorCode":null,"expirationDate":"2027-10-12",
        "lastModifiedDateTime":"2026-03-02T08:15:30.1234567Z","operatingSystem":"Windows 11 Enterprise",
        "osBuildNumber":"24H2","osStatus":"supported",
        "sourceImageResourceId":"/subscriptions/6c1a2f7e-0b3d-4d55-8a52-2f0e6f1b9a10/resourceGroups/images/providers/Microsoft.Compute/images/finance",
        "status":"ready","version":"1.0.2"}"#,
    r#"{"id":"img-2","displayName":"Windows 11 Enterprise, development","errorCode":null,"expirationDate":"2027-10-12",
        "lastModifiedDateTime":"2026-05-18T14:02:11Z","operatingSystem":"Windows 11 Enterprise",
        "osBuildNumber":"24H2","osStatus":"supported",
        "sourceImageResourceId":"/subscriptions/6c1a2f7e-0b3d-4d55-8a52-2f0e6f1b9a10/resourceGroups/images/providers/Microsoft.Compute/images/development",
        "status":"pending","version":"0.9.0"}"#,
    r#"{"id":"img-3","displayName":"Windows 10 Enterprise, kiosk","errorCode":"sourceImageNotGeneralized","expirationDate":"2025-10-14",
        "lastModifiedDateTime":"2025-09-01T06:45:00Z","operatingSystem":"Windows 10 Enterprise",
        "osBuildNumber":"22H2","osStatus":"supportedWithWarning",
        "sourceImageResourceId":"/subscriptions/6c1a2f7e-0b3d-4d55-8a52-2f0e6f1b9a10/resourceGroups/images/providers/Microsoft.Compute/images/kiosk",
        "status":"failed","version":"2.3"}"#,
    r#"{"id":"eb1f0a3c-5d8e-4c6a-9f0b-7a1d2c3e4f50","displayName":"Büro-Abbild","errorCode":null,"expirationDate":null,
        "lastModifiedDateTime":"2026-01-31T23:59:59.9999999Z","operatingSystem":"Windows 11 Enterprise",
        "osBuildNumber":"23H2","osStatus":"unknown",
        "sourceImageResourceId":"/subscriptions/6c1a2f7e-0b3d-4d55-8a52-2f0e6f1b9a10/resourceGroups/images/providers/Microsoft.Compute/images/office",
        "status":"ready","version":"10.0.1"}"#,
];

/// A JSON object that keeps the order of its members and the text of their values.
#[derive(Clone)]
pub(crate) struct Image(Vec<(String, Box<RawValue>)>);

impl Image {
    pub(crate) fn from_json(json: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(json)
    }

    pub(crate) fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("every value is JSON text")
    }

    pub(crate) fn to_value(&self) -> Value {
        serde_json::from_slice(&self.to_json()).expect("written by to_json")
    }

    /// This image as an answer: `@odata.context` stands first.
    pub(crate) fn with_context(mut self, context: &str) -> Self {
        self.0
            .insert(0, ("@odata.context".to_owned(), raw(context)));
        self
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    fn set(&mut self, name: String, value: Box<RawValue>) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// Takes the members of `update`. OData has a service ignore the key and annotations such as `@odata.type`.
    fn merge(&mut self, update: &Image) {
        for (name, value) in &update.0 {
            if name != "id" && !name.contains("@odata.") {
                self.set(name.clone(), value.clone());
            }
        }
        self.set("lastModifiedDateTime".to_owned(), raw(&now()));
    }
}

impl Serialize for Image {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for Image {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Image;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Image, A::Error> {
                let mut image = Image(Vec::new());
                while let Some((name, value)) = map.next_entry()? {
                    image.set(name, value);
                }
                Ok(image)
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// The images by id.
pub(crate) struct ImageStore(Mutex<BTreeMap<String, Image>>);

impl ImageStore {
    pub(crate) fn seeded() -> Self {
        Self(Mutex::new(seed()))
    }

    pub(crate) fn reset(&self) {
        *self.lock() = seed();
    }

    pub(crate) fn list(&self) -> Vec<Image> {
        self.lock().values().cloned().collect()
    }

    pub(crate) fn get(&self, id: &str) -> Option<Image> {
        self.lock().get(id).cloned()
    }

    /// Stores `image`. An image that names no id gets its own.
    pub(crate) fn put(&self, id: &str, mut image: Image) {
        if !image.has("id") {
            image.0.insert(0, ("id".to_owned(), raw(id)));
        }
        self.lock().insert(id.to_owned(), image);
    }

    /// Merges `update` into a stored image and returns the result, or `None` for an unknown id.
    pub(crate) fn patch(&self, id: &str, update: &Image) -> Option<Image> {
        let mut images = self.lock();
        let image = images.get_mut(id)?;
        image.merge(update);
        Some(image.clone())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Image>> {
        self.0.lock().expect("no holder panics")
    }
}

fn seed() -> BTreeMap<String, Image> {
    SEED_IDS
        .iter()
        .zip(SEED)
        .map(|(id, json)| {
            let image = Image::from_json(json.as_bytes()).expect("the seed is JSON");
            (id.to_string(), image)
        })
        .collect()
}

fn raw(text: &str) -> Box<RawValue> {
    to_raw_value(text).expect("a text is always JSON")
}

fn now() -> String {
    let format =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]Z");
    OffsetDateTime::now_utc()
        .format(&format)
        .expect("the clock has every part of the format")
}
