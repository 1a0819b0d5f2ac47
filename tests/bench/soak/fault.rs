//! What may go wrong with an update, and how it may then end.

use std::time::Duration;

use mgdeviceimage::ffi::result::mgdi_result::{self, *};

use crate::graph_emulator;

/// One update in a hundred meets each of these, as its number and the seed decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Fault {
    None,
    TooManyRequests,
    Unavailable,
    GatewayTimeout,
    Reset,
    Close,
    Truncate,
    ResetInBody,
    Html502,
    Redirect,
    Empty200,
    Delay,
    /// The caller cancels.
    Cancel,
    /// The server never answers, and the update's own time limit is short.
    Hang,
}

/// The limit of an update that the server never answers.
pub(crate) const SHORT: Duration = Duration::from_millis(100);

impl Fault {
    pub(crate) const ALL: [Fault; 14] = [
        Fault::None,
        Fault::TooManyRequests,
        Fault::Unavailable,
        Fault::GatewayTimeout,
        Fault::Reset,
        Fault::Close,
        Fault::Truncate,
        Fault::ResetInBody,
        Fault::Html502,
        Fault::Redirect,
        Fault::Empty200,
        Fault::Delay,
        Fault::Cancel,
        Fault::Hang,
    ];

    /// The fault of the update with this number.
    pub(crate) fn of(seed: u64, number: usize) -> Self {
        let mut random = fastrand::Rng::with_seed(seed ^ (number as u64) << 20);
        let hundredth = random.usize(1..=100);
        Self::ALL.get(hundredth).copied().unwrap_or(Fault::None)
    }

    /// How the server treats a try. `path` is where a redirect leads.
    pub(crate) fn on_the_server(self, is_retry: bool, path: &str) -> graph_emulator::Fault {
        use graph_emulator::Fault as Server;
        let busy = |status| match is_retry {
            true => Server::None,
            false => Server::Answer(Server::answer(status).header("Retry-After", "0")),
        };
        match self {
            Fault::None => Server::None,
            Fault::TooManyRequests => busy(429),
            Fault::Unavailable => busy(503),
            Fault::GatewayTimeout if is_retry => Server::None,
            // Without Retry-After: the client's own delay counts.
            Fault::GatewayTimeout => Server::Answer(Server::answer(504)),
            Fault::Reset => Server::Reset,
            Fault::Close => Server::Close,
            Fault::Truncate => Server::Truncate,
            Fault::ResetInBody => Server::ResetInBody,
            Fault::Html502 => Server::html502(),
            Fault::Redirect => Server::redirect(307, path),
            Fault::Empty200 => Server::Empty200,
            Fault::Delay => Server::DelayHeaders(Duration::from_millis(20)),
            Fault::Cancel => Server::DelayHeaders(Duration::from_millis(2)),
            Fault::Hang => Server::Hang,
        }
    }

    /// How an update that meets it may end.
    pub(crate) fn results(self) -> &'static [mgdi_result] {
        match self {
            Fault::None
            | Fault::TooManyRequests
            | Fault::Unavailable
            | Fault::GatewayTimeout
            | Fault::Redirect
            | Fault::Empty200
            | Fault::Delay => &[MGDI_RESULT_OK],
            Fault::Reset | Fault::Close => &[MGDI_RESULT_CONNECTION_FAILED],
            Fault::Truncate => &[MGDI_RESULT_INVALID_RESPONSE],
            // A reset may overtake the head that was sent before it.
            Fault::ResetInBody => &[MGDI_RESULT_INVALID_RESPONSE, MGDI_RESULT_CONNECTION_FAILED],
            Fault::Html502 => &[MGDI_RESULT_SERVICE_ERROR],
            // The answer may be quicker than the caller.
            Fault::Cancel => &[MGDI_RESULT_CANCELLED, MGDI_RESULT_OK],
            Fault::Hang => &[MGDI_RESULT_OPERATION_TIMEOUT],
        }
    }

    /// How many requests a try makes.
    pub(crate) fn requests_of_a_try(self) -> u32 {
        match self {
            Fault::Redirect => 2,
            _ => 1,
        }
    }

    /// Whether the caller or its time limit may end a try before its request has arrived.
    pub(crate) fn may_end_early(self) -> bool {
        matches!(self, Fault::Cancel | Fault::Hang)
    }
}
