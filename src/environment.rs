//! The environment that a client sees.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::process::Command;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

/// The environment that a client sees: the process's unless one is given. For hosts whose runtime keeps an environment of its own, as
/// .NET does on Unix: what is set there never reaches the process's.
///
/// `Debug` shows no value.
#[derive(Clone, Default)]
pub struct Environment(Source);

#[derive(Clone, Default)]
enum Source {
    #[default]
    Process,
    Given(Arc<[Variable]>),
}

struct Variable {
    name: String,
    value: Secret,
}

impl Environment {
    /// An environment of these variables, names and values, and no others. Of two with the same name the last counts. The values are
    /// zeroed when they are no longer used.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if a name is empty or holds `=`, or a name or a value holds NUL.
    pub fn given<'a>(
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Error> {
        let variables: Result<_, _> = variables.into_iter().map(Variable::new).collect();
        Ok(Self(Source::Given(variables?)))
    }

    /// The value of a variable, unless it is not set or not UTF-8.
    pub(crate) fn get(&self, name: &str) -> Option<Secret> {
        match &self.0 {
            Source::Process => env::var(name).ok().map(Secret::from),
            Source::Given(variables) => {
                let mut latest_first = variables.iter().rev();
                let variable = latest_first.find(|variable| variable.is_called(name))?;
                Some(variable.value.clone())
            }
        }
    }

    /// The value of a variable that is set and not empty.
    pub(crate) fn get_filled(&self, name: &str) -> Option<Secret> {
        self.get(name).filter(|value| !value.expose().is_empty())
    }

    /// Where programs are looked for.
    pub(crate) fn search_path(&self) -> Option<OsString> {
        match &self.0 {
            Source::Process => env::var_os("PATH"),
            Source::Given(_) => self.get("PATH").map(|path| path.expose().into()),
        }
    }

    /// Runs a program in this environment.
    pub(crate) fn pass_to(&self, command: &mut Command) {
        if let Source::Given(variables) = &self.0 {
            let pairs = variables.iter().map(|it| (&it.name, it.value.expose()));
            command.env_clear().envs(pairs);
        }
    }
}

impl Variable {
    fn new((name, value): (&str, &str)) -> Result<Self, Error> {
        if name.is_empty() || name.contains(['=', '\0']) {
            return Err(invalid(
                "The name of a variable is empty, or holds \"=\" or NUL.",
            ));
        }
        if value.contains('\0') {
            return Err(invalid(&format!(
                "The value of {} holds NUL.",
                name.escape_debug()
            )));
        }
        Ok(Self {
            name: name.to_owned(),
            value: Secret::new(value),
        })
    }

    fn is_called(&self, name: &str) -> bool {
        match cfg!(windows) {
            true => self.name.eq_ignore_ascii_case(name),
            false => self.name == name,
        }
    }
}

/// The names alone.
impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Process => formatter.write_str("Environment(process)"),
            Source::Given(variables) => {
                let names = variables.iter().map(|variable| &variable.name);
                formatter.write_str("Environment")?;
                formatter.debug_set().entries(names).finish()
            }
        }
    }
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}
