-- One-time links by which a regular user signs in to choose a password. Only the SHA-256 of the token is kept.
CREATE TABLE sign_in_link (
    digest BLOB PRIMARY KEY,
    site   TEXT NOT NULL REFERENCES site (id),
    user   TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    ends   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_link_user ON sign_in_link (user);
CREATE INDEX sign_in_link_ends ON sign_in_link (ends);
