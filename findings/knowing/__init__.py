"""Whether a model can know that it is wrong."""
