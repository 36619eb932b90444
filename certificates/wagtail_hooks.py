"""Where trainers find the certificate's template in the CMS."""

from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import BooleanColumn, LiveStatusTagColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import CertificateTemplate
from .template_forms import CHANGED_WHILE_APPROVING, changed_while_approving


class CertificateTemplateViewSet(SnippetViewSet):
    model = CertificateTemplate
    icon = "doc-full-inverse"
    menu_label = "Templat sertifikat"
    menu_name = "certificate-templates"
    add_to_admin_menu = True
    menu_order = 400
    list_display = [
        "name",
        "unit",
        "course",
        BooleanColumn("active", label="Dipakai"),
        LiveStatusTagColumn(label="Status"),
        "version_label",
    ]
    list_filter = ["active", "course", "language"]
    search_fields = ["name"]
    inspect_view_enabled = True


register_snippet(CertificateTemplateViewSet)


@hooks.register("before_edit_snippet")
def approving_is_no_editing(request, instance):
    """Who changes a template while approving it would approve their own words."""
    if isinstance(instance, CertificateTemplate) and changed_while_approving(request, instance):
        messages.error(request, CHANGED_WHILE_APPROVING)
        return redirect(request.path)
    return None
