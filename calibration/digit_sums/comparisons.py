"""Deep Sets: the sum of up to nine digits, and of 95."""

from calibration.comparison import Comparison, Experiment, Printed, Study
from calibration.digit_sums.tasks import MAE, MOST
from calibration.sources import DEEP_SETS
from findings.figures import Limit, quantity

STUDY = Study(
    name="sums of digits",
    source=DEEP_SETS,
    place="DigitSum/text_sum.ipynb at 8f6002b, what the training of the Deep Sets model prints",
    protocol="98,765 sets of 1 to 9 digits from 1 to 9, a vector of 100 numbers for each digit, 30 tanh, a sum, a "
    "weighted sum. Adam at 1e-4 on the absolute error, 10 epochs in batches of 128. After the fourth epoch the error "
    "on 1,235 other sets goes up and down; the best epoch is kept. Sums of up to 95 digits are only a picture.",
    differs="Empty places are left out, where theirs add a constant. Adam's epsilon is 1e-8, where theirs is 1e-3. The "
    "last step is kept.",
)


COMPARISONS = (
    Comparison(
        name="digit-sum-error",
        what="Mean absolute error on the sum of 1 to 9 digits",
        study=STUDY,
        published=Printed(value=0.0062, low=0.0026, high=0.0176, spread="epochs 4 to 10", runs=1),
        ours=quantity("digit-sum", "digit-vectors", MAE, "mean absolute error"),
        band=Limit(0.0026, 0.0176),
        why_band="What epochs 4 to 10 print, of which 0.0062 is the median.",
        reason="At a constant rate the last step is as good as luck has it.",
        experiments=(
            Experiment(
                f"{MOST} digits in place of 1 to 9",
                quantity("digit-sum", "digit-vectors", f"{MAE}_of_{MOST}", f"mean absolute error on {MOST} digits"),
            ),
            Experiment(
                "a rate that falls to 0", quantity("digit-sum", "digit-vectors-cosine", MAE, "mean absolute error")
            ),
            Experiment(
                f"a rate that falls to 0, {MOST} digits",
                quantity("digit-sum", "digit-vectors-cosine", f"{MAE}_of_{MOST}", f"mean absolute error on {MOST}"),
            ),
        ),
    ),
)
