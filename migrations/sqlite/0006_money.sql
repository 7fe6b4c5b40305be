-- Bills by family with all their states, payments with all that tells them apart, a ledger of five accounts.

-- Rebuilt: tables whose checks change. SQLite cannot drop one that others refer to, so all are copied first.
CREATE TABLE bills_before AS SELECT * FROM bills;
CREATE TABLE bill_phones_before AS SELECT * FROM bill_phones;
CREATE TABLE payments_before AS SELECT * FROM payments;
CREATE TABLE ledger_before AS SELECT * FROM ledger;
CREATE TABLE effects_before AS SELECT * FROM effects;
CREATE TABLE sandbox_policies_before AS SELECT * FROM sandbox_policies;
DROP TABLE bill_phones;
DROP TABLE payments;
DROP TABLE bills;
DROP TABLE ledger;
DROP TABLE effects;
DROP TABLE sandbox_policies;

CREATE TABLE bills (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    scheme TEXT NOT NULL,
    family TEXT NOT NULL CHECK (length(family) BETWEEN 1 AND 64), -- husband and wife have one
    member TEXT NOT NULL CHECK (length(member) BETWEEN 1 AND 50),
    product TEXT NOT NULL,
    period TEXT NOT NULL,
    generation INTEGER NOT NULL CHECK (generation >= 1),
    phone_index BLOB NOT NULL,
    phone BLOB NOT NULL, -- sealed
    language TEXT NOT NULL,
    menu_set TEXT NOT NULL,
    payer BLOB NOT NULL, -- sealed
    persons INTEGER NOT NULL CHECK (persons >= 1),
    minor INTEGER NOT NULL CHECK (minor > 0), -- what is to be paid
    credit_minor INTEGER NOT NULL DEFAULT 0 CHECK (credit_minor >= 0), -- what the family's credit pays beside it
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    from_day TEXT NOT NULL CHECK (from_day GLOB '????-??-??'),
    to_day TEXT NOT NULL CHECK (to_day GLOB '????-??-??'),
    pay_by TEXT NOT NULL CHECK (pay_by GLOB '????-??-??'),
    made_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'queued', 'submitted', 'submit_unknown',
        'awaiting_number', 'pooled', 'payable', 'part_paid', 'settled', 'activated', 'rejected', 'expired',
        'cancel_requested', 'cancelled', 'closed_with_money')),
    moved_at INTEGER NOT NULL,
    number TEXT UNIQUE CHECK (length(number) = 12),
    flag TEXT NOT NULL DEFAULT '', -- why a person is to look at it
    CHECK (from_day <= to_day),
    UNIQUE (scheme, family, product, period, generation)
) STRICT;
INSERT INTO bills (row, id, scheme, family, member, product, period, generation, phone_index, phone,
        language, menu_set, payer, persons, minor, currency, from_day, to_day, pay_by, made_at, state,
        moved_at, number)
    SELECT row, id, scheme, member, member, product, period, generation, phone_index, phone, language,
        menu_set, payer, persons, minor, currency, from_day, to_day, pay_by, made_at, state, moved_at, number
    FROM bills_before;
CREATE INDEX bills_of_member ON bills (member, state);
CREATE INDEX bills_of_state ON bills (state, row);
CREATE INDEX bills_flagged ON bills (row) WHERE flag <> '';

