"""Can a network find the constant behind a mean of squares?"""
