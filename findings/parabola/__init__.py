"""Can a network learn x^2 on an interval, and what does it do beyond it?"""
