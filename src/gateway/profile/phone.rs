//! Phone numbers, as aggregators write them.

use super::{
    Filter, Refused,
    value::{Datum, Sources},
};
use crate::model::Msisdn;

/// Reads a number: international, with or without `+`, with `00` or `tel:` before it; or national, with a zero
/// before it, where the profile tells the country.
pub(super) fn read(text: &str, sources: &dyn Sources) -> Result<Option<Msisdn>, Refused> {
    let text = text.trim();
    let number = text.strip_prefix("tel:").unwrap_or(text);
    let country = country(sources)?;
    let international = number.strip_prefix("00").unwrap_or(number);
    let national = number
        .strip_prefix('0')
        .filter(|rest| !rest.starts_with('0'));
    let whole = match (national, country) {
        (Some(rest), Some(country)) => format!("{country}{rest}"),
        _ => international.to_owned(),
    };
    Ok(Msisdn::parse(&whole).ok())
}

/// The filters that write a number.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the filters that write no number are not asked"
)]
pub(super) fn filtered(
    filter: &Filter,
    text: &str,
    sources: &dyn Sources,
) -> Result<Option<Datum>, Refused> {
    let Some(phone) = read(text, sources)? else {
        return Ok(None);
    };
    let written = match filter {
        Filter::Bare => phone.digits().to_owned(),
        Filter::Tel => format!("tel:{}", phone.e164()),
        Filter::National => {
            let country = country(sources)?.unwrap_or_default();
            let digits = phone.digits();
            digits.strip_prefix(&country).unwrap_or(digits).to_owned()
        }
        _ => phone.e164(),
    };
    Ok(Some(Datum::Text(written)))
}

/// The country code of the profile, without `+`.
fn country(sources: &dyn Sources) -> Result<Option<String>, Refused> {
    let Some(template) = &sources.account().profile.country else {
        return Ok(None);
    };
    let code = template.text(sources)?;
    let digits = code.trim_start_matches('+');
    Ok(Some(digits.to_owned()).filter(|code| !code.is_empty()))
}
