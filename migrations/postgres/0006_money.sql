-- Bills by family with all their states, payments with all that tells them apart, a ledger of five accounts.

ALTER TABLE bills ADD COLUMN family TEXT;
UPDATE bills SET family = member;
ALTER TABLE bills ALTER COLUMN family SET NOT NULL;
ALTER TABLE bills ADD CHECK (length(family) BETWEEN 1 AND 64); -- husband and wife have one
ALTER TABLE bills DROP CONSTRAINT bills_member_check;
ALTER TABLE bills ADD CHECK (length(member) BETWEEN 1 AND 50);
-- What the family's credit pays beside what is to be paid.
ALTER TABLE bills ADD COLUMN credit_minor BIGINT NOT NULL DEFAULT 0 CHECK (credit_minor >= 0);
ALTER TABLE bills DROP CONSTRAINT bills_state_check;
ALTER TABLE bills ADD CHECK (state IN ('draft', 'queued', 'submitted', 'submit_unknown',
    'awaiting_number', 'pooled', 'payable', 'part_paid', 'settled', 'activated', 'rejected', 'expired',
    'cancel_requested', 'cancelled', 'closed_with_money'));
-- Why a person is to look at it.
ALTER TABLE bills ADD COLUMN flag TEXT NOT NULL DEFAULT '';
ALTER TABLE bills DROP CONSTRAINT bills_scheme_member_product_period_generation_key;
ALTER TABLE bills ADD UNIQUE (scheme, family, product, period, generation);
CREATE INDEX bills_of_state ON bills (state, row);
CREATE INDEX bills_flagged ON bills (row) WHERE flag <> '';

