"""What do trees and Gaussian processes say beyond the end of a trend?"""
