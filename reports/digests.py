"""What unit heads and SDM are told once a day about their own scope, and which late duties have climbed to them.

The figures are counts over the same rows as every screen's (``reports.core``), grouped by unit and day in two
queries for the whole nation and added up the tree here: never one query per leader.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from enrolments.models import DutyEnd, ReminderRun, RunKind, current_rules, current_steps
from enrolments.reminders import DAY, REACH_BACK, Step, climb, due_days_risen, midnight
from enrolments.services import Draft, current_templates, finish, last_written, write_in_batches, written_keys
from enrolments.wording import MessageKind
from foundation.due import due
from foundation.formats import date_medium, day_of, greeting, number
from organisation.models import PATH_STEP, Role, RoleGrant, Unit, User, Zone
from organisation.permissions import READS_LEARNING

from .permissions import Moment, counted_duties_at, leading_grants, newest_cycles

WEEK = timedelta(days=7)


@dataclass
class Standing:
    """The nation at one moment: paths of units → what stands there, each duty counted where its officer stands.

    ``late`` and ``soon`` (due within a week) as of the moment; ``due_on`` open duties by due date, ``done_on``
    completed ones by the day they were done, both as ordinals of days on one clock.
    """

    late: Counter[str] = field(default_factory=Counter)
    soon: Counter[str] = field(default_factory=Counter)
    due_on: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    done_on: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def below(self, root: str) -> list[str]:
        """The paths in the subtree of ``root`` where something stands."""
        return self._below[root]

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in sorted({*self.due_on, *self.done_on}):
            for length in range(PATH_STEP, len(path) + 1, PATH_STEP):
                found[path[:length]].append(path)
        return found


@dataclass(frozen=True)
class Digest:
    """The figures of one leader: ``done`` and ``risen`` since the last digest, ``late`` and ``soon`` as of now.

    ``news``: something happened where the leader is the nearest one, or climbed up to the leader. Without it
    nothing is written: the same figures a second day are no news.
    """

    late: int
    soon: int
    done: int
    risen: int
    news: bool


def standing(*, zone: str, at: datetime) -> Standing:
    """Count the nation by unit and day on the clock of ``zone``."""
    since = midnight(day_of(at, zone) - REACH_BACK * DAY, zone)
    rows = newest_cycles(counted_duties_at(at), Moment(at))
    found, clock = Standing(), ZoneInfo(zone)
    owed = rows.filter(valid_to=None).annotate(day=TruncDate("due_at", tzinfo=clock))
    groups = owed.values_list("unit_path", "day").annotate(
        total=Count("pk"),
        late=Count("pk", filter=Q(due_at__lt=at)),
        soon=Count("pk", filter=Q(due_at__gte=at, due_at__lt=at + WEEK)),
    )
    for path, day, total, late, soon in groups:
        found.late[path] += late
        found.soon[path] += soon
        found.due_on[path][day.toordinal()] += total
    done = rows.filter(ended_as=DutyEnd.COMPLETED, valid_to__gte=since).annotate(
        day=TruncDate("valid_to", tzinfo=clock)
    )
    for path, day, total in done.values_list("unit_path", "day").annotate(total=Count("pk")):
        found.done_on[path][day.toordinal()] += total
    return found


def digest(
    grants: Iterable[RoleGrant],
    found: Standing,
    posts: dict[str, set[str]],
    steps: Sequence[Step],
    *,
    since: date,
    today: date,
) -> Digest:
    """The figures of whoever holds ``grants``; ``posts`` are the paths of units with a leader, by role.

    What happened is counted over whole days: from ``since``, the day of the last digest, until before ``today``.
    """
    # A unit granted twice, or below another one granted, counts once.
    held = {(grant.role, grant.unit.path) for grant in grants}
    below = {path for _role, root in held for path in found.below(root)}
    days = range(since.toordinal(), today.toordinal())
    coming = range(since.toordinal() + WEEK.days + 1, today.toordinal() + WEEK.days + 1)
    risen = done = 0
    news = False
    for path in below:
        finished = _sum(found.done_on, path, days)
        done += finished
        climbed: set[int] = set()
        for role, root in held:
            if not path.startswith(root):
                continue
            if climb(path, posts[role], 0, path_step=PATH_STEP) == root:
                news = news or bool(finished or _sum(found.due_on, path, days) or _sum(found.due_on, path, coming))
            for step in steps:
                if step.climbs is None or climb(path, posts[role], step.climbs, path_step=PATH_STEP) != root:
                    continue
                climbed.update(due_days_risen(step, since=since, today=today))
        risen += _sum(found.due_on, path, climbed)
    return Digest(
        late=sum(found.late[path] for path in below),
        soon=sum(found.soon[path] for path in below),
        done=done,
        risen=risen,
        news=news or bool(risen),
    )


def _sum(counts: dict[str, Counter[int]], path: str, days: Iterable[int]) -> int:
    here = counts.get(path)
    return sum(here[day] for day in days) if here else 0


@dataclass(frozen=True)
class Leader:
    """Somebody who gets a digest, with every role that makes them one, the highest unit first."""

    user: User
    grants: list[RoleGrant]

    @property
    def unit(self) -> Unit:
        return self.grants[0].unit

    @property
    def url(self) -> str:
        return "/sdm/" if any(grant.role == Role.SDM for grant in self.grants) else "/satuan/"


def leaders(*, at: datetime) -> list[Leader]:
    """Everybody who heads or staffs a unit at ``at``, each once."""
    held: dict[User, list[RoleGrant]] = defaultdict(list)
    for grant in leading_grants(at=at):
        held[grant.user].append(grant)
    return [Leader(user, sorted(own, key=lambda grant: grant.unit.path)) for user, own in held.items()]


@due("digests")
def send_digests(*, at: datetime) -> int:
    """Write today's digests in every zone that is awake: one per person and day, and only with news."""
    rules = current_rules()
    if not rules.enabled:
        return 0
    return sum(_digest_zone(zone, at=at) for zone in Zone.values if not rules.quiet.cover(at, zone))


