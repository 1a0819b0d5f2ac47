//! Ids of images, as a URL carries them.

use proptest::prelude::*;
use reqwest::Url;

use crate::text::{any_text, pieces};
use crate::{checks, config};

/// What URL parsers fold, cut or decode.
fn tricky() -> impl Strategy<Value = String> {
    pieces(&[
        ".", "..", "%2e", "%2E", "%2f", "/", "\\", "%", "%25", "?", "#", ";", "//", "\n",
    ])
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_id_is_one_segment_below_the_collection(id in prop_oneof![any_text(), tricky()]) {
        let Some(url) = checks::id(&id) else {
            return Ok(());
        };
        let parsed = Url::parse(&url).expect("a URL");
        assert_eq!(parsed.as_str(), url, "nothing is folded on the way");
    }
}
