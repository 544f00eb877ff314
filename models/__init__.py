"""Who learns: one small file a family of models, each ending in `MODELS = (...)`."""
