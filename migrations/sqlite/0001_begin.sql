-- Times are microseconds since 1970 in UTC, days are YYYY-MM-DD, money is in minor units.
-- Columns said to be sealed hold ciphertext; phone_index is a phone's keyed index.

-- One row, sealed: opens with the keys that this database was made with.
CREATE TABLE keys_mark (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    mark BLOB NOT NULL -- sealed
) STRICT;

CREATE TABLE callers (
    phone_index BLOB PRIMARY KEY,
    phone BLOB NOT NULL, -- sealed
    language TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE effects (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    phone_index BLOB NOT NULL,
    phone BLOB NOT NULL, -- sealed
    gateway TEXT NOT NULL,
    edition TEXT NOT NULL,
    menu_set TEXT NOT NULL,
    about TEXT CHECK (length(about) = 9),
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
CREATE INDEX effects_waiting ON effects (phone_index, answer_until)
    WHERE answer_until IS NOT NULL AND opened_at IS NULL;

-- Ids are never used twice (AUTOINCREMENT): a late holder of a lease must not end another job.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL
        CHECK (kind IN ('finish_effect', 'submit_bill', 'tell_scheme', 'send_message')),
    subject TEXT NOT NULL,
    priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 2),
    run_at INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    lease INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL GENERATED ALWAYS AS (max(run_at, leased_until)) STORED,
    given_up_at INTEGER,
    why TEXT NOT NULL DEFAULT '',
    UNIQUE (kind, subject)
) STRICT;
CREATE INDEX jobs_due ON jobs (kind, priority, due_at) WHERE given_up_at IS NULL;
CREATE INDEX jobs_over ON jobs (not_after) WHERE given_up_at IS NULL;
CREATE INDEX jobs_given_up ON jobs (given_up_at) WHERE given_up_at IS NOT NULL;

CREATE TABLE bills (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    scheme TEXT NOT NULL,
    member TEXT NOT NULL CHECK (length(member) = 9),
    product TEXT NOT NULL,
    period TEXT NOT NULL,
    generation INTEGER NOT NULL CHECK (generation >= 1),
    phone_index BLOB NOT NULL,
    phone BLOB NOT NULL, -- sealed
    language TEXT NOT NULL,
    menu_set TEXT NOT NULL,
    payer BLOB NOT NULL, -- sealed
    persons INTEGER NOT NULL CHECK (persons >= 1),
    minor INTEGER NOT NULL CHECK (minor > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    from_day TEXT NOT NULL CHECK (from_day GLOB '????-??-??'),
    to_day TEXT NOT NULL CHECK (to_day GLOB '????-??-??'),
    pay_by TEXT NOT NULL CHECK (pay_by GLOB '????-??-??'),
    made_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'submit_unknown', 'awaiting_number', 'payable',
        'settled', 'activated', 'rejected', 'expired')),
    moved_at INTEGER NOT NULL,
    number TEXT UNIQUE CHECK (length(number) = 12),
    CHECK (from_day <= to_day),
    UNIQUE (scheme, member, product, period, generation)
) STRICT;
CREATE INDEX bills_of_member ON bills (member, state);

-- The phones that were given a bill, with the days that each agreed to: the news of its payment goes
-- to all of them.
CREATE TABLE bill_phones (
    id INTEGER PRIMARY KEY,
    bill TEXT NOT NULL REFERENCES bills (id),
    phone_index BLOB NOT NULL,
    phone BLOB NOT NULL, -- sealed
    language TEXT NOT NULL,
    menu_set TEXT NOT NULL, -- whose words tell of the payment
    from_day TEXT NOT NULL CHECK (from_day GLOB '????-??-??'),
    to_day TEXT NOT NULL CHECK (to_day GLOB '????-??-??'),
    UNIQUE (bill, phone_index, from_day, to_day)
) STRICT;
CREATE INDEX bill_phones_of_phone ON bill_phones (phone_index, bill);

CREATE TABLE payments (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    provider TEXT NOT NULL,
    provider_key TEXT NOT NULL,
    payload_hash BLOB NOT NULL CHECK (length(payload_hash) = 32),
    reference TEXT NOT NULL,
    receipt TEXT NOT NULL,
    bill TEXT REFERENCES bills (id),
    number TEXT CHECK (length(number) = 12),
    minor INTEGER NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    paid_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    recorded_state TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('quarantined', 'posted', 'activated')),
    activated_at INTEGER,
    reason TEXT NOT NULL,
    UNIQUE (provider, provider_key)
) STRICT;
CREATE INDEX payments_by_reference ON payments (provider, reference);
CREATE INDEX payments_of_bill ON payments (bill, paid_at) WHERE bill IS NOT NULL;
CREATE INDEX payments_quarantined ON payments (received_at) WHERE state = 'quarantined';

