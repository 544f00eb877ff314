"""What do models do outside their training range?"""
