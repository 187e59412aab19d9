-- What must go out and what has gone. `number` is the order of arrival; times are seconds since 1970.
-- The payload is the alert as the topic carries it; it is emptied once the channel took it, so that
-- the record keeps the proof and not a person's words.
CREATE TABLE deliveries (
    number      INTEGER PRIMARY KEY,
    alert       TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    receiver    TEXT NOT NULL,
    rule        TEXT NOT NULL,
    payload     BLOB NOT NULL,
    state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'refused')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    held        INTEGER NOT NULL DEFAULT 0,
    enqueued_at REAL NOT NULL,
    next_try    REAL NOT NULL,
    finished_at REAL,
    answer      TEXT NOT NULL DEFAULT '',
    last_error  TEXT NOT NULL DEFAULT '',
    UNIQUE (alert, receiver, revision)
);
-- Oldest first among what waits; the moment to wake up at; the last hour, and what to purge.
CREATE INDEX deliveries_in_order ON deliveries (receiver, number, next_try) WHERE state = 'waiting';
CREATE INDEX deliveries_by_next_try ON deliveries (receiver, next_try) WHERE state = 'waiting';
CREATE INDEX deliveries_finished ON deliveries (finished_at) WHERE finished_at IS NOT NULL;
