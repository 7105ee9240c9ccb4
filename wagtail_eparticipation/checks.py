"""System checks: each names what is missing in a site and how to mend it."""
