-- Sessions of regular users. Of the cookie's token only the SHA-256 is kept. Guests' sessions are the engine's own.
-- `by_link`: begun by a one-time link, so that a password may be chosen without knowing the present one.
CREATE TABLE session (
    digest  BLOB PRIMARY KEY,
    site    TEXT NOT NULL REFERENCES site (id),
    user    TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    by_link INTEGER NOT NULL CHECK (by_link IN (0, 1)),
    created INTEGER NOT NULL,
    ends    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_user ON session (user);
CREATE INDEX session_ends ON session (ends);
