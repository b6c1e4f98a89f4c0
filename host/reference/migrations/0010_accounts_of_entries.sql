-- Where each user has an account of their own, a line belongs to one; elsewhere to the site as a whole.
ALTER TABLE entry ADD COLUMN account TEXT REFERENCES user (id);
UPDATE entry SET account = author WHERE site IN (SELECT id FROM site WHERE catalogue = 'hosting-panel');
CREATE INDEX entry_account ON entry (account);
