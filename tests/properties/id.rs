//! Ids of images, as a URL carries them.

use mgdeviceimage::image::Image;
use mgdeviceimage::update::Update;
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use reqwest::Url;

use crate::text::{any_text, pieces};
use crate::{checks, config};

const COLLECTION: &str = "/v1.0/deviceManagement/virtualEndpoint/deviceImages/";

/// What URL parsers fold, cut or decode.
fn tricky() -> impl Strategy<Value = String> {
    pieces(&[
        ".", "..", "%2e", "%2E", "%2f", "/", "\\", "%", "%25", "?", "#", ";", "//", "\n",
    ])
}

/// The URL of an image, or None if the id is refused.
fn url(id: &str) -> Option<String> {
    let mut update = Update::new(id, &Image::new()).ok()?;
    let description = checks::client().describe(&mut update);
    let line = description.lines().next().expect("a first line");
    line.strip_prefix("PATCH ").map(str::to_owned)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_id_is_one_segment_below_the_collection(id in prop_oneof![any_text(), tricky()]) {
        let Some(url) = url(&id) else {
            assert!(matches!(id.as_str(), "" | "." | ".."));
            return Ok(());
        };
        let path = url.strip_prefix(checks::ORIGIN).expect("the origin");
        let segment = path.strip_prefix(COLLECTION).expect("the collection");
        let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~%".contains(c);
        assert!(segment.chars().all(unreserved), "{segment}");
        assert_eq!(percent_decode_str(segment).decode_utf8().expect("UTF-8"), id);

        let parsed = Url::parse(&url).expect("a URL");
        assert_eq!(parsed.as_str(), url, "nothing is folded on the way");
        assert_eq!(parsed.path(), path);
    }
}
