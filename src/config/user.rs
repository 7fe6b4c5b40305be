/// The user of this system who runs the program, where the environment names one.
#[expect(
    clippy::disallowed_methods,
    reason = "a name that the environment gives, read in `config`"
)]
pub fn system_user() -> Option<String> {
    let mut names = ["USER", "LOGNAME"].into_iter();
    names.find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()))
}
