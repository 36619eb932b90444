"""What organisation refuses. The message is shown to people and says what to do."""


class OrganisationError(Exception):
    """Base of every refusal of this app."""


class UnitRefused(OrganisationError):
    """The tree cannot be changed this way."""


class OfficerRefused(OrganisationError):
    """The officer or the posting cannot be written this way."""


class GrantRefused(OrganisationError):
    """The role cannot be given or ended this way."""


class AccountRefused(OrganisationError):
    """The account cannot be changed this way."""


class ActivationRefused(OrganisationError):
    """Unknown person, wrong, used or expired slip: one sentence for all, so that nobody learns which."""


class ImportRefused(OrganisationError):
    """The file cannot be read, or holds rows that cannot be applied: ``problems`` lists them, ``counts`` sums up."""

    def __init__(self, message: str, problems: list | None = None, counts: dict[str, int] | None = None) -> None:
        super().__init__(message)
        self.problems = problems or []
        self.counts = counts or {}
