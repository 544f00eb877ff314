"""The suite `standard`: fifty tasks of every kind, on which models have their places beside `core`.

Of every kind of function of which there are ten or more there are at least four. There are 1 to 20 inputs, tasks with
few rows and tasks with noise. No two are alike: of two with the same kinds, the best line or the best polynomial of
degree 2 leaves otherwise much. What can hardly be learned from rows at all stays in the suites of the literature.
"""

from tasks.suite import Suite

NAMES = """
eql-f2 feynman-i-10-7 feynman-i-11-19 feynman-i-41-16 feynman-i-6-2 feynman-i-8-14 feynman-ii-34-29a
friedman-1 friedman-2 janossy-unique-count jin-1 keijzer-6-50-rows keijzer-7 korns-1 korns-7 nguyen-4
nguyen-7-20-rows nguyen-8 physics-rocket-fuel-noisy poly-10 probe-abs probe-exp probe-max probe-parity
probe-product probe-runge probe-sin-4 probe-step probe-trend-and-wave probe-xor rational-1-20-rows
set-count-positive set-max set-median set-variance setgap-7 setgap-9 special-ellipj special-jv special-kv
strogatz-bacres1 surrogate-borehole surrogate-gramacy-sine surrogate-ishigami surrogate-wing-weight
vladislavleva-4 vladislavleva-6-30-rows vladislavleva-7 xu-cos-2d xu-quadratic-8d
"""
SUITE = Suite(name="standard", version=1, tasks=tuple(NAMES.split()), seeds=10, title="Fifty functions of every kind")
