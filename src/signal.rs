//! A file descriptor that is readable while there is something to see: an eventfd on Linux, a pipe elsewhere.

use std::io;
use std::os::fd::{AsRawFd, RawFd};

#[cfg(target_os = "linux")]
use std::os::fd::OwnedFd;

/// Not readable at first.
#[derive(Debug)]
pub(crate) struct Signal {
    is_raised: bool,
    #[cfg(target_os = "linux")]
    event: OwnedFd,
    #[cfg(not(target_os = "linux"))]
    pipe: (io::PipeReader, io::PipeWriter),
}

impl Signal {
    /// Makes it readable, or not.
    pub(crate) fn set(&mut self, is_raised: bool) {
        match (self.is_raised, is_raised) {
            (false, true) => self.raise(),
            (true, false) => self.lower(),
            _ => {}
        }
        self.is_raised = is_raised;
    }
}

#[cfg(target_os = "linux")]
impl Signal {
    pub(crate) fn new() -> io::Result<Self> {
        use rustix::event::{EventfdFlags, eventfd};
        Ok(Self {
            is_raised: false,
            event: eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?,
        })
    }

    fn raise(&self) {
        // The count is 0, so there is room.
        let _ = rustix::io::write(&self.event, &1_u64.to_ne_bytes());
    }

    fn lower(&self) {
        // Fails only where the host has read it against the rule, and then it is not readable already.
        let _ = rustix::io::read(&self.event, &mut [0; 8]);
    }

    pub(crate) fn descriptor(&self) -> RawFd {
        self.event.as_raw_fd()
    }
}

#[cfg(not(target_os = "linux"))]
impl Signal {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            is_raised: false,
            pipe: io::pipe()?,
        })
    }

    fn raise(&self) {
        use io::Write;
        // Both ends are this object's, and one byte fits.
        let _ = (&self.pipe.1).write(&[1]);
    }

    fn lower(&self) {
        use io::Read;
        // The byte that was written; the host reads none.
        let _ = (&self.pipe.0).read(&mut [0]);
    }

    pub(crate) fn descriptor(&self) -> RawFd {
        self.pipe.0.as_raw_fd()
    }
}
