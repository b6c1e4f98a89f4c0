-- Keys of the API. Of a key's secret only the SHA-256 is kept. A key acts as its user and dies with them; it does
-- what its scopes name, one word each with a space between, and nothing else.
CREATE TABLE api_key (
    id        TEXT PRIMARY KEY,
    site      TEXT NOT NULL REFERENCES site (id),
    user      TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    name      TEXT NOT NULL,
    digest    BLOB NOT NULL,
    scopes    TEXT NOT NULL,
    created   INTEGER NOT NULL,
    ends      INTEGER,
    last_used INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX api_key_user ON api_key (user);
