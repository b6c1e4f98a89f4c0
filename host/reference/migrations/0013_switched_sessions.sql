-- Sessions of the engine in which a user of this site acts in the account of somebody else. Of the token only the SHA-256 is
-- kept. One without a row is over. `key`: the key of the API by which it was begun, with which it ends; none: in a browser, or
-- by the operator. `number` tells the newer from the older.
CREATE TABLE switched_session (
    number INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    site   TEXT NOT NULL REFERENCES site (id),
    user   TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    key    TEXT REFERENCES api_key (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX switched_session_user ON switched_session (user);
CREATE INDEX switched_session_key ON switched_session (key);
