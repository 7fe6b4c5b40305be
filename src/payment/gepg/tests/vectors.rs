use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    super::{
        Dialect, KeyError, KeyFile, KeyFileError, Keys, Trusted,
        envelope::{Envelope, EnvelopeError},
        message::{
            Acknowledgement, BillResponse, BillSubmission, Cancellation, CancellationResponse,
            PaymentNotice, ReconciliationRequest, ReconciliationResponse,
        },
    },
    world::{gateway_keys, noon, our_keys, path, pem, recorded, time},
};

#[derive(Deserialize)]
struct Entry {
    file: String,
    profile: String,
    message: String,
    signer: String,
    signed_range: (usize, usize),
    signed_sha256: String,
    signature_valid: bool,
    expect: Option<serde_json::Map<String, serde_json::Value>>,
}

impl Entry {
    fn is_spoilt(&self) -> bool {
        self.file.starts_with("negative/")
    }
}

fn manifest() -> Vec<Entry> {
    serde_json::from_str(&std::fs::read_to_string(path("manifest.json")).unwrap()).unwrap()
}

fn from_hex(text: &str) -> Vec<u8> {
    let (first, second) = text.split_at(32);
    [first, second]
        .map(|half| u128::from_str_radix(half, 16).unwrap().to_be_bytes())
        .concat()
}

/// Whoever reads a message verifies it with the signer's public key.
fn reader_of(entry: &Entry) -> std::sync::Arc<Keys> {
    if entry.signer == "sp" {
        gateway_keys()
    } else {
        our_keys()
    }
}

#[test]
fn the_signed_bytes_of_every_recorded_message_are_those_of_the_manifest() {
    let mut cut = 0;
    for entry in manifest() {
        let raw = recorded(&entry.file);
        let Ok(envelope) = Envelope::cut(&raw) else {
            continue;
        };
        let start = envelope.message.as_ptr().addr() - raw.as_ptr().addr();
        let range = (start, start + envelope.message.len());
        assert_eq!(range, entry.signed_range, "{}", entry.file);
        assert_eq!(envelope.name, entry.message, "{}", entry.file);
        let hash = Sha256::digest(envelope.message).to_vec();
        assert_eq!(hash, from_hex(&entry.signed_sha256), "{}", entry.file);
        cut += 1;
    }
    // All but the three that have no signature to cut, or a document type.
    assert_eq!(cut, 22 + 17 + 15, "messages that can be cut");
}

#[test]
fn every_recorded_signature_is_judged_as_the_manifest_says() {
    for entry in manifest() {
        let raw = recorded(&entry.file);
        let opened = reader_of(&entry).open(&raw, noon()).is_ok();
        // A document type is refused whatever the signature.
        let readable = !entry.file.contains("doctype");
        assert_eq!(opened, entry.signature_valid && readable, "{}", entry.file);
    }
}

#[test]
fn our_own_signature_is_the_recorded_one_byte_for_byte() {
    for (file, keys) in [
        ("gepg-v4/01_gepgBillSubReq.xml", our_keys()),
        ("gepg-v4/02_gepgBillSubReq_bulk2.xml", our_keys()),
        ("gepg-v4/12_gepgPmtSpInfoAck.xml", our_keys()),
        ("gepg-v5/01_billSubReq.xml", our_keys()),
        ("gepg-v5/14_billCanclReq.xml", our_keys()),
    ] {
        let raw = recorded(file);
        let message = Envelope::cut(&raw).unwrap().message;
        assert_eq!(keys.seal(message).unwrap(), raw.trim_ascii_end(), "{file}");
    }
}

/// Reads a message by its name and writes it again.
fn rewritten(name: &str, text: &str) -> String {
    let dialect = Dialect::of_message(name);
    let is = |names: [&str; 2]| names.contains(&name);
    if is(BillSubmission::NAMES) {
        BillSubmission::read(text).unwrap().write(dialect)
    } else if is(BillResponse::NAMES) {
        BillResponse::read(text).unwrap().write(dialect)
    } else if is(PaymentNotice::NAMES) {
        PaymentNotice::read(text).unwrap().write(dialect)
    } else if is(Cancellation::NAMES) {
        Cancellation::read(text).unwrap().write(dialect)
    } else if is(CancellationResponse::NAMES) {
        CancellationResponse::read(text).unwrap().write(dialect)
    } else if is(ReconciliationRequest::NAMES) {
        ReconciliationRequest::read(text).unwrap().write(dialect)
    } else if is(ReconciliationResponse::NAMES) {
        ReconciliationResponse::read(text).unwrap().write(dialect)
    } else {
        Acknowledgement::read(text).unwrap().write()
    }
}

