"""The threads in which people asked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where something was asked: a title and a public address."""

    title: str
    url: str


SQUARES = Source(
    "Why multiplication (squares) doesn't work for neural networks?", "https://datascience.stackexchange.com/q/60170"
)
PAIRS = Source("Learning sum of a function using Keras", "https://datascience.stackexchange.com/q/63953")
ANY_FUNCTION = Source(
    "An answer: networks approximate any function within a finite range",
    "https://datascience.stackexchange.com/a/40547",
)
CONSTANT = Source("Parameter optimization with neural networks", "https://stats.stackexchange.com/q/355257")
NEXT_SQUARE = Source(
    "Why can't my neural network learn how to predict the squares of natural numbers?",
    "https://datascience.stackexchange.com/q/51468",
)
NTH_SQUARE = Source(
    "Neural Network to predict nth Square",
    "https://intellipaat.com/community/5585/neural-network-to-predict-nth-square",
)
STRAIGHT_OUTSIDE = Source(
    "Can predictions of a neural network using ReLU activation be non-linear outside of the scope of trained data?",
    "https://ai.stackexchange.com/q/27179",
)
TRAINING_SCOPE = Source(
    "Is deep learning bad at fitting simple non linear functions outside training scope?",
    "https://stackoverflow.com/q/53795142",
)
SQUARE_AND_CONSTANT = Source(
    "Which neural network can approximate the function y = x^2 + b?", "https://ai.stackexchange.com/q/18134"
)
TRUST = Source(
    "How to train a NN model to fit a quadratic function (y = x^2)?",
    "https://forums.fast.ai/t/how-to-train-a-nn-model-to-fit-a-quadratic-function-y-x-2/45998",
)
SINE_WAVES = Source(
    "How do I make my neural network better at predicting sine waves?", "https://stats.stackexchange.com/q/307210"
)
LINEAR_OUTSIDE = Source(
    "What's the point with neural networks if you can only predict linear test data?",
    "https://datascience.stackexchange.com/q/94342",
)
SINE_BEYOND = Source(
    "How to train a neural network to generalize out of distribution (e.g. the sin function)?",
    "https://datascience.stackexchange.com/q/131353",
)
TREES = Source("Regression tree predictions", "https://stats.stackexchange.com/q/161227")
TREES_ON_A_LINE = Source("Cross Validated, question 269469", "https://stats.stackexchange.com/q/269469")
KERNELS = Source("How to understand GP extrapolation shape", "https://discourse.julialang.org/t/62765")
PRODUCT = Source(
    "Can a deep neural network approximate multiplication function?", "https://stats.stackexchange.com/q/217703"
)
ONE_HIDDEN = Source(
    "Can't approximate simple multiplication function in neural network with 1 hidden layer",
    "https://stackoverflow.com/q/37671274",
)
RATIO = Source("Division by neural network; fixed value produced each time", "https://stackoverflow.com/q/78693667")
FIFTY_ROWS = Source(
    "NN function approximation: What's wrong with my code?", "https://www.mathworks.com/matlabcentral/answers/590794"
)
TWO_SINES = Source(
    "Which neural network should I use to approximate a specific function?", "https://ai.stackexchange.com/q/9319"
)
DIVISIBLE = Source(
    "Can a deep neural network be trained to classify an integer N1 as being divisible by another integer N2?",
    "https://ai.stackexchange.com/q/17050",
)
EVEN_OR_ODD = Source(
    "Predicting if a number is even or odd", "https://forums.fast.ai/t/predicting-if-a-number-is-even-or-odd"
)
KNOWING = Source("Cross Validated, question 625751", "https://stats.stackexchange.com/q/625751")
