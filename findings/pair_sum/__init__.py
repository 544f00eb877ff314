"""Can a network learn one function from sums over pairs?"""
