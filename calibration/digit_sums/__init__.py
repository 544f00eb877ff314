"""Sums of digits, and of more digits than were trained on."""
