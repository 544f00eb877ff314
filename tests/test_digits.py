"""What is rendered holds no more digits than it shows."""

import re
import sys

import numpy as np

from benchmark.show.digits import significant, tidy
from tests.alone import draw_all
from tests.test_leaderboard import full_board

PICTURE = """<g id="axes_1"><path id="m0123456789" d="M {0} {1}
L 2 {2}" style="opacity: 0.12345"/><use xlink:href="#{3}" x="{4}" clip-path="url(#{5})"/>
<text x="{6}" style="fill: #c4c9cf">x="1.2345" #m0123456789</text><clipPath id="{5}"/></g>"""


def test_coordinates_have_two_decimals_and_names_come_in_order() -> None:
    drawn = PICTURE.format("1.005001", "-0.001", "3.14159", "m0123456789", "12.3456", "pabcdef0123", "1.2345")
    wanted = PICTURE.format("1.01", "0", "3.14", "m1", "12.35", "p2", "1.23").replace('id="m0123456789"', 'id="m1"')
    assert tidy(drawn) == wanted
    assert tidy(wanted) == wanted


def test_no_picture_holds_more_digits_than_it_shows() -> None:
    for picture in draw_all(full_board()).values():
        placed = re.findall(r' (?:d|x|y|width|height|viewBox|transform)="([^"]*)"', picture)
        assert placed
        assert not [text for text in placed if re.search(r"\.\d{3}", text)]
        assert not re.findall(r'(?:id="|#)[a-zA-Z]\w*[0-9a-f]{10}', picture)
        names = re.findall(r'id="([^"]+)"', picture)
        assert len(set(names)) == len(names)
        assert {a or b for a, b in re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', picture)} <= {*names}


def test_a_number_is_rounded_to_what_it_shows() -> None:
    long, short = (1.2345678, 1234567.8, 0.0, -2e-300, 1 / 3), (1.23457, 1234570.0, 0.0, -2e-300, 0.333333)
    assert tuple(map(significant, long)) == short
    assert significant(2 / 3, 2) == 0.67
    # To five digits the largest number would be infinite.
    assert significant(sys.float_info.max, 5) == sys.float_info.max
    assert np.isnan(significant(np.nan))
