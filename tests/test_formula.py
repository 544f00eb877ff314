"""Formulas: what they compute, how they are read and printed, and what is said of a wrong one."""

import ast
import operator
import pickle
from typing import Any

import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark.cell.conformance import task_checks
from tasks import core
from tasks.domains import Box
from tasks.formula import Formula, FormulaError, formula_task
from tasks.formula.functions import FUNCTIONS
from tasks.formula.printing import text as printed_text
from tasks.formula.reading import read
from tasks.formula.special import besselj0, harmonic
from tasks.formula.tree import (
    Node,
)
from tasks.formula.values import values
from tests.formulas import ARITHMETIC, TREES, by_suite, known_formulas

KNOWN, SUITES = known_formulas(), by_suite()
CORE = {task.name: task for task in core.TASKS}


def at(text: str, *x: float) -> float:
    return float(Formula(text, len(x)).evaluate(np.array([x], dtype=float))[0])


def test_the_literature_is_all_there() -> None:
    assert len(KNOWN) == len({known.name for known in KNOWN}) == 415
    assert {known.d for known in KNOWN} == {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 17, 20, 100}


@pytest.mark.parametrize("suite", SUITES)
def test_a_formula_of_the_literature_has_its_known_values(suite: str) -> None:
    for known in SUITES[suite]:
        found = Formula(known.text, known.d).evaluate(known.X)
        np.testing.assert_allclose(found, known.y, rtol=1e-13, atol=1e-15, err_msg=known.name)


def test_every_function_stands_in_a_formula_of_the_literature() -> None:
    named = {name for name in FUNCTIONS if any(f"{name}(" in known.text for known in KNOWN)}
    assert set(FUNCTIONS) - named == set()


@pytest.mark.parametrize("name", ["sum", "square", "sinc", "piecewise", "smooth"])
def test_a_core_function_and_its_formula_are_one_to_the_last_bit(name: str) -> None:
    known = next(each for each in KNOWN if each.name == name)
    X = np.random.default_rng(0).uniform(-4, 4, size=(500, known.d))
    assert (Formula(known.text, known.d).evaluate(X) == CORE[name].function(X)).all()


@pytest.mark.parametrize(
    ("text", "x", "y"),
    [
        ("2 + 3*4", [0], 14),
        ("2 - 3 - 4", [0], -5),
        ("8/4/2", [0], 1),
        ("8/4*2", [0], 4),
        ("2**3**2", [0], 512),
        ("-2**2", [0], -4),
        ("(-2)**2", [0], 4),
        ("2**-1", [0], 0.5),
        ("-x1*-3", [2], 6),
        ("+x1 - -1", [2], 3),
        (".5 + 5. + 1.5e2 + 2E-1", [0], 155.7),
        ("sum(x1..x3)", [1, 2, 4], 7),
        ("sum(x1..x3, 10, x1)", [1, 2, 4], 18),
        ("prod(x1..x3 + 1)", [1, 2, 4], 30),
        ("mean(x1..x2*x3..x4)", [1, 2, 4, 5], 7),
        ("max(x1, 3, x2)", [1, 2], 3),
        ("min(x1..x3)", [4, 2, 3], 2),
        ("x1*sum(x1..x3/x2)", [1, 2, 4], 3.5),
        ("var(x1..x3)", [1, 2, 6], 14 / 3),
        ("std(1, x1)", [5], 2),
        ("median(x1..x3)", [6, 1, 2], 2),
        ("secondmax(x1..x4)", [6, 1, 6, 2], 6),
        ("argmax(x1..x3)", [1, 6, 2], 1),
        ("distinct(x1..x4)", [2, 1, 2, 1], 2),
        ("sumdistinct(x1..x4)", [2, 1, 2, 1], 3),
        ("gcd(x1, x2)", [84, 36], 12),
        ("mod(x1, x2)", [-1, 3], 2),
        ("atan2(x1, x2)", [1, -1], 0.75 * np.pi),
        ("where(x1 < 1, 2, 3)", [1], 3),
        ("where(x1 <= 1, 2, 3)", [1], 2),
        ("where(x1 > 1, 2, 3)", [1], 3),
        ("where(x1 >= 1, 2, 3)", [1], 2),
        ("where(x1 > 0 and x2 > 0 and x1 < x2, 2, 3)", [1, 1], 3),
        ("where(1 < 2 and x1 > 0, 2, 3)", [1], 2),
        ("sum(where(x1..x2 > 0 and x3 > 0, 1, 0))", [1, 2, 3], 2),
        ("where(x1 > 0, 1/x1, 0)", [0], 0),
        ("log(e) + cos(pi)", [0], 0),
        ("sum(where(x1..x3 > 0, 1, 0))", [1, -1, 2], 2),
        ("7", [0], 7),
    ],
)
def test_values_that_are_checked_by_hand(text: str, x: list[float], y: float) -> None:
    assert at(text, *x) == pytest.approx(y, rel=1e-14, abs=1e-15)


