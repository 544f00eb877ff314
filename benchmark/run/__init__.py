"""Left of the store: runs tasks against models. Never imports `benchmark.report`."""
