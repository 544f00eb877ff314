"""One run: what is missing, how it is worked off, and what is kept of it."""
