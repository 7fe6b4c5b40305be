-- The outbox by routes, schedules, and what retention needs to find what is over.

-- A job names the route that it goes by, and which kinds there are is the program's to know.
ALTER TABLE jobs DROP CONSTRAINT jobs_kind_check;
ALTER TABLE jobs ADD COLUMN route TEXT;
UPDATE jobs SET route = CASE kind WHEN 'submit_bill' THEN 'gepg' WHEN 'tell_scheme' THEN 'scheme'
    WHEN 'send_message' THEN 'sms:handset' ELSE kind END;
ALTER TABLE jobs ALTER COLUMN route SET NOT NULL;
DROP INDEX jobs_due;
DROP INDEX jobs_over;
DROP INDEX jobs_given_up;
CREATE INDEX jobs_due ON jobs (route, priority, due_at, not_after) WHERE given_up_at IS NULL;
CREATE INDEX jobs_over ON jobs (not_after, leased_until) WHERE given_up_at IS NULL;
CREATE INDEX jobs_given_up ON jobs (given_up_at, kind) WHERE given_up_at IS NOT NULL;

-- Until when what was sent by a route has used up its rate.
CREATE TABLE routes (
    route TEXT PRIMARY KEY,
    free_at TIMESTAMPTZ NOT NULL
);

-- What a person decided about a job that was given up. The job itself may be gone.
CREATE TABLE decisions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    given_up_at TIMESTAMPTZ NOT NULL,
    given_up_why TEXT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('retried', 'dropped')),
    decided_by TEXT NOT NULL,
    why TEXT NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX decisions_by_age ON decisions (decided_at);

-- What is done once in a period, by whichever node comes first.
CREATE TABLE schedules (
    job TEXT NOT NULL,
    period TEXT NOT NULL,
    begun_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (job, period)
);
CREATE INDEX schedules_by_age ON schedules (begun_at);

-- Whether its text was deleted: then an empty one is sealed in its place.
ALTER TABLE messages ADD COLUMN emptied BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX messages_with_text ON messages (queued_at) WHERE NOT emptied;
CREATE INDEX messages_emptied ON messages (queued_at) WHERE emptied;
CREATE INDEX effects_by_age ON effects (not_after);
CREATE INDEX enquiries_by_age ON enquiries (day);
CREATE INDEX notices_unproved ON notices (received_at) WHERE verdict IN ('refused', 'unreadable');
CREATE INDEX unproved_notices_by_age ON unproved_notices (day);
