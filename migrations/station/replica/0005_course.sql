-- Of a branch that left another branch: every fork before its own, as JSON (DESIGN section 4, *Any road*).
ALTER TABLE branch ADD COLUMN before TEXT NOT NULL DEFAULT '[]';
