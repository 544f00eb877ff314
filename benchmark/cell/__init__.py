"""What a cell is, pure: its rows, its fit, its scores, its practice."""
