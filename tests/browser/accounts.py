"""Run in the house of the browser tests: an account of each built-in role, logged in.

``python -m tests.browser.accounts`` prints ``{role: {"id", "email", "session", "cookie"}}``.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module

from tenure.actor import SYSTEM
from tenure.cli.house import open_house


def main() -> None:
    """Make them and print their sessions."""
    house = open_house()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from tenure.guard.access.models import Account
    from tenure.guard.access.operations import BUILT_IN_ROLES, make_account

    store = import_module(settings.SESSION_ENGINE).SessionStore
    made = {}
    for role in BUILT_IN_ROLES:
        email = f"{role}@example.com"
        account = Account.objects.filter(email=email).first()
        if account is None:
            name = role.replace("_", " ").title()
            number = make_account(email=email, name=name, roles=[role], by=SYSTEM, at=house.at)
            account = Account.objects.get(pk=number)
        Account.objects.filter(pk=account.pk).update(last_login=house.at)
        session = store()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.save()
        made[role] = {
            "id": account.pk,
            "email": email,
            "session": session.session_key,
            "cookie": settings.SESSION_COOKIE_NAME,
        }
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main()