#[test]
fn every_recorded_message_is_written_as_it_was_read_byte_for_byte() {
    let mut written = 0;
    for entry in manifest().into_iter().filter(|entry| !entry.is_spoilt()) {
        let raw = recorded(&entry.file);
        let message = Envelope::cut(&raw).unwrap().message;
        // The general failure says nothing where a specific code follows, and is not kept.
        let message = message.replace("7201;", "");
        assert_eq!(
            rewritten(&entry.message, &message),
            message,
            "{}",
            entry.file
        );
        written += 1;
    }
    assert_eq!(written, 22 + 17);
}

/// The value of the first element with this name, as it is written.
fn written_value(text: &str, name: &str) -> String {
    let begin = format!("<{name}>");
    let after = text
        .split_once(&begin)
        .unwrap_or_else(|| panic!("{name}"))
        .1;
    let value = after.split_once('<').unwrap().0;
    value.replace("&amp;", "&").replace("&apos;", "'")
}

/// What the manifest expects is either a count of entries or an element's value, which stands in what
/// we make of the message.
#[test]
fn what_the_manifest_expects_of_a_message_is_read_out_of_it() {
    let mut seen = 0;
    for entry in manifest().into_iter().filter(|entry| !entry.is_spoilt()) {
        let raw = recorded(&entry.file);
        let message = Envelope::cut(&raw).unwrap().message;
        let ours = rewritten(&entry.message, message);
        for (name, value) in entry.expect.unwrap_or_default() {
            let count = |tag: &str| ours.matches(tag).count().to_string();
            let (read, expected) = match name.as_str() {
                "bills" => (count("<BillTrxInf>"), value.to_string()),
                "payments" => (count("<PymtTrxInf>"), value.to_string()),
                "transactions" => {
                    let rows = ours.matches("<ReconcTrxInf>").count();
                    let details = ours.matches("<PmtTrxDtl>").count();
                    ((rows + details).to_string(), value.to_string())
                }
                "EntryCnt" => (written_value(&ours, "EntryCnt"), value.to_string()),
                name => {
                    let codes = value.as_array().map(|codes| {
                        let codes = codes.iter().map(|code| code.as_str().unwrap());
                        codes
                            .filter(|code| *code != "7201")
                            .collect::<Vec<_>>()
                            .join(";")
                    });
                    let text = value.as_str().map(str::to_owned);
                    (written_value(&ours, name), codes.or(text).unwrap())
                }
            };
            assert_eq!(read, expected, "{} {name}", entry.file);
            seen += 1;
        }
    }
    assert!(seen >= 30, "{seen} expectations");
}

#[test]
fn a_message_is_not_taken_for_one_whose_name_begins_alike() {
    let raw = recorded("gepg-v4/12_gepgPmtSpInfoAck.xml");
    let message = Envelope::cut(&raw).unwrap().message;
    assert!(PaymentNotice::read(message).is_err());
}

#[test]
fn any_key_of_the_list_may_have_signed_and_no_other() {
    let raw = recorded("gepg-v4/11_gepgPmtSpInfo_exact.xml");
    let own = pem("sp_private");
    let [rogue, gateway] = [pem("rogue_public"), pem("gepg_public")];
    let both = Keys::from_pem(&own, [rogue.as_str(), &gateway]).unwrap();
    assert!(both.open(&raw, noon()).is_ok());
    let stranger = Keys::from_pem(&own, [rogue.as_str()]).unwrap();
    assert!(stranger.open(&raw, noon()).is_err());
}

#[test]
fn a_key_that_cannot_be_used_is_named_by_its_place() {
    let own = pem("sp_private");
    let gateway = pem("gepg_public");
    let wrong = Keys::from_pem(&own, [gateway.as_str(), "no key"]).unwrap_err();
    assert!(wrong.to_string().contains("public key 2"), "{wrong}");
    let none = Keys::from_pem(&own, []).unwrap_err();
    assert!(matches!(none, KeyError::NoPublic), "{none}");
    let public = Keys::from_pem(&gateway, [gateway.as_str()]).unwrap_err();
    let no_key = KeyError::File(KeyFileError::NoPrivateKey {
        name: "our private key".to_owned(),
    });
    assert_eq!(public.to_string(), no_key.to_string());
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(path(&format!("keys/{name}"))).unwrap()
}

