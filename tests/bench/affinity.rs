//! Which cores a thread may run on. What it starts inherits that.

#![allow(unsafe_code)]

/// Keeps the calling thread on one core of those that it may run on, from 0. Whether there is such a core, and this system can.
#[cfg(target_os = "linux")]
pub(crate) fn pin_to(core: usize) -> bool {
    // SAFETY: the sets are this function's own, of the size that is told; 0 is the calling thread.
    unsafe {
        let mut allowed: libc::cpu_set_t = std::mem::zeroed();
        if libc::sched_getaffinity(0, size_of_val(&allowed), &raw mut allowed) != 0 {
            return false;
        }
        let mut cores = (0..libc::CPU_SETSIZE as usize).filter(|it| libc::CPU_ISSET(*it, &allowed));
        let Some(core) = cores.nth(core) else {
            return false;
        };
        let mut chosen: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(core, &mut chosen);
        libc::sched_setaffinity(0, size_of_val(&chosen), &raw const chosen) == 0
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn pin_to(_core: usize) -> bool {
    false
}
