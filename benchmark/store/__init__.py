"""What is kept: records as values, the files of a run, and what is published."""
