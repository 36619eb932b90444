"""Where trainers find the certificate's template in the CMS."""

from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import CertificateTemplate


class CertificateTemplateViewSet(SnippetViewSet):
    model = CertificateTemplate
    icon = "doc-full-inverse"
    menu_label = "Templat sertifikat"
    menu_name = "certificate-templates"
    add_to_admin_menu = True
    menu_order = 400
    list_display = ["name", "course", "active", "live"]
    list_filter = ["active", "course"]
    search_fields = ["name"]
    inspect_view_enabled = True


register_snippet(CertificateTemplateViewSet)
