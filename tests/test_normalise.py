"""Which spellings are the same words, and which are not."""

import pytest

from wagtail_eparticipation.normalise import fold, search_key

SAME = [
    ("harakat", "حَدِيقَةٌ", "حديقة"),
    ("shadda", "محمّد", "محمد"),
    ("tanwin", "شكراً", "شكرا"),
    ("sukun", "الْمَدِينَة", "المدينة"),
    ("superscript alef", "هٰذا", "هذا"),
    ("Quranic small signs", "قالۖ", "قال"),
    ("tatweel", "مشـــاركة", "مشاركة"),
    ("alef with hamza above", "أحمد", "احمد"),
    ("alef with hamza below", "إدارة", "ادارة"),
    ("alef with madda", "آراء", "اراء"),
    ("alef wasla", "ٱلبلدية", "البلدية"),
    ("hamza on waw left out", "سؤال", "سوال"),
    ("hamza on yeh left out", "رئيس", "رييس"),
    ("two official spellings of responsible", "مسؤول", "مسئول"),
    ("the same with marks", "مَسْئُول", "مسؤول"),
    ("two official spellings of affairs", "شؤون", "شئون"),
    ("final hamza after yeh", "شيء", "شئ"),
    ("alef maksura", "مستشفى", "مستشفي"),
    ("teh marbuta", "مدرسة", "مدرسه"),
    ("Persian yeh", "فی", "في"),
    ("Persian kaf", "کتاب", "كتاب"),
    ("swash kaf", "ڪتاب", "كتاب"),
    ("Urdu heh goal", "ہذا", "هذا"),
    ("heh doachashmee", "ھذا", "هذا"),
    ("Urdu teh marbuta goal", "حديقۃ", "حديقة"),
    ("yeh barree", "علے", "على"),
    ("veh", "ڤيديو", "فيديو"),
    ("noon ghunna", "مکاں", "مكان"),
    ("Arabic-Indic digits", "١٤٤٨", "1448"),
    ("Persian digits", "۱۴۴۸", "1448"),
    ("Devanagari digits", "१४", "14"),
    ("presentation form of lam-alef", "ﻻ", "لا"),
    ("presentation forms of a word", "ﺣﺪﻳﻘﺔ", "حديقة"),
    ("ligature Allah", "ﷲ", "الله"),
    ("zero-width non-joiner", "می\u200cخواهم", "ميخواهم"),
    ("zero-width space", "حد\u200bيقة", "حديقة"),
    ("right-to-left mark", "\u200fحديقة", "حديقة"),
    ("bidi override", "\u202eحديقة\u202c", "حديقة"),
    ("bidi isolate", "\u2067حديقة\u2069", "حديقة"),
    ("byte order mark", "\ufeffحديقة", "حديقة"),
    ("soft hyphen", "con\u00adsultation", "consultation"),
    ("Arabic comma and question mark", "الحديقة، متى؟", "الحديقة متى"),
    ("spaces and line ends", "  الحديقة \n\t العامة ", "الحديقة العامة"),
    ("no-break space", "الحديقة\u00a0العامة", "الحديقة العامة"),
    ("case", "Park", "PARK"),
    ("accents", "café", "cafe"),
    ("composed and decomposed", "e\u0301cole", "\u00e9cole"),
    ("sharp s", "Straße", "STRASSE"),
    ("full width", "Ｐａｒｋ", "park"),
    ("Latin ligature", "oﬃce", "office"),
    ("Cyrillic letters in a Latin word", "p\u0430rk", "park"),
    ("Greek letter in a Latin word", "p\u03b1rk", "park"),
    ("typographic quotes", "“park”", '"park"'),
    ("dashes", "park – street", "park - street"),
    ("emoji", "حديقة 🌳", "حديقة"),
    ("stacked marks", "p\u0300\u0301\u0302\u0303ark", "park"),
]

DIFFERENT = [
    ("another word", "حديقة", "حديقتي"),
    ("article", "حديقة", "الحديقة"),
    ("water and what", "ماء", "ما"),
    ("dots count", "بنت", "نبت"),
    ("seen and sheen", "سارع", "شارع"),
    ("dad and zah", "ضل", "ظل"),
    ("gaf is a letter of its own", "گل", "كل"),
    ("another number", "1448", "1449"),
    ("number joined and apart", "12", "1 2"),
    ("words apart", "عبد الله", "عبدالله"),
    ("Hindi vowels", "कि", "की"),
    ("Thai vowels", "กิ", "กี"),
    ("a Cyrillic word stays Cyrillic", "сор", "cop"),
    ("a Greek word stays Greek", "το", "to"),
    ("plural", "park", "parks"),
]


