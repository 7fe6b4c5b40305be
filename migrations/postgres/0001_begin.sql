-- Times are in UTC, money is in minor units.
-- Columns said to be sealed hold ciphertext; phone_index is a phone's keyed index.

-- One row, sealed: opens with the keys that this database was made with.
CREATE TABLE keys_mark (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    mark BYTEA NOT NULL -- sealed
);

CREATE TABLE callers (
    phone_index BYTEA PRIMARY KEY,
    phone BYTEA NOT NULL, -- sealed
    language TEXT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE effects (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    phone_index BYTEA NOT NULL,
    phone BYTEA NOT NULL, -- sealed
    gateway TEXT NOT NULL,
    edition TEXT NOT NULL,
    menu_set TEXT NOT NULL,
    about TEXT CHECK (length(about) = 9),
    effect BYTEA NOT NULL, -- sealed
    state BYTEA NOT NULL, -- sealed
    asked_at TIMESTAMPTZ NOT NULL,
    not_after TIMESTAMPTZ NOT NULL,
    promised_at TIMESTAMPTZ,
    outcome BYTEA, -- sealed
    ended_at TIMESTAMPTZ,
    answer BYTEA, -- sealed
    answer_until TIMESTAMPTZ,
    opened_at TIMESTAMPTZ,
    wrong_tries BIGINT NOT NULL DEFAULT 0 CHECK (wrong_tries >= 0),
    CHECK ((outcome IS NULL) = (ended_at IS NULL)),
    CHECK ((answer IS NULL) = (answer_until IS NULL))
);
CREATE INDEX effects_waiting ON effects (phone_index, answer_until)
    WHERE answer_until IS NOT NULL AND opened_at IS NULL;

-- An identity's ids are never used twice: a late holder of a lease must not end another job.
CREATE TABLE jobs (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind TEXT NOT NULL
        CHECK (kind IN ('finish_effect', 'submit_bill', 'tell_scheme', 'send_message')),
    subject TEXT NOT NULL,
    priority BIGINT NOT NULL CHECK (priority BETWEEN 0 AND 2),
    run_at TIMESTAMPTZ NOT NULL,
    not_after TIMESTAMPTZ NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    lease BIGINT NOT NULL DEFAULT 0,
    leased_until TIMESTAMPTZ NOT NULL DEFAULT '1970-01-01 00:00:00+00',
    due_at TIMESTAMPTZ NOT NULL GENERATED ALWAYS AS (greatest(run_at, leased_until)) STORED,
    given_up_at TIMESTAMPTZ,
    why TEXT NOT NULL DEFAULT '',
    UNIQUE (kind, subject)
);
CREATE INDEX jobs_due ON jobs (kind, priority, due_at) WHERE given_up_at IS NULL;
CREATE INDEX jobs_over ON jobs (not_after) WHERE given_up_at IS NULL;
CREATE INDEX jobs_given_up ON jobs (given_up_at) WHERE given_up_at IS NOT NULL;

CREATE TABLE bills (
    row BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    scheme TEXT NOT NULL,
    member TEXT NOT NULL CHECK (length(member) = 9),
    product TEXT NOT NULL,
    period TEXT NOT NULL,
    generation BIGINT NOT NULL CHECK (generation >= 1),
    phone_index BYTEA NOT NULL,
    phone BYTEA NOT NULL, -- sealed
    language TEXT NOT NULL,
    menu_set TEXT NOT NULL,
    payer BYTEA NOT NULL, -- sealed
    persons BIGINT NOT NULL CHECK (persons >= 1),
    minor BIGINT NOT NULL CHECK (minor > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    from_day DATE NOT NULL,
    to_day DATE NOT NULL,
    pay_by DATE NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'submit_unknown', 'awaiting_number', 'payable',
        'settled', 'activated', 'rejected', 'expired')),
    moved_at TIMESTAMPTZ NOT NULL,
    number TEXT UNIQUE CHECK (length(number) = 12),
    CHECK (from_day <= to_day),
    UNIQUE (scheme, member, product, period, generation)
);
CREATE INDEX bills_of_member ON bills (member, state);

-- The phones that were given a bill, with the days that each agreed to: the news of its payment goes
-- to all of them.
CREATE TABLE bill_phones (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bill TEXT NOT NULL REFERENCES bills (id),
    phone_index BYTEA NOT NULL,
    phone BYTEA NOT NULL, -- sealed
    language TEXT NOT NULL,
    menu_set TEXT NOT NULL, -- whose words tell of the payment
    from_day DATE NOT NULL,
    to_day DATE NOT NULL,
    UNIQUE (bill, phone_index, from_day, to_day)
);
CREATE INDEX bill_phones_of_phone ON bill_phones (phone_index, bill);

