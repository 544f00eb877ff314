"""Can a mean of squares be learned, and with more elements than trained on?"""
