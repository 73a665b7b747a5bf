from django.db import models


class WebAddressField(models.URLField):
    """An address elsewhere on the web; typed without a scheme it means https."""

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"assume_scheme": "https", **kwargs})
