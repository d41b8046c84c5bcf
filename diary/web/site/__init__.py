"""The zone of coordinators, investigators and monitors."""
