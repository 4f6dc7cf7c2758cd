"""Forms in the look of the pages."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Renders fields with the templates of ``components/``."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
