"""Right of the store: turns records into what people read. Knows no task, no model, no registry."""
