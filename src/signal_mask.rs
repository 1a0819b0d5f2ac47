//! Signals are for the host's own threads: the library's block them, and the programs it runs get them again.

#![allow(unsafe_code)]

use std::mem::MaybeUninit;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::ptr;

/// Blocks every signal on the calling thread.
pub(crate) fn block_signals() {
    let mut all = MaybeUninit::uninit();
    // SAFETY: sigfillset initialises the set that it is given, which is then only read; a NULL old set is allowed.
    unsafe {
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_BLOCK, all.as_ptr(), ptr::null_mut());
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
