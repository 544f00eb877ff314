"""How models behave beyond the training range."""

from benchmark.board.solving import SOLVED_NRMSE
from benchmark.words import percent
from findings.figures import SD, Figure, Unit, at_least, at_most, cross, decimals, quantity
from findings.finding import Answer, Dots, Finding, Told
from findings.sources import SQUARES
from findings.statements import Behaves, Median, MedianOnEach

TASKS = ("sum", "square", "sinc", "piecewise", "smooth", "pair-sum", "lambda-recovery")
# Polynomials of these degrees hold the true function of these tasks, and of no others of them.
WITHIN = {
    "polynomial-2": (frozenset({"sum", "square", "lambda-recovery"}), TASKS),
    # Degree 5 in 20 features has more monomials than there are rows.
    "polynomial-5": (frozenset({"sum", "square"}), TASKS[:-1]),
}
STRAIGHT_R2 = 0.98
# How far rays go, in times the training range, and where their outer half begins.
REACHES = {4: "2.5", 21: "11"}
STILL = ("tanh-mlp", "gradient-boosting")


def _straight(task: str, reach: int) -> Median:
    name, who = (f"{task}-rays", "relu-mlp"), f"{task} to {reach} times"
    what = "mean R^2 of a line along 100 random rays of relu-mlp"
    r2 = quantity(*name, f"line_r2_to_{reach}", what, unit=Unit(show=decimals), who=who)
    straight = Unit(of=lambda bent, card: 1 - bent, show=percent)
    share = quantity(*name, f"bent_share_to_{reach}", "straight rays", unit=straight)
    return Median(r2, at_least(STRAIGHT_R2), also=(share,))


def _move(task: str, model: str, reach: int) -> Figure:
    """Return how far a model moves over the outer half of the median ray."""
    what = f"move of the median ray from {REACHES[reach]} to {reach} times the range"
    return quantity(f"{task}-rays", model, f"late_move_to_{reach}", what, unit=SD, who=f"{task} / {model}")


STRAIGHT = {(task, reach): _straight(task, reach) for task in TASKS for reach in REACHES}
STAND = {
    (model, reach): MedianOnEach(model, {task: _move(task, model, reach) for task in TASKS}, at_most(SOLVED_NRMSE))
    for model in STILL
    for reach in REACHES
}
LINES = tuple(statement.figure for statement in STRAIGHT.values())
N_STRAIGHT = tuple(
    MedianOnEach("relu-mlp", {task: STRAIGHT[task, reach].figure for task in TASKS}, at_least(STRAIGHT_R2))
    for reach in REACHES
)

FINDINGS = (
    Finding(
        name="inside-is-not-outside",
        symptoms=("wrong outside the training range",),
        question="It is right inside the training range. What does it do outside?",
        source=SQUARES,
        raised=True,
        claim="Beyond the training range ReLU networks continue straight (R^2 of a line at least 0.98), tanh "
        "networks and trees stand still, and a polynomial follows only if its degree is enough for the true function. "
        "On all seven tasks, to four times the range and to 21 times.",
        note="Networks and trees were first judged along one line a task, its diagonal, to four times the range, and "
        "ReLU was straight on all seven there. 100 random rays say more and take its place, and what is said of 21 "
        "times the range was added with them; the 0.98 and the 5 % are as before. Predictions need no true function: "
        "smooth, whose tan has a pole, goes as far as the others. A row of lambda-recovery is stretched by the factor.",
        statements=(
            *(STRAIGHT[task, reach] for reach in REACHES for task in TASKS),
            *STAND.values(),
            *(
                Behaves(cross(among, [model]), "follows", on, note="where its degree is enough")
                for model, (on, among) in WITHIN.items()
            ),
        ),
        confirmed=Answer(
            "what its building blocks do",
            "ReLU goes on straight, tanh and trees stand still, polynomials follow if they can. None of it has "
            "anything to do with the function.",
        ),
        depends=Answer(
            "often what its building blocks do",
            "But not on every task, and not so soon: networks bend for a while before they are straight or still.",
        ),
        refuted=Answer("nothing so simple", "Neither straight, nor still, nor following."),
        detail=Told(
            "Of seven tasks ReLU goes on straight on {0.k} to four times the range and on {1.k} to 21 times (on sinc a "
            "line has an R^2 of {2} and {3}); tanh stands still on {4.k} and {5.k}, trees on {6.k} and {7.k}.",
            (*N_STRAIGHT, *(STRAIGHT["sinc", n].figure for n in REACHES), *STAND.values()),
        ),
        evidence=(*LINES, *(_move(task, model, n) for model in STILL for task in TASKS for n in REACHES)),
        picture=Dots(
            f"relu-mlp along 100 random rays, each seed (line: {STRAIGHT_R2})",
            "mean R^2 of a straight line",
            LINES,
            STRAIGHT_R2,
        ),
        see="what the words mean, and the curves of [square](plots/square-curves.svg), "
        "[sinc](plots/sinc-curves.svg), and of every task in "
        "[leaderboard.md](leaderboard.md)",
    ),
)
