"""Why does a square stay wrong when ReLU is added?"""
