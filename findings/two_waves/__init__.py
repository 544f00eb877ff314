"""Which model suits a sum and a product of two waves?"""
