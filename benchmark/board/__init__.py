"""Numbers: what records say of models, side by side."""
