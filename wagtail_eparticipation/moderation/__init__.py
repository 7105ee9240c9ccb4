"""People decide about participations, by clause, one item at a time (P-7, P-8)."""
