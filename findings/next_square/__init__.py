"""What is the next square?"""
