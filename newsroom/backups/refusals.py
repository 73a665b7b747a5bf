class Refused(Exception):
    """What cannot be done, in words for whoever runs the machine; nothing was touched, or all is as it was."""
