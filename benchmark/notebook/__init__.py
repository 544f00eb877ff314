"""What a notebook imports: `score` for an estimator of one's own, `records` for what is published."""
