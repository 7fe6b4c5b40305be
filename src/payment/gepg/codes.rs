//! GePG's status codes as data.
//!
//! To add a code: its line in `CODES`. A code that is not there is [`CodeMeaning::Unknown`]: it
//! needs a person and is never taken for success.
//!
//! Source: `GepgCodeResponses.cs` of openIMIS's payment module and a public enumeration to 7337.

use crate::payment::told::{CodeMeaning, Codes};

/// Success.
pub const SUCCESS: u16 = 7101;
/// General failure: says nothing where a specific code follows.
const FAILURE: u16 = 7201;
/// A header that must be there is not.
pub const MISSING_HEADER: u16 = 7202;
/// The service provider is not one that the gateway knows.
pub const UNKNOWN_PROVIDER: u16 = 7203;
/// The bill is not there.
pub const NO_SUCH_BILL: u16 = 7204;
/// The bill's last day is over.
pub const EXPIRED: u16 = 7213;
/// The data of a request is not right.
pub const INVALID_REQUEST: u16 = 7242;
/// The bill is paid already.
pub const SETTLED: u16 = 7279;
/// The bill is cancelled.
pub const CANCELLED: u16 = 7283;
/// The signature is not right.
pub const INVALID_SIGNATURE: u16 = 7303;
/// The gateway could not work on it now.
pub const PROCESSING_ERROR: u16 = 7317;
/// A reconciliation's day is out of range.
pub const OUT_OF_RANGE: u16 = 7319;
/// A reconciliation's day is not closed yet.
pub const NOT_READY: u16 = 7321;
/// The provider's code in the header is not that of the body.
pub const HEADER_MISMATCH: u16 = 7323;
/// The same request too many times.
pub const TOO_MANY: u16 = 7332;
/// The bill was changed.
pub const UPDATED: u16 = 7334;