def _digest_zone(zone: str, *, at: datetime) -> int:
    today = day_of(at, zone)
    if ReminderRun.objects.filter(kind=RunKind.DIGESTS, zone=zone, day=today).exists():
        return 0
    everybody = leaders(at=at)
    here = [leader for leader in everybody if leader.unit.zone == zone]
    written = 0
    if here:
        posts: dict[str, set[str]] = {role: set() for role in READS_LEARNING}
        for leader in everybody:
            for grant in leader.grants:
                posts[grant.role].add(grant.unit.path)
        drafts = _drafts(here, standing(zone=zone, at=at), posts, at=at, today=today)
        written = write_in_batches(partial(_unwritten, drafts), list, limit=len(drafts), at=at)
    finish(RunKind.DIGESTS, zone=zone, day=today, at=at)
    return written


def _unwritten(drafts: list[Draft], after: Draft | None) -> list[Draft]:
    told = written_keys(draft.key for draft in drafts)
    return [draft for draft in drafts if draft.key not in told]


def _drafts(
    here: Sequence[Leader], found: Standing, posts: dict[str, set[str]], *, at: datetime, today: date
) -> list[Draft]:
    template, steps = current_templates()[MessageKind.DIGEST], current_steps()
    last = last_written(MessageKind.DIGEST, since=at - (REACH_BACK + 1) * DAY)
    drafts = []
    for leader in here:
        zone = leader.unit.zone
        # What was never told, or not for days, reaches no further back than a reminder does.
        before = last.get(leader.user.pk)
        earliest = today - REACH_BACK * DAY
        since = max(day_of(before, zone), earliest) if before else earliest
        figures = digest(leader.grants, found, posts, steps, since=since, today=today)
        if figures.news:
            drafts.append(_draft(leader, figures, template, at=at, today=today))
    return drafts


def _draft(leader: Leader, figures: Digest, template, *, at: datetime, today: date) -> Draft:
    roots = [grant.unit for grant in leader.grants]
    tops = {unit.path: unit for unit in roots if not any(other is not unit and _above(other, unit) for other in roots)}
    values = {
        "salam": greeting(at, leader.unit.zone),
        "nama": leader.user.name,
        "satuan": " dan ".join(unit.short_name for unit in tops.values()),
        "tanggal": date_medium(today),
        "lewat": number(figures.late),
        "naik": number(figures.risen),
        "segera": number(figures.soon),
        "selesai": number(figures.done),
    }
    return Draft(
        key=f"digest-{leader.user.pk}-{today}",
        template=template,
        values=values,
        recipient=leader.user,
        unit=leader.unit,
        url=leader.url,
    )


def _above(other: Unit, unit: Unit) -> bool:
    return other.path != unit.path and other.contains(unit)
