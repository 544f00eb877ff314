"""Whether lambda can be had from x, or from x and k, and what gradient descent has to do with it."""

import numpy as np

from benchmark.report.claims.finding import Check, Dots, Evidence, Finding, Judgement, Row, above, at_most, cross
from benchmark.report.markdown import percent, plain
from benchmark.report.statistics import SOLVED_NRMSE, chi_square

THREAD = "003_5fff90e101f15d1b"
EVERY_MODEL = (
    *("linear-net", "relu-mlp", "tanh-mlp", "deep-sets", "shared-sum"),
    *("polynomial-2", "polynomial-5", "gradient-boosting"),
)
CONVERGES, DIVERGES = ("05", "19"), ("201", "21", "40")
# Descent starts at 0.
START_ERROR, LAMBDA = 0.25, 0.25


def _from_x(evidence: Evidence) -> Judgement:
    sd = evidence.sd("lambda-from-x")
    nrmse = {model: evidence.inside("lambda-from-x", model) / sd for model in EVERY_MODEL}
    best = min(nrmse, key=lambda model: nrmse[model].median)
    checks = [
        Check(
            f"{model}: the median seed is not below sd(lambda), to 2 %",
            f"{sample.median:.3f} sd",
            sample.median >= 0.98,
        )
        for model, sample in nrmse.items()
    ]
    checks.append(
        Check(
            "the best of them does just what the mean of lambda does: sd(lambda), to 2 %",
            f"{best}: {nrmse[best].median:.3f} sd",
            abs(nrmse[best].median - 1) <= 0.02,
        )
    )
    rows = tuple(Row(f"{model}, RMSE inside / sd(lambda)", sample) for model, sample in nrmse.items())
    picture = Dots("lambda from x alone (line: what the mean of lambda does)", "RMSE inside / sd(lambda)", rows, 1.0)
    detail = (
        f"The best of eight models, {best}, is off by {nrmse[best].median:.3f} of sd(lambda); always saying the "
        f"mean of lambda is off by 1."
    )
    return Judgement(tuple(checks), rows, detail, picture)


def _noise(evidence: Evidence) -> Check:
    seeds = evidence.outcomes("lambda-noisy", "lambda-closed-form")
    noise_std = evidence.cards["lambda-noisy"].noise_std
    z = [
        (s.quantities["lambda_hat"] - LAMBDA) / (noise_std / np.sqrt(float(s.notes["sum_of_squares"])))
        for s in seeds
        if "sum_of_squares" in s.notes
    ]
    n = len(z)
    ratio = float(np.sqrt(np.mean(np.square(z)))) if z else np.inf
    low, high = (np.sqrt(max(0.0, chi_square(share, max(n, 1))) / max(n, 1)) for share in (0.025, 0.975))
    return Check(
        f"with noise of sd {noise_std:g} on k, the error of lambda is s / sqrt(sum m^2), the Cramer-Rao bound: root "
        f"mean square over {n} seeds between {low:.2f} and {high:.2f} of it (95 %)",
        f"{ratio:.2f} of it",
        bool(low <= ratio <= high),
    )


def _given_k(evidence: Evidence) -> Judgement:
    closed = evidence.quantity("lambda-recovery", "lambda-closed-form", "lambda_error")
    checks = [
        Check(
            "closed form: lambda is 0.25 to 1e-12, every seed",
            f"median error {plain(closed.median)}",
            closed.every(at_most(1e-12)),
        )
    ]
    rows = [Row("closed form, error of lambda", closed)]
    for name in (*CONVERGES, *DIVERGES):
        model = f"lambda-descent-{name}"
        rate = float(evidence.outcomes("lambda-recovery", model)[0].settings.get("rate") or np.nan)
        found = evidence.quantity("lambda-recovery", model, "lambda_error")
        rows.append(Row(f"gradient descent at {rate:g} / curvature, error of lambda", found))
        if name in CONVERGES:
            statement = f"gradient descent at {rate:g} / curvature: within 1e-6 after 200 steps, every seed"
            holds = rate < 2 and found.every(at_most(1e-6))
        else:
            statement = f"at {rate:g} / curvature, above 2: further off than at its start, every seed"
            holds = rate > 2 and found.every(above(START_ERROR))
        checks.append(Check(statement, f"median error {plain(found.median)}", bool(holds)))
    checks.append(_noise(evidence))
    by_descent, by_formula = (
        evidence.quantity("lambda-noisy", model, "lambda_hat").values
        for model in ("lambda-descent-05", "lambda-closed-form")
    )
    apart = float(np.abs(by_descent - by_formula).max()) if by_descent.shape == by_formula.shape else np.inf
    checks.append(
        Check(
            "with noise, gradient descent gives what the closed form gives, to 1e-6",
            f"{apart:.1g}",
            bool(apart <= 1e-6),
        )
    )
    noisy = evidence.quantity("lambda-noisy", "lambda-closed-form", "lambda_error")
    rows.append(
        Row(f"closed form, with noise of sd {evidence.cards['lambda-noisy'].noise_std:g} on k, error of lambda", noisy)
    )
    # Beside an error of 1e94 nothing else could be told apart.
    near = tuple(row for row in rows[1:] if row.sample.median < 1e12)
    picture = Dots("Error of lambda after 200 steps, each seed (line: 1e-6)", "|lambda - 0.25|", near, 1e-6)
    by_rate = {
        name: evidence.quantity("lambda-recovery", f"lambda-descent-{name}", "lambda_error") for name in ("19", "201")
    }
    detail = "After 200 steps lambda is off by " + " and by ".join(
        f"{plain(by_rate[name].median)} at a rate of {rate} / curvature"
        for name, rate in (("19", "1.9"), ("201", "2.01"))
    )
    detail += "."
    return Judgement(tuple(checks), tuple(rows), detail, picture)


