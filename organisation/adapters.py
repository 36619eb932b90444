"""How django-allauth behaves here: nobody signs up, the login is the NRP/NIP."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False
