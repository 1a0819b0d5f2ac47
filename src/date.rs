//! Dates as Graph writes them (`Edm.Date` and `Edm.DateTimeOffset`).

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcOffset};

/// The calendar date that a date or date-time text names, as `yyyy-MM-dd`. No zone shift.
pub(crate) fn calendar_date(text: &str) -> Option<String> {
    let date = parse_date(text).or_else(|| parse_date_time(text).map(OffsetDateTime::date))?;
    date.format(format_description!("[year]-[month]-[day]"))
        .ok()
}

/// The moment that a text names, in UTC with seven decimals. Without a zone it counts as UTC, without a time as midnight.
pub(crate) fn utc_date_time(text: &str) -> Option<String> {
    let moment = parse_date_time(text)
        .or_else(|| parse_date(text).map(|date| date.midnight().assume_utc()))?;
    let utc = moment.checked_to_offset(UtcOffset::UTC)?;
    // Years that four digits can write.
    (0..=9999).contains(&utc.year()).then_some(())?;
    utc.format(format_description!(
        "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:7]Z"
    ))
    .ok()
}

fn parse_date(text: &str) -> Option<Date> {
    // The parser alone would also take a sign before the year.
    if text.len() != "yyyy-MM-dd".len() {
        return None;
    }
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

fn parse_date_time(text: &str) -> Option<OffsetDateTime> {
    // The parser alone would take anything between date and time.
    matches!(text.as_bytes().get("yyyy-MM-dd".len())?, b'T' | b't' | b' ').then_some(())?;
    OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::{calendar_date, utc_date_time};

    #[test]
    fn a_calendar_date_keeps_the_day_it_names() {
        for (text, date) in [
            ("2024-02-03", Some("2024-02-03")),
            ("2024-03-01T23:59:59Z", Some("2024-03-01")),
            ("2024-03-01T00:30:00+14:00", Some("2024-03-01")),
            ("2024-03-01T23:59:59", Some("2024-03-01")),
            ("2024-02-30", None),
            ("+2024-02-03", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(calendar_date(text).as_deref(), date, "{text}");
        }
    }

    #[test]
    fn a_moment_is_utc_with_seven_decimals() {
        for (text, moment) in [
            ("2024-01-01T00:00:00Z", Some("2024-01-01T00:00:00.0000000Z")),
            (
                "2024-01-01T00:00:00.123456789Z",
                Some("2024-01-01T00:00:00.1234567Z"),
            ),
            (
                "2024-01-01T01:00:00+02:00",
                Some("2023-12-31T23:00:00.0000000Z"),
            ),
            ("2024-01-01T12:00:00", Some("2024-01-01T12:00:00.0000000Z")),
            ("2024-01-01", Some("2024-01-01T00:00:00.0000000Z")),
            ("0001-01-01T00:00:00Z", Some("0001-01-01T00:00:00.0000000Z")),
            ("9999-12-31T23:59:59-01:00", None),
            ("0000-01-01T00:00:00+00:01", None),
            ("2024-01-01x12:00:00", None),
            ("2024-01-01T25:00:00Z", None),
            ("yesterday", None),
        ] {
            assert_eq!(utc_date_time(text).as_deref(), moment, "{text}");
        }
    }
}
