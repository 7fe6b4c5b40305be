-- What was made current, when, by whom and why; the newest is current. The sources stay in editions, once.
-- Numbers are never used twice (AUTOINCREMENT): people name publications by them.
CREATE TABLE publications (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    edition INTEGER NOT NULL REFERENCES editions (id),
    way TEXT NOT NULL CHECK (way IN ('offered', 'published', 'rolled_back')),
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL
) STRICT;
CREATE INDEX publications_of_edition ON publications (edition, number);
CREATE INDEX publications_offered ON publications (number) WHERE way = 'offered';
INSERT INTO publications (edition, way, at, who, why)
    SELECT id, 'offered', published_at, 'nyota', '' FROM editions ORDER BY id;

-- Services switched off, and on again. The newest of a set holds.
CREATE TABLE switches (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    menu_set TEXT NOT NULL,
    is_off INTEGER NOT NULL CHECK (is_off IN (0, 1)),
    at INTEGER NOT NULL,
    until INTEGER,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    CHECK (is_off = 1 OR until IS NULL)
) STRICT;
CREATE INDEX switches_of_set ON switches (menu_set, number);
CREATE TABLE switch_texts (
    switch INTEGER NOT NULL REFERENCES switches (number),
    place INTEGER NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (switch, place)
) STRICT, WITHOUT ROWID;

-- Whose screen a turn showed, and which turns are the last few minutes'.
ALTER TABLE journal ADD COLUMN menu_set TEXT NOT NULL DEFAULT '';
CREATE INDEX journal_by_time ON journal (at);
