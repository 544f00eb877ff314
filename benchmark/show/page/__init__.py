"""The page: one file that needs no server and no network."""
