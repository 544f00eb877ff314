"""Can a network tell which numbers another one divides?"""
