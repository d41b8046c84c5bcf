"""HTTP: five zones, each with its guard; views read a request, call the store and answer."""
