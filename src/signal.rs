//! A file descriptor that becomes readable once: an eventfd on Linux, a pipe elsewhere.

use std::io;
use std::os::fd::{AsRawFd, RawFd};

#[cfg(target_os = "linux")]
use std::os::fd::OwnedFd;

/// Not readable until it is raised, then readable for ever.
#[derive(Debug)]
pub(crate) struct Signal {
    #[cfg(target_os = "linux")]
    event: OwnedFd,
    #[cfg(not(target_os = "linux"))]
    pipe: (io::PipeReader, io::PipeWriter),
}

#[cfg(target_os = "linux")]
impl Signal {
    pub(crate) fn new() -> io::Result<Self> {
        use rustix::event::{EventfdFlags, eventfd};
        let event = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Self { event })
    }

    pub(crate) fn raise(&self) {
        // Fails only when the count is full, and then it is readable already.
        let _ = rustix::io::write(&self.event, &1_u64.to_ne_bytes());
    }

    pub(crate) fn descriptor(&self) -> RawFd {
        self.event.as_raw_fd()
    }
}

#[cfg(not(target_os = "linux"))]
impl Signal {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { pipe: io::pipe()? })
    }

    pub(crate) fn raise(&self) {
        use io::Write;
        // Both ends are this object's, and one byte fits.
        let _ = (&self.pipe.1).write(&[1]);
    }

    pub(crate) fn descriptor(&self) -> RawFd {
        self.pipe.0.as_raw_fd()
    }
}
