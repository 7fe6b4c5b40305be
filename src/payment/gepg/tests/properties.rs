use chrono::DateTime;
use proptest::prelude::*;

use super::{
    super::{
        Dialect,
        envelope::{Envelope, EnvelopeError},
        message::{
            Acknowledgement, BillResponse, BillSubmission, Cancellation, CancellationResponse,
            PaymentNotice, PushRequest, ReconciliationRequest, ReconciliationResponse,
        },
    },
    world::{noon, our_keys, recorded},
};
use crate::{
    model::{Amount, ControlNumber, Currency, Msisdn},
    payment::{gepg::write_time, told::PaidEntry},
};

fn read_as_anything(text: &str) {
    drop(PaymentNotice::read(text));
    drop(BillResponse::read(text));
    drop(BillSubmission::read(text));
    drop(Cancellation::read(text));
    drop(CancellationResponse::read(text));
    drop(ReconciliationRequest::read(text));
    drop(ReconciliationResponse::read(text));
    drop(PushRequest::read(text));
    drop(Acknowledgement::read(text));
}

/// Pieces of which envelopes are made, so that chance comes near to them.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<Gepg>",
        "</Gepg>",
        "<gepgPmtSpInfo>",
        "</gepgPmtSpInfo>",
        "<gepgSignature>",
        "</gepgSignature>",
        "<gepgSignature/>",
        "<signature>",
        "</signature>",
        "<pmtSpNtfReq>",
        "</pmtSpNtfReq>",
        "<PmtHdr>",
        "</PmtHdr>",
        "<PmtDtls>",
        "<PmtTrxDtl/>",
        "</PmtDtls>",
        "<sucSpPmtRes>",
        "</sucSpPmtRes>",
        "<gepgSpReconcResp>",
        "<ReconcTrans>",
        "<ReconcTrxInf>",
        "<PymtTrxInf>",
        "</PymtTrxInf>",
        "<TrxId>",
        "</TrxId>",
        "&amp;",
        "&x;",
        "&#0;",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?xml?>",
        "é",
        "\u{FEFF}",
        "<",
        ">",
        "\"",
        " ",
        "<!DOCTYPE",
        "AAAA",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

prop_compose! {
    /// A payment with whatever a payer's name and an operator's receipt may have in them.
    fn payment()(
        texts in prop::collection::vec("[A-Za-z0-9&<>'\"é]{0,12}", 7),
        trx_id in "[A-Z0-9]{1,20}",
        number in 990_000_000_000_u64..=999_999_999_999,
        minor in 0_i64..10_000_000_000,
        seconds in 946_728_000_i64..4_000_000_000,
        phone in 255_600_000_000_u64..255_799_999_999,
    ) -> PaidEntry {
        let [name, psp, receipt, account, channel, reference, bill] = [0, 1, 2, 3, 4, 5, 6]
            .map(|place: usize| texts[place].clone());
        let amount = Amount { minor, currency: Currency::TZS };
        let paid_at = DateTime::from_timestamp(seconds, 0).unwrap();
        let number = ControlNumber::parse(&number.to_string()).ok();
        PaidEntry {
            trx_id,
            sp_code: "SP99999".to_owned(),
            pay_ref_id: reference,
            bill,
            number,
            group_number: number,
            bill_amount: Some(amount),
            paid: Some(amount),
            original_paid: amount.to_decimal(),
            currency: "TZS".to_owned(),
            pay_option: "3".to_owned(),
            paid_at: Some(paid_at),
            original_time: write_time(paid_at),
            channel,
            payer_phone: Msisdn::parse(&phone.to_string()).ok(),
            payer_name: name,
            psp,
            psp_receipt: receipt,
            account,
        }
    }
}

proptest! {
    #[test]
    fn a_payment_is_read_as_it_was_written_in_both_dialects(paid in payment()) {
        for dialect in Dialect::ALL {
            let written = PaymentNotice::of(vec![paid.clone()]).write(dialect);
            let read = PaymentNotice::read(&written).unwrap().paid.entries;
            // v4 knows no groups.
            let group_number = paid.group_number.filter(|_| dialect == Dialect::V5);
            let expected = PaidEntry { group_number, ..paid.clone() };
            prop_assert!(read == [expected], "{dialect}: {written}");
        }
    }

    #[test]
    fn a_message_with_any_byte_of_it_changed_is_refused(place in 0_usize..574, flip in 1_u8..) {
        let mut raw = recorded("gepg-v4/11_gepgPmtSpInfo_exact.xml");
        raw[62 + place] ^= flip;
        prop_assert!(our_keys().open(&raw, noon()).is_err());
    }

    #[test]
    fn a_v5_message_with_any_byte_of_it_changed_is_refused(place in 0_usize..700, flip in 1_u8..) {
        let mut raw = recorded("gepg-v5/07_pmtSpNtfReq_exact.xml");
        raw[62 + place] ^= flip;
        prop_assert!(our_keys().open(&raw, noon()).is_err());
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(raw in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(Envelope::cut(&raw));
    }

    #[test]
    fn anything_that_looks_like_a_message_is_read_without_a_panic(text in pieces()) {
        read_as_anything(&text);
        if let Ok(envelope) = Envelope::cut(text.as_bytes()) {
            prop_assert!(text.contains(envelope.message));
            let begins = format!("<{}", envelope.name);
            prop_assert!(envelope.message.starts_with(&begins));
            prop_assert!(envelope.message.ends_with('>'));
            read_as_anything(envelope.message);
        }
    }
}

#[test]
fn what_is_not_exactly_one_message_and_one_signature_says_why() {
    let message = "<gepgA>1</gepgA>";
    let signature = "<gepgSignature>AAAA</gepgSignature>";
    let whole = |inside: &str| format!("<Gepg>{inside}</Gepg>");
    for (body, why) in [
        (whole(message), EnvelopeError::NoSignature),
        (whole(signature), EnvelopeError::NoMessage),
        (
            whole(&format!("{message}{message}{signature}")),
            EnvelopeError::SeveralMessages,
        ),
        (
            whole(&format!("{message}{signature}{signature}")),
            EnvelopeError::SeveralSignatures,
        ),
        (
            whole(&format!("{message}x{signature}")),
            EnvelopeError::NotXml,
        ),
        (
            whole(&format!("{message}<gepgSignature>!</gepgSignature>")),
            EnvelopeError::WrongSignature,
        ),
        (
            format!("{}{}", whole(message), whole(message)),
            EnvelopeError::NotXml,
        ),
        (
            format!("<other>{message}{signature}</other>"),
            EnvelopeError::NotXml,
        ),
        (String::new(), EnvelopeError::NotXml),
        (
            "<!doctype x><Gepg/>".to_owned(),
            EnvelopeError::DocumentType,
        ),
        (" ".repeat(1 << 20) + "<", EnvelopeError::TooLarge),
    ] {
        assert_eq!(Envelope::cut(body.as_bytes()), Err(why), "{body:.100}");
    }
    assert_eq!(
        Envelope::cut(b"<Gepg>\xff</Gepg>"),
        Err(EnvelopeError::NotUtf8)
    );
}
