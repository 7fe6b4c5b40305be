//! The `nyota` program; everything is in the library.

fn main() -> std::process::ExitCode {
    nyota::cli::main()
}