#[test]
fn a_keystore_in_any_of_the_three_encryptions_gives_the_recorded_signatures() {
    let gateway = pem("gepg_cert");
    for name in ["sp_aes256.p12", "sp_3des_sha1.p12", "sp_rc2_legacy.p12"] {
        let bytes = file(name);
        let store = KeyFile::new(name, &bytes).with_password("test-only");
        let trusted = KeyFile::new("gepg_cert.pem", gateway.as_bytes()).trusted();
        let keys = Keys::trusting(store.private_key().unwrap(), trusted.unwrap()).unwrap();
        for recording in ["gepg-v4/01_gepgBillSubReq.xml", "gepg-v5/01_billSubReq.xml"] {
            let raw = recorded(recording);
            let message = Envelope::cut(&raw).unwrap().message;
            let sealed = keys.seal(message).unwrap();
            assert_eq!(sealed, raw.trim_ascii_end(), "{name} {recording}");
        }
    }
}

#[test]
fn a_keystore_that_holds_a_certificate_and_no_key_gives_the_gateways_public_key() {
    let bytes = file("gepg_public_certonly.p12");
    let store = KeyFile::new("gepg.p12", &bytes).with_password("test-only");
    let trusted = store.trusted().unwrap();
    let raw = recorded("gepg-v4/11_gepgPmtSpInfo_exact.xml");
    let own = KeyFile::new("own", pem("sp_private").as_bytes()).private_key();
    let keys = Keys::trusting(own.unwrap(), trusted).unwrap();
    assert!(keys.open(&raw, noon()).is_ok());
    let error = store.private_key().unwrap_err();
    assert!(
        matches!(error, KeyFileError::NoPrivateKey { .. }),
        "{error}"
    );
}

#[test]
fn a_file_that_is_no_keystore_or_is_not_opened_by_its_password_is_told_apart() {
    let bytes = file("sp_rc2_legacy.p12");
    let error = KeyFile::new("sp.p12", &bytes)
        .with_password("wrong")
        .private_key();
    assert!(
        matches!(error, Err(KeyFileError::Password { .. })),
        "{error:?}"
    );
    let error = KeyFile::new("sp.p12", b"nothing")
        .private_key()
        .unwrap_err();
    assert!(matches!(error, KeyFileError::Unknown { .. }), "{error}");
    assert!(error.to_string().contains("sp.p12"), "{error}");
    let encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let error = KeyFile::new("sp.pem", encrypted.as_bytes())
        .private_key()
        .unwrap_err();
    assert!(
        matches!(error, KeyFileError::EncryptedPem { .. }),
        "{error}"
    );
}

#[test]
fn a_certificate_proves_nothing_outside_its_dates() {
    let gateway = pem("gepg_cert");
    let trusted = KeyFile::new("gepg_cert.pem", gateway.as_bytes())
        .trusted()
        .unwrap();
    let from = time("2026-11-21T05:42:50Z");
    assert_eq!(trusted[0].from, Some(from));
    let own = KeyFile::new("own", pem("sp_private").as_bytes())
        .private_key()
        .unwrap();
    let ended = Trusted {
        until: Some(noon()),
        ..trusted[0].clone()
    };
    let keys = Keys::trusting(own, vec![ended]).unwrap();
    let raw = recorded("gepg-v4/11_gepgPmtSpInfo_exact.xml");
    let second = chrono::TimeDelta::seconds(1);
    assert!(keys.open(&raw, noon()).is_ok());
    assert!(keys.open(&raw, from).is_ok());
    let refused = keys.open(&raw, noon() + second).unwrap_err();
    assert_eq!(refused, EnvelopeError::OutOfDate);
    assert!(keys.open(&raw, from - second).is_err());
}

#[test]
fn a_v5_partner_may_have_signed_the_white_space_around_its_message() {
    let ack = "<billSubReqAck><AckStsCode>7101</AckStsCode></billSubReqAck>";
    let spaced = format!(" {ack} ");
    let own = gateway_keys();
    let signature = own
        .sign(own.digest(Dialect::V5), spaced.as_bytes())
        .unwrap();
    let signature = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, signature);
    let body = format!("<Gepg>{spaced}<signature>{signature}</signature></Gepg>");
    let keys = our_keys();
    let opened = keys.open(body.as_bytes(), noon()).unwrap();
    assert_eq!(opened.message, ack);
    let changed = body.replace("<Gepg> ", "<Gepg>  ");
    assert!(keys.open(changed.as_bytes(), noon()).is_err());
}

#[test]
fn a_declared_encoding_is_not_believed() {
    let raw = String::from_utf8(recorded("gepg-v4/11_gepgPmtSpInfo_exact.xml")).unwrap();
    let declared = raw.replace("encoding='UTF-8'", "encoding='utf-16'");
    assert_ne!(declared, raw);
    assert!(our_keys().open(declared.as_bytes(), noon()).is_ok());
    let marked = format!("\u{FEFF}{raw}");
    assert!(our_keys().open(marked.as_bytes(), noon()).is_ok());
}
