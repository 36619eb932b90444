"""Legal sources, tariffs, topics and learning paths in the CMS: with history, and with where they are used."""

from django.forms import Select
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .models import LearningPath, LegalSource, Tariff, Topic


class LegalSourceViewSet(SnippetViewSet):
    model = LegalSource
    icon = "openquote"
    menu_label = "Dasar hukum"
    list_display = ["short", "title", "status_label", "checked_label", "review_label"]
    list_filter = ["status", "review_by"]
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("short")]),
        FieldPanel("title"),
        FieldPanel("status"),
        FieldRowPanel([FieldPanel("checked_on"), FieldPanel("review_by")]),
        FieldPanel("note"),
    ]


class TariffViewSet(SnippetViewSet):
    model = Tariff
    icon = "tag"
    menu_label = "Tarif"
    list_display = ["name", "service", "amount_label", "payee", "legal_source", "checked_label"]
    list_filter = ["service", "legal_source"]
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("service")]),
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("amount"), FieldPanel("payee")]),
        FieldRowPanel([FieldPanel("legal_source"), FieldPanel("checked_on")]),
        FieldPanel("note"),
    ]


class LegalGroup(SnippetViewSetGroup):
    items = (LegalSourceViewSet, TariffViewSet)
    menu_label = "Dasar hukum & tarif"
    menu_name = "legal"
    menu_icon = "openquote"
    menu_order = 300
    add_to_admin_menu = True


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "list-ul"
    menu_label = "Topik"
    menu_name = "topics"
    menu_order = 310
    add_to_admin_menu = True
    list_display = ["name", "parent_label", "slug"]
    list_filter = ["parent"]
    search_fields = ["name", "slug"]
    panels = [FieldPanel("name"), FieldPanel("parent", widget=Select)]

    def get_queryset(self, request):
        return Topic.objects.select_related("parent")


class LearningPathViewSet(SnippetViewSet):
    model = LearningPath
    icon = "list-ol"
    menu_label = "Jalur pembelajaran"
    menu_name = "learning-paths"
    menu_order = 280
    add_to_admin_menu = True
    list_display = ["title", LiveStatusTagColumn(label="Status"), "steps_label"]
    search_fields = ["title"]
    panels = [
        FieldPanel("title"),
        FieldPanel("summary"),
        FieldPanel("steps"),
        FieldPanel("options_needed"),
        FieldPanel("offered"),
    ]
