"""What the documentation of libraries prints of its own examples."""
