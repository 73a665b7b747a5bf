"""Who comes to the desk: passwords, one-time links, second factors, throttling, sessions.

django-allauth does the steps of signing in; what is here decides and shows.
"""
