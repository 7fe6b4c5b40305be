use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    super::{
        KeyError, Keys,
        envelope::Envelope,
        message::{Acknowledges, BillResponse, BillSubmission, PaymentNotice},
    },
    world::{gateway_keys, our_keys, path, pem, recorded},
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
    assert_eq!(cut, 22 + 14, "messages that can be cut");
}

#[test]
fn every_recorded_signature_is_judged_as_the_manifest_says() {
    for entry in manifest() {
        let raw = recorded(&entry.file);
        let opened = reader_of(&entry).open(&raw).is_ok();
        // A document type is refused whatever the signature; version 5 is not spoken here.
        let readable = !entry.file.contains("doctype") && entry.profile == "v4";
        assert_eq!(opened, entry.signature_valid && readable, "{}", entry.file);
    }
}

#[test]
fn our_own_signature_is_the_recorded_one_byte_for_byte() {
    for (file, keys) in [
        ("gepg-v4/01_gepgBillSubReq.xml", our_keys()),
        ("gepg-v4/02_gepgBillSubReq_bulk2.xml", our_keys()),
        ("gepg-v4/12_gepgPmtSpInfoAck.xml", our_keys()),
    ] {
        let raw = recorded(file);
        let message = Envelope::cut(&raw).unwrap().message;
        assert_eq!(keys.seal(message).unwrap(), raw.trim_ascii_end(), "{file}");
    }
}

type Rewrite = fn(&str) -> String;

#[test]
fn every_message_that_we_know_is_written_as_it_was_read_byte_for_byte() {
    let submission: Rewrite = |text| BillSubmission::read(text).unwrap().write();
    let response: Rewrite = |text| BillResponse::read(text).unwrap().write();
    let notice: Rewrite = |text| PaymentNotice::read(text).unwrap().write();
    for (file, rewrite) in [
        ("01_gepgBillSubReq.xml", submission),
        ("02_gepgBillSubReq_bulk2.xml", submission),
        ("07_gepgBillSubResp_ok.xml", response),
        ("08_gepgBillSubResp_failed.xml", response),
        ("09_gepgBillSubResp_bulk2.xml", response),
        ("11_gepgPmtSpInfo_exact.xml", notice),
        ("15_gepgPmtSpInfo_two_payments.xml", notice),
    ] {
        let raw = recorded(&format!("gepg-v4/{file}"));
        let message = Envelope::cut(&raw).unwrap().message;
        assert_eq!(rewrite(message), message, "{file}");
    }
}

#[test]
fn every_acknowledgement_is_read_and_written() {
    for (file, kind, codes) in [
        (
            "05_gepgBillSubReqAck_ok.xml",
            Acknowledges::BillSubmission,
            "7101",
        ),
        (
            "06_gepgBillSubReqAck_rejected.xml",
            Acknowledges::BillSubmission,
            "7223;7268",
        ),
        (
            "10_gepgBillSubRespAck.xml",
            Acknowledges::BillResponse,
            "7101",
        ),
        (
            "12_gepgPmtSpInfoAck.xml",
            Acknowledges::PaymentNotice,
            "7101",
        ),
    ] {
        let raw = recorded(&format!("gepg-v4/{file}"));
        let message = Envelope::cut(&raw).unwrap().message;
        let read = kind.read(message).unwrap();
        assert_eq!(read.to_string(), codes, "{file}");
        assert_eq!(kind.read(&kind.write(&read)).unwrap(), read, "{file}");
    }
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
    assert!(both.open(&raw).is_ok());
    let stranger = Keys::from_pem(&own, [rogue.as_str()]).unwrap();
    assert!(stranger.open(&raw).is_err());
}

#[test]
fn a_key_that_cannot_be_used_is_named_by_its_place() {
    let own = pem("sp_private");
    let gateway = pem("gepg_public");
    let wrong = Keys::from_pem(&own, [gateway.as_str(), "no key"]).unwrap_err();
    assert!(matches!(wrong, KeyError::Public { position: 2 }), "{wrong}");
    let none = Keys::from_pem(&own, []).unwrap_err();
    assert!(matches!(none, KeyError::NoPublic), "{none}");
    let public = Keys::from_pem(&gateway, [gateway.as_str()]).unwrap_err();
    assert!(matches!(public, KeyError::Private(_)), "{public}");
}

#[test]
fn a_declared_encoding_is_not_believed() {
    let raw = String::from_utf8(recorded("gepg-v4/11_gepgPmtSpInfo_exact.xml")).unwrap();
    let declared = raw.replace("encoding='UTF-8'", "encoding='utf-16'");
    assert_ne!(declared, raw);
    assert!(our_keys().open(declared.as_bytes()).is_ok());
    let marked = format!("\u{FEFF}{raw}");
    assert!(our_keys().open(marked.as_bytes()).is_ok());
}
