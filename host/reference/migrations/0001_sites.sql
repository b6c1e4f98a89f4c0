-- A web site: what it is called, which catalogue names its roles and permissions, and the address it was last served at.
CREATE TABLE site (
    id        TEXT PRIMARY KEY,
    title     TEXT NOT NULL,
    catalogue TEXT NOT NULL,
    base_url  TEXT,
    created   INTEGER NOT NULL
) STRICT;
