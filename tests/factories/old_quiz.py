"""Data as django-quiz-app 0.5.1 leaves it behind: the models, keys and fields of its fixture."""


def fixture() -> list[dict]:
    """One quiz of three questions with category and subcategory, two results and one sitting that never ended."""

    def row(model: str, pk: int, **fields) -> dict:
        return {"model": model, "pk": pk, "fields": fields}

    question = {"category": 1, "sub_category": 1, "figure": "", "explanation": "Salam dahulu.", "quiz": [1]}
    sitting = {
        "quiz": 1,
        "question_order": "1,2,3,",
        "question_list": "",
        "incorrect_questions": "3,",
        "current_score": 2,
        "complete": True,
        "user_answers": "{}",
        "start": "2015-06-01T08:00:00Z",
        "end": "2015-06-01T08:20:00Z",
    }
    return [
        row("quiz.category", 1, category="Pelayanan"),
        row("quiz.subcategory", 1, sub_category="Loket", category=1),
        row(
            "quiz.quiz",
            1,
            title="Etika dasar",
            description="Tentang salam.",
            url="etika-dasar",
            category=1,
            random_order=True,
            max_questions=2,
            answers_at_end=True,
            exam_paper=True,
            single_attempt=True,
            pass_mark=60,
            success_text="Selamat",
            fail_text="Coba lagi",
            draft=False,
        ),
        row("quiz.question", 1, content="Apa yang pertama?", **question),
        row("quiz.question", 2, content="Laporan gratis.", **question),
        row("quiz.question", 3, content="Ceritakan.", **question),
        row("multichoice.mcquestion", 1, answer_order="random"),
        row("multichoice.answer", 1, question=1, content="Menyapa", correct=True),
        row("multichoice.answer", 2, question=1, content="Menunggu", correct=False),
        row("true_false.tf_question", 2, correct=True),
        row("essay.essay_question", 3),
        row("auth.user", 5, username="85010001", first_name="Budi", last_name="Santoso"),
        row("auth.user", 6, username="ani", first_name="Ani", last_name="Tamu"),
        row("quiz.progress", 1, user=5, score="Pelayanan,2,3,"),
        row("quiz.sitting", 1, user=5, **sitting),
        row("quiz.sitting", 2, user=6, **sitting | {"current_score": 1}),
        row("quiz.sitting", 3, user=6, **sitting | {"complete": False, "end": None}),
    ]
