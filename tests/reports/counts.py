"""What was counted beforehand beside the rows that it was counted from."""

from collections import Counter as Units

from programmes.models import Period
from reports import effect
from reports.certificates import valid_certificates
from reports.chase import late_rows, officers_among
from reports.completion import completion
from reports.core import NO_COUNTER, State, Wanted, by_counter, duty_rows, figures, postings_wanted
from reports.counting import counted
from reports.expiring import WITHIN, expiring, parts
from reports.jp import STATES, jp_rows, jp_totals
from reports.overview import grades, trend
from reports.quick_wins.counted import board_of


def assert_equal_rows(scope, units=()):
    """Every figure that a page may take from the counts, against the rows: of ``units`` and of all in ``scope``."""
    year, course = scope.at.year, next(iter(scope.courses.values()))
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
        assert effect.by_course(scope, wanted, counts) == effect.by_course(scope, wanted, None)
        assert effect.whole(scope, wanted, counts) == effect.whole(scope, wanted, None)
        assert valid_certificates(scope, wanted, counts) == valid_certificates(scope, wanted)
        for within, _words, _days in WITHIN:
            found = parts(scope, wanted, within, counts)
            assert sum(length for length, _rows in found) == expiring(scope, wanted, within).count()
        assert jp_totals(scope, wanted, year, counts) == jp_totals(scope, wanted, year)
        people = postings_wanted(scope, wanted).values_list("unit", flat=True)
        assert dict(counts.people_by_unit()) == Units(people)
        for reached, states in STATES.items() if counts.jp(year) else ():
            per_unit = Units(jp_rows(scope, wanted, year, reached=reached).values_list("unit", flat=True))
            assert dict(counts.jp_by_unit(states)) == per_unit
        for narrower in (wanted.but(function="sim"), wanted.but(function=NO_COUNTER), wanted.but(course=course)):
            counts, rows = counted(scope, narrower), duty_rows(scope, narrower)
            assert counts.figures() == figures(rows, scope)
            assert lines(completion(scope, narrower, counts)) == lines(completion(scope, narrower))
            assert rounded(grades(rows, scope, counts)) == rounded(grades(rows, scope))
            assert effect.by_course(scope, narrower, counts) == effect.by_course(scope, narrower, None)
            if narrower.course:
                assert counts.by_function() == by_counter(rows, scope)
        for period in Period.objects.all():
            found = counted(scope, wanted), None
            boards = [board_of(scope, wanted, period, period.activities.all(), counts) for counts in found]
            assert boards[0].lines() == boards[1].lines()


def lines(table):
    return [(line.label, line.by_course) for line in table.lines], table.courses


def rounded(found):
    return [None if grade is None else round(grade, 3) for grade in (found.mean, found.gain)]
