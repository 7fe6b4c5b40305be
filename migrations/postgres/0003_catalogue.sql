-- What was made current, when, by whom and why; the newest is current. The sources stay in editions, once.
-- Numbers are never used twice: people name publications by them.
CREATE TABLE publications (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    edition BIGINT NOT NULL REFERENCES editions (id),
    way TEXT NOT NULL CHECK (way IN ('offered', 'published', 'rolled_back')),
    at TIMESTAMPTZ NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL
);
CREATE INDEX publications_of_edition ON publications (edition, number);
CREATE INDEX publications_offered ON publications (number) WHERE way = 'offered';
INSERT INTO publications (edition, way, at, who, why)
    SELECT id, 'offered', published_at, 'nyota', '' FROM editions ORDER BY id;

-- Services switched off, and on again. The newest of a set holds.
CREATE TABLE switches (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    menu_set TEXT NOT NULL,
    is_off BOOLEAN NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    until TIMESTAMPTZ,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    CHECK (is_off OR until IS NULL)
);
CREATE INDEX switches_of_set ON switches (menu_set, number);
CREATE TABLE switch_texts (
    switch BIGINT NOT NULL REFERENCES switches (number),
    place BIGINT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (switch, place)
);

-- Whose screen a turn showed, and which turns are the last few minutes'.
ALTER TABLE journal ADD COLUMN menu_set TEXT NOT NULL DEFAULT '';
CREATE INDEX journal_by_time ON journal (at);