-- A row is both lines of an entry, so that none is ever unbalanced.
CREATE TABLE ledger (
    id INTEGER PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    debit TEXT NOT NULL CHECK (debit IN ('collection', 'contributions', 'suspense')),
    credit TEXT NOT NULL CHECK (credit IN ('collection', 'contributions', 'suspense')),
    minor INTEGER NOT NULL CHECK (minor > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    posted_at INTEGER NOT NULL,
    CHECK (debit <> credit)
) STRICT;
CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is only added to');
END;
CREATE TRIGGER ledger_is_not_shortened BEFORE DELETE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is only added to');
END;

-- What the rows of the ledger add up to, so that a balance does not cost a walk through them.
CREATE TABLE ledger_balances (
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    minor INTEGER NOT NULL,
    PRIMARY KEY (account, currency)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER ledger_moves_balances AFTER INSERT ON ledger
BEGIN
    INSERT INTO ledger_balances VALUES (new.debit, new.currency, new.minor)
        ON CONFLICT DO UPDATE SET minor = minor + excluded.minor;
    INSERT INTO ledger_balances VALUES (new.credit, new.currency, -new.minor)
        ON CONFLICT DO UPDATE SET minor = minor + excluded.minor;
END;

CREATE TABLE notices (
    id INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    message TEXT NOT NULL,
    raw BLOB NOT NULL, -- sealed
    hash BLOB NOT NULL CHECK (length(hash) = 32), -- of all that came, also where raw is its beginning
    received_at INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('taken', 'repeated', 'refused', 'unreadable')),
    note TEXT NOT NULL
) STRICT;

-- How many came in a day whose sender is not proved; only the first of them have a row above.
CREATE TABLE unproved_notices (
    provider TEXT NOT NULL,
    day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
    verdict TEXT NOT NULL CHECK (verdict IN ('refused', 'unreadable')),
    number INTEGER NOT NULL,
    PRIMARY KEY (provider, day, verdict)
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    phone_index BLOB NOT NULL,
    phone BLOB NOT NULL, -- sealed
    text BLOB NOT NULL, -- sealed
    queued_at INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'delivered', 'failed')),
    moved_at INTEGER NOT NULL,
    UNIQUE (key, phone_index)
) STRICT;
CREATE INDEX messages_of_phone ON messages (phone_index, id);

CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    gateway TEXT NOT NULL,
    phone_index BLOB NOT NULL,
    dialogue TEXT NOT NULL,
    turn INTEGER NOT NULL,
    event TEXT NOT NULL,
    input BLOB, -- sealed; nothing that is sensitive
    screen TEXT NOT NULL,
    language TEXT NOT NULL,
    units INTEGER NOT NULL,
    asks INTEGER NOT NULL,
    last INTEGER NOT NULL CHECK (last IN (0, 1)),
    took_micros INTEGER NOT NULL
) STRICT;
CREATE INDEX journal_of_dialogue ON journal (dialogue);

CREATE TABLE editions (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    published_at INTEGER NOT NULL
) STRICT;
CREATE TABLE edition_files (
    edition INTEGER NOT NULL REFERENCES editions (id),
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (edition, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE enquiries (
    phone_index BLOB NOT NULL,
    day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
    subject BLOB NOT NULL, -- a MAC
    PRIMARY KEY (phone_index, day, subject)
) STRICT, WITHOUT ROWID;

-- The demo's scheme and payment gateway.
CREATE TABLE sandbox_policies (
    id INTEGER PRIMARY KEY,
    member TEXT NOT NULL CHECK (length(member) = 9),
    from_day TEXT NOT NULL CHECK (from_day GLOB '????-??-??'),
    to_day TEXT NOT NULL CHECK (to_day GLOB '????-??-??'),
    minor INTEGER NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    receipt TEXT NOT NULL UNIQUE,
    CHECK (from_day <= to_day)
) STRICT;
CREATE INDEX sandbox_policies_of_member ON sandbox_policies (member, to_day);
CREATE TABLE sandbox_bills (
    id INTEGER PRIMARY KEY, -- the last nine digits of its control number
    bill TEXT NOT NULL UNIQUE,
    minor INTEGER NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    phone BLOB NOT NULL, -- sealed
    payer BLOB NOT NULL, -- sealed
    paid_at INTEGER
) STRICT;
