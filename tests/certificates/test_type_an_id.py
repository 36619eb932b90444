"""People type the id from paper: what hands confuse is forgiven, what they mistype is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.exceptions import MistypedIdentifier
from certificates.identifiers import ALPHABET, LENGTH, grouped, new_identifier, normalise

identifiers = st.builds(new_identifier)


def test_an_id_has_seventeen_characters_of_the_alphabet_in_groups_of_four():
    identifier = new_identifier()

    assert len(identifier) == LENGTH
    assert set(identifier) <= set(ALPHABET)
    assert [len(group) for group in grouped(identifier).split("-")] == [4, 4, 4, 4, 1]


@given(identifiers)
def test_case_blanks_hyphens_and_look_alikes_do_not_matter(identifier):
    typed = f"  {grouped(identifier).lower().replace('1', 'l').replace('0', 'o')} "

    assert normalise(typed) == identifier
    assert normalise(identifier.replace("1", "I").replace("-", "–")) == identifier


@given(identifiers, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_noticed(identifier, place, other):
    wrong = identifier[:place] + other + identifier[place + 1 :]

    if wrong == identifier:
        assert normalise(wrong) == identifier
    else:
        with pytest.raises(MistypedIdentifier, match="salah ketik"):
            normalise(wrong)


@given(identifiers, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_any_two_swapped_characters_are_noticed(identifier, one, two):
    characters = list(identifier)
    characters[one], characters[two] = characters[two], characters[one]
    swapped = "".join(characters)

    if swapped != identifier:
        with pytest.raises(MistypedIdentifier):
            normalise(swapped)


@pytest.mark.parametrize(
    ("typed", "says"), [("7K3M", "17 huruf"), ("U" * 17, "Tanda U"), ("7K3M-Q9TX-4D2R-8VWA-!", "Tanda !"), ("", "17")]
)
def test_what_cannot_be_an_id_is_refused_with_the_reason(typed, says):
    with pytest.raises(MistypedIdentifier, match=says):
        normalise(typed)