def test_the_harmonic_number_is_that_of_whole_numbers_and_of_scipy_between() -> None:
    assert harmonic(np.array([1.0, 2.0, 4.0])) == pytest.approx([1, 1.5, 25 / 12], rel=1e-15, abs=0)
    x = np.linspace(-0.99, 300, 5_000)
    np.testing.assert_allclose(harmonic(x), scipy.special.digamma(x + 1) + np.euler_gamma, rtol=2e-14, atol=2e-14)
    assert np.isnan(harmonic(np.array([-1.0, -2.5]))).all()


def test_the_bessel_function_is_that_of_scipy() -> None:
    z = np.concatenate([np.linspace(-200, 200, 8_001), [np.nextafter(25, 26)]])
    np.testing.assert_allclose(besselj0(z), scipy.special.j0(z), rtol=0, atol=4e-15)


def test_the_result_is_new_float64_of_one_number_a_row() -> None:
    X = np.array([[1, 2], [3, 4]], dtype=np.float64)
    X.setflags(write=False)
    y = Formula("x2").evaluate(X)
    assert y.shape == (2,)
    assert y.dtype == np.float64
    assert y.tolist() == [2, 4]
    assert not np.shares_memory(X, y)
    assert y.flags.writeable
    assert Formula("1/3", 2).evaluate(X).tolist() == [1 / 3, 1 / 3]
    assert Formula("max(1, 2)", 2).evaluate(X).tolist() == [2, 2]
    assert Formula("sum(x1..x2)").evaluate(X[:0]).shape == (0,)
    assert Formula("median(x1..x2)").evaluate(X[:0]).shape == (0,)


def test_whole_numbers_are_taken_as_float64() -> None:
    assert Formula("x1**-1").evaluate(np.array([[2], [4]])).tolist() == [0.5, 0.25]


def test_a_value_that_is_not_defined_is_no_warning() -> None:
    assert np.isnan(at("log(x1)", -1))
    assert at("1/x1", 0) == np.inf


def test_other_columns_than_inputs_are_refused() -> None:
    with pytest.raises(FormulaError, match=r"^formula 'x1 \+ x2' takes X of shape \(n, 2\), got \(5, 3\)$"):
        Formula("x1+x2").evaluate(np.zeros((5, 3)))


def test_a_formula_has_as_many_inputs_as_it_is_said_to() -> None:
    assert (Formula("x1 + x3").n_inputs, Formula("x1 + x3", 5).n_inputs, Formula("2").n_inputs) == (3, 5, 1)
    assert Formula("sum(x2..x4)*x7").variables == (2, 3, 4, 7)


def test_a_formula_travels_to_another_process() -> None:
    formula = Formula("sin(x1)*x2", 3)
    copy = pickle.loads(pickle.dumps(formula))  # noqa: S301
    assert (copy, copy.tree, hash(copy)) == (formula, formula.tree, hash(formula))


@given(tree=TREES)
@settings(max_examples=300, deadline=None)
def test_property_what_is_printed_reads_back_to_the_same_tree(tree: Node) -> None:
    assert read(printed_text(tree), 5) == tree


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("x1*(x2*x3)", "x1*(x2*x3)"),
        ("(x1*x2)*x3", "(x1*x2)*x3"),
        ("((x1))", "x1"),
        ("x1-(x2-x3)", "x1 - (x2 - x3)"),
        ("x1 - -x2*3", "x1 - -x2*3"),
        ("x1*-x2", "x1*(-x2)"),
        ("-(x1 + x2)", "-(x1 + x2)"),
        ("(-x1)**2", "(-x1)**2"),
        ("(x1**x2)**3", "(x1**x2)**3"),
        ("x1**x2**3", "x1**x2**3"),
        ("0.500*x1 + 1e3 + 1e-7 + 1e30", "0.5*x1 + 1000 + 1e-07 + 1e+30"),
        ("where(x1<2 and x2>=3,x1,-1)", "where(x1 < 2 and x2 >= 3, x1, -1)"),
        ("sum( x1..x3 ,4)", "sum(x1..x3, 4)"),
    ],
)
def test_the_printed_form(text: str, printed: str) -> None:
    assert str(Formula(text)) == printed


@pytest.mark.parametrize("suite", SUITES)
def test_a_formula_of_the_literature_reads_back(suite: str) -> None:
    formulas = {known.name: Formula(known.text, known.d) for known in SUITES[suite]}
    back = {known.name: Formula(str(formulas[known.name]), known.d) for known in SUITES[suite]}
    assert [name for name, formula in formulas.items() if back[name].tree != formula.tree] == []


