-- Requests of the API that came with an `Idempotency-Key`, and what was answered, so that the same one sent again is answered
-- and not done again. Without a status: it is not answered yet. No secret is in an answer that is kept.
CREATE TABLE api_request (
    key      TEXT NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
    name     TEXT NOT NULL,
    digest   BLOB NOT NULL,
    began    INTEGER NOT NULL,
    status   INTEGER,
    location TEXT,
    body     TEXT,
    PRIMARY KEY (key, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_request_began ON api_request (began);
