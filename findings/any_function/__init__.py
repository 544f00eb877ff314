"""Can a network approximate any function on a bounded range?"""