# What Python makes of the same text, walked with numpy's numbers: another reader, with nothing shared.
_PYTHON: dict[type[ast.AST], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


def _as_python(node: ast.AST, x: dict[str, np.float64]) -> np.float64:
    match node:
        case ast.Constant(value=float() | int() as value):
            return np.float64(value)
        case ast.Name(id=name):
            return x[name]
        case ast.UnaryOp(op=sign, operand=of):
            return np.float64(_PYTHON[type(sign)](_as_python(of, x)))
        case ast.BinOp(left=left, op=sign, right=right):
            return np.float64(_PYTHON[type(sign)](_as_python(left, x), _as_python(right, x)))
    raise AssertionError(ast.dump(node))


@given(text=ARITHMETIC)
@settings(max_examples=300, deadline=None)
def test_property_arithmetic_means_what_python_means_by_it(text: str) -> None:
    x = {"x1": np.float64(1.7), "x2": np.float64(0.3)}
    with np.errstate(all="ignore"):
        expected = _as_python(ast.parse(text, mode="eval").body, x)
    found = values(read(text, 2), np.array([[1.7, 0.3]]))[0]
    np.testing.assert_allclose(found, expected, rtol=1e-13)


NAMES = "the functions sin, cos, tan, sinc, asin, acos, atan, atan2, sinh, cosh, tanh, exp, log, sqrt, harmonic, "
WRONG = [
    ("", "formula '', character 1: it is empty; write a number, x1 to x6, pi, e, a function or ("),
    ("  \n", "formula '  \n', character 1: it is empty; write a number, x1 to x6, pi, e, a function or ("),
    ("2x1", "formula '2x1', character 2: between '2' and 'x1' stands no sign; write * for a product, as in 2*x1"),
    ("x1(x2)", "character 3: between 'x1' and '(' stands no sign; write * for a product"),
    ("(x1)(x2)", "character 5: between ')' and '(' stands no sign; write * for a product"),
    ("x1 x2", "character 4: between 'x1' and 'x2' stands no sign; write * for a product"),
    ("x1x2", "character 1: 'x1x2' is no name; write * for a product, as in x1*x2"),
    ("x1^2", "formula 'x1^2', character 3: '^' is no power; write ** for it"),
    ("y = x1", "character 3: '=' is not allowed; give the right-hand side alone"),
    ("where(x1 == 2, 1, 0)", "character 10: '==' is not allowed; give the right-hand side alone, and compare with"),
    ("x1 + (x2*3", "character 6: this ( is never closed; write its )"),
    ("sin(x1", "character 4: this ( is never closed; write its )"),
    ("x1 + x2)", "character 8: this ) closes nothing; write its ( or leave it out"),
    ("(x1, x2)", "character 4: ',' stands where a ) is due; close the ( of character 1 first"),
    ("x1, x2", "character 3: ',' stands behind the end of the formula; leave it out"),
    ("x1 +", "character 5: a value is missing at the end; write a number, x1 to x6, pi, e, a function or ("),
    ("x1 * / 2", "character 6: a value is missing before '/'; write a number"),
    ("x1***2", "character 5: a value is missing before '*'; write a number"),
    ("x0", "formula 'x0', character 1: 'x0' is no input; the inputs are x1 to x6"),
    ("x1 + x7", "formula 'x1 + x7', character 6: 'x7' is no input; the inputs are x1 to x6"),
    ("x01", "'x01' is no input; the inputs are x1 to x6"),
    ("sum(x1..x7)", "character 5: 'x7' is no input; the inputs are x1 to x6"),
    ("sum(x3..x2)", "character 5: 'x3..x2' goes upwards from its first to its last; write as in x1..x3"),
    ("sum(x2..x2)", "character 5: 'x2..x2' goes upwards from its first to its last; write as in x1..x3"),
    ("x1..x3 + 1", "character 1: 'x1..x3' stands for several numbers; make one of them, as in sum(x1..x3)"),
    ("sum(x1..x2*x3..x5)", "character 1: 2 and 3 numbers meet in 'sum'; give them one length, as in x1..x3*x4..x6"),
    ("sine(x1)", "character 1: 'sine' is unknown; did you mean 'sin'?"),
    ("np.sin(x1)", "'np.sin' is unknown; did you mean 'sin'?"),
    ("ln(x1)", "'ln' is unknown; did you mean 'log'?"),
    ("Abs(x1)", "'Abs' is unknown; did you mean 'abs'?"),
    ("X1", "'X1' is unknown; did you mean 'x1'?"),
    ("pow(x1, 2)", "'pow' is no function; write a**b for a power"),
    ("quux", f"'quux' is unknown; write a number, x1 to x6, pi, e, one of {NAMES}"),
    ("__import__('os')", '"\'" has no meaning here; write numbers, names, + - * / ** ( ) and commas'),
    ("x1.__class__", "'x1.__class__' is unknown; "),
    ("x1 · 2", "character 4: '·' has no meaning here; write numbers, names, + - * / ** ( ) and commas"),
    ("x1²", "character 3: '²' has no meaning here"),
    ("sin x1", "character 1: 'sin' is a function and needs its arguments; write sin(a)"),
    ("sin()", "character 1: 'sin' takes one argument, got 0; write sin(a)"),
    ("atan2(x1)", "character 1: 'atan2' takes 2 arguments, got 1; write atan2(a, b)"),
    ("exp(x1, x2)", "character 1: 'exp' takes one argument, got 2; write exp(a)"),
    ("max(x1)", "character 1: 'max' takes two numbers or more; write max(a, b, ... or x1..x3)"),
    ("max(x1,)", "character 8: a value is missing before ')'; write a number"),
    ("where(x1, 1, 2)", "character 9: where compares first, and here stands ','; write it as where(a < b, c, d)"),
    ("x1 < 2", "character 4: '<' compares outside of where; write where(a < b, c, d)"),
    ("(x1 < 2)*3", "character 5: '<' compares outside of where; write where(a < b, c, d)"),
    ("1/0 + x1", "formula '1/0 + x1': its part '1/0' is inf, no finite number; write another constant"),
    ("x1*9**9**9", "formula 'x1*9**9**9': its part '9**9**9' is inf, no finite number; write another constant"),
    ("log(-1)", "its part 'log(-1)' is nan, no finite number; write another constant"),
    ("1e999*x1", "character 1: '1e999' is beyond the largest number, 1.8e308; write a smaller one"),
    ("(" * 60, "character 51: this is nested more than 50 deep; write it with fewer parentheses"),
    ("-" * 15_000 + "x1", "character 51: this is nested more than 50 deep"),
    ("2**" * 5_000 + "x1", "character 152: this is nested more than 50 deep"),
    ("sin(" * 4_000, "character 204: this is nested more than 50 deep"),
    ("x1 + " * 5_000, "it has 25000 characters, and 20000 are allowed; write a function"),
]


@pytest.mark.parametrize(("text", "sentence"), WRONG, ids=[text[:20] for text, _ in WRONG])
def test_a_wrong_formula_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(FormulaError) as caught:
        Formula(text, 6)
    assert sentence in str(caught.value)


def test_a_long_text_is_shown_where_it_is_wrong() -> None:
    with pytest.raises(FormulaError) as caught:
        Formula(" + ".join(f"x{i}" for i in range(1, 60)) + " + foo + " + " + ".join(["x1"] * 30))
    assert str(caught.value).startswith("formula '...x55 + x56 + x57 + x58 + x59 + foo + x1 + ")
    assert str(caught.value).endswith(" + x1 +...', character 346: 'foo' is unknown; did you mean 'floor'?")


def test_a_number_of_inputs_that_is_none_is_refused() -> None:
    with pytest.raises(FormulaError, match=r"^formula 'x1': d is the number of inputs, 1 or more, got -1$"):
        Formula("x1", -1)


@given(text=st.text(alphabet="x12.+-*/()<>=, esinwhr&^'\n", max_size=40))
@settings(max_examples=500, deadline=None)
def test_property_any_text_is_a_formula_or_refused_with_a_sentence(text: str) -> None:
    refused = ""
    try:
        Formula(text, 12)
    except FormulaError as error:
        refused = str(error)
    assert refused == "" or refused.startswith("formula ")


def test_a_long_chain_is_no_deep_tree() -> None:
    n = 3_000
    assert at("+".join(["x1"] * n), 1) == n
    assert at("x1" + "*x1" * n, 1) == 1
    assert at("x1" + "/x1" * n, 1) == 1
    assert Formula("-".join(["x1"] * n)).structure.degree == 1


def test_a_task_by_its_formula_keeps_the_contract() -> None:
    task = formula_task(
        name="ripple",
        title="A ripple",
        formula="sin(3*x1)*x2",
        source="my notebook",
        domain=Box(n_features=2, low=0, high=2),
        n_train=200,
        set_shape=(1, 2),
    )
    assert task.formula == "sin(3*x1)*x2"
    X = np.array([[0.5, 2.0], [1.0, 3.0]])
    assert task.targets(X).tolist() == (np.sin(3 * X[:, 0]) * X[:, 1]).tolist()
    for _, check in task_checks(task):
        check()


def test_a_task_with_a_wrong_formula_is_refused_with_its_name() -> None:
    with pytest.raises(
        ValueError, match=r"^task 'ripple': formula 'x1\*x3', character 4: 'x3' is no input; the inputs"
    ):
        formula_task(name="ripple", formula="x1*x3", domain=Box(n_features=2), title="", source="", n_train=10)
