//! When a request is tried again, and after which delay.

use std::time::{Duration, SystemTime};

use crate::response::Response;

/// The longest delay that is waited for.
const MAX_DELAY: Duration = Duration::from_secs(180);

/// A connection that was not made is tried again sooner than a service that asked for time.
const CONNECT_DELAY_DIVISOR: u32 = 10;

/// How often a request is tried again, and after which delays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many more tries there are after the first. Default: 3.
    pub max_retries: u32,
    /// The delay before the first retry, doubled with each one, where the server names none. Default: 3 s.
    pub delay: Duration,
    /// How long after the first try another one may begin, or None for the time limit of the update alone. Default: None.
    pub time_limit: Option<Duration>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 3,
            delay: Duration::from_secs(3),
            time_limit: None,
        }
    }
}

/// Why a request may be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The server answered this status, one of those that ask for another try, and perhaps when.
    Status(u16, Option<Duration>),
    /// Nothing was sent: there was no connection.
    NotConnected,
}

impl Reason {
    /// The status that was answered, or 0 where no connection was made.
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::Status(status, _) => status,
            Self::NotConnected => 0,
        }
    }
}

/// A retry, as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// The status that was answered, or 0 where no connection was made.
    pub status: u16,
    /// The delay before the next try.
    pub delay: Duration,
}

/// Whether a status asks for another try.
fn is_retryable(status: u16) -> bool {
    matches!(status, 429 | 503 | 504)
}

impl RetryPolicy {
    /// The delay before retry number `retry` (from 1), or None if there is to be none. `elapsed` is the time since the first try
    /// began, `left` what is left of the update's time, `jitter` a number from 0 to 1.
    pub(crate) fn delay_before(
        &self,
        retry: u32,
        reason: Reason,
        elapsed: Duration,
        left: Duration,
        jitter: f64,
    ) -> Option<Duration> {
        if retry > self.max_retries {
            return None;
        }
        let delay = match reason {
            Reason::Status(_, Some(wanted)) => wanted,
            Reason::Status(_, None) => self.backoff(self.delay, retry, jitter),
            Reason::NotConnected => self.backoff(self.delay / CONNECT_DELAY_DIVISOR, retry, jitter),
        };
        let in_time = self
            .time_limit
            .is_none_or(|limit| elapsed.saturating_add(delay) <= limit);
        (in_time && delay <= MAX_DELAY && delay < left).then_some(delay)
    }

    /// The delay doubled with each retry, and up to a quarter more, so that many clients do not come back at once.
    fn backoff(&self, delay: Duration, retry: u32, jitter: f64) -> Duration {
        let doubled = delay.saturating_mul(1 << (retry - 1).min(16));
        let most = doubled.min(MAX_DELAY).mul_f64(1.0 + 0.25 * jitter);
        most.min(MAX_DELAY)
    }
}

/// Why a request may be tried again that was answered so, or None if it may not.
pub(crate) fn reason_of(response: &Response) -> Option<Reason> {
    let status = response.status();
    is_retryable(status).then(|| Reason::Status(status, response.retry_after()))
}

/// Reads `Retry-After`: seconds or an HTTP date (RFC 9110 section 10.2.3). A date in the past is no delay.
pub(crate) fn parse_retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a delay that nobody waits for.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::{Reason, RetryPolicy, is_retryable, parse_retry_after};
    use std::time::{Duration, SystemTime};

    const LONG: Duration = Duration::from_secs(300);

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn delay(retry: u32, reason: Reason) -> Option<Duration> {
        RetryPolicy::default().delay_before(retry, reason, Duration::ZERO, LONG, 0.0)
    }

    #[test]
    fn three_statuses_ask_for_another_try() {
        let asking: Vec<u16> = (100..600).filter(|status| is_retryable(*status)).collect();
        assert_eq!(asking, [429, 503, 504]);
    }

    #[test]
    fn the_server_says_when_or_the_delay_doubles() {
        let unnamed = Reason::Status(503, None);
        assert_eq!(delay(1, unnamed), Some(seconds(3)));
        assert_eq!(delay(2, unnamed), Some(seconds(6)));
        assert_eq!(delay(3, unnamed), Some(seconds(12)));
        assert_eq!(delay(4, unnamed), None);
        assert_eq!(
            delay(1, Reason::Status(429, Some(seconds(7)))),
            Some(seconds(7))
        );
        assert_eq!(
            delay(1, Reason::Status(429, Some(seconds(0)))),
            Some(seconds(0))
        );
        assert_eq!(
            delay(1, Reason::NotConnected),
            Some(Duration::from_millis(300))
        );
    }

    #[test]
    fn jitter_adds_at_most_a_quarter() {
        let policy = RetryPolicy::default();
        let most = policy.delay_before(2, Reason::Status(503, None), Duration::ZERO, LONG, 1.0);
        assert_eq!(most, Some(Duration::from_millis(7500)));
    }

    #[test]
    fn a_delay_of_our_own_is_never_too_long() {
        let policy = RetryPolicy {
            delay: seconds(150),
            ..RetryPolicy::default()
        };
        for retry in 1..=3 {
            let unnamed = Reason::Status(503, None);
            let delay = policy.delay_before(retry, unnamed, Duration::ZERO, Duration::MAX, 1.0);
            assert_eq!(delay, Some(seconds(180)));
        }
    }

    #[test]
    fn a_delay_too_long_is_not_waited_for() {
        let wanted = |wanted| Reason::Status(429, Some(wanted));
        assert_eq!(delay(1, wanted(seconds(180))), Some(seconds(180)));
        assert_eq!(delay(1, wanted(seconds(181))), None);
        assert_eq!(delay(1, wanted(Duration::MAX)), None);

        let policy = RetryPolicy::default();
        let left = policy.delay_before(1, wanted(seconds(5)), seconds(1), seconds(5), 0.0);
        assert_eq!(left, None, "over the time left");

        let limited = RetryPolicy {
            time_limit: Some(seconds(10)),
            ..policy
        };
        let at = |elapsed| limited.delay_before(1, wanted(seconds(5)), seconds(elapsed), LONG, 0.0);
        assert_eq!(at(5), Some(seconds(5)));
        assert_eq!(at(6), None, "over the retries' time");
    }

    #[test]
    fn no_policy_overflows() {
        let policy = RetryPolicy {
            max_retries: u32::MAX,
            delay: Duration::MAX,
            time_limit: Some(Duration::MAX),
        };
        let delay = policy.delay_before(
            u32::MAX,
            Reason::NotConnected,
            Duration::MAX,
            Duration::MAX,
            1.0,
        );
        assert_eq!(delay, Some(seconds(180)));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + seconds(784_111_777); // Sun, 06 Nov 1994 08:49:37 GMT
        for (value, delay) in [
            ("120", Some(seconds(120))),
            (" 0 ", Some(seconds(0))),
            ("99999999999999999999999", Some(seconds(u64::MAX))),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(seconds(30))),
            ("Sun, 06 Nov 1994 08:49:07 GMT", Some(seconds(0))),
            ("Sunday, 06-Nov-94 08:50:07 GMT", Some(seconds(30))),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(parse_retry_after(value, now), delay, "{value}");
        }
    }
}
