"""What is to be learned: one small file a subject, each ending in `TASKS = (...)`."""
