-- The lines of the simple sections: a ticket, a domain, a plugin in use.
CREATE TABLE entry (
    id      INTEGER PRIMARY KEY,
    site    TEXT NOT NULL REFERENCES site (id),
    section TEXT NOT NULL,
    author  TEXT NOT NULL REFERENCES user (id),
    text    TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX entry_section ON entry (site, section, id);
CREATE INDEX entry_author ON entry (author);