@pytest.mark.parametrize(
    ("left", "right"), [pytest.param(*p[1:], id=p[0]) for p in SAME]
)
def test_spellings_of_the_same_words_have_one_key(left, right):
    assert search_key(left) == search_key(right) != ""


@pytest.mark.parametrize(
    ("left", "right"), [pytest.param(*p[1:], id=p[0]) for p in DIFFERENT]
)
def test_different_words_keep_different_keys(left, right):
    assert search_key(left) != search_key(right)


@pytest.mark.parametrize("text", ["", " \n", "؟!", "\u202e\u200f", "🌳"])
def test_a_text_without_words_has_an_empty_key(text):
    assert search_key(text) == ""


@pytest.mark.parametrize("text", [pair[1] for pair in SAME + DIFFERENT])
def test_the_key_of_a_key_is_the_key(text):
    assert search_key(search_key(text)) == search_key(text)


def test_the_key_is_readable_as_words():
    assert search_key("المدينةُ، ٢٠٢٦!") == "المدينه 2026"


def test_a_folded_text_knows_where_its_characters_came_from():
    text = "جوّالي ٠٥٥١٢٣٤٥٦٧، شكراً"
    folded = fold(text)
    start = folded.text.index("0551234567")
    begin, end = folded.span(start, start + 10)
    assert text[begin:end] == "٠٥٥١٢٣٤٥٦٧"


def test_a_place_takes_in_the_marks_of_its_last_letter():
    text = "رقمٌ هنا"
    folded = fold(text)
    begin, end = folded.span(0, 3)
    assert text[begin:end] == "رقمٌ"
    assert folded.span(3, 3) == (4, 4)


#: Text, what a reader seeks in the folded text, what the place has to hold.
WHOLE = [
    ("marks of the last letter", "رقمٌ هنا", "رقم", "رقمٌ"),
    ("a base that stands before", "e\u0301cole", "ecole", "e\u0301cole"),
    ("a ligature of which a part is sought", "بسم ﷲ", "الل", "ﷲ"),
    ("tatweel inside", "جـــوال", "جوال", "جـــوال"),
    ("invisible characters inside", "05\u200b5\u200d1", "0551", "05\u200b5\u200d1"),
    ("a skin tone behind", "رقم👍🏽", "رقم👍", "رقم👍🏽"),
    ("a joined emoji behind", "a👩\u200d💻b", "a👩", "a👩\u200d💻"),
    ("a flag behind", "a🇸🇦🇸🇦", "a🇸", "a🇸🇦"),
    ("a variation selector", "x❤\ufe0fy", "x❤", "x❤\ufe0f"),
    ("isolates round it", "رقم \u2066055\u2069 هنا", "055", "\u2066055\u2069"),
    ("an embedding that it closes itself", "\u202a055\u202c", "055", "\u202a055\u202c"),
    ("an isolate that is not its own", "\u2067رقم 055\u2069", "055", "055"),
    ("direction marks round it", "a \u200f055\u200e b", "055", "\u200f055\u200e"),
    ("plain text", "call 055 now", "055", "055"),
]


@pytest.mark.parametrize(
    ("text", "sought", "whole"), [pytest.param(*row[1:], id=row[0]) for row in WHOLE]
)
def test_a_place_never_splits_what_a_reader_sees_as_one(text, sought, whole):
    folded = fold(text)
    start = folded.text.index(sought)
    begin, end = folded.span(start, start + len(sought))
    assert text[begin:end] == whole


def test_look_alike_letters_inside_a_latin_word_are_folded_in_place():
    text = "see ex\u0430mple now"
    folded = fold(text)
    start = folded.text.index("example")
    assert text[slice(*folded.span(start, start + 7))] == "ex\u0430mple"


def test_a_word_of_another_alphabet_is_left_as_it_is():
    assert fold("\u0441\u043e\u0440 park").text == "\u0441\u043e\u0440 park"


@pytest.mark.parametrize("text", [row[1] for row in WHOLE] + [pair[1] for pair in SAME])
def test_every_folded_character_has_a_place_in_the_text(text):
    folded = fold(text)
    assert len(folded.places) == len(folded.text) + 1
    assert list(folded.places) == sorted(folded.places)
    assert folded.places[-1] == len(text)


def test_a_long_row_of_direction_marks_is_folded_in_linear_time():
    text = "\u2066" * 5000 + "055" + "\u2069" * 5000
    folded = fold(text)
    assert folded.span(0, 3) == (0, len(text))
