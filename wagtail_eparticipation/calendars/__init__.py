"""Working hours, holidays and the two calendars in which dates are shown."""
