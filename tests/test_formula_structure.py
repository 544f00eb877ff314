"""What a formula is made of, and when two are the same: by hand, and over all formulas of the literature."""

from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise
from random import Random
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tasks.formula import Formula
from tasks.formula.algebra import expanded, mark
from tasks.formula.reading import read
from tasks.formula.sameness import same
from tasks.formula.structure import ALGEBRA, PARTS, Structure, structure
from tasks.formula.tree import Inverse, Negative, Node, Number, Power, Product, Sum, Variable, variables
from tests.formulas import ARITHMETIC, TREES, Known, by_suite, known_formulas

KNOWN, SUITES = known_formulas(), by_suite()


@cache
def of_known(known: Known) -> Structure:
    return Formula(known.text, known.d).structure


def exact(node: Node, x: tuple[Fraction, ...]) -> Fraction | None:
    """Return the value of an arithmetic tree in fractions, None where it has none or is too long to write."""
    match node:
        case Number(value):
            return Fraction(repr(value))
        case Variable(index):
            return x[index - 1]
        case Negative(of):
            inner = exact(of, x)
            return None if inner is None else -inner
        case Sum(parts):
            values = [exact(each, x) for each in parts]
            return None if None in values else sum((each for each in values if each is not None), Fraction(0))
        case Product(parts):
            total = Fraction(1)
            for part in parts:
                factor = exact(part.of if isinstance(part, Inverse) else part, x)
                if factor is None or (isinstance(part, Inverse) and factor == 0):
                    return None
                total = total / factor if isinstance(part, Inverse) else total * factor
            return total
        case Power(base, exponent):
            number, power = exact(base, x), exact(exponent, x)
            if number is None or power is None or power.denominator != 1 or abs(power) > 30 or number == 0:
                return None
            return number ** int(power)
        case _:
            return None


@pytest.mark.parametrize(
    ("text", "classes", "degree"),
    [
        ("2 + sqrt(3)", "constant", 0),
        ("x1 - x1 + 2", "constant", 0),
        ("x1/x1", "constant", 0),
        ("3*x1 - pi", "linear", 1),
        ("(x1**2 - x1)/2 - x1**2/2 + x2", "linear", 1),
        ("0.1*x1**2 + 0.2*x1**2 - 0.3*x1**2 + x1", "linear", 1),
        ("(x1**2 - 1)/(x1 - 1)", "linear", 1),
        ("x1*x2 + x1", "polynomial", 2),
        ("(x1 + x2)**3*x2**2", "polynomial", 5),
        ("(x1 + x2)**2 - x1**2 - x2**2", "polynomial", 2),
        ("sum(x1..x3)*mean(x1..x3)", "polynomial", 2),
        ("var(x1..x3)", "polynomial", 2),
        ("sqrt(2)*x1**2", "polynomial", 2),
        ("x1**1000*x2", "polynomial", 1001),
        ("1/x1", "rational", None),
        ("x1**-2", "rational", None),
        ("(x1**500 + 1)/(x2 - x1)", "rational", None),
        ("sin(2)*x1", "linear", 1),
        ("sin(x1)", "periodic", None),
        ("tan(x1) + acos(x2)", "periodic inverse-trig", None),
        ("sqrt(x1)", "root", None),
        ("x1**0.5", "root", None),
        ("x1**pi", "root", None),
        ("x1**x2", "power", None),
        ("x1**(((0.9**1000)**1000)**1000)", "root", None),
        ("2**x1", "exponential", None),
        ("tanh(x1)*log(x2)", "exponential logarithmic", None),
        ("abs(x1)", "piecewise kink", None),
        ("max(x1, 0)", "piecewise kink", None),
        ("floor(x1)", "piecewise jump", None),
        ("where(x1 > 0, x1, 0)", "piecewise kink", None),
        ("where(x1 > 0, 1, 0)", "piecewise jump", None),
        ("where(x1 > 0 and x2 > 0, 1, 0)", "piecewise jump", None),
        ("where(x1 > 30, x1**2, 30*x1)", "piecewise kink", None),
        ("where(x1 > 1e9, 1, 0)", "piecewise", None),
        ("sum(where(x1..x3 > 0.5, 1, 0))", "piecewise jump", None),
        ("harmonic(x1)", "special", None),
    ],
)
def test_the_classes_of_a_formula(text: str, classes: str, degree: int | None) -> None:
    found = Formula(text).structure
    assert (" ".join(found.classes), found.degree) == (classes, degree)


