//! Dates of an image, against a calendar of our own.

use mgdeviceimage::image::{Image, Member, Value};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::text::{any_text, digits, pieces};
use crate::{checks, config};

/// A date as a text may name it: the parts may be out of range.
#[derive(Clone, Debug)]
struct Given {
    year: i64,
    month: i64,
    day: i64,
    time: Option<Time>,
}

#[derive(Clone, Debug)]
struct Time {
    separator: char,
    hour: i64,
    minute: i64,
    second: i64,
    fraction: Option<String>,
    zone: Zone,
}

#[derive(Clone, Debug)]
enum Zone {
    None,
    Utc(char),
    Offset(char, i64, i64),
}

fn given() -> impl Strategy<Value = Given> {
    let zone = prop_oneof![
        Just(Zone::None),
        select(&['Z', 'z'][..]).prop_map(Zone::Utc),
        (select(&['+', '-'][..]), 0..=24_i64, 0..=60_i64)
            .prop_map(|(sign, hours, minutes)| Zone::Offset(sign, hours, minutes)),
    ];
    let separator = select(&['T', 't', ' '][..]);
    let fraction = option::of(digits(1..13));
    let time = (
        separator,
        0..=24_i64,
        0..=60_i64,
        0..=60_i64,
        fraction,
        zone,
    )
        .prop_map(|(separator, hour, minute, second, fraction, zone)| Time {
            separator,
            hour,
            minute,
            second,
            fraction,
            zone,
        });
    // Most years are usual ones, some are at the ends of time.
    let year = prop_oneof![6 => 1890..2110_i64, 1 => 0..3_i64, 1 => 9998..=9999_i64];
    (year, 0..=13_i64, 0..=32_i64, option::weighted(0.9, time)).prop_map(
        |(year, month, day, time)| Given {
            year,
            month,
            day,
            time,
        },
    )
}

impl Given {
    fn text(&self) -> String {
        let mut text = format!("{:04}-{:02}-{:02}", self.year, self.month, self.day);
        if let Some(time) = &self.time {
            let Time {
                hour,
                minute,
                second,
                ..
            } = time;
            text += &format!("{}{hour:02}:{minute:02}:{second:02}", time.separator);
            if let Some(fraction) = &time.fraction {
                text += &format!(".{fraction}");
            }
            text += &match time.zone {
                Zone::None => String::new(),
                Zone::Utc(letter) => letter.to_string(),
                Zone::Offset(sign, hours, minutes) => format!("{sign}{hours:02}:{minutes:02}"),
            };
        }
        text
    }

    /// The calendar date, if all parts are in range.
    fn calendar_date(&self) -> Option<String> {
        self.moment()
            .is_some()
            .then(|| format!("{:04}-{:02}-{:02}", self.year, self.month, self.day))
    }

    /// The moment in UTC, if its year has four digits.
    fn utc(&self) -> Option<String> {
        let (seconds, fraction) = self.moment()?;
        let (year, month, day) = date_of(seconds.div_euclid(86400));
        let second = seconds.rem_euclid(86400);
        (0..=9999).contains(&year).then(|| {
            format!(
                "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{fraction}Z",
                second / 3600,
                second / 60 % 60,
                second % 60
            )
        })
    }

    /// Seconds since 1970 and seven decimals.
    fn moment(&self) -> Option<(i64, String)> {
        if !(1..=12).contains(&self.month)
            || !(1..=days_in(self.year, self.month)).contains(&self.day)
        {
            return None;
        }
        let midnight = days_before(self.year, self.month, self.day) * 86400;
        let Some(time) = &self.time else {
            return Some((midnight, "0000000".to_owned()));
        };
        let offset = match time.zone {
            Zone::None | Zone::Utc(_) => 0,
            Zone::Offset(_, hours, minutes) if hours > 23 || minutes > 59 => return None,
            Zone::Offset('-', hours, minutes) => -(hours * 60 + minutes) * 60,
            Zone::Offset(_, hours, minutes) => (hours * 60 + minutes) * 60,
        };
        if time.hour > 23 || time.minute > 59 {
            return None;
        }
        let seconds = midnight + time.hour * 3600 + time.minute * 60 + time.second - offset;
        if time.second == 60 {
            // A leap second is the last of a month in UTC, and is written as the last moment before it.
            let (_, _, day) = date_of(seconds.div_euclid(86400));
            let is_leap_second = seconds.rem_euclid(86400) == 0 && day == 1;
            return is_leap_second.then(|| (seconds - 1, "9999999".to_owned()));
        }
        let fraction = format!("{}0000000", time.fraction.as_deref().unwrap_or_default());
        Some((seconds, fraction[..7].to_owned()))
    }
}

fn is_leap_year(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap_year(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let leap_days = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let months: i64 = (1..month).map(|month| days_in(year, month)).sum();
    before * 365 + leap_days + months + day - 1 - 719_162
}

fn date_of(days: i64) -> (i64, i64, i64) {
    // A few years too late at most.
    let mut year = 1970 + days.max(0) / 365 + days.min(0) / 366;
    while days_before(year, 1, 1) > days {
        year -= 1;
    }
    let mut month = 12;
    while days_before(year, month, 1) > days {
        month -= 1;
    }
    (year, month, days - days_before(year, month, 1) + 1)
}

/// What an image makes of a text, or None if it refuses it.
fn kept(member: Member, text: &str) -> Option<String> {
    let mut image = Image::new();
    let set = image.set_text(member, text);
    match image.get(member) {
        Value::Text(text) => Some(text.clone()),
        _ => {
            let error = set.expect_err("neither kept nor refused");
            assert!(error.message().starts_with(member.name()), "{error}");
            None
        }
    }
}

fn nearly_date() -> impl Strategy<Value = String> {
    pieces(&[
        "2024", "0000", "-", "02", "29", "31", "T", ":", "23", "59", "60", ".", "5", "Z", "+", " ",
    ])
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_calendar_date_is_the_one_that_is_named(given in given()) {
        assert_eq!(kept(Member::ExpirationDate, &given.text()), given.calendar_date());
    }

    #[test]
    fn a_moment_is_the_same_in_utc(given in given()) {
        assert_eq!(kept(Member::LastModifiedDateTime, &given.text()), given.utc());
    }

    #[test]
    fn nothing_but_t_or_space_stands_between_date_and_time(
        separator in any::<char>().prop_filter("allowed", |c| !matches!(c, 'T' | 't' | ' ')),
    ) {
        let text = format!("2024-02-03{separator}12:00:00Z");
        assert_eq!(kept(Member::ExpirationDate, &text), None);
        assert_eq!(kept(Member::LastModifiedDateTime, &text), None);
    }

    #[test]
    fn any_text_is_a_date_in_its_one_form_or_refused(
        member in select(&[Member::ExpirationDate, Member::LastModifiedDateTime][..]),
        text in prop_oneof![any_text(), nearly_date()],
    ) {
        if let Some(date) = kept(member, &text) {
            assert_eq!(kept(member, &date).as_ref(), Some(&date), "{text}");
            checks::image_json(&format!(r#"{{"{}":"{date}"}}"#, member.name()));
        }
    }
}
