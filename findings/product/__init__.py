"""Can a network multiply and divide two numbers?"""
