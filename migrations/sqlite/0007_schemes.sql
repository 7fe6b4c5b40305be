-- What schemes said, so that it can be shown while one is away, and told once; complaints; and when
-- what is done by hand was last done.

-- The last that a scheme said of a member's cover. The key is a MAC of both.
CREATE TABLE known_covers (
    key BLOB PRIMARY KEY CHECK (length(key) = 16),
    cover BLOB NOT NULL, -- sealed
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX known_covers_by_age ON known_covers (seen_at);

-- How far each scheme's changes were read.
CREATE TABLE scheme_cursors (
    scheme TEXT PRIMARY KEY,
    position TEXT NOT NULL CHECK (length(position) <= 1000),
    read_at INTEGER NOT NULL
) STRICT;

-- What has changed there, each once.
CREATE TABLE scheme_events (
    scheme TEXT NOT NULL,
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 100),
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (scheme, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX scheme_events_by_age ON scheme_events (seen_at);

-- Numbers are told to callers, so none is used twice (AUTOINCREMENT).
CREATE TABLE complaints (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    effect TEXT NOT NULL UNIQUE,
    scheme TEXT NOT NULL,
    phone BLOB NOT NULL, -- sealed
    member BLOB, -- sealed
    text BLOB NOT NULL, -- sealed
    made_at INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'filed', 'ours')),
    ticket TEXT CHECK (length(ticket) BETWEEN 1 AND 100),
    CHECK ((state = 'filed') = (ticket IS NOT NULL))
) STRICT;
CREATE INDEX complaints_by_age ON complaints (made_at);

-- When something was last done: `backup`.
CREATE TABLE marks (
    name TEXT PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT;