def test_inert_are_inputs_that_are_not_named_and_inputs_that_cancel() -> None:
    assert Formula("x2", 4).structure.inert == (1, 3, 4)
    assert Formula("sum(x1..x3) - sum(x2..x4)").structure.inert == (2, 3)
    assert Formula("sin(x1 + x2 - x1)").structure.inert == (1,)
    assert Formula("log(-1 - x1**2)*x2").structure.inert == ()
    # It does nothing near 0, and is not inert.
    assert Formula("where(x1 > 50, x2, 0)").structure.inert == ()


@given(tree=TREES)
@settings(max_examples=200, deadline=None)
def test_property_every_formula_has_a_structure_and_is_the_same_as_itself(tree: Node) -> None:
    whole = expanded(tree)
    found = structure(whole, 5)
    assert set(found.classes) <= {*ALGEBRA, *PARTS}
    assert (found.degree is None) == (not {"constant", "linear", "polynomial"} & set(found.classes))
    assert set(range(1, 6)) - set(variables(tree)) <= set(found.inert)
    assert same(Sum((whole, Number(1.0))), Sum((Number(1.0), whole)))


@given(text=ARITHMETIC)
@settings(max_examples=300, deadline=None)
def test_property_the_degree_is_that_of_the_values(text: str) -> None:
    tree = read(text, 2)
    degree = structure(tree, 2).degree
    assume(degree is not None and degree <= 6)
    assert degree is not None
    # On a line the differences of a polynomial vanish, one order beyond its degree and not before.
    y = [exact(tree, (Fraction(7, 3) + 2 * t, Fraction(5, 11) + 3 * t)) for t in range(degree + 3)]
    assume(None not in y)
    steps = [value for value in y if value is not None]
    for _ in range(degree):
        steps = [b - a for a, b in pairwise(steps)]
    assert steps[0] == steps[1] == steps[2]
    assert steps[0] != 0 or degree == 0


# What the family of the literature is, where it is no class.
NO_CLASS = {"trigonometric": "periodic"}


@pytest.mark.parametrize("suite", SUITES)
def test_the_family_in_the_literature_is_among_the_classes(suite: str) -> None:
    explained = {
        # An integral of a rational function, with no log in its text.
        **dict.fromkeys(("keijzer-6", "neat-6"), "special"),
        # Its pole at x1 + x2 = 0 is filled by hand.
        "livermore-11": "piecewise",
    }
    family = {
        known.name: explained.get(known.name, NO_CLASS.get(known.family, known.family))
        for known in SUITES[suite]
        if known.family != "set"
    }
    classes = {known.name: of_known(known).classes for known in SUITES[suite]}
    assert {name: classes[name] for name in family if family[name] not in classes[name]} == {}


@pytest.mark.parametrize("suite", SUITES)
def test_the_inert_inputs_are_those_of_the_literature(suite: str) -> None:
    # Turning the whole arm changes no distance, which is no rule of algebra.
    by_symmetry = {"surrogate-robot-arm": (5,)}
    found = {known.name: (*of_known(known).inert, *by_symmetry.get(known.name, ())) for known in SUITES[suite]}
    assert found == {known.name: known.inert for known in SUITES[suite]}


@pytest.mark.parametrize("suite", SUITES)
def test_kinks_and_jumps_are_those_of_the_literature(suite: str) -> None:
    explained = {
        # No jump in its box, and one at its pole outside.
        "livermore-11": {"jump"},
        # Its sign jumps where its other factor is 0.
        "probe-cube-root": {"kink", "jump"},
        # Smooth functions of each other, with a kink where one has no slope: no shape of a tree shows it.
        **{name: set() for name in ("probe-triangle", "probe-distance", "probe-hypot")},
    }
    found = {known.name: {"kink", "jump"} & set(of_known(known).classes) for known in SUITES[suite]}
    assert found == {known.name: explained.get(known.name, set(known.breaks)) for known in SUITES[suite]}