-- Control numbers that a bill got besides its first: money on them is the bill's too.
CREATE TABLE bill_aliases (
    number TEXT PRIMARY KEY CHECK (length(number) = 12),
    bill TEXT NOT NULL REFERENCES bills (id),
    came_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX bill_aliases_of_bill ON bill_aliases (bill);

CREATE TABLE bill_phones (
    id INTEGER PRIMARY KEY,
    bill TEXT NOT NULL REFERENCES bills (id),
    member TEXT NOT NULL CHECK (length(member) BETWEEN 1 AND 50), -- for whom this phone asked
    phone_index BLOB NOT NULL,
    phone BLOB NOT NULL, -- sealed
    language TEXT NOT NULL,
    menu_set TEXT NOT NULL, -- whose words tell of the payment
    from_day TEXT NOT NULL CHECK (from_day GLOB '????-??-??'),
    to_day TEXT NOT NULL CHECK (to_day GLOB '????-??-??'),
    UNIQUE (bill, member, phone_index, from_day, to_day)
) STRICT;
INSERT INTO bill_phones (id, bill, member, phone_index, phone, language, menu_set, from_day, to_day)
    SELECT id, bill, (SELECT member FROM bills WHERE bills.id = bill), phone_index, phone, language,
        menu_set, from_day, to_day
    FROM bill_phones_before;
CREATE INDEX bill_phones_of_phone ON bill_phones (phone_index, bill);

CREATE TABLE payments (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    provider TEXT NOT NULL,
    provider_key TEXT NOT NULL,
    payload_hash BLOB NOT NULL CHECK (length(payload_hash) = 32),
    reference TEXT NOT NULL, -- by which the scheme writes one premium
    sp_code TEXT NOT NULL DEFAULT '',
    gateway_reference TEXT NOT NULL DEFAULT '', -- as the gateway told it
    operator TEXT NOT NULL DEFAULT '',
    receipt TEXT NOT NULL,
    channel TEXT NOT NULL DEFAULT '',
    told_bill TEXT NOT NULL DEFAULT '', -- the bill's id as it was told
    told_time TEXT NOT NULL DEFAULT '', -- the time as it was written
    source TEXT NOT NULL DEFAULT 'notice' CHECK (source IN ('notice', 'reconciliation')),
    payer_phone BLOB, -- sealed
    bill TEXT REFERENCES bills (id),
    number TEXT CHECK (length(number) = 12),
    minor INTEGER NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    paid_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    recorded_state TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'verified', 'recorded', 'matched', 'unmatched',
        'quarantined', 'posted', 'scheme_told', 'sms_sent', 'reversed')),
    outcome TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'settled', 'part', 'credit')),
    moved_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (provider, provider_key)
) STRICT;
INSERT INTO payments (row, id, provider, provider_key, payload_hash, reference, receipt, bill, number,
        minor, currency, paid_at, received_at, recorded_state, state, outcome, moved_at, reason)
    SELECT row, id, provider, provider_key, payload_hash, reference, receipt, bill, number, minor, currency,
        paid_at, received_at, recorded_state,
        CASE state WHEN 'activated' THEN 'sms_sent' ELSE state END,
        CASE state WHEN 'quarantined' THEN '' ELSE 'settled' END,
        coalesce(activated_at, received_at), reason
    FROM payments_before;
CREATE INDEX payments_by_reference ON payments (provider, reference);
CREATE INDEX payments_by_gateway_reference ON payments (provider, gateway_reference);
CREATE INDEX payments_by_receipt ON payments (receipt);
CREATE INDEX payments_of_bill ON payments (bill, paid_at) WHERE bill IS NOT NULL;
CREATE INDEX payments_of_day ON payments (sp_code, paid_at);
CREATE INDEX payments_waiting ON payments (received_at, state) WHERE state IN ('quarantined', 'unmatched');
CREATE INDEX payments_unmatched_bill ON payments (told_bill) WHERE state = 'unmatched';
CREATE INDEX payments_unmatched_number ON payments (number) WHERE state = 'unmatched';

