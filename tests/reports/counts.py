"""What was counted beforehand beside the rows that it was counted from."""

from collections import Counter as Units

from programmes.models import Period
from reports.chase import late_rows, officers_among
from reports.completion import completion
from reports.core import State, Wanted, by_counter, duty_rows, figures
from reports.counting import counted
from reports.jp import STATES, jp_rows, jp_totals
from reports.overview import grades, trend
from reports.quick_wins.counted import board_of


def assert_equal_rows(scope, units=()):
    """Every figure that a page may take from the counts, against the rows: of ``units`` and of all in ``scope``."""
    year = scope.at.year
    for unit in (scope.opened(None), *units):
        wanted = Wanted(unit=unit)
        counts, rows = counted(scope, wanted), duty_rows(scope, wanted)
        assert counts is not None
        assert counts.figures() == figures(rows, scope)
        assert counts.by_function() == by_counter(rows, scope)
        late = duty_rows(scope, wanted.but(state=State.OVERDUE)).values_list("officer__posting__unit", flat=True)
        assert dict(counts.by_unit(State.OVERDUE)) == Units(late)
        assert counts.late_officers() == officers_among(late_rows(scope, wanted))
        assert lines(completion(scope, wanted, counts)) == lines(completion(scope, wanted))
        assert trend(rows, scope, zone="Asia/Jakarta", counts=counts) == trend(rows, scope, zone="Asia/Jakarta")
        assert rounded(grades(rows, scope, counts)) == rounded(grades(rows, scope))
        assert jp_totals(scope, wanted, year, counts) == jp_totals(scope, wanted, year)
        for reached, states in STATES.items() if counts.jp(year) else ():
            per_unit = Units(jp_rows(scope, wanted, year, reached=reached).values_list("unit", flat=True))
            assert dict(counts.jp_by_unit(states)) == per_unit
        for period in Period.objects.all():
            boards = [board_of(scope, wanted, period, period.activities.all(), found) for found in (counts, None)]
            assert boards[0].lines() == boards[1].lines()


def lines(table):
    return [(line.label, line.by_course) for line in table.lines], table.courses


def rounded(found):
    return [None if grade is None else round(grade, 3) for grade in (found.mean, found.gain)]
