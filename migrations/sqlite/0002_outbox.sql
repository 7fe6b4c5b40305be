-- The outbox by routes, schedules, and what retention needs to find what is over.

-- Rebuilt: a job names the route that it goes by, and which kinds there are is the program's to know.
CREATE TABLE jobs_with_routes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    route TEXT NOT NULL,
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
INSERT INTO jobs_with_routes (id, kind, subject, route, priority, run_at, not_after, attempts, lease,
        leased_until, given_up_at, why)
    SELECT id, kind, subject,
        CASE kind WHEN 'submit_bill' THEN 'gepg' WHEN 'tell_scheme' THEN 'scheme'
            WHEN 'send_message' THEN 'sms:handset' ELSE kind END,
        priority, run_at, not_after, attempts, lease, leased_until, given_up_at, why
    FROM jobs;
-- Ids go on where they were: none is used twice.
DELETE FROM sqlite_sequence WHERE name = 'jobs_with_routes';
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'jobs_with_routes', seq FROM sqlite_sequence WHERE name = 'jobs';
DROP TABLE jobs;
ALTER TABLE jobs_with_routes RENAME TO jobs;
-- With given_up_at last, since SQLite looks it up in the row otherwise.
CREATE INDEX jobs_due ON jobs (route, priority, due_at, not_after, given_up_at)
    WHERE given_up_at IS NULL;
CREATE INDEX jobs_over ON jobs (not_after, leased_until, given_up_at) WHERE given_up_at IS NULL;
CREATE INDEX jobs_given_up ON jobs (given_up_at, kind) WHERE given_up_at IS NOT NULL;

-- Until when what was sent by a route has used up its rate.
CREATE TABLE routes (
    route TEXT PRIMARY KEY,
    free_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a person decided about a job that was given up. The job itself may be gone.
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    job INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    given_up_at INTEGER NOT NULL,
    given_up_why TEXT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('retried', 'dropped')),
    decided_by TEXT NOT NULL,
    why TEXT NOT NULL,
    decided_at INTEGER NOT NULL
) STRICT;
CREATE INDEX decisions_by_age ON decisions (decided_at);

-- What is done once in a period, by whichever node comes first.
CREATE TABLE schedules (
    job TEXT NOT NULL,
    period TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    PRIMARY KEY (job, period)
) STRICT, WITHOUT ROWID;
CREATE INDEX schedules_by_age ON schedules (begun_at);

-- Whether its text was deleted: then an empty one is sealed in its place.
ALTER TABLE messages ADD COLUMN emptied INTEGER NOT NULL DEFAULT 0 CHECK (emptied IN (0, 1));
CREATE INDEX messages_with_text ON messages (queued_at) WHERE emptied = 0;
CREATE INDEX messages_emptied ON messages (queued_at) WHERE emptied = 1;
CREATE INDEX effects_by_age ON effects (not_after);
CREATE INDEX enquiries_by_age ON enquiries (day);
CREATE INDEX notices_unproved ON notices (received_at) WHERE verdict IN ('refused', 'unreadable');
CREATE INDEX unproved_notices_by_age ON unproved_notices (day);