-- A row is both lines of an entry, so that none is ever unbalanced.
CREATE TABLE ledger (
    id INTEGER PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    debit TEXT NOT NULL CHECK (debit IN ('gateway_clearing', 'contributions_due', 'suspense',
        'member_credit', 'fees')),
    credit TEXT NOT NULL CHECK (credit IN ('gateway_clearing', 'contributions_due', 'suspense',
        'member_credit', 'fees')),
    minor INTEGER NOT NULL CHECK (minor > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    posted_at INTEGER NOT NULL,
    bill TEXT, -- whose contributions move
    payment TEXT, -- what came, or went back
    party TEXT, -- whose credit moves: scheme and family
    CHECK (debit <> credit)
) STRICT;
INSERT INTO ledger (id, reference, debit, credit, minor, currency, posted_at, bill, payment)
    SELECT id, reference,
        CASE debit WHEN 'collection' THEN 'gateway_clearing' WHEN 'contributions' THEN 'contributions_due'
            ELSE debit END,
        CASE credit WHEN 'collection' THEN 'gateway_clearing' WHEN 'contributions' THEN 'contributions_due'
            ELSE credit END,
        minor, currency, posted_at,
        (SELECT payments.bill FROM payments WHERE payments.id = ledger_before.reference
            AND ledger_before.credit = 'contributions'),
        reference
    FROM ledger_before;
CREATE INDEX ledger_of_bill ON ledger (bill) WHERE bill IS NOT NULL;
CREATE INDEX ledger_of_payment ON ledger (payment) WHERE payment IS NOT NULL;
CREATE INDEX ledger_of_party ON ledger (party) WHERE party IS NOT NULL;
CREATE INDEX ledger_by_time ON ledger (posted_at, id);
UPDATE ledger_balances SET account = 'gateway_clearing' WHERE account = 'collection';
UPDATE ledger_balances SET account = 'contributions_due' WHERE account = 'contributions';
CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is only added to');
END;
CREATE TRIGGER ledger_is_not_shortened BEFORE DELETE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is only added to');
END;
CREATE TRIGGER ledger_moves_balances AFTER INSERT ON ledger
BEGIN
    INSERT INTO ledger_balances VALUES (new.debit, new.currency, new.minor)
        ON CONFLICT DO UPDATE SET minor = minor + excluded.minor;
    INSERT INTO ledger_balances VALUES (new.credit, new.currency, -new.minor)
        ON CONFLICT DO UPDATE SET minor = minor + excluded.minor;
END;

CREATE TABLE effects (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    phone_index BLOB NOT NULL,
    phone BLOB NOT NULL, -- sealed
    gateway TEXT NOT NULL,
    edition TEXT NOT NULL,
    menu_set TEXT NOT NULL,
    about TEXT CHECK (length(about) BETWEEN 1 AND 50),
    effect BLOB NOT NULL, -- sealed
    state BLOB NOT NULL, -- sealed
    asked_at INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    promised_at INTEGER,
    outcome BLOB, -- sealed
    ended_at INTEGER,
    answer BLOB, -- sealed
    answer_until INTEGER,
    opened_at INTEGER,
    wrong_tries INTEGER NOT NULL DEFAULT 0 CHECK (wrong_tries >= 0),
    CHECK ((outcome IS NULL) = (ended_at IS NULL)),
    CHECK ((answer IS NULL) = (answer_until IS NULL))
) STRICT;
INSERT INTO effects (id, key, phone_index, phone, gateway, edition, menu_set, about, effect, state, asked_at,
        not_after, promised_at, outcome, ended_at, answer, answer_until, opened_at, wrong_tries)
    SELECT id, key, phone_index, phone, gateway, edition, menu_set, about, effect, state, asked_at, not_after,
        promised_at, outcome, ended_at, answer, answer_until, opened_at, wrong_tries
    FROM effects_before;
CREATE INDEX effects_waiting ON effects (phone_index, answer_until)
    WHERE answer_until IS NOT NULL AND opened_at IS NULL;
CREATE INDEX effects_by_age ON effects (not_after);

CREATE TABLE sandbox_policies (
    id INTEGER PRIMARY KEY,
    member TEXT NOT NULL CHECK (length(member) BETWEEN 1 AND 50),
    from_day TEXT NOT NULL CHECK (from_day GLOB '????-??-??'),
    to_day TEXT NOT NULL CHECK (to_day GLOB '????-??-??'),
    minor INTEGER NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    receipt TEXT NOT NULL UNIQUE,
    CHECK (from_day <= to_day)
) STRICT;
INSERT INTO sandbox_policies SELECT id, member, from_day, to_day, minor, currency, receipt
    FROM sandbox_policies_before;
CREATE INDEX sandbox_policies_of_member ON sandbox_policies (member, to_day);

DROP TABLE bills_before;
DROP TABLE bill_phones_before;
DROP TABLE payments_before;
DROP TABLE ledger_before;
DROP TABLE effects_before;
DROP TABLE sandbox_policies_before;

-- What people did with money by command, and why.
CREATE TABLE money_log (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL, -- a payment's id or a bill's
    deed TEXT NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX money_log_of_subject ON money_log (subject, id);

-- Money to go back: asked for by one, approved by another.
CREATE TABLE refunds (
    id INTEGER PRIMARY KEY,
    payment TEXT NOT NULL UNIQUE REFERENCES payments (id),
    minor INTEGER NOT NULL CHECK (minor > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    why TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    approved_by TEXT,
    approved_at INTEGER,
    CHECK (approved_by <> asked_by),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL))
) STRICT;

-- What the gateway was asked about a day, and what it said was paid. Its rows stay as they were told.
CREATE TABLE reconciliations (
    id INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    sp_code TEXT NOT NULL,
    day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
    request TEXT NOT NULL UNIQUE, -- the request's id, kept before it is sent
    asked_at INTEGER NOT NULL,
    answered_at INTEGER,
    codes TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX reconciliations_of_day ON reconciliations (provider, sp_code, day, id);
CREATE TABLE reconciliation_rows (
    reconciliation INTEGER NOT NULL REFERENCES reconciliations (id),
    place INTEGER NOT NULL,
    payment TEXT NOT NULL, -- ours, as it was known or made from this row
    finding TEXT NOT NULL CHECK (finding IN ('known', 'rebuilt', 'differs')),
    PRIMARY KEY (reconciliation, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX reconciliation_rows_of_payment ON reconciliation_rows (payment);
