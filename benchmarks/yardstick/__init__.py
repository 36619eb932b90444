"""A page as anybody builds it with Wagtail: what the costs of the quiz are compared with (bench_quiz.py)."""