-- Control numbers that a bill got besides its first: money on them is the bill's too.
CREATE TABLE bill_aliases (
    number TEXT PRIMARY KEY CHECK (length(number) = 12),
    bill TEXT NOT NULL REFERENCES bills (id),
    came_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX bill_aliases_of_bill ON bill_aliases (bill);

-- For whom the phone asked.
ALTER TABLE bill_phones ADD COLUMN member TEXT CHECK (length(member) BETWEEN 1 AND 50);
UPDATE bill_phones SET member = (SELECT member FROM bills WHERE bills.id = bill);
ALTER TABLE bill_phones ALTER COLUMN member SET NOT NULL;
ALTER TABLE bill_phones DROP CONSTRAINT bill_phones_bill_phone_index_from_day_to_day_key;
ALTER TABLE bill_phones ADD UNIQUE (bill, member, phone_index, from_day, to_day);

ALTER TABLE payments ADD COLUMN sp_code TEXT NOT NULL DEFAULT '';
ALTER TABLE payments ADD COLUMN gateway_reference TEXT NOT NULL DEFAULT ''; -- as the gateway told it
ALTER TABLE payments ADD COLUMN operator TEXT NOT NULL DEFAULT '';
ALTER TABLE payments ADD COLUMN channel TEXT NOT NULL DEFAULT '';
ALTER TABLE payments ADD COLUMN told_bill TEXT NOT NULL DEFAULT ''; -- the bill's id as it was told
ALTER TABLE payments ADD COLUMN told_time TEXT NOT NULL DEFAULT ''; -- the time as it was written
ALTER TABLE payments ADD COLUMN source TEXT NOT NULL DEFAULT 'notice'
    CHECK (source IN ('notice', 'reconciliation'));
ALTER TABLE payments ADD COLUMN payer_phone BYTEA; -- sealed
ALTER TABLE payments ADD COLUMN outcome TEXT NOT NULL DEFAULT ''
    CHECK (outcome IN ('', 'settled', 'part', 'credit'));
ALTER TABLE payments DROP CONSTRAINT payments_state_check;
UPDATE payments SET outcome = CASE state WHEN 'quarantined' THEN '' ELSE 'settled' END,
    state = CASE state WHEN 'activated' THEN 'sms_sent' ELSE state END,
    activated_at = coalesce(activated_at, received_at);
ALTER TABLE payments ADD CHECK (state IN ('received', 'verified', 'recorded', 'matched', 'unmatched',
    'quarantined', 'posted', 'scheme_told', 'sms_sent', 'reversed'));
ALTER TABLE payments RENAME COLUMN activated_at TO moved_at;
ALTER TABLE payments ALTER COLUMN moved_at SET NOT NULL;
DROP INDEX payments_quarantined;
CREATE INDEX payments_by_gateway_reference ON payments (provider, gateway_reference);
CREATE INDEX payments_by_receipt ON payments (receipt);
CREATE INDEX payments_of_day ON payments (sp_code, paid_at);
CREATE INDEX payments_waiting ON payments (received_at) WHERE state IN ('quarantined', 'unmatched');
CREATE INDEX payments_unmatched_bill ON payments (told_bill) WHERE state = 'unmatched';
CREATE INDEX payments_unmatched_number ON payments (number) WHERE state = 'unmatched';

-- The names of the accounts change this once; no amount does.
ALTER TABLE ledger DISABLE TRIGGER ledger_is_not_changed;
ALTER TABLE ledger DROP CONSTRAINT ledger_debit_check;
ALTER TABLE ledger DROP CONSTRAINT ledger_credit_check;
ALTER TABLE ledger ADD COLUMN bill TEXT; -- whose contributions move
ALTER TABLE ledger ADD COLUMN payment TEXT; -- what came, or went back
ALTER TABLE ledger ADD COLUMN party TEXT; -- whose credit moves: scheme and family
UPDATE ledger SET payment = reference,
    bill = CASE credit WHEN 'contributions'
        THEN (SELECT payments.bill FROM payments WHERE payments.id = ledger.reference) END,
    debit = CASE debit WHEN 'collection' THEN 'gateway_clearing'
        WHEN 'contributions' THEN 'contributions_due' ELSE debit END,
    credit = CASE credit WHEN 'collection' THEN 'gateway_clearing'
        WHEN 'contributions' THEN 'contributions_due' ELSE credit END;
ALTER TABLE ledger ADD CHECK (debit IN ('gateway_clearing', 'contributions_due', 'suspense',
    'member_credit', 'fees'));
ALTER TABLE ledger ADD CHECK (credit IN ('gateway_clearing', 'contributions_due', 'suspense',
    'member_credit', 'fees'));
ALTER TABLE ledger ENABLE TRIGGER ledger_is_not_changed;
CREATE INDEX ledger_of_bill ON ledger (bill) WHERE bill IS NOT NULL;
CREATE INDEX ledger_of_payment ON ledger (payment) WHERE payment IS NOT NULL;
CREATE INDEX ledger_of_party ON ledger (party) WHERE party IS NOT NULL;
CREATE INDEX ledger_by_time ON ledger (posted_at, id);
UPDATE ledger_balances SET account = 'gateway_clearing' WHERE account = 'collection';
UPDATE ledger_balances SET account = 'contributions_due' WHERE account = 'contributions';

ALTER TABLE effects DROP CONSTRAINT effects_about_check;
ALTER TABLE effects ADD CHECK (length(about) BETWEEN 1 AND 50);
ALTER TABLE sandbox_policies DROP CONSTRAINT sandbox_policies_member_check;
ALTER TABLE sandbox_policies ADD CHECK (length(member) BETWEEN 1 AND 50);

-- What people did with money by command, and why.
CREATE TABLE money_log (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject TEXT NOT NULL, -- a payment's id or a bill's
    deed TEXT NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL
);
CREATE INDEX money_log_of_subject ON money_log (subject, id);

-- Money to go back: asked for by one, approved by another.
CREATE TABLE refunds (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payment TEXT NOT NULL UNIQUE REFERENCES payments (id),
    minor BIGINT NOT NULL CHECK (minor > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    why TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    approved_by TEXT,
    approved_at TIMESTAMPTZ,
    CHECK (approved_by <> asked_by),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL))
);

-- What the gateway was asked about a day, and what it said was paid. Its rows stay as they were told.
CREATE TABLE reconciliations (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider TEXT NOT NULL,
    sp_code TEXT NOT NULL,
    day DATE NOT NULL,
    request TEXT NOT NULL UNIQUE, -- the request's id, kept before it is sent
    asked_at TIMESTAMPTZ NOT NULL,
    answered_at TIMESTAMPTZ,
    codes TEXT NOT NULL DEFAULT ''
);
CREATE INDEX reconciliations_of_day ON reconciliations (provider, sp_code, day, id);
CREATE TABLE reconciliation_rows (
    reconciliation BIGINT NOT NULL REFERENCES reconciliations (id),
    place BIGINT NOT NULL,
    payment TEXT NOT NULL, -- ours, as it was known or made from this row
    finding TEXT NOT NULL CHECK (finding IN ('known', 'rebuilt', 'differs')),
    PRIMARY KEY (reconciliation, place)
);
CREATE INDEX reconciliation_rows_of_payment ON reconciliation_rows (payment);
