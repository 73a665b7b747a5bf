def language_from_path(get_response):
    return get_response


def public_headers(get_response):
    return get_response
