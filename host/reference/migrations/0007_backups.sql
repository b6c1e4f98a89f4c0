-- When the site was last backed up, as its owner says.
ALTER TABLE site ADD COLUMN backed_up INTEGER;
