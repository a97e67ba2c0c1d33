-- +goose Up
-- Letters that people add to days away: a doctor's, a leave, a travel order. They
-- are kept like evidence, but belong to a claim and not to a report.

-- The claim's message (absence.claim); 0: of one that is not sent yet; null: evidence
-- of a report.
ALTER TABLE evidence ADD COLUMN claim bigint;
CREATE INDEX evidence_claim ON evidence (claim) WHERE claim IS NOT NULL;
