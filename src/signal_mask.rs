//! Signals are for the host's own threads: the library's block them, and the programs it runs get them again.

#![allow(unsafe_code)]

use std::mem::MaybeUninit;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::ptr;

/// The signals of a thread's own faults. Blocked, they would end the process without the host's handlers, also in its callbacks.
const FAULTS: [libc::c_int; 7] = [
    libc::SIGABRT,
    libc::SIGBUS,
    libc::SIGFPE,
    libc::SIGILL,
    libc::SIGSEGV,
    libc::SIGSYS,
    libc::SIGTRAP,
];

/// Blocks every signal on the calling thread but those of its own faults.
pub(crate) fn block_signals() {
    let mut blocked = MaybeUninit::uninit();
    // SAFETY: sigfillset initialises the set that it is given; sigdelset changes it, and it is then only read; a NULL old set is allowed.
    unsafe {
        libc::sigfillset(blocked.as_mut_ptr());
        for fault in FAULTS {
            libc::sigdelset(blocked.as_mut_ptr(), fault);
        }
        libc::pthread_sigmask(libc::SIG_BLOCK, blocked.as_ptr(), ptr::null_mut());
    }
}

/// Lets a program get signals though it is started on a thread that blocks them.
pub(crate) fn allow_signals_in(command: &mut Command) {
    let allow = || {
        let mut none = MaybeUninit::uninit();
        // SAFETY: sigemptyset initialises the set that it is given, which is then only read; a NULL old set is allowed.
        unsafe {
            libc::sigemptyset(none.as_mut_ptr());
            libc::pthread_sigmask(libc::SIG_SETMASK, none.as_ptr(), ptr::null_mut());
        }
        Ok(())
    };
    // SAFETY: between fork and exec, it calls nothing but these two, which are async-signal-safe.
    unsafe { command.pre_exec(allow) };
}
