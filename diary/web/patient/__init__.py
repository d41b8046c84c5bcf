"""The zone of participants and guardians."""
