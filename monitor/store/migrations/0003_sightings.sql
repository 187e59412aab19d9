-- What sources remember of the comments they saw: no text, no author. Times are seconds since 1970.
CREATE TABLE sightings (
    source     TEXT NOT NULL,
    native_id  TEXT NOT NULL,
    digest     TEXT NOT NULL,
    thread     TEXT,
    created_at REAL,
    seen_at    REAL NOT NULL,
    gone       INTEGER NOT NULL DEFAULT 0,
    missed     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, native_id)
) WITHOUT ROWID;
-- What ought to stand in the late window, of a thread or of a whole source; and what to forget.
CREATE INDEX sightings_standing ON sightings (source, thread, coalesce(created_at, seen_at)) WHERE gone = 0;
CREATE INDEX sightings_by_age ON sightings (source, seen_at);