def _of_x(evidence: Evidence) -> Judgement:
    checks, rows = [], []
    for model, most in (("lambda-linear-in-x", 1e-9), ("lambda-linear-in-x-net", 1e-3)):
        for name in ("a", "b"):
            error = evidence.quantity("lambda-of-x", model, f"{name}_error")
            rows.append(Row(f"{model}, error of {name}", error))
            checks.append(
                Check(
                    f"{model}: {name} to {most:g}, every seed",
                    f"median error {plain(error.median)}",
                    error.every(at_most(most)),
                )
            )
    constant = evidence.inside("lambda-of-x", "lambda-closed-form") / evidence.sd("lambda-of-x")
    rows.append(Row("one constant lambda, RMSE inside / sd(k)", constant))
    checks.append(
        Check(
            "one constant lambda in its place does not do: RMSE inside above 5 % of sd(k), every seed",
            f"median {percent(constant.median)}",
            constant.every(above(SOLVED_NRMSE)),
        )
    )
    detail = f"A constant in its place is off by {percent(constant.median)} of sd(k)."
    return Judgement(tuple(checks), tuple(rows), detail)


FINDINGS = (
    Finding(
        name="lambda-is-not-in-x",
        question="Can a network find lambda from the paths x alone?",
        source=THREAD,
        claim="No model can predict lambda from x alone: where lambda varies between rows and k is withheld, nothing "
        "is better than sd(lambda), the error of its mean. (Where lambda is constant the question is empty: a bias "
        "answers it, and this suite refuses such a task.)",
        cells=cross(["lambda-from-x"], EVERY_MODEL),
        judge=_from_x,
        answer={
            "confirmed": "No: where lambda is drawn apart from x, x says nothing about it, and no training changes "
            "that.",
            "depends": "Nothing should be below sd(lambda): look for a leak.",
            "refuted": "Something found lambda in x: look for a leak.",
        },
    ),
    Finding(
        name="given-k-lambda-is-easy",
        question="Given the paths x and k = lambda mean(x^2), how is lambda found, and why may gradients explode?",
        source=THREAD,
        claim="Given x and k, lambda is one division. Gradient descent on one parameter finds it at rates below 2 / "
        "curvature of the loss (curvature is 2 mean(m^2), m the mean of squares of a row) and runs away above, at "
        "2.01, 2.1 "
        "and 4: a way for gradients to explode. Noise on k costs what the Cramer-Rao bound says.",
        cells=(
            *cross(
                ["lambda-recovery"], ["lambda-closed-form", *(f"lambda-descent-{n}" for n in (*CONVERGES, *DIVERGES))]
            ),
            *cross(["lambda-noisy"], ["lambda-closed-form", "lambda-descent-05"]),
        ),
        judge=_given_k,
        answer={
            "confirmed": "By lambda = sum(m k) / sum(m^2), m the mean of squares of a row: no network is needed. "
            "Gradients "
            "explode, among other reasons, when the learning rate is above 2 / curvature; the thread does not give "
            "its rate.",
            "depends": "In part as claimed.",
            "refuted": "Not that way.",
        },
    ),
    Finding(
        name="lambda-may-depend-on-x",
        question="What if lambda depends on x?",
        source=THREAD,
        claim="Then say so in the model: lambda(x) = a + b x is recovered by the model that is linear in it, by "
        "least squares and as a network, and one constant lambda in its place is wrong.",
        cells=cross(["lambda-of-x"], ["lambda-linear-in-x", "lambda-linear-in-x-net", "lambda-closed-form"]),
        judge=_of_x,
        answer={
            "confirmed": "Write the dependence down and fit its coefficients: they come out exactly.",
            "depends": "In part.",
            "refuted": "It is not recovered.",
        },
    ),
)
