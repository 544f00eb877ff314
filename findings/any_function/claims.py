"""What "any function on a bounded range" means."""

from benchmark.board.solving import SOLVED_NRMSE
from findings.figures import SD, at_most, inside
from findings.finding import Answer, Dots, Finding, Told
from findings.sources import ANY_FUNCTION
from findings.statements import Every, Times

BOUNDED = ("smooth", "sinc", "piecewise")
ASKED, OURS = (
    {task: inside(task, model, SD, who=f"{task} / {model}") for task in BOUNDED}
    for model in ("asked-approximator", "tanh-mlp")
)
# What the jump costs at the thread's constant rate, and where the rate falls to 0.
NOISY = Times(
    ASKED["piecewise"],
    ASKED["smooth"],
    at_most(5),
    note="piecewise jumps; both errors hold the noise of the constant rate",
)
QUIET = Times(OURS["piecewise"], OURS["smooth"], at_most(5), note="the rate falls to 0; added afterwards")
ROWS = tuple(figures[task] for task in BOUNDED for figures in (ASKED, OURS))

FINDINGS = (
    Finding(
        name="any-function-on-a-bounded-range",
        symptoms=("wrong inside the training range",),
        question="Can a network approximate any function on a bounded range?",
        source=ANY_FUNCTION,
        claim="The thread's own network (32 linear, 64 tanh, 32 tanh, 1; RMSprop at 0.001, batches of 128, 50 "
        "epochs) learns each of its three functions inside the range: RMSE at most 5 % of sd(y), every seed; and the "
        "one that jumps costs no more than five times the error.",
        note="That some network of enough units can is a theorem (Cybenko 1989, for continuous functions; piecewise is "
        "none), and no experiment. What is run here is one network with one training, on three functions.",
        statements=(*(Every(figure, at_most(SOLVED_NRMSE)) for figure in ASKED.values()), NOISY, QUIET),
        confirmed=Answer("these three, yes", "The thread's network learns each of them."),
        depends=Answer("roughly, trained like this", "Not to 5 % of sd(y) on every seed of each function."),
        refuted=Answer("not trained like this", "The thread's network learns none of them to 5 % of sd(y)."),
        detail=Told(
            "It is off by {} of sd(y) on smooth, {} of sd(y) on sinc, {} of sd(y) on piecewise; a tanh network with "
            "its inputs standardised and a falling learning rate by {}, {}, {}. On the function that jumps the one has "
            "{} times its error on the smooth one, since the noise of its constant rate covers what the jump costs; "
            "the other, which has none, {} times.",
            (*ASKED.values(), *OURS.values(), NOISY, QUIET),
        ),
        evidence=ROWS,
        picture=Dots(
            "The thread's network and this suite's, each seed (line: 5 %)", "RMSE inside / sd(y)", ROWS, SOLVED_NRMSE
        ),
        see="[piecewise](plots/piecewise-curves.svg), [smooth](plots/smooth-curves.svg), [sinc](plots/sinc-curves.svg)",
    ),
)
