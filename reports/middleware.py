"""Whoever asks for a past day that is still being counted learns how far it is."""

from django.shortcuts import render

from .exceptions import StillCounting

LOOK_AGAIN_SECONDS = "3"


class StillCountingMiddleware:
    """Any page of figures may find its day uncounted; the answer is the same for all."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, StillCounting):
            return None
        context = {"still": exception, "again": request.get_full_path()}
        # Not yet what was asked for, so nobody should take it for the figures.
        answer = render(request, "reports/still_counting.html", context, status=202)
        answer.headers["Refresh"] = LOOK_AGAIN_SECONDS
        return answer