BY_ALGEBRA = [
    ("x1 + x2*x3", "x3*x2 + x1"),
    ("(x1 + x2) + x3", "x1 + (x2 + x3)"),
    ("x1 - x2", "-(x2 - x1)"),
    ("x1/x2/x3", "x1/(x2*x3)"),
    ("2*x1*3", "6*x1"),
    ("0.1*x1 + 0.2*x1", "0.3*x1"),
    ("x1/2", "0.5*x1"),
    ("(x1 + 1)**2", "x1**2 + 2*x1 + 1"),
    ("1/(1/x1 + x3/x2)", "x1*x2/(x2 + x1*x3)"),
    ("x1**2*x1**3", "x1**5"),
    ("sqrt(x1)", "x1**0.5"),
    ("x1**(2/5)", "x1**0.4"),
    ("exp(x1 + x2)", "e**(x2 + x1)"),
    ("exp(1)*x1", "e*x1"),
    ("max(x1, x2 + 0)", "max(x2, x1)"),
    ("where(x1 < x2, 1, 0)", "where(x2 > x1, 1, 0)"),
    ("mean(x1..x3)", "(x1 + x2 + x3)/3"),
    ("var(x1..x2)", "(x1**2 + x2**2)/2 - ((x1 + x2)/2)**2"),
]
BY_NUMBERS = [
    ("std(x1..x2)**2", "(x1**2 + x2**2)/2 - ((x1 + x2)/2)**2"),
    ("sin(x1)**2 + cos(x1)**2", "1"),
    ("sin(2*x1)", "2*sin(x1)*cos(x1)"),
    ("sin(x1)**2 + cos(x1)**2 - 1", "0"),
    ("sqrt(4)*x1", "2*x1"),
    ("log(x1*x1)", "2*log(abs(x1))"),
    ("max(x1, -x1)", "abs(x1)"),
    ("x1 - floor(x1)", "mod(x1, 1)"),
    ("exp(x1)*exp(x2)", "exp(x1 + x2)"),
]
DIFFERENT = [
    ("x1", "x2"),
    ("x1 - x2", "x2 - x1"),
    ("x1**x2", "x2**x1"),
    ("x1 + 1e-12", "x1"),
    ("1e-12*x1", "2e-12*x1"),
    ("1e-12*sin(x1)", "2e-12*sin(x1)"),
    ("pi*x1", "3.141592653589793*x1"),
    ("sin(x1)", "cos(x1)"),
    ("x1**(1/3)", "x1**(1/5)"),
    ("atan2(x1, x2)", "atan2(x2, x1)"),
    ("argmax(x1, x2)", "argmax(x2, x1)"),
    ("where(x1 < x2, 1, 0)", "where(x1 > x2, 1, 0)"),
    # One is defined where the other is not.
    ("sqrt(x1)**2", "x1"),
    ("log(x1**2)", "2*log(x1)"),
    # Without a value no points speak for them.
    ("log(-1 - x1**2)", "log(-2 - x1**2)"),
]


@pytest.mark.parametrize(("one", "other"), BY_ALGEBRA)
def test_what_algebra_turns_into_each_other_has_one_mark(one: str, other: str) -> None:
    assert mark(expanded(Formula(one).tree)) == mark(expanded(Formula(other).tree))


@pytest.mark.parametrize(("one", "other"), BY_ALGEBRA + BY_NUMBERS)
def test_two_formulas_of_one_function_are_the_same(one: str, other: str) -> None:
    assert Formula(one).same_as(Formula(other))
    assert Formula(other).same_as(Formula(one))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_formulas_of_two_functions_are_not_the_same(one: str, other: str) -> None:
    assert not Formula(one).same_as(Formula(other))
    assert not Formula(other).same_as(Formula(one))


def test_what_shows_nowhere_near_zero_is_not_told_apart() -> None:
    assert Formula("where(x1 > 50, 1, 0)").same_as(Formula("0"))


