-- The names that guests with a password sign in by, in small letters, and the web sites that guests have. A name belongs to
-- one user of a site; one who has none signs in by address.
ALTER TABLE user ADD COLUMN login TEXT;
ALTER TABLE user ADD COLUMN website TEXT;
CREATE UNIQUE INDEX user_login ON user (site, login);
