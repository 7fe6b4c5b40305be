use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use der::{
    Decode, Reader, SliceReader, Tag, Tagged,
    asn1::{AnyRef, GeneralizedTime, UtcTime},
};
use rustls::pki_types::{CertificateDer, pem::PemObject};

use crate::{cli::Database, config::Settings, scheme::Finding};

/// How many days before its end a certificate is spoken of.
const SOON: i64 = 60;
/// How many days before its end it is too late to wait.
const LATE: i64 = 30;

/// A file of certificates that the installation needs.
struct Held {
    what: &'static str,
    path: PathBuf,
}

/// When each of them ends.
pub(super) fn look(settings: &Settings, now: DateTime<Utc>) -> Vec<Finding> {
    let held = held(settings);
    let found = held.iter().flat_map(|held| of_file(held, now));
    let found: Vec<Finding> = found.collect();
    if found.is_empty() {
        return vec![Finding::good("The settings name none.")];
    }
    found
}

/// Those that the settings name, and those beside the database.
fn held(settings: &Settings) -> Vec<Held> {
    let redis = settings.sections().ok();
    let redis = redis.and_then(|sections| sections.redis.ca_file);
    let redis = redis.map(|path| Held {
        what: "the authority of Redis",
        path,
    });
    let postgres = root_of_postgres(&settings.database_url).map(|path| Held {
        what: "the authority of Postgres",
        path,
    });
    let keys = Database::of(settings)
        .ok()
        .map(|database| database.folder());
    let beside = keys.into_iter().flat_map(|folder| in_folder(&folder));
    redis.into_iter().chain(postgres).chain(beside).collect()
}

/// `sslrootcert=PATH` in the address of the database.
fn root_of_postgres(url: &str) -> Option<PathBuf> {
    let (_, query) = url.split_once('?')?;
    let mut parts = query.split('&');
    parts.find_map(|part| part.strip_prefix("sslrootcert=").map(PathBuf::from))
}

/// Certificates that lie beside the database.
fn in_folder(folder: &Path) -> Vec<Held> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut held: Vec<Held> = files
        .map(|file| file.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|end| end == "pem" || end == "crt")
        })
        .filter(|path| !certificates(path).is_ok_and(|found| found.is_empty()))
        .map(|path| Held {
            what: "a certificate",
            path,
        })
        .collect();
    held.sort_by(|one, other| one.path.cmp(&other.path));
    held
}

fn of_file(held: &Held, now: DateTime<Utc>) -> Vec<Finding> {
    let (what, path) = (held.what, held.path.display());
    match certificates(&held.path) {
        Ok(ends) if ends.is_empty() => vec![Finding::bad(format!(
            "{path} ({what}) has no certificate in it."
        ))],
        Ok(ends) => ends.iter().map(|end| ends_at(held, (*end, now))).collect(),
        Err(why) => vec![Finding::bad(format!(
            "{path} ({what}) cannot be read: {why}."
        ))],
    }
}

/// When the certificates of a file end.
fn certificates(path: &Path) -> Result<Vec<DateTime<Utc>>, String> {
    let pem = std::fs::read(path).map_err(|error| error.to_string())?;
    let found = CertificateDer::pem_slice_iter(&pem);
    found
        .map(|der| {
            let der = der.map_err(|error| error.to_string())?;
            end(&der).ok_or_else(|| "it is no certificate".to_owned())
        })
        .collect()
}

/// The second time of what RFC 5280 calls its validity, behind version, number, algorithm and issuer.
fn end(der: &[u8]) -> Option<DateTime<Utc>> {
    let certificate = AnyRef::from_der(der).ok()?;
    let mut signed = inside(inside(certificate)?.decode().ok()?)?;
    let first: AnyRef<'_> = signed.decode().ok()?;
    let before = if first.tag() == Tag::Integer { 2 } else { 3 };
    for _ in 0..before {
        signed.decode::<AnyRef<'_>>().ok()?;
    }
    let mut validity = inside(signed.decode().ok()?)?;
    validity.decode::<AnyRef<'_>>().ok()?;
    let end: AnyRef<'_> = validity.decode().ok()?;
    let end = if end.tag() == Tag::UtcTime {
        end.decode_as::<UtcTime>().ok()?.to_unix_duration()
    } else {
        end.decode_as::<GeneralizedTime>().ok()?.to_unix_duration()
    };
    DateTime::from_timestamp(i64::try_from(end.as_secs()).ok()?, 0)
}

fn inside(value: AnyRef<'_>) -> Option<SliceReader<'_>> {
    SliceReader::new(value.value()).ok()
}

fn ends_at(held: &Held, (end, now): (DateTime<Utc>, DateTime<Utc>)) -> Finding {
    let (what, path, day) = (held.what, held.path.display(), end.format("%Y-%m-%d"));
    let days = (end - now).num_days();
    if end <= now {
        return Finding::bad(format!(
            "{path} ({what}) ended on {day}: nothing that needs it works. Put a new one in its place now."
        ));
    }
    let left = (end - now).max(TimeDelta::zero()).num_days();
    if days < LATE {
        let haste = if days < 7 { "this week" } else { "this month" };
        return Finding::bad(format!(
            "{path} ({what}) ends on {day}, in {left} days. Put a new one in its place {haste}."
        ));
    }
    if days < SOON {
        return Finding::bad(format!(
            "{path} ({what}) ends on {day}, in {left} days. Ask for a new one now: it may take weeks."
        ));
    }
    Finding::good(format!("{path} ({what}) is good until {day}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_says_itself_when_it_ends() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/payments/keys/gepg_cert.pem");
        let ends = certificates(&path).unwrap();
        assert_eq!(ends.len(), 1);
        let held = Held { what: "GePG", path };
        let mut said = Vec::new();
        for days in [61, 59, 29, 6, -1] {
            let now = ends[0] - TimeDelta::days(days) - TimeDelta::hours(1);
            said.push(ends_at(&held, (ends[0], now)));
        }
        let good: Vec<bool> = said.iter().map(|found| found.good).collect();
        assert_eq!(good, [true, false, false, false, false]);
        for (found, words) in said
            .iter()
            .skip(1)
            .zip(["now", "this month", "this week", "ended"])
        {
            assert!(found.says.contains(words), "{}", found.says);
        }
    }

    #[test]
    fn the_authority_of_postgres_stands_in_its_address() {
        let found =
            root_of_postgres("postgres://u@h/d?sslmode=verify-full&sslrootcert=/etc/ca.pem");
        assert_eq!(found, Some(PathBuf::from("/etc/ca.pem")));
        assert_eq!(root_of_postgres("postgres://u@h/d"), None);
    }
}
