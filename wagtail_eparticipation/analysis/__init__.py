"""Making sense of what was said: frozen numbers, themes, dispositions (P-5.4)."""
