"""Probes of one property each."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "asked often; the range is ours"
ROWS = read_rows(
    """
name                  | formula                                                      | trained on | outer box   | rows | more                              | remarks
probe-line            | 3*x1 - 1                                                     | -1:1       | -2:2        | 200  | family=korns-1                    | from asked often; ours; a sanity check: every model should learn it, few hold it
probe-square          | x1**2                                                        | -1:1       | -2:2        | 200  | family=xu-quadratic-1d            | from asked often; ours
probe-cube            | x1**3                                                        | -1:1       | -2:2        | 200  |                                   | from asked often; ours
probe-exp             | exp(x1)                                                      | -2:2       | -4:4        | 200  | family=snake-exp                  | from asked often; ours
probe-log             | log(x1)                                                      | 1:10       | 1:19        | 200  | family=keijzer-7                  | from asked often; ours; pole at 0
probe-reciprocal      | 1/x1                                                         | 1:10       | 1:19        | 200  |                                   | from asked often; ours; pole at 0; upward it flattens
probe-reciprocal-pole | 1/x1                                                         | 1:10       | 0.25:10     | 200  | ladder=2 family=probe-reciprocal  | from asked often; ours; downward, toward the pole
probe-cube-root       | sign(x1)*abs(x1)**(1/3)                                      | -1:1       | -2:2        | 2000 |                                   | from asked often; ours; infinite slope at 0
probe-abs             | abs(x1)                                                      | -1:1       | -2:2        | 200  |                                   | from asked often; ours; a kink; two ReLU units have it exactly
probe-relu            | max(x1, 0)                                                   | -1:1       | -2:2        | 200  |                                   | from asked often; ours; a kink
probe-step            | where(x1 >= 0, 1, 0)                                         | -1:1       | -2:2        | 2000 |                                   | from asked often; ours; a jump; flat outside: trees should hold, nothing smooth learns the edge to 5 %
probe-floor           | floor(x1)                                                    | 0:10       | 0:20        | 2000 |                                   | from asked often; ours; a staircase: best line is nearly as good as anything outside
probe-sawtooth        | x1 - floor(x1)                                               | 0:4        | 0:8         | 2000 |                                   | from asked often; ours; x mod 1: four periods with jumps
probe-mod-3           | x1 - 3*floor(x1/3)                                           | 0:12       | 0:24        | 2000 | family=probe-sawtooth             | from asked often; ours; x mod 3, real x
probe-parity          | x1 - 2*floor(x1/2)                                           | 1:1000     | 1:2000      | 2000 | whole family=probe-sawtooth       | from asked often; ours; parity of a whole number: frequency 1/2, the highest there is; a linear feature in base 2, hopeless in base 10. Training law: integers 1..1000
probe-triangle        | acos(cos(pi*x1))/pi                                          | 0:4        | 0:8         | 200  |                                   | from asked often; ours; triangle wave, two periods; kinks (nn-extrapolate's zigzag)
probe-sin-1           | sin(pi*x1)                                                   | -1:1       | -2:2        | 200  | family=snake-sin                  | from asked often; ours; 1 period inside
probe-sin-2           | sin(2*pi*x1)                                                 | -1:1       | -2:2        | 200  | family=snake-sin                  | from asked often; ours; 2 periods inside
probe-sin-4           | sin(4*pi*x1)                                                 | -1:1       | -2:2        | 200  | family=snake-sin                  | from asked often; ours; 4 periods inside
probe-sin-8           | sin(8*pi*x1)                                                 | -1:1       | -2:2        | 200  | family=snake-sin                  | from asked often; ours; 8 periods inside
probe-sin-16          | sin(16*pi*x1)                                                | -1:1       | -2:2        | 200  | family=snake-sin                  | from asked often; ours; 16 periods inside; 12.5 rows a period at 200 rows
probe-trend-and-wave  | x1 + sin(2*pi*x1)                                            | 0:4        | 0:8         | 200  |                                   | from asked often; ours; trend plus four periods: what a time series asks
probe-amplitude-wave  | x1*sin(2*x1)                                                 | -5:5       | -10:10      | 200  | family=keijzer-1                  | from asked often; ours; the amplitude grows
probe-damped-wave     | exp(-x1/2)*cos(2*pi*x1)                                      | 0:4        | 0:8         | 200  |                                   | from asked often; ours; four periods, dies outside
probe-chirp           | sin(10*x1**2)                                                | -1:1       | -2:2        | 200  |                                   | from asked often; ours; the frequency grows with abs(x)
probe-sinc            | sinc(x1)                                                     | -3:3       | -6:6        | 200  |                                   | from asked often; ours; removable singularity at 0
probe-gauss           | exp(-x1**2)                                                  | -2:2       | -4:4        | 200  | family=livermore-20               | from asked often; ours; flat outside
probe-runge           | 1/(1 + 25*x1**2)                                             | -1:1       | -2:2        | 200  |                                   | from asked often; ours; Runge 1901: polynomials on even grids diverge; complex poles at +-0.2 i
probe-tanh            | tanh(3*x1)                                                   | -1:1       | -2:2        | 200  | family=snake-tanh                 | from asked often; ours; saturates inside already
probe-half-sigmoid    | 1/(1 + exp(-x1))                                             | -4:0       | -4:4        | 200  |                                   | from asked often; ours; only the lower half of the S is seen: growth that will stop
probe-x-log-x         | x1*log(x1)                                                   | 1:10       | 1:19        | 200  |                                   | from asked often; ours; almost a line: R^2 of the best one 0.99
probe-weierstrass     | cos(pi*x1) + cos(3*pi*x1)/2 + cos(9*pi*x1)/4 + cos(27*pi*x1)/8 | -1:1       | -2:2        | 200  |                                   | from asked often; ours; rough: 27 half-periods, period 2
probe-hidden-break    | max(x1, 4*x1 - 4.5)                                          | -1:1       | -2:2        | 200  |                                   | from asked often; ours; a straight line inside, another slope beyond 1.5: nothing in the rows tells. A control: who holds here has seen the outside
probe-product         | x1*x2                                                        | (-1:1)^2   | (-2:2)^2    | 1000 | family=feynman-i-12-1             | from asked often; ours; one of the two things a network cannot do exactly
probe-ratio           | x1/x2                                                        | (1:2)^2    | (1:3)^2     | 1000 | family=feynman-i-25-13            | from asked often; ours; denominator away from 0; the NALU range
probe-ratio-pole      | x1/x2                                                        | (1:2)^2    | 1:3;0.5:2   | 1000 | ladder=2.5 family=feynman-i-25-13 | from asked often; ours; denominator halves: toward the pole
probe-max             | max(x1, x2)                                                  | (-1:1)^2   | (-2:2)^2    | 1000 |                                   | from asked often; ours; a kink; three ReLU units have it exactly
probe-xor             | (1 - sign(x1)*sign(x2))/2                                    | (-1:1)^2   | (-2:2)^2    | 4000 |                                   | from asked often; ours; jumps on both axes; flat in every quadrant, so trees hold
probe-compare         | where(x1 - x2 >= 0, 1, 0)                                    | (-1:1)^2   | (-2:2)^2    | 4000 |                                   | from asked often; ours; an oblique jump: stairs for trees, and the clamp is wrong beyond the corner
probe-parity-6        | sign(x1)*sign(x2)*sign(x3)*sign(x4)*sign(x5)*sign(x6)        | (-1:1)^6   | (-2:2)^6    | 4000 |                                   | from asked often; ours; 64 orthants of either sign: the classical parity
probe-distance        | sqrt((x1 - x3)**2 + (x2 - x4)**2)                            | (-1:1)^4   | (-2:2)^4    | 1000 | family=feynman-i-8-14             | from asked often; ours; feynman-i-8-14 on a symmetric box
probe-angle           | atan2(x2, x1)                                                | (-1:1)^2   | (-2:2)^2    | 1000 |                                   | from asked often; ours; jump on a half-axis; constant along rays, so rays extrapolate exactly
probe-power           | x1**x2                                                       | (1:2)^2    | (1:3)^2     | 1000 | family=nguyen-11                  | from asked often; ours
probe-geometric-mean  | sqrt(x1*x2)                                                  | (0.1:1)^2  | (0.1:1.9)^2 | 1000 |                                   | from asked often; ours; homogeneous of degree 1
probe-harmonic-mean   | 2*x1*x2/(x1 + x2)                                            | (0.1:1)^2  | (0.1:1.9)^2 | 1000 |                                   | from asked often; ours
probe-hypot           | sqrt(x1**2 + x2**2)                                          | (-1:1)^2   | (-2:2)^2    | 1000 |                                   | from asked often; ours; a cone: linear along rays
probe-gcd             | gcd(x1, x2)                                                  | (1:100)^2  | (1:200)^2   | 4000 | whole                             | from asked often; ours; whole numbers 1..100: number theory, not smooth in any sense; heavy tail
probe-int-mod         | mod(x1, x2)                                                  | (1:100)^2  | (1:200)^2   | 4000 | whole                             | from asked often; ours; whole numbers
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(
    TASKS,
    name="probes",
    version=1,
    title="Probes of one property each",
    source=SOURCE,
    also={"probe-sqrt": "nguyen-8", "probe-min": "probe-max"},
)
