-- The password that an invited person chose, until the user who is made for the invitation has it. `grant_id` is the key
-- that this user is created under.
CREATE TABLE invited_password (
    site     TEXT NOT NULL REFERENCES site (id),
    grant_id TEXT NOT NULL,
    hash     TEXT NOT NULL,
    chosen   INTEGER NOT NULL,
    PRIMARY KEY (site, grant_id)
) STRICT, WITHOUT ROWID;
