"""How often a password may be tried. Only wrong ones count; the store is shared by all workers.

Strangers have few tries for an account from one address, more from all addresses together, and
some for all accounts from one address. A browser that signed in to the account before has tries
of its own: what strangers do cannot shut its owner out.
"""

import unicodedata

from allauth.core.internal import ratelimit
from django.db.models import Q

from authors.models import User
from newsroom.signing_in import browsers

RATES = {
    "address": "60/15m/key",
    "pair": "5/15m/key",
    "account": "20/h/key",
    "browser": "10/15m/key",
    "link": "3/h/key",
    "links": "20/h/key",
    # What readers report: from one address, and on one story.
    "report": "5/h/key",
    "reports": "30/h/key",
}


def spend(request, action, key):
    """One try under ``key``: its use, which can be given back, or None where none is left."""
    return ratelimit.consume(request, app="newsroom", action=action, config=RATES, key=key)


def try_password(request, name, address):
    """Pay for one try of a password under a typed name: what was paid, or None if none is left."""
    accounts = _accounts(name)
    paid = []
    for action, key in _counters(request, accounts, address):
        use = spend(request, action, key)
        if use is None:
            give_back(paid)
            return None
        paid.append(use)
    return paid


def give_back(paid):
    for use in paid:
        use.rollback()


def _accounts(name):
    """Under what an account is counted: its number however its name is spelled, else the name."""
    name = unicodedata.normalize("NFKC", name).casefold()
    named = Q(username__iexact=name) | Q(email__iexact=name)
    return sorted(User.objects.filter(named).values_list("pk", flat=True)) or [name]


def _counters(request, accounts, address):
    numbers = [browsers.number_for(request, account) for account in accounts]
    if all(numbers):
        return [("browser", f"{pk} {number}") for pk, number in zip(accounts, numbers, strict=True)]
    counters = [("address", address)]
    for account in accounts:
        counters += [("pair", f"{account} {address}"), ("account", f"{account}")]
    return counters
