"""The question bank in the CMS: its list with search and filters, its chooser, where a question is used."""

import django_filters
from django import forms
from django.db.models import Q
from taggit.models import Tag
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, TitleColumn
from wagtail.admin.views.generic import UsageView
from wagtail.admin.views.generic.chooser import ChooseResultsViewMixin, ChooseViewMixin, CreationFormMixin
from wagtail.snippets.action_menu import UnpublishMenuItem
from wagtail.snippets.views.chooser import BaseSnippetChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet, UnpublishView

from courses.models import LegalSource, Topic
from organisation.models import User
from quizzes.choices import Difficulty, QuestionKind
from quizzes.models import BankQuestion
from quizzes.usage import places_of

STATUS = {
    "approved": ("Disetujui", Q(live=True)),
    "changed": ("Disetujui, ada draf baru", Q(live=True, has_unpublished_changes=True)),
    "review": ("Sedang diperiksa", Q(is_in_review=True)),
    "draft": ("Draf", Q(live=False, is_in_review=False)),
}


def topic_choices() -> list[tuple[str, str]]:
    return Topic.objects.tree().choices()


def in_topic(queryset, slug: str):
    return queryset.filter(topic__slug__in=Topic.objects.tree().below(slug))


def _tags() -> list[tuple[str, str]]:
    return list(
        Tag.objects.filter(quizzes_bankquestiontag_items__isnull=False)
        .distinct()
        .order_by("name")
        .values_list("slug", "name")
    )


class ChoiceFilter(django_filters.ChoiceFilter):
    """A select with “Semua” at its head."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, empty_label="Semua", **kwargs)


class BankFilter(WagtailFilterSet):
    topic = ChoiceFilter(label="Topik dan bagiannya", choices=topic_choices, method="by_topic")
    kind = ChoiceFilter(label="Jenis", choices=QuestionKind.choices)
    difficulty = ChoiceFilter(label="Kesulitan", choices=Difficulty.choices)
    status = ChoiceFilter(
        label="Status", choices=[(value, label) for value, (label, _q) in STATUS.items()], method="by_status"
    )
    tag = ChoiceFilter(label="Label", choices=_tags, field_name="tags__slug")
    owner = django_filters.ModelChoiceFilter(
        label="Pemilik",
        queryset=lambda _request: User.objects.filter(pk__in=BankQuestion.objects.values("owner")),
        empty_label="Semua",
    )
    legal_source = django_filters.ModelChoiceFilter(
        label="Dasar hukum", queryset=LegalSource.objects.all(), empty_label="Semua"
    )

    class Meta:
        model = BankQuestion
        fields: list[str] = []

    def by_topic(self, queryset, _name, slug):
        return in_topic(queryset, slug)

    def by_status(self, queryset, _name, status):
        return queryset.filter(STATUS[status][1])


class BankChooserForm(BaseFilterForm):
    q = forms.CharField(label="Cari", required=False, widget=forms.TextInput(attrs={"placeholder": "Kata dalam soal"}))
    topic = forms.ChoiceField(
        label="Topik dan bagiannya",
        required=False,
        choices=lambda: [("", "Semua"), *topic_choices()],
        widget=forms.Select(attrs={"data-chooser-modal-search-filter": True}),
    )

    def filter(self, objects):
        objects = super().filter(objects)
        if topic := self.cleaned_data.get("topic"):
            objects = in_topic(objects, topic)
        if words := self.cleaned_data.get("q"):
            self.is_searching, self.search_query = True, words
            objects = objects.filter(Q(title__icontains=words) | Q(words__icontains=words))
        return objects


class _BankChoice(BaseSnippetChooseView):
    """A chooser that says of each question what an author chooses by."""

    filter_form_class = BankChooserForm

    def get_object_list(self):
        return BankQuestion.objects.for_listing()

    @property
    def columns(self):
        title, *others = super().columns
        return [
            title,
            Column("kind_label", label="Jenis"),
            Column("topic_label", label="Topik"),
            Column("difficulty_label", label="Kesulitan"),
            *others,
        ]


class BankChooseView(ChooseViewMixin, CreationFormMixin, _BankChoice):
    pass


class BankChooseResultsView(ChooseResultsViewMixin, CreationFormMixin, _BankChoice):
    pass


class BankChooserViewSet(SnippetChooserViewSet):
    choose_view_class = BankChooseView
    choose_results_view_class = BankChooseResultsView


class WithdrawView(UnpublishView):
    """Taking an approval back is the reviewers' (who lock too); Wagtail's publish permission is nobody's."""

    permission_required = "lock"
    page_title = "Tarik persetujuan"
    success_message = "Persetujuan “%(object)s” ditarik. Kuis yang memakainya muncul di laporan soal bank berubah."


class WithdrawMenuItem(UnpublishMenuItem):
    label = "Tarik persetujuan"

    def is_shown(self, context):
        return (
            context["view"] == "edit"
            and not context.get("locked_for_user")
            and context["instance"].live
            and context["request"].user.has_perm("quizzes.lock_bankquestion")
        )


class WhereUsedView(UsageView):
    """“Dipakai di”: quiz pages that name the question, draws that may take it, versions that hold it."""

    page_title = "Dipakai di"

    def get_queryset(self):
        return places_of(self.object)

    @property
    def columns(self):
        return [
            TitleColumn("title", label="Kuis", get_url=lambda place: place.url_for(self.request.user)),
            Column("course", label="Pelatihan"),
            Column("how", label="Bagaimana"),
        ]

    def get_table(self, object_list, **kwargs):
        return super(UsageView, self).get_table(object_list, **kwargs)


class BankQuestionViewSet(SnippetViewSet):
    model = BankQuestion
    icon = "folder-open-1"
    menu_label = "Bank soal"
    menu_name = "question-bank"
    menu_order = 290
    add_to_admin_menu = True
    list_display = [
        "title",
        LiveStatusTagColumn(label="Status"),
        "kind_label",
        "topic_label",
        "difficulty_label",
        "used_label",
    ]
    list_per_page = 50
    filterset_class = BankFilter
    search_backend_name = None
    search_fields = ["title", "words"]
    panels = [FieldPanel("title"), FieldPanel("question"), FieldPanel("tags")]
    chooser_viewset_class = BankChooserViewSet
    chooser_per_page = 25
    unpublish_view_class = WithdrawView
    usage_view_class = WhereUsedView
    copy_view_enabled = True

    def get_queryset(self, request):
        return BankQuestion.objects.for_listing()
