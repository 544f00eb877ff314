"""What a formula is of a task: the true one, the same inside, or near it; twenty cases whose answer is known."""

from functools import cache

import numpy as np
import pytest

from benchmark.cell.dataset import draw
from benchmark.cell.recovery import Judged, judged
from benchmark.cell.simplified import multiplied_out, shown
from tasks import core, friedman, nguyen
from tasks.base import FloatArray, Task
from tasks.domains import Box
from tasks.formula import Formula

TASKS = {task.name: task for task in (*core.TASKS, *nguyen.TASKS, *friedman.TASKS)}


@cache
def inside(name: str) -> FloatArray:
    return draw(TASKS[name], 0).interpolation.X


def judge(name: str, text: str) -> Judged:
    X = inside(name)
    return judged(TASKS[name], text, X, Formula(text, X.shape[1]).evaluate(X))


EXACT = [
    ("square", "x1**2", "x1**2"),
    ("square", "x1*x1 + 1e-6*x1", "x1**2"),
    ("square", "-0.351526260 + 14.656444550*((-0.261207551*x1)**2)", "x1**2"),
    ("square", "1.00002*x1**2.0", "x1**2"),
    ("sum", "(x2 - x1) + (x1 + x1)", "x1 + x2"),
    ("sum", "0.99999*x2 + x1 + 0.0001", "x1 + x2"),
    ("nguyen-1", "x1*(1 + x1*(1 + x1))", "x1**3 + x1**2 + x1"),
    ("nguyen-5", "sin(x1**2)*cos(x1) - 1", "sin(x1**2)*cos(x1) - 1"),
    ("nguyen-8", "exp(0.5*log(x1))", "x1**0.5"),
    ("nguyen-11", "exp(x2*log(x1))", "exp(x2*log(x1))"),
    ("friedman-1", "10*sin(3.1416*x1*x2) + 20*x3**2 - 20*x3 + 5.0001 + 10*x4 + 5*x5 + 1e-9*x7", None),
    ("friedman-1", "10*sin(pi*x1*x2) + 20*(x3 - 0.5)**2 + 10*x4 + 5*x5", None),
    ("lambda-recovery", " + ".join(f"0.0125*x{i}**2" for i in range(1, 21)), None),
    ("lambda-recovery", "mean(x1..x20)*0 + 0.25*(" + " + ".join(f"x{i}*x{i}" for i in range(1, 21)) + ")/20", None),
]
NEAR = [
    ("sum", "x1 + 1.001*x2"),
    ("sum", "x1 + x2 + 0.5"),
    ("square", "x1**2.0005"),
    ("square", "1000*x1 - 166000"),
    ("nguyen-5", "sin(x1**2)*cos(x1) - 0.99"),
    ("friedman-1", "10*sin(pi*x1*x2) + 20*(x3 - 0.5)**2 + 10*x4 + 5*x5 + 0.2*x6"),
]


@pytest.mark.parametrize(("name", "text", "words"), EXACT)
def test_what_is_the_truth_in_disguise_is_exact(name: str, text: str, words: str | None) -> None:
    found = judge(name, text)
    assert (found.recovery, found.remark) == ("exact", "")
    assert words in (None, found.shown)


@pytest.mark.parametrize(("name", "text"), NEAR)
def test_what_is_nearly_the_truth_is_an_approximation(name: str, text: str) -> None:
    assert judge(name, text).recovery == "approximation"


def test_what_is_the_truth_inside_alone_is_equivalent_there() -> None:
    truth = Formula("where(x1 < 3, x1**2, 9)")
    task = Task(
        name="bent", title="t", formula="f", source="s", function=truth.evaluate, domain=Box(1, 0.0, 2.0),
        n_train=50, set_shape=(1, 1),
    )  # fmt: skip
    X = task.domain.draw(50, np.random.default_rng(0), inner=0.0, outer=1.0, even=False).X
    assert judged(task, "x1*x1", X, X[:, 0] ** 2) == Judged("equivalent inside", "x1**2")
    assert judged(task, "where(x1 < 3, x1*x1, 9.0)", X, X[:, 0] ** 2).recovery == "exact"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("y**2", "'y' is unknown"),
        ("x2", "'x2' is no input; the inputs are x1"),
        ("x1 +", "a value is missing at the end"),
        ("__import__('os').system('true')", "has no meaning here"),
        ("9**9**9*x1", "no finite number"),
        ("(" * 60 + "x1" + ")" * 60, "nested more than 50 deep"),
        ("x1*" * 30_000 + "x1", "it has 90002 characters"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(text: str, words: str) -> None:
    X = inside("square")
    found = judged(TASKS["square"], text, X, X[:, 0])
    assert (found.recovery, found.shown) == (None, "")
    assert found.remark.startswith("its expression cannot be read: ")
    assert words in found.remark


def test_an_expression_must_be_one_of_the_predictions() -> None:
    X = inside("square")
    found = judged(TASKS["square"], "x1**2", X, 1.01 * X[:, 0] ** 2)
    assert found.recovery is None
    assert found.remark.startswith("its expression is no expression of its predictions: inside they are 0.0")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2*x1*(x1 + x2)/4 - -x1", "x1**2/2 + x1*x2/2 + x1"),
        ("x1/x2**2 + sqrt(x1)", "sqrt(x1) + x1/x2**2"),
        ("-(x1 + 0.333333333333)", "-x1 - 0.3333"),
        ("log(exp(x1)) + abs(-x2)", "x1 + abs(x2)"),
    ],
)
def test_multiplying_out_keeps_the_function(text: str, words: str) -> None:
    formula = Formula(text, 2)
    found = multiplied_out(formula.tree)
    assert found is not None
    assert shown(found) == words
    X = np.random.default_rng(0).uniform(0.5, 3, (50, 2))
    from tasks.formula.values import values

    np.testing.assert_allclose(values(found, X), formula.evaluate(X), rtol=1e-12)


def test_what_would_have_thousands_of_terms_is_left_as_it_is() -> None:
    assert multiplied_out(Formula("(" + " + ".join(f"x{i}" for i in range(1, 11)) + ")**12", 10).tree) is None
    assert multiplied_out(Formula("where(x1 < 1, x1, 2)", 1).tree) is None
