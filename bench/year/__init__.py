"""A year of reminders in minutes: the real jobs under a simulated clock, and a count of their ends."""