CREATE TABLE payments (
    row BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    provider TEXT NOT NULL,
    provider_key TEXT NOT NULL,
    payload_hash BYTEA NOT NULL CHECK (length(payload_hash) = 32),
    reference TEXT NOT NULL,
    receipt TEXT NOT NULL,
    bill TEXT REFERENCES bills (id),
    number TEXT CHECK (length(number) = 12),
    minor BIGINT NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    paid_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    recorded_state TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('quarantined', 'posted', 'activated')),
    activated_at TIMESTAMPTZ,
    reason TEXT NOT NULL,
    UNIQUE (provider, provider_key)
);
CREATE INDEX payments_by_reference ON payments (provider, reference);
CREATE INDEX payments_of_bill ON payments (bill, paid_at) WHERE bill IS NOT NULL;
CREATE INDEX payments_quarantined ON payments (received_at) WHERE state = 'quarantined';

-- A row is both lines of an entry, so that none is ever unbalanced.
CREATE TABLE ledger (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    debit TEXT NOT NULL CHECK (debit IN ('collection', 'contributions', 'suspense')),
    credit TEXT NOT NULL CHECK (credit IN ('collection', 'contributions', 'suspense')),
    minor BIGINT NOT NULL CHECK (minor > 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    posted_at TIMESTAMPTZ NOT NULL,
    CHECK (debit <> credit)
);
CREATE FUNCTION ledger_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is only added to';
END;
$$;
CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_only_added_to();

-- What the rows of the ledger add up to, so that a balance does not cost a walk through them. Each
-- sum is kept in parts: one row would be held by each payment until its commit is on disk, and
-- payments would wait for each other.
CREATE TABLE ledger_balances (
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    part BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    PRIMARY KEY (account, currency, part)
);
-- The accounts in one order, so that of two entries each can wait for the other's end.
CREATE FUNCTION ledger_moves_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_balances AS kept (account, currency, part, minor)
        SELECT account, new.currency, pg_backend_pid() % 16, moved
        FROM (VALUES (new.debit, new.minor), (new.credit, -new.minor)) AS line (account, moved)
        ORDER BY account
        ON CONFLICT (account, currency, part) DO UPDATE SET minor = kept.minor + excluded.minor;
    RETURN NULL;
END;
$$;
CREATE TRIGGER ledger_moves_balances AFTER INSERT ON ledger
    FOR EACH ROW EXECUTE FUNCTION ledger_moves_balances();

CREATE TABLE notices (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider TEXT NOT NULL,
    message TEXT NOT NULL,
    raw BYTEA NOT NULL, -- sealed
    hash BYTEA NOT NULL CHECK (length(hash) = 32), -- of all that came, also where raw is its beginning
    received_at TIMESTAMPTZ NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('taken', 'repeated', 'refused', 'unreadable')),
    note TEXT NOT NULL
);

-- How many came in a day whose sender is not proved; only the first of them have a row above.
CREATE TABLE unproved_notices (
    provider TEXT NOT NULL,
    day DATE NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('refused', 'unreadable')),
    number BIGINT NOT NULL,
    PRIMARY KEY (provider, day, verdict)
);

CREATE TABLE messages (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key TEXT NOT NULL,
    phone_index BYTEA NOT NULL,
    phone BYTEA NOT NULL, -- sealed
    text BYTEA NOT NULL, -- sealed
    queued_at TIMESTAMPTZ NOT NULL,
    not_after TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'delivered', 'failed')),
    moved_at TIMESTAMPTZ NOT NULL,
    UNIQUE (key, phone_index)
);
CREATE INDEX messages_of_phone ON messages (phone_index, id);

CREATE TABLE journal (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    gateway TEXT NOT NULL,
    phone_index BYTEA NOT NULL,
    dialogue TEXT NOT NULL,
    turn BIGINT NOT NULL,
    event TEXT NOT NULL,
    input BYTEA, -- sealed; nothing that is sensitive
    screen TEXT NOT NULL,
    language TEXT NOT NULL,
    units BIGINT NOT NULL,
    asks BIGINT NOT NULL,
    last BOOLEAN NOT NULL,
    took_micros BIGINT NOT NULL
);
CREATE INDEX journal_of_dialogue ON journal (dialogue);

CREATE TABLE editions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    published_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE edition_files (
    edition BIGINT NOT NULL REFERENCES editions (id),
    place BIGINT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (edition, place)
);

CREATE TABLE enquiries (
    phone_index BYTEA NOT NULL,
    day DATE NOT NULL,
    subject BYTEA NOT NULL, -- a MAC
    PRIMARY KEY (phone_index, day, subject)
);

-- The demo's scheme and payment gateway.
CREATE TABLE sandbox_policies (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    member TEXT NOT NULL CHECK (length(member) = 9),
    from_day DATE NOT NULL,
    to_day DATE NOT NULL,
    minor BIGINT NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    receipt TEXT NOT NULL UNIQUE,
    CHECK (from_day <= to_day)
);
CREATE INDEX sandbox_policies_of_member ON sandbox_policies (member, to_day);
CREATE TABLE sandbox_bills (
    id BIGINT PRIMARY KEY, -- the last nine digits of its control number
    bill TEXT NOT NULL UNIQUE,
    minor BIGINT NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    phone BYTEA NOT NULL, -- sealed
    payer BYTEA NOT NULL, -- sealed
    paid_at TIMESTAMPTZ
);
