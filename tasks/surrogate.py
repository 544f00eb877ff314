"""Simulated machines and test functions."""
# ruff: noqa: E501 - a row of a table is a line

from tasks.suite import Suite
from tasks.table import read_rows, tasks_of

SOURCE = "Surjanovic, Bingham, Virtual library of simulation experiments"
ROWS = read_rows(
    """
name                   | formula                                                      | trained on               | outer box                | rows | more       | remarks
surrogate-borehole     | 2*pi*x3*(x4 - x6)/(log(x2/x1)*(1 + 2*x7*x3/(log(x2/x1)*x1**2*x8) + x3/x5)) | 0.05:0.15;100:50000;63070:115600;990:1110;63.1:116;700:820;1120:1680;9855:12045 | 0.05:0.25;100:99900;63070:168130;990:1230;63.1:168.9;700:940;1120:2240;9855:14235 | 1000 |            | Harper, Gupta 1983; Morris et al. 1993 (all uniform). Disagreement: uqtestfuns has Hu to 1100 and Kw from 9985, the library's page 1110 and 9855 [the page recalled, not read]
surrogate-otl-circuit  | (12*x2/(x1 + x2) + 0.74)*x6*(x5 + 9)/(x6*(x5 + 9) + x3) + 11.35*x3/(x6*(x5 + 9) + x3) + 0.74*x3*x6*(x5 + 9)/((x6*(x5 + 9) + x3)*x4) | 50:150;25:70;0.5:3;1.2:2.5;0.25:1.2;50:300 | 50:250;25:115;0.5:5.5;1.2:3.8;0.25:2.15;50:550 | 1000 |            | Ben-Ari, Steinberg 2007
surrogate-piston       | 2*pi*sqrt(x1/(x4 + x2**2*x5*x3*x6/x7/(x2/(2*x4)*(sqrt((x5*x2 + 19.62*x1 - x4*x3/x2)**2 + 4*x4*x5*x3*x6/x7) - (x5*x2 + 19.62*x1 - x4*x3/x2)))**2)) | 30:60;0.005:0.02;0.002:0.01;1000:5000;90000:110000;290:296;340:360 | 30:90;0.005:0.035;0.002:0.018;1000:9000;90000:130000;290:302;340:380 | 1000 |            | Ben-Ari, Steinberg 2007
surrogate-wing-weight  | 0.036*x1**0.758*x2**0.0035*(x3/cos(x4*pi/180)**2)**0.6*x5**0.006*x6**0.04*(100*x7/cos(x4*pi/180))**(-0.3)*(x8*x9)**0.49 + x1*x10 | 150:200;220:300;6:10;-10:10;16:45;0.5:1;0.08:0.18;2.5:6;1700:2500;0.025:0.08 | 150:250;220:380;6:14;-20:20;16:74;0.5:1.5;0.08:0.28;2.5:9.5;1700:3300;0.025:0.135 | 2000 |            | Forrester, Sobester, Keane 2008
surrogate-robot-arm    | sqrt((x1*cos(x5) + x2*cos(x5 + x6) + x3*cos(x5 + x6 + x7) + x4*cos(x5 + x6 + x7 + x8))**2 + (x1*sin(x5) + x2*sin(x5 + x6) + x3*sin(x5 + x6 + x7) + x4*sin(x5 + x6 + x7 + x8))**2) | 0:1;0:1;0:1;0:1;0:6.28318530718;0:6.28318530718;0:6.28318530718;0:6.28318530718 | -0.5:1.5;-0.5:1.5;-0.5:1.5;-0.5:1.5;-3.14159265359:9.42477796077;-3.14159265359:9.42477796077;-3.14159265359:9.42477796077;-3.14159265359:9.42477796077 | 1000 |            | An, Owen 2001; disagreement: uqtestfuns sums the angles over all rows too (np.sum without an axis), so its value depends on the other rows: a bug
surrogate-ishigami     | sin(x1) + 7*sin(x2)**2 + 0.1*x3**4*sin(x1)                   | (-3.14159265359:3.14159265359)^3 | (-6.28318530718:6.28318530718)^3 | 1000 |            | Ishigami, Homma 1991; a = 7, b = 0.1
surrogate-sobol-g      | (abs(4*x1 - 2) + 0)/1*(abs(4*x2 - 2) + 1)/2*(abs(4*x3 - 2) + 4.5)/5.5*(abs(4*x4 - 2) + 9)/10*(abs(4*x5 - 2) + 99)/100*(abs(4*x6 - 2) + 99)/100*(abs(4*x7 - 2) + 99)/100*(abs(4*x8 - 2) + 99)/100 | (0:1)^8                  | (-0.5:1.5)^8             | 1000 |            | Sobol 1998; Marrel et al. 2009 parameters; kinks; multiplicative; four columns all but inert
surrogate-franke-1     | 0.75*exp(-((9*x1 - 2)**2 + (9*x2 - 2)**2)/4) + 0.75*exp(-(9*x1 + 1)**2/49 - (9*x2 + 1)**2/10) + 0.5*exp(-((9*x1 - 7)**2 + (9*x2 - 3)**2)/4) - 0.2*exp(-(9*x1 - 4)**2 - (9*x2 - 7)**2) | (0:1)^2                  | (-0.5:1.5)^2             | 1000 |            | Franke 1979; four bumps. Disagreement: the second term is (9 x2 + 1)/10, not squared, in the library [recalled]; uqtestfuns squares it. Squared it peaks at (-1/9, -1/9), just outside
surrogate-franke-2     | (tanh(9*x2 - 9*x1) + 1)/9                                    | (0:1)^2                  | (-0.5:1.5)^2             | 1000 |            | Franke 1979; a cliff along the diagonal; saturates
surrogate-forrester    | (6*x1 - 2)**2*sin(12*x1 - 4)                                 | 0:1                      | -0.5:1.5                 | 200  |            | Forrester et al. 2008; amplitude grows
surrogate-gramacy-sine | where(x1 <= 9.6, sin(pi*x1/5) + cos(4*pi*x1/5)/5, x1/10 - 1) | 0:20                     | -10:30                   | 2000 |            | Gramacy 2007; Gramacy, Lee 2009 train on [0, 20]; waves, then a line: two regimes, so left and right continue differently
surrogate-higdon-sine  | sin(2*pi*x1/10) + 0.2*sin(2*pi*x1/2.5)                       | 0:10                     | -5:15                    | 200  |            | Higdon 2002; two scales; uqtestfuns has [1, 10]
surrogate-dette-curved | 4*(x1 - 2 + 8*x2 - 8*x2**2)**2 + (3 - 4*x2)**2 + 16*sqrt(x3 + 1)*(2*x3 - 1)**2 | (0:1)^3                  | (-0.5:1.5)^3             | 1000 | ladder=3   | Dette, Pepelyshev 2010; disagreement: uqtestfuns does not square the first bracket; the library's page does [recalled]
surrogate-dette-exp    | 100*(exp(-2/x1**1.75) + exp(-2/x2**1.5) + exp(-2/x3**1.25))  | (0.01:1)^3               | (0.01:1.99)^3            | 1000 |            | Dette, Pepelyshev 2010; flat at 0, additive
surrogate-welch-1992   | 5*x12/(1 + x1) + 5*(x4 - x20)**2 + x5 + 40*x19**3 - 5*x19 + 0.05*x2 + 0.08*x3 - 0.03*x6 + 0.03*x7 - 0.09*x9 - 0.01*x10 - 0.07*x11 + 0.25*x13**2 - 0.04*x14 + 0.06*x15 - 0.01*x17 - 0.03*x18 | (-0.5:0.5)^20            | (-0.75:0.75)^20          | 2000 | ladder=2.5 | Welch et al. 1992; pole x1 = -1: factor 1.5, not 2; 20 columns, two inert
surrogate-ackley       | -20*exp(-0.2*sqrt((x1**2 + x2**2)/2)) - exp((cos(2*pi*x1) + cos(2*pi*x2))/2) + 20 + exp(1) | (-2:2)^2                 | (-4:4)^2                 | 1000 |            | Ackley 1987; ripples on a cone; published on +-32.768, where 65 periods make it noise: adapted to +-2
surrogate-rosenbrock   | 100*(x2 - x1**2)**2 + (1 - x1)**2                            | (-2:2)^2                 | (-4:4)^2                 | 1000 |            | Rosenbrock 1960; degree 4; published on +-5 to +-10 [recalled]
""",
    source=SOURCE,
)
TASKS = tasks_of(ROWS)
SUITE = Suite.of(TASKS, name="surrogate", version=1, title="Simulated machines and test functions", source=SOURCE)
