use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use sqlx::postgres::PgConnectOptions;

/// Where a database is. It prints without its password.
#[derive(Clone)]
pub enum Address {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A database on a Postgres server.
    Postgres(Box<PgConnectOptions>),
}

impl Address {
    /// Reads `sqlite:PATH`, `postgres://…` or `postgresql://…`; `None` where it is neither.
    pub fn parse(url: &str) -> Option<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            let fits = !path.is_empty() && !path.contains('?');
            return fits.then(|| Self::Sqlite(PathBuf::from(path)));
        }
        let postgres = ["postgres://", "postgresql://"];
        postgres.iter().find(|scheme| url.starts_with(**scheme))?;
        let options = PgConnectOptions::from_str(url).ok()?;
        Some(Self::Postgres(Box::new(options)))
    }

    /// The file, where it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Postgres(options) => {
                let (user, host) = (options.get_username(), options.get_host());
                let database = options.get_database().unwrap_or(user);
                write!(
                    f,
                    "postgres://{user}@{host}:{}/{database}",
                    options.get_port()
                )
            }
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_file_or_a_server() {
        for (url, shown) in [
            ("sqlite:data/nyota.db", "data/nyota.db"),
            ("sqlite:///srv/nyota.db", "/srv/nyota.db"),
            (
                "postgres://nyota@db/moshi",
                "postgres://nyota@db:5432/moshi",
            ),
            (
                "postgresql://nyota@db:6432/moshi",
                "postgres://nyota@db:6432/moshi",
            ),
        ] {
            let address = Address::parse(url).unwrap();
            assert_eq!(address.to_string(), shown);
            assert_eq!(address.file().is_some(), url.starts_with("sqlite"));
        }
        for url in [
            "",
            "nyota.db",
            "sqlite:",
            "sqlite:a?mode=ro",
            "mysql://db/nyota",
        ] {
            assert!(Address::parse(url).is_none(), "{url}");
        }
    }

    #[test]
    fn a_password_is_not_printed() {
        for url in [
            "postgres://nyota:s3cret@db/moshi",
            "postgres://nyota@db/moshi?password=s3cret",
        ] {
            let address = Address::parse(url).unwrap();
            let printed = format!("{address} {address:?}");
            assert!(!printed.contains("s3cret"), "{printed}");
            assert!(printed.contains("nyota@db"), "{printed}");
        }
    }
}
