"""Can a network go on with a sine?"""
