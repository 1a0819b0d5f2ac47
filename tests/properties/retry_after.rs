//! `Retry-After`: seconds or a date.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mgdeviceimage::response::Response;
use proptest::prelude::*;
use proptest::sample::select;

use crate::text::{any_text, digits, pieces};
use crate::{checks, config};

const DAYS: [&str; 7] = [
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
];

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// From 1970 to 9999.
const SECONDS: std::ops::Range<i64> = 0..253_402_300_800;

fn retry_after(value: &str) -> Option<Duration> {
    let answer = Response::from_parts(429, [("Retry-After", value)], b"");
    answer.expect_err("429 is an error").retry_after()
}

/// A moment in one of the three forms of RFC 9110 section 5.6.7.
fn http_date(moment: i64, form: usize) -> String {
    let day = moment / 86400;
    let date = time::OffsetDateTime::from_unix_timestamp(moment).expect("a moment");
    let (year, month, day_of_month) = date.to_calendar_date();
    let month = MONTHS[month as usize - 1];
    let (hour, minute, second) = date.to_hms();
    let weekday = DAYS[(day % 7) as usize];
    let short = &weekday[..3];
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    match form {
        0 => format!("{short}, {day_of_month:02} {month} {year} {time} GMT"),
        1 => format!("{short} {month} {day_of_month:2} {time} {year}"),
        _ => format!(
            "{weekday}, {day_of_month:02}-{month}-{:02} {time} GMT",
            year % 100
        ),
    }
}

/// The moments that a year of two digits can mean.
const TWO_DIGITS: std::ops::Range<i64> = 0..3_155_760_000;

fn check_date(moment: i64, form: usize) {
    let at = UNIX_EPOCH + Duration::from_secs(moment as u64);
    let left = || at.duration_since(SystemTime::now()).unwrap_or_default();
    let most = left();
    let delay = retry_after(&http_date(moment, form)).expect("a date");
    assert!(delay <= most && delay >= left(), "{delay:?}: {most:?}");
}

fn space() -> impl Strategy<Value = &'static str> {
    select(&["", " ", "\t "][..])
}

fn nearly_date() -> impl Strategy<Value = String> {
    pieces(&[
        "Sun",
        "Sunday",
        ",",
        " ",
        "06",
        "-",
        "Nov",
        "94",
        "1994",
        "08",
        ":",
        "49",
        "37",
        "GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ])
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn digits_are_seconds(digits in digits(1..25), before in space(), after in space()) {
        let seconds = digits.parse().unwrap_or(u64::MAX);
        let value = format!("{before}{digits}{after}");
        assert_eq!(retry_after(&value), Some(Duration::from_secs(seconds)));
    }

    #[test]
    fn a_date_is_the_time_left(moment in SECONDS, form in 0..2_usize) {
        check_date(moment, form);
    }

    #[test]
    fn a_date_of_two_digits_is_the_time_left(moment in TWO_DIGITS) {
        check_date(moment, 2);
    }

    #[test]
    fn a_number_with_more_than_digits_is_none(
        digits in digits(1..5),
        more in select(&["-", "+", ".", "e", "x", "_", "s"][..]),
        before: bool,
    ) {
        let value = match before {
            true => format!("{more}{digits}"),
            false => format!("{digits}{more}0"),
        };
        assert_eq!(retry_after(&value), None, "{value}");
    }

    #[test]
    fn any_value_is_read_or_ignored(value in prop_oneof![any_text(), nearly_date()]) {
        checks::retry_after(&value);
    }
}
