"""How a text leaves the house: push services, message services, an SMS gateway. Nothing here knows a row."""
