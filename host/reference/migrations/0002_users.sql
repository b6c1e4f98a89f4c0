-- Everybody who has an account on a site. Guests are users without role and password; `created_for` holds the grant that
-- a guest was created for, so that creating twice is creating once. A tombstone is an author whose user was deleted.
CREATE TABLE user (
    id           TEXT PRIMARY KEY,
    site         TEXT NOT NULL REFERENCES site (id),
    email        TEXT,
    email_folded TEXT,
    first_name   TEXT,
    last_name    TEXT,
    locale       TEXT,
    owner        INTEGER NOT NULL DEFAULT 0 CHECK (owner IN (0, 1)),
    role         TEXT,
    password     TEXT,
    created_for  TEXT,
    tombstone    INTEGER NOT NULL DEFAULT 0 CHECK (tombstone IN (0, 1)),
    created      INTEGER NOT NULL,
    UNIQUE (site, email_folded),
    UNIQUE (site, created_for),
    CHECK (tombstone = 1 OR email IS NOT NULL),
    CHECK (tombstone = 0 OR (owner = 0 AND role IS NULL AND password IS NULL AND email IS NULL))
) STRICT;
