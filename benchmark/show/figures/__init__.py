"""Pictures of the board and of findings."""
