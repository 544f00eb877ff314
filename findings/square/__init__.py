"""Why does a stack of Dense layers learn a sum and no square?"""
