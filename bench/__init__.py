"""Query counts and timing ratios; ``make bench`` prints them."""
