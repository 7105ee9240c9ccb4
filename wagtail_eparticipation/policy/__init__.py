"""The participation policy as versioned data: clauses, rules, reasons, texts."""