/// Every known code, ranges with both ends: what it asks of us, and its wording where it is one.
const CODES: &[(u16, u16, CodeMeaning, &str)] = &[
    (7101, 7101, CodeMeaning::Success, "Successful"),
    (7201, 7201, CodeMeaning::Rejected, "Failure"),
    (
        7202,
        7202,
        CodeMeaning::Configuration,
        "Required header is not given",
    ),
    (7203, 7203, CodeMeaning::Configuration, "Unauthorized"),
    (7204, 7204, CodeMeaning::Rejected, "Bill does not exist"),
    (
        7205,
        7206,
        CodeMeaning::Configuration,
        "Service provider is invalid or not active",
    ),
    (7207, 7207, CodeMeaning::AlreadyOurs, "Duplicate payment"),
    (
        7210,
        7210,
        CodeMeaning::Rejected,
        "Invalid collection account",
    ),
    (7212, 7212, CodeMeaning::Rejected, "Currency mismatch"),
    (7213, 7213, CodeMeaning::Expired, "Bill has expired"),
    (7214, 7214, CodeMeaning::Rejected, "Insufficient amount"),
    (7217, 7217, CodeMeaning::Rejected, "Invalid payer contact"),
    (7219, 7219, CodeMeaning::Rejected, "Wrong currency"),
    (
        7220,
        7220,
        CodeMeaning::Configuration,
        "Sub service provider is not active",
    ),
    (7221, 7222, CodeMeaning::Rejected, "Wrong bill amount"),
    (7223, 7223, CodeMeaning::Configuration, "Wrong GFS code"),
    (
        7224,
        7225,
        CodeMeaning::Rejected,
        "Wrong amount or reference",
    ),
    (
        7226,
        7226,
        CodeMeaning::AlreadyOurs,
        "Duplicate bill information",
    ),
    (
        7227,
        7227,
        CodeMeaning::Rejected,
        "Blank bill identification",
    ),
    (
        7228,
        7229,
        CodeMeaning::Configuration,
        "Invalid sub service provider or GFS code",
    ),
    (
        7230,
        7230,
        CodeMeaning::Rejected,
        "Wrong bill generation date",
    ),
    (7231, 7231, CodeMeaning::Rejected, "Wrong bill expiry date"),
    (7234, 7234, CodeMeaning::Rejected, "Wrong payment option"),
    (
        7235,
        7238,
        CodeMeaning::Information,
        "Bill creation was completed, see each bill",
    ),
    (7240, 7241, CodeMeaning::BackOff, "Could not be saved now"),
    (7242, 7242, CodeMeaning::Rejected, "Invalid request data"),
    (
        7254,
        7254,
        CodeMeaning::Rejected,
        "Invalid item flag or system id",
    ),
    (
        7255,
        7260,
        CodeMeaning::Rejected,
        "Item amounts do not make the bill's",
    ),
    (7267, 7267, CodeMeaning::Rejected, "Invalid e-mail address"),
    (7268, 7268, CodeMeaning::Rejected, "Invalid phone number"),
    (7269, 7269, CodeMeaning::Rejected, "Invalid system id"),
    (
        7275,
        7278,
        CodeMeaning::Rejected,
        "Invalid payer, description, approver or generator",
    ),
    (7279, 7279, CodeMeaning::Settled, "Bill has been settled"),
    (
        7280,
        7280,
        CodeMeaning::Rejected,
        "Bill has expired and cannot be moved",
    ),
    (7281, 7281, CodeMeaning::Rejected, "Invalid payment date"),
    (7282, 7282, CodeMeaning::Rejected, "Invalid payer name"),
    (
        7283,
        7283,
        CodeMeaning::Cancelled,
        "Bill has been cancelled",
    ),
    (
        7284,
        7284,
        CodeMeaning::Rejected,
        "Currency is not the account's",
    ),
    (7285, 7285, CodeMeaning::Rejected, "Invalid payer id"),
    (
        7286,
        7286,
        CodeMeaning::BackOff,
        "Bill could not be cancelled",
    ),
    (7301, 7301, CodeMeaning::Information, "Bill is paid in part"),
    (
        7302,
        7302,
        CodeMeaning::Information,
        "Paid amount is not exact",
    ),
    (7303, 7303, CodeMeaning::Configuration, "Invalid signature"),
    (
        7304,
        7304,
        CodeMeaning::Configuration,
        "Invalid signature configuration",
    ),
    (
        7311,
        7311,
        CodeMeaning::Configuration,
        "Invalid gateway configuration",
    ),
    (7317, 7317, CodeMeaning::BackOff, "Processing error"),
    (
        7318,
        7318,
        CodeMeaning::BadDate,
        "Invalid reconciliation date",
    ),
    (
        7319,
        7319,
        CodeMeaning::BadDate,
        "Reconciliation date is out of range",
    ),
    (
        7320,
        7320,
        CodeMeaning::Rejected,
        "Invalid reconciliation option",
    ),
    (
        7321,
        7321,
        CodeMeaning::NotReady,
        "Reconciliation is not ready, try later",
    ),
    (
        7322,
        7323,
        CodeMeaning::Configuration,
        "Protocol is not active, or header and body differ",
    ),
    (
        7324,
        7324,
        CodeMeaning::Information,
        "No payment for this control number",
    ),
    (
        7325,
        7330,
        CodeMeaning::BackOff,
        "The payment partner cannot be reached",
    ),
    (
        7331,
        7331,
        CodeMeaning::Information,
        "Paid online, waiting for the bank",
    ),
    (7332, 7332, CodeMeaning::BackOff, "Too many same requests"),
    (7333, 7333, CodeMeaning::Rejected, "Invalid control number"),
    (
        7334,
        7334,
        CodeMeaning::Information,
        "Bill has been updated",
    ),
    (
        7335,
        7335,
        CodeMeaning::Rejected,
        "Control number does not exist",
    ),
    (7336, 7336, CodeMeaning::Rejected, "Maximum limit reached"),
    (
        7337,
        7337,
        CodeMeaning::BackOff,
        "Resource is not available",
    ),
];

/// One code.
pub fn one(code: u16) -> Codes {
    Codes {
        text: code.to_string(),
        meaning: meaning(code),
    }
}

/// Reads numbers joined by `;`; `None` where there is none, or something else. The general failure
/// is dropped where a specific code stands beside it; of several codes the most severe counts.
pub fn read(text: &str) -> Option<Codes> {
    let codes: Vec<u16> = text
        .split(';')
        .map(str::trim)
        .filter(|code| !code.is_empty())
        .map(|code| code.parse().ok())
        .collect::<Option<_>>()?;
    let specific: Vec<u16> = codes
        .iter()
        .copied()
        .filter(|code| *code != FAILURE)
        .collect();
    let kept = if specific.is_empty() { codes } else { specific };
    let meaning = kept
        .iter()
        .map(|code| meaning(*code))
        .max_by_key(|meaning| severity(*meaning))?;
    let text: Vec<_> = kept.iter().map(u16::to_string).collect();
    Some(Codes {
        text: text.join(";"),
        meaning,
    })
}

