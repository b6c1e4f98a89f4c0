-- What the site publishes. A post always has an author; deleting a user decides what becomes of their posts.
CREATE TABLE post (
    id        INTEGER PRIMARY KEY,
    site      TEXT NOT NULL REFERENCES site (id),
    author    TEXT NOT NULL REFERENCES user (id),
    title     TEXT NOT NULL,
    body      TEXT NOT NULL,
    published INTEGER,
    changed   INTEGER NOT NULL
) STRICT;
CREATE INDEX post_site ON post (site, changed);
CREATE INDEX post_author ON post (author);
