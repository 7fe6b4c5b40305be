-- By which route a message went last, the aggregator's id of it, and why it failed as the aggregator says.
-- While a message is to be sent again, route and id are those of the time before.
ALTER TABLE messages ADD COLUMN route TEXT;
ALTER TABLE messages ADD COLUMN their_id TEXT CHECK (length(their_id) BETWEEN 1 AND 200);
ALTER TABLE messages ADD COLUMN error_code TEXT;
CREATE INDEX messages_by_their_id ON messages (route, their_id, id) WHERE their_id IS NOT NULL;

-- Every receipt that came, whatever it did. The message may be gone.
CREATE TABLE receipts (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    route TEXT NOT NULL,
    message BIGINT, -- none where no message of ours is known by it, or not yet
    their_id TEXT CHECK (length(their_id) BETWEEN 1 AND 200),
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'delivered', 'failed')),
    raw_status TEXT,
    error_code TEXT,
    received_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX receipts_of_message ON receipts (message, id) WHERE message IS NOT NULL;
CREATE INDEX receipts_unmatched ON receipts (route, their_id, received_at) WHERE message IS NULL;
CREATE INDEX receipts_by_age ON receipts (received_at);

-- SMS that came. Where the aggregator gives no id, the digest tells one that it sends again.
-- An identity's ids are never used twice: jobs name them.
CREATE TABLE incoming (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account TEXT NOT NULL,
    their_id TEXT CHECK (length(their_id) BETWEEN 1 AND 200),
    phone_index BYTEA NOT NULL,
    phone BYTEA NOT NULL, -- sealed
    sent_to TEXT NOT NULL,
    text BYTEA NOT NULL, -- sealed
    digest BYTEA NOT NULL CHECK (length(digest) = 16), -- a MAC
    sent_at TIMESTAMPTZ,
    received_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done')),
    emptied BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (account, their_id)
);
CREATE INDEX incoming_new ON incoming (received_at, id) WHERE state = 'new';
CREATE INDEX incoming_by_digest ON incoming (digest, received_at) WHERE their_id IS NULL;
CREATE INDEX incoming_of_phone ON incoming (phone_index, id);
CREATE INDEX incoming_with_text ON incoming (received_at) WHERE NOT emptied;
CREATE INDEX incoming_by_age ON incoming (received_at);
