"""What people asked, settled: one folder a subject, with its models, its tasks and its claims."""