@given(order=st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_property_the_order_of_terms_and_factors_is_nothing_to_a_mark(order: Random) -> None:
    terms = [["2", "x1", "sin(x2)"], ["0.5", "x3**2", "x1"], ["x2", "exp(x1*x2)"], ["7"]]
    once = " + ".join("*".join(factors) for factors in terms)
    for factors in terms:
        order.shuffle(factors)
    order.shuffle(terms)
    again = "(" + ") + (".join("*".join(factors) for factors in terms) + ")"
    assert mark(expanded(Formula(again).tree)) == mark(expanded(Formula(once).tree))


def test_a_mark_is_the_same_on_every_machine() -> None:
    assert mark(expanded(Formula("sin(x1)*x2 + 2").tree)) == 89487486986940625502481319884689684473


def test_the_literature_states_some_functions_twice() -> None:
    by_mark: dict[int, list[str]] = {}
    for known in KNOWN:
        by_mark.setdefault(mark(expanded(Formula(known.text, known.d).tree)), []).append(known.name)
    groups = {frozenset(names) for names in by_mark.values() if len(names) > 1}
    assert frozenset({"keijzer-12", "nguyen-12", "nguyen-12-wide"}) in groups
    assert frozenset({"feynman-i-34-8", "feynman-i-43-16"}) in groups
    assert not any({"nguyen-5", "livermore-2"} <= group for group in groups)


SOME = [each for each in KNOWN if each.d == 2][::6]


def test_property_two_formulas_of_the_literature_are_the_same_only_with_the_same_values() -> None:
    formulas = {known.name: Formula(known.text, known.d) for known in SOME}
    for one, other in combinations(SOME, 2):
        values = formulas[one.name].evaluate(one.X), formulas[other.name].evaluate(one.X)
        equal = values[0] == pytest.approx(values[1], rel=1e-9)
        assert not formulas[one.name].same_as(formulas[other.name]) or equal


@pytest.mark.parametrize("suite", SUITES)
def test_the_mathml_of_the_literature_is_well_formed(suite: str) -> None:
    lengths = {"msup": 2, "mfrac": 2, "msub": 2, "msqrt": 1, "mtr": 2, "mtd": 1}
    for known in SUITES[suite]:
        formula = Formula(known.text, known.d)
        root = ElementTree.fromstring(formula.mathml)  # noqa: S314
        assert (root.tag, len(root)) == ("math", 1), known.name
        wrong = {(each.tag, len(each)) for each in root.iter() if len(each) != lengths.get(each.tag, len(each))}
        assert wrong == set(), known.name
        named = {int("".join(each[1].itertext())) for each in root.iter("msub")}
        assert named <= set(formula.variables), known.name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x1**2 - 2*x2", "x1^{2}-2·x2"),
        ("(x1 + 1)*x2", "(x1+1)·x2"),
        ("(x1 + 1)/x2", "{x1+1}/{x2}"),
        ("x1/x2/x3*x1", "{x1}/{x2·x3}·x1"),
        ("x1 - (x2 - x3)", "x1-(x2-x3)"),
        ("-(x1 + x2)", "-(x1+x2)"),
        ("(-x1)**2", "(-x1)^{2}"),
        ("x1*-x2", "x1·(-x2)"),
        ("-x1*x2", "-x1·x2"),
        ("x1*(x2*x3)", "x1·(x2·x3)"),
        ("exp(-x1)", "e^{-x1}"),
        ("2.5e-7*pi", "2.5·10^{-7}·π"),
        ("abs(x1)**2", "|x1|^{2}"),
        ("sin(x1)**2", "(sin\u2061(x1))^{2}"),
        ("where(x1 <= 2 and x2 < 1, x1, 0)", "{x1 if x1≤2 and x2<1 0 otherwise"),
        ("sum(x1..x9)", "sum\u2061(x1,…,x9)"),
    ],
)
def test_the_mathml_of_small_formulas(text: str, shown: str) -> None:
    def plain(each: ElementTree.Element) -> str:
        parts = [plain(child) for child in each]
        match each.tag:
            case "msup":
                return f"{parts[0]}^{{{parts[1]}}}"
            case "mfrac":
                return f"{{{parts[0]}}}/{{{parts[1]}}}"
            case "mtr":
                return " ".join(part.strip() for part in parts) + " "
            case _:
                return (each.text or "").replace("\N{MINUS SIGN}", "-") + "".join(parts)

    root = ElementTree.fromstring(Formula(text).mathml)  # noqa: S314
    assert "-" not in Formula(text).mathml
    assert plain(root).strip() == shown