/// What a code says, in few words; empty for an unknown one.
pub fn words(code: u16) -> &'static str {
    entry(code).map(|entry| entry.3).unwrap_or_default()
}

/// What the first of several codes says.
pub fn words_of(codes: &Codes) -> &'static str {
    let first = codes.text.split(';').next();
    let code = first.and_then(|code| code.parse().ok());
    code.map(words).unwrap_or_default()
}

/// Whether they say success and nothing else.
pub fn is_success(codes: &Codes) -> bool {
    codes.meaning == CodeMeaning::Success
}

/// Whether a change of a bill was done, which has a code of its own.
pub fn is_changed(codes: &Codes) -> bool {
    is_success(codes) || codes.text == UPDATED.to_string()
}

fn entry(code: u16) -> Option<&'static (u16, u16, CodeMeaning, &'static str)> {
    CODES
        .iter()
        .find(|(first, last, _, _)| (*first..=*last).contains(&code))
}

fn meaning(code: u16) -> CodeMeaning {
    entry(code).map_or(CodeMeaning::Unknown, |entry| entry.2)
}

/// How much a meaning weighs beside others.
fn severity(meaning: CodeMeaning) -> u8 {
    match meaning {
        CodeMeaning::Success => 0,
        CodeMeaning::AlreadyOurs => 1,
        CodeMeaning::Information => 2,
        CodeMeaning::NotReady => 3,
        CodeMeaning::BackOff => 4,
        CodeMeaning::Settled => 5,
        CodeMeaning::Cancelled => 6,
        CodeMeaning::Expired => 7,
        CodeMeaning::BadDate => 8,
        CodeMeaning::Configuration => 9,
        CodeMeaning::Rejected => 10,
        CodeMeaning::Unknown => 11,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(codes: &str) -> String {
        read(codes).unwrap().text
    }

    #[test]
    fn the_general_failure_is_dropped_where_a_specific_code_stands_beside_it() {
        assert_eq!(text("7201;7226"), "7226");
        assert_eq!(text("7201"), "7201");
        assert_eq!(text("7242; 7267;"), "7242;7267");
        for text in ["", ";", "x", "7101;x", "99999999"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn of_several_codes_the_most_severe_counts() {
        let meaning = |text| read(text).unwrap().meaning;
        assert_eq!(meaning("7101"), CodeMeaning::Success);
        assert_eq!(meaning("7201;7226"), CodeMeaning::AlreadyOurs);
        assert_eq!(meaning("7226;7242"), CodeMeaning::Rejected);
        assert_eq!(meaning("7201;7223;7268"), CodeMeaning::Rejected);
        assert_eq!(meaning("7101;9999"), CodeMeaning::Unknown);
    }

    #[test]
    fn every_code_that_stops_a_partner_or_slows_us_down_is_known_as_such() {
        for code in [7202, 7203, 7205, 7206, 7304, 7311, 7323] {
            assert_eq!(meaning(code), CodeMeaning::Configuration, "{code}");
        }
        for code in [7332, 7317] {
            assert_eq!(meaning(code), CodeMeaning::BackOff, "{code}");
        }
        assert_eq!(meaning(7321), CodeMeaning::NotReady);
        assert_eq!([meaning(7318), meaning(7319)], [CodeMeaning::BadDate; 2]);
        assert_eq!(meaning(7279), CodeMeaning::Settled);
        assert_eq!(meaning(7283), CodeMeaning::Cancelled);
    }

    #[test]
    fn an_unknown_code_is_never_success() {
        let known = CODES
            .iter()
            .filter(|(_, _, meaning, _)| *meaning == CodeMeaning::Success);
        assert_eq!(known.count(), 1);
        for code in [0, 1, 200, 7100, 7102, 7239, 7338, 9999] {
            assert_eq!(meaning(code), CodeMeaning::Unknown, "{code}");
        }
    }

    #[test]
    fn the_table_is_in_order_and_names_no_code_twice() {
        for pair in CODES.windows(2) {
            assert!(pair[0].1 < pair[1].0, "{} and {}", pair[0].1, pair[1].0);
        }
    }
}
